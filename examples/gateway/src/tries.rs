//! Counts how often one call is sent to the upstream, by any layer, without a trace in the request.
//!
//! Everything that belongs to a call is polled on one task, and nothing of it is spawned: what is
//! sent while a call is polled is sent for that call. So a counter of the thread is enough.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::pin;

thread_local! {
    /// What was sent since the poll at hand began.
    static SENT: Cell<u32> = const { Cell::new(0) };
}

/// A request goes to the upstream.
pub(crate) fn sent() {
    SENT.set(SENT.get().saturating_add(1));
}

/// How many requests `f` sends, added to `count`.
pub(crate) fn counted<T>(count: &mut u32, f: impl FnOnce() -> T) -> T {
    let outer = SENT.replace(0);
    let result = f();
    *count = count.saturating_add(SENT.replace(outer));
    result
}

/// Counts into `count` how many requests are sent while `future` is polled.
pub async fn count<F: Future>(count: &mut u32, future: F) -> F::Output {
    let mut future = pin!(future);
    poll_fn(|cx| counted(count, || future.as_mut().poll(cx))).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_counts_its_own() {
        let (mut outer, mut inner) = (1, 0);
        counted(&mut outer, || {
            sent();
            counted(&mut inner, || {
                sent();
                sent();
            });
            sent();
        });
        assert_eq!((outer, inner), (3, 2));
        sent();
        counted(&mut outer, || {});
        assert_eq!(outer, 3, "what is sent outside belongs to nobody");
    }
}
