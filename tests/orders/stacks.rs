//! The stacks: hyper-util's client, reqwest's with and without reqwest-middleware, and an axum router
//! that passes requests on.

use crate::drive::{Stack, drive};
use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use buttress::prelude::*;
use buttress::reqwest::middleware::{MiddlewareService, TowerMiddleware};
use buttress_testkit::{Content, Fault, Origin, Refused, Script};
use buttress_tests::ordered_subsets;
use bytes::Bytes;
use http::StatusCode;
use http_body_util::Full;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use reqwest_middleware::ClientBuilder;
use std::time::Duration;
use tower::Layer;
use tower::layer::layer_fn;

const FAST: Duration = Duration::from_millis(1);
const LONG: Duration = Duration::from_secs(60);

fn retry() -> RetryLayer {
    let config = RetryConfig::builder().backoff(Backoff::constant(FAST));
    RetryLayer::new(config.build().unwrap())
}

fn resume() -> ResumeLayer {
    let config = ResumeConfig::builder().backoff(Backoff::constant(FAST));
    ResumeLayer::new(config.build().unwrap())
}

fn timeout() -> TimeoutLayer {
    let config = TimeoutConfig::builder().head(LONG).idle(LONG).total(LONG);
    TimeoutLayer::new(config.build().unwrap())
}

/// The layer behind a letter, in a client.
macro_rules! client_layer {
    (H) => {
        HumanizeLayer::new()
    };
    (T) => {
        timeout()
    };
    (S) => {
        resume()
    };
    (R) => {
        retry()
    };
}

/// The layer behind a letter, above a router: there the last word is a response.
macro_rules! server_layer {
    (H) => {
        HumanizeLayer::new().into_responses()
    };
    ($letter:ident) => {
        client_layer!($letter)
    };
}

/// Wraps `$inner`, the last layer first, so that the first one is outermost.
macro_rules! stack {
    ($layer:ident $inner:expr;) => { $inner };
    ($layer:ident $inner:expr; $first:ident $($rest:ident)*) => {
        $layer!($first).layer(stack!($layer $inner; $($rest)*))
    };
}

async fn origin() -> Origin {
    Origin::builder()
        .content(Content::new(1, 1, 20_000))
        .start()
        .await
}

fn hyper_client() -> Client<HttpConnector, Full<Bytes>> {
    Client::builder(TokioExecutor::new()).build_http()
}

#[tokio::test]
async fn every_ordered_subset_on_hyper() {
    let origin = origin().await;
    let url = origin.url("/bytes");
    macro_rules! run {
        ($($layer:ident)+) => {
            let service = stack!(client_layer hyper_client(); $($layer)+);
            let stack = Stack { name: concat!($(stringify!($layer)),+) };
            drive(service, &origin, &url, stack).await;
        };
    }
    ordered_subsets!(run: H T S R);
}

#[tokio::test]
async fn every_ordered_subset_on_reqwest() {
    let origin = origin().await;
    let url = origin.url("/bytes");
    let client = || {
        tower::util::MapRequest::new(
            ReqwestService::new(reqwest_client()),
            |request: http::Request<Full<Bytes>>| request.map(reqwest::Body::wrap),
        )
    };
    macro_rules! run {
        ($($layer:ident)+) => {
            let service = stack!(client_layer client(); $($layer)+);
            let stack = Stack { name: concat!($(stringify!($layer)),+) };
            drive(service, &origin, &url, stack).await;
        };
    }
    ordered_subsets!(run: H T S R);
}

/// A client with the layers as its middleware.
macro_rules! with_middleware {
    ($client:expr; $($layer:ident)+) => {{
        let client = $client;
        let layers = layer_fn(|inner: MiddlewareService| stack!(client_layer inner; $($layer)+));
        let middleware = TowerMiddleware::new(layers, client.clone());
        ClientBuilder::new(client).with(middleware).build()
    }};
}

/// Another package's features may give reqwest TLS without a provider of cryptography.
fn reqwest_client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().unwrap()
}

#[tokio::test]
async fn every_ordered_subset_on_reqwest_middleware() {
    let origin = origin().await;
    let url = origin.url("/bytes");
    macro_rules! run {
        ($($layer:ident)+) => {
            let client = with_middleware!(reqwest_client(); $($layer)+);
            let service = tower::util::MapRequest::new(
                MiddlewareService::new(client),
                // Not wrapped: reqwest can't send a wrapped one twice.
                |request: http::Request<Full<Bytes>>| request.map(|_| reqwest::Body::default()),
            );
            let stack = Stack { name: concat!($(stringify!($layer)),+) };
            drive(service, &origin, &url, stack).await;
        };
    }
    ordered_subsets!(run: H T S R);
}

/// Whoever asks reqwest-middleware's errors gets the same answers through every stack.
#[tokio::test]
async fn every_ordered_subset_keeps_the_errors_of_reqwest_middleware() {
    let refused = Refused::new();
    let stalled = Origin::builder()
        .script(Script::always(Fault::StallBeforeHead))
        .start()
        .await;
    macro_rules! run {
        ($($layer:ident)+) => {
            let name = concat!($(stringify!($layer)),+);
            let client = with_middleware!(reqwest_client(); $($layer)+);
            let error = client.get(refused.url("/")).send().await.unwrap_err();
            assert!(error.is_connect() && error.is_request(), "{name}: {error:?}");
            assert!(!error.is_timeout() && !error.is_middleware(), "{name}: {error:?}");

            // reqwest's own limit.
            let request = client.get(stalled.url("/")).timeout(5 * FAST);
            let error = request.send().await.unwrap_err();
            assert!(error.is_timeout() && error.is_request(), "{name}: {error:?}");

            // And the caller's, which is the layers' to keep.
            if name.contains(['T', 'S', 'R']) {
                let deadline = Deadline::after(5 * FAST);
                let request = client.get(stalled.url("/")).with_extension(deadline);
                let error = request.send().await.unwrap_err();
                assert!(error.is_timeout() && !error.is_connect(), "{name}: {error:?}");
                let failure = Failure::from(buttress::BoxError::from(error));
                assert_eq!(failure.kind(), FailureKind::TimeoutTotal, "{name}");
            }
        };
    }
    ordered_subsets!(run: H T S R);
}

/// Passes a request on to the origin; an error is a 502.
async fn pass_on(
    State((client, authority)): State<(Client<HttpConnector, axum::body::Body>, String)>,
    mut request: Request,
) -> Response {
    let path = request.uri().path_and_query().unwrap().as_str();
    *request.uri_mut() = format!("http://{authority}{path}").parse().unwrap();
    match client.request(request).await {
        Ok(response) => response.into_response(),
        Err(_) => StatusCode::BAD_GATEWAY.into_response(),
    }
}

#[tokio::test]
async fn every_ordered_subset_on_axum() {
    let origin = origin().await;
    let client = Client::builder(TokioExecutor::new()).build_http();
    let router = Router::new()
        .fallback(pass_on)
        .with_state((client, origin.addr().to_string()));
    macro_rules! run {
        ($($layer:ident)+) => {
            let service = stack!(server_layer router.clone(); $($layer)+);
            let stack = Stack { name: concat!($(stringify!($layer)),+) };
            drive(service, &origin, "/bytes", stack).await;
        };
    }
    ordered_subsets!(run: H T S R);
}
