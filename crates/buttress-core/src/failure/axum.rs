//! A failure as the answer of an axum handler.

use super::{Failure, words};
use crate::hint::SHOULD_RETRY;
use axum_core::body::Body;
use axum_core::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use std::fmt::{self, Write};

/// A problem document (RFC 9457), so that handlers can return `Result<_, Failure>`.
///
/// Its detail is what `{:#}` prints: the whole explanation, if the failure comes from a client with
/// a `HumanizeLayer`. The [status](Failure::response_status), `Retry-After`, `x-should-retry` and
/// `Cache-Control: no-store` are set, and the failure travels in the response's extensions, so that
/// layers around the router see it.
///
/// A handler knows nothing of what the request accepts. Where it matters, put a `HumanizeLayer` in
/// response mode around a service that fails, instead of answering for it.
///
/// ```
/// use axum_core::response::IntoResponse;
/// use buttress_core::{Failure, FailureKind};
///
/// async fn handler() -> Result<String, Failure> {
///     Err(Failure::new(FailureKind::Overloaded))
/// }
///
/// # let mut call = std::pin::pin!(handler());
/// # let waker = std::task::Waker::noop();
/// # let mut cx = std::task::Context::from_waker(waker);
/// # let std::task::Poll::Ready(outcome) = call.as_mut().poll(&mut cx) else { unreachable!() };
/// let response = outcome.into_response();
/// assert_eq!(response.status(), 503);
/// assert_eq!(response.headers()["content-type"], "application/problem+json");
/// ```
impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let code = self.kind().code();
        let status = self.response_status();
        let document = format!(
            "{{\n  \"type\": \"urn:buttress:problem:{code}\",\n  \"title\": {},\n  \"status\": {},\n  \
             \"detail\": {},\n  \"code\": \"{code}\",\n  \"may_retry\": {}\n}}\n",
            Json(words::happened(self.kind())),
            status.as_u16(),
            Json(&format!("{self:#}")),
            self.may_be_retried(),
        );
        let mut response = Response::new(Body::from(document));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after_seconds() {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if !self.may_be_retried() {
            headers.insert(SHOULD_RETRY, HeaderValue::from_static("false"));
        }
        self.attach(response.extensions_mut());
        response
    }
}

/// A JSON string (RFC 8259, section 7).
struct Json<'a>(&'a str);

impl fmt::Display for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for c in self.0.chars() {
            match c {
                '"' | '\\' => write!(f, "\\{c}")?,
                c if c.is_control() => write!(f, "\\u{:04x}", u32::from(c))?,
                c => f.write_char(c)?,
            }
        }
        f.write_char('"')
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FailureKind, Hint, StopReason};
    use http_body_util::BodyExt;
    use std::sync::Arc;
    use std::time::Duration;

    #[tokio::test]
    async fn a_failure_is_a_problem_document() {
        let words = "It \"broke\"\r\n\u{1b}[2J\\ for good.";
        let response = Failure::new(FailureKind::ConnectionReset)
            .with_source("sk-secret")
            .with_stopped(StopReason::Attempts)
            .with_words(Arc::new(words))
            .into_response();
        assert_eq!(response.status(), 502);
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert_eq!(response.headers()["x-should-retry"], "false");
        assert!(!response.headers().contains_key("retry-after"));
        assert_eq!(
            response.headers()["content-type"],
            "application/problem+json"
        );
        let kind = Failure::of(response.extensions()).unwrap().kind();
        assert_eq!(kind, FailureKind::ConnectionReset);
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let problem: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(problem["detail"], words);
        assert_eq!(problem["status"], 502);
        assert_eq!(problem["type"], "urn:buttress:problem:connection_reset");
        assert_eq!(problem["may_retry"], false);
    }

    #[test]
    fn it_says_when_to_come_back() {
        for (millis, seconds) in [(7000, "7"), (7001, "8"), (0, "0")] {
            let hint = Hint::after_delay(Duration::from_millis(millis));
            let failure = Failure::new(FailureKind::RateLimited).with_hint(hint);
            let response = failure.into_response();
            assert_eq!(response.headers()["retry-after"], seconds);
            assert!(!response.headers().contains_key("x-should-retry"));
        }
    }
}
