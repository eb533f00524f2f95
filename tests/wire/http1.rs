//! HTTP/1.1, over loopback.

use crate::{Body, SECOND, request};
use buttress::prelude::*;
use buttress::retry::{Gate, Retry};
use buttress_testkit::{Cut, Fault, Origin, Refused, Script, collect};
use buttress_tests::connect::InMemory;
use http::Method;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use std::sync::Arc;
use tower::{Layer, ServiceExt};

type Hyper = Client<HttpConnector, Body>;

fn client() -> Hyper {
    Client::builder(TokioExecutor::new()).build_http()
}

/// Retries at once: sockets need real time.
fn fast(client: Hyper) -> Retry<Hyper> {
    let config = RetryConfig::builder().backoff(Backoff::none());
    RetryLayer::new(config.build().unwrap()).layer(client)
}

fn gated(client: Hyper, gate: Gate) -> Retry<Hyper> {
    let config = RetryConfig::builder().backoff(Backoff::none()).gate(gate);
    RetryLayer::new(config.build().unwrap()).layer(client)
}

/// Makes the client open a connection and keep it.
async fn warm(client: &Hyper, origin: &Origin) {
    let hello = request(Method::GET, &origin.url("/hello"));
    let response = client.request(hello).await.unwrap();
    assert_eq!(collect(response.into_body()).await.end(), "clean end");
    assert_eq!((origin.connections(), origin.open()), (1, 1));
}

/// "connection closed before message completed": neither on a new connection nor on one that was
/// used before is it proof that the server did nothing.
#[tokio::test]
async fn closed_before_the_head_on_a_fresh_and_on_a_reused_connection() {
    for reused in [false, true] {
        for (method, attempts) in [(Method::GET, 2), (Method::PUT, 2), (Method::POST, 1)] {
            let case = format!("{method} reused: {reused}");
            let origin = Origin::builder().start().await;
            let client = client();
            if reused {
                warm(&client, &origin).await;
            }
            let before = origin.log().len();
            origin.set_script(Script::of([Fault::CutBeforeHead(Cut::Fin)]));
            let request = request(method, &origin.url("/hello"));
            let outcome = fast(client).oneshot(request).await;
            assert_eq!(origin.log().len() - before, attempts, "{case}");
            // The first attempt on the connection that was there, the second on another.
            let connections: Vec<_> = origin.log()[before..]
                .iter()
                .map(|s| s.connection)
                .collect();
            assert_eq!(connections, [1, 2][..attempts], "{case}");
            if attempts > 1 {
                let response = outcome.unwrap();
                assert_eq!(
                    RetryReport::of(response.extensions()).unwrap().attempts(),
                    2
                );
            } else {
                let failure = outcome.unwrap_err();
                assert_eq!(failure.kind(), FailureKind::ConnectionClosed, "{case}");
                assert_eq!(failure.delivery(), Delivery::Unknown, "{case}");
                assert_eq!(failure.stopped(), Some(StopReason::NotRepeatable), "{case}");
            }
        }
    }
}

#[tokio::test]
async fn nobody_there_is_asked_again_whatever_the_method() {
    let refused = Refused::new();
    for method in [Method::GET, Method::POST] {
        let request = request(method, &refused.url("/"));
        let failure = fast(client()).oneshot(request).await.unwrap_err();
        assert_eq!(failure.kind(), FailureKind::ConnectionRefused);
        assert_eq!(failure.delivery(), Delivery::NotSent);
        assert_eq!(failure.history().len(), 4);
    }
}

#[tokio::test]
async fn a_connection_that_failed_is_not_handed_out_again() {
    for fault in [
        Fault::CutBeforeHead(Cut::Fin),
        Fault::CutBeforeHead(Cut::Rst),
        Fault::Garbage,
        Fault::cut_after_bytes(0, Cut::Rst),
        Fault::cut_after_bytes(0, Cut::Fin),
    ] {
        let origin = Origin::builder().start().await;
        let client = client();
        warm(&client, &origin).await;
        origin.set_script(Script::of([fault.clone()]));
        let request = request(Method::GET, &origin.url("/bytes"));
        let service = gated(client, Gate::first_frame());
        let response = service.oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200, "{fault}");
        let body = collect(response.into_body()).await;
        assert_eq!(body.bytes, origin.content().whole(), "{fault}");
        assert_eq!(origin.log().len(), 3, "{fault}");
        assert_eq!(origin.connections(), 2, "{fault}");
    }
}

/// An attempt that is given up takes its connection with it.
#[tokio::test(start_paused = true)]
async fn an_attempt_that_took_too_long_leaves_no_connection_behind() {
    let origin = Arc::new(Origin::builder().start_unbound());
    let client = Client::builder(TokioExecutor::new()).build(InMemory::to(&origin));
    let head = TimeoutConfig::builder().head(SECOND).build().unwrap();
    let service = RetryLayer::default().layer(TimeoutLayer::new(head).layer(client));
    for fault in [Fault::None, Fault::StallBeforeHead] {
        origin.set_script(Script::of([fault]));
        let request = request(Method::GET, "http://origin/hello");
        let response = service.clone().oneshot(request).await.unwrap();
        assert_eq!(collect(response.into_body()).await.end(), "clean end");
    }
    let log = origin.log();
    let connections: Vec<_> = log.iter().map(|seen| seen.connection).collect();
    assert_eq!(connections, [1, 1, 2]);
    assert!(log[1].client_left);
}

/// The gate over real bodies that break early.
#[tokio::test]
async fn what_fails_before_the_gate_is_retried() {
    let gate = Gate::until(|so_far: &[u8]| so_far.len() >= 100);
    for how in [Cut::Fin, Cut::Rst] {
        let origin = Origin::builder().piece(60).start().await;
        origin.set_script(Script::of([Fault::cut_after_bytes(60, how)]));
        let service = gated(client(), gate.clone());
        let request = request(Method::GET, &origin.url("/bytes"));
        let response = service.oneshot(request).await.unwrap();
        let report = RetryReport::of(response.extensions()).unwrap();
        assert_eq!(report.history().entries()[0].phase, Phase::Body);
        let body = collect(response.into_body()).await;
        assert_eq!(body.bytes, origin.content().whole());
    }
}
