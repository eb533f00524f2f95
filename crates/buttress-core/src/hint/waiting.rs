//! Hints on the way out of a wait that is given up.

use super::Hint;
use crate::time::{self, Instant};
use std::cell::Cell;
use std::task::Poll;

thread_local! {
    /// Until when a server asked to wait, according to who was polled last.
    static ASKED: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// Says, while a wait is polled, until when a server asked to wait: for a layer further out that is
/// about to [give it up](give_up).
pub fn waits_until(moment: Instant) {
    ASKED.set(Some(moment));
}

/// Polls once more what is about to be dropped because it took too long: what it has after all, or
/// what a server asked for, if that is what it waits for.
///
/// So a limit on the wait does not hide the hint from who tries again.
///
/// ```
/// use buttress_core::{hint, time};
/// use std::task::Poll;
/// use std::time::Duration;
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?.block_on(async {
/// let minute = Duration::from_secs(60);
/// let waiting = || {
///     hint::waits_until(time::now() + minute);
///     Poll::<()>::Pending
/// };
/// let hint = hint::give_up(waiting).unwrap_err().expect("a hint");
/// assert_eq!(hint.after(), Some(minute));
///
/// assert_eq!(hint::give_up(|| Poll::<()>::Pending), Err(None));
/// assert_eq!(hint::give_up(|| Poll::Ready("late")), Ok("late"));
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// The hint, when there is nothing else.
pub fn give_up<T>(poll: impl FnOnce() -> Poll<T>) -> Result<T, Option<Hint>> {
    ASKED.set(None);
    match poll() {
        Poll::Ready(outcome) => Ok(outcome),
        Poll::Pending => Err(ASKED
            .take()
            .map(|moment| Hint::after_delay(moment.saturating_duration_since(time::now())))),
    }
}
