//! What is known of a body that can be continued, and the decision whether to open another connection.

use crate::ResumeConfig;
use crate::events::{Cursor, Events};
use crate::plan::{Plan, RangePlan};
use buttress_core::budget::Permit;
use buttress_core::observe::Event;
use buttress_core::time::{self, Instant};
use buttress_core::{Action, Attempt, Deadline, Delays, Failure, Hint, History, StopReason};
use bytes::Bytes;
use http::header::{
    ACCEPT, CACHE_CONTROL, CONNECTION, CONTENT_LENGTH, IF_RANGE, RANGE, TE, TRAILER,
    TRANSFER_ENCODING, UPGRADE,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use std::time::Duration;

/// So many new bytes count as progress where there are no events.
const PROGRESS: u64 = 64 << 10;

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
const KEEP_ALIVE: HeaderName = HeaderName::from_static("keep-alive");
const PROXY_CONNECTION: HeaderName = HeaderName::from_static("proxy-connection");

/// What is known of a body that can be continued. Made when its first head arrives.
#[derive(Debug)]
pub(crate) struct Story {
    pub(crate) plan: Plan,
    pub(crate) events: Events,
    pub(crate) config: ResumeConfig,
    /// Whole events that go out with the next frame.
    pub(crate) queued: Bytes,
    /// Bytes of this connection that were delivered before.
    pub(crate) skip: u64,
    started: Instant,
    deadline: Option<Deadline>,
    delays: Option<Delays>,
    history: History,
    /// Tries since something new came, and over all.
    tries: u32,
    total: u32,
    /// The budget's leave for the next try: given back when its request is not sent after all.
    permit: Option<Permit>,
    /// What had come when the connection at hand was opened.
    bytes_before: u64,
    events_before: u64,
    cursor: Cursor,
    /// How many events a cursor of the caller's called progress.
    pub(crate) shown: u64,
    /// Why the connection before the one at hand ended, or the try before.
    cause: Option<Failure>,
}

impl Story {
    pub(crate) fn new(
        plan: Plan,
        config: ResumeConfig,
        deadline: Option<Deadline>,
        started: Instant,
    ) -> Self {
        Story {
            events: Events::new(config.max_event()),
            plan,
            config,
            queued: Bytes::new(),
            skip: 0,
            started,
            deadline,
            delays: None,
            history: History::new(),
            tries: 0,
            total: 0,
            permit: None,
            bytes_before: 0,
            events_before: 0,
            cursor: Cursor::Start,
            shown: 0,
            cause: None,
        }
    }

    /// Whether bytes that have come have not gone out.
    pub(crate) fn is_holding(&self) -> bool {
        !self.queued.is_empty() || self.events.is_holding()
    }

    /// Whether this connection's part may end well before the whole does: a part of a whole whose
    /// length nobody said.
    pub(crate) fn may_be_a_part(&self) -> bool {
        self.total > 0 && matches!(self.plan, Plan::Range(_))
    }

    /// The connection is gone: how long to wait before the next try, or why there is none.
    pub(crate) fn broke(
        &mut self,
        delivered: u64,
        failure: &Failure,
    ) -> Result<Duration, StopReason> {
        if matches!(self.plan, Plan::Cursor) {
            // It knows itself what is repeated.
            self.events = Events::new(self.config.max_event());
        } else {
            self.cursor = self.events.cut(delivered);
        }
        if matches!(self.plan, Plan::Events) && self.cursor == Cursor::Unknown {
            return Err(StopReason::NotResumable);
        }
        let progress = match self.plan {
            Plan::Cursor => self.shown > self.events_before,
            Plan::Events => self.events.count() > self.events_before,
            Plan::None | Plan::Range(_) => delivered.saturating_sub(self.bytes_before) >= PROGRESS,
        };
        if progress {
            self.tries = 0;
            self.delays = None;
        }
        self.again(delivered, failure)
    }

    /// A try failed: how long to wait before the next one, or why there is none.
    pub(crate) fn again(
        &mut self,
        delivered: u64,
        failure: &Failure,
    ) -> Result<Duration, StopReason> {
        if let Some(reason) = failure.stopped().filter(|reason| reason.is_exhausted()) {
            return Err(reason);
        }
        if failure.hint().and_then(Hint::retry) == Some(false) {
            return Err(StopReason::ServerSaidNo);
        }
        if self.tries >= self.config.tries() {
            return Err(StopReason::NoProgress);
        }
        if self.total >= self.config.total() {
            return Err(StopReason::Attempts);
        }
        let asked = failure.hint().and_then(Hint::after).unwrap_or_default();
        if asked > self.config.max_wait() {
            return Err(StopReason::HintTooLong);
        }
        let backoff = self.config.backoff();
        let wait = self
            .delays
            .get_or_insert_with(|| backoff.delays())
            .next_delay()
            .max(asked);
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
        self.tries += 1;
        self.total += 1;
        self.bytes_before = delivered;
        self.events_before = match self.plan {
            Plan::Cursor => self.shown,
            _ => self.events.count(),
        };
        self.cause = Some(failure.clone());
        self.config.watch().tell(&Event::Again {
            action: Action::Resumed,
            failure,
            resend_count: self.total,
            wait,
        });
        self.history.push(Attempt::new(
            failure.kind(),
            failure.phase(),
            Action::Resumed,
            time::now() - self.started,
            wait,
        ));
        Ok(wait)
    }

    /// A re-opened response fits. What it says of the length of the whole is remembered: how long
    /// the body is now known to be, if it is.
    pub(crate) fn reopened(&mut self, skip: u64, complete: Option<u64>) -> Option<u64> {
        self.skip = skip;
        let Plan::Range(plan) = &mut self.plan else {
            return None;
        };
        plan.complete = plan.complete.or(complete);
        plan.last
            .map(|last| last.saturating_add(1))
            .or(plan.complete)
            .map(|end| end.saturating_sub(plan.first))
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
    }

    /// Makes a copy of the first request ask for the rest.
    pub(crate) fn ask_for_rest(&self, delivered: u64, headers: &mut HeaderMap) {
        strip_connection(headers);
        match &self.plan {
            Plan::None | Plan::Cursor => {}
            Plan::Range(plan) => {
                headers.insert(RANGE, range(plan, delivered));
                headers.insert(IF_RANGE, plan.etag.clone());
            }
            Plan::Events => {
                if !headers.contains_key(ACCEPT) {
                    headers.insert(ACCEPT, HeaderValue::from_static("text/event-stream"));
                }
                headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
                // From the start, the caller may have asked to begin after an event of its own.
                if let Cursor::After(id) = &self.cursor {
                    headers.insert(LAST_EVENT_ID, id.clone());
                }
            }
        }
    }

    /// The failure with the tries so far.
    pub(crate) fn gave_up(&self, failure: Failure) -> Failure {
        let failure = failure.with_earlier(&self.history);
        self.config.watch().tell(&Event::GaveUp {
            action: Action::Resumed,
            failure: &failure,
            resend_count: self.total,
        });
        failure
    }

    /// The body is whole.
    pub(crate) fn came_through(&self) {
        if self.total > 0 {
            self.config.watch().tell(&Event::Recovered {
                action: Action::Resumed,
                resend_count: self.total,
            });
        }
    }
}

/// `bytes=first-` or `bytes=first-last` (RFC 9110, section 14.2).
fn range(plan: &RangePlan, delivered: u64) -> HeaderValue {
    let first = plan.first.saturating_add(delivered);
    let range = match plan.last {
        Some(last) => format!("bytes={first}-{last}"),
        None => format!("bytes={first}-"),
    };
    // Digits and a dash are always a header value.
    HeaderValue::try_from(range).unwrap_or(HeaderValue::from_static("bytes=0-"))
}

/// Takes out what belongs to one connection (RFC 9110, section 7.6.1), and the length, which the
/// client knows better.
fn strip_connection(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named {
        headers.remove(name);
    }
    for name in [
        CONNECTION,
        CONTENT_LENGTH,
        KEEP_ALIVE,
        PROXY_CONNECTION,
        TE,
        TRAILER,
        TRANSFER_ENCODING,
        UPGRADE,
    ] {
        headers.remove(name);
    }
}
