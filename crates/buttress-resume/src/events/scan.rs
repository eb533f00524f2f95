//! Finds where events end, and their ids: HTML standard, sections 9.2.5 and 9.2.6.

use super::place::Place;
use crate::event::line::{self, MAX_VALUE};
use memchr::memchr;
use std::mem;
use std::ops::ControlFlow;
use std::time::Duration;

/// So much of an `id` or `retry` line is kept while its end has not come: a byte more than such a
/// line may have.
const MAX_LINE: usize = "retry: ".len() + MAX_VALUE + 1;

/// What is known of the line and the event at hand, over any chunks.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    line: Line,
    /// The beginning of a line of [`Line::Field`].
    kept: Vec<u8>,
    /// The id of the event at hand, if it came with an earlier chunk.
    id: Place,
    retry: Option<Duration>,
    has_data: bool,
    has_id: bool,
    /// Something of the event at hand has come.
    has_begun: bool,
}

/// The line at hand, of which the end has not come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Line {
    /// Nothing of it has come.
    #[default]
    Start,
    /// Nothing of it has come, and the last byte was a CR: an LF now belongs to the line before.
    AfterCr,
    /// What it says may matter. Its beginning is kept.
    Field {
        /// What was not kept has nothing but digits, and a NUL.
        digits: bool,
        nul: bool,
    },
    /// It says nothing that matters.
    Other,
}

/// Lines up to a blank one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Block {
    /// The position behind it.
    pub(crate) end: usize,
    /// It is an event for the consumer: there is data in it.
    pub(crate) has_data: bool,
    pub(crate) id: Id,
}

impl Block {
    /// Whether it brings something: data for the consumer, or a place to go on from.
    #[inline]
    pub(crate) fn is_event(self) -> bool {
        self.has_data || self.id.is_some()
    }
}

/// The blocks that end within some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// The position behind the first one; 0 if there is none.
    pub(crate) first: usize,
    /// The position behind the last one that was shown.
    pub(crate) end: usize,
}

impl Found {
    /// Whether these bytes are blocks and nothing else.
    #[inline]
    pub(crate) fn is_all(self, bytes: &[u8]) -> bool {
        self.end == bytes.len() && self.end > 0
    }

    /// Whether these bytes are one block, with a line of its own.
    #[inline]
    pub(crate) fn is_one(self, bytes: &[u8]) -> bool {
        self.first == self.end
            && self.is_all(bytes)
            && !matches!(bytes.first(), Some(b'\n' | b'\r'))
    }
}

/// Where the id of a block is: see [`Scan::id`].
///
/// Two numbers without a tag, so that a block stays in registers: from here to there in the bytes at
/// hand, where an id never begins at 0 or 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Id {
    pub(crate) from: usize,
    pub(crate) to: usize,
}

impl Id {
    /// In an earlier chunk.
    const EARLIER: Id = Id { from: 1, to: 0 };

    /// Whether there is one.
    #[inline]
    pub(crate) fn is_some(self) -> bool {
        self.from != 0
    }

    /// Whether it is in the bytes at hand.
    #[inline]
    pub(crate) fn is_here(self) -> bool {
        self.to != 0
    }
}

impl Scan {
    /// Forgets the line and the event at hand: the bytes of another connection follow.
    pub(crate) fn reset(&mut self) {
        // The rest is set again before it is looked at.
        self.has_begun = false;
    }

    /// The value of the last `retry` field, on whatever connection.
    pub(crate) fn retry(&self) -> Option<Duration> {
        self.retry
    }

    /// The id of a block that was found in `bytes`, before anything more is looked for.
    pub(crate) fn id<'a>(&'a self, found: Id, bytes: &'a [u8]) -> Option<&'a [u8]> {
        if found.is_here() {
            bytes.get(found.from..found.to)
        } else {
            found.is_some().then_some(self.id.id())
        }
    }

