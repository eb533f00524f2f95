//! Takes secrets out of texts: the one redaction that every message, log line and `Debug` uses.
//!
//! What goes, replaced by `[redacted]`:
//!
//! - user names, passwords, queries and fragments of URLs, and segments of their paths that look
//!   like tokens; scheme, host, port and the rest of the path stay;
//! - the values of `Authorization`, `Cookie`, `x-api-key`, `password`, `client_secret` and their
//!   like, as `name: value`, as `name=value`, in JSON and XML, in the escapes of URLs and HTML, and
//!   as `Debug` of Rust, Python, Go and Ruby prints them;
//! - passwords and tokens among the options of command lines, `--password x`, `-u name:x`, and
//!   behind the words that other languages have for a password;
//! - what follows `Bearer` or `Basic`; tokens with the prefixes of well-known issuers (`sk-`,
//!   `AIza`, `ghp_`, `xoxb-`, `AKIA`, …); JSON Web Tokens; PEM blocks;
//! - any other token of 20 characters or more in which letters and digits are mixed the way no
//!   name is, unless it is announced as the id of a request.
//!
//! What stays is made safe to print on one line: line breaks and tabs become spaces, other control
//! characters and those that turn the direction of writing become U+FFFD, and a text longer than
//! [`LIMIT`] ends in `…`, or in a mark where it has no gap for so long.
//!
//! A guess in doubt falls on the side of the secret. Redacting twice changes nothing more, and the
//! cost is linear in the length of the text.
//!
//! ```
//! use buttress_core::redact;
//!
//! assert_eq!(
//!     redact::text("GET https://ann:s3cret@api.example.com:8443/v1/models?key=AIzaSyD3 failed"),
//!     "GET https://[redacted]@api.example.com:8443/v1/models?[redacted] failed",
//! );
//! assert_eq!(
//!     redact::text(r#"{"authorization": "Bearer abc", "accept": "text/event-stream"}"#),
//!     r#"{"authorization": "[redacted]", "accept": "text/event-stream"}"#,
//! );
//! assert_eq!(
//!     redact::text("status 429, request id: req_011CSHoEeqs5C35K2UUqR7Fy\n"),
//!     "status 429, request id: req_011CSHoEeqs5C35K2UUqR7Fy ",
//! );
//! ```

mod name;
mod option;
mod run;
mod token;
mod url;
mod value;

#[cfg(test)]
mod tests;

use http::{HeaderName, Uri};
use std::borrow::Cow;

/// The most that [`text()`] returns. Bytes.
pub const LIMIT: usize = 4096;

/// Stands for what was taken out.
const MARK: &str = "[redacted]";
/// Stands for what did not fit.
const MORE: &str = "…";
/// So often at most is read once more what came out: what a mark is joined to may look like a secret.
const READ_AGAIN: usize = 4;

/// The text without anything that may be a secret, on one line, at most [`LIMIT`] bytes long.
///
/// Borrowed when there was nothing to change. See the [module](self) for what is taken out.
#[must_use]
pub fn text(text: &str) -> Cow<'_, str> {
    let Some(mut clean) = once(text) else {
        return Cow::Borrowed(text);
    };
    for _ in 0..READ_AGAIN {
        match once(&clean) {
            Some(cleaner) => clean = cleaner,
            None => break,
        }
    }
    Cow::Owned(clean)
}

/// The text after one reading, if anything in it had to go.
fn once(text: &str) -> Option<String> {
    let mut out = Out::new(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let taken = run::step(rest, c, &mut out);
        rest = rest.get(taken..).unwrap_or_default();
        if !out.end_of_unit() {
            break;
        }
    }
    out.changed.then_some(out.text)
}

/// The URI without user name, password and query, and without tokens in its path.
///
/// ```
/// use buttress_core::redact;
///
/// let uri: http::Uri = "https://ann:s3cret@api.example.com/v1/models?key=AIza".parse()?;
/// assert_eq!(redact::url(&uri), "https://api.example.com/v1/models");
/// # Ok::<(), http::uri::InvalidUri>(())
/// ```
#[must_use]
pub fn url(uri: &Uri) -> String {
    let mut out = Out::new(LIMIT);
    if let Some(scheme) = uri.scheme_str() {
        out.copy(scheme);
        out.copy("://");
    }
    if let Some(host) = uri.host() {
        out.copy(host);
        if let Some(port) = uri.port() {
            out.copy(":");
            out.copy(port.as_str());
        }
    }
    out.end_of_unit();
    if uri.path() != "/" || uri.host().is_none() {
        url::path(uri.path(), &mut out);
        out.end_of_unit();
    } else {
        out.copy("/");
    }
    out.text
}

/// Whether the values of this header are secrets.
///
/// ```
/// use buttress_core::redact;
/// use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName};
///
/// assert!(redact::is_secret_header(&AUTHORIZATION));
/// assert!(redact::is_secret_header(&HeaderName::from_static("x-goog-api-key")));
/// assert!(!redact::is_secret_header(&CONTENT_TYPE));
/// assert!(!redact::is_secret_header(&HeaderName::from_static("idempotency-key")));
/// ```
#[must_use]
pub fn is_secret_header(name: &HeaderName) -> bool {
    name::is_secret(name.as_str())
}

/// The text that is being written, unit by unit.
struct Out {
    text: String,
    /// How long it was after the last unit behind which [`MORE`] still fits.
    safe: usize,
    changed: bool,
}

impl Out {
    fn new(capacity: usize) -> Self {
        Out {
            text: String::with_capacity(capacity.min(LIMIT)),
            safe: 0,
            changed: false,
        }
    }

    /// Adds what is no secret, made safe to print.
    fn copy(&mut self, text: &str) {
        for c in text.chars() {
            let clean = clean(c);
            self.changed |= clean != c;
            self.text.push(clean);
        }
    }

    /// Adds the mark in a secret's place.
    fn redact(&mut self, secret: &str) {
        self.changed |= secret != MARK;
        self.text.push_str(MARK);
    }

    /// Whether there is room for more; if not, what did not fit is cut off.
    fn end_of_unit(&mut self) -> bool {
        if self.text.len() > LIMIT {
            self.text.truncate(self.safe);
            self.text.push_str(MORE);
            self.changed = true;
            return false;
        }
        if self.text.len() <= LIMIT - MORE.len() {
            self.safe = self.text.len();
        }
        true
    }
}

/// The character, or what may be printed in its place.
fn clean(c: char) -> char {
    match c {
        '\u{2028}' | '\u{2029}' => ' ',
        c if c.is_control() && c.is_whitespace() => ' ',
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        // Marks, embeddings, overrides and isolates (Unicode Standard Annex 9).
        '\u{061C}'
        | '\u{200E}'
        | '\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2066}'..='\u{2069}' => char::REPLACEMENT_CHARACTER,
        c => c,
    }
}
