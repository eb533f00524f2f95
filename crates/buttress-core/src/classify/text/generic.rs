//! Wrappers: they say that something broke, and where, and leave the rest to a cause that is not there.

use super::rule::{BROKEN, CLOSED, Rule, TRUNCATED, rule};

/// reqwest's word for a request that got no answer: what is said behind it, no server said.
pub(super) static UNANSWERED: &[Rule] = &[rule(&["error sending request*"], CLOSED)];

pub(super) static RULES: &[Rule] = &[
    rule(
        &[
            "fetch failed",
            "failed to fetch",
            "load failed",
            "networkerror*",
            "network error",
            "err network",
            "network failure",
            "network request failed",
            "connection error",
            "connectionerror*",
            "connection failure",
            "connection problem",
            "connection issue*",
            "network issue*",
            "network problem*",
            "connectivity issue*",
            "connectivity problem*",
            "trouble connecting*",
            "problem connecting*",
            "error connecting*",
            "request to .. failed",
            "apiconnectionerror*",
            "transport error",
            "transport failure",
            "error communicating*",
            "error fetching*",
            "connect to api",
            "connection .. failed",
            "socket exception",
            "failed to send request",
            "http request exception",
            "client error (send request)",
            "socket error",
            "net::err failed",
        ],
        BROKEN,
    )
    .none(&["terminated"]),
    rule(
        &[
            "stream disconnected*",
            "disconnected before completion",
            "terminated",
            "error: aborted",
            "stream error",
            "stream .. failed",
            "streaming .. failed",
            "body error",
        ],
        TRUNCATED,
    )
    .none(&["open stream", "terminated by", "terminated due to"]),
    rule(&["request failed", "i/o error", "io error"], BROKEN),
];
