//! Every language has every message, and Fluent's own library reads them as this crate does.

mod ways;

use super::Language;
use super::fluent::{Args, Value};
use super::numbers::{size, time};
use crate::{Call, Catalog};
use buttress_core::{Action, Attempt, Delivery, Failure, FailureKind, History, Phase, StopReason};
use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use http::header::{ACCEPT_LANGUAGE, HeaderMap, HeaderValue};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// The messages of a language: name and text.
fn messages(language: Language) -> BTreeMap<&'static str, String> {
    let mut found = BTreeMap::new();
    let mut last = None;
    for line in language.texts().source.lines() {
        match line.split_once(" =") {
            Some((id, text)) if line.starts_with(|c: char| c.is_ascii_lowercase()) => {
                let before = found.insert(id, text.to_owned());
                assert_eq!(before, None, "{id} twice in {language:?}");
                last = Some(id);
            }
            _ if line.starts_with('#') => last = None,
            _ => {
                if let Some(text) = last.and_then(|id| found.get_mut(id)) {
                    text.push('\n');
                    text.push_str(line);
                }
            }
        }
    }
    found
}

fn is_private(id: &str) -> bool {
    id.starts_with("x-")
}

/// The variables of a message, and of those it refers to.
fn variables(id: &str, all: &BTreeMap<&str, String>) -> BTreeSet<String> {
    let text = all.get(id).unwrap_or_else(|| panic!("no {id}"));
    let word = |from: &str| -> String {
        let part_of_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        from.chars().take_while(|c| part_of_name(*c)).collect()
    };
    let own = text.split('$').skip(1).map(word);
    let others = text
        .split("{ x-")
        .skip(1)
        .flat_map(|rest| variables(&format!("x-{}", word(rest)), all));
    own.chain(others).collect()
}

#[test]
fn every_language_has_every_message_with_the_same_variables() {
    let english = messages(Language::English);
    assert!(english.len() > 200);
    let public = |all: &BTreeMap<&'static str, String>| -> Vec<&'static str> {
        all.keys().copied().filter(|id| !is_private(id)).collect()
    };
    for language in Language::ALL {
        let own = messages(*language);
        assert_eq!(public(&own), public(&english), "{language:?}");
        for id in public(&english) {
            let mut expected = variables(id, &english);
            let mut found = variables(id, &own);
            // A language without plural does not ask for the number a second time.
            for counts in [&mut expected, &mut found] {
                counts.remove("count");
            }
            assert_eq!(found, expected, "{id} in {language:?}");
        }
        for id in own.keys().filter(|id| is_private(id)) {
            let used = own
                .values()
                .any(|text| text.contains(&format!("{{ {id} }}")));
            assert!(used, "{id} in {language:?} is of no use");
        }
    }
}

#[test]
fn fluents_own_library_says_the_same() {
    let quantities: &[&Args<'_>] = &[
        &[
            ("named", Value::Text("yes")),
            ("host", Value::Text("api.example.com")),
            ("size", Value::Text("12 kB")),
            ("limit", Value::Text("10 s")),
            ("waited", Value::Text("3 s")),
            ("wait", Value::Text("1 min")),
            ("attempts", Value::Number(1)),
            ("resumes", Value::Number(2)),
            ("status", Value::Text("503")),
            ("text", Value::Text("{ text }")),
            ("n", Value::Text("1")),
            ("count", Value::Number(1)),
            ("big", Value::Text("b")),
            ("small", Value::Text("s")),
        ],
        &[
            ("named", Value::Text("no")),
            ("host", Value::Text("")),
            ("size", Value::Text("unknown")),
            ("limit", Value::Text("unknown")),
            ("waited", Value::Text("none")),
            ("wait", Value::Text("unknown")),
            ("attempts", Value::Number(2)),
            ("resumes", Value::Number(21)),
            ("status", Value::Text("429")),
            ("text", Value::Text("T")),
            ("n", Value::Text("0")),
            ("count", Value::Number(0)),
            ("big", Value::Text("b")),
            ("small", Value::Text("s")),
        ],
    ];
    for language in Language::ALL {
        let source = language.texts().source.to_owned();
        let resource = FluentResource::try_new(source).expect("is Fluent");
        let tag = language.tag().parse().unwrap();
        let mut bundle = FluentBundle::new(vec![tag]);
        bundle.set_use_isolating(false);
        bundle.add_resource(resource).unwrap();
        for id in messages(*language).keys() {
            for args in quantities {
                let mut theirs = FluentArgs::new();
                for (name, value) in *args {
                    theirs.set(
                        *name,
                        match value {
                            Value::Text(text) => FluentValue::from(*text),
                            Value::Number(n) => FluentValue::from(*n),
                        },
                    );
                }
                let pattern = bundle.get_message(id).unwrap().value().unwrap();
                let mut errors = Vec::new();
                let expected = bundle.format_pattern(pattern, Some(&theirs), &mut errors);
                assert!(errors.is_empty(), "{id} in {language:?}: {errors:?}");
                assert_eq!(language.say(id, args), expected, "{id} in {language:?}");
            }
        }
    }
}

#[test]
fn a_missing_message_is_said_in_english() {
    let args = [("text", Value::Text("So"))];
    assert_eq!(Language::Japanese.say("sentence", &args), "So。");
    // Each language has all; English alone has this helper.
    let said = Language::Japanese.say("x-host-first", &[("named", Value::Text("no"))]);
    assert_eq!(said, "The server");
    assert_eq!(Language::German.say("no-such-message", &[]), "");
}

