use super::{Call, CallBody};
use http::Request;
use std::task::{Context, Poll};
use tower_layer::Layer;
use tower_service::Service;

/// Finds the calls to language models among requests, for the layers below, which are told what to
/// do about one by the [`Call`] in its extensions. Their errors get the shape of their API: see
/// [`ErrorShape`](crate::ErrorShape).
///
/// Place it outside of everything that is to know: humanize first of all. See [`Call`] for an
/// example.
#[derive(Clone, Copy, Debug)]
#[must_use = "a layer does nothing until it wraps a service"]
pub struct CallLayer(());

impl CallLayer {
    /// Finds calls of every [`Dialect`](crate::Dialect).
    pub const fn new() -> Self {
        CallLayer(())
    }
}

impl Default for CallLayer {
    fn default() -> Self {
        CallLayer::new()
    }
}

impl<S> Layer<S> for CallLayer {
    type Service = Calls<S>;

    fn layer(&self, inner: S) -> Calls<S> {
        Calls { inner }
    }
}

/// The service of a [`CallLayer`].
#[derive(Clone, Debug)]
pub struct Calls<S> {
    inner: S,
}

impl<S, B> Service<Request<B>> for Calls<S>
where
    S: Service<Request<CallBody<B>>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> S::Future {
        let call = Call::recognise(request.method(), request.uri(), request.headers());
        if let Some(call) = &call {
            let extensions = request.extensions_mut();
            extensions.insert(call.clone());
            extensions.insert(call.shape());
        }
        self.inner
            .call(request.map(|body| CallBody::new(body, call)))
    }
}
