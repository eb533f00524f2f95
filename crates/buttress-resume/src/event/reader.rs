//! Events out of chunks.

use super::line;
use super::owned::{Event, Id, Parts};
use super::view::{EventView, Said};
use crate::events::{Place, hold};
use bytes::{Buf, Bytes, BytesMut};
use std::sync::Arc;
use std::time::Duration;

/// A byte order mark at the very beginning is no part of the first line (HTML standard, 9.2.5).
const BOM: &[u8] = b"\xef\xbb\xbf";

/// Makes the chunks of one connection into events.
#[derive(Debug)]
pub(super) struct Reader {
    /// What has not been looked at.
    chunk: Bytes,
    /// An event that began in an earlier chunk.
    held: BytesMut,
    /// What the whole lines of that one say.
    begun: Said,
    /// Where its unfinished line begins.
    line: usize,
    /// The last retry time.
    retry: Option<Duration>,
    /// How much of a byte order mark the stream began with; `None` once that is settled.
    bom: Option<usize>,
    last_id: LastId,
    max_event: usize,
}

/// The id of the last event that had one. Its room is used again and again.
#[derive(Debug, Default)]
struct LastId {
    value: Place,
    /// The same, for events that have none of their own.
    shared: Option<Arc<[u8]>>,
}

/// An event is longer than it may be.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLong;

impl Reader {
    pub(super) fn new(max_event: usize) -> Self {
        Reader {
            chunk: Bytes::new(),
            held: BytesMut::new(),
            begun: Said::default(),
            line: 0,
            retry: None,
            bom: Some(0),
            last_id: LastId::default(),
            max_event,
        }
    }

    pub(super) const fn max_event(&self) -> usize {
        self.max_event
    }

    /// How many bytes are held of an unfinished event.
    #[cfg(test)]
    pub(super) fn held(&self) -> usize {
        self.held.len()
    }

    pub(super) const fn set_max_event(&mut self, bytes: usize) {
        // Places in events have 32 bits.
        self.max_event = if bytes < u32::MAX as usize {
            bytes
        } else {
            u32::MAX as usize
        };
    }

    pub(super) fn last_id(&self) -> &[u8] {
        self.last_id.value.id()
    }

    pub(super) fn set_last_id(&mut self, id: &[u8]) {
        self.last_id.set(id, 0, id.len());
    }

    pub(super) fn retry(&self) -> Option<Duration> {
        self.retry
    }

    /// Takes the next chunk. All events of the last one have been read.
    #[inline]
    pub(super) fn push(&mut self, chunk: Bytes) {
        self.chunk = chunk;
        if self.bom.is_some() {
            self.settle_bom();
        }
    }

    /// The next event that is dispatched; `None` when more must come first.
    ///
    /// # Errors
    ///
    /// [`TooLong`] when an event is. There is no going on after it.
    #[inline]
    pub(super) fn next(&mut self) -> Result<Option<Event>, TooLong> {
        while !self.chunk.is_empty() {
            if !self.held.is_empty() {
                match self.go_on()? {
                    None => continue,
                    some => return Ok(some),
                }
            }
            let mut view = EventView::blank(&self.chunk);
            if let Err(line) = view.lines() {
                self.retry = view.retry().or(self.retry);
                self.begun = view.said();
                self.line = line;
                self.keep(self.chunk.len())?;
                break;
            }
            let len = view.bytes().len();
            if len > self.max_event {
                self.chunk.clear();
                return Err(TooLong);
            }
            note(&view, &mut self.last_id, &mut self.retry);
            if !view.has_data() {
                self.chunk.advance(len);
                continue;
            }
            let id = id(&view, &mut self.last_id);
            let Some(parts) = Parts::of(&view) else {
                let event = Event::joined(&view, id);
                self.chunk.advance(len);
                return Ok(Some(event));
            };
            return Ok(Some(Event::new(self.chunk.split_to(len), parts, id)));
        }
        Ok(None)
    }

