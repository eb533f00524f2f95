use crate::{RetryBody, RetryConfig, RetryFuture};
use buttress_core::{BoxError, Delivery, Failure, Phase, ReplayableBody, take_ready};
use http::{Request, Response};
use http_body::Body;
use std::task::{Context, Poll, ready};
use tower_service::Service;

/// The service of a [`RetryLayer`](crate::RetryLayer).
#[derive(Debug)]
pub struct Retry<S> {
    inner: S,
    config: RetryConfig,
    /// A readiness error of `inner`, which the next call takes as its first failed attempt.
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

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        if self.unready.is_none() {
            if let Err(error) = ready!(self.inner.poll_ready(cx)) {
                self.unready = Some(unready(error));
                // What failed to become ready must not be used again.
                self.inner = self.inner.clone();
            }
        }
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let config = match request.extensions().get::<RetryConfig>() {
            Some(own) => own.within(&self.config),
            None => self.config.clone(),
        };
        let unready = self.unready.take();
        RetryFuture::new(take_ready(&mut self.inner), config, request, unready)
    }
}

/// A service that did not become ready has not sent anything.
pub(crate) fn unready(error: impl Into<BoxError>) -> Failure {
    let failure = Failure::from_error(error.into(), Phase::Connect);
    match failure.delivery() {
        Delivery::Unknown => failure.with_delivery(Delivery::NotSent),
        _ => failure,
    }
}
