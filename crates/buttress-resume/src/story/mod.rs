//! What is known of a body that can be continued.

mod request;
mod tries;

use crate::events::{Cursor, Events};
use crate::plan::Plan;
use crate::reread::{Memory, Reread};
use crate::verify::{Asked, Continuation};
use crate::{ResumeConfig, ResumePlan, ResumeReport};
use buttress_core::budget::Permit;
use buttress_core::observe::Event;
use buttress_core::time::Instant;
use buttress_core::{Action, Deadline, Delays, Failure};
use bytes::Bytes;
use std::mem;
use std::time::Duration;

/// So many new bytes count as progress where there are no events, over however many connections.
const PROGRESS: u64 = 64 << 10;

/// What is known of a body that can be continued, or has to be watched. Made when its first head
/// arrives.
#[derive(Debug)]
pub(crate) struct Story {
    pub(crate) plan: Plan,
    pub(crate) events: Events,
    config: ResumeConfig,
    /// Made when there is something in it, or somebody wants it.
    report: Option<ResumeReport>,
    /// Whole events that go out with the next frame.
    pub(crate) queued: Bytes,
    pub(crate) memory: Memory,
    /// What was delivered before, while it comes again.
    pub(crate) reread: Option<Reread>,
    /// How many bytes of events this connection has repeated.
    repeated: u64,
    /// How many bytes will have been delivered at the end of this connection's part.
    part_end: Option<u64>,
    /// What this connection brings may go on behind that.
    pub(crate) has_more: bool,
    started: Instant,
    deadline: Option<Deadline>,
    delays: Option<Delays>,
    /// How long the server of an event stream asked to wait before the next connection.
    retry: Option<Duration>,
    /// Tries since something new came, and over all.
    tries: u32,
    total: u32,
    /// The last try was refused unprocessed, and the next one made at once.
    was_refused: bool,
    /// The budget's leave for the next try: given back when its request is not sent after all.
    permit: Option<Permit>,
    /// What had come when the count of tries began.
    bytes_before: u64,
    events_before: u64,
    cursor: Cursor,
    /// How many events a cursor of the caller's called progress.
    pub(crate) shown: u64,
    /// The connection before the one at hand ended within an event.
    pub(crate) is_torn: bool,
    /// The observer knows how it ended.
    is_told: bool,
    /// Why the connection before the one at hand ended, or the try before.
    cause: Option<Failure>,
}

/// How a call began that may have a story.
#[derive(Clone, Debug)]
pub(crate) struct Begun {
    pub(crate) config: ResumeConfig,
    pub(crate) deadline: Option<Deadline>,
    pub(crate) started: Instant,
}

impl Story {
    pub(crate) fn new(plan: Plan, begun: Begun, report: Option<ResumeReport>) -> Self {
        let Begun {
            config,
            deadline,
            started,
        } = begun;
        let memory = match plan {
            Plan::None | Plan::Cursor | Plan::Events => Memory::default(),
            Plan::Range(_) => Memory::new(false, config.overlap()),
            Plan::Prefix(_) => Memory::new(true, 0),
        };
        let events = Events::new(config.max_event());
        let events = if plan == Plan::Events {
            events.with_window(config.window())
        } else {
            events.without_ids()
        };
        Story {
            events,
            report,
            plan,
            config,
            queued: Bytes::new(),
            memory,
            reread: None,
            repeated: 0,
            part_end: None,
            has_more: false,
            started,
            deadline,
            delays: None,
            retry: None,
            tries: 0,
            total: 0,
            was_refused: false,
            permit: None,
            bytes_before: 0,
            events_before: 0,
            cursor: Cursor::Start,
            shown: 0,
            is_torn: false,
            is_told: false,
            cause: None,
        }
    }

    /// The report of a body that can be continued.
    pub(crate) fn report(&mut self) -> Option<&ResumeReport> {
        let plan = ResumePlan::of(&self.plan)?;
        Some(self.report.get_or_insert_with(|| ResumeReport::new(plan)))
    }

    /// Whether bytes that have come have not gone out.
    pub(crate) fn is_holding(&self) -> bool {
        !self.queued.is_empty() || self.events.is_holding()
    }

    /// Whether what was delivered before comes again.
    pub(crate) fn is_rereading(&self) -> bool {
        self.reread.is_some() || self.events.is_behind()
    }

