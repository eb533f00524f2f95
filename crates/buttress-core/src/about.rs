//! What is known of a call beside its request, for the layers that it goes through.

use http::Extensions;
use std::any::Any;
use std::cell::Cell;
use std::fmt;
use std::sync::Arc;
use std::thread::LocalKey;

/// What a call is about, told by a layer that knows it to those below.
///
/// It is found in the [scope](About::enter) that the call is made in, because the first extension of
/// a request allocates three times, and each of them once more for every copy of the request. A
/// [`Snapshot`](crate::Snapshot) keeps it, and puts it among the extensions of the requests that it
/// makes, which may be sent outside of the scope. For [`Deadline`](crate::Deadline) it is much the
/// same, and what is said there of other tasks holds here too.
///
/// ```
/// use buttress_core::About;
/// use std::sync::Arc;
///
/// #[derive(Debug, PartialEq)]
/// struct Urgent(bool);
///
/// let request = http::Request::new(());
/// let scope = About::new(Arc::new(Urgent(true))).enter();
/// let about = About::of(request.extensions()).expect("was told");
/// assert_eq!(about.get::<Urgent>().as_deref(), Some(&Urgent(true)));
/// assert!(about.get::<u8>().is_none());
/// drop(scope);
/// assert!(About::of(request.extensions()).is_none());
/// ```
#[derive(Clone)]
pub struct About(Arc<dyn Any + Send + Sync>);

thread_local! {
    static SCOPE: Cell<Option<About>> = const { Cell::new(None) };
}

impl About {
    /// This, which those who know its type can take out again.
    #[must_use]
    pub fn new<T: Send + Sync + 'static>(it: Arc<T>) -> Self {
        About(it)
    }

    /// What the call with these request extensions is about, if somebody has told.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Option<Self> {
        let own = extensions.get::<About>();
        own.cloned().or_else(About::current)
    }

    /// What the call is about that is being made.
    #[must_use]
    pub fn current() -> Option<Self> {
        Told::current(&SCOPE)
    }

    /// Tells those that are called until what is returned is dropped.
    pub fn enter(self) -> Told<Self> {
        Told::enter(&SCOPE, self)
    }

    /// It, if it is of this type.
    #[must_use]
    pub fn get<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        Arc::clone(&self.0).downcast().ok()
    }
}

impl fmt::Debug for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("About(..)")
    }
}

/// A scope of the thread: a value that is told to all that is called until this is dropped.
///
/// Scopes end in the order opposite to that in which they began. Drop them before waiting for
/// anything: what other tasks do meanwhile is not part of the call.
#[must_use = "the scope ends when this is dropped"]
pub struct Told<T: 'static> {
    slot: &'static LocalKey<Cell<Option<T>>>,
    outer: Option<T>,
}

impl<T> Told<T> {
    /// Tells this value.
    pub fn enter(slot: &'static LocalKey<Cell<Option<T>>>, value: T) -> Self {
        // A thread that is ending makes no calls.
        let outer = slot.try_with(|slot| slot.replace(Some(value)));
        Told {
            slot,
            outer: outer.ok().flatten(),
        }
    }

    /// The value that was told last.
    #[must_use]
    pub fn current(slot: &'static LocalKey<Cell<Option<T>>>) -> Option<T>
    where
        T: Clone,
    {
        let value = slot.try_with(|slot| {
            let value = slot.take()?;
            slot.set(Some(value.clone()));
            Some(value)
        });
        value.ok().flatten()
    }
}

impl<T> Drop for Told<T> {
    fn drop(&mut self) {
        let outer = self.outer.take();
        let _ = self.slot.try_with(|slot| slot.set(outer));
    }
}

impl<T> fmt::Debug for Told<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Told").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Snapshot;
    use http::Request;
    use std::panic::catch_unwind;

    fn about(number: u8) -> About {
        About::new(Arc::new(number))
    }

    fn number(about: Option<About>) -> Option<u8> {
        about?.get::<u8>().map(|number| *number)
    }

    #[test]
    fn it_is_told_to_everybody_who_asks() {
        let _scope = about(1).enter();
        for _ in 0..3 {
            assert_eq!(number(About::current()), Some(1));
        }
    }

    #[test]
    fn the_innermost_scope_counts_until_it_ends_by_a_panic_too() {
        let outer = about(1).enter();
        let broken = catch_unwind(|| {
            let _inner = about(2).enter();
            assert_eq!(number(About::current()), Some(2));
            panic!("on purpose");
        });
        assert!(broken.is_err());
        assert_eq!(number(About::current()), Some(1));
        drop(outer);
        assert_eq!(number(About::current()), None);
    }

    #[test]
    fn what_is_sent_again_knows_it_outside_of_the_scope() {
        let scope = about(7).enter();
        let snapshot = Snapshot::take(&Request::new(String::new())).unwrap();
        drop(scope);
        let again = snapshot.rebuild().unwrap();
        assert_eq!(number(About::of(again.extensions())), Some(7));
        // And so does what is kept of that one, whatever it is sent in.
        let _other = about(8).enter();
        let kept = Snapshot::take(&again).unwrap();
        let third = kept.into_request().unwrap();
        assert_eq!(number(About::of(third.extensions())), Some(7));
    }

    #[test]
    fn a_snapshot_that_is_gone_holds_nothing() {
        let note = Arc::new(0_u8);
        let scope = About::new(note.clone()).enter();
        drop(Snapshot::take(&Request::new(String::new())).unwrap());
        drop(scope);
        assert_eq!(Arc::strong_count(&note), 1);
    }
}
