use crate::{Timeout, TimeoutConfig};
use tower_layer::Layer;

/// Limits the waits of a call. See the [crate](crate) for everything.
#[derive(Clone, Debug, Default)]
pub struct TimeoutLayer {
    config: TimeoutConfig,
}

impl TimeoutLayer {
    /// A layer with these limits. `TimeoutLayer::default()` has the defaults.
    #[must_use]
    pub const fn new(config: TimeoutConfig) -> Self {
        TimeoutLayer { config }
    }
}

impl<S> Layer<S> for TimeoutLayer {
    type Service = Timeout<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Timeout::new(inner, self.config.clone())
    }
}
