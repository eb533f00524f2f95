//! Event streams that are cut.

use super::*;

#[tokio::test(start_paused = true)]
async fn an_event_stream_goes_on_after_its_last_whole_event() {
    let whole = EVENTS.whole();
    let cut = whole.len() * 2 / 3;
    for size in [1, 13, whole.len()] {
        let mut body = ScriptedBody::new();
        for chunk in whole[..cut].chunks(size) {
            body = body.data(Bytes::copy_from_slice(chunk));
        }
        let inner = Inner::new([stream(reset(body))]).then(|parts: &Parts| {
            let last = parts.headers["last-event-id"].to_str().unwrap();
            let next = EVENTS.after(last).unwrap();
            let rest: Vec<u8> = (next..EVENTS.count).flat_map(|i| EVENTS.event(i)).collect();
            stream(ScriptedBody::new().data(rest))
        });
        let collected = run(&inner, get()).await;
        assert_eq!(collected.end(), "clean end");
        assert_eq!(collected.bytes, whole);
        assert_eq!(inner.calls()[1].parts.headers["cache-control"], "no-store");
    }
}

/// Whole chunks pass with a quick look, others don't: whichever comes when, and whenever it is cut.
#[tokio::test(start_paused = true)]
async fn events_in_any_chunks_are_cut_and_continued_anywhere() {
    let events = [
        "id: 1\ndata: one\n\n",
        "id: 2\n\n",
        "id: 3\rdata: a\rdata: b\r\r",
        ": x\nid: a rather long id, longer than the place that most ids have\ndata\n\n",
        "data: five\nid: 5\n\n",
    ];
    let whole = events.concat();
    let ends = events.iter().scan(0, |end, event| {
        *end += event.len();
        Some(*end)
    });
    let ends: Vec<_> = ends.collect();
    for size in [1, 2, 3, 7, 15, 24, 40, whole.len()] {
        for cut in 0..=whole.len() {
            let chunks = |from: usize, to: usize| {
                let mut body = ScriptedBody::new();
                for chunk in whole.as_bytes()[from..to].chunks(size) {
                    body = body.data(chunk.to_vec()).yields();
                }
                body
            };
            let behind = ends.iter().rfind(|end| **end <= cut).copied().unwrap_or(0);
            let first = stream(reset(chunks(0, cut)));
            let inner = Inner::new([first, stream(chunks(behind, whole.len()))]);
            let collected = run(&inner, get()).await;
            assert_eq!(
                collected.end(),
                "clean end",
                "chunks of {size}, cut at {cut}"
            );
            assert_eq!(collected.bytes, whole, "chunks of {size}, cut at {cut}");
            let mut end = 0;
            for frame in collected.frames {
                end += frame;
                assert!(ends.contains(&end), "half an event went out");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_event_stream_that_broke_before_its_first_event_starts_again() {
    let inner = Inner::new([
        stream(reset(ScriptedBody::new().data("data: half"))),
        stream(ScriptedBody::new().data("data: whole\n\n")),
    ]);
    let collected = run(&inner, get()).await;
    assert_eq!(collected.bytes, "data: whole\n\n");
    assert!(
        inner.calls()[1]
            .parts
            .headers
            .get("last-event-id")
            .is_none()
    );
}

#[tokio::test(start_paused = true)]
async fn an_event_stream_without_ids_cannot_go_on() {
    let inner = Inner::new([stream(reset(ScriptedBody::new().data("data: a\n\n")))]);
    let failure = failure(run(&inner, get()).await);
    assert_eq!(failure.stopped(), Some(StopReason::NotResumable));
    assert_eq!(failure.kind(), FailureKind::ConnectionReset);
}

/// Each connection breaks after one new event, more often than tries are allowed without progress.
#[tokio::test(start_paused = true)]
async fn every_event_is_progress_and_the_place_to_go_on_at() {
    for repeats in [false, true] {
        let inner = Inner::new([]).then(move |parts: &Parts| {
            let last = parts.headers.get("last-event-id");
            let next = last.map_or(0, |id| EVENTS.after(id.to_str().unwrap()).unwrap());
            if next == EVENTS.count {
                return Step::status(204);
            }
            let again = (next > 0 && repeats).then(|| EVENTS.event(next - 1));
            let chunk = [again.unwrap_or_default(), EVENTS.event(next)].concat();
            stream(reset(ScriptedBody::new().data(chunk)))
        });
        let collected = run(&inner, get()).await;
        assert_eq!(collected.end(), "clean end");
        assert_eq!(collected.bytes, EVENTS.whole());
        assert_eq!(inner.calls().len(), EVENTS.count + 1);
    }
}

/// What went out behind the end of another event, too.
#[tokio::test(start_paused = true)]
async fn every_byte_that_went_out_is_told_of() {
    let text = "data: a\n\ndata: b\n\n";
    for cut in 1..text.len() {
        let (begin, rest) = text.split_at(cut);
        let body = ScriptedBody::new().data(begin).data(rest);
        let failure = failure(run(&Inner::new([stream(reset(body))]), get()).await);
        let bytes = text.len() as u64;
        assert_eq!(failure.delivery(), Delivery::Partial { bytes }, "{cut}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_first_event_that_a_second_connection_brings_is_progress() {
    let config = config().to_builder().tries(1).build().unwrap();
    let mut request = get();
    request.extensions_mut().insert(config);
    let inner = Inner::new([
        stream(reset(ScriptedBody::new())),
        stream(reset(ScriptedBody::new().data(EVENTS.event(0)))),
        stream(ScriptedBody::new().data(EVENTS.event(1))),
    ]);
    assert_eq!(run(&inner, request).await.end(), "clean end");
}

#[tokio::test(start_paused = true)]
async fn events_that_come_again_are_reported() {
    let pieces = |range: std::ops::Range<usize>| {
        range.fold(ScriptedBody::new(), |body, n| body.data(EVENTS.event(n)))
    };
    let inner = Inner::new([stream(reset(pieces(0..2))), stream(pieces(0..3))]);
    let config = config().to_builder().report(true).build().unwrap();
    let service = ResumeLayer::new(config).layer(inner);
    let response = service.oneshot(get()).await.unwrap();
    let report = crate::ResumeReport::of(response.extensions()).cloned();
    assert_eq!(collect(response.into_body()).await.end(), "clean end");
    // With the last one that was delivered it goes on.
    assert_eq!(report.unwrap().reread(), EVENTS.event(0).len() as u64);
}

/// Nothing of what it sends was delivered before, and nobody knows what is missing.
#[tokio::test(start_paused = true)]
async fn a_server_that_counts_anew_on_each_connection_is_not_followed() {
    let [first, second] = [["a", "b"], ["c", "d"]].map(|[one, two]| {
        let body = format!("id: 1\ndata: {one}\n\nid: 2\ndata: {two}\n\n");
        ScriptedBody::new().data(body)
    });
    let inner = Inner::new([stream(reset(first)), stream(second)]);
    let collected = run(&inner, get()).await;
    assert_eq!(collected.bytes, "id: 1\ndata: a\n\nid: 2\ndata: b\n\n");
    let failure = failure(collected);
    assert_eq!(failure.kind(), FailureKind::RepresentationChanged);
    assert_eq!(failure.stopped(), Some(StopReason::NotResumable));
}

/// It honours `Last-Event-ID` for all but the greeting, which says of each connection something else.
#[tokio::test(start_paused = true)]
async fn a_server_that_greets_each_connection_under_one_id_is_followed() {
    let event = |id: &str, said: &str| format!("id: {id}\ndata: {said}\n\n");
    let opened = |conn: &str, id: &str| {
        let greeting = event("0", &format!("{{\"conn\":\"{conn}\"}}"));
        ScriptedBody::new().data(greeting + &event(id, "x"))
    };
    let inner = Inner::new([
        stream(reset(opened("a1", "1"))),
        stream(reset(opened("b2", "2"))),
        stream(opened("c3", "3")),
    ]);
    let collected = run(&inner, get()).await;
    assert_eq!(collected.end(), "clean end");
    let new = ["1", "2", "3"].map(|id| event(id, "x")).concat();
    assert_eq!(collected.bytes, event("0", "{\"conn\":\"a1\"}") + &new);
    for (call, last) in inner.calls()[1..].iter().zip(["1", "2"]) {
        assert_eq!(call.parts.headers["last-event-id"], last);
    }
}

#[tokio::test(start_paused = true)]
async fn who_did_not_say_what_to_accept_wants_events() {
    for (own, expected) in [(None, "text/event-stream"), (Some("a/b"), "a/b")] {
        let inner = Inner::new([
            stream(reset(ScriptedBody::new().data("id: 1\ndata: a\n\n"))),
            stream(ScriptedBody::new().data("id: 2\ndata: b\n\n")),
        ]);
        let mut request = get();
        request.headers_mut().remove("accept");
        if let Some(own) = own {
            request.headers_mut().insert("accept", own.parse().unwrap());
        }
        assert_eq!(run(&inner, request).await.end(), "clean end");
        assert_eq!(inner.calls()[1].parts.headers["accept"], expected);
    }
}
