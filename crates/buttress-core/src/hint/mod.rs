//! What a server says about trying again.
//!
//! One parser for the dialects in use. A [`Hint`] is a floor for the next delay and a word for or
//! against a retry; whether a request may be sent again at all is decided elsewhere.
//!
//! ```
//! use buttress_core::hint::{self, Hint};
//! use http::{HeaderMap, HeaderValue, StatusCode};
//! use std::time::{Duration, SystemTime};
//!
//! let mut headers = HeaderMap::new();
//! headers.insert("x-ratelimit-remaining-requests", HeaderValue::from_static("0"));
//! headers.insert("x-ratelimit-reset-requests", HeaderValue::from_static("6m0s"));
//! let now = SystemTime::UNIX_EPOCH;
//!
//! let hint = Hint::from_head(StatusCode::TOO_MANY_REQUESTS, &headers, now).expect("a hint");
//! assert_eq!(hint.after(), Some(Duration::from_secs(360)));
//! assert_eq!(hint.retry(), None);
//!
//! // A server that fails for another reason says nothing about waiting with its rate limits.
//! let failed = StatusCode::INTERNAL_SERVER_ERROR;
//! assert_eq!(Hint::from_head(failed, &headers, now), None);
//!
//! assert_eq!(
//!     hint::in_text("Rate limit reached. Please try again in 174ms."),
//!     Some(Duration::from_millis(174))
//! );
//! ```
//!
//! # How long to wait
//!
//! The first of these that has a valid value; of several values of one header the longest.
//!
//! | header | value | source |
//! |---|---|---|
//! | `grpc-retry-pushback-ms` | milliseconds | gRFC A6, "Pushback" |
//! | `retry-after-ms`, `x-ms-retry-after-ms` | milliseconds | OpenAI, Azure |
//! | `x-amz-retry-after` | milliseconds | AWS SDKs |
//! | `retry-after` | seconds, fractions too, or an HTTP-date | RFC 9110, section 10.2.3 |
//! | `x-ratelimit-reset*`, `ratelimit-reset`, `anthropic-ratelimit-*-reset` and kin | seconds, `6m0s`, seconds or milliseconds since 1970, RFC 3339 or HTTP-date | OpenAI, GitHub, Anthropic, IETF draft `ratelimit-headers` until 06 |
//! | `ratelimit` | `"default";r=0;t=30`, or `limit=9, remaining=0, reset=30` | the same draft from 08 on, and its 07 |
//!
//! Rate limits are announced on good days too, so a reset counts only beside an answer that refuses for
//! its rate: status 429, 503 or 529. Of several resets those count whose `remaining` says 0 (`r` in the
//! field of the draft), and of these the latest; if none says 0, the earliest of all. Beside a 403, which
//! is how GitHub also refuses for its rate, only those that say 0 count.
//!
//! A number that says when a limit resets is a delay when it is below a thousand million, else seconds
//! since 1970, else (from 10^11 on) milliseconds since 1970. `ratelimit-policy` is not read: how long a
//! window lasts does not say how much of it is left.
//!
//! Where no header says so, [`in_text`] finds it in a body: [`classify::body`](crate::classify::body)
//! asks it. Google's APIs have it there as a `RetryInfo` (google.rpc, `error_details.proto`). gRPC
//! carries the same in the trailer `grpc-status-details-bin`, as a message of protobuf: that is not
//! read.
//!
//! # Whether to try again
//!
//! `x-should-retry: true` or `false`, and `grpc-retry-pushback-ms` when it is negative or no
//! number, which gRFC A6 defines to mean no. A no outweighs a yes.
//!
//! # What is odd
//!
//! A value that is empty, negative, malformed or too large for a 64-bit number is passed over as
//! if it were not there. A moment in the past is a delay of zero. A delay is kept as it was said,
//! however long, up to [`Hint::LONGEST`]: the caller compares it with the time that is left.
//!
//! A moment is counted from the `Date` of the same answer, if it has one (RFC 9110, section 6.6.1): both
//! are of the server's clock, and the one here may be wrong. Beside an `Age`, which says that the answer
//! comes from a cache and `Date` is when it was made, it is counted from now.

mod resets;
mod value;
mod waiting;
mod words;

use self::resets::Resets;
pub use self::waiting::{Asked, waits_until};
pub use self::words::in_text;

use http::header::{AGE, AsHeaderName, DATE, HeaderName, RETRY_AFTER};
use http::{HeaderMap, StatusCode};
use std::time::{Duration, SystemTime};

/// The calendar's clock, read only when a header holds a moment.
pub(crate) type Now<'a> = &'a dyn Fn() -> SystemTime;

const PUSHBACK: HeaderName = HeaderName::from_static("grpc-retry-pushback-ms");
pub(crate) const SHOULD_RETRY: HeaderName = HeaderName::from_static("x-should-retry");
const MILLISECONDS: [HeaderName; 3] = [
    HeaderName::from_static("retry-after-ms"),
    HeaderName::from_static("x-ms-retry-after-ms"),
    HeaderName::from_static("x-amz-retry-after"),
];

