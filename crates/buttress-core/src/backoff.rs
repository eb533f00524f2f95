//! How long to wait between attempts.

use crate::ConfigError;
use fastrand::Rng;
use std::time::Duration;

/// How delays are spread, so that clients that failed together do not come back together.
///
/// The kinds and their formulas are those of "Exponential Backoff And Jitter" (AWS Architecture
/// Blog, 2015). `ceiling` is the delay without jitter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Jitter {
    /// Anything from nothing to the ceiling. Spreads best.
    #[default]
    Full,
    /// Half the ceiling, and anything up to the other half. Never hurries.
    Equal,
    /// Anything from the base to three times the delay before, up to the cap.
    Decorrelated,
    /// Exactly the ceiling: for tests, and for one client alone.
    None,
}

/// The plan of the delays between attempts: a small value, copied where it is needed.
///
/// The default is exponential from 250 ms, doubled each time, to at most 20 s, with full jitter.
/// Durations count in nanoseconds; those over 584 years are shortened to that.
///
/// ```
/// use buttress_core::{Backoff, Jitter};
/// use std::time::Duration;
///
/// let backoff = Backoff::exponential(Duration::from_secs(1), Duration::from_secs(5))?;
///
/// let mut delays = backoff.jitter(Jitter::None).delays();
/// let seconds = [(); 5].map(|()| delays.next_delay().as_secs());
/// assert_eq!(seconds, [1, 2, 4, 5, 5]);
///
/// let mut delays = backoff.delays();
/// assert!(delays.next_delay() <= Duration::from_secs(1));
/// assert!(delays.next_delay() <= Duration::from_secs(2));
/// # Ok::<(), buttress_core::ConfigError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// Nanoseconds, never above the cap.
    base: u64,
    /// Nanoseconds.
    cap: u64,
    jitter: Jitter,
    seed: Option<u64>,
}

impl Backoff {
    /// Delays that start at `base` and double each time, up to `cap`, with full jitter.
    ///
    /// # Errors
    ///
    /// When `base` is zero, or `cap` is less than `base`.
    pub fn exponential(base: Duration, cap: Duration) -> Result<Self, ConfigError> {
        if base.is_zero() {
            return Err(ConfigError::new("base", "is 0s, but must be more than 0s"));
        }
        if cap < base {
            return Err(ConfigError::new(
                "cap",
                format!("is {cap:?}, but must be at least `base` ({base:?})"),
            ));
        }
        Ok(Backoff {
            base: nanos(base),
            cap: nanos(cap),
            jitter: Jitter::Full,
            seed: None,
        })
    }

    /// The same delay each time, without jitter unless [`jitter`](Backoff::jitter) asks for it.
    #[must_use]
    pub const fn constant(delay: Duration) -> Self {
        let delay = nanos(delay);
        Backoff {
            base: delay,
            cap: delay,
            jitter: Jitter::None,
            seed: None,
        }
    }

    /// No delay at all.
    #[must_use]
    pub const fn none() -> Self {
        Backoff::constant(Duration::ZERO)
    }

    /// Sets how the delays are spread.
    #[must_use]
    pub const fn jitter(mut self, jitter: Jitter) -> Self {
        self.jitter = jitter;
        self
    }

    /// Makes the delays of every call the same, so that a test can repeat them.
    ///
    /// Not for production: calls that fail together would try again together.
    #[must_use]
    pub const fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// The first delay without jitter.
    #[must_use]
    pub const fn base(&self) -> Duration {
        Duration::from_nanos(self.base)
    }

    /// The longest delay.
    #[must_use]
    pub const fn cap(&self) -> Duration {
        Duration::from_nanos(self.cap)
    }

    /// The shortest delay that may be drawn.
    #[must_use]
    pub const fn shortest(&self) -> Duration {
        Duration::from_nanos(match self.jitter {
            Jitter::Full => 0,
            Jitter::Equal => self.base - self.base / 2,
            Jitter::Decorrelated | Jitter::None => self.base,
        })
    }

    /// How the delays are spread.
    #[cfg(feature = "serde")]
    pub(crate) const fn kind(&self) -> Jitter {
        self.jitter
    }

    /// The delays of one call.
    ///
    /// Each call draws a random stream of its own, whether the calls share this value or have
    /// copies of it; with a [`seed`](Backoff::seed) every call draws the same one. Costs a copy:
    /// the stream begins with the first delay that needs it.
    #[must_use]
    pub const fn delays(&self) -> Delays {
        Delays {
            backoff: *self,
            next: self.base,
            rng: None,
        }
    }
}

impl Default for Backoff {
    fn default() -> Self {
        Backoff {
            base: nanos(Duration::from_millis(250)),
            cap: nanos(Duration::from_secs(20)),
            jitter: Jitter::Full,
            seed: None,
        }
    }
}

/// The delays of one call, in order and without an end.
///
/// Made by [`Backoff::delays`]. Not `Clone`: a copy would repeat the delays of another call.
///
/// ```
/// use buttress_core::Backoff;
/// use std::time::Duration;
///
/// let mut delays = Backoff::constant(Duration::from_secs(3)).delays();
/// assert_eq!(delays.next_delay(), Duration::from_secs(3));
/// assert_eq!(delays.next_delay(), Duration::from_secs(3));
/// ```
#[derive(Debug)]
pub struct Delays {
    backoff: Backoff,
    /// Nanoseconds: the next ceiling, or for decorrelated jitter the delay before.
    next: u64,
    rng: Option<Rng>,
}

impl Delays {
    /// The next delay: never more than the cap.
    pub fn next_delay(&mut self) -> Duration {
        let Backoff {
            base, cap, jitter, ..
        } = self.backoff;
        let ceiling = self.next;
        self.next = ceiling.saturating_mul(2).min(cap);
        let delay = match jitter {
            Jitter::Full => self.draw(0, ceiling),
            Jitter::Equal => self.draw(ceiling - ceiling / 2, ceiling),
            Jitter::Decorrelated => {
                self.next = self.draw(base, ceiling.saturating_mul(3)).min(cap);
                self.next
            }
            Jitter::None => ceiling,
        };
        Duration::from_nanos(delay)
    }

    /// Anything from `low` to `high`, both included. Whole nanoseconds, so that nothing is lost.
    fn draw(&mut self, low: u64, high: u64) -> u64 {
        let seed = self.backoff.seed;
        let rng = self
            .rng
            .get_or_insert_with(|| seed.map_or_else(Rng::new, Rng::with_seed));
        // `low.max(high)`: an empty range would panic.
        rng.u64(low..=low.max(high))
    }
}

/// Nanoseconds, up to the most that a `u64` holds.
const fn nanos(duration: Duration) -> u64 {
    let nanos = duration.as_nanos();
    if nanos > u64::MAX as u128 {
        u64::MAX
    } else {
        nanos as u64
    }
}

#[cfg(test)]
mod tests;
