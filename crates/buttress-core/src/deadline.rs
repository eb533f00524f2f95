//! An absolute end for a call, for all layers that the call goes through.

use crate::time::{self, Instant};
use http::Extensions;
use std::cell::Cell;
use std::marker::PhantomData;
use std::time::Duration;

/// The moment by which a whole call must be over.
///
/// Every layer that waits or sends again honours the earliest one it [sees](Deadline::of), and a
/// layer with an earlier end of its own tells those below; nobody can extend it. It is seen in two
/// places: among the request's extensions, where a caller puts it, and in the [scope](Deadline::enter)
/// that the call is made in, where a layer puts it, because the first extension of a request
/// allocates three times.
///
/// ```
/// use buttress_core::Deadline;
/// use std::time::Duration;
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let mut request = http::Request::new(());
/// Deadline::after(Duration::from_secs(30)).tighten(request.extensions_mut());
/// Deadline::after(Duration::from_secs(99)).tighten(request.extensions_mut());
///
/// let deadline = Deadline::of(request.extensions()).expect("was set");
/// assert!(deadline.remaining() <= Duration::from_secs(30));
///
/// let sooner = Deadline::after(Duration::from_secs(3));
/// let scope = sooner.enter();
/// assert_eq!(Deadline::of(request.extensions()), Some(sooner));
/// drop(scope);
/// assert_eq!(Deadline::of(request.extensions()), Some(deadline));
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Between tasks
///
/// A scope is the thread's, for as long as the layer calls the service below or polls its future:
/// not for the body, and not in another task. What stands between two layers and hands the request
/// to a task of its own, as tower's `Buffer` does, hides the scope from what is below it. Nothing
/// outlives its deadline for that: the layer that has set it still ends the call, and what is below
/// is dropped. But a retry down there does not know that it has no time left to wait. Where that
/// matters, put the deadline among the extensions above such a service:
///
/// ```
/// use buttress_core::Deadline;
/// use http::Request;
/// use std::time::Duration;
///
/// /// For `tower::util::MapRequest`, for one.
/// fn keep_deadline<B>(mut request: Request<B>) -> Request<B> {
///     if let Some(deadline) = Deadline::current() {
///         deadline.tighten(request.extensions_mut());
///     }
///     request
/// }
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let deadline = Deadline::after(Duration::from_secs(30));
/// let scope = deadline.enter();
/// let request = keep_deadline(Request::new(()));
/// drop(scope);
/// assert_eq!(Deadline::of(request.extensions()), Some(deadline));
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Deadline(Instant);

thread_local! {
    static SCOPE: Cell<Option<Deadline>> = const { Cell::new(None) };
}

impl Deadline {
    /// A deadline at this moment.
    #[must_use]
    #[inline]
    pub const fn at(instant: Instant) -> Self {
        Deadline(instant)
    }

    /// A deadline this long from now.
    #[must_use]
    #[inline]
    pub fn after(duration: Duration) -> Self {
        Deadline(time::instant_after(time::now(), duration))
    }

    /// The deadline of the call with these request extensions: the earlier one of theirs and of the
    /// [scope's](Deadline::current).
    #[must_use]
    #[inline]
    pub fn of(extensions: &Extensions) -> Option<Self> {
        let current = Deadline::current();
        if extensions.is_empty() {
            return current;
        }
        match (Deadline::within(extensions), current) {
            (Some(own), Some(current)) => Some(own.min(current)),
            (own, current) => own.or(current),
        }
    }

    /// The deadline of the scope that this runs in: of the call that is being made.
    #[must_use]
    #[inline]
    pub fn current() -> Option<Self> {
        SCOPE.get()
    }

    /// Opens a scope with this deadline, or with that of the scope that this runs in where that is
    /// earlier. See [`Scope`].
    ///
    /// For a call that is made at once: a layer may make it although the moment has passed, and end it when
    /// it has to wait. Who keeps a deadline for longer asks what [remains](Deadline::remaining) first.
    #[inline]
    pub fn enter(self) -> Scope {
        let scope = Scope::open();
        scope.tighten(self);
        scope
    }

    /// Makes this the deadline of the request, unless its extensions have an earlier one.
    pub fn tighten(self, extensions: &mut Extensions) {
        if Deadline::within(extensions).is_none_or(|present| self < present) {
            extensions.insert(self);
        }
    }

    fn within(extensions: &Extensions) -> Option<Self> {
        extensions.get().copied()
    }

    /// The moment.
    #[must_use]
    #[inline]
    pub const fn instant(self) -> Instant {
        self.0
    }

