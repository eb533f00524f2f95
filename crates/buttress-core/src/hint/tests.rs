use super::*;
use http::HeaderValue;
use proptest::prelude::*;

/// Fri, 15 Jan 2027 08:00:00 GMT.
const NOW: u64 = 1_800_000_000;

fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(NOW)
}

/// Headers from lines as they travel: `name: value`.
fn headers(lines: &[&str]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in lines {
        let (name, value) = line.split_once(':').expect("a header line");
        headers.append(
            HeaderName::try_from(name).expect("a header name"),
            HeaderValue::from_bytes(value.strip_prefix(' ').unwrap_or(value).as_bytes())
                .expect("a header value"),
        );
    }
    headers
}

fn after(lines: &[&str]) -> Option<Duration> {
    Hint::from_headers(&headers(lines), now()).and_then(Hint::after)
}

const fn ms(ms: u64) -> Option<Duration> {
    Some(Duration::from_millis(ms))
}

const fn secs(secs: u64) -> Option<Duration> {
    Some(Duration::from_secs(secs))
}

const LONGEST: Option<Duration> = Some(Hint::LONGEST);

#[test]
fn delays_of_the_retry_after_family() {
    let huge = format!("Retry-After: 1{}", "0".repeat(400));
    let cases: &[(&[&str], Option<Duration>)] = &[
        (&["Retry-After: 30"], secs(30)),
        (&["Retry-After: 0"], secs(0)),
        (&["Retry-After: 1.5"], ms(1500)),
        (&["Retry-After: .5"], ms(500)),
        (&["Retry-After: 2."], secs(2)),
        (&["Retry-After: \t 7 \t"], secs(7)),
        (&["Retry-After: 007"], secs(7)),
        (&["Retry-After: 1209600"], secs(1_209_600)),
        (&["Retry-After: 4000000000"], LONGEST),
        (&["Retry-After: 18446744073709551615"], LONGEST),
        (&["Retry-After: 18446744073709551616"], None),
        (&[&huge], None),
        (&["Retry-After: "], None),
        (&["Retry-After: -1"], None),
        (&["Retry-After: +1"], None),
        (&["Retry-After: 1e3"], None),
        (&["Retry-After: NaN"], None),
        (&["Retry-After: inf"], None),
        (&["Retry-After: ."], None),
        (&["Retry-After: soon"], None),
        (&["Retry-After: \u{fc}"], None),
        (&["Retry-After: 0x10"], None),
        (&["Retry-After: Fri, 15 Jan 2027 08:01:30 GMT"], secs(90)),
        (&["Retry-After: Friday, 15-Jan-27 08:01:30 GMT"], secs(90)),
        (&["Retry-After: Fri Jan 15 08:01:30 2027"], secs(90)),
        (&["Retry-After: Fri, 15 Jan 2027 08:00:00 GMT"], secs(0)),
        (&["Retry-After: Sun, 06 Nov 1994 08:49:37 GMT"], secs(0)),
        (&["Retry-After: Fri, 31 Dec 9999 23:59:59 GMT"], LONGEST),
        (&["Retry-After: Fri, 32 Jan 2027 08:01:30 GMT"], None),
        // Several values: the longest valid one.
        (&["Retry-After: 5", "Retry-After: 9"], secs(9)),
        (&["Retry-After: 9", "Retry-After: x"], secs(9)),
        (&["Retry-After: 5, 9, -3"], secs(9)),
        (
            &[
                "Retry-After: 5",
                "Retry-After: Fri, 15 Jan 2027 08:01:30 GMT",
            ],
            secs(90),
        ),
        (&["retry-after-ms: 174"], ms(174)),
        (
            &["retry-after-ms: 174.5"],
            Some(Duration::from_micros(174_500)),
        ),
        (&["x-ms-retry-after-ms: 2000"], ms(2000)),
        (&["x-amz-retry-after: 1500"], ms(1500)),
        // The finer unit wins, and is passed over when it is not valid.
        (&["Retry-After: 1", "retry-after-ms: 174"], ms(174)),
        (&["Retry-After: 1", "retry-after-ms: -174"], secs(1)),
        (&["Retry-After: 1", "x-ms-retry-after-ms: x"], secs(1)),
        (
            &["x-amz-retry-after: 10", "x-ms-retry-after-ms: 20"],
            ms(20),
        ),
        (&["grpc-retry-pushback-ms: 250", "Retry-After: 1"], ms(250)),
        (
            &["grpc-retry-pushback-ms: 250", "grpc-retry-pushback-ms: 300"],
            ms(300),
        ),
        (&["grpc-retry-pushback-ms: -1", "Retry-After: 1"], secs(1)),
        (&["content-length: 3"], None),
    ];
    for (lines, expected) in cases {
        assert_eq!(after(lines), *expected, "{lines:?}");
    }
}

