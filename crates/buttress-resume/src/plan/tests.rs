use super::*;
use crate::head::content_length;
use http::HeaderValue;

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

fn config(
    build: impl FnOnce(crate::ResumeConfigBuilder) -> crate::ResumeConfigBuilder,
) -> ResumeConfig {
    build(ResumeConfig::builder()).build().unwrap()
}

/// Which plans a request allows: r for range, e for events, p for prefix.
fn letters(rights: Rights) -> String {
    [
        (rights.range, 'r'),
        (rights.events, 'e'),
        (rights.prefix, 'p'),
    ]
    .iter()
    .filter_map(|(is, letter)| is.then_some(*letter))
    .collect()
}

#[test]
fn what_requests_allow() {
    let key = ("idempotency-key", "7f3c");
    let query = Method::from_bytes(b"QUERY").unwrap();
    // Method, headers, then what it allows by default, with `any_method`, with `prefix_replay`,
    // with both.
    for (method, lines, expected) in [
        (Method::GET, &[][..], ["re", "re", "rep", "rep"]),
        (
            Method::GET,
            &[("accept", "*/*")],
            ["re", "re", "rep", "rep"],
        ),
        (
            Method::GET,
            &[("range", "bytes=0-9")],
            ["re", "re", "rep", "rep"],
        ),
        (
            Method::GET,
            &[("range", "bytes=0-9"), ("range", "bytes=20-29")],
            ["", "", "", ""],
        ),
        (
            Method::GET,
            &[("range", "bytes=0-9, 20-29")],
            ["", "", "", ""],
        ),
        (
            Method::GET,
            &[("range", "bytes=-10")],
            ["re", "re", "rep", "rep"],
        ),
        (Method::GET, &[("if-none-match", "\"a\"")], ["", "", "", ""]),
        (Method::GET, &[("if-modified-since", "x")], ["", "", "", ""]),
        (
            Method::GET,
            &[("if-unmodified-since", "x")],
            ["", "", "", ""],
        ),
        (Method::GET, &[("if-match", "\"a\"")], ["", "", "", ""]),
        (Method::GET, &[("if-range", "\"a\"")], ["", "", "", ""]),
        (
            Method::GET,
            &[("if-schedule-tag-match", "\"a\"")],
            ["", "", "", ""],
        ),
        (
            Method::GET,
            &[("if", "x"), ("x-if-match", "x")],
            ["re", "re", "rep", "rep"],
        ),
        (Method::GET, &[("upgrade", "websocket")], ["", "", "", ""]),
        (query, &[], ["e", "e", "ep", "ep"]),
        (Method::POST, &[], ["", "e", "", "e"]),
        (Method::POST, &[key], ["", "e", "", "ep"]),
        (
            Method::POST,
            &[("idempotency-key", " ")],
            ["", "e", "", "e"],
        ),
        (
            Method::POST,
            &[key, ("if-match", "\"a\"")],
            ["", "", "", ""],
        ),
        (Method::PUT, &[key], ["", "e", "", "ep"]),
        (Method::HEAD, &[key], ["", "", "", ""]),
        (Method::CONNECT, &[key], ["", "", "", ""]),
    ] {
        let found =
            [(false, false), (true, false), (false, true), (true, true)].map(|(any, prefix)| {
                let config = config(|b| b.any_method(any).prefix_replay(prefix));
                let rights = Rights::of(&method, &headers(lines), &config);
                assert_eq!(rights.is_none(), letters(rights).is_empty());
                letters(rights)
            });
        assert_eq!(found, expected, "{method} {lines:?}");
    }
    let rights = |lines| Rights::of(&Method::GET, &headers(lines), &ResumeConfig::default());
    assert!(rights(&[("range", "bytes=0-9")]).asked_for_range);
    assert!(!rights(&[]).asked_for_range);
}

fn kind(plan: &Plan) -> &'static str {
    match plan {
        Plan::None => "none",
        Plan::Cursor => "cursor",
        Plan::Events => "events",
        Plan::Range(plan) => match plan.proof {
            Proof::Etag => "tag",
            Proof::LastModified => "date",
            Proof::Overlap => "overlap",
        },
        Plan::Prefix(_) => "prefix",
    }
}

fn plan_of(
    rights: Rights,
    config: &ResumeConfig,
    status: StatusCode,
    lines: &[(&'static str, &'static str)],
) -> Plan {
    let headers = headers(lines);
    let announced = announced(status, &mut headers.clone());
    plan(rights, config, status, &Head::of(&headers), announced)
}

