//! A look into the bytes of one event.

use super::line;
use super::owned::Place;
use memchr::memchr;
use std::borrow::Cow;
use std::iter::FusedIterator;
use std::time::Duration;

/// What the bytes of one event say. Borrows them, and copies only data of several lines.
///
/// Values are bytes as they were sent: the standard decodes them as UTF-8 and puts U+FFFD for what
/// is none ([`String::from_utf8_lossy`]).
///
/// ```
/// use buttress_resume::event::EventView;
/// use std::borrow::Cow;
///
/// let event = EventView::parse(b": hello\nevent: delta\nid: 7\ndata: {\"text\":\"Hi\"}\n\n");
/// assert_eq!(event.name(), b"delta");
/// assert_eq!(event.id(), Some(&b"7"[..]));
/// assert_eq!(event.data(), Cow::Borrowed(b"{\"text\":\"Hi\"}"));
/// assert!(!event.is_comment_only());
///
/// // Lines of data are joined by line feeds.
/// let event = EventView::parse(b"data: one\ndata: two\n\n");
/// assert_eq!(event.data(), Cow::<[u8]>::Owned(b"one\ntwo".to_vec()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventView<'a> {
    bytes: &'a [u8],
    name: &'a [u8],
    id: Option<&'a [u8]>,
    retry: Option<Duration>,
    /// The value of the first line of data.
    data: Option<&'a [u8]>,
    /// The lines from the second line of data on.
    more: &'a [u8],
    has_field: bool,
}

/// What the whole lines of an event say whose end has not come: where in its bytes that is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Begun {
    name: Place,
    id: Option<Place>,
    pub(super) retry: Option<Duration>,
    data: Option<Place>,
    /// Where the second line of data begins, if there is one.
    more: Option<usize>,
    has_field: bool,
    /// Where the unfinished line begins.
    pub(super) line: usize,
}

impl<'a> EventView<'a> {
    /// Looks through `bytes` up to the end of the first blank line, or to their end if there is
    /// none: then all lines count, the unfinished last one too.
    ///
    /// A byte order mark is no part of an event: cut it off the beginning of a stream.
    #[must_use]
    pub fn parse(bytes: &'a [u8]) -> Self {
        let mut view = EventView::blank(bytes);
        if let Err(unfinished) = view.lines(bytes) {
            if !unfinished.is_empty() {
                view.line(unfinished, unfinished);
            }
        }
        view
    }

    /// All whole events of `bytes`, one after the other.
    ///
    /// ```
    /// use buttress_resume::event::EventView;
    ///
    /// let mut events = EventView::each(b"id: 1\n\nid: 2\n\ndata: unfin");
    /// let ids: Vec<_> = events.by_ref().filter_map(|event| event.id()).collect();
    /// assert_eq!(ids, [b"1", b"2"]);
    /// assert_eq!(events.rest(), b"data: unfin");
    /// ```
    #[must_use]
    pub const fn each(bytes: &'a [u8]) -> Views<'a> {
        Views { bytes }
    }

    /// The bytes of the event as they were sent, its blank line included.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The last `event` field. Empty if there is none, which stands for `message`.
    #[must_use]
    pub const fn name(&self) -> &'a [u8] {
        self.name
    }

