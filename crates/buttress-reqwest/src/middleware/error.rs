use crate::ServiceError;
use buttress_core::{BoxError, Failure, FailureKind};
use http::Extensions;
use reqwest_middleware::Error as Original;
use std::error::Error;
use std::fmt;
use std::io;
use std::sync::Arc;

/// What a [`MiddlewareService`](super::MiddlewareService) fails with: the error of the client or of
/// one of its middlewares, or what was wrong with the request.
#[derive(Debug)]
pub struct ThroughError(Repr);

#[derive(Debug)]
enum Repr {
    /// Shared, so that it can be taken out of whatever has been wrapped around it.
    Client(Arc<Original>),
    Request(ServiceError),
    /// What is known already: by a middleware like ours below, or because nothing was done.
    Told(Failure),
}

impl ThroughError {
    /// The client's error, and what a middleware like ours below has left about it: that its
    /// tries are spent, for one.
    pub(super) fn of_client(error: Original, left: &Extensions) -> Self {
        let error = ThroughError(Repr::Client(Arc::new(error)));
        match Failure::of(left) {
            Some(known) => ThroughError(Repr::Told(known.clone().with_source(error))),
            None => error,
        }
    }

    /// The call was dropped that would have done the work.
    pub(super) fn abandoned() -> Self {
        ThroughError(Repr::Told(Failure::new(FailureKind::Cancelled)))
    }
}

impl From<ServiceError> for ThroughError {
    fn from(error: ServiceError) -> Self {
        ThroughError(Repr::Request(error))
    }
}

impl fmt::Display for ThroughError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Client(_) | Repr::Told(_) => f.write_str("the client failed"),
            Repr::Request(error) => error.fmt(f),
        }
    }
}

impl Error for ThroughError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0 {
            Repr::Client(error) => Some(match &**error {
                Original::Reqwest(error) => error,
                Original::Middleware(error) => &**error,
            }),
            Repr::Request(error) => error.source(),
            Repr::Told(failure) => Some(failure),
        }
    }
}

/// What is known of a failure, but for its source: that can then be had by value.
pub(super) fn known(failure: &Failure) -> Failure {
    let words = failure.to_string();
    let mut known = Failure::new(failure.kind())
        .with_phase(failure.phase())
        .with_delivery(failure.delivery())
        .with_transient(failure.is_transient())
        .with_earlier(failure.history())
        .with_words(Arc::new(words));
    if !failure.is_phase_known() {
        known = known.without_phase();
    }
    if let Some(hint) = failure.hint() {
        known = known.with_hint(hint);
    }
    if let Some(reason) = failure.stopped() {
        known = known.with_stopped(reason);
    }
    if let Some(limit) = failure.limit() {
        known = known.with_limit(limit);
    }
    known.details_mut().extend(failure.details().clone());
    known
}

/// The error that a caller of reqwest-middleware expects in place of this failure.
pub(super) async fn into_error(failure: Failure) -> Original {
    let shared = failure
        .find::<ThroughError>()
        .and_then(|error| match &error.0 {
            Repr::Client(error) => Some(error.clone()),
            _ => None,
        });
    if let Some(shared) = shared {
        drop(failure);
        // Unless an observer, say, has kept the failure, nobody else holds on to it.
        return Arc::try_unwrap(shared)
            .unwrap_or_else(|shared| Original::middleware(ThroughError(Repr::Client(shared))));
    }
    if is_timeout(failure.kind()) {
        return timed_out(failure).await;
    }
    Original::middleware(failure)
}

/// An error of reqwest's that is a timeout, and has the failure in its chain.
async fn timed_out(failure: Failure) -> Original {
    let body = reqwest::Body::wrap(Failing(Some(told(failure))));
    let response = reqwest::Response::from(http::Response::new(body));
    match response.bytes().await {
        Err(error) => error.without_url().into(),
        Ok(_) => Original::middleware(Failure::new(FailureKind::TimeoutTotal)),
    }
}

/// The failure, such that reqwest sees that it is a timeout, where it is one.
pub(super) fn told(failure: Failure) -> BoxError {
    if is_timeout(failure.kind()) {
        io::Error::new(io::ErrorKind::TimedOut, failure).into()
    } else {
        failure.into()
    }
}

const fn is_timeout(kind: FailureKind) -> bool {
    matches!(
        kind,
        FailureKind::TimeoutConnect
            | FailureKind::TimeoutHead
            | FailureKind::TimeoutFirstEvent
            | FailureKind::TimeoutIdle
            | FailureKind::TimeoutRate
            | FailureKind::TimeoutTotal
    )
}

/// A body that fails at once.
struct Failing(Option<BoxError>);

impl http_body::Body for Failing {
    type Data = bytes::Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<bytes::Bytes>, BoxError>>> {
        std::task::Poll::Ready(self.0.take().map(Err))
    }
}
