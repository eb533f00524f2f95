//! The bucket of tokens: three counters, each changed by single atomic steps.
//!
//! All orderings are relaxed: the counters guard no other data, and each step is right whatever
//! the other counters say at that moment.

use super::atomic::{AtomicU64, Ordering::Relaxed};

/// Everything here counts in units.
#[derive(Debug)]
pub(super) struct Bucket {
    capacity: u64,
    /// What a call earns.
    ratio: u64,
    /// The most of `ahead` that is remembered; 0 when time brings nothing.
    window: u64,
    /// What can be spent. Whatever is above the capacity does not count, and goes with the next
    /// withdrawal: that lets a deposit be a plain addition.
    level: AtomicU64,
    /// What time has brought, up to when somebody last looked. Only grows.
    seen: AtomicU64,
    /// What calls earned beyond what time would have brought.
    ahead: AtomicU64,
}

impl Bucket {
    /// A full bucket.
    pub(super) fn new(capacity: u64, ratio: u64, window: u64) -> Self {
        Bucket {
            capacity,
            ratio,
            window,
            level: AtomicU64::new(capacity),
            seen: AtomicU64::new(0),
            ahead: AtomicU64::new(0),
        }
    }

    /// A call earns.
    pub(super) fn deposit(&self) {
        if self.add(self.ratio) && self.window > 0 {
            self.ahead.fetch_add(self.ratio, Relaxed);
        }
    }

    /// Takes `units`, if there are as many when time has brought `due` since the beginning.
    pub(super) fn withdraw(&self, units: u64, due: u64) -> bool {
        self.catch_up(due);
        let less = |level: u64| level.min(self.capacity).checked_sub(units);
        self.level.fetch_update(Relaxed, Relaxed, less).is_ok()
    }

    /// Gives back what a withdrawal took.
    pub(super) fn refund(&self, units: u64) {
        self.add(units);
    }

    /// What could be withdrawn when time has brought `due`.
    pub(super) fn balance(&self, due: u64) -> u64 {
        let brought = due.saturating_sub(self.seen.load(Relaxed));
        let more = brought.saturating_sub(self.ahead.load(Relaxed));
        let level = self.level.load(Relaxed);
        level.saturating_add(more).min(self.capacity)
    }

    /// Adds, unless the bucket is full. It never comes near an overflow: what additions that run
    /// at the same time put above the capacity is a few times the capacity at most.
    fn add(&self, units: u64) -> bool {
        let room = self.level.load(Relaxed) < self.capacity;
        if room {
            self.level.fetch_add(units, Relaxed);
        }
        room
    }

    /// Adds what time has brought since somebody last looked, less what calls earned meanwhile.
    fn catch_up(&self, due: u64) {
        if self.window == 0 {
            return;
        }
        // Each moment is counted once: by the one who moves `seen` past it.
        let seen = self.seen.fetch_max(due, Relaxed);
        let brought = due.saturating_sub(seen);
        let behind = |ahead: u64| Some(ahead.saturating_sub(brought).min(self.window));
        // The closure never says `None`, so that both are what was there before.
        let (Ok(ahead) | Err(ahead)) = self.ahead.fetch_update(Relaxed, Relaxed, behind);
        let more = brought.saturating_sub(ahead);
        if more > 0 {
            self.add(more.min(self.capacity));
        }
    }
}
