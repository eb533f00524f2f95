//! What the pieces of one event say, beside what was delivered.

use super::edit::{id, number};
use super::{ID, Join};
use crate::Dialect;
use crate::json::Str;
use crate::piece::{Lane, Mark, Piece};
use crate::tape::{Compared, Tape};
use std::borrow::Cow;
use std::ops::Range;

/// From here on keys belong to a second choice.
const SECOND_CHOICE: u64 = 1 << 32;

/// Whether an event adds to one text and says nothing else but its number or id.
#[derive(Debug, Default)]
pub(super) struct Only<'a> {
    pub(super) text: Option<(Lane, u64, Str<'a>)>,
    pub(super) number: Option<Range<usize>>,
    pub(super) id: Option<Range<usize>>,
    pub(super) more: bool,
}

impl<'a> Only<'a> {
    pub(super) fn see(&mut self, piece: &Piece<'a>) {
        match piece {
            Piece::Fixed { .. }
            | Piece::CallId { .. }
            | Piece::Refers { .. }
            | Piece::Once { .. } => {}
            Piece::Sequence { at } => self.number = Some(at.clone()),
            Piece::EventId { at } => self.id = Some(at.clone()),
            Piece::Text { lane, key, text } if self.text.is_none() => {
                self.text = Some((*lane, *key, *text));
            }
            _ => self.more = true,
        }
    }
}

/// What an event says, summed up.
#[derive(Debug, Default)]
pub(super) struct Sum {
    pub(super) edits: Vec<(Range<usize>, Cow<'static, [u8]>)>,
    /// It says something that was delivered before.
    pub(super) old: bool,
    /// It says something new.
    pub(super) new: bool,
    /// Its number, of an event of the first stream.
    pub(super) number: Option<u64>,
    /// Its id.
    pub(super) id: Option<Range<usize>>,
    /// It starts a block that was started before; and what is new of the texts in it, escaped.
    pub(super) block_again: bool,
    pub(super) rest: Vec<(Lane, u64, Vec<u8>)>,
    /// The last call of a tool that it begins was not begun before.
    pub(super) call_is_new: bool,
    pub(super) keep_alive: bool,
    pub(super) start: bool,
    pub(super) error: bool,
    pub(super) finish: bool,
    pub(super) end: bool,
    pub(super) differs: bool,
    pub(super) indivisible: bool,
}

impl Join {
    pub(super) fn piece(&mut self, piece: Piece<'_>, data: &[u8], sum: &mut Sum) {
        match piece {
            Piece::KeepAlive => sum.keep_alive = true,
            Piece::Start => sum.start = true,
            Piece::Error => sum.error = true,
            Piece::Finish { choice } => {
                self.choices.finish(choice);
                // Where it can't be told, the last marker has to tell, if there is one.
                let whole = self.choices.are_whole();
                sum.finish |= whole.unwrap_or_else(|| self.dialect.end().is_empty());
            }
            Piece::End => sum.end = true,
            Piece::Indivisible => sum.indivisible = true,
            Piece::Once { at, key } => {
                self.choices.begin(key / SECOND_CHOICE);
                if self.reopened {
                    sum.edits.push((at, Cow::Borrowed(b"null")));
                }
            }
            Piece::Sequence { at } => self.number(at, data, sum),
            Piece::Source { at } => self.source.id = id(data, at).into_owned(),
            Piece::EventId { at } => {
                if self.reopened && !self.reads_on {
                    // Nothing was delivered of the stream that it belongs to.
                    sum.edits.push((at.clone(), Cow::Borrowed(b"null")));
                }
                sum.id = Some(at);
            }
            Piece::Fixed { slot, at, whole } => self.fix(slot, at, whole, data, sum),
            Piece::CallId { slot, at, begins } => self.call_id(slot, at, begins, data, sum),
            Piece::Refers { at } => {
                let value = data.get(at.clone()).unwrap_or_default();
                if let Some(first) = self.fixed.in_place_of(value) {
                    sum.edits.push((at, Cow::Owned(first.to_vec())));
                }
            }
            Piece::Sealed { slot, whole, at } => {
                let is_its_own = self.fixed(slot) == data.get(at);
                sum.differs |= self.reopened && !is_its_own && self.fixed(whole).is_none();
            }
            Piece::Text { lane, key, text } => {
                self.lost |= key >= SECOND_CHOICE;
                self.choices.begin(key / SECOND_CHOICE);
                let meant = text.decode();
                match self.compare(|tape| tape.compare_text(lane, key, &meant)) {
                    Compared::Same => {
                        sum.old |= !meant.is_empty();
                        let at = text.at()..text.at() + text.raw().len();
                        sum.edits.push((at, Cow::Borrowed(b"")));
                    }
                    Compared::Differs => sum.differs = true,
                    Compared::Beyond(known) => {
                        let (Some(border), Some(fresh)) = (text.border(known), meant.get(known..))
                        else {
                            sum.differs = true;
                            return;
                        };
                        if known > 0 {
                            sum.old = true;
                            let at = text.at()..text.at() + border;
                            sum.edits.push((at, Cow::Borrowed(b"")));
                        }
                        sum.new |= !fresh.is_empty();
                        if sum.block_again {
                            let fresh = text.raw().get(border..).unwrap_or_default();
                            sum.rest.push((lane, key, fresh.to_vec()));
                        }
                        if !self.lost {
                            self.tape.add_text(lane, key, fresh);
                        }
                    }
                }
            }
            Piece::Mark(mark) => self.mark(mark, sum),
        }
    }

