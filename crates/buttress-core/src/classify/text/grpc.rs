//! The status names of gRPC, when nothing in the message said more.

use super::rule::{
    AUTH, BAD_REQUEST, CANCELLED, CLOSED, DNS, NOT_FOUND, OVERLOADED, PERMISSION, RATE, REFUSED,
    RESET, Rule, SERVER, TIMEOUT_CONNECT, TIMEOUT_HEAD, rule,
};

/// Google's clients write a status of HTTP before what became of a connection, and none was sent.
const NO_STATUS: &[&str] = &["google.api core*"];

pub(super) static CERTAIN: &[Rule] = &[
    rule(&["dns resolution failed*", "c ares status"], DNS).with(NO_STATUS),
    rule(&["recvmsg:connection reset*"], RESET).with(NO_STATUS),
    rule(&["connection attempt timed out*"], TIMEOUT_CONNECT).with(NO_STATUS),
    rule(&["failed to connect to all addresses"], REFUSED).with(NO_STATUS),
    rule(&["503 socket closed"], CLOSED).with(NO_STATUS),
];

/// What shows that gRPC, or a Google API, speaks.
const SPOKEN: &[&str] = &[
    "rpc*",
    "grpc*",
    "code =",
    "14 unavailable",
    "13 internal",
    "status",
];

pub(super) static RULES: &[Rule] = &[
    rule(
        &[
            "unavailable: io exception",
            "unavailable: network closed*",
            "unavailable: channel shutdown*",
        ],
        CLOSED,
    ),
    rule(&["unavailable"], OVERLOADED).with(SPOKEN),
    rule(&["deadline exceeded"], TIMEOUT_HEAD),
    rule(&["resource exhausted"], RATE),
    rule(&["unauthenticated"], AUTH),
    rule(&["permission denied"], PERMISSION),
    rule(
        &[
            "invalid argument",
            "failed precondition",
            "out of range",
            "unimplemented",
        ],
        BAD_REQUEST,
    )
    .with(SPOKEN),
    rule(&["not found"], NOT_FOUND).with(SPOKEN),
    rule(&["cancelled", "canceled"], CANCELLED).with(SPOKEN),
    rule(&["internal", "data loss", "unknown"], SERVER).with(&[
        "rpc error",
        "grpc*",
        "g rpc",
        "status code.*",
        "status runtime exception",
        "13 internal",
    ]),
    rule(&["aborted"], OVERLOADED).with(&[
        "rpc error",
        "status code.*",
        "status runtime exception",
        "10 aborted",
    ]),
];
