//! The README's table of defaults says what the code does.
#![allow(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

use buttress::prelude::*;
use buttress::retry::Gate;
use buttress::{ReplayBody, RetryBudget};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::time::Duration;

/// The README's table, and which of its rows were looked at.
struct Table {
    rows: Vec<&'static str>,
    seen: RefCell<BTreeSet<&'static str>>,
}

impl Table {
    fn read() -> Self {
        let readme = include_str!("../README.md");
        let (_, after) = readme.split_once("| layer | limit | default |\n").unwrap();
        let rows = after.lines().skip(1);
        Table {
            rows: rows.take_while(|line| line.starts_with("| ")).collect(),
            seen: RefCell::default(),
        }
    }

    /// The last cell of the row that begins with these cells.
    fn cell(&self, layer: &str, limit: &str) -> &'static str {
        let start = format!("| {layer} | {limit} | ");
        let row = self.rows.iter().find(|line| line.starts_with(&start));
        let row = row.unwrap_or_else(|| unreachable!("no row {start}"));
        self.seen.borrow_mut().insert(row);
        row[start.len()..].trim_end_matches(" |")
    }
}

/// A row that nobody compares with the code could say anything.
#[test]
fn every_row_of_the_readme_is_compared_with_the_code() {
    let table = Table::read();
    defaults(&table);
    defaults_for_language_models(&table);
    let seen = table.seen.borrow();
    let unseen: Vec<_> = table
        .rows
        .iter()
        .filter(|row| !seen.contains(*row))
        .collect();
    assert!(unseen.is_empty(), "{unseen:#?}");
    assert!(table.rows.len() > 25, "{}", table.rows.len());
}

fn defaults(table: &Table) {
    let cell = |layer: &str, limit: &str| table.cell(layer, limit);
    let mib = |bytes: u64| format!("{} MiB", bytes >> 20);
    let seconds = |limit: Duration| format!("{} s", limit.as_secs());
    let retry = RetryConfig::default();
    let timeout = TimeoutConfig::default();
    let resume = ResumeConfig::default();
    let budget = RetryBudget::default();
    let replay = ReplayBody::<String>::DEFAULT_LIMIT as u64;
    for (layer, limit, value) in [
        (
            "retry",
            "attempts, the first included",
            retry.attempts().to_string(),
        ),
        (
            "retry",
            "the last attempt begins, at the latest",
            format!("after {}", seconds(retry.elapsed())),
        ),
        ("timeout", "head", seconds(timeout.head().unwrap())),
        (
            "timeout",
            "silence of the body",
            seconds(timeout.idle().unwrap()),
        ),
        (
            "resume",
            "tries in a row without progress",
            resume.tries().to_string(),
        ),
        (
            "resume",
            "tries over a body's life",
            resume.total().to_string(),
        ),
        (
            "resume",
            "longest wait a server may ask for",
            seconds(resume.max_wait()),
        ),
        (
            "resume",
            "bytes read again when a server ignores ranges",
            mib(resume.max_reread()),
        ),
        (
            "resume",
            "bytes held back of an unfinished event",
            mib(resume.max_event() as u64),
        ),
        (
            "resume",
            "ids of events that are known again",
            resume.window().to_string(),
        ),
        (
            "budget",
            "tokens that a call earns",
            budget.ratio().to_string(),
        ),
        ("budget", "tokens in reserve", budget.reserve().to_string()),
        (
            "budget",
            "tokens a second, at least",
            budget.min_per_second().to_string(),
        ),
        ("replayable body", "bytes kept", mib(replay)),
    ] {
        assert_eq!(cell(layer, limit), value, "{layer}: {limit}");
    }
    assert_eq!(cell("timeout", "total"), "none");
    assert_eq!(timeout.total(), None);

    assert_eq!(cell("timeout", "first frame of the body"), "as silence");
    assert_eq!(timeout.first_frame(), None);

    let methods = "other methods than `GET` and `QUERY`, prefix replay, overlap";
    assert_eq!(cell("resume", methods), "no");
    let asked = (resume.any_method(), resume.prefix_replay());
    assert_eq!((asked, resume.overlap()), ((false, false), 0));

    let sent_again = "idempotent methods, requests with an `Idempotency-Key`, and what was certainly not processed";
    assert_eq!(cell("retry", "what is sent again"), sent_again);
    assert!(matches!(retry.consent(), Consent::Standard));
    let held = (
        Gate::DEFAULT_MAX_BYTES >> 10,
        Gate::DEFAULT_MAX_WAIT.as_secs(),
    );
    assert_eq!(
        cell("retry, gate", "a response waits for its body"),
        format!(
            "no; where a gate is set, for {} KiB or {} s",
            held.0, held.1
        )
    );
    assert!(retry.gate().is_none());
    assert_eq!(cell("retry", "`Idempotency-Key`"), "not generated");
    assert!(!retry.idempotency_key());
    let none = "none; `buttress::client()` has one for both";
    assert_eq!(cell("retry, resume", "budget over all calls"), none);
    assert!(retry.budget().is_none() && resume.budget().is_none());
    let client = format!("{:?}", buttress::client());
    assert_eq!(client.matches("Some(RetryBudget").count(), 2, "{client}");

    let expected = "exponential from 250 ms to 20 s, full jitter";
    for (layer, backoff) in [("retry", retry.backoff()), ("resume", resume.backoff())] {
        assert_eq!(cell(layer, "waits"), expected);
        assert_eq!(*backoff, Backoff::default());
    }
}

fn defaults_for_language_models(table: &Table) {
    use buttress::llm::{AnswerLayer, KeepAliveLayer, Streams};

    let cell = |layer: &str, limit: &str| table.cell(layer, limit);
    // What can't be asked can be seen.
    let client = format!("{:?}", buttress::client().llm());
    for (limit, field) in [
        ("head", "head: Some("),
        ("silence, pings counted as such", "idle: Some("),
        ("attempts, the first included", "attempts: "),
        ("the last attempt begins, at the latest", "elapsed: "),
    ] {
        let told = cell("llm client", limit).trim_start_matches("after ");
        let told = told.replace(' ', "");
        let seen = format!("{field}{told}");
        assert!(client.contains(&seen), "{limit}: no {seen} in {client}");
    }

    assert_eq!(cell("llm client", "head of a stream"), "as silence");
    assert!(client.contains("first_frame: None"), "{client}");

    let told = cell("llm, keep-alive", "silence before something is sent");
    let every = Duration::from_secs(told.trim_end_matches(" s").parse().unwrap());
    let (default, as_told) = (KeepAliveLayer::new(), KeepAliveLayer::new().every(every));
    assert_eq!(format!("{default:?}"), format!("{as_told:?}"));

    let held = "1 MiB of events (up to three times that in memory) for 300 s, 8 MiB of a document for 60 s";
    assert_eq!(cell("llm, answers", "held until they say something"), held);
    let as_told = AnswerLayer::new()
        .max_events(1 << 20)
        .max_document(8 << 20)
        .max_wait(Duration::from_secs(300));
    assert_eq!(
        format!("{:?}", AnswerLayer::default()),
        format!("{as_told:?}")
    );

    let kept = "bytes of output kept to go on with";
    assert_eq!(cell("llm, streams", kept), "8 MiB");
    let as_told = Streams::new().max_kept(8 << 20);
    assert_eq!(format!("{:?}", Streams::default()), format!("{as_told:?}"));
}
