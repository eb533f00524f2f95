//! Whether a request may be sent a second time although the first may have had an effect.

use http::{HeaderMap, HeaderName, Method};
use std::fmt;
use std::sync::Arc;

/// The header that makes any request repeatable: a server that knows it does the work once
/// (draft-ietf-httpapi-idempotency-key-header).
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Who has agreed that a request may be sent again although it may have had an effect.
///
/// Consent is asked for only when it matters: a request that certainly was not processed
/// ([`Delivery::is_unprocessed`](buttress_core::Delivery::is_unprocessed)) is sent again under
/// every consent but `Never`.
///
/// An answer is no such proof, not even 421 and 425. The RFCs would let a client send any method again
/// after them (RFC 9110, section 15.5.20; RFC 8470, section 5.2), but over another connection, or
/// because it had sent early data, and a layer above a pool can see to neither.
///
/// ```
/// use buttress_retry::Consent;
/// use http::{HeaderMap, Method};
///
/// let none = HeaderMap::new();
/// assert!(Consent::Standard.allows(&Method::GET, &none));
/// assert!(!Consent::Standard.allows(&Method::POST, &none));
///
/// let mut keyed = HeaderMap::new();
/// keyed.insert("idempotency-key", "b1c7".parse()?);
/// assert!(Consent::Standard.allows(&Method::POST, &keyed));
///
/// let searches = Consent::custom(|method, _headers| method.as_str() == "SEARCH");
/// assert!(searches.allows(&Method::from_bytes(b"SEARCH")?, &none));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
#[non_exhaustive]
pub enum Consent {
    /// Idempotent methods (RFC 9110, section 9.2.2, and `QUERY`), and requests that carry an
    /// `Idempotency-Key`.
    #[default]
    Standard,
    /// Every request: the caller knows that having the effect twice does no harm.
    Always,
    /// No request, not even one that certainly was not processed: there is one attempt.
    Never,
    /// What this function says of the method and the headers.
    Custom(Rule),
}

/// The function of [`Consent::Custom`].
#[derive(Clone)]
pub struct Rule(Arc<RuleFn>);

type RuleFn = dyn Fn(&Method, &HeaderMap) -> bool + Send + Sync;

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rule(..)")
    }
}

impl Consent {
    /// Consent for the requests of which `rule` says yes.
    pub fn custom(rule: impl Fn(&Method, &HeaderMap) -> bool + Send + Sync + 'static) -> Self {
        Consent::Custom(Rule(Arc::new(rule)))
    }

    /// Whether a request like this may be sent again although it may have had an effect.
    #[must_use]
    pub fn allows(&self, method: &Method, headers: &HeaderMap) -> bool {
        match self {
            Consent::Standard => is_idempotent(method) || has_key(headers),
            Consent::Always => true,
            Consent::Never => false,
            Consent::Custom(Rule(rule)) => rule(method, headers),
        }
    }
}

impl fmt::Debug for Consent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Consent::Standard => "Standard",
            Consent::Always => "Always",
            Consent::Never => "Never",
            Consent::Custom(_) => "Custom",
        })
    }
}

pub(crate) fn is_idempotent(method: &Method) -> bool {
    method.is_idempotent() || method.as_str() == "QUERY"
}

fn has_key(headers: &HeaderMap) -> bool {
    headers
        .get(IDEMPOTENCY_KEY)
        .is_some_and(|value| !value.as_bytes().trim_ascii().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standard_consent_follows_the_method() {
        for (method, allowed) in [
            ("GET", true),
            ("HEAD", true),
            ("OPTIONS", true),
            ("TRACE", true),
            ("PUT", true),
            ("DELETE", true),
            ("QUERY", true),
            ("POST", false),
            ("PATCH", false),
            ("CONNECT", false),
            ("get", false),
            ("PURGE", false),
        ] {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            assert_eq!(
                Consent::Standard.allows(&method, &HeaderMap::new()),
                allowed,
                "{method}"
            );
        }
    }

    #[test]
    fn an_empty_key_is_no_key() {
        let mut headers = HeaderMap::new();
        // White space around a value is no part of it (RFC 9110, section 5.5).
        for empty in ["", " ", "\t "] {
            headers.insert(IDEMPOTENCY_KEY, http::HeaderValue::from_static(empty));
            assert!(!Consent::Standard.allows(&Method::POST, &headers));
        }
    }

    #[test]
    fn never_means_never() {
        assert!(!Consent::Never.allows(&Method::GET, &HeaderMap::new()));
        assert!(Consent::Always.allows(&Method::POST, &HeaderMap::new()));
    }
}
