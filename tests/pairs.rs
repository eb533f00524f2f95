//! What the order of two layers means: the table of the README, line by line, in paused time.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

use buttress::prelude::*;
use buttress::retry::Gate;
use buttress::time::now;
use buttress_testkit::{Collected, Content, ScriptedBody, ScriptedService, Step, collect};
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Empty};
use std::io::ErrorKind;
use std::time::Duration;
use tower::{Layer, ServiceExt};

type Body = Empty<Bytes>;
type Inner = ScriptedService<Body>;

const SECOND: Duration = Duration::from_secs(1);
const CONTENT: Content = Content::new(3, 1, 1000);

fn get() -> Request<Body> {
    Request::get("http://example.com/")
        .body(Empty::new())
        .unwrap()
}

fn retry() -> RetryLayer {
    let config = RetryConfig::builder()
        .attempts(3)
        .backoff(Backoff::constant(2 * SECOND));
    RetryLayer::new(config.build().unwrap())
}

fn resume() -> ResumeLayer {
    let config = ResumeConfig::builder()
        .tries(3)
        .backoff(Backoff::constant(2 * SECOND));
    ResumeLayer::new(config.build().unwrap())
}

fn total(seconds: u32) -> TimeoutLayer {
    TimeoutLayer::new(
        TimeoutConfig::builder()
            .total(seconds * SECOND)
            .build()
            .unwrap(),
    )
}

fn head(seconds: u32) -> TimeoutLayer {
    TimeoutLayer::new(
        TimeoutConfig::builder()
            .head(seconds * SECOND)
            .build()
            .unwrap(),
    )
}

fn idle(seconds: u32) -> TimeoutLayer {
    TimeoutLayer::new(
        TimeoutConfig::builder()
            .idle(seconds * SECOND)
            .build()
            .unwrap(),
    )
}

/// The first 400 bytes of the content, then this.
fn first(end: impl FnOnce(ScriptedBody) -> ScriptedBody) -> Step<Body> {
    Step::ok(end(ScriptedBody::new().data(CONTENT.bytes(0..400))))
        .header("content-length", "1000")
        .header("etag", "\"v1\"")
}

fn reset(body: ScriptedBody) -> ScriptedBody {
    body.io(ErrorKind::ConnectionReset)
}

/// The rest of the content.
fn rest() -> Step<Body> {
    let mut response = Response::new(ScriptedBody::new().data(CONTENT.bytes(400..1000)));
    *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    Step::respond(response)
        .header("etag", "\"v1\"")
        .header("content-range", "bytes 400-999/1000")
}

fn failure(collected: Collected) -> Failure {
    Failure::from(collected.error.expect("a failure"))
}

