//! Compares what is read again with what was delivered.

use bytes::Bytes;
use std::collections::VecDeque;
use std::hash::{BuildHasher, DefaultHasher, Hasher, RandomState};

/// What is kept of the bytes that were delivered, so that bytes read again can be compared.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// A hash of all of them, and the keys to another one like it.
    hash: Option<(Running, RandomState)>,
    /// The last of them.
    tail: Option<Tail>,
}

/// A hash over bytes, however they are cut.
///
/// SipHash-1-3 of 64 bits with the keys of this body alone: two texts that differ by accident have
/// the same one once in 2^64. It does not guard against a server that wants to deceive, which could
/// have sent anything in the first place.
#[derive(Clone, Debug)]
struct Running {
    hasher: DefaultHasher,
    /// Bytes that make no whole word yet, the first one lowest, and how many they are.
    word: u64,
    len: u32,
}

/// The last bytes, up to a number of them.
#[derive(Debug)]
struct Tail {
    bytes: VecDeque<u8>,
    cap: usize,
}

/// Bytes that are being read again: they are compared, and go nowhere.
#[derive(Debug)]
pub(crate) struct Reread {
    /// How many are still to come.
    left: u64,
    hash: Option<Running>,
    /// No difference so far.
    is_same: bool,
}

impl Memory {
    /// Remembers a hash of everything (`all`), and the last `tail` bytes.
    pub(crate) fn new(all: bool, tail: usize) -> Self {
        Memory {
            hash: all.then(|| {
                let keys = RandomState::new();
                (Running::new(&keys), keys)
            }),
            tail: (tail > 0).then(|| Tail {
                bytes: VecDeque::new(),
                cap: tail,
            }),
        }
    }

    /// Whether there is nothing to remember.
    pub(crate) fn is_nothing(&self) -> bool {
        self.hash.is_none() && self.tail.is_none()
    }

    /// These bytes have been delivered.
    pub(crate) fn note(&mut self, data: &[u8]) {
        if let Some((hash, _)) = &mut self.hash {
            hash.write(data);
        }
        if let Some(tail) = &mut self.tail {
            tail.push(data);
        }
    }

    /// The last `len` bytes that were delivered come again: all of them, if a hash is kept.
    pub(crate) fn expect(&self, len: u64) -> Reread {
        Reread {
            left: len,
            hash: self.hash.as_ref().map(|(_, keys)| Running::new(keys)),
            is_same: true,
        }
    }
}

impl Reread {
    /// Whether bytes are still to come again.
    pub(crate) fn is_under_way(&self) -> bool {
        self.left > 0
    }

    /// Takes the bytes that come again off `data`, and gives their number.
    pub(crate) fn take(&mut self, memory: &Memory, data: &mut Bytes) -> u64 {
        let count = self.left.min(data.len() as u64);
        // Not more than the length, which is a usize.
        let again = data.split_to(usize::try_from(count).unwrap_or(data.len()));
        if let Some(hash) = &mut self.hash {
            hash.write(&again);
        }
        if let Some(tail) = &memory.tail {
            self.is_same &= tail.fits(self.left, &again);
        }
        self.left -= count;
        if self.left == 0 {
            let hashes = self.hash.as_ref().zip(memory.hash.as_ref());
            self.is_same &=
                hashes.is_none_or(|(again, (first, _))| again.finish() == first.finish());
        }
        count
    }

    /// Whether everything that has come again is what was delivered.
    pub(crate) fn is_same(&self) -> bool {
        self.is_same
    }
}

impl Tail {
    fn push(&mut self, data: &[u8]) {
        let kept = data.len().saturating_sub(self.cap);
        let data = data.get(kept..).unwrap_or(&[]);
        let surplus = (self.bytes.len() + data.len()).saturating_sub(self.cap);
        self.bytes.drain(..surplus.min(self.bytes.len()));
        self.bytes.extend(data);
    }

    /// Whether `again` is what stands `left` bytes before the end, as far as that is kept.
    fn fits(&self, left: u64, again: &[u8]) -> bool {
        let len = self.bytes.len() as u64;
        let gone = usize::try_from(left.saturating_sub(len)).unwrap_or(usize::MAX);
        let again = again.get(gone..).unwrap_or(&[]);
        // Where `again` begins now: never before the first byte that is kept.
        let start = usize::try_from(len - left.min(len)).unwrap_or(usize::MAX);
        let kept = self.bytes.range(start.min(self.bytes.len())..);
        kept.zip(again).all(|(kept, again)| kept == again)
    }
}

