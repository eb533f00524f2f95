//! When to come back, and whether at all.

use super::*;

#[test]
fn hints_come_from_the_headers_and_then_from_the_body() {
    let after = |class: Option<Classification>| class?.hint?.after();
    let body = r#"{"error":{"code":429,"details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.4s"}]}}"#;
    assert_eq!(after(ask(429, body)), Some(Duration::from_millis(34_400)));
    let mut headers = HeaderMap::new();
    headers.insert("retry-after", HeaderValue::from_static("7"));
    let status = Some(StatusCode::TOO_MANY_REQUESTS);
    let class = super::body(status, &headers, body.as_bytes());
    assert_eq!(after(class), Some(Duration::from_secs(7)));
    for (body, seconds) in [
        (r#"{"retry_after":120}"#, 120),
        ("Please try again in 20s.", 20),
        (
            r#"{"error":{"type":"usage_limit_reached","resets_in_seconds":16512}}"#,
            16_512,
        ),
    ] {
        assert_eq!(
            after(ask(429, body)),
            Some(Duration::from_secs(seconds)),
            "{body}"
        );
    }
}

#[test]
fn a_client_that_waits_was_not_asked_to() {
    let after = |said: &str| {
        super::body(None, &HeaderMap::new(), said.as_bytes())?
            .hint?
            .after()
    };
    let waits = |seconds| Some(Duration::from_secs(seconds));
    assert_eq!(after("Connection error. Retrying in 3 seconds"), None);
    assert_eq!(after("Too many requests. Retrying in 3 seconds"), None);
    // It would not wait so long by itself.
    assert_eq!(
        after("Too many requests. Retrying in 2892 seconds"),
        waits(2892)
    );
    assert_eq!(
        after("Too many requests, try again in 9s. Retrying in 3s"),
        waits(9)
    );
}

#[test]
fn who_has_to_wait_for_hours_has_used_up_a_quota() {
    let class = ask(
        429,
        r#"{"error":{"code":429,"message":"Please try again in 3h"}}"#,
    )
    .unwrap();
    assert_eq!((class.kind, class.transient), (QuotaExhausted, false));
    assert!(class.hint.unwrap().after().unwrap() > LONG_WAIT);
    // An hour is still a wait.
    for wait in ["30m", "1h"] {
        let body = format!(r#"{{"error":{{"code":429,"message":"Please try again in {wait}"}}}}"#);
        let class = ask(429, &body).unwrap();
        assert_eq!((class.kind, class.transient), (RateLimited, true), "{wait}");
    }
}

#[test]
fn a_server_may_say_whether_to_try_again() {
    let with = |said: &'static str, status: u16, body: &str| {
        let mut headers = HeaderMap::new();
        headers.insert("x-should-retry", HeaderValue::from_static(said));
        let status = StatusCode::from_u16(status).ok();
        super::body(status, &headers, body.as_bytes())
            .unwrap()
            .transient
    };
    let overloaded = r#"{"error":{"type":"overloaded_error"}}"#;
    let spent = r#"{"error":{"type":"insufficient_quota"}}"#;
    assert!(!with("false", 529, overloaded));
    assert!(with("true", 409, "{}"));
    // What is used up stays so.
    assert!(!with("true", 429, spent));
    assert!(
        !ask(503, r#"{"error":"x","retryable":false}"#)
            .unwrap()
            .transient
    );
    assert!(
        ask(409, r#"{"error":"x","retryable":true}"#)
            .unwrap()
            .transient
    );
}
