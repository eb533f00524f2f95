use super::log;
use bytes::Bytes;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many bytes all replayable bodies together may keep. Clones share it.
///
/// A body for which nothing is left is passed on as it is, and is no longer replayable. What a body
/// kept is given back when the last of its clones is dropped.
///
/// ```
/// use buttress_core::replay::ReplayMemory;
/// use buttress_core::{ReplayBody, ReplayableBody};
///
/// let memory = ReplayMemory::new(1024);
/// let body = ReplayBody::with_memory("hello".to_owned(), 512, &memory);
/// assert!(body.is_replayable());
/// assert_eq!(memory.left(), 1024, "nothing was read yet");
/// ```
#[derive(Clone)]
pub struct ReplayMemory(Arc<AtomicUsize>);

impl ReplayMemory {
    /// So many bytes for all bodies together.
    #[must_use]
    pub fn new(bytes: usize) -> Self {
        ReplayMemory(Arc::new(AtomicUsize::new(bytes)))
    }

    /// How many bytes may still be kept.
    #[must_use]
    pub fn left(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    /// These bytes, which count as kept until the last clone of what is returned is dropped; `None`
    /// when there is not room for them.
    ///
    /// For a body that lies in memory anyway: `ReplayBody::from` makes one that can be sent again.
    ///
    /// ```
    /// use buttress_core::replay::ReplayMemory;
    /// use bytes::Bytes;
    ///
    /// let memory = ReplayMemory::new(1024);
    /// let kept = memory.keep(&Bytes::from("hello")).expect("there is room");
    /// assert_eq!(kept, "hello");
    /// assert!(memory.left() <= 1024 - 5);
    /// drop(kept);
    /// assert_eq!(memory.left(), 1024);
    /// ```
    #[must_use]
    pub fn keep(&self, bytes: &Bytes) -> Option<Bytes> {
        let taken = bytes.len().saturating_add(size_of::<Loan>());
        self.take(taken).then(|| {
            Bytes::from_owner(Loan {
                bytes: log::kept(bytes),
                memory: self.clone(),
                taken,
            })
        })
    }

    /// Takes all of `bytes`, or nothing.
    pub(super) fn take(&self, bytes: usize) -> bool {
        // A counter guards no other memory, so no order is asked for.
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(bytes)
            })
            .is_ok()
    }

    pub(super) fn give_back(&self, bytes: usize) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }
}

/// Bytes that are kept, and what is given back when they are not any more.
struct Loan {
    bytes: Bytes,
    memory: ReplayMemory,
    taken: usize,
}

impl AsRef<[u8]> for Loan {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Loan {
    fn drop(&mut self) {
        self.memory.give_back(self.taken);
    }
}

impl fmt::Debug for ReplayMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReplayMemory")
            .field("left", &self.left())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ReplayBody, ReplayableBody};
    use http_body_util::BodyExt;

    #[test]
    fn all_or_nothing_is_taken() {
        let memory = ReplayMemory::new(10);
        assert!(memory.take(10));
        assert!(!memory.take(1));
        memory.give_back(10);
        assert_eq!(memory.left(), 10);
        assert!(!memory.take(11));
        assert_eq!(memory.left(), 10);
    }

    #[test]
    fn what_is_kept_counts_until_its_last_clone_goes() {
        let memory = ReplayMemory::new(1000);
        let buffer = Bytes::from(vec![7; 8 << 10]);
        assert!(memory.keep(&buffer).is_none());
        assert_eq!(memory.left(), 1000);
        let kept = memory.keep(&buffer.slice(..500)).unwrap();
        assert!(buffer.is_unique(), "no more is held than is counted");
        assert!(memory.keep(&buffer.slice(..500)).is_none());
        let body = ReplayBody::<String>::from(kept);
        let clone = body.try_clone().unwrap();
        drop(body);
        assert!(memory.left() <= 500);
        assert_eq!(clone.in_memory().unwrap(), vec![7; 500]);
        drop(clone);
        assert_eq!(memory.left(), 1000);
    }

    #[tokio::test]
    async fn a_body_gives_back_what_it_kept_when_its_last_clone_goes() {
        let memory = ReplayMemory::new(1000);
        let body = ReplayBody::with_memory("x".repeat(100), 500, &memory);
        let clone = body.try_clone().unwrap();
        assert_eq!(body.collect().await.unwrap().to_bytes().len(), 100);
        assert!(memory.left() <= 900);
        assert_eq!(clone.collect().await.unwrap().to_bytes().len(), 100);
        assert_eq!(memory.left(), 1000);
    }

    #[tokio::test]
    async fn a_body_for_which_nothing_is_left_still_goes_through() {
        let memory = ReplayMemory::new(150);
        let first = ReplayBody::with_memory("x".repeat(100), 500, &memory);
        let kept = first.try_clone().unwrap();
        first.collect().await.unwrap();

        let second = ReplayBody::with_memory("y".repeat(100), 500, &memory);
        let again = second.try_clone().unwrap();
        assert_eq!(second.collect().await.unwrap().to_bytes().len(), 100);
        assert!(!again.is_replayable());
        assert!(kept.is_replayable());
    }
}
