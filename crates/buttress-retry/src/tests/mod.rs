//! The layer over tower-test mocks, in paused time.

mod budget;
mod consent;
mod deadline;
mod gate;
mod key;
mod service;

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

/// The innermost one may not send a `POST` again. The one around it may, and has spent its tries.
#[tokio::test(start_paused = true)]
async fn tries_that_were_spent_are_told_whatever_one_below_had_decided() {
    let (service, mut handle) = mock::pair::<Req, Res>();
    let careful = RetryLayer::new(config().build().unwrap());
    let bold = RetryLayer::new(config().consent(Consent::Always).build().unwrap());
    let service = bold.layer(bold.layer(careful.layer(service)));
    let server = async {
        let mut asked = 0;
        while let Some((_, reply)) = handle.next_request().await {
            asked += 1;
            reply.send_error(reset());
        }
        asked
    };
    let (result, asked) = tokio::join!(service.oneshot(post()), server);
    let failure = result.unwrap_err();
    assert_eq!(failure.stopped(), Some(StopReason::Attempts));
    assert_eq!((asked, failure.history().len()), (3, 2));
}

#[tokio::test(start_paused = true)]
async fn two_retries_report_all_that_was_tried() {
    // The inner one sends again what was not sent, the outer one all.
    let (service, mut handle) = mock::pair::<Req, Res>();
    let service = RetryLayer::new(config().build().unwrap()).layer(service);
    let outer = config().consent(Consent::Always).build().unwrap();
    let service = RetryLayer::new(outer).layer(service);
    let outcomes = vec![Err(reset()), Err(refused()), Ok(status(200))];
    let (response, ()) = tokio::join!(service.oneshot(post()), answer(&mut handle, outcomes));
    let response = response.unwrap();
    let report = RetryReport::of(response.extensions()).unwrap();
    let kinds: Vec<_> = report.history().entries().iter().map(|a| a.kind).collect();
    assert_eq!(
        kinds,
        [FailureKind::ConnectionReset, FailureKind::ConnectionRefused]
    );
}

/// Whoever watches one of two retries hears of the end, whatever the other one tells, and to whom.
#[tokio::test(start_paused = true)]
async fn each_of_two_retries_tells_its_own_observer_of_the_end() {
    use buttress_core::observe::Event;
    use std::sync::{Arc, Mutex};
    for (inner_is_watched, outer_is_watched) in [(true, true), (false, true), (true, false)] {
        let layer = |is_watched: bool| {
            let told = Arc::new(Mutex::new(Vec::new()));
            let config = config();
            let config = if is_watched {
                let told = told.clone();
                config.observer(move |event: &Event<'_>| {
                    told.lock().unwrap().push(match event {
                        Event::Again { .. } => "again".to_owned(),
                        Event::GaveUp { resend_count, .. } => format!("gave up, {resend_count}"),
                        other => format!("{other:?}"),
                    });
                })
            } else {
                config
            };
            (RetryLayer::new(config.build().unwrap()), told)
        };
        let (inner, told_by_inner) = layer(inner_is_watched);
        let (outer, told_by_outer) = layer(outer_is_watched);
        let (service, mut handle) = mock::pair::<Req, Res>();
        let service = outer.layer(inner.layer(service));
        let outcomes = (0..3).map(|_| Err(reset())).collect();
        let (result, ()) = tokio::join!(service.oneshot(get()), answer(&mut handle, outcomes));
        assert!(result.unwrap_err().is_exhausted());
        let expected = |is_watched: bool, told: &[&'static str]| match is_watched {
            true => told.to_vec(),
            false => Vec::new(),
        };
        let inner = expected(inner_is_watched, &["again", "again", "gave up, 2"]);
        assert_eq!(*told_by_inner.lock().unwrap(), inner);
        let outer = expected(outer_is_watched, &["gave up, 0"]);
        assert_eq!(*told_by_outer.lock().unwrap(), outer);
    }
}

