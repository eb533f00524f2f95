//! Ranges and preconditions, as RFC 9110 has them (sections 13.1 and 14.2).

use http::HeaderMap;

/// What a `Range` header asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// Everything: no range, several, another unit, or one that is malformed.
    Everything,
    /// First and last byte.
    Part(u64, u64),
    /// A range that begins past the end.
    Unsatisfiable,
}

/// Reads the `Range` header for content of `len` bytes.
pub(super) fn asked(headers: &HeaderMap, len: u64) -> Asked {
    let Some(spec) = single(headers, "range").and_then(|value| {
        let (unit, spec) = value.split_once('=')?;
        unit.trim().eq_ignore_ascii_case("bytes").then_some(spec)
    }) else {
        return Asked::Everything;
    };
    parse(spec.trim(), len).unwrap_or(Asked::Everything)
}

fn parse(spec: &str, len: u64) -> Option<Asked> {
    let (first, last) = spec.split_once('-')?;
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if !digits(first) || !digits(last) {
        return None;
    }
    let first_last = match (first, last) {
        ("", "") => return None,
        ("", suffix) => {
            let suffix: u64 = suffix.parse().ok()?;
            (suffix > 0 && len > 0).then(|| (len.saturating_sub(suffix), len - 1))
        }
        (first, last) => {
            let first: u64 = first.parse().ok()?;
            let last = match last {
                "" => u64::MAX,
                last => last.parse().ok()?,
            };
            if last < first {
                return None;
            }
            (first < len).then(|| (first, last.min(len.saturating_sub(1))))
        }
    };
    Some(match first_last {
        Some((first, last)) => Asked::Part(first, last),
        None => Asked::Unsatisfiable,
    })
}

/// Whether `If-Range` allows a part: there is none, or it is exactly this strong validator.
pub(super) fn if_range_holds(headers: &HeaderMap, etag: &str, modified: Option<&str>) -> bool {
    match headers.get("if-range") {
        None => true,
        Some(value) => {
            let value = value.to_str().unwrap_or("");
            value == etag || Some(value) == modified
        }
    }
}

/// Whether `If-Match` allows an answer.
pub(super) fn if_match_holds(headers: &HeaderMap, etag: &str) -> bool {
    let tags = tags(headers, "if-match");
    tags.is_empty() || tags.iter().any(|tag| *tag == "*" || *tag == etag)
}

/// Whether `If-None-Match` asks for an answer.
pub(super) fn if_none_match_holds(headers: &HeaderMap, etag: &str) -> bool {
    let same = |tag: &&str| *tag == "*" || tag.trim_start_matches("W/") == etag;
    !tags(headers, "if-none-match").iter().any(same)
}

fn tags<'a>(headers: &'a HeaderMap, name: &str) -> Vec<&'a str> {
    let values = headers.get_all(name).iter();
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect()
}

/// The value of a header that is there exactly once.
fn single<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn headers(name: &'static str, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(
            http::HeaderName::from_static(name),
            HeaderValue::from_static(value),
        )])
    }

    #[test]
    fn ranges_are_read_as_the_rfc_has_them() {
        use Asked::*;
        for (value, expected) in [
            ("bytes=0-", Part(0, 99)),
            ("bytes=0-0", Part(0, 0)),
            ("Bytes = 5-9 ", Part(5, 9)),
            ("bytes=90-500", Part(90, 99)),
            ("bytes=99-99", Part(99, 99)),
            ("bytes=-10", Part(90, 99)),
            ("bytes=-500", Part(0, 99)),
            ("bytes=100-", Unsatisfiable),
            ("bytes=100-200", Unsatisfiable),
            ("bytes=-0", Unsatisfiable),
            ("bytes=9-5", Everything),
            ("bytes=0-1,5-6", Everything),
            ("bytes=-", Everything),
            ("bytes=a-b", Everything),
            ("bytes=+1-2", Everything),
            ("bytes=99999999999999999999-", Everything),
            ("lines=1-2", Everything),
        ] {
            assert_eq!(asked(&headers("range", value), 100), expected, "{value}");
        }
        assert_eq!(asked(&headers("range", "bytes=0-"), 0), Unsatisfiable);
        let mut twice = headers("range", "bytes=0-1");
        twice.append("range", HeaderValue::from_static("bytes=2-3"));
        assert_eq!(asked(&twice, 100), Everything);
    }

    #[test]
    fn only_the_exact_strong_validator_lets_a_range_through() {
        let modified = Some("Sun, 06 Nov 1994 08:49:37 GMT");
        for (value, expected) in [
            ("\"a\"", true),
            ("\"b\"", false),
            ("W/\"a\"", false),
            ("a", false),
            ("Sun, 06 Nov 1994 08:49:37 GMT", true),
            ("Sun, 06 Nov 1994 08:49:38 GMT", false),
        ] {
            let headers = headers("if-range", value);
            assert_eq!(if_range_holds(&headers, "\"a\"", modified), expected);
        }
        assert!(!if_range_holds(
            &headers("if-range", "Sun, 06 Nov 1994 08:49:37 GMT"),
            "\"a\"",
            None
        ));
    }

    #[test]
    fn preconditions_compare_lists() {
        assert!(if_match_holds(&HeaderMap::new(), "\"a\""));
        assert!(if_match_holds(
            &headers("if-match", "\"b\", \"a\""),
            "\"a\""
        ));
        assert!(if_match_holds(&headers("if-match", "*"), "\"a\""));
        assert!(!if_match_holds(&headers("if-match", "W/\"a\""), "\"a\""));
        assert!(if_none_match_holds(
            &headers("if-none-match", "\"b\""),
            "\"a\""
        ));
        assert!(!if_none_match_holds(
            &headers("if-none-match", "W/\"a\""),
            "\"a\""
        ));
        assert!(!if_none_match_holds(
            &headers("if-none-match", "*"),
            "\"a\""
        ));
    }
}
