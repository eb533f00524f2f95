//! How long to wait between attempts.
use crate::ConfigError;
use std::time::Duration;
/// The kinds of jitter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Jitter {
    /// Full.
    Full,
}
/// Exponential.
#[derive(Clone, Debug)]
pub struct Backoff {
    base: Duration,
}
impl Backoff {
    /// Exponential.
    pub fn exponential(base: Duration, cap: Duration) -> Result<Self, ConfigError> {
        let _ = cap;
        Ok(Backoff { base })
    }
    /// The delays of one call.
    pub fn delays(&self) -> Delays {
        Delays { base: self.base }
    }
}
/// One call's delays.
#[derive(Clone, Debug)]
pub struct Delays {
    base: Duration,
}
impl Delays {
    /// Next
    pub fn next_delay(&mut self) -> Duration {
        self.base
    }
}
