use crate::{TimeoutBody, TimeoutConfig, TimeoutFuture};
use buttress_core::time::Span;
use buttress_core::{BoxError, Deadline, Failure, Phase};
use http::{Extensions, Request, Response};
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
        self.inner
            .poll_ready(cx)
            .map_err(|error| Failure::from_error(error.into(), Phase::Connect))
    }

    #[inline(always)]
    fn call(&mut self, request: Request<B>) -> Self::Future {
        if self.config.total.is_none() && request.extensions().is_empty() {
            // Nothing to agree on, and nothing to tell.
            let deadline = Deadline::current();
            return TimeoutFuture::new(self.inner.call(request), self.config.clone(), deadline);
        }
        self.call_agreed(request)
    }
}

impl<S> Timeout<S> {
    #[inline(never)]
    fn call_agreed<B>(&mut self, request: Request<B>) -> TimeoutFuture<S::Future>
    where
        S: Service<Request<B>>,
    {
        let (config, deadline) = agree(&self.config, request.extensions());
        let own = own(&config, deadline);
        let inner = Deadline::scope(own, || self.inner.call(request));
        TimeoutFuture::new(inner, config, deadline)
    }
}

/// The deadline if it is this layer's own, which those below do not know yet.
#[inline]
pub(crate) fn own(config: &TimeoutConfig, deadline: Option<Deadline>) -> Option<Deadline> {
    if config.total.is_none() {
        None
    } else {
        deadline
    }
}

/// What this layer and the request say together: the limits that hold, and the deadline.
#[inline]
fn agree(config: &TimeoutConfig, extensions: &Extensions) -> (TimeoutConfig, Option<Deadline>) {
    let mut config = if extensions.is_empty() {
        config.clone()
    } else {
        extensions.get().unwrap_or(config).clone()
    };
    let mut deadline = Deadline::of(extensions);
    if let Some(total) = config.total.get() {
        let own = Deadline::after(total);
        if deadline.is_none_or(|given| own < given) {
            deadline = Some(own);
        } else {
            // Somebody outside was stricter: that end is not this layer's limit.
            config.total = Span::NONE;
        }
    }
    (config, deadline)
}
