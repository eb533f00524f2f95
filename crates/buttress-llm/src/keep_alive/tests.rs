use super::*;
use crate::{CallLayer, Streams};
use buttress_core::{Failure, FailureKind};
use buttress_humanize::HumanizeLayer;
use buttress_resume::ResumeLayer;
use buttress_testkit::{CallEnd, Collected, ScriptedBody, ScriptedService, Step, collect};
use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use http_body_util::{BodyExt, Full};
use std::io::ErrorKind;
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use tower::{ServiceBuilder, ServiceExt};

const SECOND: Duration = Duration::from_secs(1);
const COMMENT: &str = ": keep-alive\n\n";
const PING: &str = "event: ping\ndata: {\"type\": \"ping\"}\n\n";
const EVENT: &str = "event: keepalive\ndata: {\"type\":\"keepalive\"}\n\n";

type Inner = ScriptedService<crate::CallBody<Full<Bytes>>>;

fn chat(streaming: bool) -> Request<Full<Bytes>> {
    let body = format!(
        r#"{{"model":"m","messages":[],"input":[],"contents":[],"max_tokens":1,"stream":{streaming}}}"#
    );
    Request::post("https://api.example.com/v1/chat/completions")
        .body(Full::from(body))
        .unwrap()
}

fn to(path: &str) -> Request<Full<Bytes>> {
    let mut request = chat(true);
    *request.uri_mut() = path.parse().unwrap();
    request
}

async fn call(request: Request<Full<Bytes>>, inner: &Inner) -> Response<Collected> {
    let service = ServiceBuilder::new()
        .layer(CallLayer::new())
        .layer(KeepAliveLayer::new())
        .layer(HumanizeLayer::new().into_responses())
        .service(inner.clone());
    let Ok(response) = service.oneshot(request).await;
    let (head, body) = response.into_parts();
    let collected = collect(body).await;
    assert_eq!(collected.lies, []);
    Response::from_parts(head, collected)
}

