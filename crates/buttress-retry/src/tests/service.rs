//! What is owed to the services around the layer.

use super::*;
use buttress_testkit::{Readiness, ScriptedBody, ScriptedService, Step};

#[tokio::test(start_paused = true)]
async fn every_attempt_polls_readiness() {
    let (mock, mut handle) = mock::pair::<Req, Res>();
    handle.allow(1);
    let mut service = RetryLayer::new(config().build().unwrap()).layer(mock);
    let mut call = tokio_test::task::spawn(service.ready().await.unwrap().call(post()));
    assert_pending!(call.poll());
    let (_, reply) = handle.next_request().await.unwrap();
    reply.send_error(refused());
    // The retry is due at once, but the service is not ready.
    assert_pending!(call.poll());
    assert_pending!(tokio_test::task::spawn(handle.next_request()).poll());
    handle.allow(1);
    assert!(call.is_woken());
    assert_pending!(call.poll());
    let (_, reply) = handle.next_request().await.unwrap();
    reply.send_response(status(200));
    assert_ready_ok!(call.poll());
}

#[tokio::test(start_paused = true)]
async fn the_service_that_was_readied_is_the_one_called() {
    let (mock, mut handle) = mock::pair::<Req, Res>();
    handle.allow(1);
    let mut service = RetryLayer::new(config().build().unwrap()).layer(mock);
    let ready = service.ready().await.unwrap();
    // A mock that is called without having been readied panics; a clone is not ready.
    let call = ready.call(get());
    assert_pending!(tokio_test::task::spawn(service.ready()).poll());
    let (_, reply) = handle.next_request().await.unwrap();
    reply.send_response(status(200));
    call.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_readiness_error_is_a_failed_attempt() {
    for (error, kind) in [
        (refused(), FailureKind::ConnectionRefused),
        (reset(), FailureKind::ConnectionReset),
    ] {
        let (mock, mut handle) = mock::pair::<Req, Res>();
        let mut service = RetryLayer::new(config().build().unwrap()).layer(mock);
        handle.send_error(error);
        // Nothing was sent, whatever the error, so even a POST goes on.
        let call = service.ready().await.unwrap().call(post());
        let (response, ()) = tokio::join!(call, answer(&mut handle, vec![Ok(status(200))]));
        let response = response.unwrap();
        let report = RetryReport::of(response.extensions()).unwrap();
        let entry = report.history().entries()[0];
        assert_eq!(entry.kind, kind);
        assert_eq!((entry.phase, entry.wait), (Phase::Connect, Duration::ZERO));
    }
}

#[tokio::test(start_paused = true)]
async fn what_broke_while_it_became_ready_is_not_asked_again() {
    let breaks = || Readiness::Breaks(refused());
    let reset = || Step::io(io::ErrorKind::ConnectionReset);
    // Before the first attempt, and before the second.
    for (steps, readiness) in [
        (vec![Step::ok("there")], vec![breaks()]),
        (
            vec![reset(), Step::ok("there")],
            vec![Readiness::Now, breaks()],
        ),
    ] {
        let origin = ScriptedService::<Body1>::new(steps).readiness(readiness);
        let service = RetryLayer::new(config().build().unwrap()).layer(origin);
        assert!(service.oneshot(get()).await.is_ok());
    }
}

/// A layer below, such as one that renders errors, says so of a good answer.
#[tokio::test(start_paused = true)]
async fn an_answer_that_stands_for_a_failure_is_one() {
    let said = |kind: FailureKind| {
        let mut response = status(200);
        response.extensions_mut().insert(Failure::new(kind));
        Ok(response)
    };
    let outcomes = vec![said(FailureKind::Overloaded), Ok(status(200))];
    let response = call(config().build().unwrap(), get(), outcomes).await;
    let response = response.unwrap();
    assert_eq!(
        RetryReport::of(response.extensions()).unwrap().attempts(),
        2
    );
    assert!(Failure::of(response.extensions()).is_none());
    let outcomes = vec![said(FailureKind::Auth)];
    let response = call(config().build().unwrap(), get(), outcomes).await;
    let failure = Failure::of(response.unwrap().extensions()).cloned();
    assert_eq!(failure.unwrap().kind(), FailureKind::Auth);
    // Something else in there says nothing.
    let mut other = status(200);
    other.extensions_mut().insert("other");
    let response = call(config().build().unwrap(), get(), vec![Ok(other)]).await;
    assert!(RetryReport::of(response.unwrap().extensions()).is_none());
}

#[tokio::test(start_paused = true)]
async fn the_last_answer_is_one_whatever_was_tried_before() {
    let outcomes = vec![Err(reset()), Ok(status(503)), Ok(status(503))];
    let response = call(config().build().unwrap(), get(), outcomes).await;
    let response = response.unwrap();
    let failure = Failure::of(response.extensions()).unwrap();
    let answered = Delivery::Answered(StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(failure.delivery(), answered);
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_a_wait_is_told_what_the_server_asked_for() {
    let (service, mut handle) = pair(config().build().unwrap());
    let mut call = tokio_test::task::spawn(service.oneshot(get()));
    assert_pending!(call.poll());
    let (_, reply) = handle.next_request().await.unwrap();
    let mut busy = status(503);
    busy.headers_mut().insert("retry-after", 7.into());
    reply.send_response(busy);
    assert_pending!(call.poll());
    tokio::time::advance(SECOND).await;
    let asked = buttress_core::hint::Asked::listen();
    assert_pending!(call.poll());
    let asked = asked.hint().and_then(buttress_core::Hint::after);
    assert_eq!(asked, Some(6 * SECOND));
}

#[tokio::test(start_paused = true)]
async fn dropping_the_call_ends_the_wait() {
    let (service, mut handle) = pair(config().build().unwrap());
    let mut call = tokio_test::task::spawn(service.oneshot(get()));
    assert_pending!(call.poll());
    let (_, reply) = handle.next_request().await.unwrap();
    reply.send_error(reset());
    assert_pending!(call.poll());
    drop(call);
    // With the last clone gone nobody can ask any more, now or later.
    assert!(assert_ready!(tokio_test::task::spawn(handle.next_request()).poll()).is_none());
}

#[tokio::test(start_paused = true)]
async fn the_failed_response_is_dropped_before_the_wait() {
    use std::sync::Arc;
    #[derive(Debug)]
    struct Guarded {
        _alive: Arc<()>,
    }
    impl Body for Guarded {
        type Data = Bytes;
        type Error = BoxError;
        fn poll_frame(
            self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, BoxError>>> {
            std::task::Poll::Ready(None)
        }
    }
    let (mock, mut handle) = mock::pair::<Req, Response<Guarded>>();
    let service = RetryLayer::new(config().build().unwrap()).layer(mock);
    let mut call = tokio_test::task::spawn(service.oneshot(get()));
    assert_pending!(call.poll());
    let alive = Arc::new(());
    let (_, reply) = handle.next_request().await.unwrap();
    let mut response = Response::new(Guarded {
        _alive: alive.clone(),
    });
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    reply.send_response(response);
    assert_pending!(call.poll());
    assert_eq!(Arc::strong_count(&alive), 1);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_cannot_be_sent_twice_is_sent_once() {
    use buttress_core::ReplayBody;
    let (mock, mut handle) = mock::pair::<Request<ReplayBody<Body1>>, Res>();
    let service = RetryLayer::new(config().build().unwrap()).layer(mock);
    let request = get().map(|body| ReplayBody::with_limit(body, 3));
    let server = async {
        let (request, reply) = handle.next_request().await.unwrap();
        let body = request.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(body, "question");
        reply.send_error(reset());
    };
    let (result, ()) = tokio::join!(service.oneshot(request), server);
    let failure = result.unwrap_err();
    assert_eq!(failure.stopped(), Some(StopReason::BodyNotReplayable));
}

/// Whoever may repeat it has a body to send: what has none is not repeatable for that.
#[tokio::test(start_paused = true)]
async fn what_must_not_be_repeated_is_not_for_want_of_a_body() {
    use buttress_core::ReplayBody;
    // Its length says beforehand that it is not kept, or nothing does.
    for (error, announced, method, reason) in [
        (
            reset as fn() -> BoxError,
            true,
            Method::POST,
            StopReason::NotRepeatable,
        ),
        (reset, false, Method::POST, StopReason::NotRepeatable),
        (reset, true, Method::PUT, StopReason::BodyNotReplayable),
        (reset, false, Method::PUT, StopReason::BodyNotReplayable),
        (refused, true, Method::POST, StopReason::BodyNotReplayable),
        (refused, false, Method::POST, StopReason::BodyNotReplayable),
    ] {
        let body = ScriptedBody::new().data("ques").data("tion");
        let body = if announced { body.exact() } else { body };
        let mut request = get().map(|_| ReplayBody::with_limit(body, 5));
        *request.method_mut() = method.clone();
        let origin = tower::service_fn(move |request: Request<ReplayBody<_>>| async move {
            request.into_body().collect().await?;
            Err::<Res, BoxError>(error())
        });
        let service = RetryLayer::new(config().build().unwrap()).layer(origin);
        let failure = service.oneshot(request).await.unwrap_err();
        assert_eq!(failure.stopped(), Some(reason), "{method} {announced}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_body_keeps_its_shape() {
    let response = call(config().build().unwrap(), get(), vec![Ok(status(200))])
        .await
        .unwrap();
    let body = response.into_body();
    assert_eq!(body.size_hint().exact(), Some(6));
    assert!(!body.is_end_stream());
}

#[test]
fn the_types_are_send_when_their_parts_are() {
    fn send<T: Send>() {}
    fn sync<T: Sync>() {}
    send::<Service1>();
    sync::<Service1>();
    send::<<Service1 as Service<Req>>::Future>();
    send::<RetryBody<Body1>>();
    sync::<RetryBody<Body1>>();
}