    /// So many bytes of events have come again: whether that is not too many.
    pub(crate) fn may_reread(&mut self, bytes: u64) -> bool {
        self.repeated = self.repeated.saturating_add(bytes);
        if let Some(report) = self.report() {
            report.note_reread(bytes);
        }
        self.repeated <= self.config.max_reread()
    }

    /// Whether only whole events are passed on.
    pub(crate) fn is_of_events(&self) -> bool {
        matches!(self.plan, Plan::Events)
    }

    /// Whether a further connection brings the bytes behind those that were delivered.
    pub(crate) fn is_of_bytes(&self) -> bool {
        matches!(self.plan, Plan::Range(_) | Plan::Prefix(_))
    }

    /// Whether frames pass without being looked into. After a further request the last one counts.
    pub(crate) fn is_plain(&self) -> bool {
        self.total == 0 && matches!(self.plan, Plan::Range(_)) && self.memory.is_nothing()
    }

    /// Whether this connection's part may end well before the whole does: a part of a whole whose
    /// length nobody said.
    pub(crate) fn may_be_a_part(&self) -> bool {
        self.total > 0 && matches!(self.plan, Plan::Range(_))
    }

    /// How many bytes will have been delivered at the end of this connection's part, at most.
    pub(crate) fn part_end(&self) -> Option<u64> {
        self.part_end
    }

    /// A part that was shorter than asked has ended well, and brought so much that the next one is
    /// asked for as if there had been no end.
    pub(crate) fn has_part(&mut self, delivered: u64) -> bool {
        let is_next = self.part_end == Some(delivered)
            && delivered.saturating_sub(self.bytes_before) >= PROGRESS;
        if is_next {
            self.starts_afresh(delivered);
        }
        is_next
    }

    /// How many of the bytes that were delivered are asked for again.
    fn overlap(&self, delivered: u64) -> u64 {
        match self.plan {
            Plan::Range(_) => delivered.min(self.config.overlap() as u64),
            _ => 0,
        }
    }

    /// What was asked for with so many bytes delivered.
    pub(crate) fn asked(&self, delivered: u64) -> Asked<'_> {
        Asked {
            plan: &self.plan,
            delivered,
            overlap: self.overlap(delivered),
            max_reread: self.config.max_reread(),
        }
    }

    /// A re-opened response fits. What it says of the length of the whole is remembered: how long
    /// the body is now known to be, if it is.
    pub(crate) fn reopened(&mut self, delivered: u64, how: Continuation) -> Option<u64> {
        self.reread = (how.again > 0).then(|| self.memory.expect(how.again));
        let plan = match &mut self.plan {
            Plan::Range(plan) => plan,
            Plan::Prefix(_) => return how.complete,
            Plan::None | Plan::Cursor | Plan::Events => return None,
        };
        let from_first = |end: u64| end.saturating_sub(plan.first);
        self.part_end = how.end.map(|end| from_first(end).max(delivered));
        self.has_more = how.has_more;
        plan.complete = plan.complete.or(how.complete);
        plan.last
            .map(|last| last.saturating_add(1))
            .or(plan.complete)
            .map(from_first)
    }

    /// Why the connection before the one at hand ended, or the try before.
    pub(crate) fn cause(&self) -> Option<&Failure> {
        self.cause.as_ref()
    }

    /// A request is about to be sent: what was taken from the budget for it is spent.
    pub(crate) fn sends(&mut self) {
        if let Some(permit) = self.permit.take() {
            permit.spend();
        }
        if let Some(report) = self.report() {
            report.note_request();
        }
    }

    /// The failure with the tries so far.
    pub(crate) fn gave_up(&mut self, failure: Failure) -> Failure {
        self.is_told = true;
        let Some(report) = self.report() else {
            return failure;
        };
        let failure = failure.with_earlier(&report.history());
        self.config.watch().tell(&Event::GaveUp {
            action: Action::Resumed,
            failure: &failure,
            resend_count: self.total,
        });
        failure
    }

    /// The body is whole.
    pub(crate) fn came_through(&mut self) {
        if self.total > 0 && !mem::replace(&mut self.is_told, true) {
            self.config.watch().tell(&Event::Recovered {
                action: Action::Resumed,
                resend_count: self.total,
            });
        }
    }
}
