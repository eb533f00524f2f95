//! What is owed to the services around the layer.

use super::*;

#[tokio::test(start_paused = true)]
async fn every_try_polls_readiness_and_may_fail_at_it() {
    let inner = Inner::new([first(reset), part(400, 1000)]).readiness([
        Readiness::Now,
        Readiness::Fails(io::Error::from(io::ErrorKind::ConnectionRefused).into()),
        Readiness::After(SECOND),
    ]);
    let start = now();
    let collected = run(&inner, get()).await;
    assert_eq!(collected.end(), "clean end");
    // Two waits before tries, and one for readiness.
    assert_eq!(now() - start, 3 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn what_broke_while_it_became_ready_is_not_asked_again() {
    let breaks = || Readiness::Breaks(io::Error::from(io::ErrorKind::ConnectionRefused).into());
    let inner = Inner::new([first(reset), part(400, 1000)]);
    let inner = inner.readiness([Readiness::Now, breaks(), breaks(), Readiness::Now]);
    assert_eq!(run(&inner, get()).await.bytes, CONTENT.whole());
}

#[tokio::test(start_paused = true)]
async fn dropping_the_body_ends_the_wait() {
    let inner = Inner::new([first(reset)]);
    let service = ResumeLayer::new(config()).layer(inner.clone());
    let mut body = service.oneshot(get()).await.unwrap().into_body();
    let mut frame = tokio_test::task::spawn(http_body_util::BodyExt::frame(&mut body));
    assert!(frame.poll().is_ready());
    drop(frame);
    let mut frame = tokio_test::task::spawn(http_body_util::BodyExt::frame(&mut body));
    assert_pending!(frame.poll());
    drop(frame);
    // The broken connection is gone already; dropping the body leaves nothing.
    assert_eq!(inner.bodies_alive(), 0);
    drop(body);
    assert_eq!((inner.in_flight(), inner.calls().len()), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn the_body_keeps_its_shape() {
    let step = Step::ok(ScriptedBody::new().data("abc").exact()).header("content-length", "3");
    let service = ResumeLayer::new(config()).layer(Inner::new([step]));
    let body = service.oneshot(get()).await.unwrap().into_body();
    assert_eq!(body.size_hint().exact(), Some(3));

    // HEAD has a length and no body.
    let step = Step::ok(ScriptedBody::new()).header("content-length", "3");
    let mut request = get();
    *request.method_mut() = Method::HEAD;
    let collected = run(&Inner::new([step]), request).await;
    assert_eq!(collected.end(), "clean end");
}

#[tokio::test(start_paused = true)]
async fn the_service_that_was_readied_is_the_one_called() {
    let (mock, mut handle) = mock::pair::<Req, Response<Empty1>>();
    handle.allow(1);
    let mut service = ResumeLayer::new(config()).layer(mock);
    // A mock that is called without having been readied panics.
    let call = service.ready().await.unwrap().call(get());
    let (_, reply) = handle.next_request().await.unwrap();
    reply.send_response(Response::new(Empty::new()));
    call.await.unwrap();
    handle.send_error("gone");
    assert!(service.ready().await.is_err());
}

#[test]
fn the_types_are_send_when_their_parts_are() {
    fn send<T: Send>() {}
    send::<ResumeBody<Inner, Empty1, ScriptedBody>>();
    send::<<crate::Resume<Inner> as Service<Req>>::Future>();
    let _: fn(BoxError) -> Failure = Failure::from;
}
