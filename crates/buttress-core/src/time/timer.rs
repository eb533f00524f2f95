//! A timer that is lent, not made: the alarms of finished waits serve the next ones.

use super::alarm::{self, Alarm};
use super::{Instant, Span, instant_after};
use crate::Deadline;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
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
    #[inline]
    pub fn clear(&mut self) {
        if let Some(alarm) = self.alarm.take() {
            alarm::give_back(alarm);
        }
    }

    /// Whether an alarm is set that wakes the task of `waker` before a wait with these ends is
    /// over, which has begun when it was set or later.
    #[inline]
    pub(super) fn rings(&self, limit: Span, deadline: Option<Deadline>, waker: &Waker) -> bool {
        match &self.alarm {
            Some(alarm) => alarm.rings(limit, deadline, waker),
            None => false,
        }
    }

    /// Borrows an alarm, unless there is one. Whether it happens to [ring](Timer::rings) in time for
    /// a wait that begins now: that of calls that a task makes one after the other does.
    #[inline]
    pub(super) fn borrow(
        &mut self,
        limit: Span,
        deadline: Option<Deadline>,
        waker: &Waker,
    ) -> bool {
        if self.alarm.is_some() {
            return false;
        }
        self.alarm = alarm::borrow();
        match &self.alarm {
            Some(alarm) => alarm.rings(limit, deadline, waker) && alarm.is_at_home(),
            None => false,
        }
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
        let own = limit.get().map(|limit| instant_after(since, limit));
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
    #[inline]
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
mod tests {
    use super::*;
    use crate::time::now;
    use std::future::poll_fn;
    use std::time::Duration;

    const SECOND: Duration = Duration::from_secs(1);

    async fn look(timer: &mut Timer, deadline: Instant) -> bool {
        poll_fn(|cx| Poll::Ready(timer.poll_until(deadline, cx).is_ready())).await
    }

    async fn wait(timer: &mut Timer, deadline: Instant) {
        poll_fn(|cx| timer.poll_until(deadline, cx)).await;
    }

    #[tokio::test(start_paused = true)]
    async fn fires_at_the_moment_asked_for_last() {
        for (first, then) in [(1, 3), (10, 2), (5, 5)] {
            let start = now();
            let mut timer = Timer::new();
            assert!(!look(&mut timer, start + first * SECOND).await);
            wait(&mut timer, start + then * SECOND).await;
            assert_eq!(now() - start, then * SECOND);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_borrowed_alarm_rings_for_its_new_owner() {
        // Left behind: set for later, set for earlier, rung already.
        for left in [100, 1, 0] {
            let start = now();
            let mut timer = Timer::new();
            let _ = look(&mut timer, start + left * SECOND).await;
            drop(timer);
            let mut next = Timer::new();
            wait(&mut next, start + 7 * SECOND).await;
            assert_eq!(now() - start, 7 * SECOND, "{left}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_timer_can_be_used_again_after_it_fired() {
        let start = now();
        let mut timer = Timer::new();
        for n in 1..5 {
            wait(&mut timer, start + n * SECOND).await;
            assert_eq!(now() - start, n * SECOND);
        }
        // A moment that has passed is there at once.
        wait(&mut timer, start).await;
    }

    #[test]
    fn an_alarm_of_a_runtime_that_is_gone_is_not_used() {
        for _ in 0..3 {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .start_paused(true)
                .build()
                .unwrap();
            runtime.block_on(async {
                let start = now();
                let mut timer = Timer::new();
                assert!(!look(&mut timer, start + SECOND).await);
                let mut other = Timer::new();
                wait(&mut other, start + 2 * SECOND).await;
                assert_eq!(now() - start, 2 * SECOND);
            });
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_pool_is_bounded() {
        let deadline = now() + SECOND;
        let mut timers: Vec<_> = (0..alarm::POOL * 2).map(|_| Timer::new()).collect();
        for timer in &mut timers {
            assert!(!look(timer, deadline).await);
        }
        drop(timers);
        assert_eq!(alarm::kept(), alarm::POOL);
    }
}
