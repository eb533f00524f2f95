//! Events that are too long to be looked at.

use super::*;

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

/// A 416 where the next byte would be says that there is none.
#[tokio::test(start_paused = true)]
async fn a_stream_over_behind_an_event_too_long_to_be_looked_at_is_whole() {
    let long = format!("data: {}\n\n", "x".repeat(3000));
    for (text, is_whole) in [
        (long.clone(), true),
        (format!("data: a\n\n{long}"), true),
        (long[..2000].to_owned(), false),
        // It was none of the last ones: that one was looked at.
        (format!("{long}data: a\n\n"), false),
    ] {
        let mut body = ScriptedBody::new();
        for piece in text.as_bytes().chunks(700) {
            body = body.data(Bytes::copy_from_slice(piece));
        }
        let over = Step::status(416).header("content-range", format!("bytes */{}", text.len()));
        let inner = Inner::new([stream(reset(body)).header("etag", "\"v1\""), over]);
        let mut request = get();
        let range = http::HeaderValue::from_static("bytes=0-");
        request.headers_mut().insert("range", range);
        request
            .extensions_mut()
            .insert(done().max_event(1024).build().unwrap());
        let collected = run(&inner, request).await;
        assert_eq!(collected.bytes, text);
        assert_eq!(inner.calls().len(), 2);
        assert_eq!(collected.end() == "clean end", is_whole, "{}", text.len());
    }
}
