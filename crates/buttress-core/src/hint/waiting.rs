//! Hints on the way out of a wait that is given up.

use super::Hint;
use crate::time::{self, Instant};
use std::cell::Cell;
use std::marker::PhantomData;

thread_local! {
    /// Until when a server asked to wait, according to who was polled last.
    static ASKED: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// Says, while a wait is polled, until when a server asked to wait: for a layer further out that is
/// about to [give it up](Asked::listen).
pub fn waits_until(moment: Instant) {
    ASKED.set(Some(moment));
}

/// Listens, while what took too long is polled once more before it is dropped, for what a server
/// asked for, if that is what it waits for.
///
/// So a limit on the wait does not hide the hint from who tries again.
///
/// ```
/// use buttress_core::{hint, time};
/// use std::time::Duration;
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?.block_on(async {
/// let minute = Duration::from_secs(60);
/// let asked = hint::Asked::listen();
/// hint::waits_until(time::now() + minute);
/// assert_eq!(asked.hint().expect("a hint").after(), Some(minute));
///
/// assert_eq!(hint::Asked::listen().hint(), None);
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "what was heard is for the failure"]
pub struct Asked(PhantomData<*const ()>);

impl Asked {
    /// Begins: what was said before does not count.
    #[inline]
    pub fn listen() -> Self {
        ASKED.set(None);
        Asked(PhantomData)
    }

    /// What was said since, on this thread.
    #[must_use]
    pub fn hint(self) -> Option<Hint> {
        let moment = ASKED.take()?;
        Some(Hint::after_delay(
            moment.saturating_duration_since(time::now()),
        ))
    }
}
