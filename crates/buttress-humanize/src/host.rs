//! The host of a request, kept in case the call fails.

use http::Uri;
use http::uri::Authority;

/// How many bytes of a request's authority are copied.
const COPIED: usize = 32;

/// A request's authority, copied.
///
/// That is cheaper than a second handle on the URI's memory: no count to raise and lower, and never
/// the allocation that the first handle on unshared memory costs.
#[derive(Clone, Copy)]
pub(crate) struct Host {
    len: usize,
    /// The first one or two words in the first half and the last in the second. They overlap or meet:
    /// that takes a few instructions, and no loop. Less than eight bytes are written as they are.
    words: [[u8; 8]; COPIED / 8],
}

impl Host {
    pub(crate) const NONE: Host = Host {
        len: 0,
        words: [[0; 8]; COPIED / 8],
    };

    /// `None` if it is too long.
    ///
    /// Nothing in here may panic, or the compiler makes room for a request to be dropped then.
    #[inline(always)]
    pub(crate) fn of(uri: &Uri) -> Option<Self> {
        let text = authority(uri);
        let len = text.len();
        let words = if (8..=16).contains(&len) {
            let (a, b) = (word(text, 0)?, word(text, len - 8)?);
            // What is not needed there is at hand, which zeros are not.
            [a, a, b, b]
        } else if (17..=COPIED).contains(&len) {
            let (c, d) = (word(text, len - 16)?, word(text, len - 8)?);
            [word(text, 0)?, word(text, 8)?, c, d]
        } else if len == 0 {
            return Some(Host::NONE);
        } else if len < 8 {
            [few(text), [0; 8], [0; 8], [0; 8]]
        } else {
            return None;
        };
        Some(Host { len, words })
    }

    /// The authority again.
    pub(crate) fn authority(&self) -> Option<String> {
        let (first, last) = self.words.as_flattened().split_at_checked(COPIED / 2)?;
        let half = match self.len {
            ..8 => self.len,
            8..=16 => 8,
            _ => 16,
        };
        // The last bytes are those of the second half that the first does not have.
        let first = first.get(..half)?;
        let last = last.get(2 * half - self.len..half)?;
        String::from_utf8([first, last].concat()).ok()
    }
}

/// Less than eight bytes.
#[inline(always)]
fn few(text: &[u8]) -> [u8; 8] {
    let mut word = [0; 8];
    word.iter_mut().zip(text).for_each(|(to, from)| *to = *from);
    word
}

#[inline(always)]
fn authority(uri: &Uri) -> &[u8] {
    uri.authority().map_or("", Authority::as_str).as_bytes()
}

#[inline(always)]
fn word(text: &[u8], at: usize) -> Option<[u8; 8]> {
    text.get(at..)?.first_chunk().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(authority: &str) -> Option<String> {
        let uri = format!("http://{authority}/");
        Host::of(&uri.parse().unwrap())?.authority()
    }

    #[test]
    fn an_authority_of_every_length_comes_back() {
        for len in 1..=COPIED {
            let authority: String = ('a'..='z').chain('0'..='9').take(len).collect();
            assert_eq!(kept(&authority), Some(authority));
        }
        assert_eq!(kept(&"a".repeat(COPIED + 1)), None);
        for uri in ["/only/a/path", "*"] {
            let none = Host::of(&uri.parse().unwrap()).and_then(|host| host.authority());
            assert_eq!(none.as_deref(), Some(""));
        }
    }
}