    /// The id of the block at hand, of which all lines so far were in earlier chunks.
    pub(super) fn begun_id(&self) -> Option<&[u8]> {
        self.has_id.then(|| self.id.id())
    }

    /// The id of a block that it got in an earlier chunk.
    #[inline]
    pub(super) fn kept_id(&self) -> &Place {
        &self.id
    }

    /// Looks through `bytes`, which follow those of the last time, and shows each block that ends
    /// there, until told that it is enough.
    ///
    /// The LF of a CRLF that ends a block, if it comes later than the CR, is a block of its own: a
    /// blank line that ends nothing.
    #[inline]
    pub(crate) fn blocks(
        &mut self,
        bytes: &[u8],
        mut each: impl FnMut(&Self, Block) -> ControlFlow<()>,
    ) -> Found {
        if bytes.is_empty() {
            return Found { first: 0, end: 0 };
        }
        let mut found = if self.has_begun {
            match self.go_on(bytes) {
                Some(block) => Ok(block),
                None => return Found { first: 0, end: 0 },
            }
        } else {
            next(bytes, 0, Block::default(), &mut self.retry)
        };
        let first = found.map_or(0, |block| block.end);
        let mut end = 0;
        loop {
            match found {
                Ok(block) => {
                    end = block.end;
                    if each(self, block).is_break() || end >= bytes.len() {
                        break;
                    }
                    found = next(bytes, end, Block::default(), &mut self.retry);
                }
                Err(unfinished) => {
                    self.leave(bytes, unfinished);
                    break;
                }
            }
        }
        Found { first, end }
    }

    /// Goes on with the block that an earlier chunk left unfinished, if it ends here.
    #[cold]
    fn go_on(&mut self, bytes: &[u8]) -> Option<Block> {
        let mut block = Block {
            end: 0,
            has_data: self.has_data,
            id: if self.has_id {
                Id::EARLIER
            } else {
                Id::default()
            },
        };
        let at = match mem::take(&mut self.line) {
            Line::Start => 0,
            Line::AfterCr => usize::from(bytes.first() == Some(&b'\n')),
            line @ (Line::Field { .. } | Line::Other) => {
                let len = line::len(bytes);
                let line = self.keep(line, bytes.get(..len.unwrap_or(bytes.len())).unwrap_or(&[]));
                let Some(len) = len else {
                    self.line = line;
                    return None;
                };
                self.field_kept(line, &mut block);
                line::behind_end(bytes, len)
            }
        };
        self.has_begun = false;
        match next(bytes, at, block, &mut self.retry) {
            Ok(block) => Some(block),
            Err(unfinished) => {
                self.leave(bytes, unfinished);
                None
            }
        }
    }

    /// All bytes have been seen, and this block has no end: keeps what is needed of it. Its
    /// unfinished line is at its `end`.
    #[cold]
    fn leave(&mut self, bytes: &[u8], block: Block) {
        let rest = bytes.get(block.end..).unwrap_or(&[]);
        self.kept.clear();
        self.line = match rest {
            [] if bytes.last() == Some(&b'\r') => Line::AfterCr,
            [] => Line::Start,
            // Whether its name is `data` is known already, or will be.
            [b'd', _, _, _, _, ..] => Line::Other,
            [b'd' | b'i' | b'r', ..] => {
                let line = Line::Field {
                    digits: true,
                    nul: false,
                };
                self.keep(line, rest)
            }
            _ => Line::Other,
        };
        self.has_data = block.has_data;
        self.has_id = block.id.is_some();
        self.has_begun = true;
        if block.id.is_here() {
            let Id { from, to } = block.id;
            if !self.id.set_short(bytes, from, to) {
                let id = bytes.get(from..to).unwrap_or(&[]);
                self.id.set(id.get(..=MAX_VALUE).unwrap_or(id));
            }
        }
    }

