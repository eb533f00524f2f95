//! One stream out of several: the same request sent again, its answer compared with what was
//! delivered, skipped while it is equal, and continued from there.

mod alike;
mod choices;
mod edit;
mod fixed;
mod pieces;

use self::alike::Alike;
use self::choices::Choices;
use self::edit::{edit, id, number, rebuild};
use self::fixed::Fixed;
use self::pieces::{Only, Sum};
use crate::call::facts::Answers;
use crate::dialect::Dialect;
use crate::errors::is_bare;
use crate::piece::Piece;
use crate::tape::Tape;
use buttress_resume::event::EventView;
use bytes::Bytes;

/// Where the id of the whole answer is among the values that stay the same.
const ID: u32 = 0;

/// A stream as its consumer sees it.
#[derive(Debug)]
pub(crate) struct Join {
    dialect: Dialect,
    tape: Tape,
    fixed: Fixed,
    /// The number of the next event, where events are numbered.
    sequence: u64,
    /// Where it can be read on, where events have ids.
    source: Source,
    /// The most bytes that may be kept.
    limit: usize,
    /// The consumer has got something.
    begun: bool,
    /// The stream at hand says from the start what the consumer has got something of.
    reopened: bool,
    /// The stream at hand is the one before, from where that was cut.
    reads_on: bool,
    /// Something was delivered that can't be compared.
    lost: bool,
    choices: Choices,
    finished: bool,
    ended: bool,
    /// What the server was to answer has failed, and not only its way here.
    failed: bool,
    /// The last error, as the consumer of a joined stream is to see it.
    error: Option<Bytes>,
    alike: Option<Alike>,
}

/// Where the stream at hand can be read on.
#[derive(Debug, Default)]
struct Source {
    /// Under this id the server keeps it.
    id: Vec<u8>,
    /// The last event that had an id.
    event: Vec<u8>,
    /// How far it had been said by then.
    place: (usize, usize),
}

/// What becomes of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// The consumer gets it as it came.
    Pass,
    /// It keeps the connection alive, or says nothing that counts; the consumer gets it as it came.
    Idle,
    /// The consumer had it already.
    Skip,
    /// The consumer gets this instead.
    Replace(Bytes),
    /// It is an error in the place of the rest.
    Error,
    /// It ends the stream before the answer has ended, such as in the midst of a call of a tool.
    Torn,
    /// It says something else than what was delivered: nothing more may be joined.
    Differs,
}

impl Join {
    /// A stream of which at most `limit` bytes are kept.
    pub(crate) fn new(dialect: Dialect, limit: usize) -> Self {
        Join {
            dialect,
            choices: Choices::default(),
            tape: Tape::default(),
            fixed: Fixed::default(),
            sequence: 0,
            source: Source::default(),
            limit,
            begun: false,
            reopened: false,
            reads_on: false,
            lost: false,
            finished: false,
            ended: false,
            failed: false,
            error: None,
            alike: None,
        }
    }

    /// It is to have so many answers.
    pub(crate) fn expect(&mut self, answers: Answers) {
        self.choices.wanted = answers;
    }

    /// Whether the output is whole: at most a last marker is missing.
    pub(crate) fn is_finished(&self) -> bool {
        self.finished
    }

    /// Whether the output is whole if the server has no more to say: it may have given fewer answers
    /// than were asked for, where no marker would tell that all have come.
    pub(crate) fn is_finished_at_end(&self) -> bool {
        let choices = &self.choices;
        self.finished
            || (self.dialect.end().is_empty() && choices.has_whole() && !choices.has_half())
    }

    /// Whether the last marker has come, or whatever else nothing follows.
    pub(crate) fn is_ended(&self) -> bool {
        self.ended
    }

    /// Whether the server has said that what it was to answer has failed.
    pub(crate) fn has_failed(&self) -> bool {
        self.failed
    }

    /// The error that was told last, if it has to be said in other words than it came: those of the
    /// stream that its consumer knows.
    pub(crate) fn error(&mut self) -> Option<Bytes> {
        self.error.take()
    }

