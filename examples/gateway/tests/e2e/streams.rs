//! Nothing is held back, in neither direction, in HTTP/1.1 and in HTTP/2.

use crate::support::{GUARD, Running, by_hand, piece, within};
use bytes::Bytes;
use gateway::proxy::Proxies;
use gateway::upstream;
use http::{HeaderMap, HeaderValue, Request, Response};
use http_body::Frame;
use http_body_util::BodyExt;
use http_body_util::channel::Channel;
use hyper::body::Incoming;
use hyper_util::client::legacy;
use hyper_util::rt::TokioExecutor;
use tower::{Service, ServiceExt};

async fn step_by_step<C>(client: C, method: &str)
where
    C: Service<
            Request<Channel<Bytes>>,
            Response = Response<Incoming>,
            Error = legacy::Error,
            Future: Send,
        > + Send
        + 'static,
{
    let (url, mut exchanges) = by_hand().await;
    let gateway = Running::new(&url).await;

    // The request's head arrives although its body has not begun.
    let (mut asked, body) = Channel::<Bytes>::new(1);
    let mut request = Request::builder()
        .method(method)
        .uri(gateway.url("/v1/dialogue"))
        .header("te", "trailers")
        .body(body)
        .unwrap();
    if method == "GET" {
        // Else hyper sends no body of unknown length with it.
        let chunked = HeaderValue::from_static("chunked");
        request.headers_mut().insert("transfer-encoding", chunked);
    }
    let response = tokio::spawn(client.oneshot(request));
    let mut exchange = within(exchanges.recv()).await.unwrap();

    // The answer's head arrives although the request's body has not ended.
    let upload = exchange.request.body_mut();
    asked.send_data(Bytes::from("one")).await.unwrap();
    assert_eq!(piece(upload).await, "one");
    let mut answer = within(response).await.unwrap().unwrap();
    assert_eq!(answer.status(), 200);

    // Each event arrives before the next one is sent; and so does each piece of the request.
    for event in ["data: 1\n\n", "data: 2\n\n"] {
        exchange.answer.send_data(Bytes::from(event)).await.unwrap();
        assert_eq!(piece(answer.body_mut()).await, event);
        asked.send_data(Bytes::from("more")).await.unwrap();
        assert_eq!(piece(upload).await, "more");
    }
    drop(asked);
    assert!(within(upload.frame()).await.is_none());

    // The end, with trailers.
    let sum = HeaderMap::from_iter([(
        http::HeaderName::from_static("x-sum"),
        HeaderValue::from_static("3"),
    )]);
    exchange.answer.send_trailers(sum.clone()).await.unwrap();
    drop(exchange.answer);
    let last = within(answer.body_mut().frame()).await.unwrap().unwrap();
    assert_eq!(Frame::into_trailers(last).unwrap(), sum);
    assert!(within(answer.body_mut().frame()).await.is_none());
    let line = gateway.log.line().await;
    assert!(
        line.contains("status=200 tries=1 bytes=18 end=complete"),
        "{line}"
    );
}

#[tokio::test]
async fn a_post_streams_both_ways_at_once() {
    step_by_step(
        upstream::client(false, GUARD, Proxies::none()).unwrap(),
        "POST",
    )
    .await;
}

#[tokio::test]
async fn a_get_streams_both_ways_at_once() {
    step_by_step(
        upstream::client(false, GUARD, Proxies::none()).unwrap(),
        "GET",
    )
    .await;
}

#[tokio::test]
async fn clients_may_speak_http2() {
    let roots = rustls::RootCertStore::empty();
    let config = rustls::ClientConfig::builder_with_provider(
        rustls::crypto::ring::default_provider().into(),
    )
    .with_safe_default_protocol_versions()
    .unwrap()
    .with_root_certificates(roots)
    .with_no_client_auth();
    let connector = hyper_rustls::HttpsConnectorBuilder::new()
        .with_tls_config(config)
        .https_or_http()
        .enable_http2()
        .build();
    let client = legacy::Client::builder(TokioExecutor::new())
        .http2_only(true)
        .build(connector);
    step_by_step(client, "POST").await;
}
