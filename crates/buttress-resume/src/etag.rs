//! Entity tags: RFC 9110, section 8.8.3.

use http::header::ETAG;
use http::{HeaderMap, HeaderValue};

/// The one strong entity tag of these headers, byte for byte. A weak one proves nothing about
/// bytes, and of two nobody can say which one counts.
pub(crate) fn strong(headers: &HeaderMap) -> Option<&HeaderValue> {
    let mut values = headers.get_all(ETAG).iter();
    let value = values.next()?;
    (values.next().is_none() && is_strong(value.as_bytes())).then_some(value)
}

fn is_strong(tag: &[u8]) -> bool {
    // etagc = %x21 / %x23-7E / obs-text, in double quotes.
    let [b'"', tag @ .., b'"'] = tag else {
        return false;
    };
    tag.iter()
        .all(|&b| b == 0x21 || (0x23..=0x7e).contains(&b) || b >= 0x80)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_quoted_tag_is_strong() {
        for (tag, expected) in [
            (&b"\"abc\""[..], true),
            (b"\"\"", true),
            (b"\"a-b_c:1.2\"", true),
            (b"\"\xff\"", true),
            (b"W/\"abc\"", false),
            (b"w/\"abc\"", false),
            (b"abc", false),
            (b"\"abc", false),
            (b"\"", false),
            (b"", false),
            (b"\"a b\"", false),
            (b"\"a\"b\"", false),
            (b"\"a\", \"b\"", false),
        ] {
            assert_eq!(is_strong(tag), expected, "{tag:?}");
        }
    }
}
