//! curl's exit codes, when its words said nothing.

use super::find::Words;
use super::rule::{
    BAD_REQUEST, CLOSED, DECODE, DNS, PROTOCOL, PROXY, REFUSED, RESET, TIMEOUT_HEAD, TLS_OTHER,
    TLS_UNTRUSTED, TRUNCATED, connect, passing,
};
use crate::classify::Classification;

const LABELS: &[&str] = &[
    "curl:",
    "curl error",
    "curl error:",
    "c url error",
    "libcurl error",
    "curl.error:",
    "curle",
    "curl exit code",
    "curl code",
];

pub(super) fn exit(words: Words<'_>) -> Option<Classification> {
    LABELS
        .iter()
        .find_map(|label| words.numbers(label).find_map(of))
}

/// `curl.1`, "Exit codes".
fn of(code: i64) -> Option<Classification> {
    Some(match code {
        1 | 3 => connect(BAD_REQUEST),
        5 | 97 => PROXY,
        6 => DNS,
        7 => REFUSED,
        8 | 47 => PROTOCOL,
        16 | 92 | 95 | 96 => passing(PROTOCOL),
        18 => TRUNCATED,
        28 => TIMEOUT_HEAD,
        35 | 53 | 54 | 58 | 59 | 66 | 77 | 80 | 83 | 91 | 98 => TLS_OTHER,
        52 => CLOSED,
        55 | 56 => RESET,
        51 | 60 | 90 => TLS_UNTRUSTED,
        61 => DECODE,
        _ => return None,
    })
}
