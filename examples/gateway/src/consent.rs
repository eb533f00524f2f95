//! Whether a request may be sent again, where its body has a say in it.

use buttress_llm::Call;
use buttress_retry::RetryConfig;
use http::Request;
use std::task::{Context, Poll};
use tower::Service;

/// Takes back the consent that a path alone has given, where the body shows that the request is no call to a
/// model. To be placed inside of the layer that reads it.
///
/// What is not at hand when it is sent can't say anything yet, and has the consent of its path.
#[derive(Clone, Debug)]
pub(crate) struct ByBody<S> {
    inner: S,
    otherwise: Option<RetryConfig>,
}

impl<S> ByBody<S> {
    /// Sends what is no call `otherwise`, if that is another way.
    pub(crate) const fn new(inner: S, otherwise: Option<RetryConfig>) -> Self {
        ByBody { inner, otherwise }
    }
}

impl<S, B> Service<Request<B>> for ByBody<S>
where
    S: Service<Request<B>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> S::Future {
        if let Some(otherwise) = &self.otherwise {
            if Call::find(request.extensions()).is_none() {
                request.extensions_mut().insert(otherwise.clone());
            }
        }
        self.inner.call(request)
    }
}
