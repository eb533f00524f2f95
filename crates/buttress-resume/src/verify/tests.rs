use super::*;
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

/// A plan for a representation of 100 bytes, tagged `"v1"`.
fn range() -> RangePlan {
    RangePlan {
        etag: HeaderValue::from_static("\"v1\""),
        first: 0,
        last: None,
        complete: Some(100),
        encoding: None,
        content_type: Some(HeaderValue::from_static("text/plain")),
    }
}

/// The verdict in a word, and the kind of failure.
fn word(verdict: &Verdict) -> (&'static str, Option<FailureKind>) {
    match verdict {
        Verdict::Continue { skip: 0, .. } => ("continue", None),
        Verdict::Continue { .. } => ("skip", None),
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
        (200, &[tag], ("skip", None)),
        (200, &[tag, ("content-length", "100")], ("skip", None)),
        (200, &[tag, ("content-length", "99")], ("stop", CHANGED)),
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
        (302, &[("location", "/elsewhere")], ("stop", PROTOCOL)),
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
        (501, &[], ("stop", None)),
    ] {
        let status = StatusCode::from_u16(status).unwrap();
        let verdict = verify(&Plan::Range(range()), 40, 1000, status, &headers(lines));
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
        let verdict = verify(&plan, 10, 1000, StatusCode::PARTIAL_CONTENT, &head);
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
        let verdict = verify(&plan, 40, 1000, StatusCode::RANGE_NOT_SATISFIABLE, &head);
        assert_eq!(word(&verdict).0, expected, "{range}");
    }
}

#[test]
fn too_much_to_read_again_is_refused() {
    let head = headers(&[("etag", "\"v1\"")]);
    let verdict = verify(&Plan::Range(range()), 40, 39, StatusCode::OK, &head);
    let Verdict::Stop(failure) = verdict else {
        panic!("{verdict:?}");
    };
    assert_eq!(failure.stopped(), Some(StopReason::NotResumable));
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
        assert_eq!(word(&verify(&plan, 40, u64::MAX, status, &head)).0, "stop");
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
        let verdict = verify(&Plan::Events, 40, 1000, status, &headers(lines));
        assert_eq!(word(&verdict).0, expected, "{status} {lines:?}");
    }
}
