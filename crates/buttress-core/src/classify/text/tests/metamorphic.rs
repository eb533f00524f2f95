//! What differs from one occurrence of an error to the next must not change the answer: each
//! string is asked again with other addresses, hosts, paths, ids, numbers and wrappers, and with
//! the operating system's words in other languages.

mod languages;

use self::languages::MESSAGES;
use super::corpus::{Case, corpus, heldout, wild};
use crate::FailureKind;
use crate::classify::text;
use fastrand::Rng;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Names chosen to mislead.
const HOSTS: &[&str] = &[
    "api.example.com",
    "timeout.example.org",
    "connection-reset.example.net",
    "proxy.corp.example.com",
    "rate-limit.internal",
    "quota.exceeded.dev",
    "dns.resolver.example.de",
    "x509.certificate.example.io",
    "overloaded.example.co",
];
const PATHS: &[&str] = &[
    "",
    "/",
    "/v1/messages",
    "/v1/timeout/connection-refused",
    "/overloaded/429/too-many-requests",
    "/proxy/authentication-required?error=certificate+expired",
    "/unexpected-EOF#502",
];
const WRAPPERS: &[&str] = &[
    "API Error: ",
    "error: ",
    "Error: ",
    "Caused by: ",
    "ERROR request failed: ",
    "AI_APICallError: ",
    "2026-11-22T10:11:12.345Z WARN upstream: ",
];
/// Errands, and what a connection did on them.
const ERRANDS: &[&str] = &["Authentication failed: ", "Error updating rate limits: "];
/// What clients add for their users, whatever happened.
const ADVICE: &[&str] = &[
    ". Check your API key and proxy settings.",
    "\nThis is usually caused by a timeout or an expired certificate",
];
/// Hosts that are themselves the evidence.
const EVIDENCE: &[&str] = &[
    "zscloud",
    "radware",
    "cloudflare",
    "googleapis.com/google.rpc",
];

/// What shows that an error number stands in the text.
const NUMBERED: &[&str] = &[
    "os error ",
    "[Errno ",
    "[WinError ",
    "code: 1",
    "Exception (1",
];

fn pick<'a>(rng: &mut Rng, of: &[&'a str]) -> &'a str {
    of[rng.usize(..of.len())]
}

fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_-.:/@%".contains(c)
}

