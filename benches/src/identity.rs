//! The least that a layer with errors and bodies of its own can do: nothing.

use buttress_core::{Failure, Phase};
use http::{Request, Response};
use http_body::{Body, Frame, SizeHint};
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use tower::Service;

/// A service that passes everything on, and a [`Failure`] for an error.
///
/// What it costs is the moves from one type to the other: no layer can avoid them.
#[derive(Clone, Debug)]
pub(crate) struct Identity<S>(pub(crate) S);

impl<S, B, RB> Service<Request<B>> for Identity<S>
where
    S: Service<Request<B>, Response = Response<RB>, Error = io::Error, Future: Unpin>,
{
    type Response = Response<IdentityBody<RB>>;
    type Error = Failure;
    type Future = Passing<S::Future>;

    #[inline]
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        self.0.poll_ready(cx).map_err(failed)
    }

    #[inline(always)]
    fn call(&mut self, request: Request<B>) -> Self::Future {
        Passing(self.0.call(request))
    }
}

/// The future of an [`Identity`].
#[derive(Debug)]
pub(crate) struct Passing<F>(F);

impl<F, RB> Future for Passing<F>
where
    F: Future<Output = io::Result<Response<RB>>> + Unpin,
{
    type Output = Result<Response<IdentityBody<RB>>, Failure>;

    #[inline(always)]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match Pin::new(&mut self.0).poll(cx) {
            Poll::Ready(Ok(response)) => {
                let (head, body) = response.into_parts();
                Poll::Ready(Ok(Response::from_parts(head, IdentityBody(body))))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(failed(error))),
            Poll::Pending => Poll::Pending,
        }
    }
}

/// The body of an [`Identity`]'s response.
#[derive(Debug)]
pub(crate) struct IdentityBody<RB>(RB);

impl<RB> Body for IdentityBody<RB>
where
    RB: Body<Error = io::Error> + Unpin,
{
    type Data = RB::Data;
    type Error = Failure;

    #[inline(always)]
    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Failure>>> {
        match Pin::new(&mut self.0).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => Poll::Ready(Some(Ok(frame))),
            Poll::Ready(Some(Err(error))) => Poll::Ready(Some(Err(failed(error)))),
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    }

    #[inline]
    fn is_end_stream(&self) -> bool {
        self.0.is_end_stream()
    }

    #[inline]
    fn size_hint(&self) -> SizeHint {
        self.0.size_hint()
    }
}

#[cold]
fn failed(error: io::Error) -> Failure {
    Failure::from_error(error.into(), Phase::Head)
}