#[test]
fn delays_of_the_reset_family() {
    let cases: &[(&[&str], Option<Duration>)] = &[
        (&["x-ratelimit-reset: 60"], secs(60)),
        (&["x-ratelimit-reset: 0.25"], ms(250)),
        (&["x-ratelimit-reset: 999999999"], LONGEST),
        (&["x-ratelimit-reset: 1800000060"], secs(60)),
        (&["x-ratelimit-reset: 1800000060.5"], ms(60_500)),
        (&["x-ratelimit-reset: 1700000000"], secs(0)),
        (&["x-ratelimit-reset: 99999999999"], LONGEST),
        (&["x-ratelimit-reset: 1800000060500"], ms(60_500)),
        (&["x-ratelimit-reset: 100000000000"], secs(0)),
        (&["x-ratelimit-reset: 18446744073709551616"], None),
        (&["x-ratelimit-reset: -60"], None),
        (&["x-ratelimit-reset: "], None),
        (&["x-ratelimit-reset-requests: 1s"], secs(1)),
        (&["x-ratelimit-reset-tokens: 6m0s"], secs(360)),
        (&["x-ratelimit-reset-tokens: 174ms"], ms(174)),
        (&["x-ratelimit-reset-tokens: 1h2m3.5s"], ms(3_723_500)),
        (
            &["x-ratelimit-reset-tokens: 120\u{b5}s"],
            Some(Duration::from_micros(120)),
        ),
        (
            &["x-ratelimit-reset-tokens: 120\u{3bc}s"],
            Some(Duration::from_micros(120)),
        ),
        (
            &["x-ratelimit-reset-tokens: 15us"],
            Some(Duration::from_micros(15)),
        ),
        (
            &["x-ratelimit-reset-tokens: 80ns"],
            Some(Duration::from_nanos(80)),
        ),
        (&["x-ratelimit-reset-tokens: 2d"], secs(172_800)),
        (&["x-ratelimit-reset-tokens: 99999999999h"], LONGEST),
        (&["x-ratelimit-reset-tokens: 9999999d9999999d"], LONGEST),
        (&["x-ratelimit-reset-tokens: -5s"], None),
        (&["x-ratelimit-reset-tokens: 5s3"], None),
        (&["x-ratelimit-reset-tokens: s"], None),
        (&["x-ratelimit-reset-tokens: 5 parsecs"], None),
        (&["ratelimit-reset: 50"], secs(50)),
        (&["x-rate-limit-reset: 50"], secs(50)),
        (&["x-ratelimit-reset-after: 1.2"], ms(1200)),
        (
            &["x-ratelimit-reset: Fri, 15 Jan 2027 08:01:30 GMT"],
            secs(90),
        ),
        (
            &["anthropic-ratelimit-requests-reset: 2027-01-15T08:01:30Z"],
            secs(90),
        ),
        (
            &["anthropic-ratelimit-tokens-reset: 2027-01-15T08:01:30.25Z"],
            ms(90_250),
        ),
        (
            &["anthropic-ratelimit-tokens-reset: 2027-01-15t08:01:30z"],
            secs(90),
        ),
        (
            &["anthropic-ratelimit-tokens-reset: 2027-01-15 09:01:30+01:00"],
            secs(90),
        ),
        (
            &["anthropic-ratelimit-tokens-reset: 2027-01-14T22:31:30-09:30"],
            secs(90),
        ),
        (
            &["anthropic-ratelimit-tokens-reset: 2027-01-15T08:00:60Z"],
            secs(60),
        ),
        (
            &["anthropic-ratelimit-tokens-reset: 2026-12-31T23:59:59Z"],
            secs(0),
        ),
        (
            &["anthropic-ratelimit-tokens-reset: 0000-01-01T00:00:00Z"],
            secs(0),
        ),
        (
            &["anthropic-ratelimit-tokens-reset: 9999-12-31T23:59:59Z"],
            LONGEST,
        ),
        (
            &["anthropic-ratelimit-tokens-reset: 2028-02-29T00:00:00Z"],
            secs(35_395_200),
        ),
        (
            &["anthropic-ratelimit-tokens-reset: 2027-02-29T00:00:00Z"],
            None,
        ),
        (
            &["anthropic-ratelimit-tokens-reset: 2100-02-29T00:00:00Z"],
            None,
        ),
        (
            &["anthropic-ratelimit-tokens-reset: 2027-13-01T00:00:00Z"],
            None,
        ),
        (
            &["anthropic-ratelimit-tokens-reset: 2027-00-01T00:00:00Z"],
            None,
        ),
        (
            &["anthropic-ratelimit-tokens-reset: 2027-01-00T00:00:00Z"],
            None,
        ),
        (
            &["anthropic-ratelimit-tokens-reset: 2027-01-15T24:00:00Z"],
            None,
        ),
        (
            &["anthropic-ratelimit-tokens-reset: 2027-01-15T08:01:30"],
            None,
        ),
        (
            &["anthropic-ratelimit-tokens-reset: 2027-01-15T08:01:30.Z"],
            None,
        ),
        (
            &["anthropic-ratelimit-tokens-reset: 2027-01-15T08:01:30+01:00x"],
            None,
        ),
        (&["anthropic-ratelimit-tokens-reset: 2027-01-15"], None),
        // Other headers with a similar name.
        (&["x-ratelimit-limit: 60"], None),
        (&["x-ratelimit-resource: 60"], None),
        (&["x-password-reset: 60"], None),
        // An explicit delay goes before every reset.
        (&["Retry-After: 2", "x-ratelimit-reset: 60"], secs(2)),
        (&["Retry-After: x", "x-ratelimit-reset: 60"], secs(60)),
    ];
    for (lines, expected) in cases {
        assert_eq!(after(lines), *expected, "{lines:?}");
    }
}

