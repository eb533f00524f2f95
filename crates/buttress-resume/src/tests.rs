//! The layer over scripted services, in paused time.

mod budget;
mod coded;
mod cursor;
mod deadline;
mod ends;
mod events;
mod observer;
mod placed;
mod proofs;
mod ranges;
mod service;
mod stands_for;
mod terminal;
mod tries;

use crate::{ResumeBody, ResumeConfig, ResumeLayer};
use buttress_core::time::now;
use buttress_core::{
    Action, Backoff, BoxError, Deadline, Delivery, Failure, FailureKind, Hint, StopReason,
};
use buttress_testkit::{
    AfterEnd, Collected, Content, Events, Readiness, ScriptedBody, ScriptedService, Step, collect,
};
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Method, Request, Response};
use http_body::Body;
use http_body_util::Empty;
use std::io;
use std::time::Duration;
use tokio_test::assert_pending;
use tower::{Layer, Service, ServiceExt};
use tower_test::mock;

type Empty1 = Empty<Bytes>;
type Req = Request<Empty1>;
type Inner = ScriptedService<Empty1>;

const SECOND: Duration = Duration::from_secs(1);
const CONTENT: Content = Content::new(7, 1, 1000);

fn config() -> ResumeConfig {
    ResumeConfig::builder()
        .tries(3)
        .backoff(Backoff::constant(SECOND))
        .build()
        .unwrap()
}

fn get() -> Req {
    Request::get("http://example.com/file")
        .header("accept", "*/*")
        .body(Empty::new())
        .unwrap()
}

async fn run(inner: &Inner, request: Req) -> Collected {
    let service = ResumeLayer::new(config()).layer(inner.clone());
    let response = service.oneshot(request).await.expect("a head");
    let collected = collect(response.into_body()).await;
    assert_eq!(collected.lies, []);
    assert_eq!(collected.after_end, AfterEnd::End);
    assert_eq!((inner.in_flight(), inner.bodies_alive()), (0, 0));
    collected
}

fn failure(collected: Collected) -> Failure {
    Failure::from(collected.error.expect("a failure"))
}

/// The first 400 bytes of the content, with a length and a tag, then this end.
fn first(end: impl FnOnce(ScriptedBody) -> ScriptedBody) -> Step<Empty1> {
    Step::ok(end(ScriptedBody::new().data(CONTENT.bytes(0..400))))
        .header("content-length", "1000")
        .header("etag", "\"v1\"")
}

fn reset(body: ScriptedBody) -> ScriptedBody {
    body.io(io::ErrorKind::ConnectionReset)
}

/// A 206 with these bytes.
fn part(from: u64, to: u64) -> Step<Empty1> {
    let mut response = Response::new(ScriptedBody::new().data(CONTENT.bytes(from..to)));
    *response.status_mut() = http::StatusCode::PARTIAL_CONTENT;
    Step::respond(response)
        .header("etag", "\"v1\"")
        .header("content-range", format!("bytes {from}-{}/1000", to - 1))
}

#[tokio::test(start_paused = true)]
async fn goes_on_where_it_stopped() {
    for end in [
        reset,
        // A clean end with bytes missing is a cut as well.
        |body: ScriptedBody| body,
        |body: ScriptedBody| body.trailers(HeaderMap::new()),
    ] {
        let inner = Inner::new([first(end), part(400, 1000)]);
        let collected = run(&inner, get()).await;
        assert_eq!(collected.end(), "clean end");
        assert_eq!(collected.bytes, CONTENT.whole());

        let again = &inner.calls()[1].parts;
        assert_eq!(again.uri, "http://example.com/file");
        assert_eq!(again.headers["accept"], "*/*");
        assert_eq!(again.headers["range"], "bytes=400-");
        assert_eq!(again.headers["if-range"], "\"v1\"");
    }
}

#[tokio::test(start_paused = true)]
async fn another_version_is_never_joined() {
    let other = Content::new(7, 2, 1000);
    let stranger = |status: u16| {
        let mut response = Response::new(ScriptedBody::new().data(other.bytes(400..1000)));
        *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
        Step::respond(response)
            .header("etag", "\"v2\"")
            .header("content-range", "bytes 400-999/1000")
    };
    for status in [200, 206] {
        let inner = Inner::new([first(reset), stranger(status)]);
        let collected = run(&inner, get()).await;
        assert_eq!(collected.bytes, CONTENT.bytes(0..400));
        let failure = failure(collected);
        assert_eq!(failure.kind(), FailureKind::RepresentationChanged);
        assert_eq!(failure.delivery(), Delivery::Partial { bytes: 400 });
        assert_eq!(failure.stopped(), Some(StopReason::NotResumable));
    }
}