fn events(body: ScriptedBody) -> Step<crate::CallBody<Full<Bytes>>> {
    Step::ok(body)
        .reading()
        .header("content-type", "text/event-stream")
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_does_not_wait_is_left_alone() {
    let body = ScriptedBody::new()
        .data("data: 1\n\n")
        .wait(14 * SECOND)
        .data("data: 2\n\n");
    let inner = Inner::new([events(body).after(14 * SECOND).header("x-own", "1")]);
    let response = call(chat(true), &inner).await;
    assert_eq!(response.headers()["x-own"], "1");
    assert_eq!(response.body().bytes, "data: 1\n\ndata: 2\n\n");
}

#[tokio::test(start_paused = true)]
async fn each_dialect_is_kept_alive_in_its_own_way() {
    for (path, before, within) in [
        ("/v1/chat/completions", COMMENT, COMMENT),
        ("/v1/messages", PING, PING),
        // Its SDKs insist on `response.created` as the first event.
        ("/v1/responses", COMMENT, EVENT),
        ("/v1beta/interactions", COMMENT, COMMENT),
        // Google's SDK for Python takes a comment for JSON.
        ("/v1beta/models/g:streamGenerateContent?alt=sse", "\n", "\n"),
    ] {
        let body = ScriptedBody::new()
            .data("data: 1\n\n")
            .wait(31 * SECOND)
            .data("data: 2\n\n");
        let response = call(to(path), &Inner::new([events(body).after(46 * SECOND)])).await;
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        // Nobody in between is to keep any of it, or to wait for more of it.
        assert_eq!(response.headers()["cache-control"], "no-cache");
        assert_eq!(response.headers()["x-accel-buffering"], "no");
        let expected = [
            before,
            before,
            before,
            "data: 1\n\n",
            within,
            within,
            "data: 2\n\n",
        ];
        assert_eq!(response.body().bytes, expected.concat(), "{path}");
        assert_eq!(response.body().end(), "clean end");
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_whose_length_is_known_may_come_late() {
    let body = ScriptedBody::from("data: 1\n\n");
    let late = events(body)
        .header("content-length", "9")
        .after(16 * SECOND);
    let response = call(chat(true), &Inner::new([late])).await;
    assert_eq!(response.body().bytes, [COMMENT, "data: 1\n\n"].concat());
    assert_eq!(response.body().end(), "clean end");
}

#[tokio::test(start_paused = true)]
async fn nothing_is_put_into_an_event() {
    for (part, fits) in [
        ("data: 1\n", false),
        ("data: 1\n\nda", false),
        ("data: 1\r\n\r", false),
        ("data: 1\r\n\r\n", true),
        ("data: 1\r\r", true),
        ("", true),
    ] {
        let body = ScriptedBody::new()
            .data(part)
            .wait(20 * SECOND)
            .data("rest");
        let response = call(chat(true), &Inner::new([events(body)])).await;
        let beat = if fits { COMMENT } else { "" };
        assert_eq!(
            response.body().bytes,
            [part, beat, "rest"].concat(),
            "{part:?}"
        );
    }
    // One byte a frame.
    let body = ScriptedBody::new()
        .data("x\n")
        .data("\n")
        .wait(20 * SECOND)
        .data("rest");
    let response = call(chat(true), &Inner::new([events(body)])).await;
    assert_eq!(response.body().bytes, ["x\n\n", COMMENT, "rest"].concat());
}

#[tokio::test(start_paused = true)]
async fn only_calls_for_streams_are_answered_early() {
    let slow = || {
        Step::ok("{}")
            .reading()
            .header("content-type", "application/json")
            .after(60 * SECOND)
    };
    let mut get = to("https://api.example.com/v1/models");
    *get.method_mut() = http::Method::GET;
    for request in [chat(false), get, to("/orders"), to("/v1/embeddings")] {
        let response = call(request, &Inner::new([slow()])).await;
        assert_eq!(response.headers()["content-type"], "application/json");
        assert_eq!(response.body().bytes, "{}");
    }
    // A coded stream, and one of a known length, have no room for more.
    for (name, value) in [("content-encoding", "gzip"), ("content-length", "9")] {
        let body = ScriptedBody::new()
            .data("abc\n\n")
            .wait(20 * SECOND)
            .data("defg");
        let step = events(body).header(name, value);
        assert_eq!(
            call(chat(true), &Inner::new([step])).await.body().bytes,
            "abc\n\ndefg"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_that_comes_too_late_is_told_in_the_stream_and_no_clean_end() {
    let own = r#"{"error":{"message":"Your key is wrong.","type":"invalid_request_error"}}"#;
    let mut refused = Response::new(ScriptedBody::from(own));
    *refused.status_mut() = http::StatusCode::UNAUTHORIZED;
    let inner = Inner::new([Step::respond(refused).reading().after(20 * SECOND)]);
    let response = call(chat(true), &inner).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.body().bytes, format!("{COMMENT}data: {own}\n\n"));
    let failure = response
        .body()
        .error
        .as_ref()
        .unwrap()
        .downcast_ref::<Failure>()
        .unwrap();
    assert_eq!(failure.kind(), FailureKind::Auth);

    // In the words of humanize, when there was no answer at all.
    let inner = Inner::new([Step::io(ErrorKind::ConnectionReset)
        .reading()
        .after(20 * SECOND)]);
    let response = call(to("https://api.example.com/v1/messages"), &inner).await;
    let said = String::from_utf8_lossy(&response.body().bytes).into_owned();
    assert!(
        said.starts_with(&format!("{PING}event: error\ndata: {{\"type\":\"error\"")),
        "{said}"
    );
    assert!(said.contains("api.example.com"), "{said}");
    let failure = response
        .body()
        .error
        .as_ref()
        .unwrap()
        .downcast_ref::<Failure>()
        .unwrap();
    assert_eq!(failure.kind(), FailureKind::ConnectionReset);

    // Something that is no stream.
    let page = Step::ok("{}")
        .reading()
        .header("content-type", "application/json")
        .after(20 * SECOND);
    let response = call(chat(true), &Inner::new([page])).await;
    assert!(response.body().error.is_some());
    assert!(
        response
            .body()
            .bytes
            .starts_with(format!("{COMMENT}data: {{\"error\":").as_bytes())
    );
}

#[tokio::test(start_paused = true)]
async fn a_compressed_stream_is_passed_on_as_it_is_or_ends_at_once_in_words() {
    const GZIP: &[u8] = b"\x1f\x8b\x08\x00events";
    let zipped = |coding: &str| {
        let body = ScriptedBody::new()
            .data(GZIP)
            .wait(90 * SECOND)
            .data("more");
        events(body).header("content-encoding", coding)
    };
    for coding in ["gzip", "br"] {
        let response = call(chat(true), &Inner::new([zipped(coding)])).await;
        assert_eq!(response.body().bytes, [GZIP, b"more"].concat());
        assert_eq!(response.body().end(), "clean end");

        let start = buttress_core::time::now();
        let late = zipped(coding).after(20 * SECOND);
        let response = call(to("/v1/messages"), &Inner::new([late])).await;
        let said = String::from_utf8_lossy(&response.body().bytes).into_owned();
        let begins = format!("{PING}event: error\ndata: {{\"type\":\"error\"");
        assert!(said.starts_with(&begins), "{said}");
        assert!(said.contains("compressed its stream"), "{said}");
        assert!(response.body().error.is_some());
        assert_eq!(buttress_core::time::now() - start, 20 * SECOND);
    }
    // These are none.
    for coding in ["identity", "none"] {
        let late = events(ScriptedBody::new().data("data: 1\n\n"))
            .header("content-encoding", coding)
            .after(20 * SECOND);
        let response = call(chat(true), &Inner::new([late])).await;
        assert_eq!(response.body().bytes, [COMMENT, "data: 1\n\n"].concat());
        assert_eq!(response.body().end(), "clean end");
    }
}

#[tokio::test(start_paused = true)]
async fn errors_without_humanize_are_told_as_well() {
    let inner = Inner::new([Step::io(ErrorKind::ConnectionReset)
        .reading()
        .after(20 * SECOND)]);
    let service = ServiceBuilder::new()
        .layer(CallLayer::new())
        .layer(KeepAliveLayer::new())
        .service(inner);
    let collected = collect(service.oneshot(chat(true)).await.unwrap().into_body()).await;
    assert!(
        collected
            .bytes
            .starts_with(format!("{COMMENT}data: {{\"error\":").as_bytes())
    );
    assert!(collected.error.is_some());
}

#[tokio::test(start_paused = true)]
async fn dropping_the_body_drops_the_call() {
    let inner = Inner::new([Step::hang().reading()]);
    let service = ServiceBuilder::new()
        .layer(CallLayer::new())
        .layer(KeepAliveLayer::new().every(SECOND))
        .service(inner.clone());
    let response = service.oneshot(chat(true)).await.unwrap();
    assert_eq!(inner.in_flight(), 1);
    drop(response);
    assert_eq!(inner.in_flight(), 0);
    assert_eq!(inner.calls()[0].end, CallEnd::Dropped);
}

/// A server throws away what it has not written yet when it learns of a failure.
#[tokio::test(start_paused = true)]
async fn a_server_may_write_the_last_event_before_it_learns_of_the_failure() {
    let refused = Step::status(401).after(20 * SECOND);
    let broken = Step::fail("broken").after(20 * SECOND);
    for step in [refused, broken] {
        let service = ServiceBuilder::new()
            .layer(CallLayer::new())
            .layer(KeepAliveLayer::new())
            .service(Inner::new([step.reading()]));
        let mut body = service.oneshot(chat(true)).await.unwrap().into_body();
        for expected in [COMMENT, "data: {"] {
            let data = body.frame().await.unwrap().unwrap().into_data().unwrap();
            assert!(data.starts_with(expected.as_bytes()), "{data:?}");
        }
        let mut body = std::pin::pin!(body);
        let mut cx = Context::from_waker(Waker::noop());
        for _ in 0..2 {
            assert!(body.as_mut().poll_frame(&mut cx).is_pending());
        }
        let last = body.as_mut().poll_frame(&mut cx);
        assert!(matches!(last, Poll::Ready(Some(Err(_)))), "{last:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_stays_open_behind_its_last_event_is_ended() {
    let chat =
        "data: {\"choices\":[{\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}\n\n";
    let done = "data: [DONE]\n\n";
    let refused = "data: {\"error\":{\"message\":\"no\",\"code\":\"insufficient_quota\"}}\n\n";
    let gemini = "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"x\"}]},\"finishReason\":\"STOP\"}]}\n\n";
    let usage = "data: {\"usageMetadata\":{}}\n\n";
    let hanging = |events: &[&str]| ScriptedBody::new().data(events.concat()).hang();
    let of_gemini = "/v1beta/models/g:streamGenerateContent?alt=sse";
    for (path, body, expected, waited) in [
        (
            "/v1/chat/completions",
            hanging(&[chat, done]),
            [chat, done],
            2,
        ),
        (
            "/v1/chat/completions",
            hanging(&[chat, refused]),
            [chat, refused],
            2,
        ),
        (
            "/v1/chat/completions",
            ScriptedBody::new()
                .data(chat)
                .wait(SECOND)
                .data(done)
                .hang(),
            [chat, done],
            3,
        ),
        // More may follow.
        (
            of_gemini,
            ScriptedBody::new()
                .data(gemini)
                .wait(14 * SECOND)
                .data(usage),
            [gemini, usage],
            14,
        ),
    ] {
        let service = ServiceBuilder::new()
            .layer(CallLayer::new())
            .layer(KeepAliveLayer::new())
            .layer(ResumeLayer::default().with_cursor(Streams::new()))
            .service(Inner::new([events(body)]));
        let response = service.oneshot(to(path)).await.unwrap();
        let start = buttress_core::time::now();
        let collected = collect(response.into_body()).await;
        assert_eq!(collected.end(), "clean end", "{path}");
        assert_eq!(collected.bytes, expected.concat(), "{path}");
        assert_eq!(
            buttress_core::time::now() - start,
            waited * SECOND,
            "{path}"
        );
    }
}
