//! A gRPC call that failed before its first message.

use super::Classification;
use crate::hint::Hint;
use crate::{Delivery, FailureKind, Phase, time};
use http::header::HeaderName;
use http::{HeaderMap, StatusCode};

const GRPC_STATUS: HeaderName = HeaderName::from_static("grpc-status");

/// Classifies the head of an answer by its `grpc-status`: `None` without one, and when it is 0.
///
/// A server that has nothing to send but its failure puts the trailers in the place of the headers
/// ("Trailers-Only" in gRPC over HTTP/2). A status behind messages is in the trailers, and none of
/// this function's business: gRPC does not retry such a call either (gRFC A6, "When Retries are
/// Valid").
///
/// | status | kind | transient |
/// |---|---|---|
/// | 14 `UNAVAILABLE` | overloaded | yes: "most likely a transient condition" (gRPC, status codes) |
/// | 8 `RESOURCE_EXHAUSTED` | rate limited | no: it may be a quota or a disk, "perhaps a per-user quota" |
/// | 4 `DEADLINE_EXCEEDED` | total time | no: it was the caller's |
/// | 1 `CANCELLED` | cancelled | no |
/// | 16 `UNAUTHENTICATED`, 7 `PERMISSION_DENIED` | auth, permission | no |
/// | 5 `NOT_FOUND`, 12 `UNIMPLEMENTED` | not found | no |
/// | 3 `INVALID_ARGUMENT`, 6 `ALREADY_EXISTS`, 9 `FAILED_PRECONDITION`, 11 `OUT_OF_RANGE` | bad request | no |
/// | 2 `UNKNOWN`, 10 `ABORTED`, 13 `INTERNAL`, 15 `DATA_LOSS`, others | server error | no |
///
/// The server has the last word: with a `grpc-retry-pushback-ms` any status is transient after that
/// time, and none when it is negative or no number (gRFC A6, "Pushback").
///
/// ```
/// use buttress_core::{FailureKind, classify};
/// use http::{HeaderMap, HeaderValue, StatusCode};
///
/// let mut headers = HeaderMap::new();
/// headers.insert("grpc-status", HeaderValue::from_static("14"));
/// let class = classify::grpc(StatusCode::OK, &headers).expect("a failure");
/// assert_eq!((class.kind, class.transient), (FailureKind::Overloaded, true));
///
/// headers.insert("grpc-retry-pushback-ms", HeaderValue::from_static("-1"));
/// let class = classify::grpc(StatusCode::OK, &headers).expect("a failure");
/// assert!(!class.transient);
/// ```
#[inline]
#[must_use]
pub fn grpc(status: StatusCode, headers: &HeaderMap) -> Option<Classification> {
    let code = headers.get(GRPC_STATUS)?.as_bytes();
    (code != b"0").then(|| failed(code, status, headers))
}

#[cold]
fn failed(code: &[u8], status: StatusCode, headers: &HeaderMap) -> Classification {
    let hint = Hint::from_headers(headers, time::wall_clock());
    let kind = match code {
        b"1" => FailureKind::Cancelled,
        b"3" | b"6" | b"9" | b"11" => FailureKind::BadRequest,
        b"4" => FailureKind::TimeoutTotal,
        b"5" | b"12" => FailureKind::NotFound,
        b"7" => FailureKind::Permission,
        b"8" => FailureKind::RateLimited,
        b"14" => FailureKind::Overloaded,
        b"16" => FailureKind::Auth,
        _ => FailureKind::ServerError,
    };
    let transient = match hint {
        Some(hint) => hint
            .retry()
            .unwrap_or(hint.after().is_some() || code == b"14"),
        None => code == b"14",
    };
    Classification {
        hint,
        ..Classification::new(kind, Phase::Head)
            .with_delivery(Delivery::Answered(status))
            .with_transient(transient)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;
    use std::time::Duration;

    #[test]
    fn each_status_and_pushback() {
        let millis = |n| Some(Duration::from_millis(n));
        for (status, pushback, expected) in [
            ("0", None, None),
            ("0", Some("250"), None),
            ("1", None, Some((FailureKind::Cancelled, false, None))),
            ("2", None, Some((FailureKind::ServerError, false, None))),
            ("3", None, Some((FailureKind::BadRequest, false, None))),
            ("4", None, Some((FailureKind::TimeoutTotal, false, None))),
            ("5", None, Some((FailureKind::NotFound, false, None))),
            ("6", None, Some((FailureKind::BadRequest, false, None))),
            ("7", None, Some((FailureKind::Permission, false, None))),
            ("8", None, Some((FailureKind::RateLimited, false, None))),
            (
                "8",
                Some("250"),
                Some((FailureKind::RateLimited, true, millis(250))),
            ),
            (
                "8",
                Some("-1"),
                Some((FailureKind::RateLimited, false, None)),
            ),
            ("9", None, Some((FailureKind::BadRequest, false, None))),
            ("10", None, Some((FailureKind::ServerError, false, None))),
            ("11", None, Some((FailureKind::BadRequest, false, None))),
            ("12", None, Some((FailureKind::NotFound, false, None))),
            ("13", None, Some((FailureKind::ServerError, false, None))),
            (
                "13",
                Some("0"),
                Some((FailureKind::ServerError, true, millis(0))),
            ),
            ("14", None, Some((FailureKind::Overloaded, true, None))),
            (
                "14",
                Some("250"),
                Some((FailureKind::Overloaded, true, millis(250))),
            ),
            (
                "14",
                Some("-1"),
                Some((FailureKind::Overloaded, false, None)),
            ),
            (
                "14",
                Some("soon"),
                Some((FailureKind::Overloaded, false, None)),
            ),
            ("15", None, Some((FailureKind::ServerError, false, None))),
            ("16", None, Some((FailureKind::Auth, false, None))),
            ("99", None, Some((FailureKind::ServerError, false, None))),
            ("", None, Some((FailureKind::ServerError, false, None))),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(GRPC_STATUS, HeaderValue::from_static(status));
            if let Some(pushback) = pushback {
                headers.insert("grpc-retry-pushback-ms", HeaderValue::from_static(pushback));
            }
            let class = grpc(StatusCode::OK, &headers);
            let found = class.map(|class| {
                assert_eq!(class.delivery, Delivery::Answered(StatusCode::OK));
                (
                    class.kind,
                    class.transient,
                    class.hint.and_then(Hint::after),
                )
            });
            assert_eq!(found, expected, "{status} {pushback:?}");
        }
        assert_eq!(grpc(StatusCode::OK, &HeaderMap::new()), None);
    }
}
