//! One wait with up to two ends: a limit of its own, and the call's deadline.

use crate::span::Span;
use buttress_core::time::{self, Instant, Timer};
use buttress_core::{Deadline, Failure, FailureKind, Limit};
use std::task::{Context, Poll};
use std::time::Duration;

/// An alarm that is noticed later than this was not waited for: the task was elsewhere, or the
/// runtime busy.
const ATTENTIVE: Duration = Duration::from_millis(10);

/// Counts from the first poll after it was made or [over](Wait::over).
#[derive(Debug)]
pub(crate) struct Wait {
    since: Option<Instant>,
    timer: Timer,
    /// The alarm rings in time for every limit that is as long as this: it was set for one that
    /// began no later than any that is to come.
    served: Span,
    /// What came late was given a last chance.
    late: bool,
}

/// Which end came first.
pub(crate) struct Expired {
    pub(crate) by_deadline: bool,
    /// How long the wait had lasted.
    pub(crate) after: Duration,
}

impl Wait {
    #[inline]
    pub(crate) const fn new() -> Self {
        Wait {
            since: None,
            timer: Timer::new(),
            served: Span::NONE,
            late: false,
        }
    }

    /// What was waited for came. The timer is left as it is: moving it is for the next wait.
    #[inline]
    pub(crate) fn over(&mut self) {
        self.since = None;
    }

    /// The same where it matters how long it was waited for; what was waited for was there
    /// `at` that moment.
    pub(crate) fn over_at(&mut self, at: Option<Instant>) -> Span {
        match self.since.take() {
            Some(since) => {
                let at = at.unwrap_or_else(time::now);
                Span::of(at.saturating_duration_since(since))
            }
            None => Span::ZERO,
        }
    }

    /// Waits for the earlier end, if there is one. The deadline is the same at every poll.
    #[inline]
    pub(crate) fn poll(
        &mut self,
        limit: Span,
        deadline: Option<Deadline>,
        cx: &mut Context<'_>,
    ) -> Poll<Expired> {
        if self.served <= limit && self.timer.will_wake(cx.waker()) {
            if self.since.is_none() {
                self.since = Some(time::now());
            }
            return Poll::Pending;
        }
        self.poll_timer(limit, deadline, cx)
    }

    #[inline(never)]
    fn poll_timer(
        &mut self,
        limit: Span,
        deadline: Option<Deadline>,
        cx: &mut Context<'_>,
    ) -> Poll<Expired> {
        if limit.is_none() && deadline.is_none() {
            return Poll::Pending;
        }
        let since = *self.since.get_or_insert_with(time::now);
        let own = limit.get().map(|limit| time::instant_after(since, limit));
        let deadline = deadline.map(Deadline::instant);
        let (end, by_deadline) = match (own, deadline) {
            (Some(own), Some(deadline)) if deadline < own => (deadline, true),
            (Some(own), _) => (own, false),
            (None, Some(deadline)) => (deadline, true),
            (None, None) => return Poll::Pending,
        };
        if self.timer.poll_until(end, cx).is_pending() {
            self.served = limit;
            self.late = false;
            return Poll::Pending;
        }
        let now = time::now();
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

/// The failure of a call that is over its total limit, or over the deadline it was given.
pub(crate) fn total(total: Span, deadline: Option<Deadline>) -> Failure {
    let failure = Failure::new(FailureKind::TimeoutTotal);
    let Some((limit, deadline)) = total.get().zip(deadline) else {
        return failure;
    };
    // How long the call has lasted: the limit, and what it ran over.
    let over = time::now().saturating_duration_since(deadline.instant());
    failure.with_limit(Limit::new(limit, limit.saturating_add(over)))
}
