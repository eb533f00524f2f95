//! What a server says about trying again, read from response headers.
use http::HeaderMap;
use std::time::{Duration, SystemTime};

/// What the server said about trying again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hint {
    after: Option<Duration>,
    retry: Option<bool>,
}

impl Hint {
    /// Reads the hints of a response head; `now` is the calendar's time, for dates.
    #[must_use]
    pub fn from_headers(headers: &HeaderMap, now: SystemTime) -> Option<Self> {
        let _ = (headers, now);
        None
    }
    /// How long to wait before the next try, at least.
    #[must_use]
    pub fn after(self) -> Option<Duration> {
        self.after
    }
    /// Whether the server said in so many words that a retry is wanted or not.
    #[must_use]
    pub fn retry(self) -> Option<bool> {
        self.retry
    }
}