    /// Whether another stream can be compared with what was delivered.
    pub(crate) fn can_go_on(&self) -> bool {
        !self.lost && self.fits()
    }

    /// Whether what is kept is within its limit.
    fn fits(&self) -> bool {
        self.tape.size().saturating_add(self.fixed.size()) <= self.limit
    }

    /// The number of the event that was delivered last.
    pub(crate) fn last_sequence(&self) -> Option<u64> {
        self.sequence.checked_sub(1)
    }

    /// The id under which the server keeps the stream, and that of the last event that had one.
    pub(crate) fn source(&self) -> (&[u8], &[u8]) {
        (&self.source.id, &self.source.event)
    }

    /// Whether a value was delivered that stays the same all through the stream.
    pub(crate) fn has_fixed(&self) -> bool {
        !self.fixed.is_empty()
    }

    /// Whether something was delivered.
    pub(crate) fn has_begun(&self) -> bool {
        self.begun
    }

    /// The value of this slot in the first stream, as it was sent.
    pub(crate) fn fixed(&self, slot: u32) -> Option<&[u8]> {
        self.fixed.get(slot)
    }

    /// All that was said, if that is one text which has not ended.
    pub(crate) fn only_text(&self) -> Option<&[u8]> {
        self.tape.only_text().filter(|_| !self.lost)
    }

    /// Another stream begins, which goes on with the text that was said, but for its last `known`
    /// bytes: those it says again.
    pub(crate) fn goes_on(&mut self, known: usize) {
        self.tape.keep_end(known);
        self.again();
    }

    /// Another stream begins, which says everything from the start.
    pub(crate) fn again(&mut self) {
        self.reopened = self.begun;
        self.choices.again();
        self.fixed.again();
        self.alike = None;
        self.reads_on = false;
        self.source = Source::default();
        self.tape.rewind();
    }

    /// Another connection goes on with the stream itself: after the event that was delivered last,
    /// or after the last one that had an id, if there was one. Then what was delivered behind that
    /// comes again.
    pub(crate) fn read_on(&mut self) {
        self.reads_on = true;
        self.alike = None;
        if !self.source.id.is_empty() {
            self.tape.rewind_to(self.source.place);
            self.reopened = self.begun && !self.tape.is_at_end();
        }
    }

    /// Whether an event that is read on was delivered before: servers repeat the last one.
    fn is_repeated(&self, data: &[u8]) -> bool {
        let mut repeated = false;
        self.dialect.read(data, &mut |piece| match piece {
            Piece::Sequence { at } => {
                repeated = number(data, at).is_some_and(|number| number < self.sequence);
            }
            Piece::EventId { at } => repeated = *id(data, at) == *self.source.event,
            _ => {}
        });
        repeated
    }

    /// Reads the next event of the connection at hand.
    #[inline]
    pub(crate) fn event(&mut self, event: &[u8]) -> Told {
        match &self.alike {
            Some(alike) if self.fits() => match alike.read(event) {
                Some(said) => {
                    self.tape.add_text(alike.lane, alike.key, said.text);
                    if let Some(number) = said.number {
                        self.sequence = number.saturating_add(1);
                    }
                    if let Some(id) = said.id {
                        self.source.is_behind(id, &self.tape);
                    }
                    Told::Pass
                }
                None => self.look_at(event),
            },
            _ => self.look_at(event),
        }
    }

