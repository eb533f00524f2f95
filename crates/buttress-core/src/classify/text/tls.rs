//! TLS: certificates, handshakes, and what is no TLS at all.

mod certificate;

use self::certificate::{CERTIFICATE, DISTRUST, EXPIRED, OTHER_NAME, OURS_REFUSED, UNTRUSTED};
use super::rule::{
    AUTH, PROTOCOL, PROXY, RESET, Rule, TIMEOUT_CONNECT, TLS_EXPIRED, TLS_NAME, TLS_OTHER,
    TLS_UNTRUSTED, connect, passing, rule,
};

/// What words say for certain, whatever error number stands beside them.
pub(super) static CERTAIN: &[Rule] = &[
    // The system's end of a handshake in which nobody has shown a certificate: what stands there about
    // one is what OpenSSL begins with.
    rule(
        &["mid handshake ssl stream", "client hello", "server hello"],
        connect(RESET),
    )
    .with(&["error code(5), cause: none"]),
    // A record that was damaged on its way, after the handshake: another connection may bring it whole.
    rule(
        &["decrypt error", "cannot decrypt peer's*"],
        passing(TLS_OTHER),
    )
    .with(&["body", "stream", "streaming", "chunk*"])
    .none(&["alert*", "error(connect*", "kind: connect", "handshake*"]),
    // A peer that answers the handshake in plain text: most often a proxy.
    rule(
        &[
            "wrong version number",
            "corrupt message .. invalid content type",
            "error: corrupt message",
            "received corrupt message",
            "does not look like a tls handshake",
            "gave http response to https client",
            "unrecognized ssl message",
            "unsupported or unrecognized ssl*",
            "not an ssl/tls record*",
            "rx record too long",
            "ssl received a record that exceeded*",
            "packet length .. too long",
            "https proxy request",
            "ssl: http request*",
            "ssl routines .. http request",
            "record layer failure",
            "oversized record received*",
            "cannot determine the frame size*",
            "corrupted frame was received",
            "unexpected packet format",
        ],
        PROXY,
    )
    .none(&["corrupt message of type handshake*"]),
    rule(
        &[
            "handshake timeout",
            "handshake .. timed out",
            "ssl connection timeout",
            "ssl connect timeout",
            "ssl connection timed out",
        ],
        TIMEOUT_CONNECT,
    )
    .none(&["web socket handshake*", "websocket handshake*"]),
    // The connection broke while it was being made.
    rule(
        &[
            "before secure tls connection*",
            "handshake .. eof",
            "eof .. handshake",
            "handshake read failed",
            "eof during handshake*",
            "terminated the handshake",
            "failed to receive handshake",
            "closed .. during handshake",
            "closed .. during the handshake",
            "closed abruptly .. handshake",
            "eof or 0 bytes from the transport stream",
            "ssl error syscall in connection to*",
            "handshake .. non properly terminated",
            "ssl error syscall .. ssl connect",
            "ssl connect syscall returned*",
            "aborted the .. handshake",
            "ssl connection has been closed (eof)",
            "ssl connect: ssl error syscall",
            "pr end of file error",
            "handshake .. connection reset*",
            "handshake .. reset by peer",
        ],
        connect(RESET),
    )
    .none(&["certificate*"]),
    rule(
        &[
            "ssleof error",
            "eof occurred in violation of protocol",
            "ssl error zero return",
        ],
        RESET,
    ),
    rule(&["unexpected eof while reading*"], connect(RESET)).with(&[
        "curl: (35)",
        "curl error 35",
        "handshake",
        "client hello",
    ]),
    rule(EXPIRED, TLS_EXPIRED).none(&["token*", "api key*"]),
    rule(OTHER_NAME, TLS_NAME),
    // A certificate of ours that the other side refuses.
    rule(OURS_REFUSED, AUTH)
        // The alert of this side, whose reason stands beside it.
        .none(&["sending fatal alert*"]),
    // Keys and certificates of this side, which it cannot read.
    rule(
        &[
            "pem lib",
            "pem routines",
            "asn1 routines",
            "asn.1 encoding routines",
            "pkcs12 routines",
            "decoder routines",
            "envelope routines",
            "no start line",
            "bad decrypt",
            "key values mismatch",
            "private key .. not match*",
        ],
        TLS_OTHER,
    ),
    rule(CERTIFICATE, TLS_EXPIRED).with(&["expir*", "not after", "not before"]),
    rule(CERTIFICATE, TLS_NAME).with(&["mismatch*", "match*"]),
    rule(UNTRUSTED, TLS_UNTRUSTED).none(&[
        "526*",
        "unable to verify your*",
        "unable to verify account*",
    ]),
    rule(CERTIFICATE, TLS_UNTRUSTED).with(DISTRUST),
    rule(&["ssl", "tls"], TLS_UNTRUSTED).with(&[
        "verification failed*",
        "verification error",
        "verify failed",
    ]),
    rule(
        &[
            "bad record mac*",
            "bad mac read",
            "incorrect message authentication code",
        ],
        passing(PROTOCOL),
    ),
    rule(
        &[
            "alert internal error",
            "fatal alert: internal error",
            "tls: internal error",
            "internal error alert",
            "alert: fatal - internal error",
        ],
        passing(TLS_OTHER),
    ),
    // Whatever else an alert says; and what two sides that never meet say of one another.
    rule(
        &[
            "handshake failure",
            "fatal alert:*",
            "remote error: tls:*",
            "server alert: fatal*",
            "client alert: fatal*",
            "alert handshake*",
            "tlsv1 alert*",
            "tlsv13 alert*",
            "sslv3 alert*",
            "ssl/tls alert*",
            "alert protocol version",
            "legacy renegotiation*",
            "dh key too small",
            "no shared cipher",
            "no cipher*",
            "alert received(*",
            "peer incompatible*",
            "wrong signature type",
            "bad protocol version",
            "common encryption algorithm*",
            "unsupported version of security protocol",
            "excess record size",
            "ssl module*",
            "error: decrypt error",
            "set of security parameters",
            "decode error alert",
        ],
        TLS_OTHER,
    )
    .none(&["bad certificate"]),
    rule(
        &[
            "subject issuer mismatch",
            "issuer serial number mismatch",
            "permitted subtree violation",
            "excluded subtree violation",
            "decode issuer public key",
        ],
        TLS_UNTRUSTED,
    ),
    // What two sides have in common.
    rule(&["overlapping", "common"], TLS_OTHER).with(&[
        "cipher*",
        "sigschemes",
        "signature algorithms",
        "signature schemes*",
    ]),
    // The same words have a meaning elsewhere.
    rule(&["key too weak"], TLS_UNTRUSTED).with(SPOKEN),
    rule(
        &["any supported version", "alpn negotiation failed"],
        TLS_OTHER,
    )
    .with(SPOKEN),
];

