//! The error of a configuration that cannot be.

use std::error::Error;
use std::fmt;

/// A configuration value out of range: names the field and says what it may be.
///
/// ```
/// use buttress_core::Backoff;
/// use std::time::Duration;
///
/// let error = Backoff::exponential(Duration::from_secs(9), Duration::from_secs(1)).unwrap_err();
/// assert_eq!(error.field(), "cap");
/// assert_eq!(
///     error.to_string(),
///     "`cap` is 1s, but must be at least `base` (9s)"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    field: &'static str,
    problem: String,
}

impl ConfigError {
    /// `field` has a value that cannot be; `problem` says what it is and what it must be,
    /// as the end of a sentence that begins with the field: `is 0, but must be at least 1`.
    #[must_use]
    pub fn new(field: &'static str, problem: impl Into<String>) -> Self {
        ConfigError {
            field,
            problem: problem.into(),
        }
    }

    /// The field's name, as in the builder.
    #[must_use]
    pub fn field(&self) -> &'static str {
        self.field
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.field, self.problem)
    }
}

impl Error for ConfigError {}
