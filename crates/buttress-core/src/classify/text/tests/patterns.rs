//! What the patterns of the rules are like.

use super::corpus::{corpus, heldout, wild};
use super::*;

/// Every rule of every table.
fn rules() -> impl Iterator<Item = &'static Rule> {
    let tables = STEPS.iter().chain(WRAPPERS).filter_map(|step| match step {
        Table(rules) | Tried(rules) | Beside(rules) => Some(*rules),
        Ask(_) | Alone(_) => None,
    });
    tables.flatten()
}

/// Every pattern of every table.
fn patterns() -> Vec<&'static str> {
    let mut all: Vec<&str> = rules().flat_map(Rule::patterns).collect();
    all.extend(timeout::TIMED_OUT);
    all.extend(timeout::IN_BODY);
    all.extend(REPEATED);
    all
}

#[test]
fn the_two_sides_of_a_gap_need_no_space() {
    // Whatever stands between: the same pattern knows all of them.
    for raw in [
        "dial tcp: context deadline exceeded",
        "dial: context deadline exceeded",
        "dial(context deadline exceeded)",
        "failed to dial, deadline exceeded",
    ] {
        let kind = text(raw).map(|class| class.kind);
        assert_eq!(kind, Some(FailureKind::TimeoutConnect), "{raw}");
    }
}

#[test]
fn what_a_sentence_is_about_comes_before_what_is_the_matter() {
    let known = |raw: &str| beside_status(raw, |_| true).map(|class| class.kind);
    // In words of which no phrase is known.
    for (raw, kind) in [
        ("this engine was sunset in May", FailureKind::NotFound),
        ("our replicas are all warming", FailureKind::Overloaded),
        (
            "the conversation overflowed what it can hold",
            FailureKind::ContextLength,
        ),
        ("membership lapsed", FailureKind::QuotaExhausted),
        ("this workspace was banned", FailureKind::Permission),
    ] {
        assert_eq!(known(raw), Some(kind), "{raw}");
    }
    // The other way round, or too far apart.
    for raw in [
        "sunset: the engine of the day",
        &format!("engine {} sunset", "and so on ".repeat(9)),
    ] {
        assert_eq!(known(raw), None, "{raw}");
    }
    // Where no status is known, a connection comes first.
    let raw = "socket hang up; this engine was sunset";
    assert_eq!(known(raw), Some(FailureKind::NotFound));
    assert_eq!(text(raw).unwrap().kind, FailureKind::ConnectionClosed);
}

#[test]
fn patterns_are_written_in_the_normal_form() {
    for pattern in patterns() {
        for phrase in pattern.split(" .. ") {
            let phrase = phrase.trim_matches('*');
            assert!(!phrase.is_empty() && !phrase.contains('*'), "{pattern:?}");
            let normal = normal::normal(phrase);
            assert_eq!(normal.trim(), phrase.trim(), "{pattern:?}");
        }
    }
}

#[test]
fn no_pattern_is_known_by_another_of_its_list() {
    // The first is to be taken out.
    assert_eq!(rules().find_map(Rule::repeated), None);
}

#[test]
fn no_rule_is_a_whole_string_of_a_corpus() {
    let known: Vec<_> = corpus()
        .into_iter()
        .chain(heldout())
        .chain(wild())
        .map(|case| normal::normal(&case.raw).trim().to_owned())
        .filter(|raw| raw.chars().count() > 32)
        .collect();
    for pattern in patterns() {
        let phrase = pattern.trim_matches('*');
        assert!(known.iter().all(|raw| raw != phrase), "{pattern:?}");
    }
}
