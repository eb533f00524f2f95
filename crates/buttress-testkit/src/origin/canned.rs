//! An answer that a script gives instead of the honest one.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use std::fmt;

/// A status, headers and a body, given whatever was asked.
///
/// ```
/// use buttress_testkit::{Canned, Fault};
///
/// let busy = Canned::new(503).header("retry-after", "1").body("busy");
/// assert_eq!(busy.to_string(), "503 with retry-after: 1");
/// assert_eq!(Fault::from(busy).to_string(), "503 with retry-after: 1");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canned {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Canned {
    /// An answer with this status, without headers and with an empty body.
    ///
    /// Panics unless the status has three digits.
    #[must_use]
    pub fn new(status: u16) -> Self {
        Canned {
            status: StatusCode::from_u16(status).expect("a status of three digits"),
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }
    }

    /// Adds a header. A `content-length` or `transfer-encoding` replaces the true one.
    ///
    /// Panics when the header cannot be sent.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl AsRef<str>) -> Self {
        let value = HeaderValue::from_str(value.as_ref()).expect("a value that can be sent");
        self.headers.append(HeaderName::from_static(name), value);
        self
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// A page of HTML, as proxies and portals give it.
    #[must_use]
    pub fn html(status: u16, title: &str) -> Self {
        let page = format!("<!doctype html><title>{title}</title><h1>{title}</h1>\n");
        Canned::new(status)
            .header("content-type", "text/html")
            .body(page)
    }
}

impl fmt::Display for Canned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status.as_u16())?;
        for (n, (name, value)) in self.headers.iter().enumerate() {
            let joint = if n == 0 { " with" } else { "," };
            let value = value.to_str().unwrap_or("?");
            write!(f, "{joint} {name}: {value}")?;
        }
        Ok(())
    }
}
