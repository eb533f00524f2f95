//! Lines and their fields.

use memchr::memchr2;
use std::time::Duration;

/// How many bytes the value of an `id` or `retry` field may have. A longer id can't be sent back,
/// and the number of longer digits is taken for the largest one.
pub(crate) const MAX_VALUE: usize = 1024;

/// The first line of `bytes` without its end, and the bytes behind its end; `None` when the line
/// does not end. A CR that is the last byte ends its line.
#[inline]
pub(super) fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (line, rest) = bytes.split_at_checked(memchr2(b'\n', b'\r', bytes)?)?;
    match rest {
        [b'\r', b'\n', rest @ ..] | [_, rest @ ..] => Some((line, rest)),
        [] => None,
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
