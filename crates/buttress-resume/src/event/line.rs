//! Lines and their fields.

use memchr::memchr2;
use std::time::Duration;

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

/// The value of the line if it is a field of this name.
#[inline]
pub(super) fn value<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    match line.strip_prefix(name)? {
        [] => Some(&[]),
        [b':', b' ', value @ ..] | [b':', value @ ..] => Some(value),
        _ => None,
    }
}

/// The time that the value of a `retry` field stands for: milliseconds, in digits and nothing else.
/// What does not fit is taken for the longest time that does.
pub(super) fn retry(value: &[u8]) -> Option<Duration> {
    if value.is_empty() {
        return None;
    }
    let millis = value.iter().try_fold(0_u64, |millis, byte| {
        let digit = byte.is_ascii_digit().then(|| u64::from(byte - b'0'))?;
        Some(millis.saturating_mul(10).saturating_add(digit))
    })?;
    Some(Duration::from_millis(millis))
}
