//! One wait with up to two ends: a limit of its own, and the call's deadline.

use super::{Instant, Span, Timer, now};
use crate::Deadline;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

/// An alarm that is noticed later than this was not waited for: the task was elsewhere, or the
/// runtime busy.
const ATTENTIVE: Duration = Duration::from_millis(10);

/// One wait after the other, each with up to two ends: a limit of its own, which counts from its
/// first poll, and a deadline, which is the same for all of them.
///
/// Poll what is waited for first, and the wait only while that is pending: a wait that is not
/// polled costs nothing and blames nobody. While an alarm is set for the task that polls, a poll
/// looks at the clock once a wait and does nothing else.
///
/// ```
/// use buttress_core::time::{Span, Wait, now};
/// use std::{future::poll_fn, time::Duration};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?.block_on(async {
/// let limit = Span::of(Duration::from_secs(5));
/// let mut wait = Wait::new();
/// let expired = poll_fn(|cx| wait.poll(limit, None, cx)).await;
/// assert_eq!(expired.after, Duration::from_secs(5));
/// assert!(!expired.by_deadline);
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Wait {
    since: Option<Instant>,
    timer: Timer,
    /// What came late was given a last chance.
    late: bool,
}

/// How a [`Wait`] ended that nothing else did.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Expired {
    /// By the deadline, not by the limit.
    pub by_deadline: bool,
    /// How long it had lasted.
    pub after: Duration,
}

impl Wait {
    /// A wait that has not begun.
    #[must_use]
    #[inline]
    pub const fn new() -> Self {
        Wait {
            since: None,
            timer: Timer::new(),
            late: false,
        }
    }

    /// What was waited for came: the next poll begins another wait. The timer is left as it is;
    /// moving it is for the next wait.
    #[inline]
    pub fn over(&mut self) {
        self.since = None;
    }

    /// Takes the timer along to another wait, which has not begun.
    #[must_use]
    #[inline]
    pub fn take(&mut self) -> Self {
        Wait {
            since: None,
            timer: std::mem::take(&mut self.timer),
            late: false,
        }
    }

    /// The same as [`over`](Wait::over) where it matters how long it was waited for: until `at`, or until now. Zero when
    /// it was not.
    pub fn over_at(&mut self, at: Option<Instant>) -> Span {
        match self.since.take() {
            Some(since) => {
                let at = at.unwrap_or_else(now);
                Span::of(at.saturating_duration_since(since))
            }
            None => Span::ZERO,
        }
    }

    /// Ready at the earlier end, if there is one. The deadline must be the same at every poll; the
    /// limit may change.
    ///
    /// When it is noticed late that the limit has passed, because the runtime was busy or the task
    /// did something else, whatever came meanwhile is given one more turn to arrive.
    #[inline]
    pub fn poll(
        &mut self,
        limit: Span,
        deadline: Option<Deadline>,
        cx: &mut Context<'_>,
    ) -> Poll<Expired> {
        if self.timer.rings(limit, deadline, cx.waker()) {
            if self.since.is_none() {
                self.since = Some(now());
            }
            return Poll::Pending;
        }
        if self.since.is_none() && self.begin(limit, deadline, cx.waker()) {
            return Poll::Pending;
        }
        self.poll_ends(limit, deadline, cx)
    }

    /// Begins. Whether that is all there is to do.
    #[inline(never)]
    fn begin(&mut self, limit: Span, deadline: Option<Deadline>, waker: &Waker) -> bool {
        if limit.is_none() && deadline.is_none() {
            return true;
        }
        let rings = self.timer.borrow(limit, deadline, waker);
        self.since = Some(now());
        rings
    }

    #[inline(never)]
    fn poll_ends(
        &mut self,
        limit: Span,
        deadline: Option<Deadline>,
        cx: &mut Context<'_>,
    ) -> Poll<Expired> {
        let since = *self.since.get_or_insert_with(now);
        let ends = self.timer.poll_ends(since, limit, deadline, cx);
        let Poll::Ready((end, by_deadline)) = ends else {
            self.late = false;
            return Poll::Pending;
        };
        let now = now();
        if !by_deadline && !self.late && now.saturating_duration_since(end) > ATTENTIVE {
            // What came meanwhile may be on its way through other tasks that had no turn either.
            self.late = true;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Expired {
            by_deadline,
            after: now.saturating_duration_since(since),
        })
    }
}

#[cfg(test)]
mod tests;
