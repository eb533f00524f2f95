//! The layer over tower-test mocks, in paused time.

mod budget;
mod consent;
mod deadline;
mod gate;
mod key;
mod service;
mod told;

use crate::{Consent, RetryBody, RetryConfig, RetryLayer, RetryReport};
use buttress_core::time::now;
use buttress_core::{
    Action, Backoff, BoxError, Deadline, Delivery, Failure, FailureKind, Phase, StopReason,
};
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body::Body;
use http_body_util::{BodyExt, Full};
use std::io;
use std::time::Duration;
use tokio_test::{assert_pending, assert_ready, assert_ready_ok};
use tower::{Layer, Service, ServiceExt};
use tower_test::mock::{self, Handle, Mock};

type Body1 = Full<Bytes>;
type Req = Request<Body1>;
type Res = Response<Body1>;
type Service1 = <RetryLayer as Layer<Mock<Req, Res>>>::Service;

const SECOND: Duration = Duration::from_secs(1);

/// Waits exactly one second before each retry.
fn config() -> crate::RetryConfigBuilder {
    RetryConfig::builder()
        .attempts(3)
        .backoff(Backoff::constant(SECOND))
}

fn pair(config: RetryConfig) -> (Service1, Handle<Req, Res>) {
    let (service, handle) = mock::pair();
    (RetryLayer::new(config).layer(service), handle)
}

fn get() -> Req {
    Request::get("http://example.com/a?b=c")
        .header("accept", "text/plain")
        .body(Full::from("question"))
        .unwrap()
}

fn post() -> Req {
    let mut request = get();
    *request.method_mut() = Method::POST;
    request
}

fn status(status: u16) -> Res {
    Response::builder()
        .status(status)
        .body(Full::from("answer"))
        .unwrap()
}

fn reset() -> BoxError {
    io::Error::from(io::ErrorKind::ConnectionReset).into()
}

fn refused() -> BoxError {
    io::Error::from(io::ErrorKind::ConnectionRefused).into()
}

/// Answers the requests that come with these outcomes, one after the other.
async fn answer(handle: &mut Handle<Req, Res>, outcomes: Vec<Result<Res, BoxError>>) {
    for outcome in outcomes {
        let (_, reply) = handle.next_request().await.expect("one more request");
        match outcome {
            Ok(response) => reply.send_response(response),
            Err(error) => reply.send_error(error),
        }
    }
}

async fn call(
    config: RetryConfig,
    request: Req,
    outcomes: Vec<Result<Res, BoxError>>,
) -> Result<Response<RetryBody<Body1>>, Failure> {
    let (service, mut handle) = pair(config);
    let (result, ()) = tokio::join!(service.oneshot(request), answer(&mut handle, outcomes));
    // Nobody asked once more.
    let more = tokio_test::task::spawn(handle.next_request()).poll();
    assert!(!matches!(more, std::task::Poll::Ready(Some(_))));
    result
}

#[tokio::test(start_paused = true)]
async fn sends_the_same_request_again_and_reports() {
    let (service, mut handle) = pair(config().build().unwrap());
    let start = now();
    let call = service.oneshot(get());
    let server = async {
        for outcome in [Some(reset()), Some(reset()), None] {
            let (request, reply) = handle.next_request().await.unwrap();
            assert_eq!(request.method(), Method::GET);
            assert_eq!(request.uri(), "http://example.com/a?b=c");
            assert_eq!(request.headers()["accept"], "text/plain");
            let body = request.into_body().collect().await.unwrap().to_bytes();
            assert_eq!(body, "question");
            match outcome {
                Some(error) => reply.send_error(error),
                None => reply.send_response(status(200)),
            }
        }
    };
    let (response, ()) = tokio::join!(call, server);
    let response = response.unwrap();
    assert_eq!(now() - start, 2 * SECOND);

    let report = RetryReport::of(response.extensions()).unwrap();
    assert_eq!(report.attempts(), 3);
    let entries = report.history().entries();
    assert_eq!(entries[0].kind, FailureKind::ConnectionReset);
    assert_eq!(entries[0].action, Action::Retried);
    assert_eq!((entries[0].at, entries[0].wait), (Duration::ZERO, SECOND));
    assert_eq!((entries[1].at, entries[1].wait), (SECOND, SECOND));
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(body, "answer");
}

