//! What was tried before a call ended: one entry an attempt that failed.

use crate::{FailureKind, Phase};
use std::time::Duration;

/// What a history entry led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Action {
    /// The whole request was sent again.
    Retried,
    /// The body was re-opened and continued from where it had stopped.
    Resumed,
}

impl Action {
    /// The stable `snake_case` name of the action.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Action::Retried => "retried",
            Action::Resumed => "resumed",
        }
    }
}

/// One attempt that failed and was followed by another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// How the attempt failed.
    pub kind: FailureKind,
    /// Where the attempt failed.
    pub phase: Phase,
    /// What was done about it.
    pub action: Action,
    /// When it failed, counted from the start of the call.
    pub at: Duration,
    /// How long the wait before the next attempt was.
    pub wait: Duration,
}

impl Attempt {
    /// An attempt that failed this way, this long after the call began, and what followed.
    #[must_use]
    pub const fn new(
        kind: FailureKind,
        phase: Phase,
        action: Action,
        at: Duration,
        wait: Duration,
    ) -> Self {
        Attempt {
            kind,
            phase,
            action,
            at,
            wait,
        }
    }
}

/// How many entries a history keeps: the newest ones. More are counted, not kept.
pub const HISTORY_CAP: usize = 64;

/// The attempts of a call that failed, oldest first, bounded by [`HISTORY_CAP`].
///
/// ```
/// use buttress_core::{Action, Attempt, FailureKind, History, Phase};
/// use std::time::Duration;
///
/// let mut history = History::new();
/// history.push(Attempt::new(
///     FailureKind::ConnectionReset,
///     Phase::Head,
///     Action::Retried,
///     Duration::from_millis(80),
///     Duration::from_millis(250),
/// ));
/// assert_eq!(history.len(), 1);
/// assert_eq!(history.waited(), Duration::from_millis(250));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    entries: Vec<Attempt>,
    dropped_retries: usize,
    dropped_resumes: usize,
    dropped_wait: Duration,
}

impl History {
    /// A history without entries. Does not allocate.
    #[must_use]
    pub const fn new() -> Self {
        History {
            entries: Vec::new(),
            dropped_retries: 0,
            dropped_resumes: 0,
            dropped_wait: Duration::ZERO,
        }
    }

    /// Adds the newest entry. Over [`HISTORY_CAP`] the oldest one is counted and let go.
    pub fn push(&mut self, attempt: Attempt) {
        if self.entries.len() >= HISTORY_CAP {
            let oldest = self.entries.remove(0);
            match oldest.action {
                Action::Retried => self.dropped_retries += 1,
                Action::Resumed => self.dropped_resumes += 1,
            }
            self.dropped_wait = self.dropped_wait.saturating_add(oldest.wait);
        }
        self.entries.push(attempt);
    }

    /// Puts `earlier` before the entries that are already here.
    pub fn prepend(&mut self, earlier: &History) {
        if earlier.is_empty() {
            return;
        }
        let mut joined = earlier.clone();
        joined.dropped_retries += self.dropped_retries;
        joined.dropped_resumes += self.dropped_resumes;
        joined.dropped_wait = joined.dropped_wait.saturating_add(self.dropped_wait);
        for attempt in self.entries.drain(..) {
            joined.push(attempt);
        }
        *self = joined;
    }

    /// The entries that were kept, oldest first.
    #[must_use]
    pub fn entries(&self) -> &[Attempt] {
        &self.entries
    }

    /// How many attempts failed and were followed by another, kept entries and others.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len() + self.dropped_retries + self.dropped_resumes
    }

    /// Whether nothing was tried again.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The sum of all waits.
    #[must_use]
    pub fn waited(&self) -> Duration {
        self.entries.iter().fold(self.dropped_wait, |sum, attempt| {
            sum.saturating_add(attempt.wait)
        })
    }

    /// How many attempts led to this action, kept entries and others.
    #[must_use]
    pub fn count(&self, action: Action) -> usize {
        let dropped = match action {
            Action::Retried => self.dropped_retries,
            Action::Resumed => self.dropped_resumes,
        };
        let kept = self.entries.iter().filter(|entry| entry.action == action);
        dropped + kept.count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt(n: u64) -> Attempt {
        led_to(Action::Retried, n)
    }

    fn led_to(action: Action, n: u64) -> Attempt {
        Attempt::new(
            FailureKind::ConnectionClosed,
            Phase::Head,
            action,
            Duration::from_secs(n),
            Duration::from_secs(1),
        )
    }

    #[test]
    fn keeps_the_newest_and_counts_the_rest() {
        let mut history = History::new();
        for n in 0..100 {
            history.push(attempt(n));
        }
        assert_eq!(history.len(), 100);
        assert_eq!(history.entries().len(), HISTORY_CAP);
        assert_eq!(history.entries()[0].at, Duration::from_secs(36));
        assert_eq!(history.waited(), Duration::from_secs(100));
    }

    #[test]
    fn counts_what_each_entry_led_to_after_it_is_let_go() {
        let mut history = History::new();
        for n in 0..100 {
            history.push(led_to(Action::Resumed, n));
        }
        history.push(attempt(100));
        assert_eq!(history.count(Action::Resumed), 100);
        assert_eq!(history.count(Action::Retried), 1);

        let mut earlier = History::new();
        for n in 0..70 {
            earlier.push(attempt(n));
        }
        history.prepend(&earlier);
        assert_eq!(history.len(), 171);
        assert_eq!(history.count(Action::Resumed), 100);
        assert_eq!(history.count(Action::Retried), 71);
    }

    #[test]
    fn joined_histories_tell_as_much_as_one() {
        const CAP: u64 = HISTORY_CAP as u64;
        let counts = [0, 1, 2, CAP - 1, CAP, CAP + 1, 2 * CAP, 3 * CAP];
        let pairs = counts
            .iter()
            .flat_map(|first| counts.iter().map(move |second| (*first, *second)));
        for (first, second) in pairs {
            let of = |count: u64| {
                let mut all = Vec::new();
                let mut history = History::new();
                for n in 0..count {
                    // In no step with the cap.
                    let action = match n % 5 {
                        0 | 3 => Action::Retried,
                        _ => Action::Resumed,
                    };
                    let attempt = led_to(action, n);
                    all.push(attempt);
                    history.push(attempt);
                }
                (all, history)
            };
            let (mut all, earlier) = of(first);
            let (later, mut history) = of(second);
            assert_eq!(
                (earlier.is_empty(), history.is_empty()),
                (first == 0, second == 0)
            );
            history.prepend(&earlier);
            all.extend(later);
            let what = format!("{first} and {second}");
            assert_eq!(history.len(), all.len(), "{what}");
            assert_eq!(
                history.waited(),
                Duration::from_secs(first + second),
                "{what}"
            );
            for action in [Action::Retried, Action::Resumed] {
                let count = all.iter().filter(|entry| entry.action == action).count();
                assert_eq!(history.count(action), count, "{what}");
            }
        }
    }

    #[test]
    fn prepending_keeps_order_and_cap() {
        let mut outer = History::new();
        let mut inner = History::new();
        for n in 0..40 {
            outer.push(attempt(n));
            inner.push(attempt(40 + n));
        }
        inner.prepend(&outer);
        assert_eq!(inner.len(), 80);
        assert_eq!(inner.entries().len(), HISTORY_CAP);
        assert_eq!(inner.entries()[0].at, Duration::from_secs(16));
        assert_eq!(inner.entries()[63].at, Duration::from_secs(79));
    }
}
