use crate::asked::Asked;
use crate::words::Words;
use crate::{Catalog, Humanize, Render};
use buttress_core::Failure;
use std::convert::Infallible;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use tower_layer::Layer;

/// Explains failures. See the [crate](crate) for an example.
#[must_use = "a layer does nothing until it wraps a service"]
pub struct HumanizeLayer<M = ErrorMode> {
    /// `None` is the built-in wording and shape.
    words: Option<Arc<Words>>,
    mode: PhantomData<fn() -> M>,
}

/// One of the two modes.
#[allow(unnameable_types, reason = "there are to be no other modes")]
pub trait Mode {
    /// What a call holds in place of a future when the service was not ready.
    type Unready;
}

impl Mode for ErrorMode {
    /// Readiness fails by itself.
    type Unready = Infallible;
}

impl Mode for ResponseMode {
    type Unready = Failure;
}

/// Failures stay errors and are explained: for clients.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ErrorMode;

/// Failures become responses that explain them: for servers and gateways.
///
/// Layers and services only name it. A call holds what the response has to fit to.
#[derive(Debug)]
pub struct ResponseMode(pub(crate) Asked);

impl HumanizeLayer {
    /// Explains failures in English and passes them on as errors.
    pub const fn new() -> Self {
        HumanizeLayer {
            words: None,
            mode: PhantomData,
        }
    }

    /// Turns failures into responses instead, so that the service cannot fail any more.
    ///
    /// The inner service must be `Clone`: one that fails to become ready is replaced by a clone of it.
    pub fn into_responses(self) -> HumanizeLayer<ResponseMode> {
        HumanizeLayer {
            words: self.words,
            mode: PhantomData,
        }
    }
}

impl<M> HumanizeLayer<M> {
    fn words(&mut self) -> &mut Words {
        Arc::make_mut(self.words.get_or_insert_default())
    }

    /// Uses this wording instead of [`English`](crate::English).
    pub fn catalog(mut self, catalog: impl Catalog) -> Self {
        self.words().catalog = Some(Arc::new(catalog));
        self
    }

    /// Explains in the [`Language`](crate::Language) that each request prefers
    /// ([`Language::negotiate`](crate::Language::negotiate)). A catalog of one's own is told which.
    ///
    /// Otherwise it is English; for another language alone, make that one the
    /// [`catalog`](HumanizeLayer::catalog).
    pub fn negotiate_language(mut self) -> Self {
        self.words().negotiates = true;
        self
    }
}

impl HumanizeLayer<ResponseMode> {
    /// Gives errors this shape, of responses and of streams that have begun, unless a request has
    /// a [`Rendering`](crate::Rendering) of its own.
    pub fn render(mut self, render: impl Render) -> Self {
        self.words().render = Some(Arc::new(render));
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
            words: self.words.clone(),
            mode: PhantomData,
        }
    }
}

impl<M> fmt::Debug for HumanizeLayer<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = self.words.as_deref();
        f.debug_struct("HumanizeLayer")
            .field(
                "own_catalog",
                &words.is_some_and(|words| words.catalog.is_some()),
            )
            .field(
                "own_render",
                &words.is_some_and(|words| words.render.is_some()),
            )
            .field("negotiates", &words.is_some_and(|words| words.negotiates))
            .finish()
    }
}

impl<S, M> Layer<S> for HumanizeLayer<M> {
    type Service = Humanize<S, M>;

    fn layer(&self, inner: S) -> Self::Service {
        Humanize::new(inner, self.words.clone())
    }
}
