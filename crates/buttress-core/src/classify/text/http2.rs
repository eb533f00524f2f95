//! The reasons of HTTP/2 (RFC 9113, section 7) and HTTP/3 (RFC 9114, section 8.1), by name and in
//! the words of their libraries.

use super::rule::{CLOSED, OVERLOADED, PROTOCOL, RATE, RESET, Rule, TLS_OTHER, passing, rule};
use crate::Delivery;

/// What shows that HTTP/2 is spoken of.
const SPOKEN: &[&str] = &[
    "http2",
    "http/2",
    "h2",
    "err http2*",
    "stream error",
    "goaway",
    "go away",
    "rst stream",
    "nghttp2*",
    "stream id",
    "error code",
    "err code",
    "stream was reset",
    "stream reset*",
    "stream removed",
    "quic*",
    "http/3",
    "http3",
    "h3",
];

pub(super) static RULES: &[Rule] = &[
    rule(
        &[
            "enhance your calm",
            "detected excessive load*",
            "h3 excessive load",
        ],
        RATE,
    ),
    // The peer promises that it did not process the request.
    rule(
        &[
            "refused stream*",
            "stream refused",
            "stream not processed",
            "h3 request rejected",
        ],
        passing(PROTOCOL).with_delivery(Delivery::Refused),
    ),
    rule(
        &["inadequate security", "security properties do not meet*"],
        TLS_OTHER,
    ),
    rule(
        &["http 1 1 required", "endpoint requires http/1.1"],
        PROTOCOL,
    ),
    rule(
        &[
            "no error",
            "not a result of an error",
            "graceful shutdown*",
            "connection terminated error code:0*",
            "connection terminated error code: 0*",
        ],
        CLOSED,
    )
    .with(SPOKEN),
    rule(
        &["h3 request cancelled", "stream no longer needed", "cancel"],
        RESET,
    )
    .with(SPOKEN),
    rule(
        &[
            "unspecific protocol error*",
            "http2 protocol error",
            "curle http2*",
            "quic handshake*",
            "quic protocol error",
            "quic connection error",
            "http/3 error",
            "http3 error",
            "h3 general protocol error",
        ],
        passing(PROTOCOL),
    )
    .none(&["connection reset*"]),
    rule(&["internal error"], RESET).with(SPOKEN).none(&[
        "connection error detected*",
        "connection error received*",
        "connection error: internal*",
        // Cronet's name for the number behind its own.
        "internal error code",
    ]),
    // tonic says `h2 protocol error` of whatever went wrong in HTTP/2.
    rule(
        &["internal error", "protocol error", "protocol violation"],
        passing(PROTOCOL),
    )
    .with(SPOKEN)
    .none(&["h2 protocol error: error reading*", "internal error code"]),
    rule(&["framing layer"], passing(PROTOCOL)),
    rule(&["nghttp2 session*"], passing(PROTOCOL)),
    rule(
        &[
            "flow control error",
            "flow control protocol violated",
            "frame size error",
            "frame with invalid size",
            "compression error",
            "header compression context",
            "settings timeout",
            "settings ack not received*",
            "frame when stream half closed",
            "h3 stream creation error",
            "h3 closed critical stream",
            "h3 frame*",
            "h3 id error",
            "h3 settings error",
            "h3 missing settings",
            "h3 message error",
            "h3 version fallback",
            "qpack*",
        ],
        PROTOCOL,
    ),
    rule(&["max concurrent streams*"], OVERLOADED),
    rule(
        &[
            "goaway",
            "go away",
            "connection shutdown exception",
            "client connection lost",
            "connection terminated",
            "session is closed",
            "session has been destroyed",
            "err http2 invalid session",
        ],
        CLOSED,
    )
    .none(&["during handshake"]),
    rule(
        &[
            "stream was reset",
            "stream reset*",
            "rst stream*",
            "was not closed cleanly",
            "reset the stream",
            "stream was closed",
            "stream removed",
        ],
        RESET,
    ),
];
