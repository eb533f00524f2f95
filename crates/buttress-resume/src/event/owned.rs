//! One event, for whoever keeps it.

use super::EventView;
use super::view::Span;
use bytes::Bytes;
use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

/// An event that an [`EventStream`](super::EventStream) dispatched.
///
/// Its name, data and id lie in the chunk in which they came, and keep it in memory; only data of
/// several lines is joined elsewhere. A clone copies nothing.
///
/// The text of an event is UTF-8; what is none is read as U+FFFD, as the standard says.
#[derive(Clone, PartialEq, Eq)]
pub struct Event {
    /// As they were sent, or parts of them.
    bytes: Bytes,
    parts: Parts,
    id: Id,
}

/// Where in its bytes the parts of an event are, and how long it asks to wait.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Parts {
    name: Place,
    data: Place,
    retry: Option<Duration>,
}

/// From here to there: events are not so long that they need more bits, and smaller events are
/// handed on faster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place(u32, u32);

#[derive(Clone, PartialEq, Eq)]
pub(super) enum Id {
    Here(Place),
    /// That of an earlier event.
    Earlier(Arc<[u8]>),
    None,
}

impl Event {
    /// The event's name: `message` unless it has another.
    #[must_use]
    pub fn event(&self) -> Cow<'_, str> {
        match self.part(self.parts.name) {
            [] => Cow::Borrowed("message"),
            name => String::from_utf8_lossy(name),
        }
    }

    /// The data, as it was sent: its lines, joined by line feeds.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        self.part(self.parts.data)
    }

    /// The data as text.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(self.data())
    }

    /// The data, to be kept: [`data`](Event::data) without a copy.
    #[must_use]
    pub fn into_data(self) -> Bytes {
        let data = self.parts.data.range();
        if data.end > self.bytes.len() {
            return Bytes::new();
        }
        self.bytes.slice(data)
    }

    /// The last event id: that of this event, or else of the last one before it that had one. Empty
    /// if there is none.
    #[must_use]
    pub fn id(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(match &self.id {
            Id::Here(place) => self.part(*place),
            Id::Earlier(id) => id,
            Id::None => &[],
        })
    }

    /// How long to wait before a connection is opened again, if this event says so.
    #[must_use]
    pub const fn retry(&self) -> Option<Duration> {
        self.parts.retry
    }

    /// The event with these parts.
    #[inline]
    pub(super) fn new(bytes: Bytes, parts: Parts, id: Id) -> Self {
        Event { bytes, parts, id }
    }

    /// An event of several lines of data, which are joined.
    #[cold]
    pub(super) fn joined(view: &EventView<'_>, id: Id) -> Self {
        let mut bytes = view.data().into_owned();
        let mut add = |part: &[u8]| {
            let from = bytes.len();
            bytes.extend_from_slice(part);
            Place::of(from, bytes.len())
        };
        let data = Place::of(0, add(&[]).range().end);
        let name = add(view.name());
        let id = match view.id() {
            Some(id) => Id::Here(add(id)),
            None => id,
        };
        let retry = view.retry();
        Event::new(bytes.into(), Parts { name, data, retry }, id)
    }

    fn part(&self, place: Place) -> &[u8] {
        self.bytes.get(place.range()).unwrap_or(&[])
    }
}

impl Parts {
    /// Those that `view` has found in its bytes; `None` when data must be joined.
    #[inline]
    pub(super) fn of(view: &EventView<'_>) -> Option<Self> {
        Some(Parts {
            name: view.name_span().into(),
            data: view.data_span()?.into(),
            retry: view.retry(),
        })
    }
}

impl Place {
    #[inline]
    fn of(from: usize, to: usize) -> Self {
        // An event that is longer than that is too long.
        Place(from as u32, to as u32)
    }

    fn range(self) -> Range<usize> {
        self.0 as usize..self.1 as usize
    }
}

impl From<Span> for Place {
    #[inline]
    fn from(span: Span) -> Self {
        Place::of(span.from, span.to)
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("event", &self.event())
            .field("data", &self.text())
            .field("id", &self.id())
            .field("retry", &self.retry())
            .finish()
    }
}
