//! What others' layers cost.

use super::{Case, calls, origin, slow_origin, wait};
use crate::identity::Identity;
use crate::service::{Origin, Plain, Sent, post};
use backon::{ExponentialBuilder, Retryable};
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use std::future::{Future, Ready, ready};
use std::hint::black_box;
use std::io;
use std::pin::pin;
use std::time::Duration;
use tower::retry::{Policy, Retry};
use tower::timeout::Timeout;
use tower::{Layer, Service};
use tower_http::timeout::Timeout as HttpTimeout;
use tower_resilience::retry::{Retry as ResilientRetry, RetryLayer};
use tower_resilience::timelimiter::{FixedTimeout, TimeLimiter, TimeLimiterLayer};

const LIMIT: Duration = Duration::from_secs(60);

pub(super) const CASES: &[Case] = &[
    Case::call("identity", "bare", |n| {
        calls(n, Identity(origin()), post);
    })
    .by("tower"),
    Case::call("identity, pending once", "bare, pending once", |n| {
        calls(n, Identity(slow_origin()), post);
    })
    .by("tower"),
    Case::call("tower retry", "bare", |n| {
        calls(n, Retry::new(Attempts(5), origin()), post);
    })
    .by("tower"),
    Case::call("tower retry, pending once", "bare, pending once", |n| {
        calls(n, Retry::new(Attempts(5), slow_origin()), post);
    })
    .by("tower"),
    Case::call("tower timeout", "bare", |n| {
        calls(n, Timeout::new(origin(), LIMIT), post);
    })
    .by("tower"),
    Case::call("tower timeout, pending once", "bare, pending once", |n| {
        calls(n, Timeout::new(slow_origin(), LIMIT), post);
    })
    .by("tower"),
    Case::call("tower retry > timeout", "bare", |n| {
        let timeout = Timeout::new(origin(), LIMIT);
        calls(n, Retry::new(Attempts(5), timeout), post);
    })
    .by("tower"),
    Case::call(
        "tower retry > timeout, pending once",
        "bare, pending once",
        |n| {
            let timeout = Timeout::new(slow_origin(), LIMIT);
            calls(n, Retry::new(Attempts(5), timeout), post);
        },
    )
    .by("tower"),
    Case::call("tower-http timeout", "bare", |n| {
        calls(
            n,
            HttpTimeout::with_status_code(origin(), StatusCode::GATEWAY_TIMEOUT, LIMIT),
            post,
        );
    })
    .by("tower-http"),
    Case::call(
        "tower-http timeout, pending once",
        "bare, pending once",
        |n| {
            calls(
                n,
                HttpTimeout::with_status_code(slow_origin(), StatusCode::GATEWAY_TIMEOUT, LIMIT),
                post,
            );
        },
    )
    .by("tower-http"),
    Case::call("tower-resilience retry", "bare", |n| {
        calls(n, resilient(origin()), post);
    })
    .by("tower-resilience"),
    Case::call(
        "tower-resilience retry, pending once",
        "bare, pending once",
        |n| calls(n, resilient(slow_origin()), post),
    )
    .by("tower-resilience"),
    Case::call("tower-resilience timeout", "bare", |n| {
        calls(n, limited(origin()), post);
    })
    .by("tower-resilience"),
    Case::call(
        "tower-resilience timeout, pending once",
        "bare, pending once",
        |n| calls(n, limited(slow_origin()), post),
    )
    .by("tower-resilience"),
    Case::call("backon", "bare", |n| repeated(n, &origin())).by("backon"),
    Case::call("backon, pending once", "bare, pending once", |n| {
        repeated(n, &slow_origin());
    })
    .by("backon"),
];

/// The policy that tower's documentation shows: errors and statuses of the server, so many times.
#[derive(Clone, Debug)]
struct Attempts(u32);

impl<RB, E> Policy<Request<Sent>, Response<RB>, E> for Attempts {
    type Future = Ready<()>;

    fn retry(
        &mut self,
        _: &mut Request<Sent>,
        outcome: &mut Result<Response<RB>, E>,
    ) -> Option<Ready<()>> {
        let failed = match outcome {
            Ok(response) => response.status().is_server_error(),
            Err(_) => true,
        };
        if !failed || self.0 <= 1 {
            return None;
        }
        self.0 -= 1;
        Some(ready(()))
    }

    fn clone_request(&mut self, request: &Request<Sent>) -> Option<Request<Sent>> {
        Some(request.clone())
    }
}

type Answer = Response<Full<Bytes>>;

/// Its retry, told to look at statuses, too.
fn resilient(
    inner: Origin<Plain>,
) -> ResilientRetry<Origin<Plain>, Request<Sent>, Answer, io::Error> {
    let layer = RetryLayer::builder()
        .max_attempts(5)
        .exponential_backoff(Duration::from_millis(500))
        .retry_on_response(|answer: &Answer| answer.status().is_server_error())
        .build();
    layer.layer(inner)
}

/// Its timeout, in the way that drops what takes too long.
fn limited(inner: Origin<Plain>) -> TimeLimiter<Origin<Plain>, FixedTimeout> {
    let layer = TimeLimiterLayer::builder().timeout_duration(LIMIT).build();
    layer.layer(inner)
}

/// Makes `n` calls by backon, which asks for a function that makes one attempt.
fn repeated(n: u64, service: &Origin<Plain>) {
    for _ in 0..n {
        let request = black_box(post());
        let attempt = || {
            let answer = service.clone().call(request.clone());
            async {
                let answer = answer.await?;
                match answer.status().is_server_error() {
                    true => Err(io::Error::other("busy")),
                    false => Ok(answer),
                }
            }
        };
        let mut call = pin!(attempt.retry(ExponentialBuilder::default()));
        let answer = wait(|cx| call.as_mut().poll(cx));
        drop(black_box(answer.expect("nothing fails here")));
    }
}