/// What the server said about trying again: how long to wait, whether to, or both.
///
/// ```
/// use buttress_core::Hint;
/// use std::time::Duration;
///
/// let hint = Hint::after_delay(Duration::from_secs(2)).and(Hint::with_retry(false));
/// assert_eq!(hint.after(), Some(Duration::from_secs(2)));
/// assert_eq!(hint.retry(), Some(false));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hint {
    after: Option<Duration>,
    retry: Option<bool>,
}

impl Hint {
    /// The longest delay a hint holds, ten years. A longer one is shortened to it.
    pub const LONGEST: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);

    /// The server asked to wait this long before the next try.
    #[must_use]
    pub fn after_delay(delay: Duration) -> Self {
        Hint {
            after: Some(delay.min(Hint::LONGEST)),
            retry: None,
        }
    }

    /// The server said in so many words that a retry is wanted, or not.
    #[must_use]
    pub const fn with_retry(wanted: bool) -> Self {
        Hint {
            after: None,
            retry: Some(wanted),
        }
    }

    /// Both hints: the longer delay, and a no outweighs a yes.
    #[must_use]
    pub fn and(self, other: Hint) -> Self {
        Hint {
            after: self.after.max(other.after),
            retry: match (self.retry, other.retry) {
                (Some(one), Some(two)) => Some(one && two),
                (one, two) => one.or(two),
            },
        }
    }

    /// Reads the hints of an answer that refuses for its rate.
    ///
    /// `now` is the calendar's time, for dates in headers without a `Date`. When the status is known,
    /// [`from_head`](Hint::from_head) also knows whether reset headers count.
    #[must_use]
    pub fn from_headers(headers: &HeaderMap, now: SystemTime) -> Option<Self> {
        read(headers, Resets::Any, &|| now)
    }

    /// Reads the hints of a response head; `now` is the calendar's time, for dates in one without a
    /// `Date`.
    #[must_use]
    pub fn from_head(status: StatusCode, headers: &HeaderMap, now: SystemTime) -> Option<Self> {
        Hint::from_head_at(status, headers, &|| now)
    }

    /// The same, with a clock that is read only when a header holds a date.
    pub(crate) fn from_head_at(
        status: StatusCode,
        headers: &HeaderMap,
        now: Now<'_>,
    ) -> Option<Self> {
        let resets = match status.as_u16() {
            429 | 503 | 529 => Resets::Any,
            403 => Resets::Spent,
            _ => Resets::None,
        };
        read(headers, resets, now)
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

fn read(headers: &HeaderMap, resets: Resets, now: Now<'_>) -> Option<Hint> {
    let now: Now<'_> = &|| server_clock(headers).unwrap_or_else(now);
    let (pushback, refused) = pushback(headers);
    let after = pushback
        .or_else(|| {
            MILLISECONDS
                .iter()
                .find_map(|name| longest(headers, name, value::milliseconds))
        })
        .or_else(|| longest(headers, RETRY_AFTER, |text| value::retry_after(text, now)))
        .or_else(|| resets::after(headers, resets, now));
    let hint = Hint {
        after: after.map(|delay| delay.min(Hint::LONGEST)),
        retry: if refused {
            Some(false)
        } else {
            should_retry(headers)
        },
    };
    (hint.after.is_some() || hint.retry.is_some()).then_some(hint)
}

/// What the server's clock shows, if the answer says it.
fn server_clock(headers: &HeaderMap) -> Option<SystemTime> {
    let date = headers.get(DATE).filter(|_| !headers.contains_key(AGE));
    value::http_date(date?.as_bytes().trim_ascii())
}

/// The longest valid value of a header that may be sent several times, or joined by commas.
fn longest(
    headers: &HeaderMap,
    name: impl AsHeaderName,
    parse: impl Fn(&[u8]) -> Option<Duration>,
) -> Option<Duration> {
    let of_value = |value: &[u8]| {
        // A date has a comma of its own, so the whole is tried first.
        parse(value.trim_ascii()).or_else(|| {
            let parts = value.split(|b| *b == b',');
            parts.filter_map(|part| parse(part.trim_ascii())).max()
        })
    };
    let values = headers.get_all(name).iter();
    values.filter_map(|value| of_value(value.as_bytes())).max()
}

/// The delay of gRFC A6, and whether it says not to retry.
fn pushback(headers: &HeaderMap) -> (Option<Duration>, bool) {
    let mut delay = None;
    for value in headers.get_all(PUSHBACK) {
        let text = value.to_str().unwrap_or_default().trim();
        match text.parse::<i32>().map(u64::try_from) {
            Ok(Ok(ms)) => delay = delay.max(Some(Duration::from_millis(ms))),
            _ => return (None, true),
        }
    }
    (delay, false)
}

fn should_retry(headers: &HeaderMap) -> Option<bool> {
    let verdicts = headers.get_all(SHOULD_RETRY).iter().filter_map(|value| {
        let text = value.as_bytes().trim_ascii();
        if text.eq_ignore_ascii_case(b"true") {
            Some(true)
        } else if text.eq_ignore_ascii_case(b"false") {
            Some(false)
        } else {
            None
        }
    });
    verdicts.reduce(|one, two| one && two)
}

#[cfg(test)]
mod tests;
