//! Events that are too long to be shown to a cursor.

use super::*;

#[tokio::test(start_paused = true)]
async fn an_event_that_is_too_long_is_passed_on_unseen_and_a_cut_in_it_is_final() {
    let long = format!("data: {}\n\n", "x".repeat(3000));
    let config = || {
        let config = ResumeConfig::builder().max_event(1024);
        config.backoff(Backoff::constant(SECOND)).build().unwrap()
    };
    let run = |inner: Inner| async move {
        let words = Words::default();
        let cursor = words.clone();
        let layer = ResumeLayer::new(config()).with_cursor(move |_: &Req| Some(cursor.clone()));
        let response = layer.layer(inner).oneshot(post()).await.unwrap();
        (collect(response.into_body()).await, words.notes())
    };
    let pieces = |text: &str| {
        let mut body = events("a");
        for piece in text.as_bytes().chunks(700) {
            body = body.data(Bytes::copy_from_slice(piece));
        }
        body
    };
    // It may have been the last one, and all of it came.
    let (collected, notes) = run(Inner::new([stream(pieces(&long))])).await;
    assert_eq!(collected.end(), "clean end");
    assert_eq!(collected.bytes.len(), 9 + long.len());
    assert_eq!(notes, ["open 200", "a"]);
    // One that was shown after it decides.
    let inner = Inner::new([
        stream(reset(pieces(&long).data("data: b\n\n"))),
        stream(events("end")),
    ]);
    let (collected, _) = run(inner).await;
    assert_eq!(collected.end(), "clean end");
    // Cut in its midst, or after it: nobody knows where to go on.
    for body in [
        reset(pieces(&long[..2000])),
        pieces(&long[..2000]),
        reset(pieces(&long)),
    ] {
        let (collected, _) = run(Inner::new([stream(body)])).await;
        assert_eq!(failure(collected).stopped(), Some(StopReason::NotResumable));
    }
}

/// A server that begins anew brings again what was delivered unseen.
#[tokio::test(start_paused = true)]
async fn what_can_not_be_shown_does_not_go_out_twice() {
    let long = format!("data: {}\n\n", "x".repeat(3000));
    let pieces = |before: &str, after: &str| {
        let mut body = ScriptedBody::new();
        for piece in format!("{before}{long}{after}").as_bytes().chunks(700) {
            body = body.data(Bytes::copy_from_slice(piece));
        }
        body
    };
    for (before, is_whole) in [
        // Nothing new has come before it, so that it may be an old one.
        ("", false),
        ("data: skip\n\n", false),
        ("data: ping\n\ndata: skip\n\n", false),
        ("data: skip\n\ndata: b\n\n", true),
    ] {
        let config = ResumeConfig::builder().max_event(1024);
        let config = config.backoff(Backoff::constant(SECOND)).build().unwrap();
        let first = reset(pieces("data: a\n\n", "data: b\n\n"));
        let inner = Inner::new([stream(first), stream(pieces(before, "data: end\n\n"))]);
        let layer = ResumeLayer::new(config).with_cursor(|_: &Req| Some(Words::default()));
        let response = layer.layer(inner.clone()).oneshot(post()).await.unwrap();
        let collected = collect(response.into_body()).await;
        let times = collected
            .bytes
            .windows(3000)
            .filter(|some| *some == [b'x'; 3000]);
        assert_eq!(times.count(), if is_whole { 2 } else { 1 }, "{before:?}");
        assert_eq!(inner.calls().len(), 2);
        if is_whole {
            assert_eq!(collected.end(), "clean end");
            continue;
        }
        let failure = failure(collected);
        assert_eq!(failure.kind(), FailureKind::Protocol);
        assert_eq!(failure.stopped(), Some(StopReason::NotResumable));
    }
}
