//! Events that differ from the one before in their text alone, which is most of them.

use crate::json::Str;
use crate::piece::Lane;
use memchr::memchr3;

/// The last event that added to one text and said nothing else: what stood around the text.
#[derive(Debug)]
pub(super) struct Alike {
    pub(super) lane: Lane,
    pub(super) key: u64,
    around: Vec<u8>,
    /// Where the text stood.
    at: usize,
}

impl Alike {
    /// Of an event whose data stand in it as they are.
    pub(super) fn of(
        event: &[u8],
        data: &[u8],
        lane: Lane,
        key: u64,
        text: Str<'_>,
        room: Option<Self>,
    ) -> Option<Self> {
        // The data are one line, the last one of the event.
        let ends = event
            .iter()
            .rev()
            .take_while(|byte| matches!(byte, b'\n' | b'\r'));
        let end = event.len().checked_sub(ends.count())?;
        let start = end.checked_sub(data.len())?;
        if event.get(start..end) != Some(data) {
            return None;
        }
        let at = start + text.at();
        let mut around = room.map(|room| room.around).unwrap_or_default();
        around.clear();
        around.extend_from_slice(event.get(..at)?);
        around.extend_from_slice(event.get(at + text.raw().len()..)?);
        Some(Alike {
            lane,
            key,
            around,
            at,
        })
    }

    /// The text of an event that is alike; `None` if it is not, or if its text has to be looked at.
    #[inline]
    pub(super) fn text<'a>(&self, event: &'a [u8]) -> Option<&'a [u8]> {
        let (before, after) = self.around.split_at_checked(self.at)?;
        let text = event.strip_prefix(before)?.strip_suffix(after)?;
        // An end of the text, an escape, an end of the line.
        (!text.is_empty() && memchr3(b'"', b'\\', b'\n', text).is_none()).then_some(text)
    }
}
