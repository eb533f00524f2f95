//! Limits that need more than one crate to be seen at work: connectors, slow bodies, comments.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

use buttress::prelude::*;
use buttress::time::now;
use buttress::timeout::{ConnectTimeoutLayer, Progress};
use buttress_testkit::{Origin, ScriptedBody, ScriptedService, Step, collect};
use bytes::Bytes;
use http::{Request, Uri};
use http_body_util::Empty;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::future::pending;
use std::io;
use std::time::Duration;
use tokio::net::TcpStream;
use tower::{Layer, ServiceExt, service_fn};

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

#[tokio::test(start_paused = true)]
async fn a_body_must_keep_up_with_the_rate() {
    let rate = || {
        let config = TimeoutConfig::builder().min_rate(1_000, 10 * SECOND);
        config.build().unwrap()
    };
    let body = |pieces: u32, bytes: usize, apart: Duration| {
        (0..pieces).fold(ScriptedBody::new(), |body, _| {
            body.data(vec![b'x'; bytes]).wait(apart)
        })
    };
    // 100 bytes a second are asked for.
    assert_eq!(end_of(rate(), body(100, 500, 5 * SECOND)).await, "whole");
    assert_eq!(end_of(rate(), body(100, 100, SECOND)).await, "whole");
    assert_eq!(end_of(rate(), body(100, 50, SECOND)).await, "timeout_rate");
    assert_eq!(
        end_of(rate(), body(1, 9_999, 11 * SECOND)).await,
        "timeout_rate"
    );
    assert_eq!(end_of(rate(), ScriptedBody::new()).await, "whole");
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
