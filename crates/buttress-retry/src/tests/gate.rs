//! Responses that wait at a gate.

use super::SECOND;
use crate::{Consent, Gate, RetryBody, RetryConfig, RetryLayer, RetryReport};
use buttress_core::time::now;
use buttress_core::{Backoff, Delivery, Failure, FailureKind, LastWords};
use buttress_testkit::{ScriptedBody, ScriptedService, Step, collect};
use bytes::{Buf, Bytes};
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body::{Body, Frame};
use http_body_util::{BodyExt, Empty};
use std::future::ready;
use std::io::{self, ErrorKind, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use tokio_test::assert_pending;
use tower::{Layer, ServiceExt, service_fn};

type Inner = ScriptedService<Empty<Bytes>>;

async fn call(
    gate: Gate,
    method: Method,
    inner: &Inner,
) -> Result<Response<RetryBody<ScriptedBody>>, Failure> {
    let config = RetryConfig::builder()
        .attempts(3)
        .backoff(Backoff::constant(SECOND))
        .gate(gate);
    let layer = RetryLayer::new(config.build().unwrap());
    let mut request = Request::new(Empty::new());
    *request.method_mut() = method;
    layer.layer(inner.clone()).oneshot(request).await
}

async fn get(gate: Gate, inner: &Inner) -> Result<Response<RetryBody<ScriptedBody>>, Failure> {
    call(gate, Method::GET, inner).await
}

fn body() -> ScriptedBody {
    ScriptedBody::new()
}

fn data_line() -> Gate {
    Gate::until(|so_far: &[u8]| so_far.windows(5).any(|at| at == b"data:"))
}

#[tokio::test(start_paused = true)]
async fn a_body_that_fails_before_its_first_frame_is_a_failed_attempt() {
    let inner = Inner::new([
        Step::ok(body().io(ErrorKind::ConnectionReset)),
        Step::ok(body().wait(SECOND).data("whole")),
    ]);
    let response = get(Gate::first_frame(), &inner).await.unwrap();
    assert_eq!(
        RetryReport::of(response.extensions()).unwrap().attempts(),
        2
    );
    assert_eq!(collect(response.into_body()).await.bytes, "whole");
    assert_eq!(inner.bodies_alive(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_gate_of_the_callers_own_sees_all_data_so_far() {
    let inner = Inner::new([
        Step::ok(body().data(": hello\n\n").io(ErrorKind::ConnectionReset)),
        Step::ok(
            body()
                .data(": hello\n\nda")
                .wait(SECOND)
                .data("ta: x\n\n")
                .data("rest"),
        ),
    ]);
    let response = get(data_line(), &inner).await.unwrap();
    let collected = collect(response.into_body()).await;
    assert_eq!(collected.bytes, ": hello\n\ndata: x\n\nrest");
    assert_eq!(collected.frames, [11, 7, 4]);
    assert_eq!(collected.lies, []);
}

#[tokio::test(start_paused = true)]
async fn what_fails_behind_the_gate_is_the_consumers() {
    let inner = Inner::new([Step::ok(
        body().data("data: x\n\n").io(ErrorKind::ConnectionReset),
    )]);
    let response = get(data_line(), &inner).await.unwrap();
    let collected = collect(response.into_body()).await;
    assert_eq!(collected.bytes, "data: x\n\n");
    let failure = Failure::from(collected.error.unwrap());
    assert_eq!(failure.delivery(), Delivery::Partial { bytes: 9 });
}

#[tokio::test(start_paused = true)]
async fn a_gate_opens_at_its_bounds_and_at_the_end() {
    let bytes = data_line().max_bytes(10);
    let time = data_line().max_wait(5 * SECOND);
    let slow = || body().data("0123").wait(9 * SECOND).data("456789");
    let slow = || slow().wait(SECOND);
    let mut trailers = HeaderMap::new();
    trailers.insert("a", http::HeaderValue::from_static("b"));
    for (gate, script, seconds) in [
        (bytes, slow(), 9),
        (Gate::first_frame(), slow(), 0),
        (time, slow(), 5),
        (data_line(), body().data("short"), 0),
        (data_line(), body(), 0),
        (data_line(), body().data("a").trailers(trailers.clone()), 0),
        // Nothing follows trailers, however late the end.
        (
            data_line(),
            body().data("a").trailers(trailers.clone()).wait(SECOND),
            0,
        ),
    ] {
        let inner = Inner::new([Step::ok(script)]);
        let start = now();
        let response = get(gate, &inner).await.unwrap();
        assert_eq!(now() - start, seconds * SECOND);
        let collected = collect(response.into_body()).await;
        assert_eq!(collected.end(), "clean end");
        assert_eq!(collected.lies, []);
        let has_trailers = collected.bytes == "a";
        assert_eq!(collected.trailers, has_trailers.then(|| trailers.clone()));
        assert!(
            ["0123456789", "short", "a", ""].contains(&&*String::from_utf8_lossy(&collected.bytes))
        );
    }
}

/// A body that has the same frame for ever, without a wait.
#[derive(Clone)]
struct Endless<D>(D);

impl<D: Buf + Clone> Body for Endless<D> {
    type Data = D;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<io::Result<Frame<D>>>> {
        Poll::Ready(Some(Ok(Frame::data(self.0.clone()))))
    }
}

/// How many bytes this gate holds back of a body that has this frame for ever.
async fn held<D: Buf + Clone + Send + Sync + 'static>(gate: Gate, frame: D) -> u64 {
    held_of(gate, Endless(frame)).await
}

/// How many bytes this gate holds back of this body.
async fn held_of<B>(gate: Gate, body: B) -> u64
where
    B: Body<Error = io::Error> + Clone + Send + Sync + 'static,
{
    let server = service_fn(move |_: Request<Empty<Bytes>>| {
        ready(io::Result::Ok(Response::new(body.clone())))
    });
    let config = RetryConfig::builder().gate(gate).build().unwrap();
    let service = RetryLayer::new(config).layer(server);
    let response = service.oneshot(Request::new(Empty::new())).await.unwrap();
    response.body().size_hint().lower()
}

#[tokio::test(start_paused = true)]
async fn a_gate_opens_before_ever_so_many_frames_wait() {
    for frame in ["", "x"] {
        let gate = data_line().max_bytes(6400);
        assert_eq!(held(gate, frame.as_bytes()).await, 165 * frame.len() as u64);
    }
}

/// A gate that is a function looks at all data after each frame, which is bounded as a whole.
#[tokio::test(start_paused = true)]
async fn what_a_gate_looks_at_is_bounded() {
    let most = Gate::MAX_BYTES_LOOKED_AT;
    let looked = Arc::new(AtomicUsize::new(0));
    let count = looked.clone();
    let gate = Gate::until(move |so_far: &[u8]| {
        count.fetch_add(so_far.len(), Ordering::Relaxed);
        false
    });
    // One long frame, and then ever so many short ones.
    let long = Frames(Some(vec![b'x'; most - (1 << 18)].into()));
    let held = held_of(gate.max_bytes(most), long).await;
    assert!(
        held < most as u64,
        "{held}: it opened by the number of frames"
    );
    assert!(looked.load(Ordering::Relaxed) <= 1100 * most);

    let field = |gate: Gate| {
        let built = RetryConfig::builder().gate(gate).build();
        built.map(drop).map_err(|error| error.field())
    };
    let beyond = most + 1;
    assert_eq!(field(data_line().max_bytes(most)), Ok(()));
    assert_eq!(field(data_line().max_bytes(beyond)), Err("gate.max_bytes"));
    assert_eq!(field(Gate::first_frame().max_bytes(beyond)), Ok(()));
}

/// A first frame, and then one of a byte for ever.
#[derive(Clone)]
struct Frames(Option<Bytes>);

impl Body for Frames {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let data = self.0.take().unwrap_or(Bytes::from_static(b"x"));
        Poll::Ready(Some(Ok(Frame::data(data))))
    }
}

/// Counts how often it is asked how long it is.
#[derive(Clone)]
struct Asked(Arc<AtomicUsize>);

impl Buf for Asked {
    fn remaining(&self) -> usize {
        self.0.fetch_add(1, Ordering::Relaxed);
        1
    }

    fn chunk(&self) -> &[u8] {
        b"x"
    }

    fn advance(&mut self, _: usize) {}
}

#[tokio::test(start_paused = true)]
async fn the_length_of_what_waits_is_known_without_a_look_at_each_frame() {
    let asked = Arc::new(AtomicUsize::new(0));
    let endless = Endless(Asked(asked.clone()));
    let server = service_fn(move |_: Request<Empty<Bytes>>| {
        ready(io::Result::Ok(Response::new(endless.clone())))
    });
    let config = RetryConfig::builder().gate(data_line().max_bytes(100));
    let service = RetryLayer::new(config.build().unwrap()).layer(server);
    let response = service.oneshot(Request::new(Empty::new())).await.unwrap();
    let mut body = response.into_body();
    let mut lower = body.size_hint().lower();
    assert!(lower > 50, "{lower}");
    while lower > 0 {
        let before = asked.load(Ordering::Relaxed);
        assert_eq!(body.size_hint().lower(), lower);
        assert_eq!(asked.load(Ordering::Relaxed), before);
        assert!(body.frame().await.unwrap().is_ok());
        lower -= 1;
    }
}

/// So many bytes, each in a piece of memory of its own.
#[derive(Clone)]
struct Pieces(usize);

impl Buf for Pieces {
    fn remaining(&self) -> usize {
        self.0
    }

    fn chunk(&self) -> &[u8] {
        &b"x"[..self.0.min(1)]
    }

    fn chunks_vectored<'a>(&'a self, to: &mut [IoSlice<'a>]) -> usize {
        let count = self.0.min(to.len());
        to[..count].fill(IoSlice::new(b"x"));
        count
    }

    fn advance(&mut self, count: usize) {
        self.0 -= count;
    }
}

#[tokio::test(start_paused = true)]
async fn a_gate_sees_data_that_lies_in_several_pieces() {
    for pieces in [1, 2, 16] {
        let gate = Gate::until(move |so_far: &[u8]| so_far.len() == pieces * 2);
        assert_eq!(held(gate, Pieces(pieces)).await, pieces as u64 * 2);
    }
    // Not all of it can be seen, be it the first frame or a later one.
    let closed = || Gate::until(|_: &[u8]| false);
    assert_eq!(held(closed(), Pieces(17)).await, 17);
    assert_eq!(held_of(closed(), Growing(0)).await, (1..=17).sum::<u64>());
}

/// A body of which each frame lies in one piece more than the one before it.
#[derive(Clone)]
struct Growing(usize);

impl Body for Growing {
    type Data = Pieces;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Pieces>>>> {
        self.0 += 1;
        Poll::Ready(Some(Ok(Frame::data(Pieces(self.0)))))
    }
}

#[tokio::test(start_paused = true)]
async fn what_may_have_had_an_effect_is_not_repeated_behind_a_head_either() {
    let broken = || Step::ok(body().io(ErrorKind::ConnectionReset));
    let inner = Inner::new([broken()]);
    let response = call(Gate::first_frame(), Method::POST, &inner).await;
    let collected = collect(response.unwrap().into_body()).await;
    let failure = Failure::from(collected.error.unwrap());
    assert_eq!(failure.kind(), FailureKind::ConnectionReset);
    assert_eq!(inner.calls().len(), 1);

    let config = RetryConfig::builder()
        .consent(Consent::Always)
        .gate(Gate::first_frame())
        .build()
        .unwrap();
    let inner = Inner::new([broken(), Step::ok("there")]);
    let service = RetryLayer::new(config).layer(inner);
    let request = Request::post("/").body(Empty::new()).unwrap();
    assert_eq!(
        service.oneshot(request).await.unwrap().status(),
        StatusCode::OK
    );
}

/// The last answer passes as it comes, and an outer layer's gate does not hold it back either: then
/// the tries of both would multiply.
#[tokio::test(start_paused = true)]
async fn tries_end_behind_a_gate_too() {
    for layers in [1, 2] {
        let inner = Inner::new([]).then(|_| Step::ok(body().io(ErrorKind::ConnectionReset)));
        let config = RetryConfig::builder().attempts(3).gate(Gate::first_frame());
        let layer = RetryLayer::new(config.backoff(Backoff::constant(SECOND)).build().unwrap());
        let request = Request::new(Empty::new());
        let (report, collected) = if layers == 1 {
            let response = layer.layer(inner.clone()).oneshot(request).await.unwrap();
            let report = RetryReport::of(response.extensions()).cloned();
            (report, collect(response.into_body()).await)
        } else {
            let service = layer.layer(layer.layer(inner.clone()));
            let response = service.oneshot(request).await.unwrap();
            let report = RetryReport::of(response.extensions()).cloned();
            (report, collect(response.into_body()).await)
        };
        assert_eq!(report.unwrap().attempts(), 3);
        let failure = Failure::from(collected.error.unwrap());
        assert_eq!(failure.kind(), FailureKind::ConnectionReset);
        assert_eq!(inner.calls().len(), 3, "{layers}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_failing_status_does_not_wait_at_the_gate() {
    let mut missing = Response::new(body().hang());
    *missing.status_mut() = StatusCode::NOT_FOUND;
    let inner = Inner::new([Step::respond(missing)]);
    let response = get(Gate::first_frame(), &inner).await.unwrap();
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
}

#[tokio::test(start_paused = true)]
async fn dropping_the_call_drops_what_waits() {
    let inner = Inner::new([Step::ok(body().data("half").hang())]);
    let mut waiting = tokio_test::task::spawn(get(data_line(), &inner));
    assert_pending!(waiting.poll());
    assert_eq!(inner.bodies_alive(), 1);
    drop(waiting);
    assert_eq!(inner.bodies_alive(), 0);
}

#[tokio::test(start_paused = true)]
async fn no_response_waits_where_nothing_can_be_sent_again() {
    let late = || Step::ok(body().wait(SECOND).data("late"));
    let broken = || Step::ok(body().io(ErrorKind::ConnectionReset));
    for (attempts, method, steps, seconds) in [
        (1, Method::GET, vec![late()], 0),
        (3, Method::POST, vec![late()], 0),
        (3, Method::GET, vec![late()], 1),
        (3, Method::GET, vec![broken(), late()], 2),
        (3, Method::GET, vec![broken(), broken(), late()], 2),
    ] {
        let inner = Inner::new(steps);
        let config = RetryConfig::builder()
            .attempts(attempts)
            .backoff(Backoff::constant(SECOND))
            .gate(Gate::first_frame());
        let service = RetryLayer::new(config.build().unwrap()).layer(inner.clone());
        let mut request = Request::new(Empty::new());
        *request.method_mut() = method.clone();
        let start = now();
        let response = service.oneshot(request).await.unwrap();
        let tries = inner.calls().len();
        assert_eq!(
            now() - start,
            seconds * SECOND,
            "{attempts} {method} {tries}"
        );
        assert_eq!(collect(response.into_body()).await.bytes, "late");
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_breaks_says_how_far_it_came() {
    let broken = body().data("abc").data("de").io(ErrorKind::ConnectionReset);
    let inner = Inner::new([Step::ok(broken)]);
    let service = RetryLayer::new(RetryConfig::default()).layer(inner);
    let response = service.oneshot(Request::new(Empty::new())).await.unwrap();
    let failure = Failure::from(collect(response.into_body()).await.error.unwrap());
    assert_eq!(failure.delivery(), Delivery::Partial { bytes: 5 });
}

#[tokio::test(start_paused = true)]
async fn the_held_body_keeps_its_length() {
    let inner = Inner::new([Step::ok(body().data("abc").wait(SECOND).data("de").exact())]);
    let response = get(Gate::first_frame(), &inner).await.unwrap();
    let mut body = response.into_body();
    assert_eq!(body.size_hint().exact(), Some(5));
    assert!(!body.is_end_stream());
    while body.frame().await.is_some() {}
    assert!(body.is_end_stream());
}

/// Its end came while it waited.
#[tokio::test(start_paused = true)]
async fn a_held_body_that_has_ended_is_not_polled_again() {
    let script = body().data("abc");
    let probe = script.probe();
    let inner = Inner::new([Step::ok(script)]);
    let mut body = get(data_line(), &inner).await.unwrap().into_body();
    assert!(!body.is_end_stream());
    assert!(body.frame().await.unwrap().is_ok());
    assert!(body.is_end_stream());
    assert!(body.frame().await.is_none());
    assert_eq!(probe.polls_after_end(), 0);
}

/// What fails at the gate is tried again, and needs no explanation; what fails behind it does.
#[tokio::test(start_paused = true)]
async fn last_words_are_held_back_while_a_response_waits() {
    let script = body().data("a").wait(SECOND).data("data:");
    let mut response = Response::new(script);
    let words = LastWords::attach(response.extensions_mut());
    let inner = Inner::new([Step::respond(response)]);
    let mut waiting = tokio_test::task::spawn(get(data_line(), &inner));
    assert_pending!(waiting.poll());
    assert!(words.are_held_back());
    tokio::time::advance(SECOND).await;
    assert!(waiting.await.is_ok());
    assert!(!words.are_held_back());
}
