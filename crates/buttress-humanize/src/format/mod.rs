//! In which form an explanation is sent.

mod accept;
mod columns;
mod html;
mod problem;
mod report;
mod text;

pub(crate) use self::accept::Accepted;
pub use self::report::Report;

use crate::{Explanation, Render, Rendered};
use buttress_core::Failure;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue};

/// The form in which an explanation is sent to whoever called.
///
/// ```
/// use buttress_core::{Failure, FailureKind};
/// use buttress_humanize::{Call, Catalog, English, Format};
/// use http::header::{ACCEPT, HeaderMap, HeaderValue};
///
/// let mut headers = HeaderMap::new();
/// assert_eq!(Format::negotiate(&headers), Format::ProblemJson);
/// headers.insert(ACCEPT, HeaderValue::from_static("text/plain, application/json;q=0.5"));
/// assert_eq!(Format::negotiate(&headers), Format::Text);
///
/// let failure = Failure::new(FailureKind::Dns);
/// let explanation = English.explain(&failure, &Call::to("api.example.com"));
/// let text = Format::Text.render(&failure, &explanation);
/// assert!(text.starts_with("The server's name was not found\n"));
/// let json = Format::ProblemJson.render(&failure, &explanation);
/// assert!(json.contains(r#""code": "dns""#));
/// ```
///
/// # Members of the problem document
///
/// | member | what |
/// |---|---|
/// | `type` | `urn:buttress:problem:` and the [code](buttress_core::FailureKind::code): a name, not an address; it needs no host to be up. `docs/problems.md` in the repository describes each |
/// | `title`, `detail` | the title, and the paragraph that `{:#}` prints |
/// | `status` | the status of the response |
/// | `code`, `phase` | the stable codes of the failure |
/// | `side` | `caller`, `network`, `intermediary`, `server` or `unknown` |
/// | `attempts` | how often the whole request was sent |
/// | `waited_ms` | how long was waited between attempts, in milliseconds |
/// | `next_steps` | an array of texts, first things first |
/// | `may_retry` | whether a program may send the same request again by itself |
/// | `retry_after_s` | whole seconds to wait before that; only when the server said so |
/// | `reference` | only when the [`Reference`](crate::Reference) is known |
///
/// The first four are those of RFC 9457, section 3.1; the others are extension members
/// (section 3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// `application/problem+json` (RFC 9457), one member a line.
    ProblemJson,
    /// `text/plain`, for terminals and logs. For more than plain text see [`Report`].
    Text,
    /// `text/html`, for browsers: a page without scripts that fetches nothing.
    Html,
}

impl Format {
    /// The format these request headers prefer (RFC 9110, section 12.5.1).
    ///
    /// The highest quality wins; of equal ones the format that is named more exactly; and in the
    /// end the problem document, which is also sent when nothing on offer is acceptable: an
    /// explanation in an unexpected format helps more than none. `application/json` takes a
    /// problem document too. Browsers get the page. Members that cannot be read are passed over.
    #[must_use]
    pub fn negotiate(headers: &HeaderMap) -> Self {
        accept::negotiate(headers)
    }

    /// The `Content-Type`.
    #[must_use]
    pub fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Format::ProblemJson => "application/problem+json",
            Format::Text => "text/plain; charset=utf-8",
            Format::Html => "text/html; charset=utf-8",
        })
    }

    /// The body of a response that explains this failure.
    #[must_use]
    pub fn render(self, failure: &Failure, explanation: &Explanation) -> String {
        match self {
            Format::ProblemJson => problem::render(failure, explanation),
            Format::Text => text::render(failure, explanation),
            Format::Html => html::render(failure, explanation),
        }
    }

    /// The `error` event that ends an event stream that has begun (WHATWG HTML, section 9.2): its
    /// data is the problem document, in one line.
    ///
    /// ```
    /// use buttress_core::{Failure, FailureKind};
    /// use buttress_humanize::{Call, Catalog, English, Format};
    ///
    /// let failure = Failure::new(FailureKind::ConnectionReset);
    /// let told = English.explain(&failure, &Call::unknown());
    /// let event = Format::error_event(&failure, &told);
    /// assert!(event.starts_with("event: error\ndata: {"));
    /// assert!(event.ends_with("}\n\n"));
    /// assert_eq!(event.lines().count(), 3);
    /// ```
    #[must_use]
    pub fn error_event(failure: &Failure, explanation: &Explanation) -> String {
        let json = problem::render(failure, explanation);
        let mut event = String::with_capacity(json.len() + 24);
        event.push_str("event: error\ndata: ");
        // On one line, for those who read only the first. The texts have no line breaks left.
        for line in json.lines() {
            event.push_str(line.trim_start());
        }
        event.push_str("\n\n");
        event
    }
}

/// Always in this format, whatever `Accept` says. Streams end in the `error` event.
impl Render for Format {
    fn document(&self, failure: &Failure, told: &Explanation) -> Rendered {
        Rendered::new(self.content_type(), self.render(failure, told))
    }

    fn event(&self, failure: &Failure, told: &Explanation) -> Bytes {
        Format::error_event(failure, told).into()
    }
}
