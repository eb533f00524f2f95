//! The one module that knows the clock.
//!
//! Everything in the suite that waits asks here, so that tests can pause time with
//! `tokio::time::pause` and nothing else reads a clock behind their back.
#![allow(
    clippy::disallowed_methods,
    reason = "this is the module the ban points to"
)]

mod alarm;
mod pool;
mod span;
mod timer;
mod wait;

pub use self::span::Span;
pub use self::timer::Timer;
pub use self::wait::{Expired, Wait};
pub use tokio::time::Instant;

use std::time::{Duration, SystemTime};

/// The moment that counts: tokio's clock, which tests can pause.
#[must_use]
pub fn now() -> Instant {
    Instant::now()
}

/// The calendar's clock, for dates in headers and nothing else.
#[must_use]
pub fn wall_clock() -> SystemTime {
    SystemTime::now()
}

/// About thirty years, in nanoseconds: for limits so far off, longer is the same.
const FAR: u64 = 30 * 365 * 24 * 60 * 60 * 1_000_000_000;

/// `start + after`, or about thirty years from now when that cannot be said.
///
/// A limit too far off to be told apart from none must not panic.
#[must_use]
#[inline]
pub fn instant_after(start: Instant, after: Duration) -> Instant {
    start
        .checked_add(after.min(Duration::from_nanos(FAR)))
        .unwrap_or(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_limit_without_end_is_a_far_one() {
        let start = now();
        assert!(instant_after(start, Duration::MAX) > start);
    }
}
