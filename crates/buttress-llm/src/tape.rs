//! What a stream has said so far, and whether another stream says the same.

mod torn;

use crate::piece::{Lane, Mark};
use std::collections::BTreeSet;

/// The output of a stream in the order in which it came: texts, joined over the borders of events,
/// and marks between them.
#[derive(Debug, Default)]
pub(crate) struct Tape {
    /// All texts and marks, one behind the other.
    bytes: Vec<u8>,
    parts: Vec<Part>,
    /// How far another stream has said the same: the part, and the bytes of it.
    at: (usize, usize),
    /// The keys of the blocks that have begun, once somebody asks for them.
    blocks: Option<BTreeSet<u64>>,
}

#[derive(Clone, Copy, Debug)]
struct Part {
    lane: Lane,
    is_text: bool,
    key: u64,
    /// Where it ends in the bytes.
    end: usize,
}

/// How a piece of another stream compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compared {
    /// All of it was said before.
    Same,
    /// So many bytes of it were said before, and that was all that was said: the rest is new.
    Beyond(usize),
    /// It says something else.
    Differs,
}

impl Tape {
    /// What it takes to keep it, in bytes.
    pub(crate) fn size(&self) -> usize {
        let parts = self.parts.len().saturating_mul(size_of::<Part>());
        self.bytes.len().saturating_add(parts)
    }

    /// Adds to a text.
    pub(crate) fn add_text(&mut self, lane: Lane, key: u64, text: &[u8]) {
        if text.is_empty() {
            return;
        }
        self.bytes.extend_from_slice(text);
        let end = self.bytes.len();
        match self.parts.last_mut() {
            Some(last) if last.is_text && last.lane == lane && last.key == key => last.end = end,
            _ => self.parts.push(Part {
                lane,
                is_text: true,
                key,
                end,
            }),
        }
        self.go_to_end();
    }

    /// Adds a mark.
    pub(crate) fn add_mark(&mut self, mark: &Mark<'_>) {
        if let Some(blocks) = self.blocks.as_mut().filter(|_| mark.lane == Lane::Block) {
            blocks.insert(mark.key);
        }
        for says in mark.says {
            self.bytes.extend_from_slice(says);
        }
        self.parts.push(Part {
            lane: mark.lane,
            is_text: false,
            key: mark.key,
            end: self.bytes.len(),
        });
        self.go_to_end();
    }

    /// Another stream begins.
    pub(crate) fn rewind(&mut self) {
        self.at = (0, 0);
    }

    /// How far it has been said by now. It stays a place in the tape whatever is added.
    pub(crate) fn place(&self) -> (usize, usize) {
        match self
            .parts
            .len()
            .checked_sub(1)
            .map(|last| (last, self.parts.get(last)))
        {
            // A text may be added to.
            Some((last, Some(part))) if part.is_text && self.at.0 > last => {
                (last, part.end - self.start_of(last))
            }
            _ => self.at,
        }
    }

    /// The stream goes on behind a [`place`](Tape::place).
    pub(crate) fn rewind_to(&mut self, place: (usize, usize)) {
        self.at = place;
    }

    /// Whether a block with this key has begun.
    pub(crate) fn has_block(&mut self, key: u64) -> bool {
        let parts = &self.parts;
        let begun = || {
            let blocks = parts.iter().filter(|part| part.lane == Lane::Block);
            blocks.map(|part| part.key).collect()
        };
        // Not looked for from the start by each block that a server begins.
        self.blocks.get_or_insert_with(begun).contains(&key)
    }

    /// Whether the other stream has said all that was said.
    pub(crate) fn is_at_end(&self) -> bool {
        match self.here() {
            None => true,
            // A mark may say nothing, and is one all the same.
            Some((part, rest)) => {
                part.is_text && rest.is_empty() && self.at.0 + 1 == self.parts.len()
            }
        }
    }

    /// The other stream goes on with this text.
    pub(crate) fn compare_text(&mut self, lane: Lane, key: u64, text: &[u8]) -> Compared {
        let mut said = 0;
        while let Some(more) = text.get(said..).filter(|more| !more.is_empty()) {
            let Some((part, rest)) = self.ahead() else {
                return Compared::Beyond(said);
            };
            let same = rest.len().min(more.len());
            if !part.is_text
                || part.lane != lane
                || part.key != key
                || rest.get(..same) != more.get(..same)
            {
                return Compared::Differs;
            }
            said += same;
            self.at.1 += same;
        }
        Compared::Same
    }

    /// The other stream goes on with this mark.
    pub(crate) fn compare_mark(&mut self, mark: &Mark<'_>) -> Compared {
        let Some((part, rest)) = self.ahead() else {
            return Compared::Beyond(0);
        };
        let [first, second] = mark.says;
        let same = !part.is_text
            && part.lane == mark.lane
            && part.key == mark.key
            && rest.strip_prefix(first) == Some(second)
            && self.at.1 == 0;
        if !same {
            return Compared::Differs;
        }
        self.at = (self.at.0 + 1, 0);
        Compared::Same
    }

    /// All that was said, if that is one text and perhaps the beginning of its block.
    pub(crate) fn only_text(&self) -> Option<&[u8]> {
        let (last, before) = self.parts.split_last()?;
        let is_block = |part: &Part| part.lane == Lane::Block && part.key == 0;
        let fits = last.lane == Lane::Text && last.key == 0;
        if !fits || before.len() > 1 || !before.iter().all(is_block) {
            return None;
        }
        let start = self.start_of(before.len());
        self.bytes.get(start..last.end)
    }

    /// Forgets the text but for its last `len` bytes.
    pub(crate) fn keep_end(&mut self, len: usize) {
        let Some(place) = self.parts.len().checked_sub(1) else {
            return;
        };
        let start = self.start_of(place);
        let end = self.bytes.len().saturating_sub(len).max(start);
        self.bytes.drain(start..end);
        if self.bytes.len() == start {
            self.parts.pop();
        } else if let Some(last) = self.parts.last_mut() {
            last.end = self.bytes.len();
        }
    }

    /// The part at hand and what is left of it.
    fn here(&self) -> Option<(Part, &[u8])> {
        let part = *self.parts.get(self.at.0)?;
        let start = self.start_of(self.at.0) + self.at.1;
        Some((part, self.bytes.get(start..part.end)?))
    }

    /// The same, behind a text that is over.
    fn ahead(&mut self) -> Option<(Part, &[u8])> {
        let over = self
            .here()
            .is_some_and(|(part, rest)| part.is_text && rest.is_empty());
        if over {
            self.at = (self.at.0 + 1, 0);
        }
        self.here()
    }

    fn start_of(&self, part: usize) -> usize {
        let before = part
            .checked_sub(1)
            .and_then(|before| self.parts.get(before));
        before.map_or(0, |before| before.end)
    }

    fn go_to_end(&mut self) {
        self.at = (self.parts.len(), 0);
    }
}

#[cfg(test)]
mod tests;
