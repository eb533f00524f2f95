//! The values that hints come in: numbers, durations with units, dates.
//!
//! Everything reads bytes: a header may hold `µs`, which is no ASCII.

use super::{Hint, Now};
use std::time::{Duration, SystemTime};

const NANO: u64 = 1;
const MICRO: u64 = 1_000 * NANO;
const MILLI: u64 = 1_000 * MICRO;
const SECOND: u64 = 1_000 * MILLI;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
const WEEK: u64 = 7 * DAY;

/// From here on a number of seconds is a moment, not a delay: 2001, or else 31 years.
const EPOCH_SECONDS: u64 = 1_000_000_000;
/// From here on a moment is in milliseconds: 1973, or else the year 5138.
const EPOCH_MILLISECONDS: u64 = 100_000_000_000;

/// A unit of time, in nanoseconds, by a name that may be long or short.
pub(super) fn unit(name: &[u8]) -> Option<u64> {
    const UNITS: [(u64, &[&str]); 8] = [
        (SECOND, &["s", "sec", "secs", "second", "seconds"]),
        (MINUTE, &["m", "min", "mins", "minute", "minutes"]),
        (HOUR, &["h", "hr", "hrs", "hour", "hours"]),
        (
            MILLI,
            &[
                "ms",
                "msec",
                "msecs",
                "millis",
                "millisecond",
                "milliseconds",
            ],
        ),
        (DAY, &["d", "day", "days"]),
        (WEEK, &["w", "week", "weeks"]),
        // U+00B5 and U+03BC, as in Go's own parser.
        (MICRO, &["us", "\u{b5}s", "\u{3bc}s"]),
        (NANO, &["ns"]),
    ];
    let named = |names: &[&str]| {
        names
            .iter()
            .any(|n| name.eq_ignore_ascii_case(n.as_bytes()))
    };
    let found = UNITS.iter().find(|(_, names)| named(names));
    found.map(|(nanos, _)| *nanos)
}

/// Seconds, the unit of a number that has none.
pub(super) const SECONDS: u64 = SECOND;

/// A number as it is written, without a sign or an exponent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    whole: u64,
    /// What follows the point, in thousand millionths: below a thousand million.
    nanos: u32,
}

impl Decimal {
    /// Takes a number off the front of `text`; the rest is what follows it.
    pub(super) fn take(text: &[u8]) -> Option<(Self, &[u8])> {
        let (whole, rest) = take_while(text, u8::is_ascii_digit);
        let (fraction, rest) = match rest.split_first() {
            Some((b'.', rest)) => take_while(rest, u8::is_ascii_digit),
            _ => (&[][..], rest),
        };
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let whole = whole.iter().try_fold(0_u64, |sum, b| {
            sum.checked_mul(10)?
                .checked_add(u64::from(b.wrapping_sub(b'0')))
        })?;
        let nine = fraction.iter().chain(std::iter::repeat(&b'0')).take(9);
        let nanos = nine.fold(0, |sum, b| sum * 10 + u32::from(b.wrapping_sub(b'0')));
        Some((Decimal { whole, nanos }, rest))
    }

    /// The number, if it is all there is.
    fn of(text: &[u8]) -> Option<Self> {
        let (number, rest) = Decimal::take(text)?;
        rest.is_empty().then_some(number)
    }

    /// This many seconds, however many.
    fn seconds(self) -> Duration {
        Duration::new(self.whole, self.nanos)
    }

    /// This many of a unit, up to [`Hint::LONGEST`].
    pub(super) fn times(self, unit: u64) -> Duration {
        let unit = u128::from(unit);
        let nanos =
            u128::from(self.whole) * unit + u128::from(self.nanos) * unit / u128::from(SECOND);
        u64::try_from(nanos).map_or(Hint::LONGEST, |nanos| {
            Duration::from_nanos(nanos).min(Hint::LONGEST)
        })
    }
}

/// What a number of milliseconds says.
pub(super) fn milliseconds(text: &[u8]) -> Option<Duration> {
    Decimal::of(text).map(|number| number.times(MILLI))
}

