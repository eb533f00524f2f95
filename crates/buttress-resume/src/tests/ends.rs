//! Connections that end in a way that does not say enough: within an event, or without the word
//! that closes a TLS connection.

use super::*;
use std::error::Error;

fn pieces(text: &str, size: usize) -> ScriptedBody {
    let chunks = text.as_bytes().chunks(size);
    chunks.fold(ScriptedBody::new(), |body, chunk| {
        body.data(Bytes::copy_from_slice(chunk))
    })
}

#[tokio::test(start_paused = true)]
async fn a_clean_end_is_believed_between_events_only() {
    for (tail, is_whole) in [
        ("", true),
        (": bye", true),
        (": bye\n", true),
        ("\n", true),
        ("\r\n", true),
        ("data: hel", false),
        ("data: hello\n", false),
        ("data: hello\r\n", false),
        ("id: 2", false),
        ("event: end\n", false),
        (": bye\ndata", false),
    ] {
        for size in [1, 5, 1000] {
            for with_ids in [true, false] {
                let id = if with_ids { "id: 1\n" } else { "" };
                let begin = format!("{id}data: a\n\n");
                let rest = "id: 2\ndata: hello\n\n";
                let inner = Inner::new([
                    stream(pieces(&format!("{begin}{tail}"), size)),
                    stream(pieces(rest, size)),
                ]);
                let collected = run(&inner, get()).await;
                let case = format!("{tail:?} in pieces of {size}, ids: {with_ids}");
                if is_whole {
                    assert_eq!(collected.end(), "clean end", "{case}");
                    assert_eq!(collected.bytes, format!("{begin}{tail}"), "{case}");
                } else if with_ids {
                    assert_eq!(collected.end(), "clean end", "{case}");
                    assert_eq!(collected.bytes, format!("{begin}{rest}"), "{case}");
                    assert_eq!(inner.calls()[1].parts.headers["last-event-id"], "1");
                } else {
                    assert_eq!(collected.bytes, begin, "{case}");
                    let failure = failure(collected);
                    assert_eq!(failure.kind(), FailureKind::StreamTruncated, "{case}");
                    assert_eq!(failure.stopped(), Some(StopReason::NotResumable), "{case}");
                    let source = failure.source().expect("says where").to_string();
                    assert_eq!(source, "the stream ended within an event");
                }
            }
        }
    }
}

/// The same bytes are the end where a length says so.
#[tokio::test(start_paused = true)]
async fn a_length_that_is_reached_outweighs_an_event_that_is_not_finished() {
    let text = "id: 1\ndata: a\n\ndata: b\n";
    for size in [1, 1000] {
        let step = stream(pieces(text, size)).header("content-length", text.len().to_string());
        let inner = Inner::new([step]);
        let collected = run(&inner, get()).await;
        assert_eq!(collected.end(), "clean end");
        assert_eq!(collected.bytes, text);

        // More than that is too much, as anywhere.
        let less = text.len() - 1;
        let step = stream(pieces(text, size)).header("content-length", less.to_string());
        let collected = run(&Inner::new([step]), get()).await;
        assert_eq!(collected.bytes, text[..15]);
        assert_eq!(failure(collected).kind(), FailureKind::Protocol);
    }
}

#[tokio::test(start_paused = true)]
async fn trailers_and_what_stands_before_them_go_out_behind_any_body() {
    let mut trailers = HeaderMap::new();
    trailers.insert("x-sum", "12".parse().unwrap());
    let terminal = ResumeConfig::builder().terminal(|event| &*event.data() == b"[DONE]");
    let terminal = terminal.build().unwrap();
    let (events, tag) = (("content-type", "text/event-stream"), ("etag", "\"v1\""));
    for (config, header, text) in [
        (config(), ("x-none", ""), "text"),
        (config(), tag, "text"),
        (config(), events, "data: a\n\n: bye"),
        (terminal, events, "data: [DONE]\n\n: bye"),
    ] {
        let body = pieces(text, 1000).trailers(trailers.clone());
        let inner = Inner::new([Step::ok(body).header(header.0, header.1)]);
        let mut request = get();
        request.extensions_mut().insert(config);
        let collected = run(&inner, request).await;
        assert_eq!(collected.end(), "clean end");
        assert_eq!(collected.bytes, text);
        assert_eq!(collected.trailers.as_ref(), Some(&trailers), "{text}");
    }
}

