//! The decision whether to try again: a pure function of what is known.

use buttress_core::{Failure, Hint, StopReason};
use std::time::Duration;

/// What the decision depends on besides the failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Situation {
    /// Attempts that failed, this one included.
    pub failed: u32,
    /// The most attempts there may be.
    pub attempts: u32,
    /// Whether the request may be sent again although it may have had an effect.
    pub repeatable: bool,
    /// Whether it may not be sent again at all, not even if it certainly was not processed:
    /// [`Consent::Never`](crate::Consent::Never).
    pub only_once: bool,
    /// What is left of the time for all attempts.
    pub elapsed_left: Duration,
    /// What is left until the caller's deadline, if it set one.
    pub deadline_left: Option<Duration>,
}

impl Situation {
    /// The situation after the first attempt of a call without a deadline.
    #[must_use]
    pub const fn new(attempts: u32, repeatable: bool, elapsed_left: Duration) -> Self {
        Situation {
            failed: 1,
            attempts,
            repeatable,
            only_once: false,
            elapsed_left,
            deadline_left: None,
        }
    }
}

/// What to do about a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision {
    /// Try again after this wait.
    Retry(Duration),
    /// Do not try again.
    Stop(StopReason),
}

/// Decides what to do about a failed attempt. `own` draws the backoff's next delay, and is asked
/// only when there will be a wait.
///
/// In this order:
///
/// 1. A failure whose tries were spent below is passed on: two retries must not multiply.
/// 2. A server that said no (`x-should-retry: false`, a negative pushback) is believed.
/// 3. A failure that is not transient stays one, wherever it happened.
/// 4. A request that was certainly not processed may be sent again whatever its method, unless it may
///    go out but once; any other only when it may be repeated.
/// 5. Attempts and time are limited. The wait is the longer one of the backoff and of what the
///    server asked for; the first retry of an unprocessed request does not wait. A wait that
///    does not fit into the time that is left is not begun. That is all that bounds what a server
///    may ask for: `elapsed`, and the caller's deadline, which a timeout's `total` is too.
///
/// ```
/// use buttress_core::{Delivery, Failure, FailureKind, StopReason};
/// use buttress_retry::{Decision, Situation, decide};
/// use std::time::Duration;
///
/// let reset = Failure::new(FailureKind::ConnectionReset);
/// let own = || Duration::from_millis(200);
///
/// let get = Situation::new(3, true, Duration::from_secs(60));
/// assert_eq!(decide(&reset, get, own), Decision::Retry(Duration::from_millis(200)));
///
/// let post = Situation::new(3, false, Duration::from_secs(60));
/// assert_eq!(decide(&reset, post, own), Decision::Stop(StopReason::NotRepeatable));
///
/// let refused = reset.with_delivery(Delivery::NotSent);
/// assert_eq!(decide(&refused, post, own), Decision::Retry(Duration::ZERO));
/// ```
#[must_use]
pub fn decide(failure: &Failure, situation: Situation, own: impl FnOnce() -> Duration) -> Decision {
    if let Some(reason) = failure.stopped().filter(|reason| reason.is_exhausted()) {
        return Decision::Stop(reason);
    }
    let hint = failure.hint();
    match hint.and_then(Hint::retry) {
        Some(false) => return Decision::Stop(StopReason::ServerSaidNo),
        Some(true) => {}
        None if failure.is_transient() => {}
        None => return Decision::Stop(StopReason::NotTransient),
    }
    let unprocessed = failure.delivery().is_unprocessed();
    if situation.only_once || (!unprocessed && !situation.repeatable) {
        return Decision::Stop(StopReason::NotRepeatable);
    }
    if situation.failed >= situation.attempts {
        return Decision::Stop(StopReason::Attempts);
    }

    let asked = hint.and_then(Hint::after).unwrap_or_default();
    let own = if unprocessed && situation.failed == 1 {
        Duration::ZERO
    } else {
        own()
    };
    let delay = own.max(asked);
    let too_long = |left: Duration, reason| {
        // `>=`: an attempt that begins when the time is up cannot bring anything.
        (delay >= left).then(|| {
            Decision::Stop(if asked >= left && !asked.is_zero() {
                StopReason::HintTooLong
            } else {
                reason
            })
        })
    };
    situation
        .deadline_left
        .and_then(|left| too_long(left, StopReason::Deadline))
        .or_else(|| too_long(situation.elapsed_left, StopReason::Elapsed))
        .unwrap_or(Decision::Retry(delay))
}

#[cfg(test)]
mod tests;
