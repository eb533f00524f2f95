//! Which of several answers have begun, and which are whole.

use crate::call::facts::Answers;

/// Of so many answers it is known: no API gives more.
const MOST: u64 = 128;

/// The answers of one stream.
#[derive(Debug, Default)]
pub(super) struct Choices {
    /// How many it is to have.
    pub(super) wanted: Answers,
    /// A bit for each that has said something.
    begun: u128,
    /// A bit for each that had a reason for its end.
    whole: u128,
    /// One had, whichever.
    any_whole: bool,
}

impl Choices {
    /// Another stream begins: what the one before said of their ends holds no longer.
    pub(super) fn again(&mut self) {
        *self = Choices {
            wanted: self.wanted,
            ..Choices::default()
        };
    }

    /// This one says something.
    pub(super) fn begin(&mut self, choice: u64) {
        self.begun |= bit(choice);
    }

    /// This one is whole.
    pub(super) fn finish(&mut self, choice: u64) {
        self.any_whole = true;
        self.whole |= bit(choice);
    }

    /// Whether one is whole.
    pub(super) fn has_whole(&self) -> bool {
        self.any_whole
    }

    /// Whether none is missing of those that are wanted; `None` if it can't be told how many are.
    pub(super) fn are_whole(&self) -> Option<bool> {
        match self.wanted {
            Answers::One => Some(self.any_whole),
            Answers::Many(0) => None,
            Answers::Many(wanted) => Some(self.whole.count_ones() >= wanted),
        }
    }

    /// Whether one is half while another is whole. Servers that give no reasons at all tell nothing
    /// by it; and where one answer is wanted, some number it as they like.
    pub(super) fn has_half(&self) -> bool {
        self.wanted != Answers::One && self.any_whole && self.begun & !self.whole != 0
    }
}

fn bit(choice: u64) -> u128 {
    if choice < MOST { 1 << choice } else { 0 }
}
