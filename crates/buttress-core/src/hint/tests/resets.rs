//! When a limit resets.

use super::*;

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
    let announced_in_a_field = headers(&["ratelimit: \"a\";r=7;t=60"]);
    let spent_in_a_field = headers(&["ratelimit: \"a\";r=0;t=60"]);
    let explicit = headers(&["retry-after: 5", "x-ratelimit-reset: 60"]);
    for code in 400..=599 {
        let status = StatusCode::from_u16(code).expect("a status");
        let after = |headers| Hint::from_head(status, headers, now()).and_then(Hint::after);
        let counts = matches!(code, 429 | 503 | 529);
        for announced in [&announced, &announced_in_a_field] {
            assert_eq!(after(announced), secs(60).filter(|_| counts), "{code}");
        }
        for spent in [&spent, &spent_in_a_field] {
            let expected = secs(60).filter(|_| counts || code == 403);
            assert_eq!(after(spent), expected, "{code}");
        }
        assert_eq!(after(&explicit), secs(5), "{code}");
    }
}

#[test]
fn limits_of_the_ratelimit_field() {
    let cases: &[(&[&str], Option<Duration>)] = &[
        // Items with parameters: the draft since its version 08.
        (&["RateLimit: \"default\";r=0;t=30"], secs(30)),
        (
            &[
                "RateLimit-Policy: \"default\";q=100;w=60",
                "RateLimit: \"default\";r=0;t=30",
            ],
            secs(30),
        ),
        (&["RateLimit: default;r=0;t=30"], secs(30)),
        (&["RateLimit: \"a\\\";r=0;t=9\";r=0;t=30"], secs(30)),
        (&["RateLimit: \"default\" ; t=30 ; r=0"], secs(30)),
        (&["RateLimit: \"a\";r=0;t=30;pk=:cHsdsRa894==:"], secs(30)),
        (&["RateLimit: \"default\";r=5;t=30"], secs(30)),
        (&["RateLimit: \"default\";t=30"], secs(30)),
        // Of several, what is spent.
        (
            &["RateLimit: \"minute\";r=9;t=3, \"day\";r=0;t=3600"],
            secs(3600),
        ),
        (
            &["RateLimit: \"a\";r=0;t=5,\"b\";r=0;t=8,\"c\";r=1;t=90"],
            secs(8),
        ),
        (&["RateLimit: \"a\";r=2;t=5, \"b\";r=1;t=8"], secs(5)),
        (
            &["RateLimit: \"a\";r=9;t=3", "RateLimit: \"b\";r=0;t=60"],
            secs(60),
        ),
        (
            &[
                "RateLimit: \"a\";r=0;t=60",
                "x-ratelimit-reset: 5",
                "x-ratelimit-remaining: 4",
            ],
            secs(60),
        ),
        // A name is any string, and what is in it says nothing.
        (
            &["RateLimit: \"a;r=0;t=9, \\\"b\\\";r=0;t=8\";r=0;t=30"],
            secs(30),
        ),
        (
            &["RateLimit: \"a;r=0;t=9\";r=4;t=7, \"b\";r=4;t=30"],
            secs(7),
        ),
        // Of a parameter that is there twice the last counts (RFC 9651, section 4.2.3.2).
        (&["RateLimit: \"a\";r=0;t=9;t=30"], secs(30)),
        // A dictionary: its version 07.
        (&["RateLimit: limit=100, remaining=0, reset=30"], secs(30)),
        (
            &[
                "RateLimit: limit=100, remaining=0, reset=30",
                "x-ratelimit-reset: 5",
            ],
            secs(30),
        ),
        (&["RateLimit: limit=100", "RateLimit: reset=30"], secs(30)),
        // Nothing in it says when.
        (&["RateLimit: \"default\";r=0"], None),
        (&["RateLimit: \"default\";r=0;t"], None),
        (&["RateLimit: \"default\";r=0;t=soon"], None),
        (&["RateLimit: \"default\";r=0;t=-30"], None),
        (&["RateLimit: \"default;r=0;t=30"], None),
        (&["RateLimit: 100;w=60"], None),
        (&["RateLimit: "], None),
        (&["RateLimit-Policy: \"default\";q=100;w=60"], None),
        (&["Some-RateLimit: \"default\";r=0;t=30"], None),
        // It is told beside `Retry-After`, which wins.
        (
            &["Retry-After: 5", "RateLimit: \"default\";r=0;t=30"],
            secs(5),
        ),
    ];
    for (lines, expected) in cases {
        assert_eq!(after(lines), *expected, "{lines:?}");
    }
}