/// The text with everything changed that says nothing.
fn shuffled(raw: &str, rng: &mut Rng) -> String {
    if EVIDENCE.iter().any(|host| raw.contains(host)) {
        return raw.to_owned();
    }
    let mut out = String::new();
    let mut rest = raw;
    while let Some(c) = rest.chars().next() {
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        if end == 0 {
            out.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let (run, after) = rest.split_at(end);
        let (run, marks) = run.split_at(run.trim_end_matches(['.', ':', '-']).len());
        match run.split_once("://") {
            Some((scheme, _)) => {
                let url = after
                    .find(|c: char| c.is_whitespace() || "\"'<>)}`\\".contains(c))
                    .unwrap_or(after.len());
                out += &format!("{scheme}://{}{}", pick(rng, HOSTS), pick(rng, PATHS));
                out += marks;
                rest = &after[url..];
            }
            None => {
                out += &changed(run, rng);
                out += marks;
                rest = after;
            }
        }
    }
    for label in [
        "port=",
        "port ",
        "stream ID ",
        "LastStreamID=",
        "HTTP/2 stream ",
        "_ssl.c:",
        "line ",
        "column ",
    ] {
        out = renumbered(&out, label, rng);
    }
    slower(&out, rng)
}

/// Another one of what the run is: an address, a host, an id; or the run itself.
fn changed(run: &str, rng: &mut Rng) -> String {
    let (host, port) = match run.rsplit_once(':') {
        Some((host, port)) if port.parse::<u16>().is_ok() => (host, Some(port)),
        _ => (run, None),
    };
    let port = match port {
        Some(_) => format!(":{}", rng.u16(1024..)),
        None => String::new(),
    };
    let known_name = |name: &str| {
        ["example", "openai", "anthropic", "deno", "tunnelmole"]
            .iter()
            .any(|known| name.contains(known))
    };
    if host.parse::<Ipv4Addr>().is_ok() {
        format!(
            "{}{port}",
            Ipv4Addr::from(rng.u32(0x0B00_0000..0xDF00_0000))
        )
    } else if host.parse::<Ipv6Addr>().is_ok() && host.len() > 2 {
        format!("{}{port}", Ipv6Addr::from(rng.u128(1 << 100..)))
    } else if host == "localhost" || (known_name(host) && host.matches('.').count() > 0) {
        format!("{}{port}", pick(rng, HOSTS))
    } else if run.starts_with('/') && run.len() > 3 && run[1..].contains('/') {
        "/v2/timeout/refused".to_owned()
    } else if run.starts_with("req_") || run.ends_with("-SJC") {
        let hex = |rng: &mut Rng| format!("{:016x}", rng.u64(..));
        format!("req_{}{}", hex(rng), hex(rng))
    } else {
        run.to_owned()
    }
}

/// The text with another number behind each `label`.
fn renumbered(raw: &str, label: &str, rng: &mut Rng) -> String {
    let mut out = String::new();
    let mut rest = raw;
    while let Some(at) = rest.find(label) {
        let (head, tail) = rest.split_at(at + label.len());
        out += head;
        let digits = tail.len() - tail.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if digits > 0 {
            out += &rng.u16(1024..).to_string();
        }
        rest = &tail[digits..];
    }
    out + rest
}

/// The text with other durations, numbers before a unit of time: short ones, because who has to
/// wait for hours has to wait for something else.
fn slower(raw: &str, rng: &mut Rng) -> String {
    let mut out = String::new();
    let mut rest = raw;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (head, tail) = rest.split_at(at);
        let digits = tail.len() - tail.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, after) = tail.split_at(digits);
        out += head;
        let alone = !head.ends_with(|c: char| c.is_ascii_alphanumeric() || "._-:".contains(c));
        let unit = ["ms", " ms", " seconds", " milliseconds", "s)"]
            .iter()
            .any(|unit| after.starts_with(unit));
        let short =
            number.parse::<u32>().is_ok_and(|number| number < 3_600) || after.contains("ms");
        if alone && unit && short {
            out += &rng.u32(1..3_000).to_string();
        } else {
            out += number;
        }
        rest = after;
    }
    out + rest
}

fn answer(raw: &str) -> Option<(FailureKind, bool)> {
    text(raw).map(|class| (class.kind, class.transient))
}

fn every_case() -> impl Iterator<Item = Case> {
    corpus().into_iter().chain(heldout()).chain(wild())
}

fn every_raw() -> impl Iterator<Item = String> {
    every_case().map(|case| case.raw)
}

#[test]
fn names_and_numbers_of_the_occasion_change_nothing() {
    let mut rng = Rng::with_seed(crate::seed::drawn());
    let (mut asked, mut differed) = (0, 0);
    for case in every_case() {
        let raw = &case.raw;
        let answer = |raw: &str| case.ask(raw).map(|class| (class.kind, class.transient));
        let expected = answer(raw);
        for _ in 0..2 {
            let other = shuffled(raw, &mut rng);
            differed += u32::from(other != *raw);
            asked += 1;
            assert_eq!(answer(&other), expected, "{raw}\n{other}");
        }
    }
    // The shuffling does something: at least a sixth of all strings name an occasion.
    assert!(differed * 6 > asked, "{differed} of {asked}");
}

