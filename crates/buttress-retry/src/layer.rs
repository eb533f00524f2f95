use crate::{Retry, RetryConfig};
use tower_layer::Layer;

/// Sends requests again that failed, where that is safe. See the [crate](crate) for everything.
#[derive(Clone, Debug, Default)]
pub struct RetryLayer {
    config: RetryConfig,
}

impl RetryLayer {
    /// A layer that does what `config` says. `RetryLayer::default()` has the defaults.
    #[must_use]
    pub const fn new(config: RetryConfig) -> Self {
        RetryLayer { config }
    }
}

impl<S> Layer<S> for RetryLayer {
    type Service = Retry<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Retry::new(inner, self.config.clone())
    }
}
