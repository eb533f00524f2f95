use super::*;
use crate::FailureKind;
use serde_json::Value;

/// One line of a corpus.
struct Case {
    raw: String,
    source: String,
    group: String,
    category: String,
    retryable: bool,
}

fn cases(lines: &str) -> Vec<Case> {
    lines
        .lines()
        .map(|line| {
            let value: Value = serde_json::from_str(line).unwrap();
            let string = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
            Case {
                raw: string("raw"),
                source: string("source"),
                group: string("kind"),
                category: string("category"),
                retryable: value["retryable"].as_bool().unwrap(),
            }
        })
        .collect()
}

fn corpus() -> Vec<Case> {
    cases(include_str!("../../../tests/data/error_corpus.jsonl"))
}

fn heldout() -> Vec<Case> {
    cases(include_str!("../../../tests/data/error_heldout.jsonl"))
}

/// The corpus has fewer categories than there are kinds.
fn corpus_category(kind: FailureKind) -> &'static str {
    match kind {
        // It does not tell a head that is late from a first event that is late.
        FailureKind::TimeoutHead | FailureKind::TimeoutFirstEvent => "timeout_first_byte",
        // It takes a certificate for another name for an untrusted one.
        FailureKind::TlsName => "tls_untrusted",
        // It takes a network that is not there for a host that refuses.
        FailureKind::Unreachable => "connection_refused",
        other => other.code(),
    }
}

/// Right categories and right retryables among `cases`, each miss printed.
fn score(cases: &[Case], category: fn(FailureKind) -> &'static str) -> (f64, f64) {
    let (mut kinds, mut retries) = (0, 0);
    for case in cases {
        let class = text(&case.raw);
        let said = class.map_or("none", |class| category(class.kind));
        let transient = class.is_some_and(|class| class.transient);
        kinds += u32::from(said == case.category);
        retries += u32::from(transient == case.retryable);
        if said != case.category || transient != case.retryable {
            println!(
                "MISS {}/{} said {said}/{transient} [{} {}] {}",
                case.category,
                case.retryable,
                case.group,
                case.source,
                case.raw.escape_debug()
            );
        }
    }
    let share = |right: u32| f64::from(right) / f64::from(u32::try_from(cases.len()).unwrap());
    (share(kinds), share(retries))
}

#[test]
fn scores() {
    let (http, transport): (Vec<_>, Vec<_>) = corpus()
        .into_iter()
        .partition(|case| case.group != "transport");
    println!("transport {:?}", score(&transport, corpus_category));
    println!("http+sse {:?}", score(&http, corpus_category));
    println!("heldout {:?}", score(&heldout(), FailureKind::code));
}

/// Every pattern of every table.
fn patterns() -> Vec<&'static str> {
    let mut all: Vec<&str> = STEPS
        .iter()
        .filter_map(|step| match step {
            Table(rules) => Some(*rules),
            Ask(_) => None,
        })
        .flatten()
        .flat_map(Rule::patterns)
        .collect();
    all.extend(timeout::TIMED_OUT);
    all.extend(timeout::IN_BODY);
    all
}

#[test]
fn patterns_are_written_in_the_normal_form() {
    for pattern in patterns() {
        for phrase in pattern.split(" .. ") {
            let phrase = phrase.trim_matches('*');
            assert_eq!(normal::normal(phrase).trim(), phrase.trim(), "{pattern:?}");
            assert!(!phrase.is_empty(), "{pattern:?}");
        }
    }
}
