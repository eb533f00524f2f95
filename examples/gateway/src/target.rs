//! Where requests go: the base URL of the upstream, and the addresses below it.

use http::Uri;
use http::uri::{Authority, PathAndQuery, Scheme};
use std::error::Error;
use std::fmt;
use std::str::FromStr;

/// The base URL of the upstream: scheme, host, and the path that all requests are put below.
///
/// ```
/// use gateway::{Target, UrlError};
///
/// let target: Target = "https://api.example.com/v1/".parse()?;
/// let uri = target.join("/chat?stream=1").expect("is an address");
/// assert_eq!(uri, "https://api.example.com/v1/chat?stream=1");
///
/// let error = "api.example.com".parse::<Target>().unwrap_err();
/// assert_eq!(error, UrlError::NoScheme);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    scheme: Scheme,
    authority: Authority,
    /// Without a slash at its end.
    base: String,
}

/// Why a text is no base URL. Never shows the text, which may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlError {
    /// Nothing at all.
    Empty,
    /// Neither `http://` nor `https://` in front.
    NoScheme,
    /// Another scheme.
    OtherScheme,
    /// No host.
    NoHost,
    /// A user name or a password.
    Credentials,
    /// A port that is none.
    Port,
    /// A query or a fragment.
    Query,
    /// Something else that no URL has.
    Malformed,
}

impl Target {
    /// The address of this path and query below the base.
    ///
    /// `None` for what no address can be made of.
    #[must_use]
    pub fn join(&self, asked: &str) -> Option<Uri> {
        let slash = if asked.starts_with('/') { "" } else { "/" };
        let mut path = String::with_capacity(self.base.len() + slash.len() + asked.len());
        for part in [&self.base, slash, asked] {
            path.push_str(part);
        }
        self.at(PathAndQuery::try_from(path).ok()?)
    }

    /// The address of this very path and query, which is below the base if that has no path.
    pub(crate) fn at(&self, path: PathAndQuery) -> Option<Uri> {
        let mut parts = http::uri::Parts::default();
        parts.scheme = Some(self.scheme.clone());
        parts.authority = Some(self.authority.clone());
        parts.path_and_query = Some(path);
        Uri::from_parts(parts).ok()
    }

    /// The address of its root.
    #[must_use]
    pub fn at_root(&self) -> Option<Uri> {
        self.at(PathAndQuery::from_static("/"))
    }

    /// Whom it names, however that is written: two with the same origin are one server (RFC 6454, section 4).
    pub(crate) fn origin(&self) -> (bool, String, u16) {
        let port = if self.is_tls() { 443 } else { 80 };
        let host = self.authority.host().to_ascii_lowercase();
        (
            self.is_tls(),
            host,
            self.authority.port_u16().unwrap_or(port),
        )
    }

    /// Whether the base has a path.
    pub(crate) fn has_path(&self) -> bool {
        !self.base.is_empty()
    }

    /// Whether the upstream is spoken to over TLS.
    #[must_use]
    pub fn is_tls(&self) -> bool {
        self.scheme == Scheme::HTTPS
    }
}

