//! Retry over hyper-util's client and real HTTP/1.1 and HTTP/2: what each way of failing on the
//! wire proves about the request, and what follows from it.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

mod http1;
mod http2;
mod server;

use buttress::prelude::*;
use buttress::retry::{Gate, Retry};
use bytes::Bytes;
use http::{Method, Request};
use http_body_util::Full;
use hyper_util::client::legacy::Client;
use std::time::Duration;
use tower::Layer;

type Body = Full<Bytes>;

const SECOND: Duration = Duration::from_secs(1);

/// Retries after exactly a second, four attempts in all.
fn retrying<C>(client: Client<C, Body>, gate: Option<Gate>) -> Retry<Client<C, Body>> {
    let mut config = RetryConfig::builder()
        .attempts(4)
        .backoff(Backoff::constant(SECOND));
    if let Some(gate) = gate {
        config = config.gate(gate);
    }
    RetryLayer::new(config.build().unwrap()).layer(client)
}

fn request(method: Method, uri: &str) -> Request<Body> {
    let request = Request::builder().method(method).uri(uri);
    request.body(Full::from("question")).unwrap()
}
