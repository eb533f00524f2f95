//! The names of headers that need not be copied.

use http::header::{self, HeaderName};
use std::hash::{Hash, Hasher};
use std::sync::LazyLock;

/// The number of a known name; `None` for others. Means nothing unless names [`have_numbers`].
///
/// What a name that is a constant in `http::header` feeds to a hasher is its number among those
/// constants: an enum's derived `Hash`. Others end with text. Asking that way costs one instruction.
#[inline(always)]
pub(super) fn number(name: &HeaderName) -> Option<u8> {
    let mut last = Last(None);
    name.hash(&mut last);
    let number = last.0?;
    if (0..KNOWN.len() as isize).contains(&number) {
        Some(number as u8)
    } else {
        None
    }
}

/// The name with this number.
pub(super) fn numbered(number: u8) -> Option<&'static HeaderName> {
    KNOWN.get(usize::from(number))
}

/// Whether all of that holds in the version of `http` at hand, which promises nothing of the kind:
/// looked up once, in case it comes to number its names otherwise or not at all.
#[inline]
pub(super) fn have_numbers() -> bool {
    static HOLDS: LazyLock<bool> = LazyLock::new(|| {
        let mut known = KNOWN.iter().zip(0..);
        known.all(|(name, n)| number(name) == Some(n))
            && number(&HeaderName::from_static("x-unknown")).is_none()
    });
    *HOLDS
}

/// A hasher that remembers the last number, unless text came after it.
struct Last(Option<isize>);

impl Hasher for Last {
    #[inline(always)]
    fn write(&mut self, _: &[u8]) {
        self.0 = None;
    }

    #[inline(always)]
    fn write_isize(&mut self, number: isize) {
        self.0 = Some(number);
    }

    fn finish(&self) -> u64 {
        0 // nobody asks
    }
}

/// In the order of their numbers.
static KNOWN: [HeaderName; 81] = [
    header::ACCEPT,
    header::ACCEPT_CHARSET,
    header::ACCEPT_ENCODING,
    header::ACCEPT_LANGUAGE,
    header::ACCEPT_RANGES,
    header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
    header::ACCESS_CONTROL_ALLOW_HEADERS,
    header::ACCESS_CONTROL_ALLOW_METHODS,
    header::ACCESS_CONTROL_ALLOW_ORIGIN,
    header::ACCESS_CONTROL_EXPOSE_HEADERS,
    header::ACCESS_CONTROL_MAX_AGE,
    header::ACCESS_CONTROL_REQUEST_HEADERS,
    header::ACCESS_CONTROL_REQUEST_METHOD,
    header::AGE,
    header::ALLOW,
    header::ALT_SVC,
    header::AUTHORIZATION,
    header::CACHE_CONTROL,
    header::CACHE_STATUS,
    header::CDN_CACHE_CONTROL,
    header::CONNECTION,
    header::CONTENT_DISPOSITION,
    header::CONTENT_ENCODING,
    header::CONTENT_LANGUAGE,
    header::CONTENT_LENGTH,
    header::CONTENT_LOCATION,
    header::CONTENT_RANGE,
    header::CONTENT_SECURITY_POLICY,
    header::CONTENT_SECURITY_POLICY_REPORT_ONLY,
    header::CONTENT_TYPE,
    header::COOKIE,
    header::DNT,
    header::DATE,
    header::ETAG,
    header::EXPECT,
    header::EXPIRES,
    header::FORWARDED,
    header::FROM,
    header::HOST,
    header::IF_MATCH,
    header::IF_MODIFIED_SINCE,
    header::IF_NONE_MATCH,
    header::IF_RANGE,
    header::IF_UNMODIFIED_SINCE,
    header::LAST_MODIFIED,
    header::LINK,
    header::LOCATION,
    header::MAX_FORWARDS,
    header::ORIGIN,
    header::PRAGMA,
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::PUBLIC_KEY_PINS,
    header::PUBLIC_KEY_PINS_REPORT_ONLY,
    header::RANGE,
    header::REFERER,
    header::REFERRER_POLICY,
    header::REFRESH,
    header::RETRY_AFTER,
    header::SEC_WEBSOCKET_ACCEPT,
    header::SEC_WEBSOCKET_EXTENSIONS,
    header::SEC_WEBSOCKET_KEY,
    header::SEC_WEBSOCKET_PROTOCOL,
    header::SEC_WEBSOCKET_VERSION,
    header::SERVER,
    header::SET_COOKIE,
    header::STRICT_TRANSPORT_SECURITY,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::USER_AGENT,
    header::UPGRADE,
    header::UPGRADE_INSECURE_REQUESTS,
    header::VARY,
    header::VIA,
    header::WARNING,
    header::WWW_AUTHENTICATE,
    header::X_CONTENT_TYPE_OPTIONS,
    header::X_DNS_PREFETCH_CONTROL,
    header::X_FRAME_OPTIONS,
    header::X_XSS_PROTECTION,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_name_has_its_number() {
        assert!(have_numbers());
        for (n, name) in KNOWN.iter().enumerate() {
            assert_eq!(number(name).map(usize::from), Some(n), "{name}");
            assert_eq!(numbered(n as u8), Some(name));
            // The same when it comes from the wire.
            let read = HeaderName::from_bytes(name.as_str().to_uppercase().as_bytes());
            assert_eq!(number(&read.unwrap()).map(usize::from), Some(n));
        }
        assert_eq!(numbered(KNOWN.len() as u8), None);
    }

    #[test]
    fn other_names_have_none() {
        for name in ["x-request-id", "accept-", "h", "keep-alive", "9"] {
            let name = HeaderName::from_static(name);
            assert_eq!(number(&name), None, "{name}");
        }
    }
}
