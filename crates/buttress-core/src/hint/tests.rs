mod any;
mod moments;
mod resets;

use super::*;
use crate::time;
use http::HeaderValue;

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
        (
            &["x-should-retry: false", "x-should-retry: true"],
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
fn a_moment_is_counted_by_the_clock_that_it_is_of() {
    // An hour ahead of the clock here.
    const DATE: &str = "Date: Fri, 15 Jan 2027 09:00:00 GMT";
    const THEN: &str = "Retry-After: Fri, 15 Jan 2027 09:01:30 GMT";
    for (lines, expected) in [
        (&[THEN][..], secs(3690)),
        (&[THEN, DATE], secs(90)),
        (&[DATE, "x-ratelimit-reset: 1800003660"], secs(60)),
        (&[THEN, "Date: Friday, 15-Jan-27 09:00:00 GMT"], secs(90)),
        (&[THEN, "Date: Fri, 15 Jan 2027 10:00:00 GMT"], secs(0)),
        (&[THEN, "Date: today"], secs(3690)),
        (&[THEN, "Date: "], secs(3690)),
        // An hour old, and from a cache.
        (
            &[THEN, "Date: Fri, 15 Jan 2027 07:00:00 GMT", "Age: 3600"],
            secs(3690),
        ),
        (&[DATE, "Retry-After: 5"], secs(5)),
    ] {
        assert_eq!(after(lines), expected, "{lines:?}");
    }
}

#[test]
fn hints_made_by_hand() {
    let wait = Hint::after_delay(Duration::from_secs(3));
    let (yes, no) = (Hint::with_retry(true), Hint::with_retry(false));
    assert_eq!((wait.after(), wait.retry()), (secs(3), None));
    assert_eq!((no.after(), no.retry()), (None, Some(false)));
    assert_eq!(wait.and(yes).and(no).retry(), Some(false));
    assert_eq!(no.and(yes).retry(), Some(false));
    assert_eq!(yes.and(wait).retry(), Some(true));
    assert_eq!(wait.and(Hint::after_delay(Duration::ZERO)).after(), secs(3));
    assert_eq!(Hint::after_delay(Duration::MAX).after(), LONGEST);
}

#[tokio::test(start_paused = true)]
async fn what_a_wait_is_for_is_heard_by_who_listens_and_counted_from_now() {
    let minute = Duration::from_secs(60);
    waits_until(time::now() + minute);
    // What was said before does not count.
    assert_eq!(Asked::listen().hint(), None);
    let asked = Asked::listen();
    waits_until(time::now() + minute);
    tokio::time::advance(Duration::from_secs(20)).await;
    assert_eq!(
        asked.hint(),
        Some(Hint::after_delay(Duration::from_secs(40)))
    );
    // A moment that has passed asks for no wait.
    let asked = Asked::listen();
    waits_until(time::now() + minute);
    tokio::time::advance(minute * 2).await;
    assert_eq!(asked.hint(), Some(Hint::after_delay(Duration::ZERO)));
}
