//! Shows the whole events of a stream to its cursor, or to the predicate that knows the last one,
//! and does with them what it says.

use crate::blocks::{Block, Blocks};
use crate::config::Terminal;
use crate::cursor::{Cursor, Out, Step};
use crate::ends::LastEvent;
use crate::event::EventView;
use crate::events::Lost;
use buttress_core::Failure;
use bytes::{Buf, Bytes};
use std::mem;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// Who looks at the events.
pub(crate) enum Watcher<K> {
    Cursor(K),
    /// Only the last event is of interest.
    Terminal(Terminal),
}

/// A watcher, and the events on their way past it.
pub(crate) struct Watch<K> {
    watcher: Watcher<K>,
    blocks: Blocks,
    /// What has not been shown yet: whole events, but for those that are too long.
    pending: [Bytes; 2],
    /// What comes instead of the event that was shown last.
    replacement: Bytes,
    /// What that event was.
    failure: Option<Failure>,
    /// Events that counted as progress.
    progress: u64,
    /// Nothing is missing any more.
    is_complete: bool,
    /// An event that went out unseen, and none was shown after it.
    unseen: Option<Unseen>,
    /// Nothing has been shown of the stream, or of the connection that begins it anew.
    is_fresh: bool,
    /// Not the first connection.
    is_reopened: bool,
    /// An event of this connection was progress, so that those behind it are new ones too.
    is_past: bool,
    /// How many bytes this connection's head still owes.
    owed: Option<u64>,
}

/// What is known of an event that was too long to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unseen {
    /// Its end has not come.
    Part,
    /// All of it went out.
    Whole,
}

/// What comes out for the consumer.
#[derive(Debug)]
pub(crate) enum Outcome {
    Data(Bytes),
    Fail(Failure),
}

impl<K> Watch<K> {
    /// Watches a connection that owes so many bytes.
    pub(crate) fn new(watcher: Watcher<K>, owed: Option<u64>) -> Self {
        Watch {
            watcher,
            blocks: Blocks::default(),
            pending: [Bytes::new(), Bytes::new()],
            replacement: Bytes::new(),
            failure: None,
            progress: 0,
            is_complete: false,
            unseen: None,
            is_fresh: true,
            is_reopened: false,
            is_past: false,
            owed,
        }
    }

    /// So many bytes have come on the connection.
    pub(crate) fn received(&mut self, bytes: usize) {
        if let Some(owed) = &mut self.owed {
            *owed = owed.saturating_sub(bytes as u64);
        }
    }

    /// How many bytes are still to come on the connection, where its head said.
    pub(crate) fn owed(&self) -> Option<u64> {
        self.owed
    }

    /// The cursor, if a cursor it is that looks.
    pub(crate) fn cursor(&mut self) -> Option<&mut K> {
        match &mut self.watcher {
            Watcher::Cursor(cursor) => Some(cursor),
            Watcher::Terminal(_) => None,
        }
    }

    /// Whether it is a cursor that looks.
    pub(crate) fn has_cursor(&self) -> bool {
        matches!(self.watcher, Watcher::Cursor(_))
    }

    /// Whether the last event has come. `unfinished` is what came without a blank line at its end,
    /// as some servers end their streams.
    pub(crate) fn last_event(&self, is_clean: bool, unfinished: &[u8]) -> LastEvent {
        let is_last = match &self.watcher {
            Watcher::Cursor(_) => false,
            Watcher::Terminal(terminal) => {
                !unfinished.is_empty() && terminal.is(&EventView::parse(unfinished))
            }
        };
        if self.is_complete || is_last {
            LastEvent::Seen
        } else if is_clean && self.unseen == Some(Unseen::Whole) {
            // What was not shown may have been the last event.
            LastEvent::Unknown
        } else {
            LastEvent::Awaited
        }
    }

    /// Takes what completes events, to be shown.
    pub(crate) fn push(&mut self, (mut first, second): (Bytes, Bytes)) {
        if self.is_fresh && self.is_reopened && self.has_cursor() && first.starts_with(BOM) {
            first.advance(BOM.len());
        }
        self.pending = [first, second];
    }

    /// The connection is gone, and another one follows. If it goes on with the very next byte, that
    /// may be one in the midst of an event.
    pub(crate) fn restart(&mut self, with_next_byte: bool) {
        self.pending = [Bytes::new(), Bytes::new()];
        self.replacement = Bytes::new();
        self.failure = None;
        self.is_reopened = true;
        self.is_past = false;
        self.owed = None;
        if !with_next_byte {
            self.blocks = Blocks::default();
            self.unseen = None;
            self.is_fresh = true;
        }
    }