/// However the connection ends then, and whatever its last event.
#[tokio::test(start_paused = true)]
async fn what_belongs_to_the_length_goes_out_behind_the_last_event() {
    let terminal = ResumeConfig::builder().terminal(|event| &*event.data() == b"[DONE]");
    let text = "data: [DONE]\n\n: bye";
    for (length, expected) in [(text.len(), text), (100, "data: [DONE]\n\n")] {
        let mut request = get();
        request
            .extensions_mut()
            .insert(terminal.clone().build().unwrap());
        let step = stream(reset(pieces(text, 1000))).header("content-length", length.to_string());
        let service = ResumeLayer::new(config()).layer(Inner::new([step]));
        let response = service.oneshot(request).await.expect("a head");
        let collected = collect(response.into_body()).await;
        assert_eq!(collected.end(), "clean end", "{length}");
        assert_eq!(collected.bytes, expected, "{length}");
    }
}

/// A server that always leaves out the last blank line is asked again as often as any that brings
/// nothing new, and no more.
#[tokio::test(start_paused = true)]
async fn a_server_that_never_finishes_its_last_event_ends_in_a_failure() {
    let first = stream("id: 1\ndata: a\n\nid: 2\ndata: b\n".into());
    let again = || stream("id: 2\ndata: b\n".into());
    let inner = Inner::new([first, again(), again(), again()]);
    let collected = run(&inner, get()).await;
    assert_eq!(collected.bytes, "id: 1\ndata: a\n\n");
    let failure = failure(collected);
    assert_eq!(failure.kind(), FailureKind::StreamTruncated);
    assert_eq!(failure.stopped(), Some(StopReason::NoProgress));
    assert_eq!(inner.calls().len(), 4);
}