impl Running {
    fn new(keys: &RandomState) -> Self {
        Running {
            hasher: keys.build_hasher(),
            word: 0,
            len: 0,
        }
    }

    fn write(&mut self, mut data: &[u8]) {
        while self.len > 0 {
            let Some((&byte, rest)) = data.split_first() else {
                return;
            };
            self.push(byte);
            data = rest;
        }
        while let Some((word, rest)) = data.split_first_chunk::<8>() {
            self.hasher.write_u64(u64::from_le_bytes(*word));
            data = rest;
        }
        for &byte in data {
            self.push(byte);
        }
    }

    fn push(&mut self, byte: u8) {
        self.word |= u64::from(byte) << (8 * self.len);
        self.len += 1;
        if self.len == 8 {
            self.hasher.write_u64(self.word);
            (self.word, self.len) = (0, 0);
        }
    }

    fn finish(&self) -> u64 {
        let mut hasher = self.hasher.clone();
        hasher.write_u64(self.word);
        hasher.write_u32(self.len);
        hasher.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &[u8] = b"what was delivered before the connection broke, in pieces of any length";

    fn memory(all: bool, tail: usize, piece: usize) -> Memory {
        let mut memory = Memory::new(all, tail);
        for piece in TEXT.chunks(piece) {
            memory.note(piece);
        }
        memory
    }

    /// Reads this again in pieces: whether it is the same, and what is new.
    fn again(memory: &Memory, len: usize, text: &[u8], piece: usize) -> (bool, Vec<u8>) {
        let mut reread = memory.expect(len as u64);
        let mut new = Vec::new();
        let mut count = 0;
        for piece in text.chunks(piece) {
            let mut data = Bytes::copy_from_slice(piece);
            count += reread.take(memory, &mut data);
            new.extend_from_slice(&data);
        }
        assert_eq!(count, len as u64);
        assert!(!reread.is_under_way());
        (reread.is_same(), new)
    }

    #[test]
    fn the_same_text_is_the_same_however_it_is_cut() {
        let longer = [TEXT, b" and on"].concat();
        for first in [1, 3, 8, 13, TEXT.len()] {
            for second in [1, 2, 8, 11, longer.len()] {
                for (all, tail) in [(true, 0), (false, 10), (true, 1000), (false, 0)] {
                    let memory = memory(all, tail, first);
                    let (is_same, new) = again(&memory, TEXT.len(), &longer, second);
                    assert!(is_same, "{first} {second} {all} {tail}");
                    assert_eq!(new, b" and on");
                }
                let (is_same, new) = again(
                    &memory(false, 10, first),
                    7,
                    &longer[TEXT.len() - 7..],
                    second,
                );
                assert!(is_same);
                assert_eq!(new, b" and on");
            }
        }
    }

    #[test]
    fn any_byte_that_differs_is_found_as_far_as_it_is_remembered() {
        for at in 0..TEXT.len() {
            let mut other = TEXT.to_vec();
            other[at] ^= 1;
            for piece in [1, 5, 8, TEXT.len()] {
                assert!(!again(&memory(true, 0, 7), TEXT.len(), &other, piece).0);
                let (is_same, _) = again(&memory(false, 10, 7), TEXT.len(), &other, piece);
                assert_eq!(is_same, at < TEXT.len() - 10, "{at} {piece}");
                let (is_same, _) = again(&memory(false, 1, 7), TEXT.len(), &other, piece);
                assert_eq!(is_same, at < TEXT.len() - 1, "{at} {piece}");
            }
        }
    }

    #[test]
    fn a_text_and_one_with_zeros_behind_it_differ() {
        let keys = RandomState::new();
        let hash = |text: &[u8]| {
            let mut running = Running::new(&keys);
            running.write(text);
            running.finish()
        };
        assert_ne!(hash(b""), hash(b"\0"));
        assert_ne!(hash(b"abc"), hash(b"abc\0"));
        assert_ne!(hash(b"abcdefgh"), hash(b"abcdefgh\0\0\0\0\0\0\0\0"));
    }
}
