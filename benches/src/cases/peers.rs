//! What others' layers cost.

use super::{Case, calls, origin, slow_origin};
use crate::identity::Identity;
use crate::service::{Sent, post};
use http::{Request, Response, StatusCode};
use std::future::{Ready, ready};
use std::time::Duration;
use tower::retry::{Policy, Retry};
use tower::timeout::Timeout;
use tower_http::timeout::Timeout as HttpTimeout;

const LIMIT: Duration = Duration::from_secs(60);

pub(super) const CASES: &[Case] = &[
    Case::call("identity", "bare", |n| {
        calls(n, Identity(origin()), post);
    })
    .peer(),
    Case::call("identity, pending once", "bare, pending once", |n| {
        calls(n, Identity(slow_origin()), post);
    })
    .peer(),
    Case::call("tower retry", "bare", |n| {
        calls(n, Retry::new(Attempts(5), origin()), post);
    })
    .peer(),
    Case::call("tower retry, pending once", "bare, pending once", |n| {
        calls(n, Retry::new(Attempts(5), slow_origin()), post);
    })
    .peer(),
    Case::call("tower timeout", "bare", |n| {
        calls(n, Timeout::new(origin(), LIMIT), post);
    })
    .peer(),
    Case::call("tower timeout, pending once", "bare, pending once", |n| {
        calls(n, Timeout::new(slow_origin(), LIMIT), post);
    })
    .peer(),
    Case::call("tower retry > timeout", "bare", |n| {
        let timeout = Timeout::new(origin(), LIMIT);
        calls(n, Retry::new(Attempts(5), timeout), post);
    })
    .peer(),
    Case::call(
        "tower retry > timeout, pending once",
        "bare, pending once",
        |n| {
            let timeout = Timeout::new(slow_origin(), LIMIT);
            calls(n, Retry::new(Attempts(5), timeout), post);
        },
    )
    .peer(),
    Case::call("tower-http timeout", "bare", |n| {
        calls(
            n,
            HttpTimeout::with_status_code(origin(), StatusCode::GATEWAY_TIMEOUT, LIMIT),
            post,
        );
    })
    .peer(),
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
    .peer(),
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