/// What shows that a secure connection is spoken of.
const SPOKEN: &[&str] = &[
    "ssl*",
    "tls*",
    "openssl*",
    "x509*",
    "x.509*",
    "cert*",
    "handshake*",
    "verify error*",
];

/// What is left when no rule about connections knew better.
pub(super) static REST: &[Rule] = &[rule(
    &[
        "ssl/tls secure channel",
        "ssl connect error",
        "ssl connect attempt*",
        "handshake message",
        "peer sent no certificate*",
        "peer doesn't support*",
        "cannot decrypt*",
        "inadequate transport security",
        "secure channel support*",
        "tls alert*",
        "ssl alert*",
        "alert number",
        "no protocols available",
        "protocol not negotiated",
        "ssl cipher",
        "cipher mismatch",
        "version or cipher*",
        "ech not negotiated*",
        "inappropriate fallback",
        "unrecognized name",
        "secure connection failed",
        "secure failure",
        "secure channel error",
        "shut down the ssl connection",
        "secure connection to the server cannot*",
        "ssl handshake*",
        "tls handshake*",
        "handshake failed",
        "ssl connection could not*",
        "ssl routines",
        "[ssl:*",
        "ssl protocol error",
        "ssl library*",
        "ssl exception",
        "ssl error*",
        "sslerror*",
        "err ssl*",
        "err tls*",
        "err alpn negotiation failed",
        "tls error*",
        "sec e *",
        "schannel",
        "s channel",
        "tls:*",
        "unsupported protocol version",
        "no appropriate protocol",
        "peer is incompatible*",
        "peer misbehaved*",
        "gnutls*",
        "authentication exception",
        "sspi failed*",
    ],
    TLS_OTHER,
)];
