//! Services that break the contract of services and bodies.

use super::naive::Boxed;
use buttress_core::BoxError;
use http::{Request, Response};
use http_body::{Body, Frame};
use std::pin::Pin;
use std::task::{Context, Poll};
use tower_service::Service;

/// Calls a clone that nobody polled ready.
#[derive(Clone, Debug)]
pub struct CloneInCall<S>(S);

impl<S> CloneInCall<S> {
    /// One around this service.
    #[must_use]
    pub fn new(inner: S) -> Self {
        CloneInCall(inner)
    }
}

impl<S: Service<R> + Clone, R> Service<R> for CloneInCall<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: R) -> S::Future {
        self.0.clone().call(request)
    }
}

/// Lets a task of its own make the call, which goes on when nobody wants it any more.
#[derive(Clone, Debug)]
pub struct SpawnAndLeak<S>(S);

impl<S> SpawnAndLeak<S> {
    /// One around this service.
    #[must_use]
    pub fn new(inner: S) -> Self {
        SpawnAndLeak(inner)
    }
}

impl<S, R> Service<R> for SpawnAndLeak<S>
where
    S: Service<R>,
    S::Error: Into<BoxError>,
    S::Future: Send + 'static,
    S::Response: Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Boxed<Result<S::Response, BoxError>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, request: R) -> Self::Future {
        let answer = self.0.call(request);
        let task = tokio::spawn(async move { answer.await.map_err(Into::into) });
        Box::pin(async move { task.await? })
    }
}

/// Gives bodies that do not know their length.
#[derive(Clone, Debug)]
pub struct DropSizeHint<S>(S);

impl<S> DropSizeHint<S> {
    /// One around this service.
    #[must_use]
    pub fn new(inner: S) -> Self {
        DropSizeHint(inner)
    }
}

impl<S, B, RB> Service<Request<B>> for DropSizeHint<S>
where
    S: Service<Request<B>, Response = Response<RB>>,
    S::Error: Into<BoxError>,
    S::Future: Send + 'static,
{
    type Response = Response<Hintless<RB>>;
    type Error = BoxError;
    type Future = Boxed<Result<Self::Response, BoxError>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let answer = self.0.call(request);
        Box::pin(async move { Ok(answer.await.map_err(Into::into)?.map(Hintless)) })
    }
}

/// The body of a [`DropSizeHint`].
#[derive(Debug)]
pub struct Hintless<B>(B);

impl<B: Body + Unpin> Body for Hintless<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        Pin::new(&mut self.0).poll_frame(cx)
    }
}
