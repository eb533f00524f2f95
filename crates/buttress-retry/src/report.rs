use buttress_core::History;
use http::Extensions;

/// What it took: in the extensions of a response that did not come at the first attempt.
///
/// ```
/// use buttress_retry::RetryReport;
///
/// # let response = http::Response::new(());
/// let attempts = RetryReport::of(response.extensions()).map_or(1, RetryReport::attempts);
/// # assert_eq!(attempts, 1);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryReport {
    history: History,
}

impl RetryReport {
    pub(crate) const fn new(history: History) -> Self {
        RetryReport { history }
    }

    /// The report in these response extensions, if there was more than one attempt.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Option<&Self> {
        extensions.get()
    }

    /// How many attempts there were, the successful one included.
    #[must_use]
    pub fn attempts(&self) -> usize {
        self.history.len() + 1
    }

    /// The attempts that failed.
    #[must_use]
    pub fn history(&self) -> &History {
        &self.history
    }
}
