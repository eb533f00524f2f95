//! Which paths go to which upstream.

use crate::stack::Limits;
use crate::target::Target;
use std::error::Error;
use std::fmt;
use std::str::FromStr;

/// Paths that begin with a prefix, the upstream they go to, and the limits on the way.
#[derive(Clone, Debug)]
pub struct Route {
    /// What the paths begin with. It is taken off.
    pub prefix: Prefix,
    /// Where they go.
    pub upstream: Target,
    /// What the layers may do.
    pub limits: Limits,
}

/// The beginning of a path, in whole segments.
///
/// ```
/// use gateway::Prefix;
///
/// let prefix: Prefix = "/openai".parse()?;
/// assert_eq!(prefix.strip("/openai/v1/models"), Some("/v1/models"));
/// assert_eq!(prefix.strip("/openai"), Some("/"));
/// assert_eq!(prefix.strip("/openaix/v1"), None);
///
/// let all: Prefix = "/".parse()?;
/// assert_eq!(all.strip("/v1/models"), Some("/v1/models"));
/// # Ok::<(), gateway::PrefixError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Prefix(
    // Without a slash at its end: empty for all paths.
    String,
);

impl Prefix {
    /// What follows the prefix, with a slash at its beginning; `None` when the path does not begin
    /// with the prefix.
    #[must_use]
    #[inline]
    pub fn strip<'p>(&self, path: &'p str) -> Option<&'p str> {
        // Of most routes the first letter is another one, and that is seen at once.
        let first = self.0.as_bytes().get(1);
        if first.is_some() && first != path.as_bytes().get(1) {
            return None;
        }
        match path.strip_prefix(self.0.as_str())? {
            "" => Some("/"),
            rest if rest.starts_with(['/', '?']) => Some(rest),
            _ => None,
        }
    }

    /// How long it is: of two that fit, the longer one holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether all paths begin with it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Why a text is no prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrefixError {
    /// No slash at the beginning.
    NoSlash,
    /// A character that a path has not, a query, or an empty or dotted segment.
    Malformed,
}

impl FromStr for Prefix {
    type Err = PrefixError;

    fn from_str(text: &str) -> Result<Self, PrefixError> {
        if !text.starts_with('/') {
            return Err(PrefixError::NoSlash);
        }
        let path = text.strip_suffix('/').unwrap_or(text);
        let is_plain = |segment: &str| {
            !matches!(segment, "" | "." | "..")
                && segment
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b))
        };
        if path.split('/').skip(1).all(is_plain) {
            Ok(Prefix(path.to_owned()))
        } else {
            Err(PrefixError::Malformed)
        }
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "/" } else { &self.0 })
    }
}

impl fmt::Display for PrefixError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PrefixError::NoSlash => "the path does not begin with a slash, as in /openai",
            PrefixError::Malformed => {
                "the path has something other than plain segments in it: letters, digits, and - . _ ~"
            }
        })
    }
}

impl Error for PrefixError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_taken_off_in_whole_segments() {
        for (prefix, path, expected) in [
            ("/", "/", Some("/")),
            ("/", "/a/b", Some("/a/b")),
            ("/", "/?q", Some("/?q")),
            ("/a", "/a", Some("/")),
            ("/a", "/a/", Some("/")),
            ("/a/", "/a/b?q=/a", Some("/b?q=/a")),
            ("/a", "/a?q", Some("?q")),
            ("/a", "/ab", None),
            ("/a", "/", None),
            ("/a/b", "/a/b/c", Some("/c")),
            ("/a/b", "/a/c", None),
            ("/a", "/A/b", None),
            ("/a", "/%61/b", None),
        ] {
            let parsed: Prefix = prefix.parse().expect(prefix);
            assert_eq!(parsed.strip(path), expected, "{prefix} of {path}");
        }
    }

    #[test]
    fn what_is_no_prefix_is_refused() {
        for (text, expected) in [
            ("", PrefixError::NoSlash),
            ("openai", PrefixError::NoSlash),
            ("//", PrefixError::Malformed),
            ("/a//b", PrefixError::Malformed),
            ("/a/../b", PrefixError::Malformed),
            ("/a?q", PrefixError::Malformed),
            ("/a b", PrefixError::Malformed),
            ("/%61", PrefixError::Malformed),
        ] {
            assert_eq!(text.parse::<Prefix>(), Err(expected), "{text}");
        }
        assert_eq!("/a/".parse::<Prefix>().unwrap().to_string(), "/a");
        assert_eq!("/".parse::<Prefix>().unwrap().to_string(), "/");
    }
}
