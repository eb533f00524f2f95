//! Lists with qualities, as `Accept` and `Accept-Language` are (RFC 9110, section 12.4.2). Nothing
//! here allocates.

/// Quality in thousandths: `q=1`, and the default.
pub(crate) const TOP: u16 = 1_000;

/// The quality among the parameters, or `None` when it cannot be read.
pub(crate) fn quality<'a>(mut parameters: impl Iterator<Item = &'a [u8]>) -> Option<u16> {
    let value = parameters.find_map(|parameter| match parameter.trim_ascii() {
        [b'q' | b'Q', b'=', value @ ..] => Some(value),
        _ => None,
    });
    let Some(value) = value else {
        return Some(TOP);
    };
    let (whole, digits) = match value {
        [whole] | [whole, b'.'] => (whole, &[][..]),
        [whole, b'.', digits @ ..] if digits.len() <= 3 => (whole, digits),
        _ => return None,
    };
    let mut quality = match whole {
        b'0' => 0,
        b'1' => TOP,
        _ => return None,
    };
    let mut place = 100;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        quality += u16::from(digit - b'0') * place;
        place /= 10;
    }
    (quality <= TOP).then_some(quality)
}

/// Splits at a separator, but not inside of quoted strings.
pub(crate) struct Split<'a> {
    rest: Option<&'a [u8]>,
    at: u8,
}

impl<'a> Split<'a> {
    pub(crate) fn new(text: &'a [u8], at: u8) -> Self {
        Split {
            rest: Some(text),
            at,
        }
    }
}

impl<'a> Iterator for Split<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = self.rest.take()?;
        let (mut quoted, mut escaped) = (false, false);
        for (n, &byte) in rest.iter().enumerate() {
            if escaped {
                escaped = false;
            } else if quoted && byte == b'\\' {
                escaped = true;
            } else if byte == b'"' {
                quoted = !quoted;
            } else if !quoted && byte == self.at {
                let (part, after) = rest.split_at(n);
                self.rest = after.get(1..);
                return Some(part);
            }
        }
        Some(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn qualities_are_thousandths() {
        for (value, expected) in [
            ("q=1", Some(1000)),
            ("q=0", Some(0)),
            ("q=0.5", Some(500)),
            ("q=0.25", Some(250)),
            ("q=0.125", Some(125)),
            ("q=0.001", Some(1)),
            ("Q=0.9", Some(900)),
            ("q=1.000", Some(1000)),
            ("q=1.", Some(1000)),
            ("q=1.001", None),
            ("q=0.1234", None),
            ("q=2", None),
            ("q=0.x", None),
            ("level=1", Some(1000)),
        ] {
            assert_eq!(quality([value.as_bytes()].into_iter()), expected, "{value}");
        }
    }

    #[test]
    fn quoted_strings_are_not_split() {
        for (text, expected) in [
            ("a,b", &["a", "b"][..]),
            ("", &[""]),
            ("a,", &["a", ""]),
            ("\"a\",b", &["\"a\"", "b"]),
            ("\"a,b\",c", &["\"a,b\"", "c"]),
            ("\"a\\\",b\",c", &["\"a\\\",b\"", "c"]),
            // A backslash outside of a string means nothing.
            ("a\\,b", &["a\\", "b"]),
            ("a\\\",b\",c", &["a\\\",b\"", "c"]),
        ] {
            let parts =
                Split::new(text.as_bytes(), b',').map(|part| std::str::from_utf8(part).unwrap());
            assert_eq!(parts.collect::<Vec<_>>(), expected, "{text}");
        }
    }
}