/// Too long to be held back: what went out of it stays out, and the cut can't be mended.
#[tokio::test(start_paused = true)]
async fn a_clean_end_within_an_event_that_is_too_long_is_a_failure() {
    let config = ResumeConfig::builder().max_event(1 << 10).build().unwrap();
    let long = format!("id: 1\ndata: a\n\nid: 2\ndata: {}", "x".repeat(3000));
    for (text, is_whole) in [(long.clone(), false), (format!("{long}\n\n"), true)] {
        let inner = Inner::new([stream(pieces(&text, 700))]);
        let service = ResumeLayer::new(config.clone()).layer(inner.clone());
        let response = service.oneshot(get()).await.expect("a head");
        let collected = collect(response.into_body()).await;
        assert_eq!(collected.bytes, text);
        if is_whole {
            assert_eq!(collected.end(), "clean end");
            continue;
        }
        let failure = failure(collected);
        assert_eq!(failure.kind(), FailureKind::StreamTruncated);
        assert_eq!(failure.stopped(), Some(StopReason::NotResumable));
        assert_eq!(inner.calls().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_204_ends_a_stream_that_lacks_nothing() {
    let terminal = ResumeConfig::builder().terminal(|event| &*event.data() == b"[DONE]");
    let terminal = terminal.build().unwrap();
    for (text, config, is_whole) in [
        ("id: 1\ndata: a\n\n", config(), true),
        ("id: 1\ndata: a\n\n: by", config(), true),
        ("id: 1\ndata: a\n\nid: 2\ndata", config(), false),
        ("id: 1\ndata: a\n\n", terminal, false),
    ] {
        let inner = Inner::new([
            stream(reset(pieces(text, 1000))),
            Step::status(503),
            Step::status(204),
        ]);
        let service = ResumeLayer::new(config).layer(inner.clone());
        let response = service.oneshot(get()).await.expect("a head");
        let collected = collect(response.into_body()).await;
        assert_eq!(collected.bytes, "id: 1\ndata: a\n\n", "{text:?}");
        assert_eq!(inner.calls().len(), 3, "{text:?}");
        if is_whole {
            assert_eq!(collected.end(), "clean end", "{text:?}");
            continue;
        }
        let failure = failure(collected);
        assert_eq!(failure.kind(), FailureKind::StreamTruncated, "{text:?}");
        assert_eq!(failure.stopped(), Some(StopReason::NotResumable));
        assert_eq!(failure.history().entries().len(), 2);
    }
}

/// Whatever a server says of the rest: what its first head announced is owed.
#[tokio::test(start_paused = true)]
async fn a_204_does_not_end_a_stream_before_its_length() {
    let text = "id: 1\ndata: a\n\n";
    let body = reset(pieces(text, 1000));
    let inner = Inner::new([
        stream(body).header("content-length", "30"),
        Step::status(204),
    ]);
    let collected = run(&inner, get()).await;
    assert_eq!(collected.bytes, text);
    assert_eq!(inner.calls().len(), 2);
    let failure = failure(collected);
    assert_eq!(failure.kind(), FailureKind::StreamTruncated);
    assert_eq!(failure.stopped(), Some(StopReason::NotResumable));
}

/// Its events are the same, and the bytes around them need not be.
#[tokio::test(start_paused = true)]
async fn the_length_of_an_event_stream_ends_with_its_first_connection() {
    let begin = "retry: 5\n\nid: 1\ndata: a\n\n";
    let rest = "id: 2\ndata: b\n\n";
    // Less follows, as much, more: as bytes, or as events that are cut once more.
    for length in [begin.len() + rest.len() + 10, 40, begin.len() + 3] {
        for is_cut in [false, true] {
            let body = ScriptedBody::new().data(rest);
            let inner = Inner::new([
                stream(reset(ScriptedBody::new().data(begin)))
                    .header("content-length", length.to_string()),
                stream(if is_cut { reset(body) } else { body }),
                Step::status(204),
            ]);
            let service = ResumeLayer::new(config()).layer(inner.clone());
            let response = service.oneshot(get()).await.expect("a head");
            let collected = collect(response.into_body()).await;
            assert_eq!(collected.end(), "clean end", "{length} {is_cut}");
            assert_eq!(collected.bytes, [begin, rest].concat());
            assert_eq!(inner.calls().len(), if is_cut { 3 } else { 2 });
        }
    }
    // Of nothing that was delivered nothing is a continuation.
    let inner = Inner::new([
        stream(reset(ScriptedBody::new().data("id: 1"))).header("content-length", "30"),
        stream(ScriptedBody::new().data(rest)),
        Step::status(204),
    ]);
    let failure = failure(run(&inner, get()).await);
    assert_eq!(failure.kind(), FailureKind::StreamTruncated);
}

/// As rustls says that a peer closed the connection without `close_notify`.
#[tokio::test(start_paused = true)]
async fn a_connection_that_nobody_closed_well_is_judged_by_what_came() {
    let unclosed = |body: ScriptedBody| body.io(io::ErrorKind::UnexpectedEof);
    let tagged = |len: u64| {
        let body = unclosed(ScriptedBody::new().data(CONTENT.bytes(0..len)));
        Step::ok(body).header("etag", "\"v1\"")
    };
    // All that was announced, a part of it, all or a part of a length that nobody said.
    for (first, len, requests) in [
        (tagged(1000).header("content-length", "1000"), 1000, 1),
        (tagged(400).header("content-length", "1000"), 400, 2),
        (tagged(400), 400, 2),
    ] {
        let rest = part(len, 1000).header("content-length", (1000 - len).to_string());
        let inner = Inner::new([first, rest]);
        let collected = run(&inner, get()).await;
        assert_eq!(collected.end(), "clean end");
        assert!(collected.bytes == CONTENT.whole());
        assert_eq!(inner.calls().len(), requests);
    }
    let all = tagged(1000);
    let end = Step::status(416).header("content-range", "bytes */1000");
    let collected = run(&Inner::new([all, end]), get()).await;
    assert_eq!(collected.end(), "clean end");
    assert!(collected.bytes == CONTENT.whole());
}
