//! What a stream has said so far, and whether another stream says the same.

use crate::json::Reader;
use crate::piece::{Lane, Mark};

/// Of so many calls that are open by turns it is told whether one is half.
const MOST_CALLS: usize = 128;

/// The output of a stream in the order in which it came: texts, joined over the borders of events,
/// and marks between them.
#[derive(Debug, Default)]
pub(crate) struct Tape {
    /// All texts and marks, one behind the other.
    bytes: Vec<u8>,
    parts: Vec<Part>,
    /// How far another stream has said the same: the part, and the bytes of it.
    at: (usize, usize),
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
    pub(crate) fn has_block(&self, key: u64) -> bool {
        let is_it = |part: &Part| part.lane == Lane::Block && part.key == key;
        self.parts.iter().any(is_it)
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

    /// Whether the last thing that was said is a part of a tool call's arguments, and they are half a
    /// document of JSON. What is none is not judged: some tools take any text.
    pub(crate) fn is_torn(&self) -> bool {
        let Some(last) = self.parts.last() else {
            return false;
        };
        if !last.is_text || last.lane != Lane::Arguments {
            return false;
        }
        // Calls may be said by turns: all of them since the last thing that is none.
        let is_call = |part: &Part| matches!(part.lane, Lane::Arguments | Lane::Call);
        let mut calls: Vec<(u64, Vec<u8>)> = Vec::new();
        for (place, part) in self.parts.iter().enumerate() {
            if !is_call(part) || !part.is_text {
                calls.retain(|(key, _)| is_call(part) && *key != part.key);
                continue;
            }
            let said = self.bytes.get(self.start_of(place)..part.end);
            let said = said.unwrap_or_default();
            // So many are no answer of a model: to tell them apart would take too long.
            if calls.len() > MOST_CALLS {
                return false;
            }
            match calls.iter_mut().find(|(key, _)| *key == part.key) {
                Some((_, all)) => all.extend_from_slice(said),
                None => calls.push((part.key, said.to_vec())),
            }
        }
        calls.iter().any(|(_, said)| {
            let mut reader = Reader::new(said);
            matches!(said.trim_ascii_start().first(), Some(b'{' | b'[')) && {
                reader.skip();
                !reader.is_at_end()
            }
        })
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
mod tests {
    use super::*;

    fn tape() -> Tape {
        let mut tape = Tape::default();
        tape.add_text(Lane::Reasoning, 0, b"hm");
        tape.add_text(Lane::Text, 0, b"He");
        tape.add_text(Lane::Text, 0, b"llo");
        tape.add_mark(&Mark::new(Lane::Call, 1, b"ls"));
        tape.add_text(Lane::Arguments, 1, b"{\"a\":");
        tape
    }

    #[test]
    fn the_borders_of_pieces_do_not_matter() {
        let mut tape = tape();
        assert!(tape.is_at_end());
        tape.rewind();
        assert!(!tape.is_at_end());
        assert_eq!(tape.compare_text(Lane::Reasoning, 0, b"h"), Compared::Same);
        assert_eq!(tape.compare_text(Lane::Reasoning, 0, b"m"), Compared::Same);
        assert_eq!(tape.compare_text(Lane::Text, 0, b""), Compared::Same);
        assert_eq!(tape.compare_text(Lane::Text, 0, b"Hello"), Compared::Same);
        let call = Mark::new(Lane::Call, 1, b"ls");
        assert_eq!(tape.compare_mark(&call), Compared::Same);
        assert!(!tape.is_at_end());
        let more = tape.compare_text(Lane::Arguments, 1, b"{\"a\":1}");
        assert_eq!(more, Compared::Beyond(5));
        assert!(tape.is_at_end());
    }

    #[test]
    fn a_place_stays_one_when_more_is_said() {
        let mut tape = tape();
        assert_eq!(tape.place(), (3, 5));
        tape.add_text(Lane::Arguments, 1, b"1}");
        let end = Mark::new(Lane::BlockEnd, 1, b"");
        tape.add_mark(&end);
        tape.rewind_to((3, 5));
        assert!(!tape.is_at_end());
        assert_eq!(tape.compare_text(Lane::Arguments, 1, b"1"), Compared::Same);
        assert_eq!(tape.place(), (3, 6));
        assert_eq!(tape.compare_text(Lane::Arguments, 1, b"}"), Compared::Same);
        assert!(!tape.is_at_end());
        assert_eq!(tape.compare_mark(&end), Compared::Same);
        assert!(tape.is_at_end());
        let place = tape.place();
        tape.add_text(Lane::Text, 2, b"x");
        tape.rewind_to(place);
        assert_eq!(tape.compare_text(Lane::Text, 2, b"xy"), Compared::Beyond(1));
        assert!(!tape.has_block(1));
        tape.add_mark(&Mark::new(Lane::Block, 1, b"text"));
        assert!(tape.has_block(1) && !tape.has_block(2));
    }

    #[test]
    fn texts_of_two_blocks_are_two() {
        let mut tape = Tape::default();
        tape.add_text(Lane::Text, 0, b"a");
        tape.add_text(Lane::Text, 1, b"b");
        tape.rewind();
        assert_eq!(tape.compare_text(Lane::Text, 0, b"ab"), Compared::Differs);
        tape.rewind();
        assert_eq!(tape.compare_text(Lane::Text, 0, b"a"), Compared::Same);
        assert!(!tape.is_at_end());
        assert_eq!(tape.compare_text(Lane::Text, 1, b"b"), Compared::Same);
    }

    #[test]
    fn one_text_may_have_begun_its_block_and_nothing_else() {
        let block = |key| (Lane::Block, key, None);
        let text = |lane, key| (lane, key, Some(b"x"));
        for (said, expected) in [
            (&[][..], false),
            (&[text(Lane::Text, 0)], true),
            (&[block(0), text(Lane::Text, 0)], true),
            (&[block(0)], false),
            (&[text(Lane::Text, 1)], false),
            (&[text(Lane::Reasoning, 0)], false),
            (&[block(1), text(Lane::Text, 0)], false),
            (&[(Lane::Signature, 0, None), text(Lane::Text, 0)], false),
            (&[block(0), block(0), text(Lane::Text, 0)], false),
            (&[text(Lane::Reasoning, 0), text(Lane::Text, 0)], false),
        ] {
            let mut tape = Tape::default();
            for (lane, key, text) in said {
                match text {
                    Some(text) => tape.add_text(*lane, *key, *text),
                    None => tape.add_mark(&Mark::new(*lane, *key, b"m")),
                }
            }
            let found = tape.only_text();
            assert_eq!(found, expected.then_some(&b"x"[..]), "{tape:?}");
        }
    }

    #[test]
    fn only_the_end_of_a_text_is_kept() {
        for (kept, expected) in [
            (0, None),
            (2, Some("lo")),
            (5, Some("Hello")),
            (9, Some("Hello")),
        ] {
            let mut tape = Tape::default();
            tape.add_mark(&Mark::new(Lane::Block, 0, b"text"));
            tape.add_text(Lane::Text, 0, b"Hello");
            tape.keep_end(kept);
            assert_eq!(tape.only_text(), expected.map(str::as_bytes), "{kept}");
            tape.rewind();
            let block = Mark::new(Lane::Block, 0, b"text");
            assert_eq!(tape.compare_mark(&block), Compared::Same);
            let known = expected.map_or(0, str::len);
            let again = [expected.unwrap_or_default(), "!"].concat();
            let more = tape.compare_text(Lane::Text, 0, again.as_bytes());
            assert_eq!(more, Compared::Beyond(known));
        }
    }

    #[test]
    fn every_difference_is_seen() {
        let same: [(Lane, &[u8]); 3] = [
            (Lane::Reasoning, b"hm"),
            (Lane::Text, b"Hello"),
            (Lane::Arguments, b"{\"a\":"),
        ];
        let mut tape = tape();
        for (lane, text) in [
            (Lane::Reasoning, &b"hn"[..]),
            (Lane::Reasoning, b"hmm"),
            (Lane::Text, b"hm"),
        ] {
            tape.rewind();
            assert_eq!(tape.compare_text(lane, 0, text), Compared::Differs);
        }
        tape.rewind();
        assert_eq!(tape.compare_text(same[0].0, 0, same[0].1), Compared::Same);
        for mark in [
            Mark::new(Lane::Call, 1, b"ls"),
            Mark::new(Lane::Text, 0, b"Hello"),
        ] {
            assert_eq!(tape.compare_mark(&mark), Compared::Differs, "{mark:?}");
        }
        assert_eq!(tape.compare_text(Lane::Text, 1, b"He"), Compared::Differs);
        assert_eq!(tape.compare_text(same[1].0, 0, same[1].1), Compared::Same);
        for mark in [
            Mark::new(Lane::Call, 0, b"ls"),
            Mark::new(Lane::Call, 1, b"l"),
            Mark::new(Lane::Call, 1, b"lsx"),
            Mark::new(Lane::Block, 1, b"ls"),
        ] {
            assert_eq!(tape.compare_mark(&mark), Compared::Differs, "{mark:?}");
        }
        assert_eq!(tape.compare_text(Lane::Text, 0, b"!"), Compared::Differs);
    }

    #[test]
    fn one_text_alone_can_be_gone_on_with() {
        assert_eq!(tape().only_text(), None);
        let mut tape = Tape::default();
        assert_eq!(tape.only_text(), None);
        tape.add_mark(&Mark::new(Lane::Block, 0, b"text"));
        assert_eq!(tape.only_text(), None);
        tape.add_text(Lane::Text, 0, b"Once \n");
        assert_eq!(tape.only_text(), Some(&b"Once \n"[..]));
        tape.keep_end(2);
        assert_eq!(tape.only_text(), Some(&b" \n"[..]));
        tape.keep_end(0);
        assert_eq!(tape.only_text(), None);
        tape.rewind();
        let block = Mark::new(Lane::Block, 0, b"text");
        assert_eq!(tape.compare_mark(&block), Compared::Same);
        assert!(tape.is_at_end());
        tape.add_text(Lane::Text, 0, b"x");
        tape.add_mark(&Mark::new(Lane::BlockEnd, 0, b""));
        assert_eq!(tape.only_text(), None);
    }

    #[test]
    fn a_mark_in_the_midst_of_a_text_differs() {
        let mut tape = tape();
        tape.rewind();
        tape.compare_text(Lane::Reasoning, 0, b"h");
        let end = Mark::new(Lane::BlockEnd, 0, b"");
        assert_eq!(tape.compare_mark(&end), Compared::Differs);
    }
}
