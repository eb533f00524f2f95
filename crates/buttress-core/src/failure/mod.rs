//! The one failure value of the suite.
//!
//! Every layer and every body of the suite fails with a [`Failure`], and a failing response is
//! classified into one. It is a pointer wide and allocated only when something fails. It is
//! opaque: it answers questions ([`kind`](Failure::kind), [`phase`](Failure::phase),
//! [`delivery`](Failure::delivery), [`hint`](Failure::hint), [`history`](Failure::history), …)
//! and keeps the original error, untouched, as its [`source`](std::error::Error::source).
//!
//! Layers stacked in any order add what they know to one value: converting a boxed error that
//! has a `Failure` in its chain finds that one instead of wrapping it a second time.
//!
//! ```
//! use buttress_core::{BoxError, Delivery, Failure, FailureKind};
//! use std::io;
//!
//! let error: BoxError = io::Error::from(io::ErrorKind::ConnectionRefused).into();
//! let failure = Failure::from(error);
//! assert_eq!(failure.kind(), FailureKind::ConnectionRefused);
//! assert_eq!(failure.kind().code(), "connection_refused");
//! assert_eq!(failure.delivery(), Delivery::NotSent);
//! assert_eq!(failure.to_string(), "nobody accepts connections at that address");
//!
//! // A second conversion finds the same value.
//! let again = Failure::from(BoxError::from(failure));
//! assert_eq!(again.kind(), FailureKind::ConnectionRefused);
//! assert!(again.find::<io::Error>().is_some());
//! ```
//!
//! # Secrets
//!
//! `Display` is made of fixed sentences and numbers only. `Debug` shows the chain of sources for
//! logs, [redacted](crate::redact).

#[cfg(feature = "axum")]
mod axum;
mod evidence;
mod history;
mod kind;
mod outward;
mod reference;
mod words;

pub use self::evidence::{Delivery, Limit, Phase, StopReason};
pub use self::history::{Action, Attempt, HISTORY_CAP, History};
pub use self::kind::{FailureKind, Side};
pub use self::reference::Reference;

use crate::classify::{self, Chain, Classification};
use crate::hint::Hint;
use crate::{BoxError, redact};
use http::{Extensions, HeaderMap, Response, StatusCode};
use std::error::Error;
use std::fmt;
use std::sync::Arc;

/// One failed call, or one failed body: what happened, how far it came, what was tried.
///
/// See the [module](crate::failure) for an example.
#[derive(Clone)]
pub struct Failure(Box<Inner>);

#[derive(Clone)]
struct Inner {
    kind: FailureKind,
    phase: Phase,
    is_phase_known: bool,
    delivery: Delivery,
    transient: bool,
    hint: Option<Hint>,
    stopped: Option<StopReason>,
    limit: Option<Limit>,
    history: History,
    words: Option<Arc<dyn fmt::Display + Send + Sync>>,
    details: Extensions,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

impl Failure {
    /// A failure of this kind, without a source: for layers that find a failure themselves.
    ///
    /// Starts out as [`Phase::Head`] and [`Delivery::Unknown`], the cautious reading, and as
    /// transient as its kind.
    #[must_use]
    pub fn new(kind: FailureKind) -> Self {
        Failure(Box::new(Inner {
            kind,
            phase: Phase::Head,
            is_phase_known: true,
            delivery: Delivery::Unknown,
            transient: kind.is_transient(),
            hint: None,
            stopped: None,
            limit: None,
            history: History::new(),
            words: None,
            details: Extensions::new(),
            source: None,
        }))
    }

    /// Classifies an error that came instead of a response, or while waiting in `phase`.
    ///
    /// A `Failure` in the error's chain is taken out instead of being wrapped; `phase` counts
    /// only when the error itself does not know better.
    #[must_use]
    pub fn from_error(error: BoxError, phase: Phase) -> Self {
        let error = match error.downcast::<Failure>() {
            Ok(failure) => return *failure,
            Err(error) => error,
        };
        if let Some(nested) = classify::nested(&*error) {
            return nested.clone();
        }
        let class = classify::error(&*error, phase);
        let mut failure = Failure::from(class);
        failure.0.source = Some(Arc::from(error));
        failure
    }

