//! The names of headers that need not be copied.

use http::header::{self, HeaderName};
use std::hash::{Hash, Hasher};

/// Where a name stands in the list of those that are known; `None` for others.
#[inline(always)]
pub(super) fn position(name: &HeaderName) -> Option<u8> {
    let mut guess = Guess(None);
    name.hash(&mut guess);
    let position = u8::try_from(guess.0?).ok()?;
    (KNOWN.get(usize::from(position))? == name).then_some(position)
}

/// The name at a position.
pub(super) fn at(position: usize) -> Option<&'static HeaderName> {
    KNOWN.get(position)
}

/// What a name with a constant in `http::header` feeds to a hasher last: its number among them.
/// Others end with text. It is but a guess, and cheap: where it is wrong the name is copied.
struct Guess(Option<isize>);

impl Hasher for Guess {
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
    fn every_known_name_is_found_where_it_stands() {
        for (n, name) in KNOWN.iter().enumerate() {
            assert_eq!(position(name).map(usize::from), Some(n), "{name}");
            assert_eq!(at(n), Some(name));
            // The same when it comes from the wire.
            let read = HeaderName::from_bytes(name.as_str().to_uppercase().as_bytes());
            assert_eq!(position(&read.unwrap()).map(usize::from), Some(n));
        }
        assert_eq!(at(KNOWN.len()), None);
    }

    #[test]
    fn other_names_are_not_found() {
        for name in ["x-request-id", "accept-", "h", "\x00"].map(str::as_bytes) {
            if let Ok(name) = HeaderName::from_bytes(name) {
                assert_eq!(position(&name), None, "{name}");
            }
        }
    }
}
