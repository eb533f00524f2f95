//! The corpus, more strings of the same runtimes, and what must not change an answer.

mod agents;
mod codes;
mod corpus;
mod harmless;
mod languages;
mod libraries;
mod long;
mod metamorphic;
mod network;
mod normal_form;
mod patterns;
mod reasons;
mod runtimes;
mod websocket;

use super::*;
use crate::{Delivery, FailureKind, Phase};

/// A wrapper alone says that something broke, and not when.
#[test]
fn a_wrapper_does_not_know_where_it_happened() {
    for (text, is_known) in [
        ("Connection error.", false),
        ("TypeError: fetch failed", false),
        ("network error", false),
        ("Request failed", false),
        ("socket hang up", true),
        ("error sending request for url (http://a/)", true),
        ("fetch failed: connect ECONNREFUSED 127.0.0.1:1", true),
        ("terminated", true),
    ] {
        let class = super::text(text).expect(text);
        assert_eq!(class.is_phase_known, is_known, "{text}");
        let failure = crate::Failure::from(class);
        assert_eq!(failure.is_phase_known(), is_known, "{text}");
        // Who got it instead of an answer knows.
        let error: crate::BoxError = text.into();
        assert!(crate::Failure::from(error).is_phase_known(), "{text}");
    }
}

#[test]
fn what_was_tried_and_what_is_advised_did_not_happen() {
    use FailureKind::*;
    for (raw, kind) in [
        ("Authentication failed: fetch failed", ConnectionClosed),
        (
            "Login failed. connect ECONNREFUSED 127.0.0.1:1",
            ConnectionRefused,
        ),
        ("登录失败：getaddrinfo ENOTFOUND example.com", Dns),
        ("Failed to refresh token: read ECONNRESET", ConnectionReset),
        ("Unable to connect to the server: EOF", ConnectionClosed),
        (
            "failed to connect to websocket: unexpected EOF",
            ConnectionClosed,
        ),
        ("Could not connect: network error", ConnectionRefused),
        (
            "a failed: b failed: Login failed: Authentication failed: EOF",
            ConnectionClosed,
        ),
        // A server did speak.
        ("Authentication failed: invalid API key", Auth),
        ("Login failed with status code 401: connection closed", Auth),
        // aiohttp.
        (
            "ClientResponseError: 503, message='Attempt to decode JSON: ', url='http://x.example/'",
            BadGateway,
        ),
        (
            "TransferEncodingError: 400, message='Not enough data to satisfy transfer length header.'",
            StreamTruncated,
        ),
        ("stream disconnected: Rate limit exceeded", RateLimited),
        ("Rate limit exceeded: connection closed", RateLimited),
        ("fetch failed. Check your API key.", ConnectionClosed),
        (
            "fetch failed (please check your proxy, e.g. its port)",
            ConnectionClosed,
        ),
        (
            "read ECONNRESET - make sure that the certificate is valid",
            ConnectionReset,
        ),
        (
            "fetch failed Please check your DNS settings",
            ConnectionClosed,
        ),
        (
            "socket hang up\nPossible causes:\n- invalid API key\n2. no quota",
            ConnectionClosed,
        ),
        ("网络连接已中断，请检查代理服务器设置", ConnectionClosed),
        // Nothing else is known.
        ("Check why: connection refused", ConnectionRefused),
        (
            "Something odd. This may be a captive portal.",
            CaptivePortal,
        ),
        // Checked, not advised.
        (
            "checking certificate failed: certificate has expired",
            TlsExpired,
        ),
    ] {
        assert_eq!(text(raw).map(|class| class.kind), Some(kind), "{raw}");
    }
}

#[test]
fn says_nothing_about_what_is_no_failure() {
    for harmless in [
        "",
        " ",
        "\u{0}",
        "ok",
        "200 OK",
        "Hello, world!",
        "the cat sat on the mat",
        "listening on 127.0.0.1:8080",
        "GET https://timeout.example.com/connection-reset?error=refused 200",
        "finished in 3.2 s",
        "user clicked the button",
        "req_011CSHoEeqs5C35K2UUqR7Fy",
        "index out of bounds: the len is 3 but the index is 3",
        "プリンターの用紙がありません",
    ] {
        assert_eq!(text(harmless), None, "{harmless}");
    }
}

#[test]
fn nothing_was_sent_only_where_the_text_leaves_no_doubt() {
    for certain in [
        "connect ECONNREFUSED 127.0.0.1:1",
        "dial tcp: lookup api.openai.com: no such host",
        "connect ETIMEDOUT 10.0.0.1:443",
        "net/http: TLS handshake timeout",
        "invalid peer certificate: UnknownIssuer",
        "tls handshake eof",
        "curl: (56) Received HTTP code 407 from proxy after CONNECT",
        "tcp connect error: Network is unreachable (os error 101)",
    ] {
        let class = text(certain).unwrap();
        assert_eq!(class.delivery, Delivery::NotSent, "{certain}");
        assert_eq!(class.phase, Phase::Connect, "{certain}");
    }
    for open in [
        "ECONNRESET",
        "socket hang up",
        // The wrapper says connect; the connection was there.
        "Cannot connect to API: The socket connection was closed unexpectedly.",
        "Unable to connect to API (UND_ERR_SOCKET)",
        "read ETIMEDOUT",
        "Connection timed out (os error 110)",
        "No route to host (os error 113)",
        "operation was canceled",
        "ssl.SSLEOFError: EOF occurred in violation of protocol (_ssl.c:2396)",
        "remote error: tls: bad certificate",
        "HTTP 502: dial tcp 10.0.0.3:8080: connect: connection refused",
        "upstream connect error or disconnect/reset before headers. reset reason: connection refused",
        // The last of several attempts.
        "Failed after 3 attempts. Last error: connect ECONNREFUSED 127.0.0.1:1",
        "terminated",
    ] {
        let class = text(open).unwrap();
        assert_eq!(class.delivery, Delivery::Unknown, "{open}");
        assert_ne!(class.phase, Phase::Connect, "{open}");
    }
    let refused = text("stream error: stream ID 221; REFUSED_STREAM").unwrap();
    assert_eq!(refused.delivery, Delivery::Refused);
}
