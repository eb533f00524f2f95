//! One wait with up to two ends: a limit of its own, and the call's deadline.

use super::{Instant, Span, Timer, now};
use crate::Deadline;
use std::task::{Context, Poll, Waker, ready};
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
    since: Since,
    timer: Timer,
}

/// Since when it is waited.
#[derive(Clone, Copy, Debug, Default)]
enum Since {
    /// Never yet.
    #[default]
    Never,
    /// Not any more.
    Over,
    /// For the deadline alone, for which it does not matter.
    Once,
    At(Instant),
}

impl Since {
    /// Of a wait with this limit that begins now. Without a limit the clock need not be asked.
    #[inline(always)]
    fn now(limit: Span) -> Self {
        if limit.is_none() {
            Since::Once
        } else {
            Since::At(now())
        }
    }
}

/// That a [`Wait`] reached one of its ends before what was waited for came.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Expired {
    /// By the deadline, not by the limit.
    pub by_deadline: bool,
    /// How long it had lasted; zero when it had no limit but the deadline.
    pub after: Duration,
}

impl Wait {
    /// A wait that has not begun.
    #[must_use]
    #[inline]
    pub const fn new() -> Self {
        Wait {
            since: Since::Never,
            timer: Timer::new(),
        }
    }

    /// What was waited for came, or was there already: the next poll begins another wait. The timer
    /// is left as it is; moving it is for the next wait.
    #[inline]
    pub fn over(&mut self) {
        self.since = Since::Over;
    }

    /// Whether what was waited for [came](Wait::over), and nothing was waited for since.
    #[must_use]
    #[inline]
    pub const fn is_over(&self) -> bool {
        matches!(self.since, Since::Over)
    }

    /// Takes the timer along to another wait, which has not begun, and has the same deadline.
    #[must_use]
    #[inline]
    pub fn take(&mut self) -> Self {
        Wait {
            since: Since::Never,
            timer: std::mem::take(&mut self.timer),
        }
    }

    /// The same as [`over`](Wait::over), and tells how long was waited: until `at`, or until now. Zero
    /// when nothing was waited for.
    pub fn over_at(&mut self, at: Option<Instant>) -> Span {
        match std::mem::replace(&mut self.since, Since::Over) {
            Since::At(since) => {
                let at = at.unwrap_or_else(now);
                Span::of(at.saturating_duration_since(since))
            }
            Since::Never | Since::Over | Since::Once => Span::ZERO,
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
        if self.starts(limit, deadline, cx.waker()) {
            return Poll::Pending;
        }
        self.poll_on(limit, deadline, cx.waker())
    }

    /// The short way to begin a first wait: with an alarm that was kept and is set for this task
    /// still, as that of the call before is. `false` where there is none; then nothing has begun.
    #[must_use]
    #[inline(always)]
    pub fn starts(&mut self, limit: Span, deadline: Option<Deadline>, waker: &Waker) -> bool {
        if limit.is_none() && deadline.is_none() {
            return false;
        }
        // Fails for a wait that has begun: that has an alarm.
        let starts = self.timer.borrow(limit, deadline, waker);
        if starts {
            self.since = Since::now(limit);
        }
        starts
    }

    /// Given the waker alone: then the compiler need not put a context together in memory first.
    #[inline(never)]
    fn poll_on(&mut self, limit: Span, deadline: Option<Deadline>, waker: &Waker) -> Poll<Expired> {
        if !self.waits(limit) {
            if limit.is_none() && deadline.is_none() {
                return Poll::Pending;
            }
            self.since = Since::now(limit);
        }
        if self.timer.rings(limit, waker) {
            return Poll::Pending;
        }
        self.poll_ends(limit, deadline, &mut Context::from_waker(waker))
    }

    /// The short way to begin a wait after one that is [over](Wait::is_over): the alarm of that one
    /// is set still, and rings for this task within the limit. `false` where it is not; then nothing
    /// has begun.
    #[inline(always)]
    pub fn goes_on(&mut self, limit: Span, waker: &Waker) -> bool {
        let goes_on = self.is_over() && self.timer.rings(limit, waker);
        if goes_on {
            self.since = Since::now(limit);
        }
        goes_on
    }

    /// Whether a wait with this limit has begun.
    #[inline]
    const fn waits(&self, limit: Span) -> bool {
        match self.since {
            Since::At(_) => true,
            Since::Once => limit.is_none(),
            Since::Never | Since::Over => false,
        }
    }

    fn poll_ends(
        &mut self,
        limit: Span,
        deadline: Option<Deadline>,
        cx: &mut Context<'_>,
    ) -> Poll<Expired> {
        let since = match self.since {
            Since::At(since) => since,
            // There is no limit that would count from then.
            Since::Never | Since::Over | Since::Once => now(),
        };
        let ends = self.timer.poll_ends(since, limit, deadline, cx);
        let (end, by_deadline) = ready!(ends);
        let now = now();
        let late = !by_deadline && now.saturating_duration_since(end) > ATTENTIVE;
        if late && self.timer.is_first_ring() {
            // What came meanwhile may be on its way through other tasks that had no turn either.
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Expired {
            by_deadline,
            after: match self.since {
                Since::At(since) => now.saturating_duration_since(since),
                Since::Never | Since::Over | Since::Once => Duration::ZERO,
            },
        })
    }
}

#[cfg(test)]
mod tests;