    fn look_at(&mut self, event: &[u8]) -> Told {
        let view = EventView::parse(event);
        let data = view.data();
        if view.is_comment_only() || data.is_empty() {
            return if is_bare(event) {
                Told::Error
            } else {
                Told::Idle
            };
        }
        if self.reads_on && self.is_repeated(&data) {
            return Told::Skip;
        }
        let mut sum = Sum::default();
        let behind = self.reopened && !self.tape.is_at_end();
        let dialect = self.dialect;
        let mut only = Only::default();
        let sound = dialect.read(&data, &mut |piece| {
            only.see(&piece);
            self.piece(piece, &data, &mut sum);
        });
        if sum.error || view.name() == b"error" {
            self.failed |= sum.error && sum.end;
            self.error = (self.reopened && !sum.edits.is_empty())
                .then(|| rebuild(&view, &edit(&data, sum.edits)));
            return Told::Error;
        }
        if !sound {
            // Passed on the first time; nothing can be compared with it.
            self.lost = true;
            return if self.reopened {
                Told::Differs
            } else {
                Told::Pass
            };
        }
        if sum.keep_alive {
            // Its number is that of another event by now.
            if self.reopened && !sum.edits.is_empty() {
                return Told::Skip;
            }
            self.is_after(&sum);
            return Told::Idle;
        }
        if sum.differs {
            return Told::Differs;
        }
        if let Some(at) = sum.id.clone() {
            self.source.is_behind(&id(&data, at), &self.tape);
        }
        if sum.end && !self.ended && self.is_torn() {
            return Told::Torn;
        }
        if !self.fits() {
            if behind {
                // Without the tape nobody could tell any more what was delivered.
                self.lost = true;
                return Told::Differs;
            }
            self.lose();
        }
        if !self.reopened {
            // Where events are numbered, one that begins another state is known by its number.
            if self.reads_on && sum.start && self.begun && sum.number.is_none() {
                return Told::Skip;
            }
            self.begun = true;
            let room = self.alike.take();
            if !self.lost && !self.reads_on {
                self.alike = Alike::of(event, &data, &only, room);
            }
            self.is_after(&sum);
            self.ends(&sum);
            return Told::Pass;
        }
        self.say_again(&view, &data, sum, behind)
    }

    /// Decides about an event of a stream that is not the first.
    fn say_again(&mut self, view: &EventView<'_>, data: &[u8], sum: Sum, behind: bool) -> Told {
        if sum.start && !sum.new {
            return Told::Skip;
        }
        if sum.finish || sum.end {
            if !self.tape.is_at_end() {
                return Told::Differs;
            }
            self.ends(&sum);
        } else if !sum.new && (sum.old || behind) {
            return Told::Skip;
        }
        if sum.indivisible && sum.old {
            // What is new of it is on the tape, and was not delivered.
            self.lost = true;
            return Told::Differs;
        }
        self.sequence += 1;
        if !sum.rest.is_empty() {
            return Told::Replace(self.dialect.more(&sum.rest).into());
        }
        if sum.edits.is_empty() {
            return Told::Pass;
        }
        Told::Replace(rebuild(view, &edit(data, sum.edits)))
    }

    /// Whether a marker of the end must be somebody else's.
    fn is_torn(&self) -> bool {
        let reasoned = self.choices.has_whole();
        match self.dialect {
            // Their last event tells how it ended, and the marker follows it at most.
            Dialect::Responses | Dialect::Interactions => !reasoned,
            // It is no marker, but says that the whole prompt was blocked.
            Dialect::Gemini => false,
            _ => self.choices.has_half() || (!reasoned && self.tape.is_torn()),
        }
    }

    /// It is too long to be said again.
    #[cold]
    fn lose(&mut self) {
        self.lost = true;
        self.tape = Tape::default();
        // Of a stream that is joined already they go on to hold.
        if !self.reopened {
            self.fixed.keep_only(ID);
        }
    }

    /// The number of the next event of the first stream is that behind this one.
    fn is_after(&mut self, sum: &Sum) {
        let after = sum.number.map(|number| number.saturating_add(1));
        self.sequence = after.unwrap_or(self.sequence);
    }

    /// Where no marker follows the reason for the end, that is the end.
    fn ends(&mut self, sum: &Sum) {
        self.finished |= sum.finish;
        self.ended |= sum.end || (sum.finish && self.dialect.end().is_empty());
    }
}

impl Source {
    /// The event with this id is behind all that was said.
    fn is_behind(&mut self, id: &[u8], tape: &Tape) {
        self.event.clear();
        self.event.extend_from_slice(id);
        self.place = tape.place();
    }
}

#[cfg(test)]
mod tests;