#[tokio::test(start_paused = true)]
async fn a_first_success_is_left_alone() {
    let response = call(config().build().unwrap(), get(), vec![Ok(status(200))])
        .await
        .unwrap();
    assert!(response.extensions().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_last_error_tells_the_whole_story() {
    let outcomes = vec![Err(reset()), Ok(status(503)), Err(reset())];
    let failure = call(config().build().unwrap(), get(), outcomes)
        .await
        .unwrap_err();
    assert_eq!(failure.kind(), FailureKind::ConnectionReset);
    assert_eq!(failure.stopped(), Some(StopReason::Attempts));
    assert!(failure.is_exhausted());
    let kinds: Vec<_> = failure.history().entries().iter().map(|a| a.kind).collect();
    assert_eq!(
        kinds,
        [FailureKind::ConnectionReset, FailureKind::Overloaded]
    );
    assert!(failure.find::<io::Error>().is_some());
}

#[tokio::test(start_paused = true)]
async fn the_last_response_comes_out_whole_and_marked() {
    let outcomes = (0..3).map(|_| Ok(status(503))).collect();
    let response = call(config().build().unwrap(), get(), outcomes)
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    let failure = Failure::of(response.extensions()).unwrap();
    assert_eq!(failure.stopped(), Some(StopReason::Attempts));
    assert_eq!(failure.history().len(), 2);
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(body, "answer");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_trying_cannot_change_is_left_alone() {
    let response = call(config().build().unwrap(), get(), vec![Ok(status(404))])
        .await
        .unwrap();
    assert!(response.extensions().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_wait_past_the_deadline_is_not_begun() {
    let mut request = get();
    Deadline::after(SECOND).tighten(request.extensions_mut());
    let start = now();
    let failure = call(config().build().unwrap(), request, vec![Err(reset())])
        .await
        .unwrap_err();
    assert_eq!(failure.stopped(), Some(StopReason::Deadline));
    assert_eq!(now(), start);
}

#[tokio::test(start_paused = true)]
async fn a_wait_past_the_elapsed_limit_is_not_begun() {
    let config = config()
        .attempts(100)
        .elapsed(SECOND * 5 / 2)
        .build()
        .unwrap();
    let start = now();
    let outcomes = (0..3).map(|_| Err(reset())).collect();
    let failure = call(config, get(), outcomes).await.unwrap_err();
    assert_eq!(failure.stopped(), Some(StopReason::Elapsed));
    assert_eq!(now() - start, 2 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_hint_that_does_not_fit_ends_the_call_and_says_when() {
    let mut response = status(429);
    response
        .headers_mut()
        .insert("retry-after", "600".parse().unwrap());
    let start = now();
    let response = call(config().build().unwrap(), get(), vec![Ok(response)])
        .await
        .unwrap();
    assert_eq!(now(), start);
    let failure = Failure::of(response.extensions()).unwrap();
    assert_eq!(failure.stopped(), Some(StopReason::HintTooLong));
    let hint = failure.hint().unwrap();
    assert_eq!(hint.after(), Some(Duration::from_secs(600)));
}

#[tokio::test(start_paused = true)]
async fn two_retries_do_not_multiply() {
    let (service, mut handle) = mock::pair::<Req, Res>();
    let layer = RetryLayer::new(config().build().unwrap());
    let service = layer.layer(layer.layer(service));
    let server = async {
        let mut asked = 0;
        while let Some((_, reply)) = handle.next_request().await {
            asked += 1;
            reply.send_error(reset());
        }
        asked
    };
    let (result, asked) = tokio::join!(service.oneshot(get()), server);
    assert_eq!(asked, 3);
    let failure = result.unwrap_err();
    assert_eq!(failure.history().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_response_that_stands_for_a_failure_is_treated_as_that_failure() {
    let mut stand_in = status(502);
    Failure::from(refused()).attach(stand_in.extensions_mut());
    let outcomes = vec![Ok(stand_in), Ok(status(200))];
    let response = call(config().build().unwrap(), post(), outcomes)
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::OK);
}
