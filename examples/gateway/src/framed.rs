//! The upstream's answer as its connection framed it: what is said of that must be so, and must be said.

use crate::tries;
use buttress_core::{BoxError, Delivery, Failure, FailureKind, Phase, is_transfer_coding};
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderValue, Method, Request, Response, Version};
use http_body::Body;
use pin_project_lite::pin_project;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tower::Service;

/// The transport below all layers. Each of its requests is counted.
///
/// A `GET` or `HEAD` whose body has no length is sent in chunks (RFC 9112, section 6.3): hyper takes its body
/// for none, unless it is told so.
///
/// Takes away a length that the body has not: chunks outweigh it (RFC 9112, section 6.3), and then the
/// transport does not know how long it is.
///
/// An answer in a transfer coding, such as gzip, is passed on in it: nobody here takes it off. HTTP/1.1
/// names it to the client (RFC 9112, section 6.1); no other version can, so that its client gets a failure
/// instead of bytes that it takes for something else. The client's version is that of the request.
#[derive(Clone, Debug)]
pub(crate) struct Framed<T>(pub(crate) T);

pin_project! {
    pub(crate) struct FramedFuture<F> {
        #[pin]
        inner: F,
        version: Version,
    }
}

impl<T, B, RB> Service<Request<B>> for Framed<T>
where
    T: Service<Request<B>, Response = Response<RB>, Error: Into<BoxError>>,
    B: Body,
    RB: Body,
{
    type Response = Response<RB>;
    type Error = BoxError;
    type Future = FramedFuture<T::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        tries::sent();
        // Whichever the upstream speaks, its client chooses.
        let version = std::mem::replace(request.version_mut(), Version::HTTP_11);
        if matches!(*request.method(), Method::GET | Method::HEAD) && has_no_length(&request) {
            // Nothing of HTTP/2: there its client takes it away.
            let chunked = HeaderValue::from_static("chunked");
            request.headers_mut().insert(TRANSFER_ENCODING, chunked);
        }
        FramedFuture {
            inner: self.0.call(request),
            version,
        }
    }
}

impl<F, RB, E> Future for FramedFuture<F>
where
    F: Future<Output = Result<Response<RB>, E>>,
    E: Into<BoxError>,
    RB: Body,
{
    type Output = Result<Response<RB>, BoxError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let mut response = ready!(this.inner.poll(cx)).map_err(Into::into)?;
        if response.body().size_hint().exact().is_none() {
            response.headers_mut().remove(CONTENT_LENGTH);
            if *this.version != Version::HTTP_11 && is_transfer_coded(response.headers()) {
                return Poll::Ready(Err(unnamed(&response).into()));
            }
        }
        Poll::Ready(Ok(response))
    }
}

fn has_no_length<B: Body>(request: &Request<B>) -> bool {
    request.body().size_hint().exact().is_none() && !request.headers().contains_key(CONTENT_LENGTH)
}

pub(crate) fn is_transfer_coded(headers: &HeaderMap) -> bool {
    headers
        .get_all(TRANSFER_ENCODING)
        .iter()
        .any(is_transfer_coding)
}

/// The failure of an answer in a coding that has no name where it is to go. What its head says of a failure
/// that passes is not in the coding.
#[cold]
fn unnamed<RB>(response: &Response<RB>) -> Failure {
    let told = Failure::from_head(response.status(), response.headers());
    if let Some(failure) = told.filter(Failure::is_transient) {
        return failure;
    }
    Failure::new(FailureKind::Protocol)
        .with_phase(Phase::Head)
        .with_delivery(Delivery::Answered(response.status()))
        .with_transient(false)
        .with_source("the answer is in a transfer coding that only HTTP/1.1 can name")
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::StatusCode;

    #[test]
    fn what_the_head_tells_of_a_failure_that_passes_counts_in_any_coding() {
        for (status, kind, again) in [
            (StatusCode::OK, FailureKind::Protocol, false),
            (StatusCode::UNAUTHORIZED, FailureKind::Protocol, false),
            (StatusCode::BAD_GATEWAY, FailureKind::BadGateway, true),
            (
                StatusCode::TOO_MANY_REQUESTS,
                FailureKind::RateLimited,
                true,
            ),
        ] {
            let response = Response::builder()
                .status(status)
                .header("retry-after", "3");
            let failure = unnamed(&response.body(()).unwrap());
            assert_eq!(
                (failure.kind(), failure.is_transient()),
                (kind, again),
                "{status}"
            );
            assert_eq!(failure.hint().is_some(), again, "{status}");
        }
    }
}