#[tokio::test(start_paused = true)]
async fn timeout_over_retry_is_one_limit_over_all_attempts() {
    let inner = Inner::new([Step::io(ErrorKind::ConnectionReset).after(SECOND)]);
    let start = now();
    let failure = total(3)
        .layer(retry().layer(inner.clone()))
        .oneshot(get())
        .await
        .unwrap_err();
    // A wait of two seconds would end with the limit, so it is not begun.
    assert_eq!(failure.stopped(), Some(StopReason::Deadline));
    assert_eq!(failure.kind(), FailureKind::ConnectionReset);
    assert_eq!((now() - start), SECOND);

    // And it ends an attempt that is under way.
    let inner = Inner::new([Step::io(ErrorKind::ConnectionReset), Step::hang()]);
    let start = now();
    let failure = total(3)
        .layer(retry().layer(inner))
        .oneshot(get())
        .await
        .unwrap_err();
    assert_eq!(failure.kind(), FailureKind::TimeoutTotal);
    assert_eq!((now() - start), 3 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn retry_over_timeout_is_a_limit_per_attempt() {
    let inner = Inner::new([Step::hang(), Step::hang(), Step::ok("late but there")]);
    let start = now();
    let response = retry()
        .layer(head(3).layer(inner))
        .oneshot(get())
        .await
        .unwrap();
    assert_eq!(collect(response.into_body()).await.bytes, "late but there");
    assert_eq!((now() - start), 2 * (3 + 2) * SECOND);
}

#[tokio::test(start_paused = true)]
async fn timeout_over_resume_counts_the_time_to_reopen_as_silence() {
    let inner = || Inner::new([first(reset), rest().after(SECOND)]);
    for (limit, end) in [(4, "clean end"), (2, "timeout_idle")] {
        let service = idle(limit).layer(resume().layer(inner()));
        let response = service.oneshot(get()).await.unwrap();
        let collected = collect(response.into_body()).await;
        match &collected.error {
            None => assert_eq!(end, "clean end"),
            Some(_) => assert_eq!(failure(collected).kind().code(), end),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn resume_over_timeout_makes_silence_a_reason_to_resume() {
    let inner = Inner::new([first(ScriptedBody::hang), rest()]);
    let service = resume().layer(idle(5).layer(inner.clone()));
    let start = now();
    let response = service.oneshot(get()).await.unwrap();
    let collected = collect(response.into_body()).await;
    assert_eq!(collected.end(), "clean end");
    assert_eq!(collected.bytes, CONTENT.whole());
    assert_eq!((now() - start), (5 + 2) * SECOND);
}

#[tokio::test(start_paused = true)]
async fn resume_over_retry_retries_each_reopening_like_a_first_call() {
    let refused = || Step::io(ErrorKind::ConnectionRefused);
    let inner = Inner::new([first(reset), refused(), refused(), rest()]);
    let service = resume().layer(retry().layer(inner.clone()));
    let response = service.oneshot(get()).await.unwrap();
    let collected = collect(response.into_body()).await;
    assert_eq!(collected.bytes, CONTENT.whole());
    // One try of the resume, three attempts of the retry: the first without a wait.
    let times: Vec<_> = inner.times();
    assert_eq!(times, [0, 2, 2, 4].map(|n| n * SECOND));
}

#[tokio::test(start_paused = true)]
async fn retry_over_resume_retries_heads_only() {
    let inner = Inner::new([
        Step::status(503),
        first(reset),
        Step::io(ErrorKind::ConnectionRefused),
        rest(),
    ]);
    let service = retry().layer(resume().layer(inner.clone()));
    let response = service.oneshot(get()).await.unwrap();
    let report = RetryReport::of(response.extensions()).unwrap();
    assert_eq!(report.attempts(), 2);
    let collected = collect(response.into_body()).await;
    assert_eq!(collected.bytes, CONTENT.whole());
    // The re-openings are the resume's own, each after its wait.
    let times: Vec<_> = inner.times();
    assert_eq!(times, [0, 2, 4, 6].map(|n| n * SECOND));
}

#[tokio::test(start_paused = true)]
async fn humanize_over_anything_has_the_last_word() {
    let inner = || Inner::new([]).then(|_| Step::io(ErrorKind::ConnectionReset));
    let explained = |failure: Failure| {
        let text = failure.to_string();
        assert!(text.contains("example.com"), "{text}");
        assert!(Explanation::of(&failure).is_some());
    };
    let human = HumanizeLayer::new();
    explained(
        human
            .layer(retry().layer(inner()))
            .oneshot(get())
            .await
            .unwrap_err(),
    );
    explained(
        human
            .layer(resume().layer(inner()))
            .oneshot(get())
            .await
            .unwrap_err(),
    );
    explained(
        human
            .layer(total(9).layer(inner()))
            .oneshot(get())
            .await
            .unwrap_err(),
    );
    // In the body as well.
    let inner = Inner::new([first(reset)]).then(|_| Step::io(ErrorKind::ConnectionReset));
    let response = human
        .layer(resume().layer(inner))
        .oneshot(get())
        .await
        .unwrap();
    explained(failure(collect(response.into_body()).await));
}

#[tokio::test(start_paused = true)]
async fn anything_over_humanize_still_sees_the_failure() {
    let inner = || Inner::new([Step::io(ErrorKind::ConnectionReset), Step::ok("there")]);
    // As an error.
    let service = retry().layer(HumanizeLayer::new().layer(inner()));
    let response = service.oneshot(get()).await.unwrap();
    assert_eq!(collect(response.into_body()).await.bytes, "there");
    // As a response that stands for one.
    let service = retry().layer(HumanizeLayer::new().into_responses().layer(inner()));
    let response = service.oneshot(get()).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(collect(response.into_body()).await.bytes, "there");
    // In the body.
    let inner = Inner::new([first(reset), rest()]);
    let service = resume().layer(HumanizeLayer::new().into_responses().layer(inner));
    let response = service.oneshot(get()).await.unwrap();
    assert_eq!(collect(response.into_body()).await.bytes, CONTENT.whole());
}

#[tokio::test(start_paused = true)]
async fn words_in_a_stream_are_kept_back_by_whoever_mends_it() {
    let events = |step: Step<Body>| step.header("content-type", "text/event-stream");
    let server = |inner: Inner| HumanizeLayer::new().into_responses().layer(inner);
    let body = |text: &'static str| reset(ScriptedBody::new().data(text));

    // Nobody does: the words come first, then the failure.
    let inner = Inner::new([events(Step::ok(body("data: 1\n\ndata: 2")))]);
    let Ok(response) = server(inner).oneshot(get()).await;
    let collected = collect(response.into_body()).await;
    assert!(
        collected
            .bytes
            .starts_with(b"data: 1\n\ndata: 2\n\nevent: error\n")
    );
    failure(collected);

    // A resume does. What it can't continue it leaves alone.
    let inner = Inner::new([
        events(Step::ok(body("id: 1\ndata: 1\n\nid: 2\nda"))),
        events(Step::ok(ScriptedBody::new().data("id: 2\ndata: 2\n\n"))),
    ]);
    let response = resume().layer(server(inner)).oneshot(get()).await.unwrap();
    let mut events_seen = response.into_body();
    let mut seen = Vec::new();
    while let Some(Ok(frame)) = events_seen.frame().await {
        seen.extend_from_slice(&frame.into_data().unwrap());
        if seen.ends_with(b"data: 2\n\n") {
            break;
        }
    }
    assert_eq!(seen, b"id: 1\ndata: 1\n\nid: 2\ndata: 2\n\n");
    let plain = Inner::new([events(Step::ok(body("data: 1")))]);
    let mut post = get();
    *post.method_mut() = Method::POST;
    let response = resume().layer(server(plain)).oneshot(post).await.unwrap();
    let collected = collect(response.into_body()).await;
    assert!(collected.bytes.starts_with(b"data: 1\n\nevent: error\n"));
    failure(collected);

    // A retry does while the body is at its gate, and not after it.
    let gated = || {
        let config = RetryConfig::builder().gate(Gate::until(|so_far: &[u8]| !so_far.is_empty()));
        RetryLayer::new(config.build().unwrap())
    };
    let inner = Inner::new([
        events(Step::ok(reset(ScriptedBody::new()))),
        events(Step::ok(body("data: 1\n\n"))),
    ]);
    let response = gated().layer(server(inner)).oneshot(get()).await.unwrap();
    let collected = collect(response.into_body()).await;
    assert!(collected.bytes.starts_with(b"data: 1\n\nevent: error\n"));
    assert_eq!(
        collected.bytes.windows(5).filter(|w| w == b"event").count(),
        1
    );
    failure(collected);
}
