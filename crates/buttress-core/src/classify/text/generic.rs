//! Wrappers: they say that something broke, and where, and leave the rest to a cause that is not there.

use super::rule::{CLOSED, PROTOCOL, Rule, TLS_OTHER, TLS_UNTRUSTED, TRUNCATED, rule};

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
        CLOSED,
    )
    .none(&["terminated"]),
    rule(
        &[
            "stream disconnected*",
            "disconnected before completion",
            "terminated",
            "error: aborted",
            "stream error",
            "stream failed",
            "body error",
        ],
        TRUNCATED,
    ),
    rule(&["request failed", "i/o error", "io error"], CLOSED),
];

/// What is spoken of and that something is the matter with it, when no phrase was known.
pub(super) static IDEAS: &[Rule] = &[
    rule(&["certificate*", "cert", "crl"], TLS_UNTRUSTED).with(AMISS),
    rule(
        &[
            "ssl*",
            "tls*",
            "secure channel",
            "cipher*",
            "alpn",
            "security protocol",
        ],
        TLS_OTHER,
    )
    .with(AMISS),
    rule(
        &[
            "http/1.1",
            "http/2",
            "http/3",
            "http2",
            "http3",
            "quic",
            "header",
            "headers",
            "protocol",
            "chunk size",
            "status line",
        ],
        PROTOCOL,
    )
    .with(&[
        "unsupported",
        "not supported",
        "any supported",
        "invalid",
        "malformed",
        "illegal",
        "wrong",
        "bad",
        "unexpected",
        "larger than",
        "too large",
        "too long",
        "more than",
        "too many",
        "exceed*",
        "violat*",
        "mismatch",
    ]),
];

/// The same of a network, where no wrapper says what broke.
pub(super) static NETWORK: &[Rule] = &[rule(
    &[
        "connect",
        "connecting",
        "connection",
        "connectivity",
        "conn",
        "network",
        "internet",
        "socket",
        "websocket",
    ],
    CLOSED,
)
.with(AMISS)];

/// What shows that something is not as it should be.
const AMISS: &[&str] = &[
    "fail*",
    "error",
    "trouble*",
    "problem*",
    "issue*",
    "unable*",
    "cannot",
    "can't",
    "could not",
    "couldn't",
    "not available",
    "unavailable",
    "unsupported",
    "not supported",
    "missing",
    "invalid",
    "wrong",
    "bad",
    "mismatch",
    "unexpected",
    "excess*",
    "violat*",
    "not match*",
    "does not include",
    "unhandled",
    "lost",
    "unstable",
    "not usable",
    "offline",
];
