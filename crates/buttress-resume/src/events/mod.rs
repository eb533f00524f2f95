//! Cuts an event stream into whole events and remembers where to go on.
//!
//! The bytes that come out are the origin's own; a comment block counts as an event here, so that
//! it is passed on when it comes.

mod bom;
mod ids;
mod place;
mod replay;
pub(crate) mod scan;

use self::bom::BOM;
use self::ids::Ids;
pub(crate) use self::place::Place;
use self::replay::Replay;
pub(crate) use self::scan::Found;
use self::scan::{Block, Scan};
use crate::event::EventView;
use buttress_core::{Failure, FailureKind, Phase, StopReason};
use bytes::{Buf, Bytes, BytesMut};
use http::HeaderValue;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::ControlFlow;
use std::time::Duration;

/// So much room at least is made at once for what is held back: for several events, most times.
const HELD: usize = 4096;

/// The bytes of one event stream, over all its connections.
#[derive(Debug)]
pub(crate) struct Events {
    scan: Scan,
    /// The beginning of an event whose end has not come.
    held: BytesMut,
    /// How much of a byte order mark this connection began with; `None` once that is settled.
    bom: Option<usize>,
    /// The last id, and those before it, as many as are wanted.
    ids: Ids,
    events: u64,
    /// The event at hand was longer than the cap, so its beginning has been let through.
    overflowed: bool,
    /// Not the first connection.
    reopened: bool,
    replay: Replay,
    /// The beginning of the event at hand was delivered before, and is gone: it is too long.
    left_out: bool,
    lost: Option<Lost>,
    cap: usize,
}

/// Why a re-opened stream can't be followed: nobody can say whether an event was delivered before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lost {
    /// It is too long.
    TooLong,
    /// It may have the id of an earlier one and say something else, as the first one does.
    SameId,
}

impl Lost {
    /// The failure that it is, which another connection would not mend.
    pub(crate) fn failure(self) -> Failure {
        let (kind, problem) = match self {
            Lost::TooLong => (
                FailureKind::Protocol,
                "an event is too long to tell whether the server repeats it",
            ),
            Lost::SameId => (
                FailureKind::RepresentationChanged,
                "the server gives the ids of earlier events to others",
            ),
        };
        unmendable(kind, problem)
    }
}

/// The failure of a stream that is not the one it was, or can't be told to be.
pub(crate) fn unmendable(kind: FailureKind, problem: &'static str) -> Failure {
    Failure::new(kind)
        .with_phase(Phase::Body)
        .with_transient(false)
        .with_source(problem)
        .with_stopped(StopReason::NotResumable)
}

/// Where to go on after a cut.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Cursor {
    /// Nothing was delivered: from the start.
    Start,
    /// After the event with this id.
    After(HeaderValue),
    /// Something was delivered, and nothing says where it ended.
    Unknown,
}

impl Events {
    /// Holds back at most `cap` bytes of an unfinished event.
    pub(crate) fn new(cap: usize) -> Self {
        Events {
            scan: Scan::default(),
            held: BytesMut::new(),
            bom: Some(0),
            ids: Ids::new(Some(0)),
            events: 0,
            overflowed: false,
            reopened: false,
            replay: Replay::Over,
            left_out: false,
            lost: None,
            cap,
        }
    }

    /// How many whole events have come that were no repetition. What has neither data nor an id is
    /// none.
    pub(crate) fn count(&self) -> u64 {
        self.events
    }

    /// How long the server asked to wait before the next connection, if it did: the last `retry`
    /// field, on whatever connection.
    pub(crate) fn retry(&self) -> Option<Duration> {
        self.scan.retry()
    }

    /// Knows so many ids before the last one again when a re-opened stream repeats them. None by
    /// default; each takes up to 1 KiB.
    pub(crate) fn with_window(mut self, ids: usize) -> Self {
        self.ids = Ids::new(Some(ids));
        self
    }

    /// Remembers no id, for who has no use for one.
    pub(crate) fn without_ids(mut self) -> Self {
        self.ids = Ids::new(None);
        self
    }

    /// Whether a re-opened stream repeats events that were delivered, and has not come to the last
    /// one.
    pub(crate) fn is_behind(&self) -> bool {
        matches!(
            self.replay,
            Replay::Within | Replay::FromStart | Replay::Doubt
        )
    }

    /// Why there is no going on with a re-opened stream, if that is so.
    pub(crate) fn lost(&self) -> Option<Lost> {
        self.lost
    }

    /// Whether the beginning of an unfinished event was let through, because it is too long.
    pub(crate) fn is_in_long_event(&self) -> bool {
        self.overflowed
    }

    /// Whether an unfinished event is held back.
    pub(crate) fn is_holding(&self) -> bool {
        !self.held.is_empty()
    }

