//! `Content-Range`: RFC 9110, section 14.4.

use http::HeaderMap;
use http::header::CONTENT_RANGE;

/// What a `Content-Range` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ContentRange {
    /// `bytes first-last/complete`; `None` for a complete length of `*`.
    Part {
        first: u64,
        last: u64,
        complete: Option<u64>,
    },
    /// `bytes */complete`: the answer to a range that cannot be satisfied.
    Unsatisfied { complete: u64 },
}

/// Why there is no `Content-Range` to go by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unusable {
    Missing,
    /// More than one header: nobody can say which one counts.
    Repeated,
    Malformed,
}

impl ContentRange {
    /// The one `Content-Range` of these headers.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Self, Unusable> {
        let mut values = headers.get_all(CONTENT_RANGE).iter();
        let value = values.next().ok_or(Unusable::Missing)?;
        if values.next().is_some() {
            return Err(Unusable::Repeated);
        }
        value
            .to_str()
            .ok()
            .and_then(Self::parse)
            .ok_or(Unusable::Malformed)
    }

    /// How many bytes are in this place.
    pub(crate) fn len(self) -> Option<u64> {
        match self {
            ContentRange::Part { first, last, .. } => last.checked_sub(first)?.checked_add(1),
            ContentRange::Unsatisfied { .. } => None,
        }
    }

    fn parse(value: &str) -> Option<Self> {
        let (unit, rest) = value.trim().split_once(' ')?;
        if !unit.eq_ignore_ascii_case("bytes") {
            return None;
        }
        let (range, complete) = rest.trim().split_once('/')?;
        if range == "*" {
            let complete = number(complete.as_bytes())?;
            return Some(ContentRange::Unsatisfied { complete });
        }
        let complete = match complete {
            "*" => None,
            complete => Some(number(complete.as_bytes())?),
        };
        let (first, last) = range.split_once('-')?;
        let (first, last) = (number(first.as_bytes())?, number(last.as_bytes())?);
        // A last position of u64::MAX would belong to a length that is none.
        let plausible = first <= last && last < complete.unwrap_or(u64::MAX);
        plausible.then_some(ContentRange::Part {
            first,
            last,
            complete,
        })
    }
}

/// Digits and nothing else.
pub(crate) fn number(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u64, |number, byte| {
        let digit = byte.wrapping_sub(b'0');
        let number = number.checked_mul(10).filter(|_| digit < 10)?;
        number.checked_add(digit.into())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn part(first: u64, last: u64, complete: Option<u64>) -> Option<ContentRange> {
        Some(ContentRange::Part {
            first,
            last,
            complete,
        })
    }

    #[test]
    fn values() {
        for (value, expected) in [
            ("bytes 0-0/1", part(0, 0, Some(1))),
            ("bytes 5-9/10", part(5, 9, Some(10))),
            ("bytes 5-9/*", part(5, 9, None)),
            ("BYTES 5-9/10", part(5, 9, Some(10))),
            (
                "bytes 0-18446744073709551614/18446744073709551615",
                part(0, u64::MAX - 1, Some(u64::MAX)),
            ),
            (
                "bytes */10",
                Some(ContentRange::Unsatisfied { complete: 10 }),
            ),
            ("bytes 0-18446744073709551615/*", None),
            ("bytes */*", None),
            ("bytes 9-5/10", None),
            ("bytes 5-10/10", None),
            ("bytes 5-99999999999999999999/*", None),
            ("bytes 5/10", None),
            ("bytes -5/10", None),
            ("bytes 5-/10", None),
            ("bytes +5-9/10", None),
            // What stands next to the digits.
            ("bytes 5-9/1:", None),
            ("bytes 5-9/1/", None),
            ("bytes=5-9/10", None),
            ("items 5-9/10", None),
            ("bytes 5-9", None),
            ("", None),
            ("bytes 1-2/3, bytes 4-5/6", None),
        ] {
            assert_eq!(ContentRange::parse(value), expected, "{value:?}");
        }
    }

    #[test]
    fn two_headers_are_none() {
        let mut headers = HeaderMap::new();
        assert_eq!(ContentRange::of(&headers), Err(Unusable::Missing));
        headers.append(CONTENT_RANGE, HeaderValue::from_static("bytes 5-9/10"));
        assert!(ContentRange::of(&headers).is_ok());
        headers.append(CONTENT_RANGE, HeaderValue::from_static("bytes 5-9/10"));
        assert_eq!(ContentRange::of(&headers), Err(Unusable::Repeated));
    }
}
