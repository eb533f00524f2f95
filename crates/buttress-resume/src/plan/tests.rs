use super::*;
use http::HeaderName;

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

#[test]
fn which_requests_are_kept() {
    for (method, lines, expected) in [
        (Method::GET, &[][..], true),
        (Method::GET, &[("accept", "*/*")], true),
        (Method::GET, &[("range", "bytes=0-9")], true),
        (
            Method::GET,
            &[("range", "bytes=0-9"), ("range", "bytes=20-29")],
            false,
        ),
        (Method::GET, &[("if-none-match", "\"a\"")], false),
        (Method::GET, &[("if-modified-since", "x")], false),
        (Method::GET, &[("if-match", "\"a\"")], false),
        (Method::GET, &[("if-range", "\"a\"")], false),
        (Method::GET, &[("upgrade", "websocket")], false),
        (Method::POST, &[], false),
        (Method::HEAD, &[], false),
    ] {
        assert_eq!(
            may_resume(&method, &headers(lines)),
            expected,
            "{method} {lines:?}"
        );
    }
}

#[test]
fn which_responses_have_which_plan() {
    let kind = |plan: &Plan| match plan {
        Plan::None => "none",
        Plan::Cursor => "cursor",
        Plan::Events => "events",
        Plan::Range(_) => "range",
    };
    let tag = ("etag", "\"v1\"");
    for (asked, status, lines, expected) in [
        (false, 200, &[tag][..], "range"),
        (false, 200, &[tag, ("accept-ranges", "bytes")], "range"),
        (false, 200, &[tag, ("accept-ranges", "none")], "none"),
        (false, 200, &[("etag", "W/\"v1\"")], "none"),
        (false, 200, &[tag, ("etag", "\"v2\"")], "none"),
        (
            false,
            200,
            &[("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT")],
            "none",
        ),
        (true, 200, &[tag], "range"),
        (
            true,
            206,
            &[tag, ("content-range", "bytes 5-9/10")],
            "range",
        ),
        (true, 206, &[tag], "none"),
        (true, 206, &[("content-range", "bytes 5-9/10")], "none"),
        (
            true,
            206,
            &[tag, ("content-type", "multipart/byteranges; boundary=x")],
            "none",
        ),
        (
            true,
            206,
            &[
                tag,
                ("content-range", "bytes 5-9/10"),
                ("content-range", "bytes 5-9/10"),
            ],
            "none",
        ),
        (
            false,
            200,
            &[("content-type", "text/event-stream")],
            "events",
        ),
        (
            false,
            200,
            &[("content-type", "Text/Event-Stream; charset=utf-8")],
            "events",
        ),
        (
            false,
            200,
            &[
                ("content-type", "text/event-stream"),
                ("content-encoding", "gzip"),
            ],
            "none",
        ),
        (
            false,
            200,
            &[("content-type", "text/event-streams")],
            "none",
        ),
        (false, 404, &[tag], "none"),
        (false, 204, &[tag], "none"),
        (false, 304, &[tag], "none"),
    ] {
        let status = StatusCode::from_u16(status).unwrap();
        let plan = plan(asked, status, &headers(lines));
        assert_eq!(kind(&plan), expected, "{status} {lines:?}");
    }
}

#[test]
fn a_partial_answer_keeps_its_place() {
    let lines = [("etag", "\"v1\""), ("content-range", "bytes 5-9/10")];
    let Plan::Range(plan) = plan(true, StatusCode::PARTIAL_CONTENT, &headers(&lines)) else {
        panic!("no range plan");
    };
    assert_eq!(
        (plan.first, plan.last, plan.complete),
        (5, Some(9), Some(10))
    );
}

#[test]
fn lengths() {
    for (lines, expected) in [
        (&[("content-length", "12")][..], Some(12)),
        (&[("content-length", "0")], Some(0)),
        (&[("content-length", "-1")], None),
        (&[("content-length", "+1")], None),
        (&[("content-length", "12"), ("content-length", "12")], None),
        (&[], None),
    ] {
        assert_eq!(content_length(&headers(lines)), expected, "{lines:?}");
    }
    let lines = headers(&[("content-length", "12")]);
    assert_eq!(announced(StatusCode::NO_CONTENT, &lines), None);
    assert_eq!(announced(StatusCode::NOT_MODIFIED, &lines), None);
    assert_eq!(announced(StatusCode::OK, &lines), Some(12));
}
