//! The one piece of skeleton every layer that sends again needs.

use std::mem;

/// Takes the service that was polled ready and leaves a clone, which was not, in its place.
///
/// `Service::call` may rely on readiness that a clone does not have: the service that was
/// polled ready is the one that must be called, and every further attempt polls its own clone
/// ready first.
///
/// ```
/// let mut slot = String::from("ready");
/// let ready = buttress_core::take_ready(&mut slot);
/// assert_eq!((ready, slot), ("ready".to_owned(), "ready".to_owned()));
/// ```
#[must_use]
pub fn take_ready<S: Clone>(slot: &mut S) -> S {
    let clone = slot.clone();
    mem::replace(slot, clone)
}
