//! Where a request goes, so that a re-opening one goes nowhere else.

use http::header::HOST;
use http::uri::{Authority, Scheme};
use http::{HeaderValue, Request};

/// Scheme, authority and `Host` of a request: what credentials belong to (RFC 6454, RFC 9110,
/// section 4.3.1).
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    scheme: Option<Scheme>,
    authority: Option<Authority>,
    host: Vec<HeaderValue>,
}

impl Origin {
    pub(crate) fn of<B>(request: &Request<B>) -> Self {
        Origin {
            scheme: request.uri().scheme().cloned(),
            authority: request.uri().authority().cloned(),
            host: request.headers().get_all(HOST).iter().cloned().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_path_and_query_may_differ() {
        let origin = |uri: &str, host: Option<&'static str>| {
            let mut request = Request::get(uri).body(()).unwrap();
            if let Some(host) = host {
                let host = HeaderValue::from_static(host);
                request.headers_mut().insert(HOST, host);
            }
            Origin::of(&request)
        };
        let first = origin("https://example.com/a?b", None);
        for (uri, host, same) in [
            ("https://example.com/c?d", None, true),
            ("https://EXAMPLE.com/a", None, true),
            ("http://example.com/a?b", None, false),
            ("https://example.com:8443/a?b", None, false),
            ("https://example.org/a?b", None, false),
            ("https://user@example.com/a?b", None, false),
            ("/a?b", None, false),
            ("https://example.com/a?b", Some("example.org"), false),
        ] {
            assert_eq!(first == origin(uri, host), same, "{uri} {host:?}");
        }
        let first = origin("/a", Some("example.com"));
        assert_eq!(first, origin("/b", Some("example.com")));
        assert_ne!(first, origin("/b", Some("example.org")));
    }
}
