//! The reasons of HTTP/2 (RFC 9113, section 7) and HTTP/3 (RFC 9114, section 8.1), by name and in
//! the words of their libraries.

use super::find::Words;
use super::rule::{
    CLOSED, OVERLOADED, PROTOCOL, RATE, REFUSED, RESET, Rule, TLS_OTHER, UNREACHABLE, passing, rule,
};
use crate::Delivery;
use crate::classify::Classification;

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

/// What stands before the number of a reason where HTTP/2 is spoken of, and nowhere else.
const NUMBERED: &[&str] = &[
    "goaway",
    "go away",
    "rst stream",
    "stream reset",
    "stream error",
    "frame error",
    "frameerror",
    "connection terminated",
    "session closed with error code",
];

/// The reason by its number: `StreamReset stream_id:3, error_code:2`. A number may be that of something
/// else in the same text, so none of them proves that a request was not processed.
pub(super) fn numbered(words: Words<'_>) -> Option<Classification> {
    if !words.has_any(NUMBERED) {
        return None;
    }
    [
        "error code",
        "error code:",
        "with code",
        "- code",
        "0, code",
        "err code",
    ]
    .iter()
    .find_map(|label| words.numbers(label).find_map(of))
}

fn of(code: i64) -> Option<Classification> {
    Some(match code {
        0 => CLOSED,
        1 | 7 => passing(PROTOCOL),
        2 | 5 | 8 | 10 => RESET,
        3 | 4 | 6 | 9 | 13 => PROTOCOL,
        11 => RATE,
        12 => TLS_OTHER,
        _ => return None,
    })
}

/// The peer promises that it did not process the request.
const UNPROCESSED: Classification = passing(PROTOCOL).with_delivery(Delivery::Refused);

pub(super) static RULES: &[Rule] = &[
    rule(
        &[
            "enhance your calm",
            "detected excessive load*",
            "h3 excessive load",
        ],
        RATE,
    ),
    rule(
        &[
            "refused stream*",
            "stream refused",
            "stream not processed",
            "h3 request rejected",
        ],
        UNPROCESSED,
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
    // What waits on a connection that goes away.
    rule(
        &["pending stream*", "ping cancelled", "ping canceled"],
        CLOSED,
    ),
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
    rule(&["complete the http/2 handshake"], passing(PROTOCOL)),
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
    // The reasons of QUIC (RFC 9000, section 20.1) in the RFC's words.
    rule(&["in the absence of any error"], CLOSED),
    rule(&["refused to accept a new connection"], REFUSED),
    rule(&["viable network path*"], UNREACHABLE),
    rule(
        &[
            "error with protocol compliance",
            "internal error and cannot continue with the connection",
        ],
        passing(PROTOCOL),
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
