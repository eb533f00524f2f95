//! What stands behind a name that says little, and what says less than a status beside it.

use super::*;

#[test]
fn what_a_client_met_last_is_why_it_gave_up() {
    use FailureKind::*;
    for (raw, kind) in [
        (
            "Timeout of 60.0s exceeded, last exception: 503 failed to connect to all addresses",
            ConnectionRefused,
        ),
        (
            "Timeout of 600.0s exceeded, last exception: 503 failed to connect to all addresses; last error: UNKNOWN: ipv4:10.0.0.1:443: Failed to connect to remote host: Connection refused",
            ConnectionRefused,
        ),
        (
            "RetryError: Timeout of 120.0s exceeded, last exception: 503 failed to connect to all addresses; last error: UNAVAILABLE: tcp handshaker shutdown",
            ConnectionRefused,
        ),
        (
            "Timeout of 600.0s exceeded, last exception: 429 Resource has been exhausted (e.g. check quota).",
            RateLimited,
        ),
        (
            "Timeout of 600.0s exceeded, last exception: 503 Deadline Exceeded",
            TimeoutHead,
        ),
        // urllib3's wrapper, and the name of an errno.
        ("ConnectionError: Connection aborted", ConnectionClosed),
        (
            r#"{"error_type":"ConnectionError","message":"Connection aborted."}"#,
            ConnectionClosed,
        ),
        (
            "ConnectionAbortedError: Connection aborted",
            ConnectionReset,
        ),
    ] {
        assert_eq!(text(raw).map(|class| class.kind), Some(kind), "{raw}");
    }
}

#[test]
fn a_record_that_was_damaged_on_its_way_may_arrive_the_next_time() {
    for (raw, transient) in [
        (
            "hyper::Error(Body, Custom { kind: InvalidData, error: DecryptError })",
            true,
        ),
        (
            "error reading a body from connection: cannot decrypt peer's message",
            true,
        ),
        (
            "stream failed: reqwest::Error { kind: Body, source: Custom { kind: InvalidData, error: DecryptError } }",
            true,
        ),
        // Keys that do not fit.
        (
            "hyper::Error(Connect, Custom { kind: Other, error: Custom { kind: InvalidData, error: DecryptError } })",
            false,
        ),
        ("received fatal alert: DecryptError while streaming", false),
    ] {
        let class = text(raw).expect(raw);
        assert_eq!(class.kind, FailureKind::TlsOther, "{raw}");
        assert_eq!(class.transient, transient, "{raw}");
    }
}

#[test]
fn a_wait_is_told_by_what_it_was_for() {
    use FailureKind::*;
    for (raw, kind) in [
        ("error decoding response body: timeout", TimeoutIdle),
        (
            "error decoding response body: request or response body error: deadline has elapsed",
            TimeoutIdle,
        ),
        (
            "no usable model event within the first-progress deadline",
            TimeoutFirstEvent,
        ),
        (
            "no event from the model within the startup deadline",
            TimeoutHead,
        ),
        ("no usable response within its 90 s deadline", TimeoutHead),
        ("model stopped sending tokens: aborting", TimeoutIdle),
        ("stream made no progress for 120s", TimeoutIdle),
        (
            "stream: no progress in 30s while reading the response",
            TimeoutIdle,
        ),
        (
            "upstream closed the stream before sending [DONE]",
            StreamTruncated,
        ),
        (
            "Stream completed without receiving message_start event",
            StreamTruncated,
        ),
        (
            "Stream completed without receiving a message_stop event",
            StreamTruncated,
        ),
        (
            "SSE stream completed without message_delta",
            StreamTruncated,
        ),
        (
            "Server timeout elapsed without receiving a message from the server.",
            TimeoutIdle,
        ),
    ] {
        assert_eq!(text(raw).map(|class| class.kind), Some(kind), "{raw}");
    }
}

#[test]
fn a_status_of_one_meaning_outweighs_who_is_named_beside_it() {
    use FailureKind::*;
    for (raw, kind) in [
        ("529 Upstream provider NIM returned an error.", Overloaded),
        ("API Error 529: upstream error", Overloaded),
        ("HTTP 529: internal server error", Overloaded),
        // This one has two.
        ("HTTP 503: upstream error", BadGateway),
        (
            "HTTP 502: the server, while acting as a gateway or proxy, received an invalid response from the upstream server",
            BadGateway,
        ),
    ] {
        assert_eq!(text(raw).map(|class| class.kind), Some(kind), "{raw}");
    }
}

