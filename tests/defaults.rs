//! The README's table of defaults says what the code does.
#![allow(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

use buttress::prelude::*;
use buttress::{Backoff, ReplayBody, RetryBudget};

/// The last cell of the row that begins with these cells.
fn cell(layer: &str, limit: &str) -> String {
    let start = format!("| {layer} | {limit} | ");
    let readme = include_str!("../README.md");
    let row = readme.lines().find(|line| line.starts_with(&start));
    let row = row.unwrap_or_else(|| unreachable!("no row {start}"));
    row[start.len()..].trim_end_matches(" |").to_owned()
}

#[test]
fn the_readme_tells_the_defaults() {
    let mib = |bytes: u64| format!("{} MiB", bytes >> 20);
    let seconds = |limit: std::time::Duration| format!("{} s", limit.as_secs());
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
            "time for all attempts and waits",
            seconds(retry.elapsed()),
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
