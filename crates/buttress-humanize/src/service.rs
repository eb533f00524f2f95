use crate::asked::Asked;
use crate::explainer::Explainer;
use crate::future::State;
use crate::host::Host;
use crate::words::Words;
use crate::{ErrorMode, HumanizeBody, HumanizeFuture, ResponseMode};
use buttress_core::{BoxError, Failure};
use http::{Request, Response};
use http_body::Body;
use std::convert::Infallible;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tower_service::Service;

/// The service of [`HumanizeLayer`](crate::HumanizeLayer). See the [crate](crate) for an example.
pub struct Humanize<S, M = ErrorMode> {
    inner: S,
    words: Option<Arc<Words>>,
    /// In response mode: why the service below is not ready, for the next call to say.
    unready: Option<Failure>,
    mode: PhantomData<fn() -> M>,
}

impl<S, M> Humanize<S, M> {
    pub(crate) const fn new(inner: S, words: Option<Arc<Words>>) -> Self {
        Humanize {
            inner,
            words,
            unready: None,
            mode: PhantomData,
        }
    }

    /// The service below.
    pub fn get_ref(&self) -> &S {
        &self.inner
    }

    /// The service below.
    pub fn get_mut(&mut self) -> &mut S {
        &mut self.inner
    }

    /// Unwraps the service below.
    pub fn into_inner(self) -> S {
        self.inner
    }
}

impl<S, B, RB> Service<Request<B>> for Humanize<S, ErrorMode>
where
    S: Service<Request<B>, Response = Response<RB>>,
    S::Error: Into<BoxError>,
    RB: Body,
    RB::Error: Into<BoxError>,
{
    type Response = Response<HumanizeBody<RB>>;
    type Error = Failure;
    type Future = HumanizeFuture<S::Future, ErrorMode>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        self.inner.poll_ready(cx).map_err(|error| {
            let explainer = Explainer::without_request(self.words.as_ref());
            explainer.tell(Failure::unready(error)).0
        })
    }

    #[inline(always)]
    fn call(&mut self, request: Request<B>) -> Self::Future {
        let host = match &self.words {
            None => Host::of(request.uri()),
            Some(_) => None,
        };
        let Some(host) = host else {
            return self.call_unusual(request);
        };
        HumanizeFuture {
            state: State::Calling {
                future: self.inner.call(request),
            },
            // After the call, so that nothing is to be dropped should that panic.
            explainer: Explainer::plain(host),
            mode: ErrorMode,
        }
    }
}

impl<S> Humanize<S, ErrorMode> {
    /// The same with words of its own, or a long host. Looking at the headers takes the request's
    /// address, and then it is copied when it is passed on.
    #[inline(never)]
    fn call_unusual<B>(&mut self, request: Request<B>) -> HumanizeFuture<S::Future, ErrorMode>
    where
        S: Service<Request<B>>,
    {
        HumanizeFuture {
            explainer: Explainer::new(self.words.as_ref(), &request),
            state: State::Calling {
                future: self.inner.call(request),
            },
            mode: ErrorMode,
        }
    }
}

impl<S, B, RB> Service<Request<B>> for Humanize<S, ResponseMode>
where
    S: Service<Request<B>, Response = Response<RB>> + Clone,
    S::Error: Into<BoxError>,
    RB: Body,
    RB::Error: Into<BoxError>,
{
    type Response = Response<HumanizeBody<RB>>;
    type Error = Infallible;
    type Future = HumanizeFuture<S::Future, ResponseMode>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        if self.unready.is_none() {
            if let Err(error) = ready!(self.inner.poll_ready(cx)) {
                self.unready = Some(Failure::unready(error));
                // What failed to become ready must not be used again, and nobody outside is told.
                self.inner = self.inner.clone();
            }
        }
        Poll::Ready(Ok(()))
    }

    #[inline(always)]
    fn call(&mut self, request: Request<B>) -> Self::Future {
        let host = match (&self.words, &self.unready) {
            (None, None) => Host::of(request.uri()),
            _ => None,
        };
        let Some(host) = host else {
            return self.respond_unusual(request);
        };
        let asked = Asked::of(&request, None);
        HumanizeFuture {
            state: State::Calling {
                future: self.inner.call(request),
            },
            explainer: Explainer::plain(host),
            mode: ResponseMode(asked),
        }
    }
}

impl<S> Humanize<S, ResponseMode> {
    /// The same with words of its own, a long host, or a service below that was not ready.
    #[inline(never)]
    fn respond_unusual<B>(&mut self, request: Request<B>) -> HumanizeFuture<S::Future, ResponseMode>
    where
        S: Service<Request<B>>,
    {
        HumanizeFuture {
            explainer: Explainer::new(self.words.as_ref(), &request),
            mode: ResponseMode(Asked::of(&request, self.words.as_deref())),
            state: match self.unready.take() {
                None => State::Calling {
                    future: self.inner.call(request),
                },
                Some(failure) => State::Unready { failure },
            },
        }
    }
}

impl<S: Clone, M> Clone for Humanize<S, M> {
    fn clone(&self) -> Self {
        // A clone has been asked nothing yet, so it has nothing to answer for.
        Humanize::new(self.inner.clone(), self.words.clone())
    }
}

impl<S: fmt::Debug, M> fmt::Debug for Humanize<S, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Humanize")
            .field("inner", &self.inner)
            .field("unready", &self.unready)
            .finish_non_exhaustive()
    }
}
