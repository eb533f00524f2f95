//! What was delivered before comes again, as events or as bytes that are compared.

use super::*;

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

/// Where nothing had gone out, the mark comes again, and is one only there.
#[tokio::test(start_paused = true)]
async fn a_byte_order_mark_that_comes_again_is_none_of_the_first_event() {
    let mark = "\u{feff}data: [DONE]\n";
    for (first, again, is_whole) in [
        ("\u{feff}da", &["\u{feff}data: [DONE]\n\n"][..], true),
        (": a", &[": a\n\n", mark, "\n"], false),
        (": a", &[": a\n\n", "\u{feff}data: [DONE]\n\n"], false),
    ] {
        let pieces = again.iter().copied();
        let body = reset(pieces.fold(ScriptedBody::new(), ScriptedBody::data));
        let inner = Inner::new([stream(reset(ScriptedBody::new().data(first))), stream(body)]);
        let inner = inner.then(|_| Step::status(404));
        let mut request = get();
        let range = http::HeaderValue::from_static("bytes=0-");
        request.headers_mut().insert("range", range);
        let config = done().prefix_replay(true).build().unwrap();
        request.extensions_mut().insert(config);
        let collected = run(&inner, request).await;
        assert_eq!(collected.end() == "clean end", is_whole, "{again:?}");
        assert_eq!(collected.bytes, again.concat(), "{again:?}");
    }
}
