//! Words of runtimes, systems and tools: one string for each way of saying it.

use super::*;

/// The kind of each, and whether another try may help.
pub(super) fn says(cases: &[(&str, FailureKind, bool)]) {
    let missed: Vec<_> = cases
        .iter()
        .map(|case| (case, text(case.0)))
        .filter(|(case, class)| {
            class.map(|class| (class.kind, class.transient)) != Some((case.1, case.2))
        })
        .collect();
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn the_reasons_of_http2_are_known_by_their_numbers() {
    use FailureKind::*;
    says(&[
        (
            "<StreamReset stream_id:3, error_code:2>",
            ConnectionReset,
            true,
        ),
        (
            "<ConnectionTerminated error_code:0, last_stream_id:19>",
            ConnectionClosed,
            true,
        ),
        ("GOAWAY received, error code 11", RateLimited, true),
        ("<StreamReset stream_id:1, error_code:12>", TlsOther, false),
    ]);
    // Whatever else the same text says of the connection (RFC 9113, section 7).
    for (codes, kind, transient) in [
        (&[0][..], ConnectionClosed, true),
        (&[1, 7], Protocol, true),
        (&[2, 5, 8, 10], ConnectionReset, true),
        (&[3, 4, 6, 9, 13], Protocol, false),
        (&[11], RateLimited, true),
        (&[12], TlsOther, false),
    ] {
        for code in codes {
            for frame in ["RST_STREAM", "GOAWAY", "a frame error"] {
                let raw = format!("received {frame}, error code {code}");
                says(&[(&raw, kind, transient)]);
            }
        }
    }
    // A number of something else.
    let other = text("the worker stopped, error code 2").map(|class| class.kind);
    assert_ne!(other, Some(ConnectionReset));
}

#[test]
fn what_a_bracket_guesses_did_not_happen() {
    use FailureKind::*;
    says(&[
        (
            "Timeout after connect (your server may be slow or overloaded)",
            TimeoutHead,
            true,
        ),
        (
            "read ECONNRESET (the certificate might be invalid)",
            ConnectionReset,
            true,
        ),
    ]);
}

#[test]
fn what_says_more_is_believed() {
    use FailureKind::*;
    says(&[
        // A remark that guesses.
        (
            "Connection refused \u{2014} a firewall or proxy may be blocking it (ECONNREFUSED)",
            ConnectionRefused,
            true,
        ),
        // What stands behind a dash is no guess for its "may be".
        (
            "Error code: 429 - {'error': {'code': 'insufficient_quota', 'message': 'Credits may be added'}}",
            QuotaExhausted,
            false,
        ),
        (
            "Request failed - only 5 requests may be made per second, limit exceeded",
            RateLimited,
            true,
        ),
        // The reason behind a class that is named for a status.
        (
            "x.ServiceUnavailableError: YException - Could not contact DNS servers",
            Dns,
            true,
        ),
        ("x.ServiceUnavailableError: Y", BadGateway, true),
        // Who did it.
        (
            "An existing connection was forced to be canceled by the remote host.",
            ConnectionReset,
            true,
        ),
        ("the operation was canceled", Cancelled, false),
        // What is said of everything that may pass.
        (
            "There was a network error. Please try again later.",
            ConnectionClosed,
            true,
        ),
        ("No luck. Please try again later.", Overloaded, true),
    ]);
}

#[test]
fn a_code_of_windows_is_known_without_its_facility() {
    use FailureKind::*;
    says(&[
        ("WIN32[0x00002EE2]WinHttpSendRequest", TimeoutHead, true),
        ("request failed: 0x00002EE7", Dns, true),
        ("request failed: 0x00002EFD", ConnectionRefused, true),
    ]);
}

#[test]
fn what_a_proxy_met_is_told_from_what_it_said() {
    use FailureKind::*;
    says(&[
        (
            "tunneling socket could not be established, cause=read ECONNRESET",
            Proxy,
            true,
        ),
        (
            "tunneling socket could not be established, cause=connect ETIMEDOUT 192.0.2.1:80",
            Proxy,
            true,
        ),
        (
            "tunneling socket could not be established, statusCode=400",
            Proxy,
            false,
        ),
        (
            "curl: (7) Failed to connect to example.com port 443 after 407 ms: Couldn't connect to server",
            ConnectionRefused,
            true,
        ),
    ]);
}

#[test]
fn a_time_limit_is_known_in_the_words_of_what_waited() {
    use FailureKind::*;
    says(&[
        (
            "connection error: delay between messages too long",
            TimeoutIdle,
            true,
        ),
        ("read: Resource temporarily unavailable", TimeoutHead, true),
        (
            "ConnectException: cURL error 28: Operation timed out after 30001 milliseconds with 0 bytes received",
            TimeoutHead,
            true,
        ),
        (
            "<socket: 9>: hGetBufSome: timeout (Connection timed out)",
            TimeoutHead,
            true,
        ),
        (
            "curl: (28) Failed to connect to example.com port 443 after 130 ms: Timeout was reached",
            TimeoutConnect,
            true,
        ),
    ]);
}

#[test]
fn a_handshake_and_a_certificate_are_known_in_other_words() {
    use FailureKind::*;
    says(&[
        (
            "Can't connect to example.com:443 (SSL connect attempt failed)",
            TlsOther,
            false,
        ),
        ("error 29: subject issuer mismatch", TlsUntrusted, false),
        (
            "Le nom d'hôte ne correspondait à aucun des hôtes valides pour ce certificat",
            TlsName,
            false,
        ),
        (
            "Der Name im Zertifikat stimmt nicht mit dem Server überein",
            TlsName,
            false,
        ),
    ]);
}

#[test]
fn a_reason_of_quic_is_known_in_its_own_words() {
    use FailureKind::*;
    says(&[
        (
            "the connection is being closed abruptly in the absence of any error",
            ConnectionClosed,
            true,
        ),
        (
            "server refused to accept a new connection",
            ConnectionRefused,
            true,
        ),
        (
            "The pending stream has been canceled",
            ConnectionClosed,
            true,
        ),
    ]);
}

#[test]
fn a_connection_that_was_not_made_was_not_closed() {
    use FailureKind::*;
    says(&[
        (
            "Connection 95: failed to connect 1:50, reason -1",
            ConnectionRefused,
            true,
        ),
        ("failed to connect", ConnectionRefused, true),
        ("failed to connect: unexpected EOF", ConnectionClosed, true),
    ]);
}

#[test]
fn what_is_averted_did_not_happen_unless_something_was_turned_down() {
    use FailureKind::*;
    says(&[
        ("The response is not a valid JSON", Decode, true),
        (
            "402: this is not a valid credit card",
            QuotaExhausted,
            false,
        ),
        ("Request rejected to prevent overload", Overloaded, true),
        ("The call was throttled to avoid overload", Overloaded, true),
    ]);
    for raw in [
        "We keep queues short to prevent overload",
        "One call was rejected. We keep queues short to prevent overload",
        "this is not a timeout",
    ] {
        assert_eq!(text(raw), None, "{raw}");
    }
}

#[test]
fn a_cause_in_a_bracket_is_no_place_in_a_program() {
    use FailureKind::*;
    says(&[
        (
            "request failed at HttpClient.send (connection reset by peer)",
            ConnectionReset,
            true,
        ),
        (
            "request failed at HttpClient.send (ECONNRESET)",
            ConnectionReset,
            true,
        ),
        ("failed at Client.post (401 Unauthorized)", Auth, false),
        (
            "error at connect (connect ECONNREFUSED 127.0.0.1:11434)",
            ConnectionRefused,
            true,
        ),
    ]);
}

#[test]
fn what_broke_is_not_guessed_from_what_is_spoken_of() {
    use FailureKind::*;
    says(&[
        (
            "Network error while connecting over TLS",
            ConnectionClosed,
            true,
        ),
        (
            "POST /x HTTP/1.1: network error, reason unknown",
            ConnectionClosed,
            true,
        ),
        (
            "TypeError: terminated (network error)",
            StreamTruncated,
            true,
        ),
        ("net::ERR_ALPN_NEGOTIATION_FAILED", TlsOther, false),
        (
            "ERROR request failed: net::ERR_ALPN_NEGOTIATION_FAILED",
            TlsOther,
            false,
        ),
    ]);
}

#[test]
fn the_reason_behind_a_class_that_is_named_for_a_status_is_one_of_a_gateway() {
    use FailureKind::*;
    says(&[
        (
            "ServiceUnavailableError: permission service is down",
            BadGateway,
            true,
        ),
        (
            "ServiceUnavailableError: request was cancelled in the queue",
            BadGateway,
            true,
        ),
        (
            "ServiceUnavailableError: the request timed out",
            TimeoutHead,
            true,
        ),
        (
            "ServiceUnavailableError: overloaded. Request failed: the operation was canceled",
            Overloaded,
            true,
        ),
        (
            "x.ServiceUnavailableError: YException - Rate limit exceeded, please wait",
            RateLimited,
            true,
        ),
        (
            "ServiceUnavailableError: too many requests",
            RateLimited,
            true,
        ),
        (
            "x.ServiceUnavailableError: certificate verify failed: unable to get local issuer certificate",
            TlsUntrusted,
            false,
        ),
        (
            "ServiceUnavailableError: certificate has expired (_ssl.c:1007)",
            TlsExpired,
            false,
        ),
        (
            "ServiceUnavailableError: Hostname mismatch, certificate is not valid for 'a.example'",
            TlsName,
            false,
        ),
        (
            "x.ServiceUnavailableError: ProxyError - Tunnel connection failed: 403 Forbidden",
            Proxy,
            false,
        ),
        // A status says more than a name.
        (
            "ServiceUnavailableError: HTTP 401 Unauthorized",
            Auth,
            false,
        ),
    ]);
    let raw = "ServiceUnavailableError: connection refused by the ledger";
    let class = text(raw).unwrap();
    assert_eq!(class.kind, ConnectionRefused);
    assert_eq!(class.delivery, Delivery::Unknown);
    assert_eq!(class.phase, Phase::Head);
}

#[test]
fn the_end_of_a_sentence_makes_no_label() {
    use FailureKind::*;
    says(&[
        ("Request rejected by rate-limiter.", RateLimited, true),
        ("Request rejected by rate-limiter", RateLimited, true),
        ("rateLimiter.check: ECONNRESET", ConnectionReset, true),
    ]);
}