    /// The next connection, which owes so many bytes, has been found fit.
    pub(crate) fn reopened(&mut self, owed: Option<u64>) {
        self.owed = owed;
    }

    /// How many events counted as progress.
    pub(crate) fn progress(&self) -> u64 {
        self.progress
    }

    /// Whether the event that came last went out unseen.
    pub(crate) fn is_blind(&self) -> bool {
        self.unseen.is_some()
    }

    /// Whether something has come that has not gone out.
    pub(crate) fn is_holding(&self) -> bool {
        !self.replacement.is_empty()
            || self.failure.is_some()
            || self.pending.iter().any(|bytes| !bytes.is_empty())
    }

    /// Shows events up to the next piece for the consumer; `None` when all have been shown.
    pub(crate) fn next<B>(&mut self) -> Option<Outcome>
    where
        K: Cursor<B>,
    {
        if !self.replacement.is_empty() {
            return Some(Outcome::Data(mem::take(&mut self.replacement)));
        }
        if let Some(failure) = self.failure.take() {
            return Some(Outcome::Fail(failure));
        }
        loop {
            let [first, second] = &mut self.pending;
            if first.is_empty() {
                mem::swap(first, second);
            }
            let mut region = mem::take(first);
            if region.is_empty() {
                return None;
            }
            let passed = self.pass(&mut region);
            let [first, _] = &mut self.pending;
            *first = region;
            if !passed.is_empty() {
                return Some(Outcome::Data(passed));
            }
            if !self.replacement.is_empty() {
                return Some(Outcome::Data(mem::take(&mut self.replacement)));
            }
            if let Some(failure) = self.failure.take() {
                return Some(Outcome::Fail(failure));
            }
        }
    }

    /// Shows events up to the first one that does not pass; takes them, and it, out of `region`.
    /// Gives those that pass, in one piece.
    fn pass<B>(&mut self, region: &mut Bytes) -> Bytes
    where
        K: Cursor<B>,
    {
        let mut end = 0;
        while let Some(rest) = region.get(end..).filter(|rest| !rest.is_empty()) {
            let (len, block) = self.blocks.next(rest);
            let next = end + len;
            if block == Block::Event && !self.show(&region.slice(end..next)) {
                let passed = region.split_to(end);
                region.advance(len);
                return passed;
            }
            self.is_fresh = false;
            if block == Block::Part {
                if self.is_reopened && !self.is_past && self.has_cursor() {
                    // Only the cursor could tell it from one that was delivered.
                    self.failure = Some(Lost::TooLong.failure());
                    return region.split_to(end);
                }
                self.unseen = Some(if self.blocks.is_in_part() {
                    Unseen::Part
                } else {
                    Unseen::Whole
                });
            }
            end = next;
        }
        mem::take(region)
    }

    /// Shows an event: whether it passes as it is.
    pub(crate) fn show<B>(&mut self, event: &Bytes) -> bool
    where
        K: Cursor<B>,
    {
        if self.is_fresh && event.starts_with(BOM) {
            return self.show_behind_mark(event);
        }
        self.unseen = None;
        let step = match &mut self.watcher {
            Watcher::Cursor(cursor) => cursor.event(event),
            Watcher::Terminal(terminal) => terminal.step(event),
        };
        self.take(step)
    }

    /// The same behind the mark that the stream begins with.
    #[cold]
    fn show_behind_mark<B>(&mut self, event: &Bytes) -> bool
    where
        K: Cursor<B>,
    {
        self.is_fresh = false;
        self.show(&event.slice(BOM.len()..))
    }

    /// Notes what becomes of an event: whether it passes as it is.
    fn take(&mut self, step: Step) -> bool {
        self.is_fresh = false;
        self.progress += u64::from(step.is_progress);
        self.is_past |= step.is_progress;
        self.is_complete |= step.is_last;
        match step.out {
            Out::Pass => return true,
            Out::Skip => {}
            Out::Replace(bytes) => self.replacement = bytes,
            Out::Fail(failure) => self.failure = Some(failure),
        }
        false
    }
}

impl Terminal {
    fn step(&self, event: &[u8]) -> Step {
        let step = Step::pass();
        if self.is(&EventView::parse(event)) {
            step.last()
        } else {
            step
        }
    }
}
