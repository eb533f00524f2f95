//! What a middleware of reqwest costs, ours and the one of reqwest-retry: below them is one that
//! answers at once, so that no client is asked.

use super::{Case, wait};
use crate::service::{may_fail, post};
use buttress_reqwest::middleware::TowerMiddleware;
use buttress_retry::RetryLayer;
use http::Extensions;
use reqwest::{Client, Request, Response, ResponseBuilderExt};
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware, Error, Middleware, Next};
use reqwest_retry::RetryTransientMiddleware;
use reqwest_retry::policies::ExponentialBackoff;
use std::future::Future;
use std::hint::black_box;
use std::pin::pin;

pub(super) const CASES: &[Case] = &[
    Case::bare("reqwest, bare", |n| calls(n, ClientBuilder::new(client()))),
    Case::call("reqwest, reqwest-retry", "reqwest, bare", |n| {
        let policy = ExponentialBackoff::builder().build_with_max_retries(4);
        let retry = RetryTransientMiddleware::new_with_policy(policy);
        calls(n, ClientBuilder::new(client()).with(retry));
    })
    .by("reqwest-retry"),
    Case::call("reqwest, retry", "reqwest, bare", |n| {
        let client = client();
        let retry = TowerMiddleware::new(RetryLayer::default(), client.clone());
        calls(n, ClientBuilder::new(client).with(retry));
    }),
];

/// The innermost middleware: drops the request and answers.
struct Answers;

#[async_trait::async_trait]
impl Middleware for Answers {
    async fn handle(
        &self,
        request: Request,
        _: &mut Extensions,
        _: Next<'_>,
    ) -> Result<Response, Error> {
        let url = black_box(&request).url().clone();
        drop(request);
        may_fail().map_err(Error::middleware)?;
        // As reqwest's responses do, it knows where it is from.
        let response = http::Response::builder().url(url).body("hello");
        Ok(response.map_err(Error::middleware)?.into())
    }
}

/// A client that is not asked.
fn client() -> Client {
    // Fails when there is one already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::new()
}

fn calls(n: u64, client: ClientBuilder) {
    let client = client.with(Answers).build();
    for _ in 0..n {
        // In one piece, as JSON is: a stream could not be sent again.
        let request = post().map(|_| reqwest::Body::from(vec![b'x'; 200]));
        let request = Request::try_from(request).expect("an absolute URL");
        drop(black_box(call(&client, black_box(request))));
    }
}

#[inline(never)]
fn call(client: &ClientWithMiddleware, request: Request) -> Response {
    let mut call = pin!(client.execute(request));
    wait(|cx| call.as_mut().poll(cx)).expect("nothing fails here")
}
