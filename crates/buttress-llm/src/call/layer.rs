use super::{Call, CallBody};
use http::header::ACCEPT_ENCODING;
use http::{HeaderValue, Request};
use std::task::{Context, Poll};
use tower_layer::Layer;
use tower_service::Service;

/// Finds the calls to language models among requests, for the layers below, which are told what to
/// do about one by the [`Call`] in its extensions. Their errors get the shape of their API: see
/// [`ErrorShape`](crate::ErrorShape).
///
/// A call that asks for a coded answer asks for the plain one instead (`Accept-Encoding: identity`, RFC
/// 9110, section 12.5.3): in a compressed one the layers could read neither an error nor the end of a
/// stream. A client below that codes and decodes by itself is not touched by that.
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
            let headers = request.headers_mut();
            if headers.contains_key(ACCEPT_ENCODING) {
                headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
            }
            let extensions = request.extensions_mut();
            extensions.insert(call.clone());
            extensions.insert(call.shape());
        }
        self.inner
            .call(request.map(|body| CallBody::new(body, call)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderMap;
    use std::convert::Infallible;
    use tower::{ServiceExt, service_fn};

    #[tokio::test]
    async fn calls_are_answered_in_the_clear() {
        for (path, asked, expected) in [
            ("/v1/messages", &["gzip", "br"][..], &["identity"][..]),
            ("/v1/messages", &["identity"], &["identity"]),
            ("/v1/messages", &[], &[]),
            ("/v1/files", &["gzip", "br"], &["gzip", "br"]),
        ] {
            let mut request = Request::post(path);
            for value in asked {
                request = request.header(ACCEPT_ENCODING, *value);
            }
            let below = service_fn(|request: Request<CallBody<()>>| async move {
                Ok::<HeaderMap, Infallible>(request.headers().clone())
            });
            let service = CallLayer::new().layer(below);
            let headers = service.oneshot(request.body(()).unwrap()).await.unwrap();
            let seen: Vec<_> = headers.get_all(ACCEPT_ENCODING).iter().collect();
            assert_eq!(seen, expected, "{path} {asked:?}");
        }
    }
}
