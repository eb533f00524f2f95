use super::KeepAliveBody;
use super::body::is_events;
use crate::Call;
use buttress_core::BoxError;
use buttress_core::time::{Span, Wait};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderName, HeaderValue, Response};
use http_body::Body;
use pin_project_lite::pin_project;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

pin_project! {
    /// The future of a [`KeepAlive`](crate::KeepAlive)'s call.
    ///
    /// Dropping it drops the call.
    pub struct KeepAliveFuture<F> {
        #[pin]
        state: State<F>,
        every: Span,
        wait: Wait,
    }
}

pin_project! {
    #[project = StateProj]
    enum State<F> {
        // Nobody asks for a stream.
        Plain { #[pin] inner: F },
        // In a box, because it may have to go on within a body.
        Call { call: Call, inner: Option<Pin<Box<F>>> },
    }
}

impl<F> KeepAliveFuture<F> {
    /// What there is nothing to be done for.
    pub(super) const fn plain(inner: F) -> Self {
        KeepAliveFuture {
            state: State::Plain { inner },
            every: Span::NONE,
            wait: Wait::new(),
        }
    }

    /// What asks for a stream, or may do so.
    pub(super) const fn streaming(inner: Pin<Box<F>>, call: Call, every: Span) -> Self {
        KeepAliveFuture {
            state: State::Call {
                call,
                inner: Some(inner),
            },
            every,
            wait: Wait::new(),
        }
    }
}

impl<F, E, RB> Future for KeepAliveFuture<F>
where
    F: Future<Output = Result<Response<RB>, E>>,
    E: Into<BoxError>,
    RB: Body,
    RB::Error: Into<BoxError>,
{
    type Output = Result<Response<KeepAliveBody<F, RB>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let (call, slot) = match this.state.project() {
            StateProj::Plain { inner } => {
                return inner
                    .poll(cx)
                    .map_ok(|response| response.map(KeepAliveBody::plain));
            }
            StateProj::Call { call, inner } => (call, inner),
        };
        let Some(inner) = slot else {
            return Poll::Pending;
        };
        if let Poll::Ready(result) = inner.as_mut().poll(cx) {
            *slot = None;
            return Poll::Ready(
                result.map(|response| kept(response, call, *this.every, this.wait)),
            );
        }
        while this.wait.poll(*this.every, None, cx).is_ready() {
            this.wait.over();
            // Not known yet, or no stream: nothing may be said before its head.
            if call.is_streaming() != Some(true) {
                continue;
            }
            let Some(dialect) = call.dialect() else {
                continue;
            };
            let Some(inner) = slot.take() else {
                continue;
            };
            let body = KeepAliveBody::opening(inner, (call.clone(), dialect), *this.every);
            return Poll::Ready(Ok(early(body)));
        }
        Poll::Pending
    }
}

/// The response, which is kept alive if it is a stream that was asked for.
fn kept<F, RB>(
    response: Response<RB>,
    call: &Call,
    every: Span,
    wait: &mut Wait,
) -> Response<KeepAliveBody<F, RB>> {
    let is_stream = call.is_streaming() != Some(false) && is_events(&response);
    match call.dialect().filter(|_| is_stream) {
        Some(dialect) => {
            let of = (call.clone(), dialect);
            response.map(|body| KeepAliveBody::streaming(body, of, every, wait.take()))
        }
        None => response.map(KeepAliveBody::plain),
    }
}

/// The head of a stream whose own head has not come.
fn early<B>(body: B) -> Response<B> {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    // Else nginx in between would keep it all to itself.
    headers.insert(
        HeaderName::from_static("x-accel-buffering"),
        HeaderValue::from_static("no"),
    );
    response
}

impl<F> fmt::Debug for KeepAliveFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeepAliveFuture")
            .field("every", &self.every)
            .finish_non_exhaustive()
    }
}