    /// The values of the `data` fields, joined by line feeds. Borrowed where there is but one.
    #[must_use]
    pub fn data(&self) -> Cow<'a, [u8]> {
        if let Some(data) = self.one_line() {
            return Cow::Borrowed(data);
        }
        let mut data = self.data.unwrap_or_default().to_vec();
        for value in self.more_data() {
            data.push(b'\n');
            data.extend_from_slice(value);
        }
        Cow::Owned(data)
    }

    /// Whether there is a `data` field, even an empty one. Without one nothing is dispatched, but
    /// the id and the retry time count all the same.
    #[must_use]
    pub const fn has_data(&self) -> bool {
        self.data.is_some()
    }

    /// The last `id` field without a NUL. `None` leaves the last event id as it was, an empty one
    /// takes it away.
    #[must_use]
    pub const fn id(&self) -> Option<&'a [u8]> {
        self.id
    }

    /// The last `retry` field of nothing but digits.
    #[must_use]
    pub const fn retry(&self) -> Option<Duration> {
        self.retry
    }

    /// Whether there is no field at all, of whatever name: nothing but comments, or nothing.
    #[must_use]
    pub const fn is_comment_only(&self) -> bool {
        !self.has_field
    }

    /// The data where it lies in the event, if it has one line or none.
    #[inline]
    pub(super) fn one_line(&self) -> Option<&'a [u8]> {
        self.more
            .is_empty()
            .then_some(self.data.unwrap_or_default())
    }

    pub(super) const fn blank(bytes: &'a [u8]) -> Self {
        EventView {
            bytes,
            name: &[],
            id: None,
            retry: None,
            data: None,
            more: &[],
            has_field: false,
        }
    }

    /// What there is to know to go on when more has come behind the bytes at hand, which end with this
    /// unfinished line.
    pub(super) fn begun(&self, unfinished: &[u8]) -> Begun {
        let place = |part| Place::of(part, self.bytes);
        Begun {
            name: place(self.name),
            id: self.id.map(place),
            retry: self.retry,
            data: self.data.map(place),
            more: (!self.more.is_empty()).then(|| place(self.more).range().start),
            has_field: self.has_field,
            line: self.bytes.len().saturating_sub(unfinished.len()),
        }
    }

    /// Goes on with an event that has begun in these bytes, and has come to no end.
    ///
    /// # Errors
    ///
    /// What has begun by now, when it has no end in them either.
    pub(super) fn go_on(bytes: &'a [u8], begun: &Begun) -> Result<Self, Begun> {
        let part = |place: Place| bytes.get(place.range()).unwrap_or(&[]);
        let from = |at: usize| bytes.get(at..).unwrap_or(&[]);
        let mut view = EventView {
            bytes,
            name: part(begun.name),
            id: begun.id.map(part),
            retry: begun.retry,
            data: begun.data.map(part),
            more: begun.more.map_or(&[], from),
            has_field: begun.has_field,
        };
        match view.lines(from(begun.line)) {
            Ok(rest) => {
                view.bytes = without(bytes, rest);
                Ok(view)
            }
            Err(unfinished) => Err(view.begun(unfinished)),
        }
    }

    /// Takes in the lines of `bytes` up to a blank one. The bytes behind that, or else the
    /// unfinished line at the end.
    #[inline(always)] // So that the view need not be in memory.
    pub(super) fn lines(&mut self, bytes: &'a [u8]) -> Result<&'a [u8], &'a [u8]> {
        let mut at = bytes;
        loop {
            let first = at.first().copied().unwrap_or_default();
            // The order is that of how often they come: a table of jumps is slower.
            let line = if first == b'd' {
                let line = line::whole(at).ok_or(at)?;
                self.data_line(line, at);
                line
            } else if first == b'\n' || first == b'\r' {
                let rest = line::behind(at, &[]);
                self.bytes = without(bytes, rest);
                if !self.more.is_empty() {
                    self.more = without(self.more, rest);
                }
                return Ok(rest);
            } else if first == b'i' || first == b'e' || first == b'r' {
                if let Some(line) = line::short(at) {
                    self.field(line);
                    line
                } else {
                    let line = line::whole(at).ok_or(at)?;
                    self.line(line, at);
                    line
                }
            } else {
                let line = line::whole(at).ok_or(at)?;
                self.has_field |= first != b':';
                line
            };
            at = line::behind(at, line);
        }
    }

    /// Takes in a line that begins with a `d`, and is the beginning of `from`.
    #[inline]
    fn data_line(&mut self, line: &'a [u8], from: &'a [u8]) {
        self.has_field = true;
        if let Some(value) = line::data(line) {
            if self.data.is_none() {
                self.data = Some(value);
            } else if self.more.is_empty() {
                self.more = from;
            }
        }
    }

    /// Takes in a line of another field; an id has no NUL.
    #[inline]
    fn field(&mut self, line: &'a [u8]) {
        self.has_field = true;
        if let Some(id) = line::id(line) {
            self.id = Some(id);
        } else if let Some(name) = line::value(line, b"event") {
            self.name = name;
        } else if let Some(retry) = line::value(line, b"retry") {
            self.retry = line::retry(retry).or(self.retry);
        }
    }

    /// Takes in any line, which is the beginning of `from`.
    #[cold]
    fn line(&mut self, line: &'a [u8], from: &'a [u8]) {
        match line.first() {
            Some(b':') => {}
            Some(b'd') => self.data_line(line, from),
            _ if line::id(line).is_some() && memchr(0, line).is_some() => {
                self.has_field = true;
            }
            _ => self.field(line),
        }
    }

    /// The values of the second line of data and of those behind it.
    fn more_data(&self) -> impl Iterator<Item = &'a [u8]> {
        let mut rest = self.more;
        let lines = std::iter::from_fn(move || {
            let line = line::whole(rest).unwrap_or(rest);
            rest = line::behind(rest, line);
            (!line.is_empty()).then_some(line)
        });
        lines.filter_map(|line| line::data(line))
    }
}

/// `bytes` without `end`, which is the end of them.
fn without<'a>(bytes: &'a [u8], end: &[u8]) -> &'a [u8] {
    let len = bytes.len().saturating_sub(end.len());
    bytes.get(..len).unwrap_or(bytes)
}

/// Whole events, one after the other: see [`EventView::each`].
#[derive(Clone, Debug)]
pub struct Views<'a> {
    bytes: &'a [u8],
}

impl<'a> Views<'a> {
    /// What has not been looked at; at the end, the event that is not whole.
    #[must_use]
    pub const fn rest(&self) -> &'a [u8] {
        self.bytes
    }
}

impl<'a> Iterator for Views<'a> {
    type Item = EventView<'a>;

    fn next(&mut self) -> Option<EventView<'a>> {
        let mut view = EventView::blank(self.bytes);
        self.bytes = view.lines(self.bytes).ok()?;
        Some(view)
    }
}

impl FusedIterator for Views<'_> {}

#[cfg(test)]
mod tests;
