//! Status codes that a text mentions.

use super::find::{Words, number_at};
use super::rule::{
    AUTH, BAD_REQUEST, CANCELLED, GATEWAY, NOT_FOUND, OVERLOADED, PERMISSION, PORTAL, PROXY, QUOTA,
    RATE, SERVER, TIMEOUT_HEAD, TIMEOUT_SYSTEM, TOO_LARGE, lasting, passing,
};
use crate::classify::Classification;

/// What stands before the status of a response and before nothing else.
const CERTAIN: &[&str] = &[
    "status code",
    "status code:*",
    "statuscode",
    "status",
    "http status",
    "http",
    "http/1.1",
    "http/1.0",
    "http/2",
    "http/2.0",
    "http/3",
    "http error",
    "http code",
    "response code",
    "response status",
    "returned error",
    "server response",
    "client error",
    "responded with",
    "too many",
    "server handshake error",
    "api error",
    "error code",
    "returned status",
    "does not indicate success",
    "<title>",
    "<h1>",
    " |",
];

/// What stands before other numbers as well.
const LIKELY: &[&str] = &[
    "param",
    "error",
    "code",
    "response",
    "failed",
    "got",
    "pnpm fetch",
];

/// What is counted by a number before it, which is then no status.
const COUNTED: &[&str] = &[
    "bytes",
    "characters",
    "chunks",
    "messages",
    "milliseconds",
    "ms",
    "requests",
    "seconds",
    "tokens",
];

/// Perl's LWP says so of what went wrong on its own side of the connection.
const OF_CLIENT: &[&str] = &[
    "500 can't connect*",
    "500 read timeout",
    "500 server closed connection*",
    "500 ssl*",
    "500 status read failed*",
    "500 write failed*",
];

/// The first status of a failure that certainly is one.
pub(super) fn certain(words: Words<'_>) -> Option<Classification> {
    if words.has_any(OF_CLIENT) {
        return None;
    }
    leading(words)
        .or_else(|| behind(CERTAIN, words))
        .or_else(|| bracketed(words))
        .or_else(|| before_message(words))
}

/// aiohttp puts the status first, whatever its callers put before that:
/// `503, message='Service Unavailable', url='...'`. Its parser, too, names a number, but no URL.
fn before_message(words: Words<'_>) -> Option<Classification> {
    if !words.has(", url=*") {
        return None;
    }
    let mut messages = words.text.match_indices(", message='").take(16);
    messages.find_map(|(at, _)| {
        let before = words.text.get(..at)?;
        let number = before.rsplit(|c: char| !c.is_ascii_digit()).next()?;
        of(number.parse().ok()?)
    })
}

/// Gateways put the status in brackets: `[502]: fetch failed`.
fn bracketed(words: Words<'_>) -> Option<Classification> {
    words.text.match_indices('[').take(16).find_map(|(at, _)| {
        let (number, rest) = words.text.get(at + 1..)?.split_at_checked(3)?;
        if rest.starts_with(']') {
            of(number.parse().ok()?)
        } else {
            None
        }
    })
}

/// The first number that looks like the status of a failure.
pub(super) fn likely(words: Words<'_>) -> Option<Classification> {
    LIKELY
        .iter()
        .flat_map(|label| words.behind(label))
        .filter(|behind| !numbers(behind))
        .find_map(|behind| of(number_at(behind)?))
        .or_else(|| wrapped(words))
}

/// A client's `429 Too Many Requests` behind whatever was put before it.
fn wrapped(words: Words<'_>) -> Option<Classification> {
    words
        .text
        .match_indices(':')
        .take(32)
        .find_map(|(at, colon)| {
            let behind = words.text.get(at + colon.len()..)?;
            let (number, reason) = behind
                .trim_start_matches([' ', '"', '\'', '[', '('])
                .split_at_checked(3)?;
            let reason = reason.strip_prefix(' ')?;
            let worded = reason.starts_with(|c: char| c.is_alphabetic() || "{<".contains(c));
            if worded && !counts(reason) {
                of(number.parse().ok()?)
            } else {
                None
            }
        })
}

/// Clients put the status first: `429 Too Many Requests`, `529 {"type":"error",...}`.
fn leading(words: Words<'_>) -> Option<Classification> {
    let text = words.text.trim_start();
    let behind = text.trim_start_matches(|c: char| c.is_ascii_digit());
    if behind.len() < text.len() && !counts(behind.trim_start()) {
        of(number_at(text)?)
    } else {
        None
    }
}

fn counts(behind: &str) -> bool {
    let end = behind.find(|c: char| !c.is_ascii_alphabetic());
    let (word, _) = behind.split_at(end.unwrap_or(behind.len()));
    COUNTED.contains(&word)
}

/// Whether the number that the text begins with, after a few marks, only counts.
fn numbers(text: &str) -> bool {
    let number = text.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
    let behind = number.trim_start_matches(|c: char| c.is_ascii_digit());
    behind.len() < number.len() && counts(behind.trim_start())
}

fn behind(labels: &'static [&'static str], words: Words<'_>) -> Option<Classification> {
    labels
        .iter()
        .find_map(|label| words.numbers(label).find_map(of))
}

/// What a status says of a failure.
pub(super) fn of(status: i64) -> Option<Classification> {
    Some(match status {
        400 | 405 | 406 | 409 | 411 | 412 | 414..=417 | 421..=423 | 426 | 428 | 431 => BAD_REQUEST,
        401 => AUTH,
        402 => QUOTA,
        403 | 451 => PERMISSION,
        404 | 410 => NOT_FOUND,
        407 => PROXY,
        408 => TIMEOUT_HEAD,
        413 => TOO_LARGE,
        425 => passing(BAD_REQUEST),
        429 => RATE,
        499 => CANCELLED,
        424 | 500 => SERVER,
        501 | 505 => lasting(SERVER),
        503 => GATEWAY,
        504 | 524 | 598 | 599 => TIMEOUT_HEAD,
        511 => PORTAL,
        522 => TIMEOUT_SYSTEM,
        526 => lasting(GATEWAY),
        529 => OVERLOADED,
        502 | 520 | 521 | 523 | 525 | 527 | 530 => GATEWAY,
        506..=599 => SERVER,
        _ => return None,
    })
}
