//! What holds for any value.

use super::*;
use proptest::prelude::*;

/// A duration as Go prints it.
fn go(hours: u64, minutes: u64, millis: u64) -> String {
    format!("{hours}h{minutes}m{}.{:03}s", millis / 1000, millis % 1000)
}

proptest! {
    #[test]
    fn no_header_value_is_too_odd(
        name in prop::sample::select(&[
            "retry-after", "retry-after-ms", "x-ms-retry-after-ms", "x-amz-retry-after",
            "grpc-retry-pushback-ms", "x-ratelimit-reset", "x-ratelimit-reset-tokens",
            "x-ratelimit-remaining", "anthropic-ratelimit-tokens-reset", "x-should-retry", "ratelimit",
        ][..]),
        value in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..40),
            "[-+]?[0-9]{0,25}[.]?[0-9]{0,25}[a-z]{0,3}".prop_map(String::into_bytes),
            "[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,12})?(Z|[+-][0-9]{2}:[0-9]{2})"
                .prop_map(String::into_bytes),
            r#"("[a-z,;\\\\"]{0,6}"?(;[rt](=[0-9"]{0,12})?){0,4}[,;]?){0,3}"#.prop_map(String::into_bytes),
        ],
    ) {
        if let Ok(value) = HeaderValue::from_bytes(&value) {
            let mut headers = HeaderMap::new();
            headers.insert(name, value);
            if let Some(hint) = Hint::from_headers(&headers, now()) {
                prop_assert!(hint.after().is_some() || hint.retry().is_some());
                prop_assert!(hint.after() <= LONGEST);
            }
        }
    }

    #[test]
    fn more_is_never_less(one in any::<u64>(), two in any::<u64>()) {
        let (less, more) = (one.min(two), one.max(two));
        for name in ["retry-after", "retry-after-ms"] {
            let [less, more] = [less, more].map(|n| after(&[&format!("{name}: {n}")]));
            prop_assert!(less.is_some() && less <= more);
        }
    }

    #[test]
    fn durations_come_back_as_they_were(hours in 0..10_000_u64, minutes in 0..60_u64, millis in 0..60_000_u64) {
        let expected = ms((hours * 60 + minutes) * 60_000 + millis);
        let text = go(hours, minutes, millis);
        prop_assert_eq!(after(&[&format!("x-ratelimit-reset: {text}")]), expected);
        prop_assert_eq!(in_text(&format!("Please try again in {text}.")), expected);
    }

    #[test]
    fn both_kinds_of_dates_name_the_same_moment(moment in 0..200_000_000_000_u64, offset in -1439..1440_i64) {
        // From 1970 to beyond the year 8000.
        let http = httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(moment));
        let shifted = moment.saturating_add_signed(offset * 60);
        let local = httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(shifted));
        prop_assume!(shifted.abs_diff(moment) == offset.unsigned_abs() * 60);
        let month = "JanFebMarAprMayJunJulAugSepOctNovDec".find(&local[8..11]).expect("a month") / 3 + 1;
        let rfc3339 = format!(
            "{}-{month:02}-{}T{}{}{:02}:{:02}",
            &local[12..16], &local[5..7], &local[17..25],
            if offset < 0 { '-' } else { '+' }, offset.abs() / 60, offset.abs() % 60,
        );
        let [one, two] = [http, rfc3339].map(|date| after(&[&format!("x-ratelimit-reset: {date}")]));
        prop_assert!(one.is_some());
        prop_assert_eq!(one, two);
        prop_assert_eq!(one, Some(Duration::from_secs(moment.saturating_sub(NOW)).min(Hint::LONGEST)));
    }
}
