//! The alarms that a thread keeps for later.

use super::alarm::Alarm;
use std::cell::Cell;
use std::mem::ManuallyDrop;
use std::pin::Pin;

/// How many.
pub(super) const POOL: usize = 64;

type Kept = Pin<Box<Alarm>>;

/// The last one kept is the first one borrowed: it is the likeliest to be set for the same task.
///
/// What has nothing to drop when its thread ends is reached without a look whether it is there still.
/// So this one has not, and the [`Pool`] drops what it holds.
struct Last {
    alarm: Cell<ManuallyDrop<Option<Kept>>>,
    /// There is a pool that will.
    has_pool: Cell<bool>,
}

/// Those kept before the last.
struct Pool {
    len: Cell<usize>,
    slots: [Cell<Option<Kept>>; POOL - 1],
}

thread_local! {
    static LAST: Last = const {
        Last {
            alarm: Cell::new(ManuallyDrop::new(None)),
            has_pool: Cell::new(false),
        }
    };
    static REST: Pool = const {
        Pool {
            len: Cell::new(0),
            slots: [const { Cell::new(None) }; POOL - 1],
        }
    };
}

/// A kept alarm, which may be set still, or be another runtime's.
#[inline]
pub(super) fn borrow() -> Option<Kept> {
    replace(None).or_else(pop)
}

/// Keeps the alarm, if there is room.
#[inline(never)]
pub(super) fn give_back(alarm: Kept) {
    if !LAST.try_with(|last| last.has_pool.get()).unwrap_or(false) {
        return give_first(alarm);
    }
    if let Some(before) = replace(Some(alarm)) {
        push(before);
    }
}

#[inline(always)]
fn replace(alarm: Option<Kept>) -> Option<Kept> {
    let before = LAST.try_with(|last| last.alarm.replace(ManuallyDrop::new(alarm)));
    ManuallyDrop::into_inner(before.ok()?)
}

/// Keeps the first alarm of a thread. Without a pool, which a thread that is ending has not any more, the
/// alarm goes with it.
#[cold]
#[inline(never)]
fn give_first(alarm: Kept) {
    let has_pool = || LAST.try_with(|last| last.has_pool.set(true)).is_ok();
    if REST.try_with(|_| has_pool()).unwrap_or(false) {
        give_back(alarm);
    }
}

#[inline(never)]
fn pop() -> Option<Kept> {
    let kept = REST.try_with(|rest| {
        let last = rest.len.get().checked_sub(1)?;
        rest.len.set(last);
        rest.slots.get(last)?.take()
    });
    kept.ok()?
}

#[inline(never)]
fn push(alarm: Kept) {
    let _ = REST.try_with(|rest| {
        let len = rest.len.get();
        if let Some(slot) = rest.slots.get(len) {
            rest.len.set(len + 1);
            slot.set(Some(alarm));
        }
    });
}

impl Drop for Pool {
    fn drop(&mut self) {
        let _ = LAST.try_with(|last| last.has_pool.set(false));
        drop(replace(None));
    }
}

/// How many alarms this thread keeps.
#[cfg(test)]
pub(super) fn kept() -> usize {
    let last = replace(None);
    let kept = usize::from(last.is_some());
    replace(last);
    kept + REST.with(|rest| rest.len.get())
}
