//! What calls allocate, and whether they give it back. One test, because the counting is global.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

use buttress::prelude::*;
use buttress_testkit::Origin;
use buttress_testkit::contract::{self, Inner};
use buttress_tests::schedule::{Schedule, memory_client, run, stack};
use buttress_tests::{middleware, models, paused};
use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode};
use http_body::{Body, Frame, SizeHint};
use http_body_util::{BodyExt, Full};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use std::alloc::System;
use std::future::{Future, Ready, ready};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::runtime::Runtime;
use tower::layer::util::Stack;
use tower::{Layer, Service, ServiceExt};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Bytes that are allocated now.
fn live() -> isize {
    let stats = ALLOCATOR.stats();
    stats.bytes_allocated as isize - stats.bytes_deallocated as isize
}

fn allocations(work: impl FnOnce()) -> usize {
    let before = ALLOCATOR.stats();
    work();
    let made = ALLOCATOR.stats() - before;
    made.allocations + made.reallocations
}

const SECOND: Duration = Duration::from_secs(1);
const GIB: u64 = 1 << 30;
const PIECE: usize = 64 * 1024;
/// A connection breaks after so many bytes.
const STRETCH: u64 = 100_000_000;

/// Serves a gigabyte of one piece again and again, or what is left of it from an offset on, and
/// breaks again and again.
#[derive(Clone)]
struct Large(Bytes);

struct Stretch {
    piece: Bytes,
    at: u64,
    until: u64,
}

impl Service<Request<Full<Bytes>>> for Large {
    type Response = Response<Stretch>;
    type Error = io::Error;
    type Future = Ready<io::Result<Self::Response>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Full<Bytes>>) -> Self::Future {
        let asked = request.headers().get("range").map(|range| {
            let range = range.to_str().unwrap().strip_prefix("bytes=").unwrap();
            range.split_once('-').unwrap().0.parse::<u64>().unwrap()
        });
        let at = asked.unwrap_or(0);
        let mut response = Response::new(Stretch {
            piece: self.0.clone(),
            at,
            until: at + STRETCH,
        });
        let headers = response.headers_mut();
        headers.insert("etag", HeaderValue::from_static("\"a\""));
        headers.insert("accept-ranges", HeaderValue::from_static("bytes"));
        headers.insert("content-length", (GIB - at).into());
        if asked.is_some() {
            let range = format!("bytes {at}-{}/{GIB}", GIB - 1);
            headers.insert("content-range", range.parse().unwrap());
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        }
        ready(Ok(response))
    }
}

