//! `grpc-timeout`: at most eight digits and a unit (gRPC over HTTP/2, "Timeout").

use http::header::HeaderName;
use http::{HeaderMap, HeaderValue};
use std::time::Duration;

const GRPC_TIMEOUT: HeaderName = HeaderName::from_static("grpc-timeout");

/// Says that the server has this long, unless a shorter time is said already.
pub(super) fn tighten(headers: &mut HeaderMap, left: Duration) {
    let said = headers.get(GRPC_TIMEOUT).and_then(parse);
    if said.is_none_or(|said| left < said) {
        headers.insert(GRPC_TIMEOUT, format(left));
    }
}

/// Rounded down: a server that gives up too late has worked for nobody.
fn format(left: Duration) -> HeaderValue {
    const MOST: u128 = 99_999_999;
    let (number, unit) = match left.as_millis() {
        millis @ ..=MOST => (millis, 'm'),
        millis => ((millis / 1_000).min(MOST), 'S'),
    };
    // Digits and a letter are a valid value.
    HeaderValue::try_from(format!("{number}{unit}")).unwrap_or(HeaderValue::from_static("0m"))
}

fn parse(value: &HeaderValue) -> Option<Duration> {
    let (unit, digits) = value.as_bytes().split_last()?;
    if !(1..=8).contains(&digits.len()) || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number: u64 = std::str::from_utf8(digits).ok()?.parse().ok()?;
    Some(match unit {
        b'H' => Duration::from_secs(number * 3_600),
        b'M' => Duration::from_secs(number * 60),
        b'S' => Duration::from_secs(number),
        b'm' => Duration::from_millis(number),
        b'u' => Duration::from_micros(number),
        b'n' => Duration::from_nanos(number),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_at_most_eight_digits() {
        for (left, expected) in [
            (Duration::ZERO, "0m"),
            (Duration::from_micros(1_500_900), "1500m"),
            (Duration::from_millis(99_999_999), "99999999m"),
            (Duration::from_millis(100_000_000), "100000S"),
            (Duration::MAX, "99999999S"),
        ] {
            assert_eq!(format(left), expected);
        }
    }

    #[test]
    fn the_shorter_time_holds_and_what_is_no_time_gives_way() {
        for (said, expected) in [
            (None, "2000m"),
            (Some("3S"), "2000m"),
            (Some("1S"), "1S"),
            (Some("2000m"), "2000m"),
            (Some("1999m"), "1999m"),
            (Some("99999999H"), "2000m"),
            (Some("1M"), "2000m"),
            (Some("5u"), "5u"),
            (Some("7n"), "7n"),
            (Some(""), "2000m"),
            (Some("S"), "2000m"),
            (Some("1"), "2000m"),
            (Some("1s"), "2000m"),
            (Some("+1S"), "2000m"),
            (Some("000000001S"), "2000m"),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(said) = said {
                headers.insert(GRPC_TIMEOUT, HeaderValue::from_static(said));
            }
            tighten(&mut headers, Duration::from_secs(2));
            assert_eq!(headers["grpc-timeout"], expected, "{said:?}");
        }
    }
}
