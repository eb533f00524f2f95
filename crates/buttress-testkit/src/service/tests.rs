use super::*;
use crate::collect::{AfterEnd, collect};
use http::HeaderMap;
use http_body::{Body, SizeHint};
use std::future::poll_fn;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tokio::task::yield_now;

const SECOND: Duration = Duration::from_secs(1);

type Scripted = ScriptedService<String>;

fn request(body: &str) -> Request<String> {
    Request::new(body.to_owned())
}

async fn ready(service: &mut Scripted) -> Result<(), BoxError> {
    poll_fn(|cx| service.poll_ready(cx)).await
}

async fn ask(service: &mut Scripted) -> Result<Response<ScriptedBody>, BoxError> {
    ready(service).await?;
    service.call(request("")).await
}

fn panics(run: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(run)).expect_err("should have panicked");
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => (*payload.downcast::<&str>().expect("a text")).to_owned(),
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_needs_readiness_of_its_own() {
    let mut service = Scripted::new([Step::ok("")]);
    let text = panics(|| drop(service.call(request(""))));
    assert!(text.contains("polled ready"), "{text}");

    ready(&mut service).await.unwrap();
    let mut clone = service.clone();
    panics(|| drop(clone.call(request(""))));
    assert!(service.calls().is_empty());

    service.call(request("")).await.unwrap();
    panics(|| drop(service.call(request(""))));
    assert_eq!(service.calls().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_request_too_many_is_an_error_of_the_test() {
    let mut service = Scripted::new([]);
    ready(&mut service).await.unwrap();
    let text = panics(|| drop(service.call(request(""))));
    assert_eq!(text, "request 1 came, but the script ends before it");
}

#[tokio::test(start_paused = true)]
async fn steps_come_in_order_and_in_time() {
    let mut service = Scripted::new([
        Step::status(503).header("retry-after", "3").after(SECOND),
        Step::io(io::ErrorKind::ConnectionReset).after(SECOND),
    ])
    .then(|parts| Step::ok(parts.uri.to_string()));
    let busy = ask(&mut service).await.unwrap();
    assert_eq!(
        (busy.status().as_u16(), &busy.headers()["retry-after"]),
        (503, &"3".parse().unwrap())
    );
    let reset = ask(&mut service).await.unwrap_err();
    let kind = reset.downcast_ref::<io::Error>().map(io::Error::kind);
    assert_eq!(kind, Some(io::ErrorKind::ConnectionReset));
    for _ in 0..2 {
        let body = ask(&mut service).await.unwrap().into_body();
        assert_eq!(collect(body).await.bytes, "/");
    }
    assert_eq!(
        service.times(),
        [Duration::ZERO, SECOND, 2 * SECOND, 2 * SECOND]
    );
    let ends: Vec<CallEnd> = service.calls().iter().map(|call| call.end).collect();
    assert_eq!(
        ends[..3],
        [CallEnd::Answered, CallEnd::Failed, CallEnd::Answered]
    );
    assert_eq!(service.left(), 0);
}

#[tokio::test(start_paused = true)]
async fn readiness_follows_its_script() {
    let mut service = Scripted::new([]).then(|_| Step::ok("")).readiness([
        Readiness::After(SECOND),
        Readiness::Fails("full".into()),
        Readiness::Now,
        Readiness::Never,
    ]);
    ask(&mut service).await.unwrap();
    assert_eq!(service.times(), [SECOND]);
    assert_eq!(ready(&mut service).await.unwrap_err().to_string(), "full");
    ask(&mut service).await.unwrap();
    let never = tokio::time::timeout(100 * SECOND, ready(&mut service)).await;
    assert!(never.is_err());
    // Another clone is on its own.
    ask(&mut service.clone()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_is_alive_is_counted() {
    let mut service = Scripted::new([Step::hang(), Step::ok("x")]);
    ready(&mut service).await.unwrap();
    let hanging = tokio::spawn(service.call(request("")));
    yield_now().await;
    assert_eq!(
        (service.in_flight(), service.calls()[0].end),
        (1, CallEnd::Open)
    );
    hanging.abort();
    assert!(hanging.await.unwrap_err().is_cancelled());
    assert_eq!(
        (service.in_flight(), service.calls()[0].end),
        (0, CallEnd::Dropped)
    );

    let response = ask(&mut service).await.unwrap();
    assert_eq!((service.in_flight(), service.bodies_alive()), (0, 1));
    drop(response);
    assert_eq!(service.bodies_alive(), 0);
}

#[tokio::test(start_paused = true)]
async fn request_bodies_are_kept_or_read() {
    let mut service = Scripted::new([Step::ok(""), Step::ok("").reading()]);
    for body in ["one", "two"] {
        ready(&mut service).await.unwrap();
        service.call(request(body)).await.unwrap();
    }
    assert_eq!(service.take_body(0).as_deref(), Some("one"));
    assert_eq!(service.take_body(0), None);
    assert_eq!(service.take_body(1), None);
    assert_eq!(service.take_collected(1).unwrap().bytes, "two");
    assert!(service.take_collected(0).is_none() && service.take_collected(9).is_none());
}

#[tokio::test(start_paused = true)]
async fn a_body_plays_its_parts() {
    let trailers: HeaderMap = [("x".parse().unwrap(), "1".parse().unwrap())]
        .into_iter()
        .collect();
    let body = ScriptedBody::new()
        .data("ab")
        .wait(SECOND)
        .yields()
        .data("c")
        .trailers(trailers.clone());
    let probe = body.probe();
    let start = now();
    let collected = collect(body).await;
    assert_eq!(now() - start, SECOND);
    assert_eq!(
        (&*collected.bytes, &*collected.frames),
        (&b"abc"[..], &[2, 1][..])
    );
    assert_eq!(collected.trailers, Some(trailers));
    assert!(collected.error.is_none() && collected.lies.is_empty());
    assert_eq!(collected.after_end, AfterEnd::End);
    // Five results, one wait, one yield.
    assert_eq!((probe.polls(), probe.polls_after_end()), (7, 1));
    assert!(probe.is_dropped());
}

#[tokio::test(start_paused = true)]
async fn a_body_fails_or_hangs() {
    let collected = collect(
        ScriptedBody::new()
            .data("a")
            .io(io::ErrorKind::UnexpectedEof),
    )
    .await;
    assert_eq!(collected.bytes, "a");
    assert_eq!(collected.end(), "unexpected end of file");
    assert_eq!(collected.after_end, AfterEnd::End);

    let body = ScriptedBody::new().data("a").hang();
    let probe = body.probe();
    assert!(tokio::time::timeout(SECOND, collect(body)).await.is_err());
    assert!(probe.is_dropped());
}

#[test]
fn a_body_declares_what_it_was_told_to() {
    let body = ScriptedBody::from("abc");
    assert_eq!(
        (body.size_hint().exact(), body.is_end_stream()),
        (Some(3), false)
    );
    assert!(ScriptedBody::from("").is_end_stream());
    assert!(!ScriptedBody::new().is_end_stream());
    assert_eq!(ScriptedBody::new().data("abc").size_hint().upper(), None);

    let mut body = ScriptedBody::new()
        .data("abc")
        .hint(&SizeHint::with_exact(9));
    let mut cx = Context::from_waker(std::task::Waker::noop());
    let frame = Pin::new(&mut body).poll_frame(&mut cx);
    assert!(matches!(frame, Poll::Ready(Some(Ok(_)))));
    assert_eq!(body.size_hint().exact(), Some(6));
}
