//! What rings: tokio's timer, who hears it, and what is known about when without asking the clock.

use super::{Instant, Span, instant_after, now};
use crate::Deadline;
use pin_project_lite::pin_project;
use std::cell::Cell;
use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use tokio::runtime::{Handle, Id};
use tokio::task::unconstrained;
use tokio::time::{Sleep, sleep_until};

/// How many alarms a thread keeps for later.
pub(super) const POOL: usize = 64;

struct Pool {
    /// The last one kept is the first one borrowed: it is the likeliest to be set for the same task.
    last: Cell<Option<Pin<Box<Alarm>>>>,
    /// Those before it.
    len: Cell<usize>,
    slots: [Cell<Option<Pin<Box<Alarm>>>>; POOL - 1],
}

thread_local! {
    static FREE: Pool = const {
        Pool {
            last: Cell::new(None),
            len: Cell::new(0),
            slots: [const { Cell::new(None) }; POOL - 1],
        }
    };
}

/// A kept alarm, which may be set still, or be another runtime's.
#[inline]
pub(super) fn borrow() -> Option<Pin<Box<Alarm>>> {
    let kept = FREE.try_with(|free| free.last.take());
    kept.ok()?.or_else(pop)
}

/// The runtime that a timer would be made for.
#[inline(never)]
pub(super) fn here() -> Option<Id> {
    Handle::try_current().ok().map(|handle| handle.id())
}

/// Keeps the alarm, if there is room.
#[inline(never)]
pub(super) fn give_back(alarm: Pin<Box<Alarm>>) {
    // No pool any more means that the thread is ending: then the alarm goes with it.
    if let Ok(Some(before)) = FREE.try_with(|free| free.last.replace(Some(alarm))) {
        push(before);
    }
}

/// Takes the last one of those before the last.
#[inline(never)]
fn pop() -> Option<Pin<Box<Alarm>>> {
    let kept = FREE.try_with(|free| {
        let last = free.len.get().checked_sub(1)?;
        free.len.set(last);
        free.slots.get(last)?.take()
    });
    kept.ok()?
}

/// Keeps what was the last one before.
#[inline(never)]
fn push(alarm: Pin<Box<Alarm>>) {
    let _ = FREE.try_with(|free| {
        let len = free.len.get();
        if let Some(slot) = free.slots.get(len) {
            free.len.set(len + 1);
            slot.set(Some(alarm));
        }
    });
}

/// How many alarms this thread keeps.
#[cfg(test)]
pub(super) fn kept() -> usize {
    FREE.with(|free| {
        let last = free.last.take();
        let kept = free.len.get() + usize::from(last.is_some());
        free.last.set(last);
        kept
    })
}

pin_project! {
    pub(super) struct Alarm {
        #[pin]
        sleep: Sleep,
        // An alarm belongs to the runtime that drives it.
        runtime: Id,
        // Whom it wakes, unless it has rung.
        waked: Waked,
        // The task of tokio's that set it, if it was one.
        task: Option<tokio::task::Id>,
        // It rings within this time of any later moment: it did when it was set, and the clock only
        // goes forward.
        within: Span,
        // That it rang was heard.
        heard: bool,
    }
}

/// Whom an alarm will wake: the two addresses that [`Waker::will_wake`] compares.
///
/// An alarm that has not rung holds a clone of that waker. While it does, the addresses belong to
/// nobody else, so no second clone is needed to compare with.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Waked {
    data: usize,
    vtable: usize,
}

impl Alarm {
    pub(super) fn new(runtime: Id) -> Pin<Box<Self>> {
        Box::pin(Alarm {
            // For ever: it is set for something sooner before it is polled.
            sleep: sleep_until(instant_after(now(), Duration::MAX)),
            runtime,
            waked: Waked::NONE,
            task: None,
            within: Span::NONE,
            heard: false,
        })
    }

    pub(super) fn is_of(&self, runtime: Id) -> bool {
        self.runtime == runtime
    }

    /// Whether it is this runtime's. A task has one runtime, so an alarm that it has set itself
    /// is of the right one; that is known without counting the runtime's handles, for which the
    /// threads of a runtime would contend.
    #[inline(always)]
    pub(super) fn is_at_home(&self) -> bool {
        let task = tokio::task::try_id();
        (task.is_some() && self.task == task) || here() == Some(self.runtime)
    }

    /// See [`Timer::rings`](super::Timer::rings).
    #[inline(always)]
    pub(super) fn rings(&self, limit: Span, waker: &Waker) -> bool {
        self.within <= limit && self.waked == Waked::of(waker) && !self.sleep.is_elapsed()
    }

    /// Whether it is set for the deadline or for earlier.
    #[inline]
    pub(super) fn rings_by(&self, deadline: Option<Deadline>) -> bool {
        deadline.is_none_or(|deadline| self.sleep.deadline() <= deadline.instant())
    }

    /// It was polled until this long after some moment that has come.
    pub(super) fn rings_within(self: Pin<&mut Self>, limit: Span) {
        let within = self.project().within;
        *within = limit.min(*within);
    }

    /// Whether this is asked for the first time since it was set.
    pub(super) fn is_first_ring(self: Pin<&mut Self>) -> bool {
        !std::mem::replace(self.project().heard, true)
    }

    /// Ready once `end` has come; wakes the task then.
    pub(super) fn poll_until(self: Pin<&mut Self>, end: Instant, cx: &mut Context<'_>) -> Poll<()> {
        let mut this = self.project();
        let waked = Waked::of(cx.waker());
        loop {
            let rung = this.sleep.is_elapsed();
            if rung && this.sleep.deadline() >= end && now() >= end {
                return Poll::Ready(());
            }
            if rung {
                *this.within = Span::NONE;
            }
            if rung || this.sleep.deadline() > end {
                *this.heard = false;
                this.sleep.as_mut().reset(end);
            } else if *this.waked == waked {
                return Poll::Pending;
            }
            // Without a budget: else what is pending may be the task's turn, and not the alarm,
            // which then would not know whom to wake.
            let polled = pin!(unconstrained(this.sleep.as_mut())).poll(cx);
            if polled.is_pending() {
                *this.waked = waked;
                *this.task = tokio::task::try_id();
                return Poll::Pending;
            }
        }
    }
}

impl Waked {
    /// No task's: there is no table at address zero.
    const NONE: Waked = Waked { data: 0, vtable: 0 };

    #[inline(always)]
    fn of(waker: &Waker) -> Self {
        Waked {
            data: waker.data().addr(),
            vtable: std::ptr::from_ref(waker.vtable()).addr(),
        }
    }
}