#[test]
fn which_responses_have_which_plan() {
    const TAG: (&str, &str) = ("etag", "\"v1\"");
    const WEAK: (&str, &str) = ("etag", "W/\"v1\"");
    const MODIFIED: (&str, &str) = ("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT");
    const DATE: (&str, &str) = ("date", "Sun, 06 Nov 1994 08:50:37 GMT");
    const RANGE: (&str, &str) = ("content-range", "bytes 5-9/10");
    const STREAM: (&str, &str) = ("content-type", "text/event-stream");
    // Whether a range was asked for, the head, then the plan by default, with `prefix_replay`, with
    // `overlap_alone`.
    for (asked, status, lines, expected) in [
        (false, 200, &[TAG][..], ["tag", "tag", "tag"]),
        (
            false,
            200,
            &[TAG, ("accept-ranges", "bytes")],
            ["tag", "tag", "tag"],
        ),
        (
            false,
            200,
            &[TAG, ("accept-ranges", "none")],
            ["none", "prefix", "none"],
        ),
        (false, 200, &[WEAK], ["none", "prefix", "overlap"]),
        (
            false,
            200,
            &[TAG, ("etag", "\"v2\"")],
            ["none", "prefix", "overlap"],
        ),
        (false, 200, &[MODIFIED], ["none", "prefix", "overlap"]),
        (false, 200, &[MODIFIED, DATE], ["date", "date", "date"]),
        (
            false,
            200,
            &[MODIFIED, DATE, WEAK],
            ["none", "prefix", "overlap"],
        ),
        (false, 200, &[], ["none", "prefix", "overlap"]),
        (true, 200, &[TAG], ["tag", "tag", "tag"]),
        (true, 206, &[TAG, RANGE], ["tag", "tag", "tag"]),
        (true, 206, &[TAG], ["none", "none", "none"]),
        (true, 206, &[RANGE], ["none", "prefix", "overlap"]),
        (
            true,
            206,
            &[TAG, ("content-type", "multipart/byteranges; boundary=x")],
            ["none", "none", "none"],
        ),
        // Which it must not be (RFC 9110, section 15.3.7.2).
        (
            true,
            206,
            &[
                TAG,
                RANGE,
                ("content-type", "Multipart/ByteRanges; boundary=x"),
            ],
            ["none", "prefix", "none"],
        ),
        (true, 206, &[TAG, RANGE, RANGE], ["none", "none", "none"]),
        (
            true,
            206,
            &[TAG, ("content-range", "bytes */10")],
            ["none", "none", "none"],
        ),
        (
            true,
            206,
            &[TAG, ("content-range", "lines 5-9/10")],
            ["none", "none", "none"],
        ),
        (false, 200, &[STREAM], ["events", "events", "events"]),
        (false, 200, &[STREAM, TAG], ["events", "events", "events"]),
        (
            false,
            200,
            &[("content-type", "Text/Event-Stream; charset=utf-8")],
            ["events", "events", "events"],
        ),
        (
            false,
            200,
            &[STREAM, ("content-encoding", "gzip")],
            ["none", "prefix", "none"],
        ),
        (
            false,
            200,
            &[STREAM, ("content-encoding", "identity")],
            ["events", "events", "events"],
        ),
        (true, 200, &[STREAM], ["none", "prefix", "overlap"]),
        // A part of a stream is no stream, whoever asked for it.
        (false, 206, &[STREAM, TAG, RANGE], ["tag", "tag", "tag"]),
        (
            false,
            200,
            &[("content-type", "text/event-streams")],
            ["none", "prefix", "overlap"],
        ),
        (false, 101, &[TAG], ["none", "none", "none"]),
        (false, 201, &[TAG], ["none", "none", "none"]),
        (false, 203, &[TAG], ["none", "none", "none"]),
        (false, 404, &[TAG], ["none", "none", "none"]),
        (false, 204, &[TAG], ["none", "none", "none"]),
        (false, 304, &[TAG], ["none", "none", "none"]),
        (false, 416, &[TAG], ["none", "none", "none"]),
    ] {
        let status = StatusCode::from_u16(status).unwrap();
        let configs = [
            ResumeConfig::default(),
            config(|b| b.prefix_replay(true)),
            config(|b| b.overlap(10).overlap_alone(true)),
        ];
        let plans = configs.map(|config| {
            let rights = Rights {
                asked_for_range: asked,
                ..Rights::of(&Method::GET, &HeaderMap::new(), &config)
            };
            kind(&plan_of(rights, &config, status, lines))
        });
        assert_eq!(plans, expected, "{status} {lines:?}");
    }
}

#[test]
fn a_post_has_events_or_nothing() {
    let config = config(|b| b.any_method(true));
    let rights = Rights::of(&Method::POST, &HeaderMap::new(), &config);
    for (lines, expected) in [
        (&[("content-type", "text/event-stream")][..], "events"),
        (&[("etag", "\"v1\"")], "none"),
    ] {
        let plan = plan_of(rights, &config, StatusCode::OK, lines);
        assert_eq!(kind(&plan), expected);
    }
}

#[test]
fn what_may_not_be_sent_again_has_no_plan_for_any_answer() {
    let config = config(|b| b.prefix_replay(true).overlap(10).overlap_alone(true));
    for (name, value) in [("content-type", "text/event-stream"), ("etag", "\"v1\"")] {
        let plan = plan_of(Rights::NONE, &config, StatusCode::OK, &[(name, value)]);
        assert_eq!(kind(&plan), "none", "{name}");
    }
}

#[test]
fn a_partial_answer_keeps_its_place() {
    let lines = [("etag", "\"v1\""), ("content-range", "bytes 5-9/10")];
    let config = ResumeConfig::default();
    let rights = Rights::of(&Method::GET, &HeaderMap::new(), &config);
    let plan = plan_of(rights, &config, StatusCode::PARTIAL_CONTENT, &lines);
    let Plan::Range(plan) = plan else {
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
    for (status, expected) in [
        (StatusCode::OK, Some(12)),
        (StatusCode::NO_CONTENT, None),
        (StatusCode::NOT_MODIFIED, None),
        (StatusCode::SWITCHING_PROTOCOLS, None),
    ] {
        assert_eq!(announced(status, &mut lines.clone()), expected, "{status}");
        // However it is found out.
        let (mut parts, ()) = http::Response::new(()).into_parts();
        (parts.status, parts.headers) = (status, lines.clone());
        let read = read(None, &ResumeConfig::default(), &parts);
        assert_eq!(read.announced, expected, "{status}");
    }
}
