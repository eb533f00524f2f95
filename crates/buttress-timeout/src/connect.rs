//! A limit for making connections.

use crate::config::zero;
use buttress_core::time::{Span, Wait};
use buttress_core::{BoxError, ConfigError, Delivery, Failure, FailureKind, Limit, Phase};
use pin_project_lite::pin_project;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tower_layer::Layer;
use tower_service::Service;

/// Limits how long a connector may take: for services that make connections, such as those that
/// hyper-util's clients are built with, not for calls.
///
/// The limit counts from the first wait for the connection to its end, and holds for all that the
/// connector does: finding the address, connecting, TLS if it is below. What is connected passes
/// through untouched.
///
/// Errors are [`Failure`]s: `timeout_connect` in [`Phase::Connect`] when the limit has passed, else
/// the connector's own error, classified. Through the error of the client they are found again, and
/// because nothing was sent ([`Delivery::NotSent`]) every request may be tried again.
///
/// The attempt to connect is dropped with the future, also after the limit has passed.
///
/// ```
/// use buttress_core::{Failure, FailureKind};
/// use buttress_timeout::ConnectTimeoutLayer;
/// use http::Uri;
/// use std::time::Duration;
/// use tower::{Layer, ServiceExt, service_fn};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?
/// # .block_on(async {
/// let far_away = service_fn(|_: Uri| std::future::pending::<Result<(), std::io::Error>>());
/// let connector = ConnectTimeoutLayer::new(Duration::from_secs(5))?.layer(far_away);
/// // hyper_util::client::legacy::Client::builder(executor).build(connector)
/// let failure = connector.oneshot(Uri::from_static("http://example.com")).await.unwrap_err();
/// assert_eq!(failure.kind(), FailureKind::TimeoutConnect);
/// assert_eq!(failure.limit().map(|limit| limit.limit), Some(Duration::from_secs(5)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ConnectTimeoutLayer {
    limit: Span,
}

impl ConnectTimeoutLayer {
    /// A layer with this limit: more than zero.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when `limit` is zero.
    pub fn new(limit: Duration) -> Result<Self, ConfigError> {
        if limit.is_zero() {
            return Err(zero("connect", "0ns"));
        }
        Ok(ConnectTimeoutLayer {
            limit: Span::of(limit),
        })
    }
}

impl<S> Layer<S> for ConnectTimeoutLayer {
    type Service = ConnectTimeout<S>;

    fn layer(&self, inner: S) -> Self::Service {
        ConnectTimeout {
            inner,
            limit: self.limit,
        }
    }
}

/// The connector of a [`ConnectTimeoutLayer`].
#[derive(Clone, Copy, Debug)]
pub struct ConnectTimeout<S> {
    inner: S,
    limit: Span,
}

impl<S, T> Service<T> for ConnectTimeout<S>
where
    S: Service<T>,
    S::Error: Into<BoxError>,
{
    type Response = S::Response;
    type Error = Failure;
    type Future = ConnectTimeoutFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        self.inner.poll_ready(cx).map_err(connecting)
    }

    fn call(&mut self, target: T) -> Self::Future {
        ConnectTimeoutFuture {
            inner: self.inner.call(target),
            wait: Wait::new(),
            limit: self.limit,
        }
    }
}

pin_project! {
    /// The future of a [`ConnectTimeout`]: the inner future first, then the timer.
    #[derive(Debug)]
    pub struct ConnectTimeoutFuture<F> {
        #[pin]
        inner: F,
        wait: Wait,
        limit: Span,
    }
}

impl<F, T, E> Future for ConnectTimeoutFuture<F>
where
    F: Future<Output = Result<T, E>>,
    E: Into<BoxError>,
{
    type Output = Result<T, Failure>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if let Poll::Ready(outcome) = this.inner.poll(cx) {
            return Poll::Ready(outcome.map_err(connecting));
        }
        let expired = ready!(this.wait.poll(*this.limit, None, cx));
        let limit = this.limit.get().unwrap_or_default();
        Poll::Ready(Err(Failure::new(FailureKind::TimeoutConnect)
            .with_phase(Phase::Connect)
            .with_delivery(Delivery::NotSent)
            .with_limit(Limit::new(limit, expired.after))))
    }
}

fn connecting(error: impl Into<BoxError>) -> Failure {
    Failure::from_error(error.into(), Phase::Connect)
}
