//! How many retries all calls together may make.
//!
//! A limit on the attempts of one call does not protect a server that is down: with five attempts
//! each, all callers together send it five times what brought it down. A budget does: calls earn
//! tokens, retries spend them, and when there are none left, calls fail at once instead of adding
//! to the load.
//!
//! ```
//! use buttress_core::{FailureKind, RetryBudget};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?.block_on(async {
//! let budget = RetryBudget::builder().ratio(0.25).reserve(2).min_per_second(0.0).build()?;
//!
//! // Two retries may be made without earlier calls, and no third.
//! for _ in 0..2 {
//!     budget.withdraw(FailureKind::ConnectionReset).expect("a token").spend();
//! }
//! assert!(budget.withdraw(FailureKind::ConnectionReset).is_none());
//!
//! // Four calls earn one.
//! for _ in 0..4 {
//!     budget.deposit();
//! }
//! let permit = budget.withdraw(FailureKind::ConnectionReset).expect("a token");
//! assert_eq!(budget.balance(), 0.0);
//!
//! // A retry that is not made after all gives its token back.
//! drop(permit);
//! assert_eq!(budget.balance(), 1.0);
//! # Ok::<(), buttress_core::ConfigError>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is earned
//!
//! | field | what it means | default |
//! |---|---|---|
//! | [`ratio`](RetryBudgetBuilder::ratio) | tokens that each call earns, whatever becomes of it | 0.2 |
//! | [`reserve`](RetryBudgetBuilder::reserve) | tokens at the beginning, and the most there can be | 100 |
//! | [`min_per_second`](RetryBudgetBuilder::min_per_second) | tokens that time brings where calls earn less | 1 |
//!
//! The first two are those of Finagle, Linkerd and tower: a fifth of the calls, and ten seconds of
//! ten. Time is looked at when a token is wanted, so that there is neither a task nor a timer.
//!
//! # What it costs
//!
//! | the attempt failed with | tokens |
//! |---|---|
//! | `timeout_head`, `timeout_first_event`, `timeout_idle`, `timeout_total` | 2 |
//! | any other kind | 1 |
//!
//! A server whose answer did not come in time may still be at work on it, so that the next
//! attempt comes on top. The proportion is that of the standard retry mode of the AWS SDKs (5 and
//! 10 of 500 tokens). Their later rule, which charges less for a throttled call than for any other
//! (5 and 14), would make a token mean something else than a retry.
//!
//! # What it bounds
//!
//! Of *n* calls in a time, at most `ratio` × *n* + `reserve` are tried again, and `min_per_second`
//! times the part of the time in which calls earned less than that.
//!
//! # Exactness
//!
//! Tokens are counted in millionths, as integers: five calls at 0.2 earn one token, and a thousand
//! earn two hundred. Nothing is spent twice, nothing is lost, and there are never more than
//! `reserve`, whatever happens at the same time.

mod bucket;

#[cfg(test)]
#[cfg(loom)]
mod interleavings;
#[cfg(test)]
#[cfg(not(loom))]
mod model;
#[cfg(test)]
#[cfg(not(loom))]
mod tests;

#[cfg(all(test, loom))]
use loom::sync::{Arc, atomic};
#[cfg(not(all(test, loom)))]
use std::sync::{Arc, atomic};

use self::bucket::Bucket;
use crate::time::{self, Instant};
use crate::{ConfigError, FailureKind};
use std::fmt;

/// One token: so many units.
const TOKEN: u64 = 1_000_000;

/// Seconds for which what calls earned counts against what time would have brought.
const WINDOW: u64 = 10;

/// A budget for retries that calls fill and retries use up. Clones share it.
///
/// See the [module](crate::budget) for what it earns, costs and bounds.
#[derive(Clone)]
pub struct RetryBudget(Arc<Shared>);

struct Shared {
    bucket: Bucket,
    /// Units.
    ratio: u64,
    /// Tokens.
    reserve: u32,
    /// Units.
    per_second: u64,
    started: Instant,
}

impl RetryBudget {
    /// Tokens that a call earns by default.
    pub const DEFAULT_RATIO: f64 = 0.2;
    /// Tokens at the beginning, and the most there can be, by default.
    pub const DEFAULT_RESERVE: u32 = 100;
    /// Tokens that come in a second at least, by default.
    pub const DEFAULT_MIN_PER_SECOND: f64 = 1.0;

    /// Starts from the defaults.
    pub const fn builder() -> RetryBudgetBuilder {
        RetryBudgetBuilder {
            ratio: Self::DEFAULT_RATIO,
            reserve: Self::DEFAULT_RESERVE,
            min_per_second: Self::DEFAULT_MIN_PER_SECOND,
        }
    }

    fn new(ratio: u64, reserve: u32, per_second: u64) -> Self {
        let capacity = u64::from(reserve) * TOKEN;
        RetryBudget(Arc::new(Shared {
            bucket: Bucket::new(capacity, ratio, per_second * WINDOW),
            ratio,
            reserve,
            per_second,
            started: time::now(),
        }))
    }

    /// The tokens that a retry after a failure of this kind costs: see the
    /// [table](crate::budget#what-it-costs).
    #[must_use]
    pub const fn cost(kind: FailureKind) -> u32 {
        match kind {
            FailureKind::TimeoutHead
            | FailureKind::TimeoutFirstEvent
            | FailureKind::TimeoutIdle
            | FailureKind::TimeoutTotal => 2,
            _ => 1,
        }
    }

    /// Earns what one call earns. Costs one read while the budget is full, as it mostly is.
    #[inline]
    pub fn deposit(&self) {
        self.0.bucket.deposit();
    }

