//! The layer as a whole, over mocks.

mod body;
mod contract;
mod error_mode;
mod in_band;
mod response_mode;

use buttress_core::{BoxError, Failure, FailureKind};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use std::io;
use tower_test::mock::Mock;

type Sent = Request<&'static str>;
type Transport = Mock<Sent, Response<Full<Bytes>>>;

/// Everything in a request that nobody must be shown.
const SECRETS: &[&str] = &[
    "in-user",
    "in-password",
    "in-path",
    "in-query",
    "in-token",
    "in-cookie",
    "in-body",
    "in-error",
];

/// A request full of secrets.
fn request() -> Sent {
    Request::post("https://in-user:in-password@api.example.com:8443/in-path?key=in-query")
        .header("authorization", "Bearer in-token")
        .header("cookie", "session=in-cookie")
        .header("host", "front.example.com")
        .body("in-body")
        .unwrap()
}

fn reset() -> BoxError {
    let said = io::Error::new(io::ErrorKind::ConnectionReset, "in-error");
    said.into()
}

/// One failure of each kind, as bare as they come.
fn bare() -> impl Iterator<Item = Failure> {
    FailureKind::ALL.iter().map(|kind| Failure::new(*kind))
}
