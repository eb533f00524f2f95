//! Limits that need more than one crate to be seen at work: connectors, slow bodies, comments.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

use buttress::Hint;
use buttress::prelude::*;
use buttress::time::{Timer, now};
use buttress::timeout::{ConnectTimeoutLayer, MinRate, Progress};
use buttress_testkit::{Fault, Origin, Refused, ScriptedBody, ScriptedService, Step, collect};
use buttress_tests::connect::InMemory;
use bytes::Bytes;
use http::{Request, Uri};
use http_body_util::{BodyExt, Empty};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::future::{pending, poll_fn};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::net::TcpStream;
use tower::{Layer, Service, ServiceExt, service_fn};

type NoBody = Empty<Bytes>;

const SECOND: Duration = Duration::from_secs(1);

fn get(uri: &str) -> Request<NoBody> {
    Request::get(uri).body(Empty::new()).unwrap()
}

#[tokio::test]
async fn a_connector_in_time_connects() {
    let origin = Origin::builder().start().await;
    let connector = ConnectTimeoutLayer::new(60 * SECOND)
        .unwrap()
        .layer(HttpConnector::new());
    let client: Client<_, NoBody> = Client::builder(TokioExecutor::new()).build(connector);
    let response = client.request(get(&origin.url("/hello"))).await.unwrap();
    assert_eq!(response.status(), 200);
}

#[tokio::test(start_paused = true)]
async fn a_connector_that_takes_too_long_is_found_behind_the_clients_error() {
    let never = service_fn(|_: Uri| pending::<io::Result<TokioIo<TcpStream>>>());
    let connector = ConnectTimeoutLayer::new(5 * SECOND).unwrap().layer(never);
    let client: Client<_, NoBody> = Client::builder(TokioExecutor::new()).build(connector);
    let start = now();
    let error = client
        .request(get("http://example.com/"))
        .await
        .unwrap_err();
    assert_eq!(now() - start, 5 * SECOND);
    let failure = Failure::from(buttress::BoxError::from(error));
    assert_eq!(failure.kind(), FailureKind::TimeoutConnect);
    assert_eq!(failure.phase(), Phase::Connect);
    assert_eq!(failure.delivery(), Delivery::NotSent);
    assert_eq!(failure.limit().unwrap().limit, 5 * SECOND);
}

