//! Hears when a body has something, though the consumer may come for it much later.

#[cfg(all(test, loom))]
use loom::sync::{Mutex, atomic::AtomicU64};
#[cfg(not(all(test, loom)))]
use std::sync::{Mutex, atomic::AtomicU64};

use buttress_core::time::{self, Instant};
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::task::{Wake, Waker};
use std::time::Duration;

/// A waker for a body that remembers when it was first woken, and passes it on to the task.
#[derive(Debug)]
pub(crate) struct Bell {
    line: Arc<Line>,
    waker: Waker,
}

#[derive(Debug)]
struct Line {
    laid: Instant,
    /// When it was rung, in nanoseconds since it was laid and one more; 0 when it was not.
    rung: AtomicU64,
    task: Mutex<Waker>,
}

impl Bell {
    pub(crate) fn new() -> Self {
        let line = Arc::new(Line {
            laid: time::now(),
            rung: AtomicU64::new(0),
            task: Mutex::new(Waker::noop().clone()),
        });
        Bell {
            waker: Waker::from(line.clone()),
            line,
        }
    }

    /// When it was first rung since it was asked last. From now on it wakes the task of `waker`.
    pub(crate) fn heard(&self, waker: &Waker) -> Option<Instant> {
        let mut task = self
            .line
            .task
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        task.clone_from(waker);
        drop(task);
        let after = self.line.rung.swap(0, Ordering::AcqRel).checked_sub(1)?;
        self.line.laid.checked_add(Duration::from_nanos(after))
    }

    /// Whom a body is to wake.
    pub(crate) fn waker(&self) -> &Waker {
        &self.waker
    }
}

impl Wake for Line {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let after = time::now().saturating_duration_since(self.laid).as_nanos();
        let rung = u64::try_from(after).unwrap_or(u64::MAX).saturating_add(1);
        let _ = self
            .rung
            .compare_exchange(0, rung, Ordering::AcqRel, Ordering::Relaxed);
        let task = self
            .task
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        task.wake();
    }
}
