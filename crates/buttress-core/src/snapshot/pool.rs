//! Buffers that are used again and again, a few for each thread.

use std::cell::Cell;
use std::mem;
use std::ops::{Deref, DerefMut};

/// How many buffers wait in a thread.
const BUFFERS: usize = 16;
/// The largest buffer that is kept; larger ones are freed.
const LARGEST: usize = 64 * 1024;
/// What a new buffer begins with: enough for most heads.
const FIRST: usize = 1024;

/// The last one that came is the first one to go: it is the likeliest to be in the cache.
struct Pool {
    len: Cell<usize>,
    slots: [Cell<Option<Box<[u8]>>>; BUFFERS],
}

thread_local! {
    static POOL: Pool = const {
        Pool {
            len: Cell::new(0),
            slots: [const { Cell::new(None) }; BUFFERS],
        }
    };
}

/// Bytes to be overwritten: they hold whatever was there before. Goes back to the pool of the thread
/// it is dropped on.
pub(super) struct Buffer(Box<[u8]>);

impl Buffer {
    #[inline]
    pub(super) fn take() -> Self {
        // A thread that is ending has no pool any more.
        let used = POOL.try_with(|pool| {
            let last = pool.len.get().checked_sub(1)?;
            pool.len.set(last);
            pool.slots.get(last)?.take()
        });
        Buffer(used.ok().flatten().unwrap_or_default())
    }

    /// A longer buffer in its place.
    #[cold]
    #[inline(never)]
    pub(super) fn grow(mut self) -> Self {
        let len = FIRST.max(self.0.len().saturating_mul(2));
        self.0 = vec![0; len].into_boxed_slice();
        self
    }
}

impl Drop for Buffer {
    #[inline]
    fn drop(&mut self) {
        let buffer = mem::take(&mut self.0);
        if !(1..=LARGEST).contains(&buffer.len()) {
            return;
        }
        // Without a pool the buffer is freed, which is all that is left to do.
        let _ = POOL.try_with(|pool| {
            let len = pool.len.get();
            if let Some(slot) = pool.slots.get(len) {
                pool.len.set(len + 1);
                slot.set(Some(buffer));
            }
        });
    }
}

impl Deref for Buffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiting() -> Vec<usize> {
        POOL.with(|pool| {
            let kept = pool.slots.iter().take(pool.len.get());
            kept.map(|slot| {
                let buffer = slot.take();
                let len = buffer.as_ref().map_or(0, |buffer| buffer.len());
                slot.set(buffer);
                len
            })
            .collect()
        })
    }

    fn grown(times: u32) -> Buffer {
        let mut buffer = Buffer::take();
        for _ in 0..times {
            buffer = buffer.grow();
        }
        buffer
    }

    /// Tests may share a thread, and with it the pool.
    fn empty() {
        POOL.with(|pool| pool.len.set(0));
    }

    #[test]
    fn a_buffer_is_used_again() {
        empty();
        drop(grown(1));
        assert_eq!(waiting(), [FIRST]);
        let again = Buffer::take();
        assert_eq!(again.len(), FIRST);
        assert!(waiting().is_empty());
    }

    #[test]
    fn the_pool_is_bounded_in_number_and_size() {
        empty();
        let many: Vec<Buffer> = (0..BUFFERS + 4).map(|_| grown(1)).collect();
        drop(many);
        assert_eq!(waiting().len(), BUFFERS);
        let _taken: Vec<Buffer> = (0..BUFFERS).map(|_| Buffer::take()).collect();
        drop(Buffer::take());
        assert!(waiting().is_empty(), "one that was never filled");
        drop(grown(7));
        assert_eq!(waiting(), [LARGEST]);
        drop(grown(1));
        assert!(waiting().is_empty(), "one that grew too large");
    }
}
