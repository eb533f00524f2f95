//! Answers of which a layer below says what failure they stand for.

use super::*;
use buttress_core::{Attempt, History, LastWords, Phase};

/// An answer of which a layer below says that it stands for this failure.
fn said(status: u16, body: ScriptedBody, failure: Failure) -> Step<Empty1> {
    let mut response = Response::new(body);
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
    response.extensions_mut().insert(failure);
    Step::respond(response).header("etag", "\"v1\"")
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_stands_for_a_failure_is_judged_as_that() {
    let transient = Failure::new(FailureKind::Overloaded);
    let fatal = Failure::new(FailureKind::Auth);
    let part_said = |failure: &Failure| {
        let body = ScriptedBody::new().data(CONTENT.bytes(400..1000));
        said(206, body, failure.clone()).header("content-range", "bytes 400-999/1000")
    };
    // A first one is not what was asked for.
    let body = reset(ScriptedBody::new().data(CONTENT.bytes(0..400)));
    let inner = Inner::new([said(200, body, transient.clone()).header("content-length", "1000")]);
    let stopped = failure(run(&inner, get()).await).stopped();
    assert_eq!(stopped, Some(StopReason::NotResumable));
    // Behind a further one another follows, or none.
    let inner = Inner::new([first(reset), part_said(&transient), part(400, 1000)]);
    assert_eq!(run(&inner, get()).await.bytes, CONTENT.whole());
    let collected = run(&Inner::new([first(reset), part_said(&fatal)]), get()).await;
    assert_eq!(collected.bytes, CONTENT.bytes(0..400));
    let failure = failure(collected);
    assert_eq!(failure.kind(), FailureKind::Auth);
    assert_eq!(failure.stopped(), Some(StopReason::NotResumable));
}

#[tokio::test(start_paused = true)]
async fn what_is_said_of_the_servers_own_answer_leaves_it_to_be_judged() {
    let answered = |status: http::StatusCode| {
        Failure::new(FailureKind::BadRequest).with_delivery(Delivery::Answered(status))
    };
    for (own, is_whole) in [
        (answered(http::StatusCode::RANGE_NOT_SATISFIABLE), true),
        // That is about another answer than this one.
        (answered(http::StatusCode::BAD_REQUEST), false),
        (Failure::new(FailureKind::Auth), false),
    ] {
        let all = Step::ok(reset(ScriptedBody::new().data(CONTENT.whole())));
        let over = said(416, ScriptedBody::new(), own).header("content-range", "bytes */1000");
        let inner = Inner::new([all.header("etag", "\"v1\""), over]);
        let collected = run(&inner, get()).await;
        assert_eq!(collected.end() == "clean end", is_whole);
        assert!(collected.bytes == CONTENT.whole());
    }
    let gone = said(410, ScriptedBody::new(), answered(http::StatusCode::GONE));
    let kind = failure(run(&Inner::new([first(reset), gone]), get()).await).kind();
    assert_eq!(kind, FailureKind::NotFound);
    // What it knows beside the head is kept: a wait, and what was tried below.
    let busy = answered(http::StatusCode::SERVICE_UNAVAILABLE)
        .with_transient(true)
        .with_hint(Hint::after_delay(7 * SECOND));
    let inner = Inner::new([
        first(reset),
        said(503, ScriptedBody::new(), busy),
        part(400, 1000),
    ]);
    let start = now();
    assert_eq!(run(&inner, get()).await.end(), "clean end");
    assert_eq!(now() - start, (1 + 7) * SECOND);

    let mut below = History::new();
    let (kind, wait) = (FailureKind::Overloaded, Duration::ZERO);
    below.push(Attempt::new(kind, Phase::Head, Action::Retried, wait, wait));
    let tried = answered(http::StatusCode::GONE).with_earlier(&below);
    let inner = Inner::new([first(reset), said(410, ScriptedBody::new(), tried)]);
    let history = failure(run(&inner, get()).await).history().clone();
    assert_eq!(history.count(Action::Retried), 1);
    assert_eq!(history.count(Action::Resumed), 1);
}

/// A layer around this one would explain a failure in words that no rest of a body can follow.
#[tokio::test(start_paused = true)]
async fn last_words_are_held_back_of_every_answer_that_can_be_continued() {
    let mut heads = Vec::new();
    let mut with_words = |mut response: Response<ScriptedBody>| {
        heads.push(LastWords::attach(response.extensions_mut()));
        response
    };
    let body = ScriptedBody::new().data(CONTENT.bytes(0..400));
    let one = with_words(Response::new(reset(body)));
    let body = ScriptedBody::new().data(CONTENT.bytes(400..1000));
    let mut two = with_words(Response::new(body));
    *two.status_mut() = http::StatusCode::PARTIAL_CONTENT;
    let plain = with_words(Response::new(ScriptedBody::new()));
    let watched = with_words(Response::new("data: end\n\n".into()));
    let inner = Inner::new([
        Step::respond(one)
            .header("etag", "\"v1\"")
            .header("content-length", "1000"),
        Step::respond(two)
            .header("etag", "\"v1\"")
            .header("content-range", "bytes 400-999/1000"),
        Step::respond(plain),
        Step::respond(watched).header("content-type", "text/event-stream"),
    ]);
    assert_eq!(run(&inner, get()).await.bytes, CONTENT.whole());
    run(&inner, get()).await;
    let terminal = ResumeConfig::builder().terminal(|event| &*event.data() == b"end");
    let mut request = get();
    request.extensions_mut().insert(terminal.build().unwrap());
    assert_eq!(run(&inner, request).await.end(), "clean end");
    let held: Vec<bool> = heads.iter().map(LastWords::are_held_back).collect();
    assert_eq!(held, [true, true, false, true]);
}