#[test]
fn among_several_resets_those_that_are_spent_count() {
    let cases: &[(&[&str], Option<Duration>)] = &[
        // Nothing is spent, or nobody says: the earliest.
        (
            &[
                "x-ratelimit-reset-requests: 8s",
                "x-ratelimit-reset-tokens: 3s",
            ],
            secs(3),
        ),
        (
            &[
                "x-ratelimit-reset-requests: 8s",
                "x-ratelimit-remaining-requests: 1",
                "x-ratelimit-reset-tokens: 3s",
                "x-ratelimit-remaining-tokens: 100",
            ],
            secs(3),
        ),
        // One is spent: that one.
        (
            &[
                "x-ratelimit-reset-requests: 8s",
                "x-ratelimit-remaining-requests: 0",
                "x-ratelimit-reset-tokens: 3s",
                "x-ratelimit-remaining-tokens: 100",
            ],
            secs(8),
        ),
        // Some are spent: the latest of them.
        (
            &[
                "anthropic-ratelimit-requests-reset: 2027-01-15T08:00:05Z",
                "anthropic-ratelimit-requests-remaining: 0",
                "anthropic-ratelimit-input-tokens-reset: 2027-01-15T08:01:00Z",
                "anthropic-ratelimit-input-tokens-remaining: 0",
                "anthropic-ratelimit-tokens-reset: 2027-01-15T08:00:30Z",
                "anthropic-ratelimit-tokens-remaining: 0",
                "anthropic-ratelimit-output-tokens-reset: 2027-01-15T08:30:00Z",
                "anthropic-ratelimit-output-tokens-remaining: 9000",
            ],
            secs(60),
        ),
        (
            &[
                "ratelimit-reset: 50",
                "ratelimit-remaining: 0",
                "x-ratelimit-reset: 20",
            ],
            secs(50),
        ),
        (
            &[
                "x-ratelimit-reset-after: 1.2",
                "x-ratelimit-remaining: 0",
                "x-ratelimit-reset-other: 0.1",
            ],
            ms(1200),
        ),
        // Overdrawn is spent; a reset that cannot be read is passed over.
        (
            &[
                "x-ratelimit-reset: 9",
                "x-ratelimit-remaining: -3",
                "ratelimit-reset: 4",
            ],
            secs(9),
        ),
        (
            &[
                "x-ratelimit-reset: ?",
                "x-ratelimit-remaining: 0",
                "ratelimit-reset: 4",
            ],
            secs(4),
        ),
    ];
    for (lines, expected) in cases {
        assert_eq!(after(lines), *expected, "{lines:?}");
    }
}

