//! Content as an event stream: known events with known ids.

use super::prf;
use bytes::{BufMut, Bytes, BytesMut};

/// Server-sent events of which every byte is known.
///
/// Payloads are pseudo-random text of 16 to 400 characters. One event in three has two `data`
/// lines, one in four names its type. Ids hold the version, so a cursor of another version is
/// unknown here.
///
/// ```
/// use buttress_testkit::Events;
///
/// let events = Events::new(7, 1, 3).ending_with("[DONE]");
/// assert!(events.event(0).starts_with(b"id: 1-0\n"));
/// assert_eq!(events.after("1-0"), Some(1));
/// assert_eq!(events.after("2-0"), None);
/// assert!(events.whole().ends_with(b"data: [DONE]\n\n"));
/// assert_eq!(events.pieces(2).len(), 2); // the last event and the terminal one
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Events {
    /// What tells one test's events from another's.
    pub seed: u64,
    /// What tells one state of the stream from the next.
    pub version: u64,
    /// How many events there are, the terminal one not counted.
    pub count: usize,
    /// The data of the terminal event, which has no id, if the stream has one.
    pub terminal: Option<&'static str>,
    /// Whether events carry ids.
    pub ids: bool,
    /// Whether they are written as only few servers write them.
    pub ragged: bool,
    /// Whether a byte order mark comes before the first one that is sent.
    pub marked: bool,
}

impl Events {
    /// `count` events for this seed and version, with ids and without a terminal event.
    #[must_use]
    pub const fn new(seed: u64, version: u64, count: usize) -> Self {
        Events {
            seed,
            version,
            count,
            terminal: None,
            ids: true,
            ragged: false,
            marked: false,
        }
    }

    /// Ends the stream with an event without an id and with this data, like `[DONE]`.
    #[must_use]
    pub const fn ending_with(mut self, data: &'static str) -> Self {
        self.terminal = Some(data);
        self
    }

    /// The same events without ids.
    #[must_use]
    pub const fn without_ids(mut self) -> Self {
        self.ids = false;
        self
    }

    /// The same events as only few servers write them: with comments, `retry`, lines that end with CR or
    /// CRLF, and one in four of them twelve times as long.
    #[must_use]
    pub const fn ragged(mut self) -> Self {
        self.ragged = true;
        self
    }

    /// The same stream with a byte order mark before the first event that is sent, on every connection, or
    /// without one.
    #[must_use]
    pub const fn marked(mut self, marked: bool) -> Self {
        self.marked = marked;
        self
    }

    /// The same stream in another version.
    #[must_use]
    pub const fn with_version(mut self, version: u64) -> Self {
        self.version = version;
        self
    }

    /// The id of event `index`.
    #[must_use]
    pub fn id(&self, index: usize) -> String {
        format!("{}-{index}", self.version)
    }

    /// The index of the event that follows the one with this id: `None` for an unknown id.
    #[must_use]
    pub fn after(&self, id: &str) -> Option<usize> {
        let index: usize = id.split_once('-')?.1.parse().ok()?;
        (index < self.count && self.id(index) == id).then_some(index + 1)
    }

    /// The exact bytes of event `index`, blank line included.
    #[must_use]
    pub fn event(&self, index: usize) -> Bytes {
        let mut out = BytesMut::new();
        // The last one is that of the blank line. A CRLF is none there, because it may be sent in two.
        let (end, last): (&[u8], _) = match index % 3 {
            0 if self.ragged => (b"\r\n", b'\n'),
            1 if self.ragged => (b"\r", b'\r'),
            _ => (b"\n", b'\n'),
        };
        let mut line = |name: &str, value: &str| {
            out.put_slice(name.as_bytes());
            out.put_slice(b": ");
            out.put_slice(value.as_bytes());
            out.put_slice(end);
        };
        if self.ragged && index % 5 == 2 {
            line("", "id: 1-0");
        }
        if self.ids {
            line("id", &self.id(index));
        }
        if self.ragged && index % 7 == 3 {
            line("retry", "700");
        }
        if index % 4 == 1 {
            line("event", "delta");
        }
        let text = self.text(index);
        let (first, second) = text.split_at(if index % 3 == 2 { text.len() / 2 } else { 0 });
        for part in [first, second] {
            if !part.is_empty() {
                line("data", part);
            }
        }
        out.put_u8(last);
        out.freeze()
    }

    /// The bytes of the terminal event, if there is one.
    #[must_use]
    pub fn terminal_event(&self) -> Option<Bytes> {
        self.terminal
            .map(|data| Bytes::from(format!("data: {data}\n\n")))
    }

    /// What a stream of them begins with before its first event.
    #[must_use]
    pub fn mark(&self) -> &'static [u8] {
        if self.marked { b"\xef\xbb\xbf" } else { b"" }
    }

    /// The events from `index` on, the terminal one included.
    #[must_use]
    pub fn pieces(&self, index: usize) -> Vec<Bytes> {
        let mut pieces: Vec<Bytes> = (index..self.count)
            .map(|i| self.event(i))
            .chain(self.terminal_event())
            .collect();
        if let (Some(first), true) = (pieces.first_mut(), self.marked) {
            *first = [self.mark(), first].concat().into();
        }
        pieces
    }

    /// The bytes of the whole stream.
    #[must_use]
    pub fn whole(&self) -> Bytes {
        self.pieces(0).concat().into()
    }

    fn text(&self, index: usize) -> String {
        const ALPHABET: &[u8; 64] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let key = prf::key(self.seed ^ 0x6576_656e_7473, self.version);
        let event = prf::number(key, index as u64);
        let short = 16 + (event % 385) as usize;
        let len = match self.ragged && index % 4 == 3 {
            true => short * 12,
            false => short,
        };
        (0..len)
            .map(|i| {
                let block = prf::block(event, i as u64 / 8);
                char::from(ALPHABET[usize::from(block[i % 8] % 64)])
            })
            .collect()
    }
}
