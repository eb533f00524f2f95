//! What comes out when a call fails, as reqwest's own errors do.

use super::*;
use buttress_core::time::{Timer, now};
use buttress_core::{Delivery, Phase};
use buttress_testkit::{Readiness, ScriptedService, Step};
use std::io;

#[tokio::test]
async fn the_original_error_comes_out_and_what_was_tried_is_among_the_extensions() {
    let refused = Refused::new();
    let client = with(
        ServiceBuilder::new()
            .layer(HumanizeLayer::new())
            .layer(retry())
            .layer(head(Duration::from_secs(60))),
    );
    let request = client.get(refused.url("/")).build().unwrap();
    let mut extensions = Extensions::new();
    let error = client
        .execute_with_extensions(request, &mut extensions)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Reqwest(_)));
    assert!(error.is_connect() && error.is_request());
    assert!(!error.is_timeout() && !error.is_body());
    assert!(error.url().is_some());

    let failure = Failure::of(&extensions).unwrap();
    assert_eq!(failure.kind(), FailureKind::ConnectionRefused);
    assert_eq!(failure.stopped(), Some(StopReason::Attempts));
    assert_eq!(failure.history().len(), 4);
    assert!(Explanation::of(failure).is_some());
    assert!(failure.to_string().contains("127.0.0.1"), "{failure}");
}

#[tokio::test]
async fn reqwests_own_timeout_stays_one() {
    let origin = origin([Fault::StallBeforeHead]).await;
    let none = RetryConfig::builder().attempts(1).build().unwrap();
    let client = with(RetryLayer::new(none));
    let request = client.get(origin.url("/hello")).timeout(SHORT);
    let error = request.send().await.unwrap_err();
    assert!(error.is_timeout() && error.is_request());
    assert!(!error.is_connect() && !error.is_decode());
}

#[tokio::test]
async fn a_limit_of_a_layer_is_a_timeout_too() {
    let tower = tower::timeout::TimeoutLayer::new(SHORT);
    for (client, kind) in [
        (with(head(SHORT)), FailureKind::TimeoutHead),
        (with(tower), FailureKind::TimeoutHead),
        (
            with(
                ServiceBuilder::new()
                    .layer(HumanizeLayer::new())
                    .layer(head(SHORT)),
            ),
            FailureKind::TimeoutHead,
        ),
    ] {
        let origin = origin([Fault::StallBeforeHead]).await;
        let error = client.get(origin.url("/hello")).send().await.unwrap_err();
        assert!(error.is_timeout(), "{error:?}");
        assert!(!error.is_connect() && !error.is_request(), "{error:?}");
        let failure = Failure::from(BoxError::from(error));
        assert_eq!(failure.kind(), kind);
        assert!(
            failure.limit().is_some() || failure.find::<tower::timeout::error::Elapsed>().is_some()
        );
    }
}

#[tokio::test]
async fn errors_of_bodies_are_reqwests_with_everything_in_their_chain() {
    // The connection breaks.
    let cut = origin([Fault::cut_after_bytes(20_000, Cut::Rst)]).await;
    let response = with(retry()).get(cut.url("/bytes")).send().await.unwrap();
    let error = response.bytes().await.unwrap_err();
    assert!(!error.is_timeout());
    let failure = Failure::in_body(error, 0);
    assert_eq!(failure.kind(), FailureKind::ConnectionReset);
    assert!(failure.find::<reqwest::Error>().is_some());

    // A limit of a layer passes.
    let stalled = origin([Fault::StallAfter(buttress_testkit::At::Bytes(20_000))]).await;
    let idle = TimeoutConfig::builder().idle(SHORT).build().unwrap();
    let response = with(TimeoutLayer::new(idle))
        .get(stalled.url("/bytes"))
        .send();
    let error = response.await.unwrap().bytes().await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    assert!(error.source().is_some());
    let failure = Failure::in_body(error, 0);
    assert_eq!(failure.kind(), FailureKind::TimeoutIdle);
}

#[tokio::test]
async fn a_request_that_cannot_be_sent_is_an_error_that_says_so() {
    let mut service = MiddlewareService::new(client());
    let request = Request::get("/relative")
        .body(reqwest::Body::default())
        .unwrap();
    let error = service.call(request).await.unwrap_err();
    assert_eq!(error.to_string(), "the request cannot be sent");
    assert_eq!(
        Failure::from(BoxError::from(error)).kind(),
        FailureKind::BadRequest
    );
}

/// The whole stack becomes ready before anything is sent.
#[tokio::test]
async fn a_stack_that_is_not_ready_is_waited_for_until_the_deadline() {
    for (readiness, kind, stopped) in [
        (
            Readiness::Never,
            FailureKind::TimeoutTotal,
            Some(StopReason::Deadline),
        ),
        (
            Readiness::Fails(io::Error::from(io::ErrorKind::ConnectionReset).into()),
            FailureKind::ConnectionReset,
            None,
        ),
    ] {
        let stack = ScriptedService::new([Step::ok("there")]).readiness([readiness]);
        let client = with(tower::layer::layer_fn(move |_| stack.clone()));
        let mut extensions = Extensions::new();
        extensions.insert(Deadline::after(SHORT));
        let request = client.get("http://example.com/").build().unwrap();
        let mut call = Box::pin(client.execute_with_extensions(request, &mut extensions));
        let (mut timer, patience) = (Timer::new(), now() + 100 * SHORT);
        let ended = poll_fn(|cx| match call.as_mut().poll(cx) {
            Poll::Ready(outcome) => Poll::Ready(Some(outcome)),
            Poll::Pending => timer.poll_until(patience, cx).map(|()| None),
        });
        let error = ended.await.expect("it ends").unwrap_err();
        drop(call);
        assert_eq!(error.is_timeout(), stopped.is_some(), "{kind}");
        let failure = Failure::of(&extensions).unwrap();
        assert_eq!((failure.kind(), failure.stopped()), (kind, stopped));
        let found = (failure.phase(), failure.delivery());
        assert_eq!(found, (Phase::Connect, Delivery::NotSent), "{kind}");
    }
}

#[tokio::test]
async fn a_failure_can_come_out_as_a_response() {
    let refused = Refused::new();
    let client = with(HumanizeLayer::new().into_responses());
    let response = client.get(refused.url("/")).send().await.unwrap();
    assert_eq!(response.status(), 502);
    assert!(response.text().await.unwrap().contains("127.0.0.1"));
}

/// One that cannot even be made one of `http` is told as any other.
#[tokio::test]
async fn a_url_that_is_too_long_is_an_error_that_says_so() {
    let url = format!("http://127.0.0.1/{}", "x".repeat(70_000));
    let plain = ClientBuilder::new(client()).build();
    let plain = plain.get(&url).send().await.unwrap_err();
    assert!(plain.is_builder());

    let client = with(retry());
    let request = client.get(&url).build().unwrap();
    let mut extensions = Extensions::new();
    let call = client.execute_with_extensions(request, &mut extensions);
    assert!(call.await.unwrap_err().is_builder());
    assert_eq!(
        Failure::of(&extensions).unwrap().kind(),
        FailureKind::BadRequest
    );
}