#[test]
fn too_many_of_what_somebody_sends_is_a_rate() {
    use FailureKind::*;
    for (raw, kind) in [
        (
            "You are sending too many messages. Try again later.",
            RateLimited,
        ),
        ("You have sent too many prompts", RateLimited),
        ("ChatError: too many messages, try again later", RateLimited),
        ("Too many queries. Please slow down.", RateLimited),
    ] {
        assert_eq!(text(raw).map(|class| class.kind), Some(kind), "{raw}");
    }
}

#[test]
fn what_does_not_go_together_is_the_fault_of_the_request() {
    use FailureKind::*;
    for raw in [
        "thinking_budget is not supported with speculative decoding in the server.",
        "top_logprobs cannot be used together with speculative decoding",
        "response_format is not supported when tools are given",
        "temperature and top_p cannot be combined",
    ] {
        assert_eq!(text(raw).map(|class| class.kind), Some(BadRequest), "{raw}");
    }
    let raw = "TLS 1.3 is not supported with this cipher";
    assert_ne!(text(raw).map(|class| class.kind), Some(BadRequest));
}

#[test]
fn a_handshake_without_a_certificate_says_nothing_of_one() {
    use FailureKind::*;
    let context = r#"verify_result: Err(X509VerifyError { code: 65, error: "Invalid certificate verification context" })"#;
    for (raw, kind) in [
        (
            format!(
                r#"Error(Connect, Failure(MidHandshakeSslStream {{ ssl: Ssl {{ state: "TLS client read_server_hello", {context} }}, error: Error {{ code: ErrorCode(5), cause: None }} }}))"#
            ),
            ConnectionReset,
        ),
        (
            format!("SSL state read server hello, {context}, error: ErrorCode(5), cause: None"),
            ConnectionReset,
        ),
        (
            r#"MidHandshakeSslStream { ssl: Ssl { state: "read_server_certificate", verify_result: Err(X509VerifyError { code: 20, error: "unable to get local issuer certificate" }) }, error: Error { code: ErrorCode(1), cause: Some(Ssl(certificate verify failed)) } }"#
                .to_owned(),
            TlsUntrusted,
        ),
    ] {
        assert_eq!(text(&raw).map(|class| class.kind), Some(kind), "{raw}");
    }
}

#[test]
fn numbers_of_darwin_are_read_as_its_own() {
    use FailureKind::*;
    for (raw, kind) in [
        (
            r#"Error Domain=NSPOSIXErrorDomain Code=100 "Protocol error""#,
            Protocol,
        ),
        ("NSPOSIXErrorDomain Code=64", Unreachable),
        ("NSPOSIXErrorDomain Code=50", Unreachable),
        ("NSPOSIXErrorDomain error 53", ConnectionReset),
        // Elsewhere: a network that is down, and a name that is gone.
        ("[Errno 100] it broke", Unreachable),
        ("it broke (os error 64)", ConnectionReset),
    ] {
        assert_eq!(text(raw).map(|class| class.kind), Some(kind), "{raw}");
    }
}

#[test]
fn who_could_not_be_reached_did_not_answer() {
    for raw in [
        "Ollama at http://localhost:11434 could not be reached while requesting a response",
        "The server cannot be reached",
        "model endpoint http://10.0.0.3:8000/v1 is not reachable",
        "provider couldn't be reached while listing models",
    ] {
        let kind = text(raw).map(|class| class.kind);
        assert_eq!(kind, Some(FailureKind::ConnectionRefused), "{raw}");
    }
    assert_eq!(text("The customer could not be reached"), None);
}

#[test]
fn what_cannot_be_read_within_a_stream_is_told_from_what_broke_it() {
    use FailureKind::*;
    for (raw, kind) in [
        ("stream chunk parse error", Decode),
        ("response streaming event parse error", Decode),
        ("stream failed: HTTP parse error", Protocol),
        ("Error: Parse Error: Expected HTTP/", Protocol),
        ("WebSocket failed: Expected 101 status code", Protocol),
    ] {
        assert_eq!(text(raw).map(|class| class.kind), Some(kind), "{raw}");
    }
}

#[test]
fn an_url_that_nobody_can_open_is_the_fault_of_the_request() {
    let raw = "urllib.error.URLError: <urlopen error unknown url type: https>";
    assert_eq!(
        text(raw).map(|class| class.kind),
        Some(FailureKind::BadRequest)
    );
}
