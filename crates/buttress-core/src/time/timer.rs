//! A timer that is lent, not made: the alarms of finished waits serve the next ones.

use super::{Instant, now};
use pin_project_lite::pin_project;
use std::cell::RefCell;
use std::fmt;
use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use tokio::runtime::{Handle, Id};
use tokio::task::unconstrained;
use tokio::time::{Sleep, sleep_until};

/// How many alarms a thread keeps for later.
const POOL: usize = 64;

thread_local! {
    static FREE: RefCell<Vec<Pin<Box<Alarm>>>> = const { RefCell::new(Vec::new()) };
}

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

pin_project! {
    struct Alarm {
        #[pin]
        sleep: Sleep,
        // An alarm belongs to the runtime that drives it.
        runtime: Id,
        // Whom it wakes, unless it has rung.
        task: Task,
    }
}

/// Whom an alarm will wake: the two addresses that [`Waker::will_wake`] compares.
///
/// An alarm that has not rung holds a clone of that waker. While it does, the addresses belong to
/// nobody else, so no second clone is needed to compare with.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Task {
    data: usize,
    vtable: usize,
}

impl Timer {
    /// A timer without an alarm.
    #[must_use]
    #[inline]
    pub const fn new() -> Self {
        Timer { alarm: None }
    }

    /// Whether the alarm is set and will wake the task of `waker`. When is another question: at the
    /// earliest of the moments that were asked for since the alarm was borrowed or last rang, or
    /// earlier.
    #[must_use]
    #[inline]
    pub fn will_wake(&self, waker: &Waker) -> bool {
        match &self.alarm {
            Some(alarm) => alarm.will_wake(Task::of(waker)),
            None => false,
        }
    }

    /// Ready once `deadline` has come; wakes the task then.
    pub fn poll_until(&mut self, deadline: Instant, cx: &mut Context<'_>) -> Poll<()> {
        let task = Task::of(cx.waker());
        let here = Handle::try_current().ok().map(|handle| handle.id());
        // The wait may have moved to another runtime since, or out of any.
        let own = self
            .alarm
            .take_if(|alarm| here.is_none_or(|here| here == alarm.runtime));
        let alarm = own.unwrap_or_else(|| Alarm::borrow(here, deadline));
        let alarm = self.alarm.insert(alarm).as_mut();
        if alarm.will_wake(task) && alarm.sleep.deadline() <= deadline {
            return Poll::Pending;
        }
        alarm.set(deadline, task, cx)
    }

    /// Gives the alarm back.
    #[inline]
    pub fn clear(&mut self) {
        if let Some(alarm) = self.alarm.take() {
            alarm.give_back();
        }
    }
}

impl Alarm {
    fn borrow(here: Option<Id>, deadline: Instant) -> Pin<Box<Self>> {
        let runtime = here.unwrap_or_else(|| Handle::current().id());
        let kept = FREE
            .try_with(|free| free.try_borrow_mut().ok()?.pop())
            .ok()
            .flatten();
        // One of another runtime is of no use, here or later: that runtime is most likely gone.
        kept.filter(|alarm| alarm.runtime == runtime)
            .unwrap_or_else(|| {
                Box::pin(Alarm {
                    sleep: sleep_until(deadline),
                    runtime,
                    task: Task::NONE,
                })
            })
    }

    fn give_back(self: Pin<Box<Self>>) {
        // No pool any more means that the thread is ending: then the alarm goes with it.
        let _ = FREE.try_with(|free| {
            if let Ok(mut free) = free.try_borrow_mut() {
                if free.len() < POOL {
                    free.push(self);
                }
            }
        });
    }

    #[inline]
    fn will_wake(&self, task: Task) -> bool {
        self.task == task && !self.sleep.is_elapsed()
    }

    /// Ready once `deadline` has come; wakes the task then.
    fn set(self: Pin<&mut Self>, deadline: Instant, task: Task, cx: &mut Context<'_>) -> Poll<()> {
        let mut this = self.project();
        loop {
            let rung = this.sleep.is_elapsed();
            if rung && this.sleep.deadline() >= deadline && now() >= deadline {
                return Poll::Ready(());
            }
            if rung || this.sleep.deadline() > deadline {
                this.sleep.as_mut().reset(deadline);
            }
            // Without a budget: else what is pending may be the task's turn, and not the alarm,
            // which then would not know whom to wake.
            if pin!(unconstrained(this.sleep.as_mut()))
                .poll(cx)
                .is_pending()
            {
                *this.task = task;
                return Poll::Pending;
            }
        }
    }
}

impl Task {
    /// No task's: there is no table at address zero.
    const NONE: Task = Task { data: 0, vtable: 0 };

    #[inline]
    fn of(waker: &Waker) -> Self {
        Task {
            data: waker.data().addr(),
            vtable: std::ptr::from_ref(waker.vtable()).addr(),
        }
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
        let mut timers: Vec<_> = (0..POOL * 2).map(|_| Timer::new()).collect();
        for timer in &mut timers {
            assert!(!look(timer, deadline).await);
        }
        drop(timers);
        assert_eq!(FREE.with_borrow(Vec::len), POOL);
    }
}
