//! A string as it was sent, and as it is meant.

use memchr::memchr;
use std::borrow::Cow;

/// The inside of a string literal, escapes and all, and where it stands in its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Str<'a> {
    raw: &'a [u8],
    at: usize,
}

impl<'a> Str<'a> {
    pub(crate) const fn new(raw: &'a [u8], at: usize) -> Self {
        Str { raw, at }
    }

    /// As it was sent, without its quotes.
    pub(crate) const fn raw(self) -> &'a [u8] {
        self.raw
    }

    /// Where the first byte behind the opening quote stands.
    pub(crate) const fn at(self) -> usize {
        self.at
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.raw.is_empty()
    }

    /// What it means, in UTF-8. A surrogate without its other half becomes three bytes of its own,
    /// so that different strings stay different.
    pub(crate) fn decode(self) -> Cow<'a, [u8]> {
        let Some(first) = memchr(b'\\', self.raw) else {
            return Cow::Borrowed(self.raw);
        };
        let (plain, mut rest) = self.raw.split_at(first);
        let mut text = plain.to_vec();
        while let Some((unit, after)) = unit(rest) {
            unit.push_to(&mut text);
            rest = after;
        }
        Cow::Owned(text)
    }

    /// How many of the bytes that were sent stand for the first `len` bytes of what they mean;
    /// `None` when there is no border.
    pub(crate) fn border(self, len: usize) -> Option<usize> {
        let mut room = Vec::with_capacity(4);
        let (mut meant, mut rest) = (0, self.raw);
        while meant < len {
            let (unit, after) = unit(rest)?;
            room.clear();
            unit.push_to(&mut room);
            meant += room.len();
            rest = after;
        }
        (meant == len).then(|| self.raw.len() - rest.len())
    }
}

enum Unit {
    Byte(u8),
    Code(u32),
}

impl Unit {
    fn push_to(&self, text: &mut Vec<u8>) {
        match *self {
            Unit::Byte(byte) => text.push(byte),
            Unit::Code(code) => match char::from_u32(code) {
                Some(char) => {
                    let mut room = [0; 4];
                    text.extend_from_slice(char.encode_utf8(&mut room).as_bytes());
                }
                // A lone surrogate: the three bytes that UTF-8 would give it.
                None => text.extend([
                    0xE0 | (code >> 12) as u8,
                    0x80 | ((code >> 6) & 0x3F) as u8,
                    0x80 | (code & 0x3F) as u8,
                ]),
            },
        }
    }
}

/// The first unit of a string as it was sent, and the rest of it.
fn unit(raw: &[u8]) -> Option<(Unit, &[u8])> {
    let (first, rest) = raw.split_first()?;
    if *first != b'\\' {
        return Some((Unit::Byte(*first), rest));
    }
    let (escaped, rest) = rest.split_first()?;
    let byte = match escaped {
        b'n' => b'\n',
        b't' => b'\t',
        b'r' => b'\r',
        b'b' => 0x08,
        b'f' => 0x0C,
        b'u' => {
            let (high, rest) = hex(rest)?;
            if !(0xD800..0xDC00).contains(&high) {
                return Some((Unit::Code(high), rest));
            }
            let low = rest.strip_prefix(br"\u").and_then(hex);
            return Some(match low {
                Some((low @ 0xDC00..=0xDFFF, rest)) => {
                    let code = 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                    (Unit::Code(code), rest)
                }
                _ => (Unit::Code(high), rest),
            });
        }
        other => *other,
    };
    Some((Unit::Byte(byte), rest))
}

fn hex(raw: &[u8]) -> Option<(u32, &[u8])> {
    let (digits, rest) = raw.split_at_checked(4)?;
    let digits = std::str::from_utf8(digits).ok()?;
    Some((u32::from_str_radix(digits, 16).ok()?, rest))
}
