//! One wait with up to two ends: a limit of its own, and the call's deadline.

use crate::TimeoutConfig;
use buttress_core::time::{self, Instant, Timer};
use buttress_core::{Deadline, Failure, FailureKind, Limit};
use std::task::{Context, Poll, ready};
use std::time::Duration;

/// Counts from the first poll after it was made or [over](Wait::over).
#[derive(Debug)]
pub(crate) struct Wait {
    since: Option<Instant>,
    timer: Timer,
}

/// Which end came first.
pub(crate) struct Expired {
    pub(crate) by_deadline: bool,
    pub(crate) limit: Limit,
}

impl Wait {
    pub(crate) const fn new() -> Self {
        Wait {
            since: None,
            timer: Timer::new(),
        }
    }

    /// What was waited for came. The timer is left as it is: moving it is for the next wait.
    pub(crate) fn over(&mut self) {
        self.since = None;
    }

    /// Waits for the earlier end, if there is one.
    pub(crate) fn poll(
        &mut self,
        limit: Option<Duration>,
        deadline: Option<Deadline>,
        cx: &mut Context<'_>,
    ) -> Poll<Expired> {
        if limit.is_none() && deadline.is_none() {
            return Poll::Pending;
        }
        let since = *self.since.get_or_insert_with(time::now);
        let own = limit.map(|limit| time::instant_after(since, limit));
        let deadline = deadline.map(Deadline::instant);
        let (end, by_deadline) = match (own, deadline) {
            (Some(own), Some(deadline)) if deadline < own => (deadline, true),
            (Some(own), _) => (own, false),
            (None, Some(deadline)) => (deadline, true),
            (None, None) => return Poll::Pending,
        };
        ready!(self.timer.poll_until(end, cx));
        let elapsed = time::now() - since;
        Poll::Ready(Expired {
            by_deadline,
            limit: Limit::new(limit.unwrap_or(elapsed), elapsed),
        })
    }
}

/// The failure of a call that is over its total limit, or over the deadline it was given.
pub(crate) fn total(config: &TimeoutConfig, deadline: Option<Deadline>) -> Failure {
    let failure = Failure::new(FailureKind::TimeoutTotal);
    let Some((limit, deadline)) = config.total().zip(deadline) else {
        return failure;
    };
    // How long the call has lasted: the limit, and what it ran over.
    let over = time::now().saturating_duration_since(deadline.instant());
    failure.with_limit(Limit::new(limit, limit.saturating_add(over)))
}
