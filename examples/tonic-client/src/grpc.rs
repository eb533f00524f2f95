//! What gRPC says in its own way, for the layers outside: the status of a call that failed, when to
//! come back, and by when the caller must have its answer.

use buttress::hint::Hint;
use buttress::time::wall_clock;
use buttress::{BoxError, Deadline, Delivery, Failure, FailureKind, ReplayBody};
use http::{HeaderMap, HeaderValue, Request, Response};
use pin_project_lite::pin_project;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tonic::body::Body;
use tonic::{Code, Status};
use tower::{Layer, Service};

/// Place it below retry, above the channel.
///
/// - A response without any message that fails (trailers only: its `grpc-status` is among the
///   headers) gets the [`Failure`] that it stands for, so that a retry acts on it: see [`failure`].
///   One that fails after messages is passed on: gRPC does not retry it either (gRFC A6).
/// - A request with a [`Deadline`] tells it to the server as `grpc-timeout`, in each attempt anew.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::exhaustive_structs, reason = "there is nothing to set")]
pub struct GrpcLayer;

/// The service of a [`GrpcLayer`].
#[derive(Clone, Debug)]
pub struct GrpcService<S> {
    inner: S,
}

impl<S> Layer<S> for GrpcLayer {
    type Service = GrpcService<S>;

    fn layer(&self, inner: S) -> GrpcService<S> {
        GrpcService { inner }
    }
}

impl<S, RB> Service<Request<ReplayBody<Body>>> for GrpcService<S>
where
    S: Service<Request<Body>, Response = Response<RB>>,
    S::Error: Into<BoxError>,
{
    type Response = Response<RB>;
    type Error = S::Error;
    type Future = GrpcFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<ReplayBody<Body>>) -> Self::Future {
        let mut request = request.map(Body::new);
        if let Some(deadline) = Deadline::of(request.extensions()) {
            let timeout = timeout(deadline.remaining());
            request.headers_mut().insert("grpc-timeout", timeout);
        }
        GrpcFuture {
            inner: self.inner.call(request),
        }
    }
}

pin_project! {
    /// The future of a [`GrpcService`].
    #[derive(Debug)]
    pub struct GrpcFuture<F> {
        #[pin]
        inner: F,
    }
}

impl<F, RB, E> Future for GrpcFuture<F>
where
    F: Future<Output = Result<Response<RB>, E>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut response = ready!(self.project().inner.poll(cx))?;
        if let Some(failure) = failure(response.headers()) {
            failure.attach(response.extensions_mut());
        }
        Poll::Ready(Ok(response))
    }
}

/// The failure that these headers tell of: `None` without a `grpc-status`, and when it is 0.
///
/// | status | tried again |
/// |---|---|
/// | `UNAVAILABLE` | yes: "most likely a transient condition" (gRPC, status codes) |
/// | any other that the server gives a pushback with | after that |
/// | any with a pushback that is negative, or no number | no (gRFC A6) |
/// | any other | no |
#[must_use]
pub fn failure(headers: &HeaderMap) -> Option<Failure> {
    let code = Status::from_header_map(headers)?.code();
    let hint = Hint::from_headers(headers, wall_clock());
    let pushed_back = hint.is_some_and(|hint| hint.after().is_some());
    let kind = match code {
        Code::Ok => return None,
        Code::Cancelled => FailureKind::Cancelled,
        Code::DeadlineExceeded => FailureKind::TimeoutTotal,
        Code::NotFound | Code::Unimplemented => FailureKind::NotFound,
        Code::PermissionDenied => FailureKind::Permission,
        Code::Unauthenticated => FailureKind::Auth,
        Code::ResourceExhausted => FailureKind::RateLimited,
        Code::Unavailable => FailureKind::Overloaded,
        Code::Unknown | Code::Internal | Code::DataLoss | Code::Aborted => FailureKind::ServerError,
        Code::InvalidArgument
        | Code::AlreadyExists
        | Code::FailedPrecondition
        | Code::OutOfRange => FailureKind::BadRequest,
    };
    let failure = Failure::new(kind)
        .with_delivery(Delivery::Answered(http::StatusCode::OK))
        .with_transient(code == Code::Unavailable || pushed_back);
    Some(match hint {
        Some(hint) => failure.with_hint(hint),
        None => failure,
    })
}

/// The value of `grpc-timeout`: at most eight digits and a unit (gRPC over HTTP/2, "Timeout").
#[must_use]
pub fn timeout(left: Duration) -> HeaderValue {
    const MOST: u128 = 99_999_999;
    let (number, unit) = match left.as_millis() {
        millis @ ..=MOST => (millis, 'm'),
        millis => ((millis / 1_000).min(MOST), 'S'),
    };
    // Digits and a letter are a valid value.
    HeaderValue::try_from(format!("{number}{unit}")).unwrap_or(HeaderValue::from_static("0m"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_status_and_pushback() {
        let again = |status: &'static str, pushback: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            headers.insert("grpc-status", HeaderValue::from_static(status));
            if let Some(pushback) = pushback {
                headers.insert("grpc-retry-pushback-ms", HeaderValue::from_static(pushback));
            }
            let failure = failure(&headers)?;
            let retry = failure.hint().and_then(Hint::retry);
            let after = failure.hint().and_then(Hint::after);
            Some((retry.unwrap_or(failure.is_transient()), after))
        };
        let millis = |n| Some(Duration::from_millis(n));
        for (status, pushback, expected) in [
            ("0", None, None),
            ("14", None, Some((true, None))),
            ("14", Some("250"), Some((true, millis(250)))),
            ("14", Some("-1"), Some((false, None))),
            ("8", None, Some((false, None))),
            ("8", Some("250"), Some((true, millis(250)))),
            ("3", None, Some((false, None))),
            ("13", None, Some((false, None))),
            ("99", None, Some((false, None))),
        ] {
            assert_eq!(again(status, pushback), expected, "{status} {pushback:?}");
        }
        assert!(failure(&HeaderMap::new()).is_none());
    }

    #[test]
    fn timeouts_have_at_most_eight_digits() {
        for (left, expected) in [
            (Duration::ZERO, "0m"),
            (Duration::from_millis(1_500), "1500m"),
            (Duration::from_millis(99_999_999), "99999999m"),
            (Duration::from_millis(100_000_000), "100000S"),
            (Duration::MAX, "99999999S"),
        ] {
            assert_eq!(timeout(left), expected);
        }
    }
}