    /// Takes the next bytes of the connection; gives out those that complete events, in up to two
    /// pieces, of which only an event that began in an earlier chunk is a copy. The second is empty if
    /// the first is.
    pub(crate) fn push(&mut self, mut chunk: Bytes) -> (Bytes, Bytes) {
        if self.bom.is_some() {
            self.settle_bom(&mut chunk);
        }
        if self.replay != Replay::Over {
            return self.pass_new(chunk);
        }
        self.pass(chunk)
    }

    /// Whether new events follow, and nothing else has to be settled before.
    pub(crate) fn are_new(&self) -> bool {
        self.replay == Replay::Over && self.bom.is_none() && !self.overflowed
    }

    fn pass(&mut self, chunk: Bytes) -> (Bytes, Bytes) {
        let found = self.look(&chunk);
        let mut second = Bytes::new();
        let first = self.cut_at(chunk, found, &mut second);
        (first, second)
    }

    /// Gives out of the next bytes of the connection what completes events, once
    /// [`look`](Events::look) has found them: like [`push`](Events::push), but for the second piece,
    /// which goes where it is to stay; nothing is there so far.
    #[inline]
    pub(crate) fn cut_at(&mut self, mut chunk: Bytes, found: Found, second: &mut Bytes) -> Bytes {
        let Found { first, end } = found;
        self.overflowed &= first == 0;
        if self.held.is_empty() || end == 0 {
            self.hold_tail(&mut chunk, end);
        } else {
            hold(&mut self.held, chunk.get(..first).unwrap_or(&[]));
            let begun = self.held.split().freeze();
            self.hold_tail(&mut chunk, end);
            chunk.advance(first);
            *second = std::mem::replace(&mut chunk, begun);
        }
        if self.held.len() > self.cap || self.overflowed {
            let joined = std::mem::take(second);
            (chunk, *second) = self.let_through(chunk, joined);
        }
        chunk
    }

    /// Looks through the next bytes of the connection, of which [all events are
    /// new](Events::are_new). [`cut_at`](Events::cut_at) must follow, unless they are all events and
    /// nothing [is held](Events::is_holding).
    #[inline(never)] // So that a block stays in registers.
    pub(crate) fn look(&mut self, bytes: &[u8]) -> Found {
        let (mut events, mut others, mut start) = (0, 0, 0);
        let ids = &mut self.ids;
        let found = self.scan.blocks(bytes, |scan, block| {
            events += 1;
            if !block.is_event() {
                others += 1;
            }
            let is_first = if block.id.is_here() {
                ids.push(bytes, block.id.from, block.id.to)
            } else {
                block.id.is_some() && ids.push_kept(scan.kept_id())
            };
            if is_first {
                let begun: &[u8] = if start == 0 { &self.held } else { &[] };
                // Of a long one the beginning is gone.
                let is_here = block.has_data && !(start == 0 && self.overflowed);
                ids.note_first(is_here.then(|| said(begun, bytes.get(start..block.end))));
            }
            start = block.end;
            ControlFlow::Continue(())
        });
        self.events += events - others;
        found
    }

    /// Holds back what `chunk` has behind `end`: a copy, because a slice would keep all of the chunk in
    /// memory, or more.
    #[inline]
    fn hold_tail(&mut self, chunk: &mut Bytes, end: usize) {
        hold(&mut self.held, chunk.get(end..).unwrap_or(&[]));
        chunk.truncate(end);
    }