    /// Takes what a retry after a failure of this kind costs; `None` if there is not as much.
    #[must_use = "dropping a permit gives its tokens back"]
    pub fn withdraw(&self, kind: FailureKind) -> Option<Permit> {
        let units = u64::from(Self::cost(kind)) * TOKEN;
        self.0.bucket.withdraw(units, self.due()).then(|| Permit {
            budget: self.clone(),
            units,
        })
    }

    /// The tokens at hand, in tokens.
    #[must_use]
    pub fn balance(&self) -> f64 {
        tokens(self.0.bucket.balance(self.due()))
    }

    /// The tokens that a call earns.
    #[must_use]
    pub fn ratio(&self) -> f64 {
        tokens(self.0.ratio)
    }

    /// The tokens at the beginning, and the most there can be.
    #[must_use]
    pub fn reserve(&self) -> u32 {
        self.0.reserve
    }

    /// The tokens that come in a second at least.
    #[must_use]
    pub fn min_per_second(&self) -> f64 {
        tokens(self.0.per_second)
    }

    /// What time has brought so far, in units.
    fn due(&self) -> u64 {
        if self.0.per_second == 0 {
            return 0;
        }
        let time = time::now().saturating_duration_since(self.0.started);
        let units = time.as_nanos() * u128::from(self.0.per_second) / 1_000_000_000;
        u64::try_from(units).unwrap_or(u64::MAX)
    }
}

impl Default for RetryBudget {
    /// 0.2 tokens a call, 100 in reserve, at least one a second.
    fn default() -> Self {
        RetryBudget::new(
            units(Self::DEFAULT_RATIO),
            Self::DEFAULT_RESERVE,
            units(Self::DEFAULT_MIN_PER_SECOND),
        )
    }
}

impl fmt::Debug for RetryBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryBudget")
            .field("balance", &self.balance())
            .field("ratio", &self.ratio())
            .field("reserve", &self.reserve())
            .field("min_per_second", &self.min_per_second())
            .finish()
    }
}

/// The leave to make one retry. Dropped before it is [spent](Permit::spend), it gives its tokens
/// back: a retry that was waited for and cancelled costs nothing.
///
/// Made by [`RetryBudget::withdraw`].
#[must_use = "dropping a permit gives its tokens back"]
pub struct Permit {
    budget: RetryBudget,
    /// What goes back when it is dropped.
    units: u64,
}

impl Permit {
    /// The retry is made: its tokens are gone.
    pub fn spend(mut self) {
        self.units = 0;
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if self.units > 0 {
            self.budget.0.bucket.refund(self.units);
        }
    }
}

impl fmt::Debug for Permit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Permit")
            .field("tokens", &tokens(self.units))
            .finish_non_exhaustive()
    }
}

/// Sets the fields of a [`RetryBudget`], then [`build`](RetryBudgetBuilder::build)s it.
///
/// ```
/// use buttress_core::RetryBudget;
///
/// let budget = RetryBudget::builder().ratio(0.1).reserve(20).build()?;
/// assert_eq!(budget.balance(), 20.0);
///
/// let error = RetryBudget::builder().ratio(f64::NAN).build().unwrap_err();
/// assert_eq!(error.to_string(), "`ratio` is NaN, but must be 0 to 10");
/// # Ok::<(), buttress_core::ConfigError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct RetryBudgetBuilder {
    ratio: f64,
    reserve: u32,
    min_per_second: f64,
}

impl RetryBudgetBuilder {
    /// The tokens that each call earns, whatever becomes of it: 0 to 10, rounded to millionths.
    /// Default: 0.2, one retry for every five calls.
    pub const fn ratio(mut self, tokens: f64) -> Self {
        self.ratio = tokens;
        self
    }

    /// The tokens at the beginning, and the most there can be: 2 (what a retry after a timeout
    /// costs) to 1,000,000. Default: 100.
    ///
    /// So many retries are possible at once, when all connections break together. A client with
    /// thousands of calls in flight wants more than the default.
    pub const fn reserve(mut self, tokens: u32) -> Self {
        self.reserve = tokens;
        self
    }

    /// The tokens that come in a second at least: 0 to 1,000, rounded to millionths. Default: 1.
    ///
    /// For clients that make few calls, which earn little. What calls earned in the last ten
    /// seconds counts: a busy client gets nothing on top.
    pub const fn min_per_second(mut self, tokens: f64) -> Self {
        self.min_per_second = tokens;
        self
    }

    /// Checks every field.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the first field that is out of range.
    pub fn build(self) -> Result<RetryBudget, ConfigError> {
        let ratio = checked("ratio", self.ratio, 10)?;
        if !(2..=1_000_000).contains(&self.reserve) {
            let problem = format!("is {}, but must be 2 to 1000000", self.reserve);
            return Err(ConfigError::new("reserve", problem));
        }
        let per_second = checked("min_per_second", self.min_per_second, 1_000)?;
        Ok(RetryBudget::new(ratio, self.reserve, per_second))
    }
}

/// The field's value in units.
fn checked(field: &'static str, tokens: f64, most: u32) -> Result<u64, ConfigError> {
    let problem = if !(0.0..=f64::from(most)).contains(&tokens) {
        format!("is {tokens}, but must be 0 to {most}")
    } else if tokens > 0.0 && units(tokens) == 0 {
        format!("is {tokens}, but must be 0 or at least 0.000001")
    } else {
        return Ok(units(tokens));
    };
    Err(ConfigError::new(field, problem))
}

fn units(tokens: f64) -> u64 {
    (tokens * TOKEN as f64).round() as u64
}

fn tokens(units: u64) -> f64 {
    units as f64 / TOKEN as f64
}
