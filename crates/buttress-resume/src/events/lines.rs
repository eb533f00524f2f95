//! Finds where events end, and their ids: HTML standard, sections 9.2.5 and 9.2.6.

use memchr::{memchr, memchr2};
use std::mem;

/// The longest id that will be sent back. A longer one makes the stream impossible to continue.
const MAX_ID: usize = 1024;

/// What is known of the line and the event at hand, over any chunks.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// Bytes of the line so far.
    len: usize,
    /// The line so far, while it may still turn out to be an `id` field.
    id_line: Option<Vec<u8>>,
    /// The last byte was a CR: an LF now belongs to the same line end.
    after_cr: bool,
    /// No CR is ahead in the bytes at hand, so that one needle does.
    only_lf: bool,
    has_field: bool,
    has_id: bool,
    id: Id,
}

/// The value of an `id` field. Its room is used again and again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Id {
    value: Vec<u8>,
    too_long: bool,
}

/// Lines up to a blank one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Block {
    /// More than comments.
    pub(super) has_field: bool,
    /// It has an id: see [`Lines::id`].
    pub(super) has_id: bool,
}

impl Id {
    /// The id to send back: `None` for one that is too long. May be empty, which means that there
    /// is none.
    pub(super) fn usable(&self) -> Option<&[u8]> {
        (!self.too_long).then_some(&*self.value)
    }
}

impl Lines {
    /// Makes ready for bytes that follow those of the last time.
    pub(super) fn begin(&mut self, bytes: &[u8]) {
        self.only_lf = memchr(b'\r', bytes).is_none();
    }

    /// Forgets the line and the event at hand: the bytes of another connection follow.
    pub(super) fn reset(&mut self) {
        let id = mem::take(&mut self.id);
        *self = Lines {
            id,
            ..Lines::default()
        };
    }

    /// The id of the block that ended last, if it had one.
    pub(super) fn id(&mut self) -> &mut Id {
        &mut self.id
    }

    /// Looks through `bytes`, some of those that were [begun](Lines::begin) with, up to the end of
    /// the first block.
    ///
    /// Gives the position behind it and what it was, or `None` when all bytes have been seen.
    pub(super) fn next_block(&mut self, bytes: &[u8]) -> Option<(usize, Block)> {
        let mut at = 0;
        if self.after_cr && !bytes.is_empty() {
            self.after_cr = false;
            at = usize::from(bytes.first() == Some(&b'\n'));
        }
        loop {
            let rest = bytes.get(at..).unwrap_or(&[]);
            let found = if self.only_lf {
                memchr(b'\n', rest)
            } else {
                memchr2(b'\n', b'\r', rest)
            };
            let Some(len) = found else {
                self.add(rest);
                return None;
            };
            let (line, rest) = rest.split_at_checked(len)?;
            at += len + 1;
            if let [b'\r', after @ ..] = rest {
                match after.first() {
                    Some(b'\n') => at += 1,
                    Some(_) => {}
                    None => self.after_cr = true,
                }
            }
            if self.end_line(line) {
                let block = Block {
                    has_field: mem::take(&mut self.has_field),
                    has_id: mem::take(&mut self.has_id),
                };
                return Some((at, block));
            }
        }
    }

    /// More of a line whose end has not come.
    fn add(&mut self, bytes: &[u8]) {
        if self.len == 0 {
            let Some(&first) = bytes.first() else {
                return;
            };
            self.has_field |= first != b':';
            if first == b'i' {
                self.id_line = Some(Vec::new());
            }
        }
        self.len = self.len.saturating_add(bytes.len());
        if let Some(line) = &mut self.id_line {
            // One byte over the cap is enough to know that it is too long.
            let room = (MAX_ID + 5).saturating_sub(line.len());
            line.extend(bytes.iter().take(room));
        }
    }

    /// The end of a line, the last bytes of which are `bytes`: whether it was a blank one.
    #[inline]
    fn end_line(&mut self, bytes: &[u8]) -> bool {
        if self.len == 0 {
            let Some(&first) = bytes.first() else {
                return true;
            };
            self.has_field |= first != b':';
            if first == b'i' {
                self.field(bytes);
            }
            return false;
        }
        if self.id_line.is_some() {
            self.add(bytes);
        }
        if let Some(line) = self.id_line.take() {
            self.field(&line);
        }
        self.len = 0;
        false
    }

    fn field(&mut self, line: &[u8]) {
        let value = match line {
            b"id" => &[],
            [b'i', b'd', b':', b' ', value @ ..] | [b'i', b'd', b':', value @ ..] => value,
            _ => return,
        };
        if memchr(0, value).is_some() {
            return;
        }
        self.has_id = true;
        self.id.too_long = value.len() > MAX_ID;
        self.id.value.clear();
        if !self.id.too_long {
            self.id.value.extend_from_slice(value);
        }
    }
}
