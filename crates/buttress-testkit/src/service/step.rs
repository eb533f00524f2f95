//! What a scripted service does: with a request, and before one.

use super::ScriptedBody;
use crate::collect::{Collected, collect};
use buttress_core::BoxError;
use http::{HeaderName, HeaderValue, Response, StatusCode};
use http_body::Body;
use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::time::Duration;

/// How a clone of a [`ScriptedService`](super::ScriptedService) becomes ready.
#[derive(Debug)]
#[non_exhaustive]
pub enum Readiness {
    /// At once.
    Now,
    /// After this time.
    After(Duration),
    /// Not at all, with this error. The clone can be asked again.
    Fails(BoxError),
    /// Not at all, with this error. Only another clone may be asked again: this one panics.
    Breaks(BoxError),
    /// Never.
    Never,
}

/// What happens to one request.
pub struct Step<B> {
    pub(super) reader: Option<Reader<B>>,
    pub(super) delay: Duration,
    pub(super) outcome: Outcome,
}

pub(super) type Reading = Pin<Box<dyn Future<Output = Collected> + Send>>;
type Reader<B> = Box<dyn FnOnce(B) -> Reading + Send>;

#[derive(Debug)]
pub(super) enum Outcome {
    Respond(Box<Response<ScriptedBody>>),
    Fail(BoxError),
    Hang,
}

impl<B> Step<B> {
    fn new(outcome: Outcome) -> Self {
        Step {
            reader: None,
            delay: Duration::ZERO,
            outcome,
        }
    }

    /// This response.
    #[must_use]
    pub fn respond(response: Response<ScriptedBody>) -> Self {
        Step::new(Outcome::Respond(Box::new(response)))
    }

    /// A response with status 200 and this body.
    #[must_use]
    pub fn ok(body: impl Into<ScriptedBody>) -> Self {
        Step::respond(Response::new(body.into()))
    }

    /// A response with this status and an empty body.
    ///
    /// Panics unless the status has three digits.
    #[must_use]
    pub fn status(status: u16) -> Self {
        let mut response = Response::new(ScriptedBody::from(""));
        *response.status_mut() = StatusCode::from_u16(status).expect("a status of three digits");
        Step::respond(response)
    }

    /// This error.
    #[must_use]
    pub fn fail(error: impl Into<BoxError>) -> Self {
        Step::new(Outcome::Fail(error.into()))
    }

    /// An [`io::Error`] of this kind.
    #[must_use]
    pub fn io(kind: io::ErrorKind) -> Self {
        Step::fail(io::Error::from(kind))
    }

    /// Nothing, ever.
    #[must_use]
    pub fn hang() -> Self {
        Step::new(Outcome::Hang)
    }

    /// The same this much later.
    #[must_use]
    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Adds a header to the response.
    ///
    /// Panics when the header cannot be sent, and when the step gives no response.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl AsRef<str>) -> Self {
        let value = HeaderValue::from_str(value.as_ref()).expect("a value that can be sent");
        let Outcome::Respond(response) = &mut self.outcome else {
            panic!("a step without a response has no headers");
        };
        let headers = response.headers_mut();
        headers.append(HeaderName::from_static(name), value);
        self
    }

    /// Reads the request's body to its end first: see
    /// [`take_collected`](super::ScriptedService::take_collected).
    #[must_use]
    pub fn reading(mut self) -> Self
    where
        B: Body + Send + 'static,
        B::Data: Send,
        B::Error: Into<BoxError>,
    {
        self.reader = Some(Box::new(|body| Box::pin(collect(body))));
        self
    }
}

impl<B> fmt::Debug for Step<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Step")
            .field("reads", &self.reader.is_some())
            .field("delay", &self.delay)
            .field("outcome", &self.outcome)
            .finish()
    }
}
