use crate::body::Limits;
use crate::watch::MaybeWatch;
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
        let (total, deadline, scope) = agree(self.config.total, Deadline::current());
        let watch = MaybeWatch::new(self.config.watched.as_ref());
        let inner = self.inner.call(request);
        drop(scope);
        TimeoutFuture::new(inner, &self.config, watch, total, deadline)
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
        let config = extensions.get().unwrap_or(&self.config).clone();
        let (total, deadline, scope) = agree(config.total, Deadline::of(extensions));
        let watch = MaybeWatch::new(config.watched.as_ref());
        let inner = self.inner.call(request);
        let future = TimeoutFuture::new(inner, &config, watch, total, deadline);
        (future, scope)
    }
}

/// What holds of a limit for the whole call and of the deadline that it was given, and the scope in
/// which those below see it, if they do not know it yet.
#[inline(always)]
fn agree(total: Span, given: Option<Deadline>) -> (Span, Option<Deadline>, Option<Scope>) {
    if total.is_none() {
        return (total, given, None);
    }
    let now = time::now();
    let own = Deadline::at(total.end(now).unwrap_or(now));
    match given {
        // Somebody outside was stricter: that end is not this layer's limit.
        Some(given) if given <= own => (Span::NONE, Some(given), None),
        _ => (total, Some(own), Some(own.enter())),
    }
}

impl Limits {
    /// The deadline if it is this layer's own, which those below do not know yet.
    #[inline]
    pub(crate) fn own(&self) -> Option<Deadline> {
        if self.total.is_none() {
            None
        } else {
            self.deadline
        }
    }
}
