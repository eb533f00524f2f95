//! Lines and their fields.

use memchr::memchr2;
use std::time::Duration;

/// How many bytes the value of an `id` or `retry` field may have. A longer id can't be sent back,
/// and the number of longer digits is taken for the largest one.
pub(crate) const MAX_VALUE: usize = 1024;

/// The first line of `bytes` without its end; `None` when it does not end.
#[inline]
pub(super) fn whole(bytes: &[u8]) -> Option<&[u8]> {
    bytes.get(..memchr2(b'\n', b'\r', bytes)?)
}

/// What follows `line`, the beginning of `bytes`, and its end. A CR that is the last byte ends its
/// line.
#[inline]
pub(super) fn behind<'a>(bytes: &'a [u8], line: &[u8]) -> &'a [u8] {
    match bytes.get(line.len()..) {
        Some([b'\r', b'\n', rest @ ..] | [_, rest @ ..]) => rest,
        _ => &[],
    }
}

/// The first line of `bytes`, if it is short, whole, and free of control characters such as NUL.
#[inline]
pub(crate) fn short(bytes: &[u8]) -> Option<&[u8]> {
    for (at, word) in bytes.chunks_exact(8).take(6).enumerate() {
        let word = u64::from_le_bytes(*word.first_chunk()?);
        // The high bit of each byte below 0x0e, and perhaps of some behind such a byte.
        let below = word.wrapping_sub(u64::from_ne_bytes([0x0e; 8]))
            & !word
            & u64::from_ne_bytes([0x80; 8]);
        if below != 0 {
            let len = at * 8 + below.trailing_zeros() as usize / 8;
            let (line, rest) = bytes.split_at_checked(len)?;
            return matches!(rest.first(), Some(b'\n' | b'\r')).then_some(line);
        }
    }
    None
}

/// The value of the line if it is a field of this name.
#[inline]
pub(crate) fn value<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    match line.strip_prefix(name)? {
        [] => Some(&[]),
        [b':', b' ', value @ ..] | [b':', value @ ..] => Some(value),
        _ => None,
    }
}

/// The time that the value of a `retry` field stands for: milliseconds, in digits and nothing else.
/// What does not fit is taken for the longest time that does.
pub(crate) fn retry(value: &[u8]) -> Option<Duration> {
    if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
        return None;
    }
    if value.len() > MAX_VALUE {
        return Some(Duration::from_millis(u64::MAX));
    }
    let millis = value.iter().fold(0_u64, |millis, byte| {
        millis
            .saturating_mul(10)
            .saturating_add(u64::from(byte - b'0'))
    });
    Some(Duration::from_millis(millis))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_lines_are_found_and_all_others_left_to_the_slower_way() {
        let of = |text: &str| short(text.as_bytes()).map(<[u8]>::len);
        // A line as long as each place in the six words that are looked at, and longer ones.
        for len in 0..60 {
            for end in ["\n", "\r", "\r\n"] {
                let text = format!("{}{end}data: and what follows it\n\n", "x".repeat(len));
                // The last word must be there whole.
                let found = (len < 48).then_some(len);
                assert_eq!(of(&text), found, "{len} {end:?}");
            }
        }
        for (text, found) in [
            ("id: 1\n", None), // shorter than a word
            ("id: 1\n\n\n", Some(5)),
            ("id: 1\0\n\n\n", None),
            ("id: \t\n\n\n\n", None),
            ("id: \u{e}\n\n\n\n", Some(5)),
            ("id: caf\u{e9} \n\n\n\n\n\n\n\n", Some(10)),
            ("id: 123456789", None), // has no end
        ] {
            assert_eq!(of(text), found, "{text:?}");
        }
    }

    #[test]
    fn a_retry_of_more_digits_than_are_read_is_the_longest_time() {
        let zeros = |count| format!("{}7", "0".repeat(count));
        let of = |text: &str| retry(text.as_bytes());
        let seven = Some(Duration::from_millis(7));
        assert_eq!(of(&zeros(MAX_VALUE - 2)), seven);
        assert_eq!(of(&zeros(MAX_VALUE - 1)), seven);
        let longest = Some(Duration::from_millis(u64::MAX));
        assert_eq!(of(&zeros(MAX_VALUE)), longest);
        assert_eq!(of(&zeros(MAX_VALUE + 1)), longest);
    }
}
