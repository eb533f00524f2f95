//! How connections really end, over HTTP/1.1 and HTTP/2 in memory: hyper's client, and a server that
//! ends each connection in another way.
#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test, and connections need tasks"
)]

mod http1;
mod http2;

use buttress_core::{Backoff, BoxError, Failure};
use buttress_resume::{ResumeConfig, ResumeLayer, ResumeReport};
use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tower::{Layer, ServiceExt, service_fn};

const SECOND: Duration = Duration::from_secs(1);
const TEXT: &[u8] = b"0123456789abcdefghij";

/// What the consumer got.
struct Got {
    text: Vec<u8>,
    trailers: Option<HeaderMap>,
    failure: Option<Failure>,
    /// The ranges that were asked for.
    ranges: Vec<String>,
    reopened: u32,
}

/// Fetches a body through the layer; `open` serves one connection each.
async fn fetch<F, Fut>(open: F) -> Got
where
    F: Fn(Request<Empty<Bytes>>, usize) -> Fut + Clone,
    Fut: Future<Output = Result<Response<Incoming>, BoxError>>,
{
    let ranges = Arc::new(Mutex::new(Vec::new()));
    let notes = ranges.clone();
    let service = service_fn(move |request: Request<Empty<Bytes>>| {
        let range = request.headers().get("range");
        let range = range.map_or("", |range| range.to_str().unwrap()).to_owned();
        let mut notes = notes.lock().unwrap();
        notes.push(range);
        open(request, notes.len() - 1)
    });
    let config = ResumeConfig::builder()
        .tries(3)
        .backoff(Backoff::constant(SECOND))
        .report(true);
    let layer = ResumeLayer::new(config.build().unwrap());
    let request = Request::get("http://example.com/file")
        .body(Empty::new())
        .unwrap();
    let response = layer.layer(service).oneshot(request).await.unwrap();
    let report = ResumeReport::of(response.extensions()).cloned();
    let mut body = response.into_body();
    let mut got = Got {
        text: Vec::new(),
        trailers: None,
        failure: None,
        ranges: Vec::new(),
        reopened: 0,
    };
    while let Some(frame) = body.frame().await {
        match frame.map(http_body::Frame::into_data) {
            Ok(Ok(data)) => got.text.extend_from_slice(&data),
            Ok(Err(frame)) => got.trailers = frame.into_trailers().ok(),
            Err(failure) => got.failure = Some(failure),
        }
    }
    got.ranges = std::mem::take(&mut *ranges.lock().unwrap());
    got.reopened = report.map_or(0, |report| report.reopened());
    got
}
