//! Streams whose last event is known.

use super::*;
use crate::event::EventView;

fn done() -> crate::ResumeConfigBuilder {
    ResumeConfig::builder()
        .tries(3)
        .backoff(Backoff::constant(SECOND))
        .terminal(|event| &*event.data() == b"[DONE]")
}

async fn run_with(config: crate::ResumeConfigBuilder, inner: &Inner, method: Method) -> Collected {
    let service = ResumeLayer::new(config.build().unwrap()).layer(inner.clone());
    let mut request = get();
    *request.method_mut() = method;
    let response = service.oneshot(request).await.expect("a head");
    let collected = collect(response.into_body()).await;
    assert_eq!(collected.lies, []);
    assert_eq!((inner.in_flight(), inner.bodies_alive()), (0, 0));
    collected
}

const END: &str = "data: [DONE]\n\n";

#[tokio::test(start_paused = true)]
async fn a_stream_is_whole_with_its_last_event_and_only_with_it() {
    for method in [Method::GET, Method::POST] {
        for size in [1, 7, 1000] {
            for (text, end, whole) in [
                ("data: a\n\ndata: [DONE]\n\n", "clean", true),
                ("data: a\n\ndata: [DONE]\n\n", "reset", true),
                ("data: a\n\ndata: [DONE]\n\ndata: mo", "reset", true),
                // Without its blank line, as some end it.
                ("data: a\n\ndata: [DONE]\n", "clean", true),
                ("data: a\n\ndata: [DONE]", "reset", true),
                ("data: a\n\n", "clean", false),
                ("data: a\n\n", "reset", false),
                ("data: a\n\ndata: [DON", "clean", false),
                // A byte order mark counts only at the very beginning.
                ("\u{feff}data: [DONE]\n\n", "reset", true),
                ("data: a\n\n\u{feff}data: [DONE]\n\n", "clean", false),
                ("", "clean", false),
            ] {
                let mut body = ScriptedBody::new();
                for chunk in text.as_bytes().chunks(size) {
                    body = body.data(Bytes::copy_from_slice(chunk));
                }
                if end == "reset" {
                    body = reset(body);
                }
                let inner = Inner::new([stream(body), Step::status(404)]);
                let collected = run_with(done(), &inner, method.clone()).await;
                assert_eq!(
                    collected.end() == "clean end",
                    whole,
                    "{text:?} {end} {size}"
                );
                if whole {
                    let expected = text.strip_suffix("data: mo").unwrap_or(text);
                    assert_eq!(collected.bytes, expected);
                    continue;
                }
                let failure = failure(collected);
                if end == "clean" && !text.is_empty() {
                    assert_eq!(failure.kind(), FailureKind::StreamTruncated);
                }
                assert!(failure.stopped().is_some());
            }
        }
    }
}

