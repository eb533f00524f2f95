use crate::{NoCursor, Resume, ResumeConfig};
use std::fmt;
use tower_layer::Layer;

/// Makes response bodies survive their connection. See the [crate](crate) for everything.
///
/// `C` gives requests [`Cursor`](crate::Cursor)s, if there are any.
#[derive(Clone)]
pub struct ResumeLayer<C = NoCursor> {
    config: ResumeConfig,
    cursors: C,
}

impl ResumeLayer {
    /// A layer that does what `config` says. `ResumeLayer::default()` has the defaults.
    #[must_use]
    pub const fn new(config: ResumeConfig) -> Self {
        ResumeLayer {
            config,
            cursors: NoCursor,
        }
    }
}

impl<C> ResumeLayer<C> {
    /// Asks these [`Cursors`](crate::Cursors) first how a stream goes on: see
    /// [`cursor`](crate::cursor). They replace any that were given before.
    #[must_use]
    pub fn with_cursor<D>(self, cursors: D) -> ResumeLayer<D> {
        ResumeLayer {
            config: self.config,
            cursors,
        }
    }
}

impl Default for ResumeLayer {
    fn default() -> Self {
        ResumeLayer::new(ResumeConfig::default())
    }
}

impl<S, C: Clone> Layer<S> for ResumeLayer<C> {
    type Service = Resume<S, C>;

    fn layer(&self, inner: S) -> Self::Service {
        Resume::new(inner, self.config.clone()).with_cursor(self.cursors.clone())
    }
}

impl<C> fmt::Debug for ResumeLayer<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResumeLayer")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}
