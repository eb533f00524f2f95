use crate::{Resume, ResumeConfig};
use tower_layer::Layer;

/// Makes response bodies survive their connection. See the [crate](crate) for everything.
#[derive(Clone, Debug, Default)]
pub struct ResumeLayer {
    config: ResumeConfig,
}

impl ResumeLayer {
    /// A layer that does what `config` says. `ResumeLayer::default()` has the defaults.
    #[must_use]
    pub const fn new(config: ResumeConfig) -> Self {
        ResumeLayer { config }
    }
}

impl<S> Layer<S> for ResumeLayer {
    type Service = Resume<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Resume::new(inner, self.config.clone())
    }
}
