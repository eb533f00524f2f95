//! Fills a buffer with short texts, fast.

use std::mem;

pub(super) struct Writer<'a> {
    rest: &'a mut [u8],
    len: usize,
}

/// Each `None` means that there is not room enough; the writer is of no use any more then.
impl<'a> Writer<'a> {
    pub(super) fn new(buffer: &'a mut [u8]) -> Self {
        Writer {
            len: buffer.len(),
            rest: buffer,
        }
    }

    /// How many bytes have been written.
    pub(super) fn written(&self) -> usize {
        self.len - self.rest.len()
    }

    /// What has not been written to.
    pub(super) fn into_rest(self) -> &'a mut [u8] {
        self.rest
    }

    #[inline(always)]
    pub(super) fn put(&mut self, text: &[u8]) -> Option<&mut Self> {
        let (room, rest) = mem::take(&mut self.rest).split_at_mut_checked(text.len())?;
        copy(room, text);
        self.rest = rest;
        Some(self)
    }

    /// A mark and a text: there is room for both, or for none.
    #[inline(always)]
    pub(super) fn put_marked<const N: usize>(
        &mut self,
        mark: [u8; N],
        text: &[u8],
    ) -> Option<&mut Self> {
        let len = text.len().checked_add(N)?;
        let (room, rest) = mem::take(&mut self.rest).split_at_mut_checked(len)?;
        let (first, room) = room.split_first_chunk_mut::<N>()?;
        *first = mark;
        copy(room, text);
        self.rest = rest;
        Some(self)
    }
}

/// `to.copy_from_slice(from)`, without a call when they are short, as most texts in the head of a
/// request are: saves an eighth of the instructions of a whole snapshot.
#[inline(always)]
fn copy(to: &mut [u8], from: &[u8]) {
    let len = from.len();
    if len <= 16 {
        match len {
            8.. => copy_ends::<8>(to, from),
            4.. => copy_ends::<4>(to, from),
            2.. => copy_ends::<2>(to, from),
            _ => copy_ends::<1>(to, from),
        }
    } else if len <= 32 {
        copy_ends::<16>(to, from);
    } else if len <= 64 {
        copy_ends::<32>(to, from);
    } else {
        to.copy_from_slice(from);
    }
}

/// Copies the first and the last `N` bytes, if there are so many: that is all there is between `N`
/// and `2 * N`.
#[inline(always)]
fn copy_ends<const N: usize>(to: &mut [u8], from: &[u8]) {
    if let (Some(to), Some(from)) = (to.first_chunk_mut::<N>(), from.first_chunk::<N>()) {
        *to = *from;
    }
    if let (Some(to), Some(from)) = (to.last_chunk_mut::<N>(), from.last_chunk::<N>()) {
        *to = *from;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_every_length_arrive_whole_and_touch_nothing_else() {
        let text: Vec<u8> = (1..=200).collect();
        for len in 0..=text.len() {
            let mut buffer = vec![0; len + 1];
            let mut writer = Writer::new(&mut buffer);
            writer.put(&text[..len]).unwrap();
            assert_eq!(writer.written(), len);
            assert_eq!(buffer[..len], text[..len]);
            assert_eq!(buffer[len], 0);
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert!(Writer::new(&mut [0; 3]).put(b"four").is_none());
        assert!(
            Writer::new(&mut [0; 6])
                .put_marked(*b"one", b"four")
                .is_none()
        );
        assert!(
            Writer::new(&mut [0; 7])
                .put_marked(*b"one", b"four")
                .is_some()
        );
        assert!(Writer::new(&mut [0; 4]).put(b"four").is_some());
    }
}