/// In front of a socket that accepts and then says nothing, TLS would wait for ever: what the
/// connector wraps counts, and what it does not wrap does not.
#[tokio::test(start_paused = true)]
async fn the_limit_is_the_connectors_and_ends_with_the_connection() {
    // A connector in time, then a server that never answers: no connect timeout.
    let origin = Arc::new(
        Origin::builder()
            .script([Fault::StallBeforeHead])
            .start_unbound(),
    );
    let late = InMemory::to(&origin);
    let connect = service_fn(move |uri: Uri| {
        let mut late = late.clone();
        Box::pin(async move {
            let mut timer = Timer::new();
            let until = now() + 4 * SECOND;
            poll_fn(|cx| timer.poll_until(until, cx)).await;
            late.call(uri).await
        })
    });
    let connector = ConnectTimeoutLayer::new(5 * SECOND).unwrap().layer(connect);
    let client: Client<_, NoBody> = Client::builder(TokioExecutor::new()).build(connector);
    let head = TimeoutConfig::builder().head(60 * SECOND).build().unwrap();
    let client = TimeoutLayer::new(head).layer(client);
    let start = now();
    let failure = client
        .oneshot(get("http://origin/hello"))
        .await
        .unwrap_err();
    assert_eq!(failure.kind(), FailureKind::TimeoutHead);
    assert_eq!(now() - start, 60 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn every_request_is_sent_again_after_a_connector_that_took_too_long() {
    let origin = Arc::new(Origin::builder().start_unbound());
    let tries = Arc::new(AtomicUsize::new(0));
    let there = InMemory::to(&origin);
    // The first two never connect.
    let connect = service_fn(move |uri: Uri| {
        let mut there = there.clone();
        let number = tries.fetch_add(1, Ordering::Relaxed);
        Box::pin(async move {
            if number < 2 {
                pending::<()>().await;
            }
            there.call(uri).await
        })
    });
    let connector = ConnectTimeoutLayer::new(5 * SECOND).unwrap().layer(connect);
    let client: Client<_, NoBody> = Client::builder(TokioExecutor::new()).build(connector);
    let config = RetryConfig::builder().backoff(Backoff::constant(SECOND));
    let client = RetryLayer::new(config.build().unwrap()).layer(client);
    let mut post = get("http://origin/hello");
    *post.method_mut() = http::Method::POST;
    let start = now();
    let response = client.oneshot(post).await.unwrap();
    let report = RetryReport::of(response.extensions()).unwrap();
    let kinds: Vec<_> = report.history().entries().iter().map(|a| a.kind).collect();
    assert_eq!(kinds, [FailureKind::TimeoutConnect; 2]);
    // Nothing was sent, so that the first retry does not wait.
    assert_eq!(now() - start, (5 + 5 + 1) * SECOND);
    assert_eq!(origin.effects().method("POST"), 1);
}

#[tokio::test]
async fn the_connectors_own_errors_stay_what_they_are() {
    let refused = Refused::new();
    let connector = ConnectTimeoutLayer::new(60 * SECOND)
        .unwrap()
        .layer(HttpConnector::new());
    let client: Client<_, NoBody> = Client::builder(TokioExecutor::new()).build(connector);
    let error = client.request(get(&refused.url("/"))).await.unwrap_err();
    assert!(error.is_connect());
    let failure = Failure::from(buttress::BoxError::from(error));
    assert_eq!(failure.kind(), FailureKind::ConnectionRefused);
    assert_eq!(failure.delivery(), Delivery::NotSent);
    assert!(failure.find::<io::Error>().is_some());
}

#[test]
fn a_connector_without_any_time_is_an_error() {
    let error = ConnectTimeoutLayer::new(Duration::ZERO).unwrap_err();
    assert!(
        error.to_string().contains("must be more than zero"),
        "{error}"
    );
}

/// What a body under this limit comes to.
async fn end_of(limit: TimeoutConfig, body: ScriptedBody) -> String {
    let inner = ScriptedService::<NoBody>::new([Step::ok(body)]);
    let service = TimeoutLayer::new(limit).layer(inner);
    let response = service.oneshot(get("http://example.com/")).await.unwrap();
    let collected = collect(response.into_body()).await;
    match collected.error {
        None => "whole".to_owned(),
        Some(error) => Failure::from(error).kind().code().to_owned(),
    }
}

/// The least is 1,000 bytes in 10 s.
#[tokio::test(start_paused = true)]
async fn a_body_must_keep_up_with_the_rate() {
    let ms = Duration::from_millis;
    let body = |pieces: u32, bytes: usize, apart: Duration| {
        (0..pieces).fold(ScriptedBody::new(), |body, _| {
            body.data(vec![b'x'; bytes]).wait(apart)
        })
    };
    let rate = || {
        let config = TimeoutConfig::builder().min_rate(1_000, 10 * SECOND);
        config.build().unwrap()
    };
    // The pieces of the body, and how it ends when.
    for (name, script, end, after) in [
        (
            "exactly the rate",
            body(100, 100, SECOND),
            "whole",
            100 * SECOND,
        ),
        (
            "the same in large pieces",
            body(20, 500, 5 * SECOND),
            "whole",
            100 * SECOND,
        ),
        (
            "the same in tiny pieces",
            body(1_000, 1, ms(10)),
            "whole",
            10 * SECOND,
        ),
        (
            "half the rate",
            body(100, 50, SECOND),
            "timeout_rate",
            ms(19_500),
        ),
        (
            "a tenth of it",
            body(100, 10, SECOND),
            "timeout_rate",
            ms(11_100),
        ),
        (
            "one piece and no more",
            body(1, 9_999, 3600 * SECOND),
            "timeout_rate",
            10 * SECOND,
        ),
        (
            "just in time",
            body(1, 9_999, ms(9_999)),
            "whole",
            ms(9_999),
        ),
        (
            "nothing at all",
            ScriptedBody::new(),
            "whole",
            Duration::ZERO,
        ),
        // Until it has begun it is not slow.
        (
            "late, then fast",
            ScriptedBody::new()
                .wait(3600 * SECOND)
                .data(vec![b'x'; 10_000]),
            "whole",
            3600 * SECOND,
        ),
        // Being ahead is not saved up.
        (
            "a megabyte, then nothing",
            ScriptedBody::new()
                .data(vec![b'x'; 1 << 20])
                .wait(SECOND)
                .data("x")
                .hang(),
            "timeout_rate",
            ms(10_010),
        ),
        // Empty frames and trailers bring nothing.
        (
            "empty frames",
            body(100, 0, SECOND),
            "timeout_rate",
            10 * SECOND,
        ),
        // All that was announced has come: what it still waits for is no data.
        (
            "slow to end",
            ScriptedBody::new()
                .data("all of it")
                .wait(60 * SECOND)
                .exact(),
            "whole",
            60 * SECOND,
        ),
    ] {
        let start = now();
        assert_eq!(end_of(rate(), script).await, end, "{name}");
        assert_eq!(now() - start, after, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_stricter_one_of_silence_and_rate_ends_a_body() {
    let limits = |idle: u32| {
        let config = TimeoutConfig::builder()
            .idle(idle * SECOND)
            .min_rate(1_000, 10 * SECOND);
        config.build().unwrap()
    };
    let stalled = || ScriptedBody::new().data("x").hang();
    assert_eq!(end_of(limits(9), stalled()).await, "timeout_idle");
    assert_eq!(end_of(limits(11), stalled()).await, "timeout_rate");
    // Both at the same moment: nothing at all is more than too little.
    let nothing = ScriptedBody::new().data("").hang();
    assert_eq!(end_of(limits(10), nothing).await, "timeout_idle");
    // Each of these silences is short enough; together they bring too little.
    let slow = (0..60).fold(ScriptedBody::new(), |body, _| body.data("x").wait(SECOND));
    assert_eq!(end_of(limits(2), slow).await, "timeout_rate");
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_too_slow_tells_how_slow_it_was() {
    let rate = TimeoutConfig::builder().min_rate(1_000, 10 * SECOND);
    let inner = ScriptedService::<NoBody>::new([Step::ok(ScriptedBody::new().data("abc").hang())]);
    let service = TimeoutLayer::new(rate.build().unwrap()).layer(inner.clone());
    let response = service.oneshot(get("http://example.com/")).await.unwrap();
    let failure = Failure::from(collect(response.into_body()).await.error.unwrap());
    assert_eq!(failure.delivery(), Delivery::Partial { bytes: 3 });
    assert_eq!(failure.phase(), Phase::Body);
    assert_eq!(failure.limit().unwrap().limit, 10 * SECOND);
    let least = failure.details().get::<MinRate>().unwrap();
    assert_eq!((least.bytes(), least.per()), (1_000, 10 * SECOND));
    assert_eq!(inner.bodies_alive(), 0);
}

/// A consumer that is slow is not blamed on the body.
#[tokio::test(start_paused = true)]
async fn only_time_in_which_the_consumer_waits_counts_against_the_rate() {
    let rate = TimeoutConfig::builder().min_rate(1_000, 10 * SECOND);
    let script = (0..50).fold(ScriptedBody::new(), |body, _| body.data("x").yields());
    let inner = ScriptedService::<NoBody>::new([Step::ok(script)]);
    let service = TimeoutLayer::new(rate.build().unwrap()).layer(inner);
    let response = service.oneshot(get("http://example.com/")).await.unwrap();
    let mut body = response.into_body();
    let mut frames = 0;
    while let Some(frame) = body.frame().await {
        assert!(frame.is_ok(), "after {frames}: {frame:?}");
        frames += 1;
        tokio::time::advance(60 * SECOND).await;
    }
    assert_eq!(frames, 50);
}

#[tokio::test(start_paused = true)]
async fn comments_do_not_end_a_silence_where_events_are_asked_for() {
    let limit = |progress| {
        let config = TimeoutConfig::builder()
            .idle(10 * SECOND)
            .progress(progress);
        config.build().unwrap()
    };
    let stream = || {
        let mut body = ScriptedBody::new().data("data: a\n\n");
        for _ in 0..5 {
            body = body.wait(4 * SECOND).data(": still here\n\n");
        }
        body.data("data: b\n\n")
    };
    assert_eq!(end_of(limit(Progress::EveryFrame), stream()).await, "whole");
    assert_eq!(
        end_of(limit(Progress::Events), stream()).await,
        "timeout_idle"
    );
    let busy = (0..5).fold(ScriptedBody::new(), |body, _| {
        body.data("data: a\n\n")
            .wait(4 * SECOND)
            .data(": x\n\n")
            .wait(4 * SECOND)
    });
    assert_eq!(end_of(limit(Progress::Events), busy).await, "whole");
}

/// A limit on the head that ends a retry's wait for `Retry-After` keeps what the server asked for,
/// so that who tries again outside of it does not come too early.
#[tokio::test(start_paused = true)]
async fn a_limit_that_ends_a_wait_keeps_the_servers_hint() {
    let head = TimeoutConfig::builder().head(30 * SECOND).build().unwrap();
    for (step, hint) in [
        (
            Step::status(503).header("retry-after", "50"),
            Some(20 * SECOND),
        ),
        // The wait is the retry's own.
        (Step::status(503), None),
    ] {
        let inner: ScriptedService<NoBody> = ScriptedService::new([step]);
        let backoff = Backoff::constant(40 * SECOND);
        let retry = RetryConfig::builder().backoff(backoff).build().unwrap();
        let service = RetryLayer::new(retry).layer(inner.clone());
        let service = TimeoutLayer::new(head.clone()).layer(service);
        let failure = service.oneshot(get("http://origin/")).await.unwrap_err();
        assert_eq!(failure.kind(), FailureKind::TimeoutHead);
        assert_eq!(failure.hint().and_then(Hint::after), hint);
        assert_eq!(inner.calls().len(), 1);
    }
}

/// The same from outside: thirty seconds in the retry, twenty in the resume.
#[tokio::test(start_paused = true)]
async fn a_resume_outside_of_a_limit_comes_when_the_server_said() {
    let head = TimeoutConfig::builder().head(30 * SECOND).build().unwrap();
    let events = |body: ScriptedBody| Step::ok(body).header("content-type", "text/event-stream");
    let inner: ScriptedService<NoBody> = ScriptedService::new([
        events(
            ScriptedBody::new()
                .data("id: 1\ndata: a\n\n")
                .io(io::ErrorKind::ConnectionReset),
        ),
        Step::status(503).header("retry-after", "50"),
        events(ScriptedBody::new().data("id: 2\ndata: b\n\n")),
    ]);
    let soon = Backoff::constant(SECOND);
    let retry = RetryConfig::builder().backoff(soon).build().unwrap();
    let resume = ResumeConfig::builder().backoff(soon).build().unwrap();
    let service = RetryLayer::new(retry).layer(inner.clone());
    let service = TimeoutLayer::new(head).layer(service);
    let service = ResumeLayer::new(resume).layer(service);
    let start = now();
    let response = service.oneshot(get("http://origin/")).await.unwrap();
    let collected = collect(response.into_body()).await;
    assert_eq!(collected.end(), "clean end");
    assert_eq!(collected.bytes, "id: 1\ndata: a\n\nid: 2\ndata: b\n\n");
    // A second before the first try, then what the server asked for: no more, and no less.
    assert_eq!(now() - start, (1 + 50) * SECOND);
}
