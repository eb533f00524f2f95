//! A limit, or none, in half the room of an `Option<Duration>`.

use super::{FAR, Instant, instant_after};
use std::fmt;
use std::time::Duration;

/// A limit, or none: a length of time in nanoseconds in one word, because limits are copied with
/// every call.
///
/// Up to 584 years: a longer one is as long as that, and shorter than [`NONE`](Span::NONE).
///
/// ```
/// use buttress_core::time::Span;
/// use std::time::Duration;
///
/// let limit = Span::of(Duration::from_secs(60));
/// assert_eq!(limit.get(), Some(Duration::from_secs(60)));
/// assert_eq!(Span::NONE.get(), None);
/// assert!(limit < Span::NONE);
/// assert_eq!(limit.less(Span::of(Duration::from_secs(90))), Span::ZERO);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(u64);

impl Span {
    /// No limit: longer than every other.
    pub const NONE: Span = Span(u64::MAX);
    /// No time at all.
    pub const ZERO: Span = Span(0);

    /// A limit this long.
    #[must_use]
    pub const fn of(duration: Duration) -> Self {
        let nanos = duration.as_nanos();
        if nanos < u64::MAX as u128 {
            Span(nanos as u64)
        } else {
            Span(u64::MAX - 1)
        }
    }

    /// Whether it is no limit.
    #[must_use]
    #[inline]
    pub const fn is_none(self) -> bool {
        self.0 == u64::MAX
    }

    /// Whether it is no time at all.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The limit, if it is one.
    #[must_use]
    pub const fn get(self) -> Option<Duration> {
        match self {
            Span::NONE => None,
            Span(nanos) => Some(Duration::from_nanos(nanos)),
        }
    }

    /// When the limit ends that counts from `since`, if it is one: at the latest in about thirty
    /// years, as [`instant_after`](super::instant_after) says.
    #[must_use]
    #[inline]
    pub fn end(self, since: Instant) -> Option<Instant> {
        match self {
            Span::NONE => None,
            Span(nanos) => Some(instant_after(since, Duration::from_nanos(nanos.min(FAR)))),
        }
    }

    /// This long, or that long where this is no limit.
    #[must_use]
    #[inline]
    pub const fn or(self, other: Span) -> Span {
        if self.is_none() { other } else { self }
    }

    /// What is left of the limit after so long; of none, none.
    #[must_use]
    pub const fn less(self, spent: Span) -> Span {
        if self.is_none() {
            self
        } else {
            Span(self.0.saturating_sub(spent.0))
        }
    }

    /// So much longer, but never without limit.
    #[must_use]
    pub const fn more(self, more: Span) -> Span {
        let sum = self.0.saturating_add(more.0);
        Span(if sum == u64::MAX { u64::MAX - 1 } else { sum })
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_never_by_accident_no_limit() {
        let longest = Span::of(Duration::MAX);
        assert!(!longest.is_none());
        assert_eq!(longest.more(longest), longest);
        assert_eq!(longest.get(), Some(Duration::from_nanos(u64::MAX - 1)));
        assert_eq!(Span::NONE.less(longest), Span::NONE);
        assert_eq!(Span::NONE.or(longest), longest);
        assert_eq!(longest.or(Span::ZERO), longest);
        assert!(Span::of(Duration::ZERO).is_zero());
    }
}