impl Body for Stretch {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.at >= GIB {
            return Poll::Ready(None);
        }
        if self.at >= self.until {
            return Poll::Ready(Some(Err(io::ErrorKind::ConnectionReset.into())));
        }
        let len = (GIB - self.at).min(PIECE as u64);
        self.at += len;
        Poll::Ready(Some(Ok(Frame::data(self.piece.slice(..len as usize)))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(GIB - self.at)
    }
}

fn retry() -> RetryLayer {
    RetryLayer::new(RetryConfig::builder().build().unwrap())
}

fn resume() -> ResumeLayer {
    let config = ResumeConfig::builder().backoff(Backoff::constant(SECOND));
    ResumeLayer::new(config.build().unwrap())
}

fn limits() -> TimeoutLayer {
    let limits = TimeoutConfig::builder().head(30 * SECOND).idle(20 * SECOND);
    TimeoutLayer::new(limits.build().unwrap())
}

fn get() -> Request<Full<Bytes>> {
    Request::get("http://origin/")
        .body(Full::default())
        .unwrap()
}

/// A call through the four layers that meets no fault allocates nothing that the call alone would
/// not.
fn the_happy_path_allocates_nothing() {
    async fn call<S, RB>(service: &mut S, request: Request<Full<Bytes>>)
    where
        S: Service<Request<Full<Bytes>>, Response = Response<RB>>,
        RB: Body,
    {
        let service = service.ready().await.ok().unwrap();
        let response = service.call(request).await.ok().unwrap();
        let mut body = std::pin::pin!(response.into_body());
        while let Some(frame) = body.frame().await {
            assert!(frame.is_ok());
        }
    }
    fn counted<F: Future>(runtime: &Runtime, mut call: impl FnMut() -> F) -> usize {
        // The first call fills what is kept from call to call.
        runtime.block_on(call());
        let call = call();
        allocations(|| drop(runtime.block_on(call)))
    }
    let bare = tower::service_fn(|_: Request<Full<Bytes>>| {
        ready(Ok::<_, io::Error>(Response::new(Full::new(
            Bytes::from_static(b"hello"),
        ))))
    });
    let stack = HumanizeLayer::new().layer(limits().layer(resume().layer(retry().layer(bare))));
    let runtime = paused();
    // The request is made outside of what is counted.
    let requests = std::cell::RefCell::new(vec![get(), get(), get(), get()]);
    let take = || requests.borrow_mut().pop().unwrap();
    let alone = counted(&runtime, || {
        let (mut bare, request) = (bare, take());
        async move { call(&mut bare, request).await }
    });
    let whole = counted(&runtime, || {
        let (mut stack, request) = (stack.clone(), take());
        async move { call(&mut stack, request).await }
    });
    assert_eq!(
        whole, alone,
        "allocations of the stack, of the bare service"
    );
}

/// However much has come, resuming keeps none of it.
fn a_large_body_is_not_kept() {
    let service = resume().layer(Large(Bytes::from(vec![7; PIECE])));
    let (delivered, peak) = paused().block_on(async {
        let response = service.oneshot(get()).await.unwrap();
        let mut body = std::pin::pin!(response.into_body());
        let (mut delivered, mut peak, before) = (0, 0, live());
        while let Some(frame) = body.frame().await {
            delivered += frame.unwrap().into_data().unwrap().len() as u64;
            peak = peak.max(live() - before);
        }
        (delivered, peak)
    });
    assert_eq!(delivered, GIB);
    assert!(peak < 64 * 1024, "{peak} bytes at the peak");
}

/// Nothing stays allocated after this.
fn nothing_stays(work: impl Fn()) {
    // What is kept for the next call, such as timers, is there after the first pass.
    work();
    let before = live();
    work();
    let more = live() - before;
    assert!(more.abs() < 1_024, "{more} bytes more after as much again");
}

/// After any schedule of faults no task is left either.
fn schedules() {
    for seed in 0..150 {
        let schedule = Schedule::of(seed, false);
        let (order, http) = (schedule.order, schedule.http);
        let runtime = paused();
        let make = |origin: &Arc<Origin>| stack(order, seed, false, memory_client(origin, http));
        let broken = runtime.block_on(run(&schedule, true, make)).broken;
        assert_eq!(broken, None);
        runtime.block_on(async {
            // The connections' tasks end when they see that nobody uses them.
            for _ in 0..1_000 {
                tokio::task::yield_now().await;
            }
        });
        let left = runtime.metrics().num_alive_tasks();
        assert_eq!(left, 0, "tasks after SEED={seed}");
    }
}

/// Calls to models, whole and dropped after every number of polls.
fn calls_to_models() {
    let quiet = |_: &models::Model| Ok(());
    let drops = contract::check_scenes(&models::SCENES, models::question, models::server, quiet);
    assert!(paused().block_on(drops).unwrap() >= 30);
}

/// The same for calls of reqwest, with layers as a middleware.
fn calls_of_reqwest() {
    let layers = Stack::new(Stack::new(retry(), resume()), limits());
    let make = |inner: Inner| middleware::client(layers.clone(), &inner);
    let drops = contract::check_drops(make, |_| Ok(()));
    assert!(paused().block_on(drops).unwrap() >= 30);
}

#[test]
fn memory() {
    the_happy_path_allocates_nothing();
    a_large_body_is_not_kept();
    nothing_stays(schedules);
    nothing_stays(calls_to_models);
    nothing_stays(calls_of_reqwest);
}
