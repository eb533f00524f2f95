//! The strings of the corpora, and how many of them are understood.

use super::*;
use http::header::HeaderName;
use http::{HeaderMap, StatusCode};
use serde_json::Value;

/// One line of a corpus.
pub(super) struct Case {
    pub(super) raw: String,
    /// `transport`, `http` or `sse`; nothing where only the text is known.
    pub(super) group: String,
    pub(super) status: Option<StatusCode>,
    pub(super) headers: HeaderMap,
    pub(super) source: String,
    pub(super) category: String,
    pub(super) retryable: bool,
    /// Whether the rules were mended by it: `mend`, or `measure`.
    pub(super) half: String,
}

impl Case {
    /// What is said about the text, or another one in its place, in its circumstances.
    pub(super) fn ask(&self, raw: &str) -> Option<Classification> {
        match self.group.as_str() {
            "http" | "sse" => crate::classify::body(self.status, &self.headers, raw.as_bytes()),
            _ => text(raw),
        }
    }
}

fn cases(lines: &str) -> Vec<Case> {
    lines
        .lines()
        .map(|line| {
            let value: Value = serde_json::from_str(line).unwrap();
            let string = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
            let mut headers = HeaderMap::new();
            for (name, value) in value["headers"].as_object().into_iter().flatten() {
                let name = HeaderName::try_from(name).unwrap();
                headers.insert(name, value.as_str().unwrap().parse().unwrap());
            }
            let status = value["status"].as_u64();
            Case {
                raw: string("raw"),
                group: string("kind"),
                status: status.map(|code| u16::try_from(code).unwrap().try_into().unwrap()),
                headers,
                source: string("source"),
                category: string("category"),
                retryable: value["retryable"].as_bool().unwrap(),
                half: string("half"),
            }
        })
        .collect()
}

/// Strings as people reported them.
pub(super) fn corpus() -> Vec<Case> {
    cases(include_str!("../../../../tests/data/error_corpus.jsonl"))
}

/// Strings of the same runtimes and of others that are not in the corpus.
pub(super) fn heldout() -> Vec<Case> {
    cases(include_str!("../../../../tests/data/error_heldout.jsonl"))
}

/// Strings of many more, with the categories of the corpus, in two halves: one has mended the
/// rules and the other has not.
pub(super) fn wild() -> Vec<Case> {
    cases(include_str!("../../../../tests/data/error_wild.jsonl"))
}

/// The corpus has fewer categories than there are kinds.
fn corpus_category(kind: FailureKind) -> &'static str {
    match kind {
        // It does not tell a head that is late from a first event that is late.
        FailureKind::TimeoutHead | FailureKind::TimeoutFirstEvent => "timeout_first_byte",
        // It takes a certificate for another name for an untrusted one.
        FailureKind::TlsName => "tls_untrusted",
        // It takes a handshake that fails for a breach of protocol.
        FailureKind::TlsOther => "protocol",
        // It takes a network that is not there for a host that refuses.
        FailureKind::Unreachable => "connection_refused",
        other => other.code(),
    }
}

/// Shares of right categories and of right `retryable`s; prints them and every miss.
fn score(name: &str, cases: &[&Case], ask: fn(&Case) -> (&'static str, bool)) -> (f64, f64) {
    let (mut categories, mut retries) = (0, 0);
    for case in cases {
        let (said, transient) = ask(case);
        categories += u32::from(said == case.category);
        retries += u32::from(transient == case.retryable);
        if said != case.category || transient != case.retryable {
            let (want, retry) = (&case.category, case.retryable);
            let (source, raw) = (&case.source, case.raw.escape_debug());
            println!("MISS {want}/{retry} said {said}/{transient} [{source}] {raw}");
        }
    }
    let all = u32::try_from(cases.len()).unwrap();
    println!("{name}: {categories} of {all} categories, {retries} of {all} retryable");
    let share = |right: u32| f64::from(right) / f64::from(all);
    (share(categories), share(retries))
}

/// The answer in the categories of the corpus.
fn as_corpus(class: Option<Classification>) -> (&'static str, bool) {
    class.map_or(("none", false), |class| {
        (corpus_category(class.kind), class.transient)
    })
}

/// What is said when all is known.
fn whole(case: &Case) -> (&'static str, bool) {
    as_corpus(case.ask(&case.raw))
}

/// What is said when only the text is known.
fn bare(case: &Case) -> (&'static str, bool) {
    as_corpus(text(&case.raw))
}

fn of(cases: &[Case], take: impl Fn(&&Case) -> bool) -> Vec<&Case> {
    cases.iter().filter(take).collect()
}

#[test]
fn knows_the_strings_of_the_corpus() {
    let all = corpus();
    let (categories, retries) = score(
        "transport",
        &of(&all, |case| case.group == "transport"),
        whole,
    );
    assert!(categories >= 0.99 && retries >= 0.99);
    let (categories, retries) = score(
        "http and sse",
        &of(&all, |case| case.group != "transport"),
        whole,
    );
    assert!(categories >= 0.98 && retries >= 0.99);
}

#[test]
fn knows_most_of_what_servers_say_without_their_status() {
    let all = corpus();
    let (categories, retries) = score("bare", &of(&all, |case| case.group != "transport"), bare);
    assert!(categories >= 0.95 && retries >= 0.97);
}

#[test]
fn knows_strings_that_are_not_in_the_corpus() {
    let known: Vec<_> = corpus().into_iter().map(|case| case.raw).collect();
    let cases = heldout();
    assert!(cases.iter().all(|case| !known.contains(&case.raw)));
    let (categories, retries) = score("held out", &of(&cases, |_| true), |case| {
        text(&case.raw).map_or(("none", false), |class| {
            (class.kind.code(), class.transient)
        })
    });
    assert!(categories >= 0.97 && retries >= 0.98);
}

#[test]
fn knows_strings_of_the_wild() {
    let known: Vec<_> = corpus()
        .into_iter()
        .chain(heldout())
        .map(|case| case.raw)
        .collect();
    let all = wild();
    assert!(all.iter().all(|case| !known.contains(&case.raw)));
    let (categories, retries) = score("mended by", &of(&all, |case| case.half == "mend"), whole);
    assert!(categories >= 0.97 && retries >= 0.98);
    // Nothing was mended by these: what they say is what to expect of strings not seen yet.
    let (categories, retries) = score(
        "only measured",
        &of(&all, |case| case.half == "measure"),
        whole,
    );
    assert!(categories >= 0.90 && retries >= 0.96);
}
