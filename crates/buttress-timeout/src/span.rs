//! A limit, or none, in half the room of an `Option<Duration>`: it is copied with every call.

use std::time::Duration;

/// A length of time in nanoseconds, up to 584 years; longer is as long as that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span(u64);

impl Span {
    /// No limit: longer than every other.
    pub(crate) const NONE: Span = Span(u64::MAX);
    pub(crate) const ZERO: Span = Span(0);

    pub(crate) const fn of(duration: Duration) -> Self {
        let nanos = duration.as_nanos();
        if nanos < u64::MAX as u128 {
            Span(nanos as u64)
        } else {
            Span(u64::MAX - 1)
        }
    }

    #[inline]
    pub(crate) const fn is_none(self) -> bool {
        self.0 == u64::MAX
    }

    pub(crate) const fn is_zero(self) -> bool {
        self.0 == 0
    }

    pub(crate) const fn get(self) -> Option<Duration> {
        match self {
            Span::NONE => None,
            Span(nanos) => Some(Duration::from_nanos(nanos)),
        }
    }

    /// This long, or that long where this is no limit.
    pub(crate) const fn or(self, other: Span) -> Span {
        if self.is_none() { other } else { self }
    }

    /// What is left of the limit after so long; of none, none.
    pub(crate) const fn less(self, spent: Span) -> Span {
        if self.is_none() {
            self
        } else {
            Span(self.0.saturating_sub(spent.0))
        }
    }

    /// Both after each other.
    pub(crate) const fn and(self, more: Span) -> Span {
        let sum = self.0.saturating_add(more.0);
        Span(if sum == u64::MAX { u64::MAX - 1 } else { sum })
    }
}
