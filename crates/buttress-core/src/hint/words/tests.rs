use super::*;
use crate::Hint;
use proptest::prelude::*;

const LONGEST: Option<Duration> = Some(Hint::LONGEST);

const fn ms(ms: u64) -> Option<Duration> {
    Some(Duration::from_millis(ms))
}

const fn secs(secs: u64) -> Option<Duration> {
    Some(Duration::from_secs(secs))
}

#[test]
fn delays_in_words() {
    let cases: &[(&str, Option<Duration>)] = &[
        ("Please try again in 174ms", ms(174)),
        (
            "Please try again in 9.816s. Visit https://example.com/",
            ms(9816),
        ),
        ("try again in 6m0s", secs(360)),
        ("try again in 1h2m3.5s.", ms(3_723_500)),
        ("Try Again In 5 Minutes", secs(300)),
        ("please try\nagain in 5s", secs(5)),
        ("retry after 20 seconds", secs(20)),
        ("Please retry after 86400 seconds.", secs(86_400)),
        (
            "Please retry in 59.906331105s.",
            Some(Duration::new(59, 906_331_105)),
        ),
        ("limit reached [retrying in 3s attempt #2]", None),
        ("limit reached [retrying in 61s attempt #2]", secs(61)),
        (
            "quota exceeded [retrying in ~2 weeks attempt #1]",
            secs(1_209_600),
        ),
        ("retrying after 120", secs(120)),
        ("retrying after 60", None),
        ("retrying in 120", None),
        // Advice, unlike what somebody does.
        (
            "Too many requests. Please consider retrying in 30 seconds",
            secs(30),
        ),
        ("We recommend retrying after 20s", secs(20)),
        ("It is recommended retrying after 20", secs(20)),
        ("Try retrying in 10 seconds", secs(10)),
        ("we suggest retrying in 5s", secs(5)),
        ("suggested retrying in 5s", secs(5)),
        ("suggested: retrying in 5s", None),
        ("failed on the first try, retrying in 5s", None),
        ("try again, we are retrying in 5s", None),
        (r#"{"@type":"RetryInfo","retryDelay":"34.4s"}"#, ms(34_400)),
        (r#"{"retryDelay": {"seconds": 34}}"#, secs(34)),
        ("retry_delay {\n  seconds: 34\n}", secs(34)),
        (r#"{"retryable":true,"retry_after":120,"x":1}"#, secs(120)),
        (r#"{"retry_after": 1.5}"#, ms(1500)),
        (r#"{"retry_after":"120"}"#, secs(120)),
        (r#"{\"retry_after\":120}"#, secs(120)),
        (r#"{"retry-after":["30"]}"#, secs(30)),
        (r#"{"retry_after_ms":1500}"#, ms(1500)),
        (r#"{"retryAfterMs": 1500}"#, ms(1500)),
        (r#"{"retry_after_seconds": 90}"#, secs(90)),
        ("Retry-After: 30", secs(30)),
        (
            "HTTP/1.1 429\r\nRetry-After: 30\r\nContent-Length: 3\r\n",
            secs(30),
        ),
        ("RETRY_AFTER=30", secs(30)),
        ("retry after 30.", secs(30)),
        ("retrying in 7 minutes\u{2026} (attempt 5/10)", secs(420)),
        // Django REST framework, and Replicate with it.
        (
            "Request was throttled. Expected available in 4 seconds.",
            secs(4),
        ),
        ("Next request allowed in 15 seconds", secs(15)),
        ("Rate limit exceeded. Wait 30s and retry", secs(30)),
        ("upgrade your plan or wait 6 seconds", secs(6)),
        ("wait for 12 seconds before retrying", secs(12)),
        (
            r#"{"error":"Model is loading","estimated_time":48.2}"#,
            ms(48_200),
        ),
        ("Please wait 20 seconds before the next request", secs(20)),
        ("Come back in 5 minutes", secs(300)),
        ("check back in 90 s", secs(90)),
        ("We will be back in 2 hours", secs(7200)),
        ("try back in 30s", secs(30)),
        // What was, and what a window or a configuration says.
        ("Transaction rolled back in 3 hours", None),
        ("no primary available in 30s", None),
        ("Upstream came back in 2300 ms", None),
        ("only 1000 requests allowed in 24 hours", None),
        (r#"{"retries":3,"wait":"30s"}"#, None),
        ("please wait at least 2 minutes and 30 seconds", secs(150)),
        ("retry after 1 hour, 5 minutes", secs(3900)),
        ("try again in 2 minutes or 30 seconds", secs(120)),
        ("try again in about 2 hours", secs(7200)),
        ("try again in another 20 seconds", secs(20)),
        ("try again in approximately 20 seconds", secs(20)),
        ("try again in around 20 seconds", secs(20)),
        ("Your quota will reset after 3h20m10s.", secs(12_010)),
        ("quota resets in 14 days", secs(1_209_600)),
        // Of several the longest; a reset only when nothing else is said.
        (
            "Please retry in 34.07s. \"retryDelay\": \"34s\"",
            ms(34_070),
        ),
        ("try again in 2s, quota resets in 14 days", secs(2)),
        // No smaller unit, no part of it.
        ("try again in 20s, 3 attempts left", secs(20)),
        ("try again in 20s, 5 minutes at most", secs(20)),
        ("try again in 20s, 5s at most", secs(20)),
        ("try again in 20s. 5 ms", secs(20)),
        ("try again in 99999999999 weeks", LONGEST),
        ("try again in 18446744073709551615 hours 3 minutes", LONGEST),
        // What is no delay.
        ("", None),
        ("Please try again later.", None),
        // Both words, and nothing between them that parts them.
        ("served in 5s", None),
        ("expires after 30s", None),
        ("please keep 20 seconds", None),
        ("do not wait 20 seconds", None),
        ("available in 3 regions", None),
        (r#"{"attempts":3,"totalRetryDelay":787}"#, None),
        ("retry count 30s", None),
        ("estimated cost 48.2", None),
        ("response time 48.2", None),
        ("reset done 30s", None),
        ("retry/after 20s", None),
        ("retry   after 20s", None),
        ("Please try again in a few minutes", None),
        ("try again in 5", None),
        ("try again in 5 attempts", None),
        ("try again in 5 secondsish", None),
        ("try again in -5s", None),
        ("try again at 14:30", None),
        ("retry after 3 attempts", None),
        ("retry after 2026-08-19 02:14:39", None),
        ("retry after 14:30", None),
        ("retry after 86,400", None),
        ("retry after 30% of the limit", None),
        ("retry after 30\u{79d2}", None),
        ("Retry-After: Wed, 21 Oct 2026 07:28:00 GMT", None),
        ("Retry-After: -1", None),
        ("Retry-After: 1e400", None),
        ("retry_after\":null", None),
        ("will not retry. In 5s the connection closes", None),
        ("lock wait 30s exceeded", None),
        ("gave up retry after. At least 5 seconds passed", None),
        ("the stream was reset after 300 bytes", None),
        ("retry after 99999999999999999999999999 seconds", None),
    ];
    for (text, expected) in cases {
        assert_eq!(in_text(text), *expected, "{text:?}");
    }
}

#[test]
fn a_long_text_is_read_in_part() {
    let near = format!("{} try again in 5s", "x ".repeat(4 * 1024));
    assert_eq!(in_text(&near), secs(5));
    let far = format!("{} try again in 5s", "x ".repeat(8 * 1024));
    assert_eq!(in_text(&far), None);
    // The limit may fall inside a character.
    assert_eq!(in_text(&"\u{20ac}".repeat(8 * 1024)), None);
}

/// google.rpc's `RetryInfo`: a `google.protobuf.Duration`, which JSON has as seconds with an `s`.
#[test]
fn the_delay_of_a_retry_info() {
    for (delay, expected) in [
        (r#""34s""#, secs(34)),
        (r#""34.074824224s""#, Some(Duration::new(34, 74_824_224))),
        (r#""0s""#, secs(0)),
        (r#""0.500s""#, ms(500)),
        // Before the client made text of it.
        (r#"{"seconds":34}"#, secs(34)),
        (r#"{"seconds":"34","nanos":0}"#, secs(34)),
        // The longest that the type can say, and more.
        (r#""315576000000s""#, LONGEST),
        (r#""18446744073709551615s""#, LONGEST),
        // What is no delay.
        (r#""-34s""#, None),
        (r#""""#, None),
        (r#""s""#, None),
        (r#""soon""#, None),
        ("null", None),
        ("{}", None),
    ] {
        let info = format!(
            r#"{{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":{delay}}}"#
        );
        let quota = r#"{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{}]}"#;
        for body in [
            format!(r#"{{"error":{{"code":429,"details":[{info}]}}}}"#),
            format!(r#"[{{"error":{{"code":429,"details":[{quota},{info}]}}}}]"#),
            format!(r#"{{"error":{{"details":[{info},{quota}],"code":429}}}}"#),
            // A document in a string, and laid out for people.
            info.replace('"', "\\\""),
            info.replace("\":", "\":\n    "),
        ] {
            assert_eq!(in_text(&body), expected, "{body}");
        }
    }
}

proptest! {
    #[test]
    fn no_text_is_too_odd(
        parts in prop::collection::vec(prop_oneof![
            any::<String>(),
            prop::sample::select(&[
                "try again in ", "retry after ", "retryDelay\":\"", "5", "ms", "1h", ".", "-", " ", "and",
                "\u{b5}s", "seconds", "18446744073709551616", "0.000000000001",
            ][..]).prop_map(str::to_owned),
        ], 0..12),
    ) {
        prop_assert!(in_text(&parts.concat()) <= LONGEST);
    }
}