/// A layer below that spent the caller's time on something else tells nobody here.
#[tokio::test(start_paused = true)]
async fn the_end_of_a_call_whose_time_another_layer_spent_is_told() {
    use buttress_core::observe::Event;
    use std::sync::{Arc, Mutex};
    let told = Arc::new(Mutex::new(Vec::new()));
    let ends = told.clone();
    let config = config().observer(move |event: &Event<'_>| {
        if let Event::GaveUp { failure, .. } = event {
            ends.lock().unwrap().push(failure.stopped());
        }
    });
    let failure = Failure::new(FailureKind::TimeoutTotal).with_stopped(StopReason::Deadline);
    let outcomes = vec![Err(BoxError::from(failure))];
    let result = call(config.build().unwrap(), get(), outcomes).await;
    assert!(result.is_err());
    assert_eq!(*told.lock().unwrap(), [Some(StopReason::Deadline)]);
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

#[tokio::test(start_paused = true)]
async fn the_observer_is_told_what_happens_and_nothing_else() {
    use buttress_core::observe::Event;
    use std::sync::{Arc, Mutex};
    let notes = Arc::new(Mutex::new(Vec::new()));
    let writer = notes.clone();
    let config = config()
        .observer(move |event: &Event<'_>| {
            writer.lock().unwrap().push(match *event {
                Event::Again {
                    failure,
                    resend_count,
                    wait,
                    ..
                } => format!("again {resend_count} {} {wait:?}", failure.kind()),
                Event::Recovered { resend_count, .. } => format!("recovered {resend_count}"),
                Event::GaveUp {
                    failure,
                    resend_count,
                    ..
                } => format!("gave up {resend_count} {:?}", failure.stopped().unwrap()),
                _ => String::new(),
            });
        })
        .build()
        .unwrap();
    for (outcomes, expected) in [
        (vec![Ok(status(200))], &[][..]),
        (vec![Ok(status(404))], &[]),
        (
            vec![Ok(status(503)), Err(reset()), Ok(status(200))],
            &[
                "again 1 overloaded 1s",
                "again 2 connection_reset 1s",
                "recovered 2",
            ],
        ),
        (
            vec![Err(refused()), Err(reset()), Err(reset())],
            &[
                "again 1 connection_refused 0ns",
                "again 2 connection_reset 1s",
                "gave up 2 Attempts",
            ],
        ),
    ] {
        let _ = call(config.clone(), get(), outcomes).await;
        assert_eq!(*notes.lock().unwrap(), expected);
        notes.lock().unwrap().clear();
    }
}

#[tokio::test(start_paused = true)]
async fn what_any_attempt_may_have_done_the_last_one_tells() {
    for (outcomes, delivery) in [
        ([refused(), refused(), refused()], Delivery::NotSent),
        ([refused(), reset(), refused()], Delivery::Unknown),
        ([reset(), refused(), refused()], Delivery::Unknown),
    ] {
        let outcomes = outcomes.map(Err).into();
        let failure = call(config().build().unwrap(), get(), outcomes).await;
        assert_eq!(failure.unwrap_err().delivery(), delivery);
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_stays_bad_tells_of_the_attempts_before_it() {
    let outcomes = vec![Ok(status(503)), Ok(status(404))];
    let response = call(config().build().unwrap(), get(), outcomes).await;
    let failure = Failure::of(response.unwrap().extensions())
        .cloned()
        .unwrap();
    assert_eq!(failure.stopped(), Some(StopReason::NotTransient));
    assert_eq!(failure.history().len(), 1);
}

/// What a layer below found stays, unless tries were spent since.
#[tokio::test(start_paused = true)]
async fn the_reason_from_below_is_told_unless_this_layer_spent_its_tries() {
    let stopped = |reason| -> BoxError {
        let failure = Failure::new(FailureKind::ConnectionReset);
        failure.with_stopped(reason).into()
    };
    let below = StopReason::BodyNotReplayable;
    let outcomes = |times| (0..times).map(|_| Err(stopped(below))).collect();
    for (request, times, expected) in [(post(), 1, below), (get(), 3, StopReason::Attempts)] {
        let config = config().build().unwrap();
        let failure = call(config, request, outcomes(times)).await.unwrap_err();
        assert_eq!(failure.stopped(), Some(expected));
    }
}
