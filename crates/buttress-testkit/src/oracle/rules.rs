//! What a call is allowed to do.

use super::Original;
use buttress_core::FailureKind;
use std::time::Duration;

/// What a call may deliver and do. Bounds that are not set are not checked.
#[derive(Clone, Debug)]
#[must_use]
pub struct Rules {
    pub(super) versions: Vec<Original>,
    pub(super) announced: Option<u64>,
    pub(super) whole_events: bool,
    pub(super) allowed: Vec<FailureKind>,
    pub(super) must_succeed: bool,
    pub(super) max_attempts: Option<usize>,
    pub(super) wait_cap: Option<Duration>,
    pub(super) deadline: Option<Duration>,
    pub(super) tick: Duration,
    pub(super) max_resent: Option<u64>,
    pub(super) consent: bool,
}

impl Rules {
    /// Exactly this may be delivered, and no failure is allowed.
    pub fn of(original: Original) -> Self {
        Rules {
            versions: vec![original],
            announced: None,
            whole_events: false,
            allowed: Vec::new(),
            must_succeed: false,
            max_attempts: None,
            wait_cap: None,
            deadline: None,
            tick: Duration::from_millis(1),
            max_resent: None,
            consent: false,
        }
    }

    /// Or this may be delivered, but never a mixture.
    pub fn or(mut self, original: Original) -> Self {
        self.versions.push(original);
        self
    }

    /// The length that the head announced, which no delivery may exceed.
    pub fn announced(mut self, len: u64) -> Self {
        self.announced = Some(len);
        self
    }

    /// Even a delivery that failed ends with a whole event.
    pub fn whole_events(mut self) -> Self {
        self.whole_events = true;
        self
    }

    /// Failures of these kinds are allowed too.
    pub fn may_fail_with(mut self, kinds: impl IntoIterator<Item = FailureKind>) -> Self {
        self.allowed.extend(kinds);
        self
    }

    /// Whatever the failures allowed: this time there must be none.
    pub fn must_succeed(mut self) -> Self {
        self.must_succeed = true;
        self
    }

    /// The most requests for one call.
    pub fn max_attempts(mut self, count: usize) -> Self {
        self.max_attempts = Some(count);
        self
    }

    /// The longest wait between two requests.
    pub fn wait_cap(mut self, cap: Duration) -> Self {
        self.wait_cap = Some(cap);
        self
    }

    /// The longest time for the call.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// By how much times may be over their bound. Default: 1 ms, one tick of tokio's timer.
    pub fn tick(mut self, tick: Duration) -> Self {
        self.tick = tick;
        self
    }

    /// The most bytes of bodies that may be sent beyond those that were delivered.
    pub fn max_resent(mut self, bytes: u64) -> Self {
        self.max_resent = Some(bytes);
        self
    }

    /// The caller consented to the request being sent more than once.
    pub fn consent(mut self) -> Self {
        self.consent = true;
        self
    }
}
