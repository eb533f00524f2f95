//! Streams whose last event is known.

mod again;
mod unseen;

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
                ("\u{feff}\u{feff}data: [DONE]\n\n", "clean", false),
                ("data: a\n\n\u{feff}data: [DONE]\n\n", "clean", false),
                ("\n\u{feff}data: [DONE]\n\n", "clean", false),
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