/// What has not come is no event, whatever the last one is known by.
#[tokio::test(start_paused = true)]
async fn nothing_is_no_last_event() {
    let empty = || ResumeConfig::builder().terminal(|event| event.data().is_empty());
    for (text, is_whole) in [("data: a\n\n", false), ("data: a\n\ndata\n\n", true)] {
        let inner = Inner::new([stream(text.into())]);
        let collected = run_with(empty(), &inner, Method::POST).await;
        assert_eq!(collected.bytes, text);
        assert_eq!(collected.end() == "clean end", is_whole, "{text:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_cut_stream_with_ids_goes_on() {
    let inner = Inner::new([
        stream(ScriptedBody::new().data("id: 1\ndata: a\n\n")),
        stream(reset(
            ScriptedBody::new().data("id: 2\ndata: b\n\n").data(END),
        )),
    ]);
    let collected = run_with(done(), &inner, Method::GET).await;
    assert_eq!(collected.end(), "clean end");
    assert_eq!(
        collected.bytes,
        format!("id: 1\ndata: a\n\nid: 2\ndata: b\n\n{END}")
    );
    assert_eq!(inner.calls()[1].parts.headers["last-event-id"], "1");
}

#[tokio::test(start_paused = true)]
async fn a_post_goes_on_by_its_ids_only_with_consent() {
    let steps = || {
        Inner::new([
            stream(reset(ScriptedBody::new().data("id: 1\ndata: a\n\n"))),
            stream(ScriptedBody::new().data(END)),
        ])
    };
    let inner = steps();
    let collected = run_with(done().any_method(true), &inner, Method::POST).await;
    assert_eq!(collected.end(), "clean end");
    assert_eq!(inner.calls()[1].parts.method, Method::POST);
    assert_eq!(inner.calls()[1].parts.headers["last-event-id"], "1");

    let inner = steps();
    let failure = failure(run_with(done(), &inner, Method::POST).await);
    assert_eq!(failure.kind(), FailureKind::ConnectionReset);
    assert_eq!(failure.stopped(), Some(StopReason::NotResumable));
    assert_eq!(inner.calls().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_no_event_stream_has_no_last_event() {
    for step in [
        Step::ok("data: a\n\n"),
        stream("data: a\n\n".into()).header("content-encoding", "gzip"),
        Step::ok("data: a\n\n").header("content-type", "application/json"),
    ] {
        let collected = run_with(done(), &Inner::new([step]), Method::POST).await;
        assert_eq!(collected.end(), "clean end");
    }
    let head = Inner::new([stream(ScriptedBody::new())]);
    let collected = run_with(done(), &head, Method::HEAD).await;
    assert_eq!(collected.end(), "clean end");
}

#[tokio::test(start_paused = true)]
async fn a_request_may_bring_its_own_last_event() {
    let own = ResumeConfig::builder().terminal(|event: &EventView<'_>| event.name() == b"end");
    let body = ScriptedBody::new()
        .data("event: end\ndata\n\n")
        .io(io::ErrorKind::ConnectionReset);
    let mut request = get();
    *request.method_mut() = Method::POST;
    request.extensions_mut().insert(own.build().unwrap());
    assert_eq!(
        run(&Inner::new([stream(body)]), request).await.end(),
        "clean end"
    );
}

#[tokio::test(start_paused = true)]
async fn an_event_too_long_to_be_looked_at_may_have_been_the_last() {
    let long = format!("data: {}\n\n", "x".repeat(3000));
    let cut = |text: &str, end: fn(ScriptedBody) -> ScriptedBody| {
        let mut body = ScriptedBody::new();
        for piece in text.as_bytes().chunks(700) {
            body = body.data(Bytes::copy_from_slice(piece));
        }
        Inner::new([stream(end(body))])
    };
    let config = || done().max_event(1024);
    let collected = run_with(config(), &cut(&long, |body| body), Method::POST).await;
    assert_eq!(collected.end(), "clean end");
    for (text, end) in [
        (&long[..], reset as fn(ScriptedBody) -> ScriptedBody),
        (&long[..2000], reset),
        (&long[..2000], |body| body),
        (&format!("{long}data: b\n\n"), |body| body),
    ] {
        let collected = run_with(config(), &cut(text, end), Method::POST).await;
        assert_eq!(failure(collected).stopped(), Some(StopReason::NotResumable));
    }
    // Of a length that ends within it, only what is behind its end may have been the last one.
    let clean: fn(ScriptedBody) -> ScriptedBody = |body| body;
    for (to, end, is_whole) in [
        (long.len(), clean, true),
        (long.len(), reset, false),
        (long.len() - 1, clean, false),
    ] {
        let body = [&long[..1500], &long[1500..to]].map(|piece| Bytes::from(piece.to_owned()));
        let body = body
            .into_iter()
            .fold(ScriptedBody::new(), ScriptedBody::data);
        let inner = Inner::new([stream(end(body)).header("content-length", to.to_string())]);
        let collected = run_with(config(), &inner, Method::POST).await;
        assert_eq!(collected.end() == "clean end", is_whole, "{to}");
    }
}

/// Events with these ids.
fn numbered(ids: impl IntoIterator<Item = u32>) -> String {
    ids.into_iter()
        .map(|id| format!("id: {id}\ndata: {id}\n\n"))
        .collect()
}

#[tokio::test(start_paused = true)]
async fn a_server_that_begins_again_is_read_past_what_was_delivered() {
    let body = || ScriptedBody::new().data(numbered(1..=200));
    let rest = numbered(1..=300);
    for size in [rest.len(), 100] {
        let mut again = ScriptedBody::new();
        for chunk in rest.as_bytes().chunks(size) {
            again = again.data(Bytes::copy_from_slice(chunk));
        }
        let inner = Inner::new([stream(reset(body())), stream(again.data(END))]);
        let collected = run_with(done(), &inner, Method::GET).await;
        assert_eq!(collected.end(), "clean end");
        assert_eq!(collected.bytes, format!("{}{END}", numbered(1..=300)));
    }
    // It ends before it has come to where it was: no end, but a cut.
    let inner = Inner::new([
        stream(reset(body())),
        stream(ScriptedBody::new().data(numbered(1..=100))),
        stream(ScriptedBody::new().data(numbered(1..=201))),
    ]);
    let ids = ResumeConfig::builder().backoff(Backoff::constant(SECOND));
    let collected = run_with(ids, &inner, Method::GET).await;
    assert_eq!(collected.end(), "clean end");
    assert_eq!(collected.bytes, numbered(1..=201));
    // Each time no more than may be read again, and no less either.
    let again = || numbered(1..=100);
    let inner = Inner::new([
        stream(reset(body())),
        stream(reset(ScriptedBody::new().data(again()))),
        stream(reset(ScriptedBody::new().data(again()))),
        stream(ScriptedBody::new().data(numbered(200..=201)).data(END)),
    ]);
    let limit = again().len() as u64;
    let collected = run_with(done().max_reread(limit), &inner, Method::GET).await;
    assert_eq!(collected.end(), "clean end");
    assert_eq!(collected.bytes, format!("{}{END}", numbered(1..=201)));
    // Too much of it.
    let inner = Inner::new([
        stream(reset(body())),
        stream(
            ScriptedBody::new()
                .data(numbered(1..=100))
                .data(numbered(101..=200)),
        ),
    ]);
    let collected = run_with(done().max_reread(500), &inner, Method::GET).await;
    assert_eq!(collected.bytes, numbered(1..=200));
    let failure = failure(collected);
    assert_eq!(failure.kind(), FailureKind::Protocol);
    assert!(!failure.is_transient());
}

#[tokio::test(start_paused = true)]
async fn an_event_that_comes_again_is_left_out_although_it_comes_alone() {
    let first = ScriptedBody::new().data(numbered([1, 2]));
    let again = ScriptedBody::new()
        .data(": welcome back\n\n")
        .data(numbered([1]))
        .data(numbered([2]))
        .data(numbered([3]))
        .data(END);
    let inner = Inner::new([stream(reset(first)), stream(again)]);
    let collected = run_with(done(), &inner, Method::GET).await;
    assert_eq!(collected.end(), "clean end");
    let expected = format!(
        "{}: welcome back\n\n{}{END}",
        numbered([1, 2]),
        numbered([3])
    );
    assert_eq!(collected.bytes, expected);
}

#[tokio::test(start_paused = true)]
async fn the_last_event_is_seen_behind_what_was_read_again() {
    // A mark that is none of a beginning belongs to its line.
    let rest = format!("\u{feff}data: b\n\n{END}");
    // What had come of the next event is no part of what was delivered, and comes once more.
    for begun in [0, 1, 3, 7, 11] {
        let mut request = get();
        // Then there are no events to go on by, but a copy of the whole.
        let range = "bytes=0-".parse().unwrap();
        request.headers_mut().insert("range", range);
        let first = [b"data: a\n\n", &rest.as_bytes()[..begun]].concat();
        let first = ScriptedBody::new().data(first);
        let again = ScriptedBody::new().data(format!("data: a\n\n{rest}data: cut"));
        let inner = Inner::new([stream(reset(first)), stream(reset(again))]);
        let layer = ResumeLayer::new(done().prefix_replay(true).build().unwrap());
        let response = layer.layer(inner.clone()).oneshot(request).await.unwrap();
        let collected = collect(response.into_body()).await;
        assert_eq!(collected.end(), "clean end");
        assert_eq!(collected.bytes, format!("data: a\n\n{rest}"), "{begun}");
        assert_eq!(inner.calls().len(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_goes_on_when_its_server_said() {
    let retry = |ms: u32| format!("retry: {ms}\nid: 1\ndata: a\n\n");
    for (retry, end, expected) in [
        // Closed well: exactly then. Broken: not before, and not before the backoff's wait.
        (
            retry(250),
            (|body| body) as fn(ScriptedBody) -> ScriptedBody,
            250,
        ),
        (retry(250), reset, 1000),
        (retry(3000), reset, 3000),
        (retry(0), |body| body, 0),
        // No longer than the longest wait a server may ask for.
        (retry(600_000), |body| body, 60_000),
        ("id: 1\ndata: a\n\n".to_owned(), |body| body, 1000),
    ] {
        let inner = Inner::new([
            stream(end(ScriptedBody::new().data(retry.clone()))),
            stream(ScriptedBody::new().data(END)),
        ]);
        let start = now();
        assert_eq!(
            run_with(done(), &inner, Method::GET).await.end(),
            "clean end"
        );
        assert_eq!(now() - start, Duration::from_millis(expected), "{retry}");
    }
}

/// Nothing says where it would go on: no other request is tried for it.
#[tokio::test(start_paused = true)]
async fn what_is_only_watched_is_not_asked_for_again() {
    let mut request = get();
    let range = http::HeaderValue::from_static("bytes=0-");
    request.headers_mut().insert("range", range);
    request.extensions_mut().insert(done().build().unwrap());
    let inner = Inner::new([stream("data: a\n\n".into())]);
    let failure = failure(run(&inner, request).await);
    assert_eq!(failure.stopped(), Some(StopReason::NotResumable));
    assert_eq!(inner.calls().len(), 1);
}

/// Of a stream that comes again from its start, what was cut off the first time is no part.
#[tokio::test(start_paused = true)]
async fn a_wait_that_a_server_asked_for_is_read_anew() {
    let text = format!("data: a\n\nretry: 3000\n\n{END}");
    let to = |end: usize| stream(ScriptedBody::new().data(text[..end].to_owned()));
    let inner = Inner::new([to(18), to(text.len() - END.len()), to(text.len())]);
    let mut request = get();
    let range = http::HeaderValue::from_static("bytes=0-");
    request.headers_mut().insert("range", range);
    let config = done().prefix_replay(true).build().unwrap();
    request.extensions_mut().insert(config);
    let start = now();
    let collected = run(&inner, request).await;
    assert_eq!(collected.end(), "clean end");
    assert_eq!(collected.bytes, text);
    assert_eq!(now() - start, (1 + 3) * SECOND);
}

#[tokio::test(start_paused = true)]
async fn what_went_out_unseen_says_nothing_of_the_next_connection() {
    let mut body = ScriptedBody::new();
    for piece in format!("id: 1\ndata: {}\n\n", "x".repeat(3000))
        .as_bytes()
        .chunks(700)
    {
        body = body.data(Bytes::copy_from_slice(piece));
    }
    let inner = Inner::new([
        stream(reset(body)),
        // Nothing came, and so no last event either.
        stream(ScriptedBody::new()),
        stream(ScriptedBody::new().data(END)),
    ]);
    let collected = run_with(done().max_event(1024), &inner, Method::GET).await;
    assert_eq!(collected.end(), "clean end");
    assert_eq!(inner.calls().len(), 3);
    assert!(collected.bytes.ends_with(END.as_bytes()));
}

/// What is read from its start again meets what was held back of an unfinished event.
#[tokio::test(start_paused = true)]
async fn a_stream_that_is_compared_goes_on_within_any_event() {
    let long = "x".repeat(1100);
    let whole = format!("\u{feff}data: a\n\ndata: b\r\ndata: c\r\n\r\ndata: {long}\n\n{END}");
    let chunks = |to: usize, size: usize| {
        let mut body = ScriptedBody::new();
        for chunk in whole.as_bytes()[..to].chunks(size) {
            body = body.data(Bytes::copy_from_slice(chunk));
        }
        body
    };
    for size in [7, 400] {
        for cut in (1..40).chain((40..whole.len() - END.len()).step_by(150)) {
            let first = stream(reset(chunks(cut, size)));
            let inner = Inner::new([first, stream(chunks(whole.len(), size))]);
            let config = done().prefix_replay(true).max_event(1024).build().unwrap();
            let mut request = get();
            let range = http::HeaderValue::from_static("bytes=0-");
            request.headers_mut().insert("range", range);
            request.extensions_mut().insert(config);
            let collected = run(&inner, request).await;
            assert_eq!(collected.end(), "clean end", "{size} {cut}");
            assert_eq!(collected.bytes, whole, "{size} {cut}");
            assert_eq!(inner.calls().len(), 2);
        }
    }
}

/// Its end is no event of its own, although the connection that brings it brings nothing else.
#[tokio::test(start_paused = true)]
async fn a_long_event_that_is_read_on_stays_unseen() {
    let long = format!("data: {}\n", "x".repeat(3000));
    // What ends it looks like the last event, or it may have been the last one itself.
    for (text, is_broken, is_whole) in [
        (format!("{long}\n"), false, true),
        (format!("{long}data: [DONE]\n\n"), true, false),
        (format!("{long}data: [DONE]\n\n{END}"), true, true),
    ] {
        let chunks = |to: usize| {
            let mut body = ScriptedBody::new();
            for chunk in text.as_bytes()[..to].chunks(long.len() / 2 + 1) {
                body = body.data(Bytes::copy_from_slice(chunk));
            }
            body
        };
        let last = chunks(text.len());
        let last = if is_broken { reset(last) } else { last };
        let inner = Inner::new([stream(reset(chunks(long.len()))), stream(last)]);
        let inner = inner.then(|_| Step::status(404));
        let config = done().prefix_replay(true).max_event(1024).build().unwrap();
        let mut request = get();
        let range = http::HeaderValue::from_static("bytes=0-");
        request.headers_mut().insert("range", range);
        request.extensions_mut().insert(config);
        let collected = run(&inner, request).await;
        assert_eq!(collected.end() == "clean end", is_whole, "{text:?}");
        assert_eq!(collected.bytes, text);
    }
}
