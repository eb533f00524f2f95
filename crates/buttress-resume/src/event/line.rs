//! Lines and their fields.

use memchr::memchr2;
use std::time::Duration;
#[cfg(target_arch = "x86_64")]
use {memchr::arch::x86_64::avx2::memchr::Two, std::sync::LazyLock};

/// How many bytes the value of an `id` or `retry` field may have. A longer id can't be sent back,
/// and the number of longer digits is taken for the largest one.
pub(crate) const MAX_VALUE: usize = 1024;

/// What [`memchr2`] makes anew for each search, which takes a quarter as long as to search a line of
/// 250 bytes with it. `None` where the processor does not have what it takes.
#[cfg(target_arch = "x86_64")]
static ENDS: LazyLock<Option<Two>> = LazyLock::new(|| Two::new(b'\n', b'\r'));

/// How long the first line of `bytes` is without its end; `None` when it does not end.
#[inline]
pub(crate) fn len(bytes: &[u8]) -> Option<usize> {
    #[cfg(target_arch = "x86_64")]
    if let Some(ends) = &*ENDS {
        return ends.find(bytes);
    }
    memchr2(b'\n', b'\r', bytes)
}

/// The position behind the line end that is at `at`. A CR that is the last byte ends its line.
#[inline(always)]
pub(crate) fn behind_end(bytes: &[u8], at: usize) -> usize {
    if bytes.get(at) == Some(&b'\r') && bytes.get(at + 1) == Some(&b'\n') {
        at + 2
    } else {
        at + 1
    }
}

/// The first line of `bytes`, if it is short, whole, and free of control characters such as NUL.
#[inline]
pub(crate) fn short(bytes: &[u8]) -> Option<&[u8]> {
    let mut at = 0;
    // One check of the length for two words: most lines with an id end within them.
    let end = loop {
        let [a, b] = bytes.get(at..)?.first_chunk::<16>().map(words)?;
        if let Some(end) = first_control(a) {
            break at + end;
        }
        if let Some(end) = first_control(b) {
            break at + 8 + end;
        }
        at += 16;
        if at == 48 {
            return None;
        }
    };
    let is_end = matches!(bytes.get(end), Some(b'\n' | b'\r'));
    bytes.get(..end).filter(|_| is_end)
}

#[inline]
fn words(bytes: &[u8; 16]) -> [u64; 2] {
    let [low, high] = [0, 64].map(|shift| u128::from_le_bytes(*bytes) >> shift);
    [low as u64, high as u64]
}

/// The place of the first byte below 0x0e in this word, the first byte lowest.
#[inline]
fn first_control(word: u64) -> Option<usize> {
    // The high bit of each such byte, and perhaps of some behind it.
    let below =
        word.wrapping_sub(u64::from_ne_bytes([0x0e; 8])) & !word & u64::from_ne_bytes([0x80; 8]);
    (below != 0).then(|| below.trailing_zeros() as usize / 8)
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

/// The value of the line if it is an `id` field: quick for the usual way to write one.
#[inline]
pub(crate) fn id(line: &[u8]) -> Option<&[u8]> {
    line.strip_prefix(b"id: ").or_else(|| other(line, b"id"))
}

/// The same for a `data` field.
#[inline]
pub(crate) fn data(line: &[u8]) -> Option<&[u8]> {
    line.strip_prefix(b"data: ")
        .or_else(|| other(line, b"data"))
}

/// The same where it is written otherwise.
#[cold]
#[inline(never)]
fn other<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    value(line, name)
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
        // A line as long as each place in the three pairs of words that are looked at, and longer ones.
        for len in 0..60 {
            for end in ["\n", "\r", "\r\n"] {
                let text = format!("{}{end}data: and what follows it\n\n", "x".repeat(len));
                let found = (len < 48).then_some(len);
                assert_eq!(of(&text), found, "{len} {end:?}");
            }
        }
        for (line, found) in [
            ("id: 1\n", Some(5)),
            ("id: 1\0\n", None),
            ("id: \t\n", None),
            ("id: \u{e}\n", Some(5)),
            ("id: caf\u{e9} \n", Some(10)),
            ("id: 123456789", None), // has no end
        ] {
            let text = format!("{line:x<16}");
            assert_eq!(of(&text), found, "{text:?}");
            // The pair of words must be there whole.
            assert_eq!(of(&text[..15]), None, "{text:?}");
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
