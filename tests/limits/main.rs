//! Limits that need more than one crate to be seen at work.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

mod bodies;
mod connectors;
mod waits;

use buttress::prelude::*;
use buttress::time::now;
use buttress_testkit::{ScriptedBody, ScriptedService, Step, collect};
use bytes::Bytes;
use http::Request;
use http_body_util::Empty;
use std::io;
use std::time::Duration;
use tower::{Layer, ServiceExt};

type NoBody = Empty<Bytes>;

const SECOND: Duration = Duration::from_secs(1);

fn get(uri: &str) -> Request<NoBody> {
    Request::get(uri).body(Empty::new()).unwrap()
}