impl FromStr for Target {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        let text = text.trim();
        let (scheme, rest) = match text.split_once("://") {
            _ if text.is_empty() => return Err(UrlError::Empty),
            None => return Err(UrlError::NoScheme),
            Some((scheme, rest)) => (scheme, rest),
        };
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "http" => Scheme::HTTP,
            "https" => Scheme::HTTPS,
            "" => return Err(UrlError::NoScheme),
            _ => return Err(UrlError::OtherScheme),
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        if authority.contains('@') {
            return Err(UrlError::Credentials);
        }
        if path.contains(['?', '#']) {
            return Err(UrlError::Query);
        }
        let authority: Authority = match authority.trim_end_matches(':') {
            "" => return Err(UrlError::NoHost),
            authority => authority.parse().map_err(|_| UrlError::Malformed)?,
        };
        if authority.host().is_empty() {
            return Err(UrlError::NoHost);
        }
        let has_port = authority.as_str().len() > authority.host().len();
        if has_port && authority.port_u16().is_none_or(|port| port == 0) {
            return Err(UrlError::Port);
        }
        let base = path.trim_end_matches('/');
        // An empty path is that of the root.
        PathAndQuery::try_from(format!("{base}/")).map_err(|_| UrlError::Malformed)?;
        Ok(Target {
            scheme,
            authority,
            base: base.to_owned(),
        })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.scheme, self.authority, self.base)
    }
}

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            UrlError::Empty => "the URL is empty",
            UrlError::NoScheme => {
                "the URL does not begin with http:// or https://, as in https://api.example.com/v1"
            }
            UrlError::OtherScheme => "the URL's scheme is neither http nor https",
            UrlError::NoHost => "the URL names no host",
            UrlError::Credentials => {
                "the URL has a user name or a password in it; let the client send them in a header"
            }
            UrlError::Port => "the URL's port is not a number from 1 to 65535",
            UrlError::Query => "the URL has a query or a fragment; a base URL ends with its path",
            UrlError::Malformed => "the URL has a character in its host or path that no URL has",
        })
    }
}

impl Error for UrlError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_put_below_the_base() {
        for (base, asked, expected) in [
            ("http://a", "/", "http://a/"),
            ("http://a/", "/", "http://a/"),
            ("http://a:8080", "/x?q=1&r", "http://a:8080/x?q=1&r"),
            ("http://a:", "/x", "http://a/x"),
            ("https://a/v1", "/", "https://a/v1/"),
            ("https://a/v1/", "/chat", "https://a/v1/chat"),
            ("https://a/v1//", "//chat", "https://a/v1//chat"),
            ("https://a/v1", "/chat?", "https://a/v1/chat?"),
            ("https://a/v1", "/%2e%2E/x", "https://a/v1/%2e%2E/x"),
            ("HTTPS://a", "/x", "https://a/x"),
            ("http://[::1]:80/b", "/x", "http://[::1]:80/b/x"),
            (" http://a ", "/x", "http://a/x"),
            ("http://a/v1", "?q", "http://a/v1/?q"),
        ] {
            let target: Target = base.parse().expect(base);
            let uri = target.join(asked).expect(asked);
            assert_eq!(uri.to_string(), expected, "{base} and {asked}");
        }
    }

    #[test]
    fn what_is_no_base_url_is_named() {
        use UrlError::*;
        for (text, expected) in [
            ("", Empty),
            ("  ", Empty),
            ("localhost:9000", NoScheme),
            ("api.example.com/v1", NoScheme),
            ("/v1", NoScheme),
            ("://a", NoScheme),
            ("ftp://a", OtherScheme),
            ("unix:///run/a", OtherScheme),
            ("http://", NoHost),
            ("http:///v1", NoHost),
            ("http://:80", NoHost),
            ("http://user:sk-secret@a/", Credentials),
            ("http://user@a", Credentials),
            ("http://@a", Credentials),
            ("http://a:99999", Port),
            ("http://a:0", Port),
            ("http://a:b", Port),
            ("http://a?key=sk-secret", Query),
            ("http://a/v1#x", Query),
            ("http://a b", Malformed),
            ("http://a/b c", Malformed),
            ("http://a/\u{7}", Malformed),
            ("http://[::1", Malformed),
        ] {
            let error = text.parse::<Target>().expect_err(text);
            assert_eq!(error, expected, "{text}");
            assert!(!error.to_string().contains("secret"));
        }
    }

    #[test]
    fn a_target_is_shown_as_it_was_meant() {
        let target: Target = "https://a:8443/v1/".parse().unwrap();
        assert_eq!(target.to_string(), "https://a:8443/v1");
        assert_eq!(target.at_root().unwrap(), "https://a:8443/");
        assert!(target.is_tls());
        assert!(!"http://a".parse::<Target>().unwrap().is_tls());
    }
}
