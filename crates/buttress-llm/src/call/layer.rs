use super::{Call, CallBody};
use crate::Dialect;
use crate::render::ErrorShape;
use buttress_humanize::Rendering;
use http::Request;
use std::task::{Context, Poll};
use tower_layer::Layer;
use tower_service::Service;

/// Finds the calls to language models among requests, for the layers below, which are told what to
/// do about one by the [`Call`] in its extensions. Their errors get the shape of their API: see
/// [`ErrorShape`].
///
/// Place it outside of everything that is to know: humanize first of all. See [`Call`] for an
/// example.
#[derive(Clone, Debug)]
#[must_use = "a layer does nothing until it wraps a service"]
pub struct CallLayer {
    shapes: [Rendering; 5],
}

impl CallLayer {
    /// Finds calls of every [`Dialect`].
    pub fn new() -> Self {
        let shape = |dialect| Rendering::by(ErrorShape::of(dialect));
        CallLayer {
            shapes: [
                shape(Dialect::ChatCompletions),
                shape(Dialect::Completions),
                shape(Dialect::Responses),
                shape(Dialect::Messages),
                shape(Dialect::Gemini),
            ],
        }
    }

    fn shape(&self, dialect: Dialect) -> Rendering {
        let [chat, completions, responses, messages, gemini] = &self.shapes;
        match dialect {
            Dialect::ChatCompletions => chat,
            Dialect::Completions => completions,
            Dialect::Responses => responses,
            Dialect::Messages => messages,
            Dialect::Gemini => gemini,
        }
        .clone()
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
        Calls {
            inner,
            layer: self.clone(),
        }
    }
}

/// The service of a [`CallLayer`].
#[derive(Clone, Debug)]
pub struct Calls<S> {
    inner: S,
    layer: CallLayer,
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
        let call = Call::recognise(request.method(), request.uri());
        if let Some(call) = &call {
            let shape = self.layer.shape(call.0.dialect);
            let extensions = request.extensions_mut();
            extensions.insert(call.clone());
            extensions.insert(shape);
        }
        self.inner
            .call(request.map(|body| CallBody::new(body, call)))
    }
}
