//! One event, for whoever keeps it.

use super::EventView;
use bytes::Bytes;
use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::time::Duration;

/// An event that an [`EventStream`](super::EventStream) dispatched.
///
/// Its name, data and id lie in the chunk in which they came, and keep it in memory; only data of
/// several lines, and the id of an earlier event, lie elsewhere. A clone copies nothing.
///
/// The text of an event is UTF-8; what is none is read as U+FFFD, as the standard says.
#[derive(Clone, PartialEq, Eq)]
pub struct Event {
    /// As they were sent.
    bytes: Bytes,
    name: Range<usize>,
    data: Part,
    id: Part,
    retry: Option<Duration>,
}

/// A part of an event.
#[derive(Clone, PartialEq, Eq)]
enum Part {
    /// In its bytes.
    Here(Range<usize>),
    Elsewhere(Bytes),
}

impl Event {
    /// The event's name: `message` unless it has another.
    #[must_use]
    pub fn event(&self) -> Cow<'_, str> {
        match self.bytes.get(self.name.clone()) {
            None | Some([]) => Cow::Borrowed("message"),
            Some(name) => String::from_utf8_lossy(name),
        }
    }

    /// The data, as it was sent: its lines, joined by line feeds.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        self.part(&self.data)
    }

    /// The data as text.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(self.data())
    }

    /// The data, to be kept: [`data`](Event::data) without a copy.
    #[must_use]
    pub fn into_data(self) -> Bytes {
        match self.data {
            Part::Here(data) if data.end <= self.bytes.len() => self.bytes.slice(data),
            Part::Here(_) => Bytes::new(),
            Part::Elsewhere(data) => data,
        }
    }

    /// The last event id: that of this event, or else of the last one before it that had one. Empty
    /// if there is none.
    #[must_use]
    pub fn id(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(self.part(&self.id))
    }

    /// How long to wait before a connection is opened again, if this event says so.
    #[must_use]
    pub const fn retry(&self) -> Option<Duration> {
        self.retry
    }

    /// What `view` says, still without the bytes it says it of.
    #[inline]
    pub(super) fn of(view: &EventView<'_>) -> Self {
        let place = |part| place(view.bytes(), part);
        Event {
            bytes: Bytes::new(),
            name: place(view.name()),
            data: match view.data() {
                Cow::Borrowed(data) => Part::Here(place(data)),
                Cow::Owned(data) => Part::Elsewhere(data.into()),
            },
            id: match view.id() {
                Some(id) => Part::Here(place(id)),
                None => Part::Elsewhere(Bytes::new()),
            },
            retry: view.retry(),
        }
    }

    /// Adds the bytes.
    #[inline]
    pub(super) fn set_bytes(&mut self, bytes: Bytes) {
        self.bytes = bytes;
    }

    #[inline]
    pub(super) fn set_id(&mut self, id: Bytes) {
        self.id = Part::Elsewhere(id);
    }

    fn part<'a>(&'a self, part: &'a Part) -> &'a [u8] {
        match part {
            Part::Here(range) => self.bytes.get(range.clone()).unwrap_or(&[]),
            Part::Elsewhere(bytes) => bytes,
        }
    }
}

/// Where in `bytes` this part of them is.
#[inline]
fn place(bytes: &[u8], part: &[u8]) -> Range<usize> {
    if part.is_empty() {
        return 0..0; // It may be anywhere.
    }
    let from = part.as_ptr().addr().wrapping_sub(bytes.as_ptr().addr());
    from..from.wrapping_add(part.len())
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("event", &self.event())
            .field("data", &self.text())
            .field("id", &self.id())
            .field("retry", &self.retry)
            .finish()
    }
}
