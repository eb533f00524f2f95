//! What was tried for one call, by any layer, without a trace in the request.
//!
//! Everything that belongs to a call is polled on one task, and nothing of it is spawned: what is
//! sent while a call is polled is sent for that call. So a counter of the thread is enough.

use buttress_core::FailureKind;
use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::time::Duration;

/// How many kinds of failures are remembered of one call.
const MOST: usize = 8;

/// What was tried for one call.
#[derive(Debug, Default)]
pub struct Tries {
    sent: u32,
    /// In a box, because most calls have none.
    failed: Option<Box<Failed>>,
}

/// What failed before a further try.
#[derive(Debug, Default)]
pub(crate) struct Failed {
    kinds: Vec<FailureKind>,
    waited: Duration,
}

thread_local! {
    /// What was sent for the call that is being polled.
    static SENT: Cell<u32> = const { Cell::new(0) };
    /// What failed of it.
    static FAILED: Cell<Option<Box<Failed>>> = const { Cell::new(None) };
}

/// A request goes to the upstream.
pub(crate) fn sent() {
    SENT.set(SENT.get().saturating_add(1));
}

/// One has failed in this way, and another follows after a wait.
pub(crate) fn failed(kind: FailureKind, wait: Duration) {
    let mut failed = FAILED.take().unwrap_or_default();
    if failed.kinds.len() < MOST && !failed.kinds.contains(&kind) {
        failed.kinds.push(kind);
    }
    failed.waited = failed.waited.saturating_add(wait);
    FAILED.set(Some(failed));
}

/// Adds to `tries` what `f` tries.
pub(crate) fn counted<T>(tries: &mut Tries, f: impl FnOnce() -> T) -> T {
    let outer = SENT.replace(tries.sent);
    let others = FAILED.replace(tries.failed.take());
    let result = f();
    tries.sent = SENT.replace(outer);
    tries.failed = FAILED.replace(others);
    result
}

/// Adds to `tries` what is tried while `future` is polled.
pub async fn count<F: Future>(tries: &mut Tries, future: F) -> F::Output {
    let mut future = pin!(future);
    poll_fn(|cx| counted(tries, || future.as_mut().poll(cx))).await
}

impl Tries {
    /// How many requests were sent.
    #[must_use]
    pub const fn sent(&self) -> u32 {
        self.sent
    }

    /// What failed before a further try, if anything did.
    pub(crate) fn failed(&self) -> Option<&Failed> {
        self.failed.as_deref()
    }
}

impl Failed {
    /// Each kind once, in the order in which they came; the first eight.
    pub(crate) fn kinds(&self) -> &[FailureKind] {
        &self.kinds
    }

    /// The waits before the further tries, together.
    pub(crate) const fn waited(&self) -> Duration {
        self.waited
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn each_counts_its_own() {
        let (mut outer, mut inner) = (Tries::default(), Tries::default());
        counted(&mut outer, sent);
        counted(&mut outer, || {
            sent();
            failed(FailureKind::RateLimited, MS);
            counted(&mut inner, || {
                sent();
                sent();
                failed(FailureKind::Overloaded, 7 * MS);
            });
            sent();
            failed(FailureKind::RateLimited, 2 * MS);
        });
        assert_eq!((outer.sent(), inner.sent()), (3, 2));
        let told = |tries: &Tries| {
            let failed = tries.failed().unwrap();
            (failed.kinds().to_vec(), failed.waited())
        };
        assert_eq!(told(&outer), (vec![FailureKind::RateLimited], 3 * MS));
        assert_eq!(told(&inner), (vec![FailureKind::Overloaded], 7 * MS));
        sent();
        counted(&mut outer, || {});
        assert_eq!(outer.sent(), 3, "what is sent outside belongs to nobody");
    }

    #[test]
    fn so_many_kinds_are_remembered() {
        let mut tries = Tries::default();
        counted(&mut tries, || {
            for kind in FailureKind::ALL {
                failed(*kind, MS);
            }
        });
        let failed = tries.failed().unwrap();
        assert_eq!(failed.kinds(), &FailureKind::ALL[..MOST]);
        let all = u32::try_from(FailureKind::ALL.len()).unwrap();
        assert_eq!(failed.waited(), all * MS);
    }
}
