//! How such a stream ends, well or not.

use super::*;

#[tokio::test(start_paused = true)]
async fn after_the_last_event_no_end_is_a_failure() {
    for end in [reset, |body: ScriptedBody| body] {
        let words = Words::default();
        let body = end(events("a end").data("data: more\n\ndata: cut"));
        let collected = run_past(&words, &Inner::new([stream(body)])).await;
        assert_eq!(collected.end(), "clean end");
        assert!(collected.bytes.starts_with(text("a end more").as_bytes()));
    }
}

/// What a server said of its waits is kept, and what a cut left unfinished is not.
#[tokio::test(start_paused = true)]
async fn it_goes_on_when_its_server_said() {
    let words = Words::default();
    let inner = Inner::new([
        stream("retry: 3000\n\ndata: a\n\nx".into()),
        stream("retry: 5000\n\ndata: b\n\n".into()),
        stream(events("c")),
        stream(events("end")),
    ]);
    let start = now();
    assert_eq!(run_past(&words, &inner).await.end(), "clean end");
    assert_eq!(now() - start, (3 + 5 + 5) * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_clean_end_without_the_last_event_is_a_cut() {
    let words = Words::default();
    let inner = Inner::new([stream(events("a")), stream(events("b end"))]);
    let collected = run_past(&words, &inner).await;
    assert_eq!(collected.bytes, text("a b end"));
    assert!(words.notes().contains(&"end clean \"\"".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_cursor_may_complete_a_stream_or_end_it() {
    let cut = |rest: &'static str| Inner::new([stream(reset(events("a").data(rest)))]);
    let collected = run_past(&Words::default(), &cut("data: end")).await;
    assert_eq!(collected.end(), "clean end");
    assert_eq!(collected.bytes, text("a end"));

    let collected = run_past(&Words::default(), &cut("data: lost")).await;
    assert_eq!(collected.bytes, text("a connection_reset"));
    let failure = failure(collected);
    assert_eq!(failure.kind(), FailureKind::ConnectionReset);
    assert_eq!(failure.stopped(), Some(StopReason::NotResumable));
    assert_eq!(failure.delivery(), Delivery::Partial { bytes: 9 });
}

#[tokio::test(start_paused = true)]
async fn a_server_may_write_the_last_words_before_it_learns_of_the_failure() {
    let inner = Inner::new([stream(reset(events("a").data("data: lost")))]);
    let layer = ResumeLayer::new(config()).with_cursor(|_: &Req| Some(Words::default()));
    let response = layer.layer(inner).oneshot(post()).await.unwrap();
    let mut body = std::pin::pin!(response.into_body());
    let mut polls = Vec::new();
    while polls.last() != Some(&"end") {
        let polled = std::future::poll_fn(|cx| Poll::Ready(body.as_mut().poll_frame(cx))).await;
        polls.push(match polled {
            Poll::Ready(Some(Ok(_))) => "data",
            Poll::Ready(Some(Err(_))) => "failure",
            Poll::Ready(None) => "end",
            Poll::Pending => "pending",
        });
    }
    assert_eq!(
        polls,
        ["data", "data", "pending", "pending", "failure", "end"]
    );
}

#[tokio::test(start_paused = true)]
async fn an_event_can_be_the_failure_of_its_connection() {
    let words = Words::default();
    let inner = Inner::new([stream(events("a overloaded b")), stream(events("c end"))]);
    let collected = run_past(&words, &inner).await;
    assert_eq!(collected.bytes, text("a c end"));
    assert!(!words.notes().contains(&"b".to_owned()));

    let inner = Inner::new([stream(events("a refused b"))]);
    let collected = run_past(&words, &inner).await;
    assert_eq!(collected.bytes, text("a content_filtered"));
    assert_eq!(failure(collected).kind(), FailureKind::ContentFiltered);
}

#[tokio::test(start_paused = true)]
async fn only_progress_starts_the_count_of_tries_afresh() {
    for (word, expected) in [("ping", 4), ("skip", 4), ("a", 7), ("other", 7)] {
        let words = Words::default();
        let again = || stream(reset(events(word)));
        let inner = Inner::new([
            stream(reset(events("a"))),
            again(),
            again(),
            again(),
            ScriptStep::status(503),
            ScriptStep::status(503),
            ScriptStep::status(503),
        ]);
        let failure = failure(run_past(&words, &inner).await);
        assert_eq!(failure.stopped(), Some(StopReason::NoProgress));
        assert_eq!(inner.calls().len(), expected, "{word}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_cursor_that_says_why_it_stops_is_not_asked_to_go_on() {
    let words = Words::default();
    let inner = Inner::new([stream(events("a differs b")), stream(events("end"))]);
    let collected = run_past(&words, &inner).await;
    assert_eq!(collected.bytes, text("a connection_reset"));
    let failure = failure(collected);
    assert_eq!(failure.stopped(), Some(StopReason::AnswerDiffers));
    assert!(
        failure.is_transient(),
        "the whole may well be asked for again"
    );
    assert_eq!(words.notes(), ["open 200", "a", "differs"]);
    assert_eq!(inner.calls().len(), 1);
}
