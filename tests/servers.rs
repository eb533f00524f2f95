//! Response mode where it belongs: around what an axum router and a hyper server answer with.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

use axum::Router;
use axum::routing::{any_service, get};
use buttress::prelude::*;
use buttress_testkit::{ScriptedBody, ScriptedService, Step};
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use std::convert::Infallible;
use std::io::ErrorKind;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tower::{Layer, Service, ServiceExt};

/// An upstream that refuses the first call and breaks off in the middle of an answer to the second.
fn upstream<B: Send + 'static>() -> ScriptedService<B> {
    let cut = ScriptedBody::new()
        .data("data: {\"half")
        .io(ErrorKind::ConnectionReset);
    ScriptedService::new([
        Step::io(ErrorKind::ConnectionRefused),
        Step::ok(cut).header("content-type", "text/event-stream"),
    ])
}

async fn text<B>(response: Response<B>) -> (StatusCode, String)
where
    B: http_body::Body<Error: std::fmt::Debug>,
{
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn axum_answers_for_a_service_that_fails() {
    let service = HumanizeLayer::new()
        .into_responses()
        .negotiate_language()
        .layer(upstream());
    let mut router: Router = Router::new().route("/v1/chat", any_service(service));
    let ask = |accept: &str| {
        Request::get("/v1/chat")
            .header("accept", accept.to_owned())
            .header("accept-language", "fr")
            .body(axum::body::Body::empty())
            .unwrap()
    };
    let response = router.call(ask("text/html")).await.unwrap();
    let (status, page) = text(response).await;
    assert_eq!(status, StatusCode::BAD_GATEWAY);
    assert!(page.contains("<html lang=\"fr\">"), "{page}");
    assert!(
        page.contains("Personne ne répond à cette adresse"),
        "{page}"
    );

    let response = router.call(ask("text/event-stream")).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let mut body = response.into_body();
    let mut said = Vec::new();
    let error = loop {
        match body.frame().await.expect("does not end cleanly") {
            Ok(frame) => said.extend_from_slice(&frame.into_data().unwrap()),
            Err(error) => break error,
        }
    };
    let said = String::from_utf8(said).unwrap();
    let begun = "data: {\"half\n\nevent: error\ndata: {\"type\": \"urn:buttress:problem:";
    assert!(said.starts_with(begun), "{said}");
    let failure = Failure::from(buttress::BoxError::from(error));
    assert_eq!(failure.kind(), FailureKind::ConnectionReset);
}

#[tokio::test]
async fn a_failure_is_what_an_axum_handler_may_answer_with() {
    async fn handler() -> Result<String, Failure> {
        Err(Failure::new(FailureKind::Overloaded))
    }
    let router: Router = Router::new().route("/", get(handler));
    let request = Request::get("/").body(axum::body::Body::empty()).unwrap();
    let response = router.oneshot(request).await.unwrap();
    assert!(Failure::of(response.extensions()).is_some());
    let (status, body) = text(response).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    let problem: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(problem["code"], "overloaded");
}

/// Sends `GET /` to a hyper server in memory and returns all that comes back.
async fn ask<S, B>(service: S, server: DuplexStream, mut client: DuplexStream) -> String
where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Clone,
    B: http_body::Body<Data = Bytes, Error = Failure> + 'static,
{
    let serving = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(server), TowerToHyperService::new(service));
    let asking = async {
        let request = b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
        client.write_all(request).await.unwrap();
        let mut answer = Vec::new();
        client.read_to_end(&mut answer).await.unwrap();
        String::from_utf8(answer).unwrap()
    };
    let (_, answer) = tokio::join!(serving, asking);
    answer
}

#[tokio::test]
async fn hyper_sends_the_words_and_then_cuts_the_connection() {
    let service = HumanizeLayer::new().into_responses().layer(upstream());
    let pair = || duplex(1 << 16);
    let (server, client) = pair();
    let refused = ask(service.clone(), server, client).await;
    assert!(
        refused.starts_with("HTTP/1.1 502 Bad Gateway\r\n"),
        "{refused}"
    );
    assert!(refused.contains("content-type: application/problem+json\r\n"));
    assert!(refused.contains("cache-control: no-store\r\n"));
    assert!(refused.trim_end().ends_with('}'), "{refused}");

    let (server, client) = pair();
    let broken = ask(service, server, client).await;
    assert!(broken.starts_with("HTTP/1.1 200 OK\r\n"), "{broken}");
    assert!(broken.contains("data: {\"half"), "{broken}");
    assert!(broken.contains("\n\nevent: error\ndata: {"), "{broken}");
    assert!(
        !broken.ends_with("0\r\n\r\n"),
        "the last chunk would say that the answer is whole"
    );
}
