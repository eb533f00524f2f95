//! Passing over strings, arrays and objects: where they end.

use memchr::memchr;

/// Deeper than this nothing is read: no API nests like that, and a bound is a bound.
const DEEPEST: u32 = 128;

/// What comes after the array or object that `data` begins in, if all of it is at hand, by its brackets
/// and quotes alone.
pub(crate) fn nested(data: &[u8]) -> Option<&[u8]> {
    let mut depth = 1;
    let mut rest = data;
    while let [byte, after @ ..] = rest {
        rest = after;
        match byte {
            b'"' => rest = whole_string(rest)?.1,
            b'{' | b'[' if depth == DEEPEST => break,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return Some(rest);
                }
            }
            _ => {}
        }
    }
    None
}

/// The string that `data` begins in, and what comes after it, if all of it is at hand.
///
/// Looks for its end alone: other escapes than that of a quotation mark mean nothing here, and the
/// texts of models are full of them.
#[inline(always)] // most strings take less than a call
pub(crate) fn whole_string(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let (string, after) = data.split_at_checked(quote(data)?)?;
    if escapes_next(string) {
        return longer_string(data);
    }
    Some((string, after.get(1..)?))
}

/// The same for a string that may have quotation marks in it.
#[inline(never)]
fn longer_string(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut at = 0;
    loop {
        at += quote(data.get(at..)?)?;
        let (string, after) = data.split_at_checked(at)?;
        if !escapes_next(string) {
            return Some((string, after.get(1..)?));
        }
        at += 1;
    }
}

/// Whether the byte that follows this part of a string is escaped.
#[inline(always)]
pub(crate) fn escapes_next(part: &[u8]) -> bool {
    part.last() == Some(&b'\\') && {
        let escapes = part.iter().rev().take_while(|byte| **byte == b'\\');
        escapes.count() % 2 == 1
    }
}

/// Where the next quotation mark is.
#[inline(always)]
fn quote(data: &[u8]) -> Option<usize> {
    // To look at a few bytes takes less than to begin a search.
    let look = |at: usize| {
        let few = data.get(at..)?.first_chunk()?;
        let found = quotes(u64::from_le_bytes(*few));
        (found != 0).then(|| at + (found.trailing_zeros() / u8::BITS) as usize)
    };
    look(0).or_else(|| look(8)).or_else(|| memchr(b'"', data))
}

/// A number whose lowest bit that is set is in the lowest byte that is a quotation mark; 0 if none is.
///
/// A byte is one if what is left of it is zero: only then, or after a lower one was, does taking one
/// from it borrow into its highest bit.
const fn quotes(bytes: u64) -> u64 {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    let left = bytes ^ (ONES * b'"' as u64);
    left.wrapping_sub(ONES) & !left & (ONES << 7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_string_is_found_wherever_it_is() {
        for fill in [0, 1, b'!', b'#', b'[', b']', 0x7f, 0x80, 0xa2, 0xdc, 0xff] {
            for length in 0..40 {
                let mut data = vec![fill; length];
                assert_eq!(quote(&data), None, "{fill} {length}");
                for first in 0..length {
                    data[first] = b'"';
                    if let Some(next) = data.get_mut(first + 1) {
                        *next = b'"';
                    }
                    assert_eq!(quote(&data), Some(first), "{fill} {length}");
                    data.fill(fill);
                }
            }
        }
    }
}
