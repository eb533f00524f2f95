use crate::watch::MaybeWatched;
use crate::{TimeoutBody, TimeoutConfig, TimeoutFuture};
use buttress_core::time::{self, Span};
use buttress_core::{BoxError, Deadline, Failure, Scope};
use http::{Request, Response};
use http_body::Body;
use std::task::{Context, Poll};
use tower_service::Service;

/// The service of a [`TimeoutLayer`](crate::TimeoutLayer).
#[derive(Clone, Debug)]
pub struct Timeout<S> {
    inner: S,
    config: TimeoutConfig,
}

impl<S> Timeout<S> {
    /// Wraps `inner`.
    #[must_use]
    pub const fn new(inner: S, config: TimeoutConfig) -> Self {
        Timeout { inner, config }
    }
}

impl<S, B, RB> Service<Request<B>> for Timeout<S>
where
    S: Service<Request<B>, Response = Response<RB>>,
    S::Error: Into<BoxError>,
    RB: Body,
    RB::Error: Into<BoxError>,
{
    type Response = Response<TimeoutBody<RB>>;
    type Error = Failure;
    type Future = TimeoutFuture<S::Future>;

    #[inline]
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        self.inner.poll_ready(cx).map_err(Failure::unready)
    }

    #[inline(always)]
    fn call(&mut self, request: Request<B>) -> Self::Future {
        if !request.extensions().is_empty() {
            return self.call_given(request).0;
        }
        let own = begin(self.config.total);
        let watched = MaybeWatched::new(self.config.watched.as_ref());
        let inner = self.inner.call(request);
        TimeoutFuture::new(inner, &self.config, watched, own)
    }
}

impl<S> Timeout<S> {
    /// The same for a request that may bring limits, and the scope to leave. A function with two
    /// results makes the future in a place of its own: if both ways made it in the same place, the
    /// future of a plain call would lie in memory too, and be copied.
    #[inline(never)]
    fn call_given<B>(&mut self, request: Request<B>) -> (TimeoutFuture<S::Future>, Option<Scope>)
    where
        S: Service<Request<B>>,
    {
        let extensions = request.extensions();
        let deadline = Deadline::of(extensions);
        // Asked here alone: a layer that sets a deadline does so when it makes the call.
        if deadline.is_some_and(|deadline| deadline.remaining().is_zero()) {
            return (TimeoutFuture::unmade(), None);
        }
        let config = self.config.of(extensions);
        let given = deadline.map(Deadline::enter);
        let own = begin(config.total);
        let watched = MaybeWatched::new(config.watched.as_ref());
        let inner = self.inner.call(request);
        let future = TimeoutFuture::new(inner, &config, watched, own);
        (future, given)
    }
}

/// The scope of a call with this limit for the whole of it; none where there is no limit, or somebody
/// outside is stricter.
#[inline(always)]
fn begin(total: Span) -> Option<Scope> {
    if total.is_none() {
        return None;
    }
    let scope = Scope::open();
    let now = time::now();
    let own = Deadline::at(total.end(now).unwrap_or(now));
    scope.tighten(own).then_some(scope)
}
