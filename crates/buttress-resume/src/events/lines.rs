//! Finds where events end, and their ids: HTML standard, sections 9.2.5 and 9.2.6.

use memchr::memchr2;

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
    has_field: bool,
    id: Option<Id>,
}

/// The value of an `id` field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Id {
    /// May be empty, which takes the id away.
    Usable(Vec<u8>),
    /// Longer than anything that will be sent back.
    TooLong,
}

/// Lines up to a blank one.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Block {
    /// More than comments.
    pub(super) has_field: bool,
    /// The id that counts from here on, if the block has one.
    pub(super) id: Option<Id>,
}

impl Lines {
    /// Looks through `bytes`, which follow those of the last call, up to the end of the first block.
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
            let Some(len) = memchr2(b'\n', b'\r', rest) else {
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
                    has_field: std::mem::take(&mut self.has_field),
                    id: self.id.take(),
                };
                return Some((at, block));
            }
        }
    }

    /// More of a line whose end has not come.
    fn add(&mut self, bytes: &[u8]) {
        if self.len == 0 && bytes.first() == Some(&b'i') {
            self.id_line = Some(Vec::new());
        }
        if self.len == 0 {
            self.has_field |= bytes.first().is_some_and(|&first| first != b':');
        }
        self.len = self.len.saturating_add(bytes.len());
        if let Some(line) = &mut self.id_line {
            // One byte over the cap is enough to know that it is too long.
            let room = (MAX_ID + 5).saturating_sub(line.len());
            line.extend(bytes.iter().take(room));
        }
    }

    /// The end of a line, the last bytes of which are `bytes`: whether it was a blank one.
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
        if value.contains(&0) {
            return;
        }
        self.id = Some(if value.len() > MAX_ID {
            Id::TooLong
        } else {
            Id::Usable(value.to_vec())
        });
    }
}
