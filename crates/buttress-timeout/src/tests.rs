//! The layer in paused time.

mod deadline;

use crate::{TimeoutBody, TimeoutConfig, TimeoutConfigBuilder, TimeoutLayer};
use buttress_core::time::now;
use buttress_core::{Deadline, Delivery, Failure, FailureKind, Phase, StopReason};
use buttress_testkit::{AfterEnd, ScriptedBody, ScriptedService, Step, collect};
use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body::{Body, Frame};
use http_body_util::{BodyExt, Empty, Full};
use std::convert::Infallible;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio_test::{assert_pending, assert_ready};
use tower::{Layer, Service, ServiceExt};
use tower_test::mock;

type Req = Request<Empty<Bytes>>;

const SECOND: Duration = Duration::from_secs(1);

fn some() -> TimeoutConfigBuilder {
    TimeoutConfig::builder()
        .head(10 * SECOND)
        .first_frame(5 * SECOND)
        .idle(2 * SECOND)
}

fn limits() -> TimeoutConfig {
    some().build().unwrap()
}

/// The same over a body that is watched.
fn watched() -> TimeoutConfig {
    some().min_rate(1, 3600 * SECOND).build().unwrap()
}

async fn call(
    config: TimeoutConfig,
    step: Step<Empty<Bytes>>,
) -> Result<Response<TimeoutBody<ScriptedBody>>, Failure> {
    let service = TimeoutLayer::new(config).layer(ScriptedService::new([step]));
    service.oneshot(Request::new(Empty::new())).await
}

async fn body(config: TimeoutConfig, body: ScriptedBody) -> (buttress_testkit::Collected, Failure) {
    let response = call(config, Step::ok(body)).await.unwrap();
    let mut collected = collect(response.into_body()).await;
    let failure = collected.error.take().expect("a failure");
    (collected, Failure::from(failure))
}

