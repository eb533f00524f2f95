//! Events out of chunks.

use super::line;
use super::owned::{Event, Id, Place, Said};
use super::view::{Begun, EventView};
use bytes::{Buf, Bytes, BytesMut};
use std::mem;
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
    /// What has been read of that one.
    begun: Begun,
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
    value: Vec<u8>,
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
            begun: Begun::default(),
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
        &self.last_id.value
    }

    pub(super) fn set_last_id(&mut self, id: &[u8]) {
        self.last_id.set(id);
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
            if let Err(unfinished) = view.lines(&self.chunk) {
                self.retry = view.retry().or(self.retry);
                self.begun = view.begun(unfinished);
                let chunk = mem::take(&mut self.chunk);
                self.keep(&chunk)?;
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
            let Some(said) = Said::of(&view) else {
                let event = Event::joined(&view, id);
                self.chunk.advance(len);
                return Ok(Some(event));
            };
            return Ok(Some(Event::new(self.chunk.split_to(len), said, id)));
        }
        Ok(None)
    }

    /// Goes on with the event that is held: what it is when it ends in this chunk.
    #[cold]
    fn go_on(&mut self) -> Result<Option<Event>, TooLong> {
        let mut chunk = mem::take(&mut self.chunk);
        // The LF of a line that has come up to its CR.
        if self.held.last() == Some(&b'\r') && chunk.first() == Some(&b'\n') {
            self.held.extend_from_slice(&chunk.split_to(1));
            self.begun.line = self.held.len();
        }
        // Line by line, because the event at hand is all that may be copied.
        while let Some(len) = line_with_ends(&chunk) {
            self.held.extend_from_slice(&chunk.split_to(len));
            let view = match EventView::go_on(&self.held, &self.begun) {
                Ok(view) => view,
                Err(begun) if self.held.len() <= self.max_event => {
                    self.retry = begun.retry.or(self.retry);
                    self.begun = begun;
                    continue;
                }
                Err(_) => return Err(TooLong),
            };
            let len = view.bytes().len();
            if len > self.max_event {
                return Err(TooLong);
            }
            note(&view, &mut self.last_id, &mut self.retry);
            self.chunk = chunk;
            if !view.has_data() {
                self.held.clear();
                return Ok(None);
            }
            let id = id(&view, &mut self.last_id);
            let Some(said) = Said::of(&view) else {
                let event = Event::joined(&view, id);
                self.held.clear();
                return Ok(Some(event));
            };
            // What follows are line ends that end nothing.
            self.held.truncate(len);
            let bytes = self.held.split().freeze();
            return Ok(Some(Event::new(bytes, said, id)));
        }
        self.keep(&chunk)?;
        Ok(None)
    }

    /// Holds more of an event.
    fn keep(&mut self, bytes: &[u8]) -> Result<(), TooLong> {
        if self.held.len().saturating_add(bytes.len()) > self.max_event {
            return Err(TooLong);
        }
        self.held.extend_from_slice(bytes);
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
    *retry = view.retry().or(*retry);
    if let Some(id) = view.id() {
        last_id.set(id);
    }
}

/// How long the first line of these bytes is, with the line ends behind it that may end an event;
/// `None` when it has no end.
fn line_with_ends(bytes: &[u8]) -> Option<usize> {
    let len = line::len(bytes)?;
    // Two times CR and LF.
    let behind = bytes.get(len..).unwrap_or(&[]).iter().take(4);
    let ends = behind.take_while(|byte| matches!(byte, b'\n' | b'\r'));
    Some(len + ends.count())
}

#[inline]
fn id(view: &EventView<'_>, last_id: &mut LastId) -> Id {
    match view.id() {
        Some(id) => Id::Here(Place::of(id, view.bytes())),
        None => last_id.shared(),
    }
}

impl LastId {
    #[inline]
    fn set(&mut self, id: &[u8]) {
        self.value.clear();
        self.value.extend_from_slice(id);
        self.shared = None;
    }

    #[inline(never)]
    fn shared(&mut self) -> Id {
        if self.value.is_empty() {
            return Id::None;
        }
        let shared = self.shared.get_or_insert_with(|| (&*self.value).into());
        Id::Earlier(Arc::clone(shared))
    }
}
