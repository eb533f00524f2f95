//! How many bytes a body must bring.

use buttress_core::time::Span;
use std::time::Duration;

/// The least that a body must bring: so many bytes in so much time.
///
/// A body is too slow once it has fallen behind by one whole `per`: what brings nothing is too slow
/// after `per`, what comes at half the rate after twice that, and what keeps up with the rate
/// never, in whatever pieces it comes, as long as they are less than `per` apart. Being ahead is
/// not saved up.
///
/// Found in the [details](buttress_core::Failure::details) of a failure of the kind
/// `timeout_rate`.
///
/// ```
/// use buttress_timeout::TimeoutConfig;
/// use std::time::Duration;
///
/// let config = TimeoutConfig::builder().min_rate(4096, Duration::from_secs(30)).build()?;
/// let rate = config.min_rate().expect("was set");
/// assert_eq!((rate.bytes(), rate.per()), (4096, Duration::from_secs(30)));
/// # Ok::<(), buttress_core::ConfigError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MinRate {
    bytes: u64,
    per: Duration,
}

impl MinRate {
    pub(crate) const fn new(bytes: u64, per: Duration) -> Self {
        MinRate { bytes, per }
    }

    /// How many bytes.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// In how much time of waiting.
    #[must_use]
    pub const fn per(&self) -> Duration {
        self.per
    }
}

/// How much longer may be waited: waiting takes from it, and bytes add to it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Allowance {
    rate: MinRate,
    /// None before the first piece: until then the body is not slow, it has not begun.
    left: Span,
}

impl Allowance {
    pub(crate) const fn new(rate: MinRate) -> Self {
        Allowance {
            rate,
            left: Span::NONE,
        }
    }

    pub(crate) const fn rate(&self) -> MinRate {
        self.rate
    }

    pub(crate) const fn left(&self) -> Span {
        self.left
    }

    pub(crate) fn waited(&mut self, time: Span) {
        self.left = self.left.less(time);
    }

    pub(crate) fn came(&mut self, bytes: u64) {
        let full = Span::of(self.rate.per);
        self.left = if self.left.is_none() {
            full
        } else {
            self.left.more(self.worth(bytes)).min(full)
        };
    }

    /// The time that so many bytes may take.
    fn worth(&self, bytes: u64) -> Span {
        let nanos = u128::from(bytes).saturating_mul(self.rate.per.as_nanos());
        let nanos = nanos / u128::from(self.rate.bytes).max(1);
        Span::of(Duration::from_nanos(
            u64::try_from(nanos).unwrap_or(u64::MAX),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn seconds(seconds: u32) -> Span {
        Span::of(seconds * SECOND)
    }

    #[test]
    fn waiting_takes_and_bytes_give() {
        // 100 bytes in 10 s: one byte is worth 100 ms.
        let mut allowance = Allowance::new(MinRate::new(100, 10 * SECOND));
        allowance.waited(seconds(3600));
        assert!(allowance.left().is_none(), "it has not begun");
        allowance.came(1);
        assert_eq!(allowance.left(), seconds(10));
        allowance.came(1_000_000);
        assert_eq!(allowance.left(), seconds(10), "nothing is saved up");
        allowance.waited(seconds(4));
        allowance.came(10);
        assert_eq!(allowance.left(), seconds(7));
        allowance.waited(seconds(99));
        assert!(allowance.left().is_zero());
        allowance.came(0);
        assert!(allowance.left().is_zero());
    }

    #[test]
    fn no_number_is_too_large() {
        for (bytes, per) in [(1, Duration::MAX), (u64::MAX, Duration::MAX), (1, SECOND)] {
            let mut allowance = Allowance::new(MinRate::new(bytes, per));
            for came in [1, u64::MAX, u64::MAX] {
                allowance.came(came);
                assert_eq!(allowance.left(), Span::of(per));
            }
        }
    }
}