    /// Keeps so much more of the line at hand as may matter.
    fn keep(&mut self, line: Line, more: &[u8]) -> Line {
        let Line::Field { digits, nul } = line else {
            return line;
        };
        let (kept, left) = more
            .split_at_checked(MAX_LINE.saturating_sub(self.kept.len()))
            .unwrap_or((more, &[]));
        self.kept.extend_from_slice(kept);
        Line::Field {
            digits: digits && left.iter().all(u8::is_ascii_digit),
            nul: nul || memchr(0, left).is_some(),
        }
    }

    /// Takes in the line that was kept, if one was.
    fn field_kept(&mut self, line: Line, block: &mut Block) {
        let Line::Field { digits, nul } = line else {
            return;
        };
        if let Some(id) = line::value(&self.kept, b"id") {
            if !nul && memchr(0, id).is_none() {
                block.id = Id::EARLIER;
                self.id.set(id);
            }
        } else if let Some(retry) = line::value(&self.kept, b"retry") {
            let retry = line::retry(retry).filter(|_| digits);
            self.retry = retry.or(self.retry);
        } else {
            block.has_data |= line::value(&self.kept, b"data").is_some();
        }
    }
}

/// Goes on with a block at `at`, the beginning of a line, up to its end. Else it comes back as it
/// is after all whole lines; its `end` is the beginning of the unfinished one.
#[inline(always)] // So that a block stays in registers.
fn next(
    bytes: &[u8],
    mut at: usize,
    mut block: Block,
    retry: &mut Option<Duration>,
) -> Result<Block, Block> {
    loop {
        block.end = at;
        let Some((&first, behind)) = bytes.get(at..).and_then(<[u8]>::split_first) else {
            return Err(block);
        };
        let rest = bytes.get(at..).unwrap_or(&[]);
        // The order is that of how often they come: a table of jumps is slower.
        let len = if first == b'd' {
            if behind.starts_with(b"ata:") || is_bare_data(rest) {
                block.has_data = true;
            }
            let Some(len) = line::len(rest) else {
                return Err(block);
            };
            at += len;
            // Most events end here.
            if bytes.get(at..).and_then(<[u8]>::first_chunk) == Some(b"\n\n") {
                block.end = at + 2;
                return Ok(block);
            }
            0
        } else if first == b'\n' {
            block.end = at + 1;
            return Ok(block);
        } else if first == b'i' {
            match line::short(rest) {
                Some(line) => {
                    let to = at + line.len();
                    if let Some(id) = line::id(line) {
                        let from = to - id.len();
                        block.id = Id { from, to };
                    }
                    line.len()
                }
                None => match field(rest, retry) {
                    Some((len, id)) => {
                        if let Some(id) = id {
                            let to = at + len;
                            let from = to - id;
                            block.id = Id { from, to };
                        }
                        len
                    }
                    None => return Err(block),
                },
            }
        } else if first == b'\r' {
            block.end = line::behind_end(bytes, at);
            return Ok(block);
        } else if first == b'r' {
            match field(rest, retry) {
                Some((len, _)) => len,
                None => return Err(block),
            }
        } else {
            match line::len(rest) {
                Some(len) => len,
                None => return Err(block),
            }
        };
        at = line::behind_end(bytes, at + len);
    }
}

/// Reads the `id` or `retry` field that `rest` may begin with: the length of the line, and of the
/// id if it is one. `None` when the line does not end.
#[cold]
fn field(rest: &[u8], retry: &mut Option<Duration>) -> Option<(usize, Option<usize>)> {
    let len = line::len(rest)?;
    let line = rest.get(..len)?;
    if let Some(value) = line::value(line, b"retry") {
        *retry = line::retry(value).or(*retry);
    }
    let id = line::value(line, b"id").filter(|id| memchr(0, id).is_none());
    Some((len, id.map(<[u8]>::len)))
}

/// Whether these bytes begin with a line that is nothing but `data`.
#[cold]
fn is_bare_data(rest: &[u8]) -> bool {
    matches!(rest, [b'd', b'a', b't', b'a', b'\n' | b'\r', ..])
}

#[cfg(test)]
mod tests;
