use crate::explainer::Explainer;
use crate::in_band::InBand;
use crate::layer::Mode;
use crate::{ErrorMode, HumanizeBody, ResponseMode, respond};
use buttress_core::{BoxError, Failure};
use http::Response;
use http_body::Body;
use pin_project_lite::pin_project;
use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

pin_project! {
    /// The future of [`Humanize`](crate::Humanize). Dropping it drops the call.
    #[must_use = "futures do nothing unless polled"]
    pub struct HumanizeFuture<F, M>
    where M: Mode {
        #[pin]
        pub(crate) state: State<F, M::Unready>,
        pub(crate) explainer: Explainer,
        pub(crate) mode: M,
    }
}

pin_project! {
    #[project = StateProj]
    pub(crate) enum State<F, U> {
        Calling { #[pin] future: F },
        // The service was not ready, so nothing was called.
        Unready { failure: U },
    }
}

impl<F, RB, E> Future for HumanizeFuture<F, ErrorMode>
where
    F: Future<Output = Result<Response<RB>, E>>,
    E: Into<BoxError>,
{
    type Output = Result<Response<HumanizeBody<RB>>, Failure>;

    #[inline(always)]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        match this.state.project() {
            StateProj::Calling { future } => {
                match future.poll(cx) {
                    // Nearly every call: made in the place where it is wanted.
                    Poll::Ready(Ok(response)) => Poll::Ready(Ok(response
                        .map(|body| HumanizeBody::watching(body, this.explainer.hand_over())))),
                    Poll::Ready(Err(error)) => Poll::Ready(Err(failed(error, this.explainer))),
                    Poll::Pending => Poll::Pending,
                }
            }
            StateProj::Unready { failure } => match *failure {},
        }
    }
}

#[cold]
#[inline(never)]
fn failed(error: impl Into<BoxError>, explainer: &Explainer) -> Failure {
    explainer.tell(Failure::from(error.into())).0
}

impl<F, RB, E> Future for HumanizeFuture<F, ResponseMode>
where
    F: Future<Output = Result<Response<RB>, E>>,
    E: Into<BoxError>,
    RB: Body,
{
    type Output = Result<Response<HumanizeBody<RB>>, Infallible>;

    #[inline(always)]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let ResponseMode(asked) = this.mode;
        let failure = match this.state.project() {
            StateProj::Calling { future } => match future.poll(cx) {
                Poll::Ready(Ok(mut response)) => {
                    let explainer = this.explainer.hand_over();
                    // They go no further than this program.
                    if !response.extensions().is_empty() {
                        Failure::tell_spent(&mut response);
                    }
                    return Poll::Ready(Ok(match asked.framing(response.headers()) {
                        None => response.map(|body| HumanizeBody::watching(body, explainer)),
                        Some(framing) => InBand::stream(response, asked, explainer, framing),
                    }));
                }
                Poll::Ready(Err(error)) => Failure::from(error.into()),
                Poll::Pending => return Poll::Pending,
            },
            StateProj::Unready { failure } => failure.clone(),
        };
        Poll::Ready(Ok(respond::respond(failure, this.explainer, asked)))
    }
}

impl<F, M: Mode> fmt::Debug for HumanizeFuture<F, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HumanizeFuture").finish_non_exhaustive()
    }
}
