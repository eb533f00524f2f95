//! The close codes of WebSocket, and what libraries print of broken frames.

use super::find::Words;
use super::rule::{
    AUTH, BAD_REQUEST, GATEWAY, OVERLOADED, PERMISSION, PROTOCOL, RESET, Rule, SERVER,
    TIMEOUT_IDLE, TLS_OTHER, TOO_LARGE, rule,
};
use super::status;
use crate::classify::Classification;

/// What shows that the closing of a WebSocket is spoken of.
const SPOKEN: &[&str] = &[
    "websocket*",
    "web socket*",
    "ws",
    "wss",
    "close*",
    "disconnect*",
    "then received",
    "then sent",
];

/// What a WebSocket is called, and the name of the error that it was closed.
const NAMES: &[&str] = &[
    "websocket*",
    "web socket*",
    "ws",
    "wss",
    "connectionclosed*",
    "connection closed",
];

/// What stands before a close code.
const LABELS: &[&str] = &[
    "close",
    "close code",
    "close status",
    "closed",
    "closed with",
    "closed with code",
    "closed with status",
    "closing code",
    "closing with",
    "code",
];

/// The same where a WebSocket is named: other things have a status of four digits, too.
const OF_NAMED: &[&str] = &["status", "status code"];

/// The code with which the other side closed. Those that say no more than that it did are left to
/// the words: 1000, 1001, 1005 and 1006.
pub(super) fn closed(words: Words<'_>) -> Option<Classification> {
    if !words.has_any(SPOKEN) {
        return None;
    }
    let of_named = if words.has_any(NAMES) { OF_NAMED } else { &[] };
    LABELS
        .iter()
        .chain(of_named)
        .find_map(|label| words.numbers(label).find_map(of))
        .or_else(|| before_reason(words))
}

/// Python's `websockets` puts the meaning behind the code: `received 1008 (policy violation)`.
fn before_reason(words: Words<'_>) -> Option<Classification> {
    ["received", "then sent"].iter().find_map(|label| {
        let end = words.place(label)?;
        let (code, behind) = words.text.get(end..)?.trim_start().split_at_checked(4)?;
        behind.starts_with(" (").then(|| of(code.parse().ok()?))?
    })
}

/// RFC 6455, section 7.4.1, and the registry of WebSocket close code numbers. Of those that are free
/// for private use, many servers take the statuses of HTTP and add 4000.
fn of(code: i64) -> Option<Classification> {
    Some(match code {
        1003 | 1007 => BAD_REQUEST,
        1008 | 3003 => PERMISSION,
        1009 => TOO_LARGE,
        1010 => PROTOCOL,
        1011 => SERVER,
        1012 | 1013 => OVERLOADED,
        1014 => GATEWAY,
        1015 => TLS_OTHER,
        3000 => AUTH,
        3008 => TIMEOUT_IDLE,
        4400..=4599 => return status::of(code - 4000),
        _ => return None,
    })
}

pub(super) static RULES: &[Rule] = &[
    // The names that libraries give to the codes.
    rule(
        &["policy violation", "close frame { code: policy"],
        PERMISSION,
    )
    .with(SPOKEN),
    rule(
        &[
            "invalid frame payload data",
            "close frame { code: invalid",
            "close frame { code: unsupported",
        ],
        BAD_REQUEST,
    ),
    rule(&["close frame { code: error"], SERVER),
    rule(
        &["close frame { code: again", "close frame { code: restart"],
        OVERLOADED,
    ),
    rule(&["close frame { code: size"], TOO_LARGE),
    // A variant of that name, as Rust prints it, and what broke the protocol within.
    rule(&["reset without closing*"], RESET),
    rule(&["protocol(*"], PROTOCOL).none(&["unsupported*"]),
];
