//! Texts in which words of a failure stand for something else.

use super::*;
use http::{HeaderMap, StatusCode};

#[test]
fn words_of_other_trades_say_nothing_of_connections() {
    use FailureKind::*;
    let misread = [
        ("Unhandled critical error in worker", TlsUntrusted),
        ("OIDC discovery failed: issuer mismatch", TlsUntrusted),
        ("unable to fetch issuer public key", TlsUntrusted),
        ("device serial number mismatch", TlsUntrusted),
        ("password key too weak", TlsUntrusted),
        ("LDAP subtree violation", TlsUntrusted),
        (
            "The requested API version does not match any supported version",
            TlsOther,
        ),
        ("There are no recent backups for this database", TimeoutIdle),
        ("no recent payments on your account", TimeoutIdle),
        ("bash: fork: Resource temporarily unavailable", TimeoutHead),
        (
            "pthread_create failed: Resource temporarily unavailable",
            TimeoutHead,
        ),
        ("charset autodetection failed", Proxy),
        ("JSON: unescaped characters in string", BadRequest),
        (
            "Binance error code: -1003, way too much request weight used",
            Dns,
        ),
        ("error code -1001 DISCONNECTED internal", TimeoutHead),
        ("at 0x00002af9deadbeef segfault", Dns),
        ("location parser failed for address 3", BadRequest),
        (
            "Access denied: connect to the API from within your VPC",
            TimeoutConnect,
        ),
        (
            "An encrypted connection could not be established",
            BadRequest,
        ),
        ("Password rejected by the remote host", ConnectionReset),
        ("Extension not supported by peer", ConnectionReset),
        (
            "The user aborted a request; stream closed by the server",
            ConnectionClosed,
        ),
        (
            "Please use the login page instead of posting a password",
            CaptivePortal,
        ),
        ("Projects with no activity are archived", TimeoutIdle),
        ("response cut by safety guardrails", StreamTruncated),
        ("response cut by max_tokens", StreamTruncated),
        ("max inputs per batch is 2048", ContextLength),
        ("max_input_images is 4", ContextLength),
        (
            "listen tcp :8080: bind: Only one usage of each socket address",
            Unreachable,
        ),
        ("failed to reach quorum", ConnectionRefused),
        ("the endpoint encountered an internal error", Protocol),
        ("proxy latency 407 tokens", Proxy),
        ("500 tokens generated before socket hang up", ServerError),
        ("usage: 502 tokens, 503 ms", BadGateway),
        ("rateLimiter: connection lost", RateLimited),
        (
            "socket hang up at RateLimitPlugin.check (ratelimit.js:10:3)",
            RateLimited,
        ),
        ("[RateLimiter] connection reset by peer", RateLimited),
        (
            "overload_manager.py:88: connection reset by peer",
            Overloaded,
        ),
        (
            "FATAL: remaining connection slots are reserved for superuser connections",
            Permission,
        ),
    ]
    .map(|(raw, wrong)| (text(raw).map(|class| class.kind) == Some(wrong)).then_some(raw));
    assert_eq!(misread.iter().flatten().collect::<Vec<_>>(), [&""; 0]);
}

#[test]
fn mistakes_of_programs_say_nothing_of_connections() {
    for raw in [
        "KeyError: 'network'",
        "ImportError: cannot import name 'connection'",
        "TypeError: connect() missing 1 required positional argument",
        "Invalid connection string",
        "network failover completed",
        "Error generating certificate PDF",
        "certificate issued by R3",
        "bad connection",
        "report.pdf (certificate) issued: the header is 3 lines",
    ] {
        assert_eq!(text(raw), None, "{raw}");
    }
}