#[test]
fn every_kind_and_every_reason_has_words_of_its_own_in_every_language() {
    for language in Language::ALL {
        let mut titles = BTreeSet::new();
        for kind in FailureKind::ALL {
            let told = language.explain(&Failure::new(*kind), &Call::unknown());
            assert!(
                titles.insert(told.title().to_owned()),
                "{kind} {language:?}"
            );
            assert!(told.side().is_some_and(|side| !side.is_empty()), "{kind}");
            assert!(told.next_steps().len() >= 2, "{kind}");
            assert!(!told.next_steps().iter().any(String::is_empty), "{kind}");
            assert_eq!(told.language(), language.tag());
        }
        for reason in StopReason::ALL {
            let failure = Failure::new(FailureKind::Dns).with_stopped(*reason);
            let told = language.explain(&failure, &Call::unknown());
            assert!(told.tried().is_some(), "{reason:?} {language:?}");
        }
    }
}

#[test]
fn where_the_server_runs_on_this_machine_no_network_is_blamed() {
    let closed = Failure::new(FailureKind::ConnectionClosed);
    let told = |host| Language::English.explain(&closed, &Call::to(host));
    for host in [
        "localhost:11434",
        "localhost.:11434",
        "[::ffff:127.0.0.1]:11434",
        "api.LOCALHOST",
        "127.0.0.1:8080",
        "[::1]:1234",
        "0.0.0.0",
    ] {
        let side = told(host).side().unwrap().to_owned();
        assert!(side.contains("is on this machine"), "{host}: {side}");
    }
    for host in [
        "api.example.com",
        "localhost.example.com",
        "192.168.1.2:1234",
        "[2001:db8::1]",
        "",
    ] {
        let side = told(host).side().unwrap().to_owned();
        assert!(side.contains("Most likely the network"), "{host}: {side}");
    }
    // What has broken off is told of as what it is, wherever it came from.
    let cut = Failure::new(FailureKind::StreamTruncated);
    let told = Language::English.explain(&cut, &Call::to("localhost"));
    assert!(told.side().unwrap().contains("is on this machine"));
    assert!(told.next_steps()[0].contains("as if it were the whole answer"));
}

#[test]
fn nothing_is_said_of_when_a_connection_broke_if_nobody_knows() {
    let answer = Delivery::Answered(http::StatusCode::BAD_GATEWAY);
    for (kind, known, sometime) in [
        (
            FailureKind::ConnectionClosed,
            "The connection to a.example was closed before an answer came.",
            "The connection to a.example was closed",
        ),
        (
            FailureKind::ConnectionReset,
            "The connection to a.example was cut off before an answer came.",
            "The connection to a.example was cut off",
        ),
    ] {
        let told = |language: Language, failure: &Failure| {
            let told = language.explain(failure, &Call::to("a.example"));
            told.happened().to_owned()
        };
        let failure = Failure::new(kind);
        let unplaced = failure.clone().without_phase();
        let answered = failure.clone().with_delivery(answer);
        let english = Language::English;
        assert_eq!(told(english, &failure), known);
        assert_eq!(told(english, &unplaced), format!("{sometime}."));
        assert_eq!(
            told(english, &answered),
            format!("{sometime} (status 502).")
        );
        // Who learns it later says so.
        let learnt = unplaced.clone().with_phase(Phase::Head);
        assert_eq!(told(english, &learnt), known);
        for language in Language::ALL {
            let (known, unplaced) = (told(*language, &failure), told(*language, &unplaced));
            assert!(unplaced.len() < known.len(), "{known} {unplaced}");
            assert!(unplaced.contains("a.example"), "{unplaced}");
        }
    }
}

#[test]
fn a_call_that_was_not_sent_in_time_had_no_effect_to_look_for() {
    for (delivery, may_be_done) in [
        (Delivery::Unknown, true),
        (Delivery::Partial { bytes: 7 }, true),
        (Delivery::NotSent, false),
        (Delivery::Refused, false),
    ] {
        let failure = Failure::new(FailureKind::TimeoutTotal).with_delivery(delivery);
        let told = Language::English.explain(&failure, &Call::to("a.example"));
        let side = told.side().unwrap();
        let works = side.contains("may still have been working");
        let steps = told.next_steps().join(" ");
        let checks = steps.contains("check whether that has already happened");
        assert_eq!((works, checks), (may_be_done, may_be_done), "{delivery:?}");
        assert!(steps.contains("Allow more time"), "{delivery:?}: {steps}");
    }
}

#[test]
fn nothing_is_promised_of_attempts_that_came_before() {
    let refused = Failure::new(FailureKind::ConnectionRefused).with_delivery(Delivery::NotSent);
    let promises = |failure: &Failure| {
        let told = Language::English.explain(failure, &Call::unknown());
        let steps = told.next_steps().iter();
        steps
            .filter(|step| step.contains("was not processed"))
            .count()
    };
    assert_eq!(promises(&refused), 1);
    let mut earlier = History::new();
    earlier.push(Attempt::new(
        FailureKind::ConnectionReset,
        Phase::Head,
        Action::Retried,
        Duration::ZERO,
        Duration::ZERO,
    ));
    assert_eq!(promises(&refused.with_earlier(&earlier)), 0);
}