/// RFC 9110, section 10.2.3: seconds or a date. Fractions are no part of it, but are sent.
pub(super) fn retry_after(text: &[u8], now: Now<'_>) -> Option<Duration> {
    match Decimal::of(text) {
        Some(number) => Some(number.times(SECOND)),
        None => http_date(text).map(|moment| until(moment, now)),
    }
}

/// What a reset header says: a delay or a moment, in one of many forms.
pub(super) fn reset(text: &[u8], now: Now<'_>) -> Option<Duration> {
    if let Some(number) = Decimal::of(text) {
        let since_1970 = match number.whole {
            ..EPOCH_SECONDS => return Some(number.times(SECOND)),
            EPOCH_SECONDS..EPOCH_MILLISECONDS => number.seconds(),
            EPOCH_MILLISECONDS.. => Duration::from_millis(number.whole),
        };
        let moment = SystemTime::UNIX_EPOCH.checked_add(since_1970)?;
        return Some(until(moment, now));
    }
    with_units(text).or_else(|| {
        let moment = rfc3339(text).or_else(|| http_date(text))?;
        Some(until(moment, now))
    })
}

/// Whether a `remaining` header says that nothing is left.
pub(super) fn is_spent(text: &[u8]) -> bool {
    match text.split_first() {
        Some((b'-', rest)) => Decimal::of(rest).is_some(),
        _ => Decimal::of(text).is_some_and(|left| left.seconds().is_zero()),
    }
}

/// A duration as Go prints it: `6m0s`, `174ms`, `1h2m3.5s`.
fn with_units(text: &[u8]) -> Option<Duration> {
    let mut sum = Duration::ZERO;
    let mut rest = text;
    loop {
        let (number, after) = Decimal::take(rest)?;
        let (name, after) = take_while(after, is_unit_letter);
        sum = sum.saturating_add(number.times(unit(name)?));
        if after.is_empty() {
            return Some(sum);
        }
        rest = after;
    }
}

/// Whether a byte may be part of a unit's name: a letter, or one of the two of `µ`.
pub(super) fn is_unit_letter(b: &u8) -> bool {
    b.is_ascii_alphabetic() || "\u{b5}\u{3bc}".as_bytes().contains(b)
}

/// What is taken from the front while it fits, and the rest.
pub(super) fn take_while(text: &[u8], fits: impl Fn(&u8) -> bool) -> (&[u8], &[u8]) {
    let end = text.iter().position(|b| !fits(b)).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, &[]))
}

/// How long it is until then: zero when it has passed.
fn until(moment: SystemTime, now: Now<'_>) -> Duration {
    moment.duration_since(now()).unwrap_or(Duration::ZERO)
}

pub(super) fn http_date(text: &[u8]) -> Option<SystemTime> {
    let text = std::str::from_utf8(text).ok()?;
    httpdate::parse_http_date(text).ok()
}

/// A time of RFC 3339, section 5.6. Before 1970 counts as 1970: it has passed.
fn rfc3339(text: &[u8]) -> Option<SystemTime> {
    let (year, rest) = digits(text, 4, 9999)?;
    let (month, rest) = digits(after(rest, b"-")?, 2, 12)?;
    let (day, rest) = digits(after(rest, b"-")?, 2, 31)?;
    let (hour, rest) = digits(after(rest, b"Tt ")?, 2, 23)?;
    let (minute, rest) = digits(after(rest, b":")?, 2, 59)?;
    let (second, rest) = digits(after(rest, b":")?, 2, 60)?;
    let (fraction, rest) = match rest.split_first() {
        Some((b'.', [b'0'..=b'9', ..])) => Decimal::take(rest)?,
        _ => (Decimal { whole: 0, nanos: 0 }, rest),
    };
    let offset = match rest.split_first()? {
        (b'Z' | b'z', []) => 0,
        (sign @ (b'+' | b'-'), rest) => {
            let (hours, rest) = digits(rest, 2, 23)?;
            let (minutes, rest) = digits(after(rest, b":")?, 2, 59)?;
            if !rest.is_empty() {
                return None;
            }
            let offset = hours * 3600 + minutes * 60;
            if *sign == b'-' { -offset } else { offset }
        }
        _ => return None,
    };
    if month == 0 || day == 0 || day > days_of_month(year, month) {
        return None;
    }
    let days = days_since_1970(year, month, day);
    let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset;
    let since_1970 = match u64::try_from(seconds) {
        Ok(seconds) => Duration::new(seconds, fraction.nanos),
        Err(_) => Duration::ZERO,
    };
    SystemTime::UNIX_EPOCH.checked_add(since_1970)
}

