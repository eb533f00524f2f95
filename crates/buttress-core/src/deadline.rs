//! An absolute end for a call, carried in the request's extensions.

use crate::time::{self, Instant};
use http::Extensions;
use std::time::Duration;

/// The moment by which a whole call must be over.
///
/// It travels in the request's extensions. Every layer that waits or sends again honours it, and
/// a layer with an earlier end of its own [tightens](Deadline::tighten) it; nobody can extend it.
///
/// ```
/// use buttress_core::Deadline;
/// use std::time::Duration;
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let mut request = http::Request::new(());
/// Deadline::after(Duration::from_secs(30)).tighten(request.extensions_mut());
/// Deadline::after(Duration::from_secs(99)).tighten(request.extensions_mut());
///
/// let deadline = Deadline::of(request.extensions()).expect("was set");
/// assert!(deadline.remaining() <= Duration::from_secs(30));
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Deadline(Instant);

impl Deadline {
    /// A deadline at this moment.
    #[must_use]
    pub const fn at(instant: Instant) -> Self {
        Deadline(instant)
    }

    /// A deadline this long from now.
    #[must_use]
    pub fn after(duration: Duration) -> Self {
        Deadline(time::instant_after(time::now(), duration))
    }

    /// The deadline these request extensions carry.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Option<Self> {
        extensions.get::<Deadline>().copied()
    }

    /// Makes this the deadline of the request, unless it has an earlier one.
    pub fn tighten(self, extensions: &mut Extensions) {
        if Deadline::of(extensions).is_none_or(|present| self < present) {
            extensions.insert(self);
        }
    }

    /// The moment.
    #[must_use]
    pub const fn instant(self) -> Instant {
        self.0
    }

    /// How long it is until then: zero when it has passed.
    #[must_use]
    pub fn remaining(self) -> Duration {
        self.0.saturating_duration_since(time::now())
    }
}
