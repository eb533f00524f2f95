//! Ending what is under way when the caller's deadline passes.

use crate::Deadline;
use crate::time::Timer;
use http::Extensions;
use std::fmt;
use std::task::{Context, Poll};

/// Holds a call to the [`Deadline`] that its caller put among the request's extensions, for layers
/// that wait for a service and are no timeouts themselves.
///
/// Poll what is waited for first, and the guard only while that is pending. A request without a
/// deadline costs a look at its extensions, and an empty guard one comparison for each poll. One with
/// a deadline costs an allocation, and a timer once something is pending.
///
/// ```
/// use buttress_core::{Deadline, Guard};
/// use buttress_core::time::now;
/// use std::{future::poll_fn, time::Duration};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?.block_on(async {
/// let mut request = http::Request::new(());
/// Deadline::after(Duration::from_secs(5)).tighten(request.extensions_mut());
///
/// let start = now();
/// let mut guard = Guard::of(request.extensions());
/// poll_fn(|cx| guard.poll(cx)).await;
/// assert_eq!(now() - start, Duration::from_secs(5));
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Guard(Option<Box<(Deadline, Timer)>>);

impl Guard {
    /// The guard of the call with these request extensions.
    #[must_use]
    #[inline(always)]
    pub fn of(extensions: &Extensions) -> Self {
        if extensions.is_empty() {
            return Guard(None);
        }
        let deadline = extensions.get::<Deadline>();
        Guard(deadline.map(|deadline| Box::new((*deadline, Timer::new()))))
    }

    /// The guard for what follows, such as the body after the head; an empty one stays.
    #[must_use]
    #[inline]
    pub fn take(&mut self) -> Self {
        Guard(self.0.take())
    }

    /// Ready once the deadline has passed; never, if there is none.
    #[inline]
    pub fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        match &mut self.0 {
            None => Poll::Pending,
            Some(guard) => guard.1.poll_until(guard.0.instant(), cx),
        }
    }
}

/// Dropping none is not worth a function call.
impl Drop for Guard {
    #[inline]
    fn drop(&mut self) {
        if let Some(guard) = self.0.take() {
            end(guard);
        }
    }
}

#[cold]
fn end(guard: Box<(Deadline, Timer)>) {
    drop(guard);
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let deadline = self.0.as_ref().map(|guard| guard.0);
        f.debug_tuple("Guard").field(&deadline).finish()
    }
}
