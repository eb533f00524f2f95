//! Content of which every byte is known: a pseudo-random function of seed, version and place.

mod events;
mod prf;
mod reply;

pub use self::events::Events;
pub(crate) use self::reply::calls_tool;
pub use self::reply::{Api, Reply, TOOL};

use bytes::{Bytes, BytesMut};
use std::ops::Range;

/// Bytes that give away every shift, gap, duplicate and splice.
///
/// Each block of eight bytes is a pseudo-random function of the seed, the version and the
/// block's number, so bytes from another place or another version do not fit. Nothing is stored:
/// a gigabyte costs nothing until it is read.
///
/// ```
/// use buttress_testkit::Content;
///
/// let content = Content::new(7, 1, 1_000);
/// let whole = content.bytes(0..1_000);
/// assert_eq!(content.bytes(13..600), whole.slice(13..600));
/// assert_eq!(content.mismatch(13, &whole[13..600]), None);
/// assert_eq!(content.mismatch(13, &whole[14..601]), Some(13));
/// assert_ne!(content.etag(), content.with_version(2).etag());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Content {
    /// What tells one test's content from another's.
    pub seed: u64,
    /// What tells one state of the content from the next.
    pub version: u64,
    /// How many bytes there are.
    pub len: u64,
}

impl Content {
    /// `len` bytes for this seed and version.
    #[must_use]
    pub const fn new(seed: u64, version: u64, len: u64) -> Self {
        Content { seed, version, len }
    }

    /// The same resource in another version.
    #[must_use]
    pub const fn with_version(self, version: u64) -> Self {
        Content { version, ..self }
    }

    /// Fills `buf` with the bytes that begin at `offset`. They go on past the content's end.
    pub fn fill(&self, offset: u64, buf: &mut [u8]) {
        let key = prf::key(self.seed, self.version);
        let mut at = offset;
        let mut rest = buf;
        while !rest.is_empty() {
            let block = prf::block(key, at / 8);
            let tail = &block[(at % 8) as usize..];
            let n = tail.len().min(rest.len());
            rest[..n].copy_from_slice(&tail[..n]);
            rest = &mut rest[n..];
            at += n as u64;
        }
    }

    /// The bytes of this range, cut at the content's end.
    #[must_use]
    pub fn bytes(&self, range: Range<u64>) -> Bytes {
        let end = range.end.min(self.len);
        let start = range.start.min(end);
        let mut buf = BytesMut::zeroed((end - start) as usize);
        self.fill(start, &mut buf);
        buf.freeze()
    }

    /// All of it.
    #[must_use]
    pub fn whole(&self) -> Bytes {
        self.bytes(0..self.len)
    }

    /// A strong entity tag, another one for every seed, version and length.
    #[must_use]
    pub fn etag(&self) -> String {
        format!("\"{:x}-{:x}-{:x}\"", self.seed, self.version, self.len)
    }

    /// The offset of the first byte of `found` that is not the content's, when `found` is taken
    /// to begin at `offset`. A byte past the end is one that is not the content's.
    #[must_use]
    pub fn mismatch(&self, offset: u64, found: &[u8]) -> Option<u64> {
        let fits = self.len.saturating_sub(offset).min(found.len() as u64);
        let mut expected = [0; 4096];
        let mut at = offset;
        for part in found[..fits as usize].chunks(expected.len()) {
            let expected = &mut expected[..part.len()];
            self.fill(at, expected);
            if let Some(differs) = part.iter().zip(&*expected).position(|(a, b)| a != b) {
                return Some(at + differs as u64);
            }
            at += part.len() as u64;
        }
        (fits < found.len() as u64).then_some(at)
    }
}

#[cfg(test)]
mod tests;
