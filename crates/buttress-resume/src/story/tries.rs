//! The decision whether to open another connection, and when.

use super::{PROGRESS, Story};
use crate::events::{Cursor, Events};
use crate::plan::Plan;
use buttress_core::observe::Event;
use buttress_core::time;
use buttress_core::{Action, Attempt, Delivery, Failure, FailureKind, Hint, StopReason};
use std::time::Duration;

impl Story {
    /// The connection is gone: how long to wait before the next try, or why there is none.
    pub(crate) fn broke(
        &mut self,
        delivered: u64,
        failure: &Failure,
    ) -> Result<Duration, StopReason> {
        self.retry = self.events.retry().or(self.retry);
        match self.plan {
            // It knows itself what is repeated.
            Plan::Cursor => {
                self.events = Events::new(self.config.max_event()).without_ids();
            }
            Plan::Events => {
                self.cursor = self.events.cut(delivered);
                if self.cursor == Cursor::Unknown {
                    return Err(StopReason::NotResumable);
                }
            }
            Plan::None | Plan::Range(_) | Plan::Prefix(_) => self.events.rewind(),
        }
        if matches!(self.plan, Plan::Prefix(_)) && delivered > self.config.max_reread() {
            return Err(StopReason::NotResumable);
        }
        if let Plan::Range(plan) = &self.plan {
            // More than its place has: it counts other bytes than those that came.
            if plan.placed().is_some_and(|all| delivered > all) {
                return Err(StopReason::NotResumable);
            }
        }
        (self.reread, self.part_end, self.repeated) = (None, None, 0);
        let progress = match self.plan {
            Plan::Cursor => self.shown > self.events_before,
            Plan::Events => self.events.count() > self.events_before,
            Plan::None | Plan::Range(_) | Plan::Prefix(_) => {
                delivered.saturating_sub(self.bytes_before) >= PROGRESS
            }
        };
        if progress {
            self.starts_afresh(delivered);
        }
        self.again(failure)
    }

    /// Whether the caller's deadline has passed.
    pub(crate) fn is_late(&self) -> bool {
        self.deadline
            .is_some_and(|deadline| deadline.remaining().is_zero())
    }

    /// Something new has come: tries are counted from here.
    pub(super) fn starts_afresh(&mut self, delivered: u64) {
        self.tries = 0;
        self.delays = None;
        self.bytes_before = delivered;
        self.events_before = match self.plan {
            Plan::Cursor => self.shown,
            _ => self.events.count(),
        };
    }

    /// A try failed: how long to wait before the next one, or why there is none.
    pub(crate) fn again(&mut self, failure: &Failure) -> Result<Duration, StopReason> {
        if let Some(reason) = failure.stopped().filter(|reason| reason.is_exhausted()) {
            return Err(reason);
        }
        if failure.hint().and_then(Hint::retry) == Some(false) {
            return Err(StopReason::ServerSaidNo);
        }
        // A peer that did not begin with a request is asked again at once, the first time.
        let at_once = failure.delivery() == Delivery::Refused && !self.was_refused;
        self.was_refused = at_once;
        if !at_once && self.tries >= self.config.tries() {
            return Err(StopReason::NoProgress);
        }
        if self.total >= self.config.total() {
            return Err(StopReason::Attempts);
        }
        let asked = failure.hint().and_then(Hint::after).unwrap_or_default();
        if asked > self.config.max_wait() {
            return Err(StopReason::HintTooLong);
        }
        let retry = self.retry.map(|retry| retry.min(self.config.max_wait()));
        let wait = match retry {
            _ if at_once => asked,
            // A stream that its server closed goes on when the server said.
            Some(retry) if failure.kind() == FailureKind::StreamTruncated => asked.max(retry),
            retry => {
                let backoff = self.config.backoff();
                let delays = self.delays.get_or_insert_with(|| backoff.delays());
                let floor = asked.max(retry.unwrap_or_default());
                delays.next_delay().max(floor)
            }
        };
        if self
            .deadline
            .is_some_and(|deadline| wait >= deadline.remaining())
        {
            return Err(StopReason::Deadline);
        }
        if let Some(budget) = self.config.budget() {
            // First gives back one whose request could not be sent.
            self.permit = None;
            let permit = budget.withdraw(failure.kind());
            self.permit = Some(permit.ok_or(StopReason::Budget)?);
        }
        self.tries += u32::from(!at_once);
        self.total += 1;
        self.cause = Some(failure.clone());
        self.config.watch().tell(&Event::Again {
            action: Action::Resumed,
            failure,
            resend_count: self.total,
            wait,
        });
        let after = time::now() - self.started;
        if let Some(report) = self.report() {
            let (kind, phase) = (failure.kind(), failure.phase());
            report.note(Attempt::new(kind, phase, Action::Resumed, after, wait));
        }
        Ok(wait)
    }
}
