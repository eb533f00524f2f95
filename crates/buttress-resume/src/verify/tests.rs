mod proofs;

use super::*;
use crate::likeness::Likeness;
use http::{HeaderName, HeaderValue};

fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        headers.append(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    headers
}

fn likeness(headers: &HeaderMap) -> Likeness {
    Likeness::of(&Head::of(headers))
}

/// A plan for a representation of 100 bytes, tagged `"v1"`.
fn range() -> RangePlan {
    RangePlan {
        proof: Proof::Etag,
        like: likeness(&headers(&[
            ("etag", "\"v1\""),
            ("content-type", "text/plain"),
        ])),
        first: 0,
        last: None,
        complete: Some(100),
        has_length: true,
    }
}

/// Nothing is read again on purpose, and 1000 bytes may be.
fn asked(plan: &Plan, delivered: u64) -> Asked<'_> {
    Asked {
        plan,
        delivered,
        overlap: 0,
        max_reread: 1000,
    }
}

/// The verdict in a word, and the kind of failure.
fn word(verdict: &Verdict) -> (&'static str, Option<FailureKind>) {
    match verdict {
        Verdict::Continue(Continuation { again: 0, .. }) => ("continue", None),
        Verdict::Continue(_) => ("skip", None),
        Verdict::Finished => ("finished", None),
        Verdict::Again(failure) => ("again", Some(failure.kind())),
        Verdict::Stop(failure) => ("stop", Some(failure.kind())),
    }
}

const CHANGED: Option<FailureKind> = Some(FailureKind::RepresentationChanged);
const PROTOCOL: Option<FailureKind> = Some(FailureKind::Protocol);

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

#[test]
fn answers_to_an_event_stream() {
    let stream = ("content-type", "text/event-stream");
    for (status, lines, expected) in [
        (200, &[stream][..], "continue"),
        (200, &[("content-type", "text/html")], "stop"),
        (200, &[stream, ("content-encoding", "gzip")], "stop"),
        (200, &[], "stop"),
        (204, &[], "finished"),
        (206, &[stream], "stop"),
        (301, &[], "stop"),
        (404, &[], "stop"),
        (429, &[], "again"),
        (502, &[], "again"),
    ] {
        let status = StatusCode::from_u16(status).unwrap();
        let verdict = verify(asked(&Plan::Events, 40), status, &headers(lines));
        assert_eq!(word(&verdict).0, expected, "{status} {lines:?}");
    }
}

/// Nobody asks so: whoever does is told, instead of being given what may be another body.
#[test]
fn a_body_without_a_plan_or_with_a_cursor_is_not_judged_here() {
    for plan in [Plan::None, Plan::Cursor] {
        for status in [200, 204, 206] {
            let status = StatusCode::from_u16(status).unwrap();
            let verdict = verify(asked(&plan, 40), status, &HeaderMap::new());
            assert_eq!(word(&verdict), ("stop", CHANGED), "{plan:?} {status}");
        }
        let busy = StatusCode::SERVICE_UNAVAILABLE;
        let verdict = verify(asked(&plan, 40), busy, &HeaderMap::new());
        assert_eq!(word(&verdict).0, "again", "{plan:?}");
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

#[test]
fn what_a_server_asks_for_is_kept() {
    for (status, name, value, seconds) in [
        (408, "retry-after", "3", 3),
        (429, "retry-after", "3", 3),
        (429, "retry-after-ms", "3000", 3),
        (500, "retry-after", "3", 3),
        (503, "retry-after", "120", 120),
    ] {
        for plan in [Plan::Range(range()), Plan::Events] {
            let status = StatusCode::from_u16(status).unwrap();
            let verdict = verify(asked(&plan, 40), status, &headers(&[(name, value)]));
            let Verdict::Again(failure) = verdict else {
                panic!("{status} {verdict:?}");
            };
            let after = failure.hint().and_then(buttress_core::Hint::after);
            assert_eq!(after, Some(std::time::Duration::from_secs(seconds)));
        }
    }
}