    fn mark(&mut self, mark: Mark<'_>, sum: &mut Sum) {
        self.lost |= mark.key >= SECOND_CHOICE;
        self.choices.begin(mark.key / SECOND_CHOICE);
        let is_block = mark.lane == Lane::Block;
        let mut compared = self.compare(|tape| tape.compare_mark(&mark));
        let is_known = compared == Compared::Same;
        if mark.lane == Lane::Call {
            sum.call_is_new = !is_known;
        }
        if is_block && !is_known && self.reads_by_id() && self.tape.has_block(mark.key) {
            // No block begins twice: the server begins from the start, whatever it was asked for.
            self.tape.rewind();
            self.reopened = true;
            self.source.event.clear();
            compared = self.compare(|tape| tape.compare_mark(&mark));
        }
        match compared {
            Compared::Same => {
                sum.old = true;
                sum.block_again |= is_block;
                let places = mark.erase.into_iter().flatten();
                let erased = Cow::Borrowed(mark.erased.as_bytes());
                sum.edits.extend(places.map(|at| (at, erased.clone())));
            }
            Compared::Differs => sum.differs = true,
            Compared::Beyond(_) => {
                sum.new = true;
                if !self.lost {
                    self.tape.add_mark(&mark);
                }
            }
        }
    }

    /// Whether it is read on by the ids of its events.
    fn reads_by_id(&self) -> bool {
        self.reads_on && !self.source.id.is_empty()
    }

    fn compare(&mut self, with: impl FnOnce(&mut Tape) -> Compared) -> Compared {
        if self.reopened {
            with(&mut self.tape)
        } else {
            Compared::Beyond(0)
        }
    }

    fn fix(&mut self, slot: u32, at: Range<usize>, whole: bool, data: &[u8], sum: &mut Sum) {
        let value = data.get(at.clone()).unwrap_or_default();
        match self.fixed(slot) {
            Some(first) if !self.reopened || first == value => {}
            Some(first) => {
                let first = first.to_vec();
                // Nothing else is referred to. A block begins once, whatever comes.
                if self.dialect == Dialect::Messages && slot != ID {
                    self.fixed.gives_way(slot, value);
                }
                sum.edits.push((at, Cow::Owned(first)));
            }
            // What lies within is about to change.
            None if whole && self.reopened => {}
            // It will not be said again.
            None if self.lost && slot != ID => {}
            None => {
                self.fixed.add(slot, value);
            }
        }
    }

    fn call_id(&mut self, slot: u32, at: Range<usize>, begins: bool, data: &[u8], sum: &mut Sum) {
        if !begins {
            // Nothing is known of a call that had none as it began.
            if self.fixed(slot).is_some() {
                self.fix(slot, at, false, data, sum);
            }
        } else if sum.call_is_new {
            // Servers may give each call the same number.
            self.fixed.remove(slot);
            self.fix(slot, at, false, data, sum);
        }
    }

    fn number(&mut self, at: Range<usize>, data: &[u8], sum: &mut Sum) {
        if self.reopened {
            let number = self.sequence.to_string().into_bytes();
            sum.edits.push((at, Cow::Owned(number)));
            return;
        }
        sum.number = number(data, at);
    }
}
