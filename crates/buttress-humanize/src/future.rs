use crate::explainer::Explainer;
use crate::in_band::InBand;
use crate::layer::Words;
use crate::{ErrorMode, Format, HumanizeBody, Render, Rendering, ResponseMode, respond};
use buttress_core::{BoxError, Failure};
use http::{Method, Request, Response};
use http_body::Body;
use pin_project_lite::pin_project;
use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

pin_project! {
    /// The future of [`Humanize`](crate::Humanize). Dropping it drops the call.
    #[must_use = "futures do nothing unless polled"]
    pub struct HumanizeFuture<F, M> {
        #[pin]
        pub(crate) state: State<F>,
        pub(crate) explainer: Explainer,
        pub(crate) mode: M,
    }
}

pin_project! {
    #[project = StateProj]
    pub(crate) enum State<F> {
        Calling { #[pin] future: F },
        // The service was not ready, so nothing was called.
        Unready { failure: Failure },
    }
}

/// What a response made here has to fit to.
pub(crate) struct Asked {
    /// The shape of the API that was called; it counts for more than the format.
    pub(crate) render: Option<Arc<dyn Render>>,
    pub(crate) format: Format,
    /// The method was HEAD: a head and no body (RFC 9110, section 9.3.2).
    pub(crate) head_only: bool,
    /// The language depends on the request.
    pub(crate) negotiates_language: bool,
}

#[cfg(test)]
impl Default for Asked {
    fn default() -> Self {
        Asked {
            render: None,
            format: Format::ProblemJson,
            head_only: false,
            negotiates_language: false,
        }
    }
}

impl fmt::Debug for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asked")
            .field("format", &self.format)
            .field("head_only", &self.head_only)
            .finish_non_exhaustive()
    }
}

impl Asked {
    pub(crate) fn of<B>(request: &Request<B>, words: &Words) -> Self {
        let own = request.extensions().get::<Rendering>();
        Asked {
            render: own
                .map(|Rendering(own)| own)
                .or(words.render.as_ref())
                .cloned(),
            format: Format::negotiate(request.headers()),
            head_only: request.method() == Method::HEAD,
            negotiates_language: words.negotiates,
        }
    }
}

impl<F, M> HumanizeFuture<F, M> {
    /// The response with its body watched, or what `end` makes of the failure.
    #[inline(always)]
    fn poll_call<RB, E, O>(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        begin: impl FnOnce(&mut Response<RB>, &M) -> Option<Box<InBand>>,
        end: impl FnOnce(Failure, &Explainer, &M) -> Result<Response<HumanizeBody<RB>>, O>,
    ) -> Poll<Result<Response<HumanizeBody<RB>>, O>>
    where
        F: Future<Output = Result<Response<RB>, E>>,
        E: Into<BoxError>,
    {
        let this = self.project();
        let failure = match this.state.project() {
            StateProj::Calling { future } => match ready!(future.poll(cx)) {
                Ok(mut response) => {
                    let in_band = begin(&mut response, this.mode);
                    let explainer = this.explainer.hand_over();
                    let (head, body) = response.into_parts();
                    let body = HumanizeBody::watching(body, explainer, in_band);
                    return Poll::Ready(Ok(Response::from_parts(head, body)));
                }
                Err(error) => Failure::from(error.into()),
            },
            StateProj::Unready { failure } => failure.clone(),
        };
        Poll::Ready(end(failure, this.explainer, this.mode))
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
        self.poll_call(
            cx,
            |_, _| None,
            |failure, explainer, _| Err(explainer.tell(failure).0),
        )
    }
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
        self.poll_call(
            cx,
            |response, ResponseMode(asked)| InBand::in_response(response, asked),
            |failure, explainer, ResponseMode(asked)| {
                Ok(respond::respond(failure, explainer, asked))
            },
        )
    }
}

impl<F, M> fmt::Debug for HumanizeFuture<F, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HumanizeFuture").finish_non_exhaustive()
    }
}
