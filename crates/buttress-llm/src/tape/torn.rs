//! Whether what was said ends within a call of a tool.

use super::{Part, Tape};
use crate::json::Reader;
use crate::piece::Lane;

impl Tape {
    /// Whether the last thing that was said belongs to a call of a tool, and its arguments, or those of
    /// a call beside it, begin as a document of JSON and are none that is whole. What begins otherwise is
    /// not judged: some tools take any text.
    pub(crate) fn is_torn(&self) -> bool {
        // That its block was closed does not make it whole.
        let is_said = |part: &Part| part.lane != Lane::BlockEnd;
        let end = self.parts.iter().rposition(is_said).map_or(0, |at| at + 1);
        let parts = self.parts.get(..end).unwrap_or_default();
        // Calls may be said by turns: all of them since the last thing that is none.
        let last_other = parts.iter().rposition(|part| !is_of_call(part));
        let first = last_other.map_or(0, |at| at + 1);
        let parts = parts.iter().enumerate().skip(first);
        let mut pieces: Vec<(u64, usize)> = parts.map(|(place, part)| (part.key, place)).collect();
        // However many calls there are, each piece is looked at once.
        pieces.sort_unstable();
        let mut said = Vec::new();
        let calls = pieces.chunk_by(|(one, _), (other, _)| one == other);
        calls.into_iter().any(|call| {
            said.clear();
            for (_, place) in call {
                match self.parts.get(*place) {
                    Some(part) if part.is_text && part.lane == Lane::Arguments => {
                        let piece = self.bytes.get(self.start_of(*place)..part.end);
                        said.extend_from_slice(piece.unwrap_or_default());
                    }
                    // Another call under the same number.
                    Some(part) if !part.is_text => said.clear(),
                    _ => {}
                }
            }
            is_half(&said)
        })
    }
}

fn is_of_call(part: &Part) -> bool {
    matches!(part.lane, Lane::Arguments | Lane::Input | Lane::Call)
}

/// Whether it begins as a document of JSON, or as several, and is not whole or not sound.
fn is_half(said: &[u8]) -> bool {
    if !matches!(said.trim_ascii_start().first(), Some(b'{' | b'[')) {
        return false;
    }
    let mut reader = Reader::new(said);
    while reader.is_sound() && !reader.is_at_end() {
        reader.skip();
    }
    !reader.is_sound()
}