#[test]
fn resets_count_only_beside_an_answer_that_refuses_for_its_rate() {
    let announced = headers(&["x-ratelimit-reset: 60", "x-ratelimit-remaining: 7"]);
    let spent = headers(&["x-ratelimit-reset: 60", "x-ratelimit-remaining: 0"]);
    let explicit = headers(&["retry-after: 5", "x-ratelimit-reset: 60"]);
    for code in 400..=599 {
        let status = StatusCode::from_u16(code).expect("a status");
        let after = |headers| Hint::from_head(status, headers, now()).and_then(Hint::after);
        let counts = matches!(code, 429 | 503 | 529);
        assert_eq!(after(&announced), secs(60).filter(|_| counts), "{code}");
        assert_eq!(
            after(&spent),
            secs(60).filter(|_| counts || code == 403),
            "{code}"
        );
        assert_eq!(after(&explicit), secs(5), "{code}");
    }
}

#[test]
fn verdicts() {
    let cases: &[(&[&str], Option<bool>)] = &[
        (&["x-should-retry: true"], Some(true)),
        (&["x-should-retry: FALSE"], Some(false)),
        (&["x-should-retry:  true "], Some(true)),
        (&["x-should-retry: yes"], None),
        (&["x-should-retry: 1"], None),
        (
            &["x-should-retry: true", "x-should-retry: false"],
            Some(false),
        ),
        (&["grpc-retry-pushback-ms: -1"], Some(false)),
        (&["grpc-retry-pushback-ms: soon"], Some(false)),
        (&["grpc-retry-pushback-ms: "], Some(false)),
        (&["grpc-retry-pushback-ms: 1.5"], Some(false)),
        (&["grpc-retry-pushback-ms: 2147483648"], Some(false)),
        (
            &["grpc-retry-pushback-ms: 5", "grpc-retry-pushback-ms: -5"],
            Some(false),
        ),
        // A delay is no invitation.
        (&["grpc-retry-pushback-ms: 100"], None),
        (&["retry-after: 1"], None),
        // A no outweighs a yes.
        (
            &["grpc-retry-pushback-ms: -1", "x-should-retry: true"],
            Some(false),
        ),
        (
            &["grpc-retry-pushback-ms: 5", "x-should-retry: true"],
            Some(true),
        ),
    ];
    for (lines, expected) in cases {
        let hint = Hint::from_headers(&headers(lines), now());
        assert_eq!(hint.and_then(Hint::retry), *expected, "{lines:?}");
    }
}

#[test]
fn the_clock_is_read_only_for_a_moment() {
    let read_clock = |lines: &[&str]| {
        let reads = std::cell::Cell::new(0);
        let clock = || {
            reads.set(reads.get() + 1);
            now()
        };
        let hint = Hint::from_head_at(StatusCode::TOO_MANY_REQUESTS, &headers(lines), &clock);
        assert!(hint.is_some(), "{lines:?}");
        reads.get() > 0
    };
    assert!(!read_clock(&["retry-after: 30"]));
    assert!(!read_clock(&["x-should-retry: true"]));
    assert!(!read_clock(&["x-ratelimit-reset: 6m0s"]));
    assert!(read_clock(&["x-ratelimit-reset: 1800000060"]));
    assert!(read_clock(&["retry-after: Sun, 06 Nov 1994 08:49:37 GMT"]));
}

#[test]
fn hints_made_by_hand() {
    let wait = Hint::after_delay(Duration::from_secs(3));
    let (yes, no) = (Hint::with_retry(true), Hint::with_retry(false));
    assert_eq!((wait.after(), wait.retry()), (secs(3), None));
    assert_eq!((no.after(), no.retry()), (None, Some(false)));
    assert_eq!(wait.and(yes).and(no).retry(), Some(false));
    assert_eq!(yes.and(wait).retry(), Some(true));
    assert_eq!(wait.and(Hint::after_delay(Duration::ZERO)).after(), secs(3));
    assert_eq!(Hint::after_delay(Duration::MAX).after(), LONGEST);
}

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
            "x-ratelimit-remaining", "anthropic-ratelimit-tokens-reset", "x-should-retry",
        ][..]),
        value in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..40),
            "[-+]?[0-9]{0,25}[.]?[0-9]{0,25}[a-z]{0,3}".prop_map(String::into_bytes),
            "[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,12})?(Z|[+-][0-9]{2}:[0-9]{2})"
                .prop_map(String::into_bytes),
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
