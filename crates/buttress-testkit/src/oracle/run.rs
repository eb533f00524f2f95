//! What a call did.

use crate::collect::Collected;
use crate::origin::Seen;
use buttress_core::classify::Chain;
use buttress_core::{Failure, FailureKind};
use bytes::Bytes;
use http::{HeaderMap, Method};
use std::time::Duration;

/// What the consumer of a body got.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivered {
    /// The data.
    pub bytes: Bytes,
    /// The trailers.
    pub trailers: Option<HeaderMap>,
    /// How it ended.
    pub end: End,
}

/// How a body ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum End {
    /// As a body that is complete.
    Clean,
    /// With a failure of this kind.
    Failed(FailureKind),
    /// With an error that nobody classified.
    Unclassified(String),
    /// The consumer stopped reading.
    Abandoned,
}

impl Delivered {
    /// These bytes and a clean end.
    #[must_use]
    pub fn clean(bytes: impl Into<Bytes>) -> Self {
        Delivered::new(bytes, End::Clean)
    }

    /// These bytes and a failure. Without bytes: a call that failed before there was a body.
    #[must_use]
    pub fn failed(bytes: impl Into<Bytes>, kind: FailureKind) -> Self {
        Delivered::new(bytes, End::Failed(kind))
    }

    /// These bytes and this end.
    #[must_use]
    pub fn new(bytes: impl Into<Bytes>, end: End) -> Self {
        Delivered {
            bytes: bytes.into(),
            trailers: None,
            end,
        }
    }

    /// The same with trailers.
    #[must_use]
    pub fn with_trailers(mut self, trailers: HeaderMap) -> Self {
        self.trailers = Some(trailers);
        self
    }
}

impl From<Collected> for Delivered {
    fn from(collected: Collected) -> Self {
        let end = match &collected.error {
            None => End::Clean,
            Some(error) => Chain::new(&**error)
                .find_map(|error| error.downcast_ref::<Failure>())
                .map_or_else(
                    || End::Unclassified(collected.end()),
                    |failure| End::Failed(failure.kind()),
                ),
        };
        Delivered {
            bytes: collected.bytes,
            trailers: collected.trailers,
            end,
        }
    }
}

/// One request of a call, as the far side saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Try {
    /// When it arrived.
    pub at: Duration,
    /// When it was over.
    pub ended: Duration,
    /// Its method.
    pub method: Method,
    /// Its `Idempotency-Key`.
    pub key: Option<String>,
    /// How long its answer asked to wait.
    pub hint: Option<Duration>,
    /// The answer proved that it was not processed.
    pub refused: bool,
    /// Bytes of a body that were sent in answer.
    pub sent: u64,
}

impl Try {
    /// A request with this method that arrived and was over at this moment.
    #[must_use]
    pub fn new(method: Method, at: Duration) -> Self {
        Try {
            at,
            ended: at,
            method,
            key: None,
            hint: None,
            refused: false,
            sent: 0,
        }
    }

    /// Sets the hint of its answer.
    #[must_use]
    pub fn hint(mut self, hint: Duration) -> Self {
        self.hint = Some(hint);
        self
    }

    /// Sets when it was over.
    #[must_use]
    pub fn ended(mut self, ended: Duration) -> Self {
        self.ended = ended;
        self
    }

    /// Sets its key.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Marks it as proven not to have been processed.
    #[must_use]
    pub fn refused(mut self) -> Self {
        self.refused = true;
        self
    }

    /// Sets how many bytes of a body were sent in answer.
    #[must_use]
    pub fn sent(mut self, bytes: u64) -> Self {
        self.sent = bytes;
        self
    }
}

impl From<&Seen> for Try {
    fn from(seen: &Seen) -> Self {
        Try {
            key: seen.header("idempotency-key").map(str::to_owned),
            sent: seen.sent,
            ended: seen.ended.unwrap_or(seen.at),
            hint: seen.hint,
            refused: seen.refused,
            ..Try::new(seen.method.clone(), seen.at)
        }
    }
}

/// One call: what it delivered, and what it did for it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Run {
    /// What the consumer got.
    pub delivered: Delivered,
    /// The requests that were sent for it, oldest first.
    pub tries: Vec<Try>,
    /// How long it took.
    pub elapsed: Duration,
    /// The most requests there were in flight at once.
    pub peak_in_flight: usize,
}

impl Run {
    /// A call of which only the delivery is known.
    #[must_use]
    pub fn of(delivered: impl Into<Delivered>) -> Self {
        Run {
            delivered: delivered.into(),
            tries: Vec::new(),
            elapsed: Duration::ZERO,
            peak_in_flight: 0,
        }
    }

    /// Adds the requests that were sent for it.
    #[must_use]
    pub fn tries(mut self, tries: impl IntoIterator<Item = impl Into<Try>>) -> Self {
        self.tries.extend(tries.into_iter().map(Into::into));
        self
    }

    /// Sets how long it took.
    #[must_use]
    pub fn elapsed(mut self, elapsed: Duration) -> Self {
        self.elapsed = elapsed;
        self
    }

    /// Sets the most requests there were in flight at once.
    #[must_use]
    pub fn peak_in_flight(mut self, count: usize) -> Self {
        self.peak_in_flight = count;
        self
    }
}
