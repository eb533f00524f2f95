use crate::explainer::Explainer;
use crate::{ErrorMode, Format, HumanizeBody, ResponseMode, respond};
use buttress_core::{BoxError, Failure};
use http::{Method, Request, Response};
use pin_project_lite::pin_project;
use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

pin_project! {
    /// The future of [`Humanize`](crate::Humanize). Dropping it drops the call.
    #[must_use = "futures do nothing unless polled"]
    pub struct HumanizeFuture<F, M> {
        #[pin]
        state: State<F>,
        explainer: Explainer,
        asked: Asked,
        mode: PhantomData<fn() -> M>,
    }
}

pin_project! {
    #[project = StateProj]
    enum State<F> {
        Calling { #[pin] future: F },
        // The service was not ready, so nothing was called.
        Unready { failure: Failure },
    }
}

/// What a response made here has to fit to.
#[derive(Clone, Copy)]
pub(crate) struct Asked {
    pub(crate) format: Format,
    /// The method was HEAD: a head and no body (RFC 9110, section 9.3.2).
    pub(crate) head_only: bool,
}

impl Default for Asked {
    fn default() -> Self {
        Asked {
            format: Format::ProblemJson,
            head_only: false,
        }
    }
}

impl Asked {
    pub(crate) fn of<B>(request: &Request<B>) -> Self {
        Asked {
            format: Format::negotiate(request.headers()),
            head_only: request.method() == Method::HEAD,
        }
    }
}

impl<F, M> HumanizeFuture<F, M> {
    pub(crate) fn calling(future: F, explainer: Explainer, asked: Asked) -> Self {
        HumanizeFuture {
            state: State::Calling { future },
            explainer,
            asked,
            mode: PhantomData,
        }
    }

    pub(crate) fn unready(failure: Failure, explainer: Explainer, asked: Asked) -> Self {
        HumanizeFuture {
            state: State::Unready { failure },
            explainer,
            asked,
            mode: PhantomData,
        }
    }

    /// The response with its body watched, or the failure.
    fn poll_call<RB, E>(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Response<HumanizeBody<RB>>, Failure>>
    where
        F: Future<Output = Result<Response<RB>, E>>,
        E: Into<BoxError>,
    {
        let this = self.project();
        let outcome = match this.state.project() {
            StateProj::Calling { future } => ready!(future.poll(cx)),
            StateProj::Unready { failure } => return Poll::Ready(Err(failure.clone())),
        };
        Poll::Ready(match outcome {
            Ok(response) => {
                let explainer = mem::take(this.explainer);
                Ok(response.map(|body| HumanizeBody::watching(body, explainer)))
            }
            Err(error) => Err(Failure::from(error.into())),
        })
    }
}

impl<F, RB, E> Future for HumanizeFuture<F, ErrorMode>
where
    F: Future<Output = Result<Response<RB>, E>>,
    E: Into<BoxError>,
{
    type Output = Result<Response<HumanizeBody<RB>>, Failure>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let outcome = ready!(self.as_mut().poll_call(cx));
        Poll::Ready(outcome.map_err(|failure| self.explainer.tell(failure).0))
    }
}

impl<F, RB, E> Future for HumanizeFuture<F, ResponseMode>
where
    F: Future<Output = Result<Response<RB>, E>>,
    E: Into<BoxError>,
{
    type Output = Result<Response<HumanizeBody<RB>>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let outcome = ready!(self.as_mut().poll_call(cx));
        Poll::Ready(Ok(outcome.unwrap_or_else(|failure| {
            respond::respond(failure, &self.explainer, self.asked)
        })))
    }
}

impl<F, M> fmt::Debug for HumanizeFuture<F, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HumanizeFuture").finish_non_exhaustive()
    }
}
