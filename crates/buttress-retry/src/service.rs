use crate::call::Call;
use crate::future::{State, begin, is_late, late};
use crate::{RetryBody, RetryConfig, RetryFuture, key};
use buttress_core::{BoxError, Failure, Guard, ReplayableBody, Snapshot, take_ready, time};
use http::{Request, Response};
use http_body::Body;
use std::task::{Context, Poll, ready};
use tower_service::Service;

/// The service of a [`RetryLayer`](crate::RetryLayer).
#[derive(Debug)]
pub struct Retry<S> {
    inner: S,
    config: RetryConfig,
    /// Why the next call can't be made, which it takes as its first failed attempt: a readiness error of
    /// `inner`, or that its deadline has passed.
    unready: Option<Failure>,
}

impl<S> Retry<S> {
    /// Wraps `inner`.
    #[must_use]
    pub const fn new(inner: S, config: RetryConfig) -> Self {
        Retry {
            inner,
            config,
            unready: None,
        }
    }
}

impl<S: Clone> Clone for Retry<S> {
    fn clone(&self) -> Self {
        // Readiness, and the lack of it, belongs to the one that was polled.
        Retry::new(self.inner.clone(), self.config.clone())
    }
}

impl<S, B, RB> Service<Request<B>> for Retry<S>
where
    S: Service<Request<B>, Response = Response<RB>> + Clone,
    S::Error: Into<BoxError>,
    B: ReplayableBody,
    RB: Body,
    RB::Error: Into<BoxError>,
{
    type Response = Response<RetryBody<RB>>;
    type Error = Failure;
    type Future = RetryFuture<S, B, RB>;

    #[inline]
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        if self.unready.is_none() {
            if let Err(error) = ready!(self.inner.poll_ready(cx)) {
                self.unready = Some(Failure::unready(error));
                // What failed to become ready must not be used again.
                self.inner = self.inner.clone();
            }
        }
        Poll::Ready(Ok(()))
    }

    #[inline(always)] // else the future of the layer below is moved
    fn call(&mut self, request: Request<B>) -> Self::Future {
        let extensions = request.extensions();
        let mut is_made = true;
        let mut config = if extensions.is_empty() {
            self.config.clone()
        } else {
            if self.unready.is_none() && is_late(extensions) {
                self.unready = Some(late());
                is_made = false;
            }
            self.config.of(extensions)
        };
        if let Some(budget) = config.budget().filter(|_| is_made) {
            budget.deposit();
        }
        let (mut service, unready) = (take_ready(&mut self.inner), self.unready.take());
        if config.idempotency_key() {
            return with_key(service, config, request, unready).0;
        }
        begin!(service, config, request, unready)
    }
}

/// A function of its own, because a request that is changed is moved once more. It also tells
/// whether the key was added. Nobody asks, but a function with two results makes the future in a
/// place of its own: if both ways made it in the same place, the future of a call without a key
/// would lie in memory too, and be copied.
#[inline(never)]
fn with_key<S, B, RB>(
    mut service: S,
    mut config: RetryConfig,
    mut request: Request<B>,
    unready: Option<Failure>,
) -> (RetryFuture<S, B, RB>, bool)
where
    S: Service<Request<B>>,
    B: ReplayableBody,
    RB: Body,
{
    let added = key::ensure(&mut request);
    let future = begin!(service, config, request, unready);
    (future, added)
}