#[test]
fn words_of_other_trades_say_nothing_of_callers() {
    use FailureKind::*;
    for (status, raw, wrong) in [
        (
            403,
            "Your request was blocked by our content moderation",
            Permission,
        ),
        (
            400,
            "The request was blocked due to content policy",
            Permission,
        ),
        (
            400,
            "`thinking` can only be used with temperature 1",
            Permission,
        ),
        (422, "The field only allows strings", Permission),
        (
            500,
            "CUDA ran out of memory. Reduce the number of concurrent requests",
            QuotaExhausted,
        ),
        (
            503,
            "worker ran out of threads to handle requests",
            QuotaExhausted,
        ),
        (
            500,
            "disk ran out of inodes, 12 calls affected",
            QuotaExhausted,
        ),
        (
            504,
            "30s spent waiting for the billing service",
            QuotaExhausted,
        ),
        (503, "To safeguard the system we shed load", ContentFiltered),
        (500, "fundTransfer: boom", QuotaExhausted),
        (400, "wrong model input shape: expected (1,3)", NotFound),
        (
            503,
            r#"{"message":"Resource temporarily unavailable, please retry"}"#,
            TimeoutHead,
        ),
        (
            429,
            "Too many requests. Limits help us avoid overload.",
            Overloaded,
        ),
        (
            429,
            r#"{"error":{"code":"rate_limit_exceeded","message":"Rate limit reached. Space requests so that no server gets overload"}}"#,
            Overloaded,
        ),
        (
            500,
            "NullPointerException at com.acme.QuotaExceededFilter.doFilter(QuotaExceededFilter.java:3)",
            QuotaExhausted,
        ),
        (502, "proxy/ratelimit/limiter.go:44: boom", RateLimited),
    ] {
        let status = StatusCode::from_u16(status).unwrap();
        let class = crate::classify::body(Some(status), &HeaderMap::new(), raw.as_bytes());
        assert_ne!(class.map(|class| class.kind), Some(wrong), "{raw}");
    }
}

/// What shares words with a rule and says something else.
#[test]
fn words_of_a_rule_that_are_about_something_else_are_left_to_the_others() {
    use FailureKind::*;
    let misread = [
        (
            "The number of tokens per minute cannot exceed 40000. Please try again in 20s.",
            RateLimited,
            true,
        ),
        (
            "connection reset by peer (automatic retry not supported for HTTP method POST)",
            ConnectionReset,
            true,
        ),
        (
            "WebSocket upgrade failed: expected 101, got 503",
            BadGateway,
            true,
        ),
        (
            "WebSocket upgrade failed: expected 101, got 429",
            RateLimited,
            true,
        ),
        (
            "stream disconnected before completion: resuming is not supported when store is off",
            StreamTruncated,
            true,
        ),
        (
            "Could not open CONNECT tunnel with proxy p:8080: Connection reset by peer",
            ConnectionReset,
            true,
        ),
        (
            "Tunnel connection failed: 502 Bad Gateway: acting as a gateway or proxy, received an invalid response from an inbound server",
            Proxy,
            true,
        ),
        (
            "BadRequestError: you have sent too many images (max 20)",
            BadRequest,
            false,
        ),
        ("The server sent too many redirects", Protocol, false),
        ("Monthly allocated quota exceeded", QuotaExhausted, false),
    ]
    .map(|(raw, kind, transient)| {
        let said = text(raw).map(|class| (class.kind, class.transient));
        (said != Some((kind, transient))).then_some((raw, said))
    });
    assert_eq!(
        misread.iter().flatten().collect::<Vec<_>>(),
        [&("", None); 0]
    );
}

/// Who is told so sends a request again that must not have its effect twice.
#[test]
fn no_number_proves_that_a_request_was_not_processed() {
    for raw in [
        "HTTP/2 server replied: payment booked, mailer failed with code 7",
        "node:internal/http2: child process exited with code 7",
        "HTTP/2 stream error: plugin failed with code 7",
        "GOAWAY received, error code 7, last stream 5",
        "<StreamReset stream_id:3, error_code:7>",
    ] {
        let told = text(raw).map(|class| class.delivery);
        assert_ne!(told, Some(Delivery::Refused), "{raw}");
    }
}