    /// The same for a connection that may bring events again: leaves these out.
    #[cold]
    fn pass_new(&mut self, mut chunk: Bytes) -> (Bytes, Bytes) {
        let mut out = BytesMut::new();
        let mut start = 0;
        let Found { end, .. } = self.scan.blocks(&chunk, |scan, block| {
            let event = chunk.get(start..block.end).unwrap_or(&[]);
            start = block.end;
            let id = scan.id(block.id, &chunk);
            let (mut replay, is_repetition) = self.replay.after(block, id, &self.ids);
            let begun = self.held.split();
            let was_left_out = std::mem::take(&mut self.left_out);
            let said = || said(&begun, Some(event));
            let before = id.and_then(|id| self.ids.first_said(id));
            let is_other = block.has_data && !was_left_out && before.is_some_and(|it| it != said());
            if was_left_out && !is_repetition {
                // It turned out to be another one than its beginning said.
                self.lost = Some(Lost::TooLong);
            } else if replay == Replay::Lost || (is_other && self.ids.is_alone()) {
                // With no second id to come, nothing tells the same event with another stamp on it, which
                // must not go out, from a new one of a server that counts anew, which must.
                self.lost = Some(Lost::SameId);
            } else if is_other {
                replay = Replay::Doubt;
            }
            self.replay = replay;
            if self.lost.is_some() {
                return ControlFlow::Break(());
            }
            if !is_repetition {
                out.extend_from_slice(&begun);
                out.extend_from_slice(event);
                self.events += u64::from(block.is_event());
                if id.is_some_and(|id| self.ids.push(id, 0, id.len())) {
                    self.ids.note_first(block.has_data.then(said));
                }
            }
            if replay == Replay::Over {
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        });
        if self.lost.is_some() {
            return (Bytes::new(), Bytes::new());
        }
        chunk.advance(end);
        if self.replay == Replay::Over {
            let (first, second) = self.pass(chunk);
            if out.is_empty() {
                return (first, second);
            }
            if second.is_empty() {
                return (out.freeze(), first);
            }
            // Events, and the beginning of one that is too long.
            out.extend_from_slice(&first);
            return (out.freeze(), second);
        }
        self.held.extend_from_slice(&chunk);
        let out = out.freeze();
        if self.held.len() > self.cap {
            return self.let_through(out, Bytes::new());
        }
        (out, Bytes::new())
    }

    /// The last id as it was sent, unless it is too long to be sent back. Empty if there is none.
    #[cfg(any(fuzzing, test))]
    pub(crate) fn last_id(&self) -> Option<&[u8]> {
        self.ids.known()
    }

    /// What is left when the stream has ended well: no event, but the origin's bytes all the same.
    pub(crate) fn rest(&mut self) -> Bytes {
        self.held.split().freeze()
    }

    /// Forgets the event that a cut left unfinished; `delivered` bytes have gone out.
    pub(crate) fn cut(&mut self, delivered: u64) -> Cursor {
        self.held.clear();
        self.scan.reset();
        self.bom = Some(0);
        self.reopened = true;
        self.replay = Replay::Possible;
        self.left_out = false;
        if std::mem::take(&mut self.overflowed) {
            return Cursor::Unknown;
        }
        match self.ids.last() {
            Some(id) => HeaderValue::from_bytes(id).map_or(Cursor::Unknown, Cursor::After),
            None if delivered == 0 => Cursor::Start,
            None => Cursor::Unknown,
        }
    }

    /// Forgets what a cut left unfinished: what was delivered comes again and is left out before it
    /// gets here, and the rest follows as if there had been no cut.
    pub(crate) fn rewind(&mut self) {
        // What was let through of a long event has been delivered.
        if !self.overflowed {
            self.held.clear();
            self.scan.reset();
        }
        self.bom = self.bom.map(|_| 0);
    }

    /// Lets the event at hand through, which is too long to be held back: then a cut within it can't be
    /// mended.
    #[cold]
    fn let_through(&mut self, first: Bytes, second: Bytes) -> (Bytes, Bytes) {
        if self.replay != Replay::Over && self.is_left_out() {
            self.held.clear();
            return (first, second);
        }
        self.overflowed = true;
        self.replay = Replay::Over;
        if self.held.is_empty() {
            return (first, second);
        }
        let held = self.held.split();
        if first.is_empty() {
            return (held.freeze(), second);
        }
        if second.is_empty() {
            return (first, held.freeze());
        }
        let mut joined = BytesMut::from(&*second);
        joined.unsplit(held);
        (first, joined.freeze())
    }

    /// Whether the event at hand, which is too long to be held back, must not go out, because it was
    /// delivered before or may have been. That is known by its id, as far as it has come.
    fn is_left_out(&mut self) -> bool {
        let id = self.scan.begun_id();
        if id.is_none() && matches!(self.replay, Replay::Possible | Replay::Doubt) {
            self.lost = self.ids.last().map(|_| Lost::TooLong);
            return self.lost.is_some();
        }
        // Of the only event with an id it takes all to tell a repetition from another one.
        let said = id.and_then(|id| self.ids.first_said(id));
        if said.is_some() && self.ids.is_alone() {
            self.lost = Some(Lost::TooLong);
            return true;
        }
        let block = Block {
            has_data: true,
            ..Block::default()
        };
        let (replay, is_repetition) = self.replay.after(block, id, &self.ids);
        if replay == Replay::Lost {
            self.lost = Some(Lost::SameId);
        } else if is_repetition {
            self.left_out = true;
            // More of it follows.
            self.replay = match replay {
                Replay::FromStart | Replay::Doubt => replay,
                Replay::Over | Replay::Possible | Replay::Within | Replay::Lost => Replay::Within,
            };
        }
        is_repetition
    }
}

/// Holds back more of an event.
#[inline]
pub(crate) fn hold(held: &mut BytesMut, more: &[u8]) {
    if held.capacity() - held.len() < more.len() {
        // In one go for a few events to come.
        held.reserve(more.len().max(HELD));
    }
    held.extend_from_slice(more);
}

/// A hash of what an event says, of which `begun` came with earlier chunks: of all but what may be
/// another when it is sent again, such as comments, `retry`, and the order of its lines.
#[cold]
fn said(begun: &[u8], rest: Option<&[u8]>) -> u64 {
    let event = [begun, rest.unwrap_or(&[])].concat();
    let view = EventView::parse(event.strip_prefix(BOM).unwrap_or(&event));
    let mut hasher = DefaultHasher::new();
    (view.name(), view.data()).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests;
