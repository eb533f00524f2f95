//! What is owed to the services around the layer.

use super::*;
use http_body_util::BodyExt;

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

    // What nobody announced is known of a body that passes as it is, and of no other.
    for (tag, expected) in [("W/\"v1\"", Some(3)), ("\"v1\"", None)] {
        let step = Step::ok(ScriptedBody::new().data("abc").exact()).header("etag", tag);
        let service = ResumeLayer::new(config()).layer(Inner::new([step]));
        let body = service.oneshot(get()).await.unwrap().into_body();
        assert_eq!(body.size_hint().exact(), expected, "{tag}");
    }

    // The answers to these have no body, whatever length they have (RFC 9112, section 6.3).
    for method in [Method::HEAD, Method::CONNECT] {
        let step = Step::ok(ScriptedBody::new()).header("content-length", "3");
        let mut request = get();
        *request.method_mut() = method;
        let collected = run(&Inner::new([step]), request).await;
        assert_eq!(collected.end(), "clean end");
    }

    // Behind a failure nothing follows, whatever was announced.
    let step = Step::ok("ab").header("content-length", "3");
    let service = ResumeLayer::new(config()).layer(Inner::new([step]));
    let mut body = service.oneshot(get()).await.unwrap().into_body();
    assert!(body.frame().await.unwrap().is_ok());
    assert!(body.frame().await.unwrap().is_err());
    assert_eq!(body.size_hint().exact(), Some(0));
}

/// Who is told of the end does not ask for what is still held.
#[tokio::test(start_paused = true)]
async fn the_end_is_told_with_the_last_frame_and_not_before() {
    let terminal = || ResumeConfig::builder().terminal(|event| &*event.data() == b"[DONE]");
    let plain = ("content-length", "6");
    let events = ("content-type", "text/event-stream");
    let long = ["data: ", &"x".repeat(2000)].concat();
    for (config, header, pieces, expected) in [
        (
            config(),
            plain,
            &["abc", "def"][..],
            &[("abc", false), ("def", true)][..],
        ),
        // Less than was announced.
        (config(), plain, &["abc"], &[("abc", false)]),
        // What ends with no blank line, and whole events that came with the end of another.
        (
            config(),
            events,
            &["id: 1\n\n: b"],
            &[("id: 1\n\n", false), (": b", true)],
        ),
        (
            config(),
            events,
            &["data: a", "\n\ndata: b\n\n"],
            &[("data: a\n\n", false), ("data: b\n\n", true)],
        ),
        // Behind the last event, and before it.
        (
            terminal().build().unwrap(),
            events,
            &["data: [DONE]", "\n\ndata: b\n\n"],
            &[("data: [DONE]\n\n", false), ("data: b\n\n", true)],
        ),
        (
            terminal().build().unwrap(),
            events,
            &["data: a\n\n"],
            &[("data: a\n\n", false)],
        ),
        // What was too long to be looked at may have been the last one.
        (
            terminal().max_event(1 << 10).build().unwrap(),
            events,
            &[&long, "\n\n"],
            &[(&long, false), ("\n\n", true)],
        ),
    ] {
        let body = pieces.iter().fold(ScriptedBody::new(), |body, piece| {
            body.data(Bytes::copy_from_slice(piece.as_bytes()))
        });
        let step = Step::ok(body.exact()).header(header.0, header.1);
        let service = ResumeLayer::new(config).layer(Inner::new([step]));
        let mut body = service.oneshot(get()).await.unwrap().into_body();
        let mut found = Vec::new();
        while let Some(Ok(frame)) = body.frame().await {
            let data = String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap();
            found.push((data, body.is_end_stream()));
        }
        let found: Vec<_> = found.iter().map(|(data, end)| (&**data, *end)).collect();
        assert_eq!(found, expected);
    }
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
