//! Heads that are used again and again, a few for each thread.

use super::head::Head;
use std::cell::Cell;

/// How many heads wait in a thread.
const HEADS: usize = 16;

/// The last one that came is the first one to go: it is the likeliest to be in the cache.
struct Pool {
    len: Cell<usize>,
    slots: [Cell<Option<Box<Head>>>; HEADS],
}

thread_local! {
    static POOL: Pool = const {
        Pool {
            len: Cell::new(0),
            slots: [const { Cell::new(None) }; HEADS],
        }
    };
}

/// One that was used before, if there is one.
#[inline]
pub(super) fn take() -> Option<Box<Head>> {
    // A thread that is ending has no pool any more.
    let used = POOL.try_with(|pool| {
        let last = pool.len.get().checked_sub(1)?;
        pool.len.set(last);
        pool.slots.get(last)?.take()
    });
    used.ok()?
}

/// Keeps it for the next one, if there is room.
#[inline]
pub(super) fn give_back(head: Box<Head>) {
    // Without a pool the head is freed, which is all that is left to do.
    let _ = POOL.try_with(|pool| {
        let len = pool.len.get();
        if let Some(slot) = pool.slots.get(len) {
            pool.len.set(len + 1);
            slot.set(Some(head));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Snapshot;
    use http::header::{HeaderMap, HeaderValue};
    use http::{Method, Request, Uri};
    use std::sync::Arc;

    fn waiting() -> usize {
        POOL.with(|pool| pool.len.get())
    }

    fn snapshot_of(request: &Request<String>) -> Snapshot<String> {
        Snapshot::take(request).unwrap()
    }

    /// Tests may share a thread, and with it the pool.
    fn empty() {
        while take().is_some() {}
    }

    #[test]
    fn a_head_is_used_again() {
        empty();
        let request = Request::default();
        for _ in 0..3 {
            let snapshot = snapshot_of(&request);
            assert_eq!(waiting(), 0);
            drop(snapshot);
            assert_eq!(waiting(), 1);
        }
    }

    #[test]
    fn the_pool_is_bounded_in_number_and_size() {
        empty();
        let long = |len| {
            let mut request = Request::<String>::default();
            let value = HeaderValue::from_str(&"v".repeat(len)).unwrap();
            *request.headers_mut() = HeaderMap::from_iter([(http::header::COOKIE, value)]);
            request
        };
        drop(snapshot_of(&long(60_000)));
        assert_eq!(waiting(), 1);
        drop(snapshot_of(&long(70_000)));
        assert_eq!(waiting(), 0, "one that grew too large");
        let mut request = Request::default();
        *request.method_mut() = Method::from_bytes(&[b'M'; 70_000]).unwrap();
        drop(snapshot_of(&request));
        let kept = take().map(|head| head.method().as_str().len());
        assert_eq!(kept, Some("GET".len()), "not a method that is long");
        let many = [(); HEADS + 4].map(|()| snapshot_of(&Request::default()));
        drop(many);
        assert_eq!(waiting(), HEADS);
    }

    #[test]
    fn what_waits_holds_nothing_of_its_request() {
        empty();
        let note = Arc::new(());
        let mut request = Request::<String>::default();
        *request.uri_mut() = Uri::from_static("ftp://example.com/cannot/be/packed");
        request.extensions_mut().insert(note.clone());
        drop(snapshot_of(&request));
        drop(request);
        assert_eq!((waiting(), Arc::strong_count(&note)), (1, 1));
        let again = snapshot_of(&Request::default()).rebuild().unwrap();
        assert_eq!(again.uri(), "/");
        assert!(again.extensions().is_empty());
    }
}
