//! How a failure looks to the clients of an API.

use crate::Dialect;
use crate::errors::Told;
use buttress_core::Failure;
use buttress_humanize::{Explanation, Render, Rendered};
use bytes::Bytes;

/// The errors of an API in its own shape, with the words of humanize: in a response, and in an
/// event stream that has begun.
///
/// A [`CallLayer`](crate::CallLayer) outside of a
/// [`HumanizeLayer`](buttress_humanize::HumanizeLayer) in response mode gives each call the shape
/// of its API. `x-should-retry: false` on exhausted failures is humanize's own doing.
///
/// ```
/// use buttress_core::{Failure, FailureKind};
/// use buttress_humanize::{Call, Catalog, English, Render};
/// use buttress_llm::{Dialect, ErrorShape};
///
/// let failure = Failure::new(FailureKind::Overloaded);
/// let told = English.explain(&failure, &Call::unknown());
/// let shape = ErrorShape::of(Dialect::Messages);
/// let document = shape.document(&failure, &told);
/// assert!(document.body().starts_with(br#"{"type":"error","error":{"type":"overloaded_error","#));
/// assert!(shape.event(&failure, &told).starts_with(b"event: error\ndata: {"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorShape(Dialect);

impl ErrorShape {
    /// The shape of this API's errors.
    #[must_use]
    pub const fn of(dialect: Dialect) -> Self {
        ErrorShape(dialect)
    }
}

impl ErrorShape {
    /// The events that end a stream of which this much is known.
    pub(crate) fn last_events(
        self,
        failure: &Failure,
        told: &Explanation,
        id: Option<&str>,
        sequence: Option<u64>,
    ) -> Bytes {
        let message = format!("{told:#}");
        let told = Told {
            id,
            sequence,
            ..Told::new(failure, &message)
        };
        self.0.error_event(&told).into()
    }
}

impl Render for ErrorShape {
    fn document(&self, failure: &Failure, told: &Explanation) -> Rendered {
        let message = format!("{told:#}");
        Rendered::json(self.0.error_document(&Told::new(failure, &message)))
    }

    fn event(&self, failure: &Failure, told: &Explanation) -> Bytes {
        self.last_events(failure, told, None, None)
    }
}
