//! What gRPC says in a way of its own, for the layers that know HTTP.
//!
//! Layers see a gRPC call as what it is on the wire: a `POST` that is answered with 200. That it
//! failed is in `grpc-status`, and by when it must be over in `grpc-timeout`. [`GrpcLayer`]
//! translates both. It knows the headers only, so that it fits every implementation, such as tonic.
//!
//! Place it below the layers that retry and limit, above the channel:
//!
//! ```
//! use buttress_core::grpc::GrpcLayer;
//! use buttress_core::{Deadline, Failure, FailureKind};
//! use http::{Request, Response};
//! use std::convert::Infallible;
//! use std::time::Duration;
//! use tower::{Layer, ServiceExt, service_fn};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
//! // Stands for a channel to a server that is just starting.
//! let channel = service_fn(async |request: Request<String>| {
//!     assert!(request.headers().contains_key("grpc-timeout"));
//!     let response = Response::builder().header("grpc-status", "14");
//!     Ok::<_, Infallible>(response.body("").expect("is valid"))
//! });
//! let service = GrpcLayer::new().layer(channel);
//!
//! let mut request = Request::new("hello".to_owned());
//! Deadline::after(Duration::from_secs(10)).tighten(request.extensions_mut());
//! let response = service.oneshot(request).await?;
//! let failure = Failure::of(response.extensions()).expect("a retry outside sees it");
//! assert_eq!(failure.kind(), FailureKind::Overloaded);
//! assert!(failure.is_transient());
//! # Ok::<(), Infallible>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Every gRPC call is a `POST`. What certainly was not processed is sent again without asking; that
//! a method may be called twice takes consent, as of any `POST`.
//!
//! Messages are streams of request bodies: put a [`ReplayBodyLayer`](crate::ReplayBodyLayer)
//! outermost, so that they can be sent again.

mod timeout;

#[cfg(test)]
mod tests;

use crate::{Deadline, Failure, classify};
use http::{Request, Response};
use pin_project_lite::pin_project;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tower_layer::Layer;
use tower_service::Service;

/// Makes gRPC's statuses failures, and deadlines `grpc-timeout`s. See the [module](self).
///
/// - An answer that fails without a message is given the [`Failure`] that it stands for, among its
///   extensions: see [`classify::grpc`]. The answer itself stays as it is, and so does a failure that is
///   there already.
/// - A request with a [`Deadline`] tells the server what is left of it as `grpc-timeout`, in each
///   attempt anew. One that it has already stays where it is the shorter one.
///
/// It has no limits to set, keeps nothing, and allocates only for a failure or a deadline.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
#[must_use = "a layer does nothing until it wraps a service"]
pub struct GrpcLayer;

impl GrpcLayer {
    /// The layer.
    pub const fn new() -> Self {
        GrpcLayer
    }
}

impl<S> Layer<S> for GrpcLayer {
    type Service = Grpc<S>;

    fn layer(&self, inner: S) -> Grpc<S> {
        Grpc { inner }
    }
}

/// The service of a [`GrpcLayer`].
#[derive(Clone, Debug)]
pub struct Grpc<S> {
    inner: S,
}

impl<S, B, RB> Service<Request<B>> for Grpc<S>
where
    S: Service<Request<B>, Response = Response<RB>>,
{
    type Response = Response<RB>;
    type Error = S::Error;
    type Future = GrpcFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        if let Some(deadline) = Deadline::of(request.extensions()) {
            timeout::tighten(request.headers_mut(), deadline.remaining());
        }
        GrpcFuture {
            inner: self.inner.call(request),
        }
    }
}

pin_project! {
    /// The future of a [`Grpc`]. Dropping it drops the call.
    #[derive(Debug)]
    pub struct GrpcFuture<F> {
        #[pin]
        inner: F,
    }
}

impl<F, RB, E> Future for GrpcFuture<F>
where
    F: Future<Output = Result<Response<RB>, E>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let mut response = ready!(self.project().inner.poll(cx))?;
        // A layer below that knows better has said so already.
        if Failure::of(response.extensions()).is_none() {
            if let Some(class) = classify::grpc(response.status(), response.headers()) {
                Failure::from(class).attach(response.extensions_mut());
            }
        }
        Poll::Ready(Ok(response))
    }
}
