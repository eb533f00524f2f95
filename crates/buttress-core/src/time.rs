//! The one module that knows the clock.
//!
//! Everything in the suite that waits asks here, so that tests can pause time with
//! `tokio::time::pause` and nothing else reads a clock behind their back.
#![allow(
    clippy::disallowed_methods,
    reason = "this is the module the ban points to"
)]

pub use tokio::time::Instant;

use pin_project_lite::pin_project;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, SystemTime};
use tokio::time::{Sleep, sleep_until};

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

/// `start + after`, or about thirty years from now when that cannot be said.
///
/// A limit too far off to be told apart from none must not panic.
#[must_use]
pub fn instant_after(start: Instant, after: Duration) -> Instant {
    const FAR: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);
    start.checked_add(after.min(FAR)).unwrap_or(start)
}

pin_project! {
    /// A timer that costs nothing until it is first waited for.
    ///
    /// It is made on the first [`poll`](Timer::poll_until), moved when it is polled for another
    /// moment, and gone when dropped.
    ///
    /// Panics when first polled outside of a tokio runtime with time enabled, as tokio's own
    /// timers do.
    #[derive(Default)]
    pub struct Timer {
        #[pin]
        sleep: Option<Sleep>,
    }
}

impl Timer {
    /// A timer that does not exist yet.
    #[must_use]
    pub const fn new() -> Self {
        Timer { sleep: None }
    }

    /// Ready once `deadline` has come; wakes the task then.
    pub fn poll_until(self: Pin<&mut Self>, deadline: Instant, cx: &mut Context<'_>) -> Poll<()> {
        let mut sleep = self.project().sleep;
        if sleep.is_none() {
            sleep.set(Some(sleep_until(deadline)));
        }
        let Some(mut sleep) = sleep.as_pin_mut() else {
            return Poll::Pending;
        };
        loop {
            let armed = sleep.deadline();
            if armed > deadline {
                sleep.as_mut().reset(deadline);
            }
            // An earlier alarm is left to ring: moving a timer costs more than one wake too many.
            ready!(sleep.as_mut().poll(cx));
            if armed >= deadline {
                return Poll::Ready(());
            }
            sleep.as_mut().reset(deadline);
        }
    }

    /// Forgets the alarm, so that the next poll starts afresh.
    pub fn clear(self: Pin<&mut Self>) {
        self.project().sleep.set(None);
    }
}

impl fmt::Debug for Timer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Timer")
            .field("armed", &self.sleep.is_some())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;
    use std::pin::pin;

    #[tokio::test(start_paused = true)]
    async fn fires_at_the_moment_asked_for_last() {
        let start = now();
        let mut timer = pin!(Timer::new());
        let first = start + Duration::from_secs(1);
        let later = start + Duration::from_secs(3);
        let pending = poll_fn(|cx| Poll::Ready(timer.as_mut().poll_until(first, cx))).await;
        assert!(pending.is_pending());
        poll_fn(|cx| timer.as_mut().poll_until(later, cx)).await;
        assert_eq!(now() - start, Duration::from_secs(3));
    }

    #[tokio::test(start_paused = true)]
    async fn can_be_moved_to_an_earlier_moment() {
        let start = now();
        let mut timer = pin!(Timer::new());
        let first = start + Duration::from_secs(10);
        let sooner = start + Duration::from_secs(2);
        let pending = poll_fn(|cx| Poll::Ready(timer.as_mut().poll_until(first, cx))).await;
        assert!(pending.is_pending());
        poll_fn(|cx| timer.as_mut().poll_until(sooner, cx)).await;
        assert_eq!(now() - start, Duration::from_secs(2));
    }

    #[tokio::test(start_paused = true)]
    async fn a_limit_without_end_is_a_far_one() {
        let start = now();
        assert!(instant_after(start, Duration::MAX) > start);
    }
}
