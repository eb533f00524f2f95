//! The time that a connector takes.

use super::*;
use buttress::time::Timer;
use buttress::timeout::ConnectTimeoutLayer;
use buttress_testkit::{Fault, Origin, Refused};
use buttress_tests::connect::InMemory;
use http::Uri;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::future::{pending, poll_fn};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::net::TcpStream;
use tower::{Service, service_fn};

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