    /// Goes on with the event that is held: what it is when it ends in this chunk.
    ///
    /// Only that event is copied, and only lines that have not been taken in are looked at.
    #[cold]
    fn go_on(&mut self) -> Result<Option<Event>, TooLong> {
        // The LF of a line that has come up to its CR.
        if self.held.last() == Some(&b'\r') && self.chunk.first() == Some(&b'\n') {
            self.keep(1)?;
            self.line = self.held.len();
        }
        loop {
            let Some(len) = line::len(&self.chunk) else {
                self.keep(self.chunk.len())?;
                return Ok(None);
            };
            let line_end = self.held.len() + len;
            if line_end == self.line {
                self.keep(line::behind_end(&self.chunk, 0))?;
                return Ok(self.held_event());
            }
            // Most events end behind the line in which they were cut.
            let is_last = self.chunk.get(len..).and_then(<[u8]>::first_chunk) == Some(b"\n\n");
            let blank = usize::from(is_last);
            self.keep(line::behind_end(&self.chunk, len) + blank)?;
            let line = self.held.get(self.line..line_end).unwrap_or(&[]);
            self.begun = self.begun.with(line, self.line);
            self.retry = self.begun.retry.or(self.retry);
            self.line = self.held.len();
            if is_last {
                return Ok(self.held_event());
            }
        }
    }

    /// The event that is held, all of which has come.
    fn held_event(&mut self) -> Option<Event> {
        let view = EventView::new(&self.held, self.begun);
        note(&view, &mut self.last_id, &mut self.retry);
        if !view.has_data() {
            self.held.clear();
            return None;
        }
        let id = id(&view, &mut self.last_id);
        let Some(parts) = Parts::of(&view) else {
            let event = Event::joined(&view, id);
            self.held.clear();
            return Some(event);
        };
        Some(Event::new(self.held.split().freeze(), parts, id))
    }

    /// Holds so many bytes of the chunk as more of an event.
    fn keep(&mut self, len: usize) -> Result<(), TooLong> {
        let more = self.chunk.get(..len).unwrap_or(&[]);
        if self.held.len().saturating_add(more.len()) > self.max_event {
            self.chunk.clear();
            return Err(TooLong);
        }
        hold(&mut self.held, more);
        if more.len() == self.chunk.len() {
            self.chunk = Bytes::new(); // It must not stay in memory for nothing.
        } else {
            self.chunk.advance(len);
        }
        Ok(())
    }

    /// Takes a byte order mark off the beginning of the stream.
    #[cold]
    fn settle_bom(&mut self) {
        while let Some(matched) = self.bom {
            match (BOM.get(matched), self.chunk.first()) {
                (None, _) => self.bom = None,
                (Some(_), None) => return,
                (Some(expected), Some(found)) if expected == found => {
                    self.chunk.advance(1);
                    self.bom = Some(matched + 1);
                }
                (Some(_), Some(_)) => {
                    // No mark after all: what looked like one belongs to the first line.
                    self.bom = None;
                    self.held
                        .extend_from_slice(BOM.get(..matched).unwrap_or(&[]));
                }
            }
        }
    }
}

/// Notes what an event changes for those that follow.
#[inline]
fn note(view: &EventView<'_>, last_id: &mut LastId, retry: &mut Option<Duration>) {
    if view.retry().is_some() {
        *retry = view.retry();
    }
    let id = view.id_span();
    if id.is_some() {
        last_id.set(view.bytes(), id.from, id.to);
    }
}

#[inline]
fn id(view: &EventView<'_>, last_id: &mut LastId) -> Id {
    let id = view.id_span();
    if id.is_some() {
        Id::Here(id.into())
    } else {
        last_id.shared()
    }
}

impl LastId {
    /// Takes what stands in these bytes from here to there.
    #[inline]
    fn set(&mut self, bytes: &[u8], from: usize, to: usize) {
        if !self.value.set_short(bytes, from, to) {
            self.value.set(bytes.get(from..to).unwrap_or(&[]));
        }
        self.shared = None;
    }

    #[inline(never)]
    fn shared(&mut self) -> Id {
        let id = self.value.id();
        if id.is_empty() {
            return Id::None;
        }
        let shared = self.shared.get_or_insert_with(|| id.into());
        Id::Earlier(Arc::clone(shared))
    }
}