#[tokio::test(start_paused = true)]
async fn a_late_head_is_a_failure_that_names_the_limit() {
    let start = now();
    let failure = call(limits(), Step::ok("late").after(11 * SECOND))
        .await
        .unwrap_err();
    assert_eq!(failure.kind(), FailureKind::TimeoutHead);
    assert_eq!(failure.phase(), Phase::Head);
    assert_eq!(failure.delivery(), Delivery::Unknown);
    let limit = failure.limit().unwrap();
    assert_eq!((limit.limit, limit.elapsed), (10 * SECOND, 10 * SECOND));
    assert_eq!(now() - start, 10 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn an_answer_in_time_passes_whole() {
    let mut trailers = HeaderMap::new();
    trailers.insert("checksum", "1".parse().unwrap());
    let script = ScriptedBody::new()
        .wait(SECOND * 4)
        .data("abc")
        .wait(SECOND)
        .data("de")
        .trailers(trailers.clone())
        .exact();
    let response = call(limits(), Step::ok(script).after(9 * SECOND)).await;
    let body = response.unwrap().into_body();
    assert_eq!(body.size_hint().exact(), Some(5));
    let collected = collect(body).await;
    assert_eq!(collected.end(), "clean end");
    assert_eq!(collected.bytes, "abcde");
    assert_eq!(collected.trailers, Some(trailers));
    assert_eq!(collected.lies, []);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_never_begins() {
    let start = now();
    let (collected, failure) = body(limits(), ScriptedBody::new().hang()).await;
    assert_eq!(failure.kind(), FailureKind::TimeoutFirstEvent);
    assert_eq!(failure.delivery(), Delivery::Partial { bytes: 0 });
    assert_eq!(collected.after_end, AfterEnd::End);
    assert_eq!(now() - start, 5 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_falls_silent() {
    let start = now();
    let script = ScriptedBody::new()
        .data("abc")
        .wait(SECOND)
        .data("de")
        .hang();
    let probe = script.probe();
    let (collected, failure) = body(limits(), script).await;
    assert_eq!(failure.kind(), FailureKind::TimeoutIdle);
    assert_eq!(failure.phase(), Phase::Body);
    assert_eq!(failure.delivery(), Delivery::Partial { bytes: 5 });
    assert_eq!(failure.limit().unwrap().limit, 2 * SECOND);
    assert_eq!(collected.bytes, "abcde");
    assert_eq!(collected.after_end, AfterEnd::End);
    assert_eq!(now() - start, 3 * SECOND);
    assert!(probe.is_dropped());
}

#[tokio::test(start_paused = true)]
async fn a_body_has_begun_with_its_first_frame_and_is_gone_with_its_failure() {
    let body = ScriptedBody::new;
    for config in [limits(), watched()] {
        // What comes before the silence, and when the last of it does.
        for (name, script, seconds) in [
            ("at once", body().data("abc"), 0),
            ("waited for", body().wait(SECOND).data("abc"), 1),
            (
                "trailers",
                body().data("abc").wait(SECOND).trailers(HeaderMap::new()),
                1,
            ),
        ] {
            let start = now();
            let script = script.hang();
            let probe = script.probe();
            let mut body = call(config.clone(), Step::ok(script))
                .await
                .unwrap()
                .into_body();
            let failure = loop {
                if let Err(failure) = body.frame().await.unwrap() {
                    break failure;
                }
            };
            assert_eq!(failure.kind(), FailureKind::TimeoutIdle, "{name}");
            assert_eq!(failure.delivery(), Delivery::Partial { bytes: 3 }, "{name}");
            let limit = failure.limit().unwrap();
            assert_eq!(
                (limit.limit, limit.elapsed),
                (2 * SECOND, 2 * SECOND),
                "{name}"
            );
            assert_eq!(now() - start, (seconds + 2) * SECOND, "{name}");
            // The connection is free before whoever holds the body lets go of it.
            assert!(probe.is_dropped() && body.is_end_stream(), "{name}");
            assert!(body.frame().await.is_none(), "{name}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_tells_its_end_as_the_one_within_does() {
    for config in [limits(), watched()] {
        for (data, ended) in [("", true), ("abc", false)] {
            let mut body = call(config.clone(), Step::ok(data))
                .await
                .unwrap()
                .into_body();
            assert_eq!(body.is_end_stream(), ended, "{data}");
            let bytes = body
                .frame()
                .await
                .map(|frame| frame.unwrap().into_data().unwrap());
            assert_eq!(bytes.unwrap_or_default(), data);
            assert!(
                body.is_end_stream() && body.frame().await.is_none(),
                "{data}"
            );
        }
    }
}

/// Says with its first frame that it has ended, which is not true.
struct Hasty(ScriptedBody);

impl Body for Hasty {
    type Data = Bytes;
    type Error = buttress_core::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Pin::new(&mut self.0).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        true
    }
}

#[tokio::test(start_paused = true)]
async fn what_follows_an_end_that_was_told_too_early_is_judged_as_it_is() {
    let script = || ScriptedBody::new().data("abc");
    for (script, kind) in [
        (script().hang(), FailureKind::TimeoutIdle),
        (
            script().io(io::ErrorKind::ConnectionReset),
            FailureKind::ConnectionReset,
        ),
    ] {
        let start = now();
        let mut body = Some(Hasty(script));
        let inner = tower::service_fn(move |_: Req| {
            let body = body.take().expect("one call");
            async { Ok::<_, Infallible>(Response::new(body)) }
        });
        let service = TimeoutLayer::new(watched()).layer(inner);
        let mut body = service
            .oneshot(Req::new(Empty::new()))
            .await
            .unwrap()
            .into_body();
        assert!(body.frame().await.unwrap().is_ok());
        let failure = body.frame().await.unwrap().unwrap_err();
        assert_eq!(failure.kind(), kind);
        assert_eq!(failure.delivery(), Delivery::Partial { bytes: 3 });
        let silence = failure
            .limit()
            .map_or(Duration::ZERO, |limit| limit.elapsed);
        assert_eq!(now() - start, silence);
    }
}

/// A body that stirs without having anything, an hour after which its consumer comes back.
#[tokio::test(start_paused = true)]
async fn who_was_away_did_not_wait() {
    let script = ScriptedBody::new().data("a").yields().hang();
    let mut body = call(watched(), Step::ok(script)).await.unwrap().into_body();
    assert!(body.frame().await.unwrap().is_ok());
    let mut frame = tokio_test::task::spawn(body.frame());
    assert_pending!(frame.poll());
    tokio::time::advance(3600 * SECOND).await;
    assert_pending!(frame.poll());
    tokio::time::advance(2 * SECOND).await;
    let failure = assert_ready!(frame.poll()).unwrap().unwrap_err();
    assert_eq!(failure.kind(), FailureKind::TimeoutIdle);
    assert_eq!(failure.limit().unwrap().elapsed, 2 * SECOND);
}

/// Where both limits end at the same moment.
#[tokio::test(start_paused = true)]
async fn nothing_at_all_is_more_than_too_little() {
    let both = TimeoutConfig::builder()
        .idle(10 * SECOND)
        .min_rate(1_000, 10 * SECOND);
    let script = ScriptedBody::new().data("").hang();
    let (_, failure) = body(both.build().unwrap(), script).await;
    assert_eq!(failure.kind(), FailureKind::TimeoutIdle);
}

#[tokio::test(start_paused = true)]
async fn the_idle_limit_counts_afresh_after_each_frame() {
    let mut script = ScriptedBody::new();
    for _ in 0..20 {
        script = script.wait(SECOND * 19 / 10).data("x");
    }
    let response = call(limits(), Step::ok(script)).await.unwrap();
    assert_eq!(collect(response.into_body()).await.end(), "clean end");
}

#[tokio::test(start_paused = true)]
async fn a_slow_consumer_is_no_silent_server() {
    let script = ScriptedBody::new()
        .data("a")
        .wait(SECOND)
        .data("b")
        .data("c");
    let response = call(limits(), Step::ok(script)).await.unwrap();
    let mut body = response.into_body();
    assert!(body.frame().await.unwrap().is_ok());
    // One look, then away for an hour: what came meanwhile is there.
    let mut frame = tokio_test::task::spawn(body.frame());
    assert_pending!(frame.poll());
    tokio::time::advance(3600 * SECOND).await;
    assert!(assert_ready!(frame.poll()).unwrap().is_ok());
    drop(frame);
    tokio::time::advance(3600 * SECOND).await;
    assert!(body.frame().await.unwrap().is_ok());
    assert!(body.frame().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn the_total_limit_covers_head_and_body() {
    let total = TimeoutConfig::builder().total(10 * SECOND).build().unwrap();
    let start = now();
    let failure = call(total, Step::hang()).await.unwrap_err();
    assert_eq!(failure.kind(), FailureKind::TimeoutTotal);
    assert_eq!(failure.phase(), Phase::Head);
    assert_eq!(failure.limit().unwrap().limit, 10 * SECOND);
    assert_eq!(now() - start, 10 * SECOND);

    // In the body, beside limits of other kinds that hold.
    let watched = some().min_rate(1, 3600 * SECOND);
    for others in [TimeoutConfig::builder(), some(), watched] {
        let config = others.total(10 * SECOND).build().unwrap();
        let start = now();
        let mut script = ScriptedBody::new();
        for _ in 0..20 {
            script = script.wait(SECOND).data("x");
        }
        let response = call(config, Step::ok(script).after(5 * SECOND)).await;
        let collected = collect(response.unwrap().into_body()).await;
        let failure = Failure::from(collected.error.unwrap());
        assert_eq!(failure.kind(), FailureKind::TimeoutTotal);
        assert_eq!(failure.phase(), Phase::Body);
        assert_eq!(failure.limit().unwrap().limit, 10 * SECOND);
        assert_eq!(now() - start, 10 * SECOND);
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_can_bring_its_own_limits() {
    let service = TimeoutLayer::new(limits()).layer(ScriptedService::new([Step::hang()]));
    let mut request = Req::new(Empty::new());
    let own = TimeoutConfig::builder().head(SECOND).build().unwrap();
    request.extensions_mut().insert(own);
    let start = now();
    service.oneshot(request).await.unwrap_err();
    assert_eq!(now() - start, SECOND);
}

/// A layer without other limits stands around several attempts: those of one are not for it.
#[tokio::test(start_paused = true)]
async fn a_limit_for_the_whole_call_takes_only_a_total_from_a_request() {
    let total = |seconds: u32| TimeoutConfig::builder().total(seconds * SECOND);
    let own = || TimeoutConfig::builder().head(SECOND);
    for (layer, own, seconds) in [
        (total(20), own(), 20),
        (total(20), own().total(30 * SECOND), 30),
        (TimeoutConfig::builder(), own().total(30 * SECOND), 30),
        (total(20).head(10 * SECOND), own(), 1),
        (total(20).idle(10 * SECOND), own(), 1),
        (total(20).first_frame(10 * SECOND), own(), 1),
        (total(20).min_rate(1, SECOND), own(), 1),
    ] {
        let layer = layer.build().unwrap();
        let case = format!("{layer:?} {own:?}");
        let service = TimeoutLayer::new(layer).layer(ScriptedService::new([Step::hang()]));
        let mut request = Req::new(Empty::new());
        request.extensions_mut().insert(own.build().unwrap());
        let start = now();
        service.oneshot(request).await.unwrap_err();
        assert_eq!(now() - start, seconds * SECOND, "{case}");
    }
}

#[tokio::test(start_paused = true)]
async fn errors_of_the_inner_service_are_classified() {
    let failure = call(limits(), Step::io(io::ErrorKind::ConnectionReset))
        .await
        .unwrap_err();
    assert_eq!(failure.kind(), FailureKind::ConnectionReset);
    let script = ScriptedBody::new()
        .data("abc")
        .io(io::ErrorKind::UnexpectedEof);
    let (_, failure) = body(limits(), script).await;
    assert_eq!(failure.kind(), FailureKind::StreamTruncated);
    assert_eq!(failure.delivery(), Delivery::Partial { bytes: 3 });
}

#[tokio::test(start_paused = true)]
async fn readiness_is_the_inner_services() {
    let (mock, mut handle) = mock::pair::<Req, Response<Full<Bytes>>>();
    let mut service = TimeoutLayer::new(limits()).layer(mock);
    handle.allow(0);
    let mut ready = tokio_test::task::spawn(service.ready());
    assert_pending!(ready.poll());
    handle.allow(1);
    assert!(ready.is_woken());
    assert!(assert_ready!(ready.poll()).is_ok());
    drop(ready);
    let call = service.call(Request::new(Empty::new()));
    let (_, reply) = handle.next_request().await.unwrap();
    reply.send_response(Response::new(Full::from("x")));
    assert!(call.await.is_ok());
    handle.send_error("gone");
    assert!(service.ready().await.is_err());
}

#[tokio::test(start_paused = true)]
async fn dropping_the_call_drops_the_attempt() {
    let inner = ScriptedService::<Empty<Bytes>>::new([Step::hang()]);
    let service = TimeoutLayer::new(limits()).layer(inner.clone());
    let mut call = tokio_test::task::spawn(service.oneshot(Request::new(Empty::new())));
    assert_pending!(call.poll());
    assert_eq!(inner.in_flight(), 1);
    drop(call);
    assert_eq!(inner.in_flight(), 0);
}
