//! What is known of a body over all its connections, and the decision whether to open another.

use crate::ResumeConfig;
use crate::events::{Cursor, Events};
use crate::plan::{Plan, RangePlan};
use buttress_core::budget::Permit;
use buttress_core::time::{self, Instant};
use buttress_core::{
    Action, Attempt, Deadline, Delays, Delivery, Failure, FailureKind, Hint, History, Phase,
    StopReason,
};
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

/// One body, as the consumer sees it.
#[derive(Debug)]
pub(crate) struct Story {
    pub(crate) plan: Plan,
    pub(crate) events: Events,
    pub(crate) config: ResumeConfig,
    /// Bytes that went to the consumer.
    pub(crate) delivered: u64,
    /// Bytes the body must have, once known.
    pub(crate) announced: Option<u64>,
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
}

/// How a connection's part of the body ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Clean,
    Broken,
}

impl Story {
    pub(crate) fn new(
        plan: Plan,
        announced: Option<u64>,
        config: ResumeConfig,
        deadline: Option<Deadline>,
        started: Instant,
    ) -> Self {
        Story {
            events: Events::new(config.max_event()),
            plan,
            config,
            delivered: 0,
            announced,
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
        }
    }

    /// Whether the body is whole, given how its connection ended.
    ///
    /// A length outweighs the way it ended, both ways: what broke after the last byte is whole,
    /// and what ended well before it is not.
    pub(crate) fn is_whole(&self, end: End) -> bool {
        if self.skip > 0 {
            return false;
        }
        match self.announced {
            Some(announced) => self.delivered >= announced,
            // A part of unknown whole may end well before the whole does.
            None => end == End::Clean && !(self.total > 0 && matches!(self.plan, Plan::Range(_))),
        }
    }

    /// Whether this many more bytes are more than the body may have.
    pub(crate) fn is_too_long(&self, more: u64) -> bool {
        self.announced
            .is_some_and(|announced| self.delivered.saturating_add(more) > announced)
    }

    /// The connection is gone: how long to wait before the next try, or why there is none.
    pub(crate) fn broke(&mut self, failure: &Failure) -> Result<Duration, StopReason> {
        if matches!(self.plan, Plan::None) {
            return Err(StopReason::NotResumable);
        }
        self.cursor = self.events.cut(self.delivered);
        if matches!(self.plan, Plan::Events) && self.cursor == Cursor::Unknown {
            return Err(StopReason::NotResumable);
        }
        let progress = match self.plan {
            Plan::Events => self.events.count() > self.events_before,
            _ => self.delivered.saturating_sub(self.bytes_before) >= PROGRESS,
        };
        if progress {
            self.tries = 0;
            self.delays = None;
        }
        self.again(failure)
    }

    /// A try failed: how long to wait before the next one, or why there is none.
    pub(crate) fn again(&mut self, failure: &Failure) -> Result<Duration, StopReason> {
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
        self.bytes_before = self.delivered;
        self.events_before = self.events.count();
        self.history.push(Attempt::new(
            failure.kind(),
            failure.phase(),
            Action::Resumed,
            time::now() - self.started,
            wait,
        ));
        Ok(wait)
    }

    /// A re-opened response fits. What it says of the length of the whole is remembered.
    pub(crate) fn reopened(&mut self, skip: u64, complete: Option<u64>) {
        self.skip = skip;
        if let Plan::Range(plan) = &mut self.plan {
            plan.complete = plan.complete.or(complete);
            if self.announced.is_none() {
                self.announced = plan
                    .last
                    .map(|last| last.saturating_add(1))
                    .or(plan.complete)
                    .map(|end| end.saturating_sub(plan.first));
            }
        }
    }

    /// Makes a copy of the first request, which is about to be sent, ask for the rest.
    pub(crate) fn ask_for_rest(&mut self, headers: &mut HeaderMap) {
        if let Some(permit) = self.permit.take() {
            permit.spend();
        }
        strip_connection(headers);
        match &self.plan {
            Plan::None => {}
            Plan::Range(plan) => {
                headers.insert(RANGE, range(plan, self.delivered));
                headers.insert(IF_RANGE, plan.etag.clone());
            }
            Plan::Events => {
                if !headers.contains_key(ACCEPT) {
                    headers.insert(ACCEPT, HeaderValue::from_static("text/event-stream"));
                }
                headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
                match &self.cursor {
                    Cursor::After(id) => headers.insert(LAST_EVENT_ID, id.clone()),
                    // The caller may have asked to begin after an event of its own.
                    Cursor::Start | Cursor::Unknown => None,
                };
            }
        }
    }

    /// The failure that the consumer gets: what was delivered, what was tried, why it ended.
    pub(crate) fn fail(&self, failure: Failure, reason: StopReason) -> Failure {
        let reason = failure.stopped().unwrap_or(reason);
        failure
            .with_delivery(Delivery::Partial {
                bytes: self.delivered,
            })
            .with_earlier(&self.history)
            .with_stopped(reason)
    }

    pub(crate) fn truncated(&self) -> Failure {
        Failure::new(FailureKind::StreamTruncated)
            .with_phase(Phase::Body)
            .with_delivery(Delivery::Partial {
                bytes: self.delivered,
            })
    }

    pub(crate) fn too_long(&self) -> Failure {
        Failure::new(FailureKind::Protocol)
            .with_phase(Phase::Body)
            .with_transient(false)
            .with_source("the body is longer than its head said")
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