    /// How long it is until then: zero when it has passed.
    #[must_use]
    pub fn remaining(self) -> Duration {
        self.0.saturating_duration_since(time::now())
    }
}

/// A scope of a [`Deadline`]: lasts until it is dropped, by a panic too.
///
/// Scopes close in the order opposite to that in which they were opened. Drop one before waiting for
/// anything: what other tasks do meanwhile is not part of the call.
///
/// ```
/// use buttress_core::{Deadline, Scope};
/// use std::time::Duration;
///
/// let [early, late] = [3, 30].map(|seconds| Deadline::after(Duration::from_secs(seconds)));
/// let scope = Scope::open();
/// assert!(scope.tighten(late) && scope.tighten(early) && !scope.tighten(late));
/// assert_eq!(Deadline::current(), Some(early));
/// drop(scope);
/// assert_eq!(Deadline::current(), None);
/// ```
#[derive(Debug)]
#[must_use = "the scope ends when this is dropped"]
pub struct Scope {
    outer: Option<Deadline>,
    /// It is one thread's.
    thread: PhantomData<*const ()>,
}

impl Scope {
    /// A scope with the deadline, if any, of the one that this runs in.
    #[inline]
    pub fn open() -> Self {
        Scope {
            outer: SCOPE.get(),
            thread: PhantomData,
        }
    }

    /// Makes this the deadline of the scope, unless it has an earlier one. Whether it is now.
    ///
    /// For the innermost scope: when one within it ends, what was said of this meanwhile is forgotten.
    #[inline]
    #[allow(clippy::must_use_candidate, reason = "most callers only want it done")]
    pub fn tighten(&self, deadline: Deadline) -> bool {
        let tightens = SCOPE.get().is_none_or(|present| deadline < present);
        if tightens {
            SCOPE.set(Some(deadline));
        }
        tightens
    }
}

impl Drop for Scope {
    #[inline]
    fn drop(&mut self) {
        SCOPE.set(self.outer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::catch_unwind;

    /// Deadlines one second apart.
    fn deadlines() -> [Deadline; 3] {
        let now = time::now();
        [1, 2, 3].map(|seconds| Deadline::at(now + Duration::from_secs(seconds)))
    }

    #[test]
    fn the_earliest_of_extensions_and_scopes_counts() {
        let [early, middle, late] = deadlines();
        // Extensions, outer scope, inner scope; what is seen inside of both.
        let table = [
            (None, None, None, None),
            (Some(middle), None, None, Some(middle)),
            (None, Some(middle), None, Some(middle)),
            (None, None, Some(middle), Some(middle)),
            (Some(early), Some(middle), Some(late), Some(early)),
            (Some(middle), Some(early), Some(late), Some(early)),
            (Some(middle), Some(late), Some(early), Some(early)),
            (None, Some(late), Some(early), Some(early)),
            (None, Some(early), Some(late), Some(early)),
        ];
        for (own, outer, inner, seen) in table {
            // With another extension, so that none of ours is not the same as none at all.
            for others in [false, true] {
                let mut extensions = Extensions::new();
                if others {
                    extensions.insert("other");
                }
                if let Some(own) = own {
                    own.tighten(&mut extensions);
                }
                let outer_scope = outer.map(Deadline::enter);
                let inner_scope = inner.map(Deadline::enter);
                let found = Deadline::of(&extensions);
                drop(inner_scope);
                assert_eq!(Deadline::current(), outer);
                drop(outer_scope);
                assert_eq!(found, seen);
                assert_eq!(Deadline::of(&extensions), own);
                assert_eq!(Deadline::current(), None);
            }
        }
    }

    #[test]
    fn a_scope_ends_by_a_panic_too() {
        let [early, middle, _] = deadlines();
        let _scope = middle.enter();
        let panicked = catch_unwind(|| {
            let _scope = early.enter();
            panic!("in the scope");
        });
        assert!(panicked.is_err());
        assert_eq!(Deadline::current(), Some(middle));
    }

    #[test]
    fn extensions_are_tightened_whatever_the_scope() {
        let [early, middle, late] = deadlines();
        let mut extensions = Extensions::new();
        let scope = early.enter();
        late.tighten(&mut extensions);
        middle.tighten(&mut extensions);
        late.tighten(&mut extensions);
        drop(scope);
        assert_eq!(Deadline::of(&extensions), Some(middle));
    }

    #[test]
    fn a_scope_is_the_threads_own() {
        let [early, ..] = deadlines();
        let _scope = early.enter();
        std::thread::scope(|threads| {
            let other = threads.spawn(Deadline::current);
            assert_eq!(other.join().expect("no panic"), None);
        });
    }
}
