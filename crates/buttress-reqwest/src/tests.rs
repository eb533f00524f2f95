//! The service against a misbehaving origin on real sockets.

use crate::ReqwestService;
use buttress_core::{BoxError, Delivery, Failure, FailureKind, Phase};
use buttress_retry::RetryLayer;
use buttress_testkit::{Canned, Cut, Fault, Origin, Refused, Script, collect};
use http::Request;
use reqwest::Body;
use tower::{Layer, ServiceExt};

/// Another package's features may give reqwest TLS without a provider of cryptography.
pub(crate) fn reqwest_client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().unwrap()
}

fn client() -> ReqwestService {
    ReqwestService::new(reqwest_client())
}

fn get(url: &str) -> Request<Body> {
    Request::get(url).body(Body::default()).unwrap()
}

async fn failure(url: &str) -> Failure {
    let error = client().oneshot(get(url)).await.unwrap_err();
    Failure::from(BoxError::from(error))
}

#[tokio::test]
async fn answers_come_through() {
    let origin = Origin::builder().start().await;
    let response = client().oneshot(get(&origin.url("/bytes"))).await.unwrap();
    let body = collect(response.into_body()).await;
    assert_eq!(body.bytes, origin.content().whole());
    assert_eq!(body.lies, []);
}

#[tokio::test]
async fn a_response_becomes_one_of_reqwest_again() {
    let elsewhere = Canned::new(302).header("location", "/missing");
    let origin = Origin::builder()
        .script(Script::of([Fault::Answer(elsewhere), Fault::status(404)]))
        .start()
        .await;
    let client = RetryLayer::default().layer(client());
    let response = client.oneshot(get(&origin.url("/old"))).await.unwrap();
    let response = reqwest::Response::from(response.map(Body::wrap));
    assert_eq!(response.url().as_str(), origin.url("/missing"));
    assert_eq!(response.remote_addr(), Some(origin.addr()));
    let error = response.error_for_status().unwrap_err();
    assert_eq!(
        error.url().map(reqwest::Url::as_str),
        Some(&*origin.url("/missing"))
    );
}

#[tokio::test]
async fn errors_keep_what_they_know() {
    let refused = Refused::new();
    let failed = failure(&refused.url("/")).await;
    assert_eq!(failed.kind(), FailureKind::ConnectionRefused);
    assert_eq!(
        (failed.phase(), failed.delivery()),
        (Phase::Connect, Delivery::NotSent)
    );
    assert!(
        failed
            .find::<reqwest::Error>()
            .is_some_and(reqwest::Error::is_connect)
    );

    let origin = Origin::builder()
        .script(Script::always(Fault::CutBeforeHead(Cut::Fin)))
        .start()
        .await;
    let failed = failure(&origin.url("/")).await;
    assert_eq!(failed.kind(), FailureKind::ConnectionClosed);
    assert_eq!(failed.delivery(), Delivery::Unknown);
    assert!(failed.find::<reqwest::Error>().is_some());
}

#[tokio::test]
async fn a_request_that_leads_nowhere_is_an_error_that_says_so() {
    for uri in ["/relative", "*"] {
        let error = client().oneshot(get(uri)).await.unwrap_err();
        assert_eq!(error.to_string(), "the request cannot be sent");
        let failure = Failure::from(BoxError::from(error));
        assert_eq!(failure.kind(), FailureKind::BadRequest);
        assert_eq!(failure.delivery(), Delivery::NotSent);
        assert!(!failure.is_transient());
    }
}

#[tokio::test]
async fn a_layer_stacks_on_it() {
    let origin = Origin::builder()
        .script(Script::of([Fault::CutBeforeHead(Cut::Rst)]))
        .start()
        .await;
    let client = RetryLayer::default().layer(client());
    let response = client.oneshot(get(&origin.url("/hello"))).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(origin.log().len(), 2);
}
