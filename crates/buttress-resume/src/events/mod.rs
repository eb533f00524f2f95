//! Cuts an event stream into whole events and remembers where to go on.
//!
//! The bytes that come out are the origin's own; a comment block counts as an event here, so that
//! it is passed on when it comes.

mod lines;

use self::lines::{Block, Id, Lines};
use bytes::{Buf, Bytes, BytesMut};
use http::HeaderValue;
use std::mem;

/// A byte order mark at the very beginning is no part of the first line (HTML standard, 9.2.5).
const BOM: &[u8] = b"\xef\xbb\xbf";

/// The bytes of one event stream, over all its connections.
#[derive(Debug)]
pub(crate) struct Events {
    lines: Lines,
    /// The beginning of an event whose end has not come.
    held: BytesMut,
    /// How much of a byte order mark this connection began with; `None` once that is settled.
    bom: Option<usize>,
    last_id: Option<Id>,
    /// Whole events that were more than comments.
    events: u64,
    /// The event at hand was longer than the cap, so its beginning has been let through.
    overflowed: bool,
    /// Not the first connection: its first event may be the one that was delivered last.
    reopened: bool,
    may_repeat: bool,
    cap: usize,
}

/// Where to go on after a cut.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Cursor {
    /// Nothing was delivered: from the start.
    Start,
    /// After the event with this id.
    After(HeaderValue),
    /// Something was delivered, and nothing says where it ended.
    Unknown,
}

impl Events {
    /// Holds back at most `cap` bytes of an unfinished event.
    pub(crate) fn new(cap: usize) -> Self {
        Events {
            lines: Lines::default(),
            held: BytesMut::new(),
            bom: Some(0),
            last_id: None,
            events: 0,
            overflowed: false,
            reopened: false,
            may_repeat: false,
            cap,
        }
    }

    /// How many whole events have come that were more than comments and no repetition.
    pub(crate) fn count(&self) -> u64 {
        self.events
    }

    /// Whether an unfinished event is held back.
    pub(crate) fn is_holding(&self) -> bool {
        !self.held.is_empty()
    }

    /// Takes the next bytes of the connection; gives out those that complete events, in up to two
    /// pieces, of which only an event that began in an earlier chunk is a copy.
    pub(crate) fn push(&mut self, mut chunk: Bytes) -> (Bytes, Bytes) {
        if self.bom.is_some() {
            self.settle_bom(&mut chunk);
        }
        self.lines.begin(&chunk);
        // The end of the first event that goes out, and that of the last.
        let (mut first, mut end) = (0, 0);
        while let Some((next, block)) = self.lines.next_block(chunk.get(end..).unwrap_or(&[])) {
            end += next;
            if self.may_repeat && self.is_repetition(block) {
                // It may have begun in an earlier chunk; comments right before it go with it.
                self.held.clear();
                chunk.advance(end);
                (first, end) = (0, 0);
                continue;
            }
            self.commit(block);
            if first == 0 {
                first = end;
            }
        }
        if self.held.is_empty() {
            let whole = chunk.split_to(end);
            self.held.extend_from_slice(&chunk);
            return self.overflow(whole, Bytes::new());
        }
        if end == 0 {
            self.held.extend_from_slice(&chunk);
            return self.overflow(Bytes::new(), Bytes::new());
        }
        self.held.extend_from_slice(&chunk.split_to(first));
        let begun = self.held.split().freeze();
        let whole = chunk.split_to(end - first);
        self.held.extend_from_slice(&chunk);
        self.overflow(begun, whole)
    }

    /// Whether the first event of a re-opened stream is the one that was delivered last.
    fn is_repetition(&mut self, block: Block) -> bool {
        if !block.has_field {
            return false;
        }
        self.may_repeat = false;
        block.has_id && self.last_id.as_ref() == Some(&*self.lines.id())
    }

    /// What is left when the stream has ended well: no event, but the origin's bytes all the same.
    pub(crate) fn rest(&mut self) -> Bytes {
        self.held.split().freeze()
    }

    /// Forgets the event that a cut left unfinished; `delivered` bytes have gone out.
    pub(crate) fn cut(&mut self, delivered: u64) -> Cursor {
        self.held.clear();
        self.lines.reset();
        self.bom = Some(0);
        self.reopened = true;
        self.may_repeat = true;
        if self.overflowed {
            return Cursor::Unknown;
        }
        match self.last_id.as_ref().and_then(Id::usable) {
            Some(id) if !id.is_empty() => {
                HeaderValue::from_bytes(id).map_or(Cursor::Unknown, Cursor::After)
            }
            _ if delivered == 0 => Cursor::Start,
            _ => Cursor::Unknown,
        }
    }

    fn commit(&mut self, block: Block) {
        self.overflowed = false;
        if block.has_field {
            self.events += 1;
        }
        if block.has_id {
            // The room of the one before is for the one after.
            mem::swap(self.last_id.get_or_insert_default(), self.lines.id());
        }
    }

    /// Lets the event at hand through if it is too long to be held back: then a cut within it
    /// can't be mended.
    fn overflow(&mut self, first: Bytes, second: Bytes) -> (Bytes, Bytes) {
        if self.held.len() <= self.cap && !self.overflowed {
            return (first, second);
        }
        self.overflowed = true;
        self.may_repeat = false;
        if self.held.is_empty() {
            return (first, second);
        }
        let held = self.held.split();
        if second.is_empty() {
            return (first, held.freeze());
        }
        let mut joined = BytesMut::from(&*second);
        joined.unsplit(held);
        (first, joined.freeze())
    }

    /// Takes a byte order mark off the lines, and off what goes out unless the stream began with it.
    fn settle_bom(&mut self, chunk: &mut Bytes) {
        while let Some(matched) = self.bom {
            match (BOM.get(matched), chunk.first()) {
                (None, _) => self.bom = None,
                (Some(_), None) => return,
                (Some(expected), Some(found)) if expected == found => {
                    if !self.reopened {
                        self.held.extend_from_slice(&[*found]);
                    }
                    chunk.advance(1);
                    self.bom = Some(matched + 1);
                }
                (Some(_), Some(_)) => {
                    // No mark after all: what looked like one belongs to the first line.
                    let looked = BOM.get(..matched).unwrap_or(&[]);
                    if self.reopened {
                        self.held.extend_from_slice(looked);
                    }
                    self.lines.begin(looked);
                    let _ = self.lines.next_block(looked);
                    self.bom = None;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
