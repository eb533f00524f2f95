//! Answers to a request for a range.

use super::*;

#[test]
fn answers_to_a_range_at_40_of_100() {
    let tag = ("etag", "\"v1\"");
    let text = ("content-type", "text/plain");
    let fits = ("content-range", "bytes 40-99/100");
    for (status, lines, expected) in [
        (206, &[tag, fits][..], ("continue", None)),
        (
            206,
            &[tag, fits, ("content-length", "60")],
            ("continue", None),
        ),
        (
            206,
            &[tag, fits, ("content-type", "text/plain")],
            ("continue", None),
        ),
        (
            206,
            &[tag, ("content-range", "bytes 40-99/*")],
            ("continue", None),
        ),
        // Shorter than asked is legal: the rest is asked for afterwards.
        (
            206,
            &[tag, ("content-range", "bytes 40-59/100")],
            ("continue", None),
        ),
        (
            206,
            &[tag, fits, ("content-length", "61")],
            ("stop", PROTOCOL),
        ),
        (
            206,
            &[tag, ("content-range", "bytes 39-99/100")],
            ("stop", PROTOCOL),
        ),
        (
            206,
            &[tag, ("content-range", "bytes 41-99/100")],
            ("stop", PROTOCOL),
        ),
        (
            206,
            &[tag, ("content-range", "bytes 0-99/100")],
            ("stop", PROTOCOL),
        ),
        (
            206,
            &[tag, ("content-range", "bytes 40-100/101")],
            ("stop", CHANGED),
        ),
        (
            206,
            &[tag, ("content-range", "bytes 40-99/200")],
            ("stop", CHANGED),
        ),
        // Behind the end that was known, although the answer knows none.
        (
            206,
            &[tag, ("content-range", "bytes 40-100/*")],
            ("stop", CHANGED),
        ),
        (
            206,
            &[tag, ("content-range", "bytes 40-59/60")],
            ("stop", CHANGED),
        ),
        (
            206,
            &[tag, ("content-range", "bytes 0-39/100")],
            ("stop", PROTOCOL),
        ),
        (
            206,
            &[tag, ("content-type", "multipart/byteranges; boundary=x")],
            ("stop", PROTOCOL),
        ),
        (
            206,
            &[
                tag,
                fits,
                ("content-type", "multipart/byteranges; boundary=x"),
            ],
            ("stop", CHANGED),
        ),
        (206, &[tag, fits, fits], ("stop", PROTOCOL)),
        (206, &[tag], ("stop", PROTOCOL)),
        (
            206,
            &[tag, ("content-range", "bytes */100")],
            ("stop", PROTOCOL),
        ),
        (206, &[fits], ("stop", CHANGED)),
        (206, &[("etag", "\"v2\""), fits], ("stop", CHANGED)),
        (206, &[("etag", "W/\"v1\""), fits], ("stop", CHANGED)),
        (
            206,
            &[tag, fits, ("content-encoding", "gzip")],
            ("stop", CHANGED),
        ),
        (
            206,
            &[tag, fits, ("content-type", "text/html")],
            ("stop", CHANGED),
        ),
        // A whole has to say what it is; only a part may leave that out.
        (200, &[tag], ("stop", CHANGED)),
        (200, &[tag, text], ("skip", None)),
        (200, &[tag, text, ("content-length", "100")], ("skip", None)),
        (
            200,
            &[tag, text, ("content-length", "99")],
            ("stop", CHANGED),
        ),
        (
            200,
            &[tag, text, ("content-encoding", "gzip")],
            ("stop", CHANGED),
        ),
        (
            200,
            &[tag, ("content-type", "text/html")],
            ("stop", CHANGED),
        ),
        (200, &[("etag", "\"v2\"")], ("stop", CHANGED)),
        (200, &[("etag", "W/\"v1\"")], ("stop", CHANGED)),
        (200, &[], ("stop", CHANGED)),
        (416, &[("content-range", "bytes */100")], ("stop", CHANGED)),
        (416, &[("content-range", "bytes */40")], ("stop", CHANGED)),
        (416, &[], ("stop", CHANGED)),
        (412, &[], ("stop", CHANGED)),
        (304, &[tag], ("stop", CHANGED)),
        (404, &[], ("stop", Some(FailureKind::NotFound))),
        (401, &[], ("stop", Some(FailureKind::Auth))),
        (403, &[], ("stop", Some(FailureKind::Permission))),
        (410, &[], ("stop", Some(FailureKind::NotFound))),
        (301, &[("location", "/elsewhere")], ("stop", PROTOCOL)),
        (302, &[("location", "/elsewhere")], ("stop", PROTOCOL)),
        (
            307,
            &[("location", "https://other.example/")],
            ("stop", PROTOCOL),
        ),
        (100, &[], ("stop", PROTOCOL)),
        (
            416,
            &[
                ("content-range", "bytes */40"),
                ("content-range", "bytes */40"),
            ],
            ("stop", CHANGED),
        ),
        (204, &[], ("stop", PROTOCOL)),
        (408, &[], ("again", Some(FailureKind::TimeoutHead))),
        (425, &[], ("again", None)),
        (
            429,
            &[("retry-after", "3")],
            ("again", Some(FailureKind::RateLimited)),
        ),
        (500, &[], ("again", Some(FailureKind::ServerError))),
        (503, &[], ("again", Some(FailureKind::Overloaded))),
        (
            503,
            &[("retry-after", "3")],
            ("again", Some(FailureKind::Overloaded)),
        ),
        (
            503,
            &[("x-should-retry", "false")],
            ("stop", Some(FailureKind::Overloaded)),
        ),
        (409, &[("x-should-retry", "true")], ("again", None)),
        (502, &[], ("again", Some(FailureKind::BadGateway))),
        (504, &[], ("again", None)),
        (529, &[], ("again", Some(FailureKind::Overloaded))),
        (501, &[], ("stop", None)),
        (505, &[], ("stop", None)),
    ] {
        let status = StatusCode::from_u16(status).unwrap();
        let plan = Plan::Range(range());
        let verdict = verify(asked(&plan, 40), status, &headers(lines));
        let (found, kind) = word(&verdict);
        assert_eq!(found, expected.0, "{status} {lines:?}");
        if expected.1.is_some() {
            assert_eq!(kind, expected.1, "{status} {lines:?}");
        }
    }
}

