//! Events out of chunks.

use super::owned::{Event, Id, Place, Said};
use super::view::EventView;
use crate::events::scan::Scan;
use bytes::{Buf, Bytes, BytesMut};
use std::mem;
use std::ops::ControlFlow;
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
    /// Where the lines of that one stand, and the last retry time.
    scan: Scan,
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
            scan: Scan::default(),
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
        self.scan.retry()
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
                note_retry(&view, &mut self.scan);
                self.scan
                    .go_on_after(&self.chunk, self.chunk.len() - unfinished.len());
                let chunk = mem::take(&mut self.chunk);
                self.keep(&chunk)?;
                break;
            }
            let len = view.bytes().len();
            if len > self.max_event {
                self.chunk.clear();
                return Err(TooLong);
            }
            note(&view, &mut self.last_id, &mut self.scan);
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
        let end = self.scan.blocks(&chunk, |_, _| ControlFlow::Break(()));
        if end == 0 {
            self.keep(&chunk)?;
            return Ok(None);
        }
        self.held.extend_from_slice(&chunk.split_to(end));
        self.chunk = chunk;
        let bytes = self.held.split().freeze();
        if bytes.len() > self.max_event {
            self.chunk.clear();
            return Err(TooLong);
        }
        let view = EventView::parse(&bytes);
        note(&view, &mut self.last_id, &mut self.scan);
        if !view.has_data() {
            return Ok(None);
        }
        let id = id(&view, &mut self.last_id);
        let Some(said) = Said::of(&view) else {
            return Ok(Some(Event::joined(&view, id)));
        };
        Ok(Some(Event::new(bytes, said, id)))
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
                    let looked = BOM.get(..matched).unwrap_or(&[]);
                    if !looked.is_empty() {
                        self.scan.blocks(looked, |_, _| ControlFlow::Break(()));
                        self.held.extend_from_slice(looked);
                    }
                }
            }
        }
    }
}

/// Notes what an event changes for those that follow.
#[inline]
fn note(view: &EventView<'_>, last_id: &mut LastId, scan: &mut Scan) {
    note_retry(view, scan);
    if let Some(id) = view.id() {
        last_id.set(id);
    }
}

#[inline]
fn note_retry(view: &EventView<'_>, scan: &mut Scan) {
    if let Some(retry) = view.retry() {
        scan.set_retry(retry);
    }
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