/// Each string in three of the nine wrappers, and each wrapper around a third of the strings: all of
/// them around all strings would take as long as every other test of this crate.
#[test]
fn wrappers_change_nothing() {
    let wrap = |raw: &str, n: usize| match WRAPPERS.get(n) {
        Some(wrapper) => format!("{wrapper}{raw}"),
        None if n == WRAPPERS.len() => {
            let raw = serde_json::to_string(raw).unwrap();
            format!("{{\"level\":\"warn\",\"msg\":{raw}}}")
        }
        None => format!("\u{1b}[1;31m{raw}\u{1b}[0m"),
    };
    let all = WRAPPERS.len() + 2;
    let mut changed = Vec::new();
    for (at, raw) in every_raw().enumerate() {
        let expected = answer(&raw);
        if expected.is_none() {
            // The wrapper knows more.
            continue;
        }
        let some = (at % 3..all).step_by(3).map(|n| wrap(&raw, n));
        changed.extend(some.filter(|other| answer(other) != expected));
    }
    assert!(changed.is_empty(), "{changed:#?}");
}

#[test]
fn a_document_within_another_says_the_same() {
    let (mut asked, mut changed) = (0, Vec::new());
    for case in every_case() {
        let Some(status) = case.status.filter(|status| status.as_u16() >= 400) else {
            continue;
        };
        if case.group != "http" || !case.raw.starts_with('{') {
            continue;
        }
        let string = |text: &str| serde_json::to_string(text).unwrap();
        let raw = &case.raw;
        let code = status.as_u16();
        // As LiteLLM puts an answer behind its own words, and OpenRouter into a member.
        let behind = string(&format!(
            "litellm.APIError: OpenAIException - {raw}. Received Model Group=x\nAvailable Model Group Fallbacks=None"
        ));
        let within = string(raw);
        let expected = case.ask(raw).map(|class| class.kind);
        for other in [
            format!(r#"{{"error":{{"message":{behind},"type":null,"code":"{code}"}}}}"#),
            format!(
                r#"{{"error":{{"message":"Provider returned error","code":{code},"metadata":{{"raw":{within},"provider_name":"X"}}}}}}"#
            ),
        ] {
            asked += 1;
            if case.ask(&other).map(|class| class.kind) != expected {
                changed.push(other);
            }
        }
    }
    // Their number is that of the status, which a code within may have contradicted.
    assert!(asked > 1_000 && changed.len() * 100 < asked, "{changed:#?}");
}

#[test]
fn errands_and_advice_change_nothing() {
    let mut changed = Vec::new();
    let mut asked = 0;
    // A quarter of them, each time another.
    let seed = fastrand::usize(..4);
    let cases = every_case().filter(|case| case.group == "transport");
    for case in cases.skip(seed).step_by(4) {
        // What a server says may be about the errand.
        let Some(class) = text(&case.raw).filter(|class| !super::super::speaks(class.kind)) else {
            continue;
        };
        let raw = &case.raw;
        let errands = ERRANDS.iter().map(|errand| format!("{errand}{raw}"));
        let advised = ADVICE.iter().map(|advice| format!("{raw}{advice}"));
        for other in errands.chain(advised) {
            asked += 1;
            if text(&other).map(|class| class.kind) != Some(class.kind) {
                changed.push(other);
            }
        }
    }
    // Causes that were known by a word near the errand's are few.
    assert!(asked > 1_750, "{asked}");
    assert!(changed.len() * 200 < asked, "seed {seed}\n{changed:#?}");
}

#[test]
fn the_language_of_the_system_changes_nothing_beside_a_number() {
    let mut asked = 0;
    for raw in every_raw() {
        if !NUMBERED.iter().any(|mark| raw.contains(mark)) {
            continue;
        }
        let expected = answer(&raw);
        for (english, others) in MESSAGES {
            if !raw.contains(english) {
                continue;
            }
            for other in others.iter().chain(&["ξψζ", ""]) {
                let other = raw.replace(english, other);
                assert_eq!(answer(&other), expected, "{raw}\n{other}");
                asked += 1;
            }
        }
    }
    assert!(asked >= 100, "{asked}");
}
