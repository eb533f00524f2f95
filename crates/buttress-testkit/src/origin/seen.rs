//! What an origin saw.

use bytes::Bytes;
use http::{HeaderMap, Method};
use std::collections::BTreeMap;
use std::time::Duration;

/// One request as it arrived, and how it ended.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Seen {
    /// The number of the request, over all connections, from 1.
    pub request: usize,
    /// The number of its connection, from 1.
    pub connection: usize,
    /// When its head had arrived, counted from the origin's start.
    pub at: Duration,
    /// The method.
    pub method: Method,
    /// Path and query.
    pub path: String,
    /// The headers.
    pub headers: HeaderMap,
    /// As much of the body as was read.
    pub body: Bytes,
    /// Whether the request arrived whole.
    pub whole: bool,
    /// What was done to it.
    pub fault: String,
    /// Bytes of the answer's body that were written.
    pub sent: u64,
    /// When it was over, counted from the origin's start.
    pub ended: Option<Duration>,
    /// How long the answer asked to wait, in whole seconds of `Retry-After`.
    pub hint: Option<Duration>,
    /// Whether the answer proved that the request was not processed: `REFUSED_STREAM`, or a
    /// `GOAWAY` that names an earlier stream as the last.
    pub refused: bool,
    /// Whether the whole answer, as far as the script allowed one, was written.
    pub answered: bool,
    /// Whether the client left before the answer, as far as the script allowed one, was written,
    /// or while the origin stalled.
    pub client_left: bool,
}

impl Seen {
    /// The value of a header, when it is there once and is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let value = values.next()?.to_str().ok()?;
        values.next().is_none().then_some(value)
    }
}

/// Requests that arrived whole and were not refused, and so may have had an effect, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Effects {
    /// All of them.
    pub total: usize,
    /// By method.
    pub by_method: BTreeMap<String, usize>,
    /// By `Idempotency-Key`; those without one are not in here.
    pub by_key: BTreeMap<String, usize>,
}

impl Effects {
    /// The effects of these requests.
    #[must_use]
    pub fn of<'a>(log: impl IntoIterator<Item = &'a Seen>) -> Self {
        let mut effects = Effects::default();
        for seen in log.into_iter().filter(|seen| seen.whole && !seen.refused) {
            effects.total += 1;
            let method = seen.method.to_string();
            *effects.by_method.entry(method).or_default() += 1;
            if let Some(key) = seen.header("idempotency-key") {
                *effects.by_key.entry(key.to_owned()).or_default() += 1;
            }
        }
        effects
    }

    /// How many there were with this method.
    #[must_use]
    pub fn method(&self, method: &str) -> usize {
        self.by_method.get(method).copied().unwrap_or(0)
    }

    /// How many there were with this `Idempotency-Key`.
    #[must_use]
    pub fn key(&self, key: &str) -> usize {
        self.by_key.get(key).copied().unwrap_or(0)
    }
}
