//! A look into the bytes of one event.

use super::line;
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
    said: Said,
}

/// What the lines of an event say: where in its bytes that is. Then nothing has to be found again when
/// more of it comes and the bytes are copied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    name: Span,
    id: Span,
    pub(super) retry: Option<Duration>,
    /// The value of the first line of data.
    data: Span,
    /// Where the second line of data begins, if there is one: 0 is never the place.
    more: usize,
    has_field: bool,
}

/// From here to there, and none if it is from 0, where the name of a field stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: usize,
    pub(super) to: usize,
}

impl<'a> EventView<'a> {
    /// Looks through `bytes` up to the end of the first blank line, or to their end if there is
    /// none: then all lines count, the unfinished last one too.
    ///
    /// A byte order mark is no part of an event: cut it off the beginning of a stream.
    #[must_use]
    pub fn parse(bytes: &'a [u8]) -> Self {
        let mut view = EventView::blank(bytes);
        if let Err(at) = view.lines() {
            view.said = view.said.with(bytes.get(at..).unwrap_or(&[]), at);
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
        self.said.name.of(self.bytes)
    }

    /// The values of the `data` fields, joined by line feeds. Borrowed where there is but one.
    #[must_use]
    pub fn data(&self) -> Cow<'a, [u8]> {
        let first = self.said.data.of(self.bytes);
        if self.said.more == 0 {
            return Cow::Borrowed(first);
        }
        let mut data = first.to_vec();
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
        self.said.data.is_some()
    }

    /// The last `id` field without a NUL. `None` leaves the last event id as it was, an empty one
    /// takes it away.
    #[must_use]
    pub const fn id(&self) -> Option<&'a [u8]> {
        if self.said.id.is_some() {
            Some(self.said.id.of(self.bytes))
        } else {
            None
        }
    }

    /// The last `retry` field of nothing but digits.
    #[must_use]
    pub const fn retry(&self) -> Option<Duration> {
        self.said.retry
    }

    /// Whether there is no field at all, of whatever name: nothing but comments, or nothing.
    #[must_use]
    pub const fn is_comment_only(&self) -> bool {
        !self.said.has_field
    }

    /// Where the name is.
    #[inline]
    pub(super) const fn name_span(&self) -> Span {
        self.said.name
    }

    /// Where the id is.
    #[inline]
    pub(super) const fn id_span(&self) -> Span {
        self.said.id
    }

    /// Where the data is, if it has one line or none.
    #[inline]
    pub(super) fn data_span(&self) -> Option<Span> {
        (self.said.more == 0).then_some(self.said.data)
    }

    #[inline]
    pub(super) const fn new(bytes: &'a [u8], said: Said) -> Self {
        EventView { bytes, said }
    }

    pub(super) fn blank(bytes: &'a [u8]) -> Self {
        EventView::new(bytes, Said::default())
    }

    /// What has been taken in.
    pub(super) const fn said(&self) -> Said {
        self.said
    }

    /// Takes in all lines up to a blank one, with which the bytes of the event end.
    ///
    /// # Errors
    ///
    /// Where the unfinished line at the end begins, if there is no blank one.
    #[inline(always)] // So that the view need not be in memory.
    pub(super) fn lines(&mut self) -> Result<(), usize> {
        let mut at = 0;
        let end = loop {
            let rest = self.bytes.get(at..).unwrap_or(&[]);
            let first = rest.first().copied().unwrap_or_default();
            // The order is that of how often they come.
            let len = if first == b'd' {
                let len = line::len(rest).ok_or(at)?;
                self.said.data_line(rest.get(..len).unwrap_or(rest), at);
                // Most events end here.
                if rest.get(len..).and_then(<[u8]>::first_chunk) == Some(b"\n\n") {
                    break at + len + 2;
                }
                len
            } else if first == b'\n' || first == b'\r' {
                break line::behind_end(self.bytes, at);
            } else if first == b'i' || first == b'e' || first == b'r' {
                if let Some(line) = line::short(rest) {
                    self.said.field(line, at);
                    line.len()
                } else {
                    let len = line::len(rest).ok_or(at)?;
                    self.said = self.said.with(rest.get(..len).unwrap_or(rest), at);
                    len
                }
            } else {
                let len = line::len(rest).ok_or(at)?;
                self.said.has_field |= first != b':';
                len
            };
            at = line::behind_end(self.bytes, at + len);
        };
        self.bytes = self.bytes.get(..end).unwrap_or(self.bytes);
        Ok(())
    }

    /// The values of the second line of data and of those behind it.
    fn more_data(&self) -> impl Iterator<Item = &'a [u8]> {
        let mut rest = self.bytes.get(self.said.more..).unwrap_or(&[]);
        let lines = std::iter::from_fn(move || {
            let len = line::len(rest).unwrap_or(rest.len());
            let line = rest.get(..len).unwrap_or(rest);
            rest = rest.get(line::behind_end(rest, len)..).unwrap_or(&[]);
            (!line.is_empty()).then_some(line)
        });
        lines.filter_map(|line| line::data(line))
    }
}

impl Said {
    /// Takes in a line that begins with a `d`, and stands at `at`.
    #[inline]
    fn data_line(&mut self, line: &[u8], at: usize) {
        self.has_field = true;
        if let Some(value) = line::data(line) {
            if !self.data.is_some() {
                self.data = Span::end_of(line, at, value);
            } else if self.more == 0 {
                self.more = at;
            }
        }
    }

    /// Takes in a line of another field; an id has no NUL.
    #[inline]
    fn field(&mut self, line: &[u8], at: usize) {
        self.has_field = true;
        if let Some(id) = line::id(line) {
            self.id = Span::end_of(line, at, id);
        } else if let Some(name) = line::value(line, b"event") {
            self.name = Span::end_of(line, at, name);
        } else if let Some(retry) = line::value(line, b"retry") {
            self.retry = line::retry(retry).or(self.retry);
        }
    }

    /// The same and what this line says, whatever it is: it stands at `at`.
    // Not by reference: then all of it would have to lie in memory where there is no such line.
    #[cold]
    #[inline(never)]
    pub(super) fn with(mut self, line: &[u8], at: usize) -> Self {
        match line.first() {
            None | Some(b':') => {}
            Some(b'd') => self.data_line(line, at),
            _ if line::id(line).is_some() && memchr(0, line).is_some() => {
                self.has_field = true;
            }
            _ => self.field(line, at),
        }
        self
    }
}

impl Span {
    /// Where `value` is, with which this line at `at` ends.
    #[inline]
    fn end_of(line: &[u8], at: usize, value: &[u8]) -> Self {
        let to = at + line.len();
        let from = to - value.len();
        Span { from, to }
    }

    #[inline]
    pub(super) const fn is_some(self) -> bool {
        self.from != 0
    }

    /// What stands there in `bytes`.
    #[inline]
    const fn of(self, bytes: &[u8]) -> &[u8] {
        match bytes.split_at_checked(self.to) {
            Some((head, _)) => match head.split_at_checked(self.from) {
                Some((_, part)) => part,
                None => &[],
            },
            None => &[],
        }
    }
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
        view.lines().ok()?;
        self.bytes = self.bytes.get(view.bytes.len()..).unwrap_or(&[]);
        Some(view)
    }
}

impl FusedIterator for Views<'_> {}

#[cfg(test)]
mod tests;
