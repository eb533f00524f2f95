//! A timer that is lent, not made: the alarms of finished waits serve the next ones.

use super::alarm::{self, Alarm};
use super::{Instant, Span};
use crate::Deadline;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::{fmt, mem};
use tokio::runtime::Handle;

/// A timer that is lent, not made, and costs nothing until it is first waited for.
///
/// The first [`poll_until`](Timer::poll_until) borrows an alarm that an earlier wait of this thread
/// left behind, still set; only when there is none is one made. An alarm that is set for earlier
/// than asked rings once too often and is set anew then: that is rare, and moving it for each
/// wait is dear. While it is set and wakes the task that polls, nothing is done at all. When the
/// timer is dropped or [cleared](Timer::clear) its alarm is left for the next one, and may wake its
/// last task once more for nothing.
///
/// A thread keeps at most 64 alarms. One that is kept holds on to the handle of its runtime, and
/// until it rings to the memory of the task that it would wake.
///
/// Panics when first polled outside of a tokio runtime with time enabled, as tokio's own
/// timers do.
#[derive(Default)]
pub struct Timer {
    alarm: Option<Pin<Box<Alarm>>>,
}

impl Timer {
    /// A timer without an alarm.
    #[must_use]
    #[inline]
    pub const fn new() -> Self {
        Timer { alarm: None }
    }

    /// Ready once `deadline` has come; wakes the task then.
    pub fn poll_until(&mut self, deadline: Instant, cx: &mut Context<'_>) -> Poll<()> {
        self.settle().poll_until(deadline, cx)
    }

    /// Gives the alarm back.
    #[inline(always)]
    pub fn clear(&mut self) {
        // Looked at first: to take what is not there is a write.
        if self.alarm.is_some() {
            if let Some(alarm) = self.alarm.take() {
                alarm::give_back(alarm);
            }
        }
    }

    /// Whether an alarm is set that wakes the task of `waker` before a wait with this limit is over,
    /// which has begun when it was set or later. Before the deadline it rings in any case: that is the
    /// same for all waits.
    #[inline(always)]
    pub(super) fn rings(&self, limit: Span, waker: &Waker) -> bool {
        match &self.alarm {
            Some(alarm) => alarm.rings(limit, waker),
            None => false,
        }
    }

    /// Borrows the alarm kept last, unless there is one, if it happens to [ring](Timer::rings) in time
    /// for a wait that begins now: that of calls that a task makes one after the other does. Any
    /// other is kept: it may be set for somebody else, or be another runtime's.
    #[inline(always)]
    pub(super) fn borrow(
        &mut self,
        limit: Span,
        deadline: Option<Deadline>,
        waker: &Waker,
    ) -> bool {
        if self.alarm.is_some() {
            return false;
        }
        let Some(alarm) = alarm::borrow() else {
            return false;
        };
        let rings = alarm.rings(limit, waker) && alarm.rings_by(deadline) && alarm.is_at_home();
        if rings {
            // There was none. To forget what there was spares the check whether to drop it.
            mem::forget(self.alarm.replace(alarm));
        } else {
            alarm::give_back(alarm);
        }
        rings
    }

    /// Ready with the earlier end of a wait, and whether that is the deadline, once it has come;
    /// wakes the task then. Pending when there is no end.
    pub(super) fn poll_ends(
        &mut self,
        since: Instant,
        limit: Span,
        deadline: Option<Deadline>,
        cx: &mut Context<'_>,
    ) -> Poll<(Instant, bool)> {
        let own = limit.end(since);
        let deadline = deadline.map(Deadline::instant);
        let (end, by_deadline) = match (own, deadline) {
            (Some(own), Some(deadline)) if deadline < own => (deadline, true),
            (Some(own), _) => (own, false),
            (None, Some(deadline)) => (deadline, true),
            (None, None) => return Poll::Pending,
        };
        let mut alarm = self.settle();
        if alarm.as_mut().poll_until(end, cx).is_pending() {
            alarm.rings_within(limit);
            return Poll::Pending;
        }
        Poll::Ready((end, by_deadline))
    }

    /// Whether this is asked for the first time since the alarm rang.
    pub(super) fn is_first_ring(&mut self) -> bool {
        let alarm = self.alarm.as_mut();
        alarm.is_some_and(|alarm| alarm.as_mut().is_first_ring())
    }

    /// An alarm of this runtime: the own one, or else a kept one, or else a new one.
    fn settle(&mut self) -> Pin<&mut Alarm> {
        let here = alarm::here();
        // The wait may have moved to another runtime since, or out of any.
        let own = self
            .alarm
            .take_if(|alarm| here.is_none_or(|here| alarm.is_of(here)));
        let alarm = own.unwrap_or_else(|| {
            let runtime = here.unwrap_or_else(|| Handle::current().id());
            // One of another runtime is of no use, here or later: that runtime is most likely gone.
            let kept = alarm::borrow().filter(|alarm| alarm.is_of(runtime));
            kept.unwrap_or_else(|| Alarm::new(runtime))
        });
        self.alarm.insert(alarm).as_mut()
    }
}

impl Drop for Timer {
    #[inline(always)]
    fn drop(&mut self) {
        self.clear();
    }
}

impl fmt::Debug for Timer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Timer")
            .field("set", &self.alarm.is_some())
            .finish()
    }
}

#[cfg(test)]
mod tests;
