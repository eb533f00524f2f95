use crate::{Catalog, Humanize, Render};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use tower_layer::Layer;

/// Explains failures. See the [crate](crate) for an example.
#[must_use = "a layer does nothing until it wraps a service"]
pub struct HumanizeLayer<M = ErrorMode> {
    catalog: Option<Arc<dyn Catalog>>,
    render: Option<Arc<dyn Render>>,
    mode: PhantomData<fn() -> M>,
}

/// Failures stay errors and are explained: for clients.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ErrorMode;

/// Failures become responses that explain them: for servers and gateways.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ResponseMode;

impl HumanizeLayer {
    /// Explains failures in English and passes them on as errors.
    pub const fn new() -> Self {
        HumanizeLayer {
            catalog: None,
            render: None,
            mode: PhantomData,
        }
    }

    /// Turns failures into responses instead, so that the service cannot fail any more.
    pub fn into_responses(self) -> HumanizeLayer<ResponseMode> {
        HumanizeLayer {
            catalog: self.catalog,
            render: self.render,
            mode: PhantomData,
        }
    }
}

impl<M> HumanizeLayer<M> {
    /// Uses this wording instead of [`English`](crate::English).
    pub fn catalog(mut self, catalog: impl Catalog) -> Self {
        self.catalog = Some(Arc::new(catalog));
        self
    }
}

impl HumanizeLayer<ResponseMode> {
    /// Gives errors this shape, of responses and of streams that have begun, unless a request has
    /// a [`Rendering`](crate::Rendering) of its own.
    pub fn render(mut self, render: impl Render) -> Self {
        self.render = Some(Arc::new(render));
        self
    }
}

impl Default for HumanizeLayer {
    fn default() -> Self {
        HumanizeLayer::new()
    }
}

impl<M> Clone for HumanizeLayer<M> {
    fn clone(&self) -> Self {
        HumanizeLayer {
            catalog: self.catalog.clone(),
            render: self.render.clone(),
            mode: PhantomData,
        }
    }
}

impl<M> fmt::Debug for HumanizeLayer<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HumanizeLayer")
            .field("own_catalog", &self.catalog.is_some())
            .field("own_render", &self.render.is_some())
            .finish()
    }
}

impl<S, M> Layer<S> for HumanizeLayer<M> {
    type Service = Humanize<S, M>;

    fn layer(&self, inner: S) -> Self::Service {
        Humanize::new(inner, self.catalog.clone(), self.render.clone())
    }
}