#[test]
fn a_range_that_ends_must_not_be_overrun() {
    let plan = Plan::Range(RangePlan {
        first: 10,
        last: Some(49),
        ..range()
    });
    for (range, expected) in [
        ("bytes 20-49/100", "continue"),
        ("bytes 20-39/100", "continue"),
        ("bytes 20-50/100", "stop"),
        ("bytes 10-49/100", "stop"),
    ] {
        let head = headers(&[("etag", "\"v1\""), ("content-range", range)]);
        let verdict = verify(asked(&plan, 10), StatusCode::PARTIAL_CONTENT, &head);
        assert_eq!(word(&verdict).0, expected, "{range}");
    }
}

/// A place from 10 to 49, of which 10 bytes were delivered, and a whole that comes instead.
#[test]
fn of_a_whole_no_more_is_taken_than_the_place_has() {
    let text = ("content-type", "text/plain");
    for (last, length, end, has_more) in [
        (Some(49), Some("100"), Some(50), true),
        (Some(49), None, Some(50), true),
        // Nothing is behind the place: what comes there is one byte too many.
        (Some(49), Some("50"), Some(50), false),
        (Some(49), Some("30"), Some(30), false),
        (None, Some("100"), Some(100), false),
        (None, None, None, false),
    ] {
        let plan = Plan::Range(RangePlan {
            first: 10,
            last,
            complete: None,
            ..range()
        });
        let mut head = headers(&[("etag", "\"v1\""), text]);
        if let Some(length) = length {
            head.insert("content-length", HeaderValue::from_static(length));
        }
        let verdict = verify(asked(&plan, 10), StatusCode::OK, &head);
        let Verdict::Continue(how) = verdict else {
            panic!("{verdict:?}");
        };
        let expected = Continuation {
            again: 20,
            complete: length.map(|length| length.parse().unwrap()),
            end,
            has_more,
        };
        assert_eq!(how, expected, "{last:?} {length:?}");
    }
}

#[test]
fn a_416_at_the_exact_end_of_an_unknown_length_is_the_end() {
    let plan = Plan::Range(RangePlan {
        complete: None,
        ..range()
    });
    for (range, expected) in [("bytes */40", "finished"), ("bytes */41", "stop")] {
        let head = headers(&[("content-range", range)]);
        let verdict = verify(asked(&plan, 40), StatusCode::RANGE_NOT_SATISFIABLE, &head);
        assert_eq!(word(&verdict).0, expected, "{range}");
    }
    // A part that the server said it had has bytes behind that.
    let plan = Plan::Range(RangePlan {
        complete: None,
        last: Some(99),
        ..range()
    });
    let head = headers(&[("content-range", "bytes */40")]);
    let verdict = verify(asked(&plan, 40), StatusCode::RANGE_NOT_SATISFIABLE, &head);
    assert_eq!(
        word(&verdict),
        ("stop", Some(FailureKind::RepresentationChanged))
    );
}

#[test]
fn too_much_to_read_again_is_refused() {
    let head = headers(&[("etag", "\"v1\""), ("content-type", "text/plain")]);
    let plan = Plan::Range(range());
    let asked = Asked {
        max_reread: 39,
        ..asked(&plan, 40)
    };
    let verdict = verify(asked, StatusCode::OK, &head);
    let Verdict::Stop(failure) = verdict else {
        panic!("{verdict:?}");
    };
    assert_eq!(failure.stopped(), Some(StopReason::NotResumable));
    assert!(!failure.is_transient());
    let asked = Asked {
        max_reread: 40,
        ..asked
    };
    let verdict = verify(asked, StatusCode::OK, &head);
    assert!(matches!(verdict, Verdict::Continue(_)), "{verdict:?}");
}

#[test]
fn positions_do_not_overflow() {
    let plan = Plan::Range(RangePlan {
        first: u64::MAX - 1,
        last: None,
        complete: None,
        ..range()
    });
    let head = headers(&[("etag", "\"v1\""), ("content-range", "bytes 5-9/10")]);
    for status in [200, 206, 416] {
        let status = StatusCode::from_u16(status).unwrap();
        let asked = Asked {
            max_reread: u64::MAX,
            ..asked(&plan, 40)
        };
        assert_eq!(word(&verify(asked, status, &head)).0, "stop");
    }
}

/// A decoder takes the length out of every head, and ranges would count other bytes than those
/// that were delivered.
#[test]
fn a_part_without_a_length_continues_only_what_had_one() {
    let tag = ("etag", "\"v1\"");
    let fits = ("content-range", "bytes 40-99/100");
    let length = ("content-length", "60");
    for (has_length, lines, expected) in [
        (true, &[tag, fits, length][..], "continue"),
        (true, &[tag, fits], "continue"),
        (false, &[tag, fits, length], "continue"),
        (false, &[tag, fits], "stop"),
    ] {
        let plan = Plan::Range(RangePlan {
            complete: None,
            has_length,
            ..range()
        });
        let verdict = verify(
            asked(&plan, 40),
            StatusCode::PARTIAL_CONTENT,
            &headers(lines),
        );
        assert_eq!(word(&verdict).0, expected, "{has_length} {lines:?}");
    }
}