/// Takes exactly this many digits, as a number up to `max`.
fn digits(text: &[u8], count: usize, max: i64) -> Option<(i64, &[u8])> {
    let (number, rest) = text.split_at_checked(count)?;
    if !number.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number: i64 = std::str::from_utf8(number).ok()?.parse().ok()?;
    (number <= max).then_some((number, rest))
}

/// What follows the first byte, if that is one of `any`.
fn after<'a>(text: &'a [u8], any: &[u8]) -> Option<&'a [u8]> {
    let (first, rest) = text.split_first()?;
    any.contains(first).then_some(rest)
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_of_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    // The leap years before this one, counted from year 1 as if the calendar had always held.
    let leap_years = |before: i64| {
        (before - 1).div_euclid(4) - (before - 1).div_euclid(100) + (before - 1).div_euclid(400)
    };
    let years = (year - 1970) * 365 + leap_years(year) - leap_years(1970);
    let months: i64 = (1..month).map(|m| days_of_month(year, m)).sum();
    years + months + day - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_known_by_each_of_its_names() {
        for (nanos, names) in [
            (1, "ns"),
            (1_000, "us \u{b5}s \u{3bc}s"),
            (1_000_000, "ms msec msecs millis millisecond milliseconds"),
            (1_000_000_000, "s sec secs second seconds S Sec"),
            (60_000_000_000, "m min mins minute minutes"),
            (3_600_000_000_000, "h hr hrs hour hours"),
            (86_400_000_000_000, "d day days"),
            (604_800_000_000_000, "w week weeks"),
        ] {
            for name in names.split(' ') {
                assert_eq!(unit(name.as_bytes()), Some(nanos), "{name}");
            }
        }
        for name in ["", "x", "mo", "month", "sx", "tokens"] {
            assert_eq!(unit(name.as_bytes()), None, "{name}");
        }
    }

    #[test]
    fn nothing_is_left_of_no_more_than_zero() {
        for (left, expected) in [
            ("0", true),
            ("0.9", false),
            ("-1", true),
            ("1", false),
            ("-", false),
            ("-x", false),
            ("", false),
        ] {
            assert_eq!(is_spent(left.as_bytes()), expected, "{left:?}");
        }
    }

    #[test]
    fn years_are_leap_by_four_but_not_by_a_hundred_but_by_four_hundred() {
        for year in [1600, 1972, 2000, 2024, 2400] {
            assert!(is_leap(year), "{year}");
        }
        for year in [1900, 1970, 2023, 2026, 2100, 2200] {
            assert!(!is_leap(year), "{year}");
        }
    }

    #[test]
    fn days_are_counted_over_the_ends_of_centuries() {
        for (year, month, day, days) in [
            (1970, 1, 1, 0),
            (1970, 12, 31, 364),
            (1972, 3, 1, 790),
            (1999, 12, 31, 10956),
            (2000, 1, 1, 10957),
            (2000, 2, 29, 11016),
            (2000, 3, 1, 11017),
            (2001, 1, 1, 11323),
            (2024, 2, 29, 19782),
            (2027, 1, 15, 20833),
            (2100, 1, 1, 47482),
            (2100, 3, 1, 47541),
            (2101, 1, 1, 47847),
            (2400, 1, 1, 157054),
            (2401, 1, 1, 157420),
            (9999, 12, 31, 2932896),
        ] {
            assert_eq!(
                days_since_1970(year, month, day),
                days,
                "{year}-{month}-{day}"
            );
        }
    }
}