#[tokio::test(start_paused = true)]
async fn a_range_that_is_ignored_is_read_past() {
    let come = ScriptedBody::new();
    let late = ScriptedBody::new().yields();
    for body in [come, late] {
        let body = body.data(CONTENT.bytes(0..399));
        let whole = Step::ok(body.data(CONTENT.bytes(399..1000)))
            .header("etag", "\"v1\"")
            .header("content-length", "1000");
        let inner = Inner::new([first(reset), whole]);
        let collected = run(&inner, get()).await;
        assert_eq!(collected.end(), "clean end");
        assert_eq!(collected.bytes, CONTENT.whole());
    }
}

#[tokio::test(start_paused = true)]
async fn what_broke_after_the_last_byte_is_whole() {
    let body = ScriptedBody::new()
        .data(CONTENT.whole())
        .io(io::ErrorKind::ConnectionReset);
    let step = Step::ok(body).header("content-length", "1000");
    let collected = run(&Inner::new([step]), get()).await;
    assert_eq!(collected.end(), "clean end");
    assert_eq!(collected.bytes, CONTENT.whole());
}

#[tokio::test(start_paused = true)]
async fn more_than_was_announced_is_not_delivered() {
    // Whether the body can be continued or not, and is compared or not.
    for (method, tag, overlap) in [
        (Method::POST, "\"v1\"", 0),
        (Method::GET, "W/\"v1\"", 0),
        (Method::GET, "\"v1\"", 0),
        (Method::GET, "\"v1\"", 10),
    ] {
        let body = ScriptedBody::new()
            .data(CONTENT.bytes(0..900))
            .data(CONTENT.bytes(0..200));
        let step = Step::ok(body).header("content-length", "1000");
        let config = config().to_builder().overlap(overlap).build().unwrap();
        let mut request = get();
        *request.method_mut() = method;
        if overlap > 0 {
            request.extensions_mut().insert(config);
        }
        let collected = run(&Inner::new([step.header("etag", tag)]), request).await;
        assert_eq!(collected.bytes, CONTENT.bytes(0..900), "{tag} {overlap}");
        assert_eq!(failure(collected).kind(), FailureKind::Protocol);
    }
}

#[tokio::test(start_paused = true)]
async fn without_proof_a_cut_is_an_error_that_says_so() {
    let cut = || ScriptedBody::new().data(CONTENT.bytes(0..400));
    for (step, kind) in [
        (
            Step::ok(cut()).header("content-length", "1000"),
            FailureKind::StreamTruncated,
        ),
        (Step::ok(reset(cut())), FailureKind::ConnectionReset),
        (
            Step::ok(reset(cut())).header("etag", "W/\"v1\""),
            FailureKind::ConnectionReset,
        ),
    ] {
        let collected = run(&Inner::new([step]), get()).await;
        assert_eq!(collected.bytes.len(), 400);
        let failure = failure(collected);
        assert_eq!(failure.kind(), kind);
        assert_eq!(failure.stopped(), Some(StopReason::NotResumable));
        assert_eq!(failure.delivery(), Delivery::Partial { bytes: 400 });
    }
}

#[tokio::test(start_paused = true)]
async fn a_post_is_not_opened_again() {
    let inner = Inner::new([first(reset)]);
    let mut request = get();
    *request.method_mut() = Method::POST;
    let stopped = failure(run(&inner, request.clone()).await).stopped();
    assert_eq!(stopped, Some(StopReason::NotResumable));
    // Nor is it whole before its length.
    let failure = failure(run(&Inner::new([first(|body| body)]), request).await);
    assert_eq!(failure.kind(), FailureKind::StreamTruncated);
}

fn stream(body: ScriptedBody) -> Step<Empty1> {
    Step::ok(body).header("content-type", "text/event-stream")
}

const EVENTS: Events = Events::new(7, 1, 10);
