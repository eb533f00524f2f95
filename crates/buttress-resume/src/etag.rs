//! Entity tags: RFC 9110, section 8.8.3.

use crate::head::Only;
use http::HeaderValue;

/// The one strong entity tag of a head, byte for byte. A weak one proves nothing about
/// bytes, and of two nobody can say which one counts.
pub(crate) fn strong(tags: Only<'_>) -> Option<&HeaderValue> {
    tags.value().filter(|tag| is_strong(tag.as_bytes()))
}

fn is_strong(tag: &[u8]) -> bool {
    // etagc = %x21 / %x23-7E / obs-text, in double quotes.
    let [b'"', tag @ .., b'"'] = tag else {
        return false;
    };
    // Without a way out in the midst: such a loop takes a third of the instructions.
    let is_none = |&b: &u8| b <= b' ' || b == b'"' || b == 0x7f;
    !tag.iter().fold(false, |found, b| found | is_none(b))
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
            (b"\"a\x7fb\"", false),
            (b"\"a\"b\"", false),
            (b"\"a\", \"b\"", false),
        ] {
            assert_eq!(is_strong(tag), expected, "{tag:?}");
        }
    }
}