    /// Classifies an error of `poll_ready`: a service that is not ready took no request, so nothing
    /// was sent.
    ///
    /// ```
    /// use buttress_core::{Delivery, Failure, FailureKind};
    ///
    /// let failure = Failure::unready("the queue is closed");
    /// assert_eq!(failure.kind(), FailureKind::Unreachable);
    /// assert_eq!(failure.delivery(), Delivery::NotSent);
    /// ```
    #[must_use]
    pub fn unready(error: impl Into<BoxError>) -> Self {
        let mut failure = Failure::from_error(error.into(), Phase::Connect);
        if failure.0.delivery == Delivery::Unknown {
            failure.0.delivery = Delivery::NotSent;
        }
        failure
    }

    /// Classifies an error of a response body of which `bytes` had arrived.
    #[must_use]
    pub fn in_body(error: impl Into<BoxError>, bytes: u64) -> Self {
        let mut failure = Failure::from_error(error.into(), Phase::Body);
        if failure.0.phase == Phase::Body && failure.0.delivery == Delivery::Unknown {
            failure.0.delivery = Delivery::Partial { bytes };
        }
        failure
    }

    /// The failure that a response stands for, if it stands for one.
    ///
    /// That is the failure a layer [attached](Failure::attach) to it, or else what its status and
    /// headers say: any status from 400 to 599 is a failure.
    #[must_use]
    pub fn of_response<B>(response: &Response<B>) -> Option<Self> {
        match Failure::of(response.extensions()) {
            Some(attached) => Some(attached.clone()),
            None => Failure::from_head(response.status(), response.headers()),
        }
    }

    /// Classifies the head of a response: `None` unless its status is 400 to 599.
    #[must_use]
    pub fn from_head(status: StatusCode, headers: &HeaderMap) -> Option<Self> {
        let mut failure = Failure::from(classify::head(status, headers)?);
        if let Some(reference) = Reference::from_headers(headers) {
            failure.details_mut().insert(reference);
        }
        Some(failure)
    }

    /// The failure attached to these response extensions.
    #[must_use]
    #[inline]
    pub fn of(extensions: &Extensions) -> Option<&Self> {
        extensions.get::<Failure>()
    }

    /// Attaches the failure to a response that stands for it, so that outer layers see through it.
    pub fn attach(self, extensions: &mut Extensions) {
        extensions.insert(self);
    }

    /// What kind of failure it was.
    #[must_use]
    pub fn kind(&self) -> FailureKind {
        self.0.kind
    }

    /// The part of the call that failed.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.0.phase
    }

    /// Whether it is known that it failed there. Of an error that is no more than a text, such as
    /// `fetch failed`, it may not be: then [`phase`](Failure::phase) is the cautious reading.
    #[must_use]
    pub fn is_phase_known(&self) -> bool {
        self.0.is_phase_known
    }

    /// What became of the request.
    #[must_use]
    pub fn delivery(&self) -> Delivery {
        self.0.delivery
    }

    /// Whose side the failure is on.
    #[must_use]
    pub fn side(&self) -> Side {
        self.0.kind.side()
    }

    /// Whether the same request is likely to fare better a little later. Whether it is safe to
    /// send it again is another question: see [`delivery`](Failure::delivery).
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.0.transient
    }

    /// What the server said about trying again.
    #[must_use]
    pub fn hint(&self) -> Option<Hint> {
        self.0.hint
    }

    /// The attempts that failed before this one.
    #[must_use]
    pub fn history(&self) -> &History {
        &self.0.history
    }

    /// Why no further attempt followed, if a layer decided about it.
    #[must_use]
    pub fn stopped(&self) -> Option<StopReason> {
        self.0.stopped
    }

    /// Whether some layer below already spent its tries, or learnt that there must be no more.
    #[must_use]
    pub fn is_exhausted(&self) -> bool {
        self.0.stopped.is_some_and(StopReason::is_exhausted)
    }

    /// The limit that was passed, for the timeouts.
    #[must_use]
    pub fn limit(&self) -> Option<Limit> {
        self.0.limit
    }

    /// What other crates attached to the failure, by type.
    #[must_use]
    pub fn details(&self) -> &Extensions {
        &self.0.details
    }

    /// Room for what other crates attach to the failure, by type.
    pub fn details_mut(&mut self) -> &mut Extensions {
        &mut self.0.details
    }

    /// The first error of type `T` in the chain of sources, contents of `io::Error` included.
    #[must_use]
    pub fn find<T: Error + 'static>(&self) -> Option<&T> {
        Chain::new(self).find_map(|e| e.downcast_ref())
    }

    /// Sets the phase.
    #[must_use]
    pub fn with_phase(mut self, phase: Phase) -> Self {
        self.0.phase = phase;
        self.0.is_phase_known = true;
        self
    }

    /// Says that nobody [knows](Failure::is_phase_known) in which phase it was. It reads as it was.
    #[must_use]
    pub fn without_phase(mut self) -> Self {
        self.0.is_phase_known = false;
        self
    }

    /// Sets what became of the request.
    #[must_use]
    pub fn with_delivery(mut self, delivery: Delivery) -> Self {
        self.0.delivery = delivery;
        self
    }

    /// Sets whether another try may help, where the failure knows better than its kind.
    #[must_use]
    pub fn with_transient(mut self, transient: bool) -> Self {
        self.0.transient = transient;
        self
    }

    /// Sets what the server said about trying again.
    #[must_use]
    pub fn with_hint(mut self, hint: Hint) -> Self {
        self.0.hint = Some(hint);
        self
    }

    /// Sets why no further attempt follows.
    #[must_use]
    pub fn with_stopped(mut self, reason: StopReason) -> Self {
        self.0.stopped = Some(reason);
        self
    }

    /// Sets the limit that was passed.
    #[must_use]
    pub fn with_limit(mut self, limit: Limit) -> Self {
        self.0.limit = Some(limit);
        self
    }

    /// Puts the attempts of an outer layer before those the failure already knows.
    #[must_use]
    pub fn with_earlier(mut self, earlier: &History) -> Self {
        self.0.history.prepend(earlier);
        self
    }

    /// Sets the original error.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.0.source = Some(Arc::from(source.into()));
        self
    }

    /// Sets what `Display` prints instead of the plain sentence: an explanation made for people.
    #[must_use]
    pub fn with_words(mut self, words: Arc<dyn fmt::Display + Send + Sync>) -> Self {
        self.0.words = Some(words);
        self
    }
}

impl From<BoxError> for Failure {
    /// Finds the `Failure` in the chain, or classifies the error as one that came instead of a
    /// response.
    fn from(error: BoxError) -> Self {
        Failure::from_error(error, Phase::Head)
    }
}

impl From<Classification> for Failure {
    fn from(class: Classification) -> Self {
        let mut failure = Failure::new(class.kind)
            .with_phase(class.phase)
            .with_delivery(class.delivery)
            .with_transient(class.transient);
        failure.0.hint = class.hint;
        failure.0.is_phase_known = class.is_phase_known;
        failure
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0
            .source
            .as_deref()
            .map(|source| source as &(dyn Error + 'static))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.words {
            Some(words) => words.fmt(f),
            None => words::sentence(self, f),
        }
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        let mut out = f.debug_struct("Failure");
        out.field("kind", &inner.kind)
            .field("phase", &inner.phase)
            .field("delivery", &inner.delivery)
            .field("transient", &inner.transient);
        if let Some(hint) = &inner.hint {
            out.field("hint", hint);
        }
        if let Some(stopped) = &inner.stopped {
            out.field("stopped", stopped);
        }
        if let Some(limit) = &inner.limit {
            out.field("limit", limit);
        }
        if let Some(reference) = Reference::of(self) {
            out.field("reference", reference);
        }
        if !inner.history.is_empty() {
            out.field("history", &inner.history);
        }
        let sources: Vec<String> = Chain::new(self)
            .skip(1)
            .map(|e| redact::text(&e.to_string()).into_owned())
            .collect();
        out.field("sources", &sources).finish()
    }
}

#[cfg(test)]
mod tests;
