mod array;
mod documents;
mod plain;

use super::*;
use crate::samples::{Answer as Said, stream};
use crate::{Call, CallLayer, Dialect};
use buttress_core::{Delivery, Failure, FailureKind, Reference};
use buttress_testkit::{Collected, ScriptedBody, ScriptedService, Step, collect};
use bytes::Bytes;
use fastrand::Rng;
use http::{HeaderMap, Request, Response};
use http_body::Body;
use http_body_util::Full;
use std::io::ErrorKind;
use std::time::Duration;
use tower::{Layer, ServiceBuilder, ServiceExt};

type Inner = ScriptedService<Full<Bytes>>;

const SECOND: Duration = Duration::from_secs(1);

fn path(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::ChatCompletions => "/v1/chat/completions",
        Dialect::Completions => "/v1/completions",
        Dialect::Responses => "/v1/responses",
        Dialect::Messages => "/v1/messages",
        Dialect::Gemini => "/v1beta/models/g:streamGenerateContent?alt=sse",
        Dialect::Interactions => "/v1beta/interactions",
    }
}

async fn call(
    dialect: Dialect,
    step: Step<Full<Bytes>>,
) -> Result<Response<AnswerBody<ScriptedBody>>, Failure> {
    let mut request = Request::post(path(dialect)).body(Full::default()).unwrap();
    let call = Call::recognise(request.method(), request.uri(), request.headers()).unwrap();
    request.extensions_mut().insert(call);
    AnswerLayer::new()
        .layer(Inner::new([step]))
        .oneshot(request)
        .await
}

fn events(body: ScriptedBody) -> Step<Full<Bytes>> {
    Step::ok(body).header("content-type", "text/event-stream; charset=utf-8")
}

fn json(body: ScriptedBody) -> Step<Full<Bytes>> {
    Step::ok(body).header("content-type", "application/json")
}

async fn read(response: Response<AnswerBody<ScriptedBody>>) -> Collected {
    let collected = collect(response.into_body()).await;
    assert_eq!(collected.lies, []);
    collected
}

/// How many bytes of a stream prove that it is an answer.
fn proof(dialect: Dialect, bytes: &[u8]) -> usize {
    (1..=bytes.len())
        .find(|end| {
            events::Beginning::new(dialect, false).read(&bytes[..*end]) != events::Proof::None
        })
        .unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_ends_before_its_first_output_is_no_answer() {
    for dialect in Dialect::ALL {
        let bytes = stream(*dialect, &Said::full(), 1, &mut Rng::with_seed(3))
            .concat()
            .into_bytes();
        let proof = proof(*dialect, &bytes);
        assert!(proof < bytes.len() / 2, "{dialect:?}");
        for cut in 0..proof + 40 {
            let part = Bytes::copy_from_slice(&bytes[..cut]);
            let half = part.slice(..cut / 2);
            let rest = part.slice(cut / 2..);
            let body = || {
                ScriptedBody::new()
                    .data(half.clone())
                    .wait(SECOND)
                    .data(rest.clone())
            };
            for (end, body) in [
                ("end", body()),
                ("reset", body().io(ErrorKind::ConnectionReset)),
            ] {
                let what = format!("{dialect:?} {end} at {cut}");
                match call(*dialect, events(body)).await {
                    Ok(response) => {
                        assert!(cut >= proof, "{what}");
                        let collected = read(response).await;
                        assert_eq!(collected.bytes, part, "{what}");
                        assert_eq!(collected.error.is_some(), end == "reset", "{what}");
                    }
                    Err(failure) => {
                        assert!(cut < proof, "{what}");
                        assert!(failure.is_transient(), "{what}");
                        if end == "end" {
                            assert_eq!(failure.kind(), FailureKind::StreamTruncated, "{what}");
                        }
                        // Of what was held nobody has got anything.
                        assert_eq!(failure.delivery(), Delivery::Partial { bytes: 0 });
                    }
                }
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_held_is_passed_on_as_it_came() {
    let bytes = stream(Dialect::Messages, &Said::full(), 1, &mut Rng::with_seed(3)).concat();
    for piece in [1, 7, 100, bytes.len()] {
        let mut body = ScriptedBody::new();
        for piece in bytes.as_bytes().chunks(piece) {
            body = body.data(Bytes::copy_from_slice(piece)).wait(SECOND);
        }
        let mut trailers = HeaderMap::new();
        trailers.insert("x-end", "1".parse().unwrap());
        let response = call(Dialect::Messages, events(body.trailers(trailers.clone())))
            .await
            .unwrap();
        let collected = read(response).await;
        assert_eq!(collected.bytes, bytes);
        assert_eq!(collected.trailers, Some(trailers));
        assert!(collected.frames.iter().all(|len| *len <= piece));
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_before_output_fails_or_stands() {
    for (dialect, event, kind, transient) in [
        (
            Dialect::Messages,
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n",
            FailureKind::Overloaded,
            true,
        ),
        (
            Dialect::Responses,
            "data: {\"type\":\"response.failed\",\"response\":{\"error\":{\"code\":\"server_error\",\"message\":\"x\"}}}\n\n",
            FailureKind::ServerError,
            true,
        ),
        (
            Dialect::ChatCompletions,
            "data: {\"error\":{\"message\":\"This model's maximum context length is 5 tokens.\",\"code\":\"context_length_exceeded\"}}\n\n",
            FailureKind::ContextLength,
            false,
        ),
        (
            Dialect::Gemini,
            "data: {\"error\":{\"code\":503,\"message\":\"The model is overloaded.\",\"status\":\"UNAVAILABLE\"}}\r\n\r\n",
            FailureKind::Overloaded,
            true,
        ),
        (
            Dialect::Interactions,
            "event: error\ndata: {\"error\":{\"code\":\"quota_exceeded\",\"message\":\"x\"},\"event_type\":\"error\"}\n\n",
            FailureKind::QuotaExhausted,
            false,
        ),
        (
            Dialect::Interactions,
            "data: {\"interaction\":{\"id\":\"v1_a\",\"status\":\"failed\"},\"event_type\":\"interaction.completed\"}\n\n",
            FailureKind::ServerError,
            true,
        ),
    ] {
        let body = ScriptedBody::new().data(": hi\n\n").data(event);
        match call(dialect, events(body)).await {
            Err(failure) => {
                assert!(transient, "{event}");
                assert_eq!(failure.kind(), kind, "{event}");
            }
            Ok(response) => {
                assert!(!transient, "{event}");
                let failure = Failure::of(response.extensions()).unwrap();
                assert_eq!(failure.kind(), kind, "{event}");
                assert_eq!(read(response).await.bytes, format!(": hi\n\n{event}"));
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_that_no_client_would_read_fails() {
    let start = "event: interaction.created\ndata: {\"interaction\":{\"id\":\"v1_a\"},\"event_type\":\"interaction.created\"}\n\n";
    for (code, kind, transient) in [
        ("prohibited_content", FailureKind::ContentFiltered, false),
        ("overloaded", FailureKind::Overloaded, true),
    ] {
        let error = format!("{{\"error\":{{\"code\":\"{code}\",\"message\":\"x\"}}}}");
        for end in ["", "\n", "\n\n"] {
            let body = ScriptedBody::new().data(start).data(error.clone() + end);
            let failure = call(Dialect::Interactions, events(body)).await.unwrap_err();
            assert_eq!(failure.kind(), kind, "{error}{end:?}");
            assert_eq!(failure.is_transient(), transient, "{error}{end:?}");
        }
    }
    for (code, message, kind, transient) in [
        (500, "Compute error.", FailureKind::ServerError, true),
        (
            400,
            "the request exceeds the available context size, try increasing it",
            FailureKind::ContextLength,
            false,
        ),
    ] {
        let error = format!("error: {{\"code\":{code},\"message\":\"{message}\"}}\n\n");
        let body = ScriptedBody::new().data(error).data("data: [DONE]\n\n");
        let failure = call(Dialect::ChatCompletions, events(body))
            .await
            .unwrap_err();
        assert_eq!((failure.kind(), failure.is_transient()), (kind, transient));
    }
}

#[tokio::test(start_paused = true)]
async fn a_marker_of_the_end_alone_is_no_answer() {
    for (dialect, end) in [
        (Dialect::Interactions, "event: done\ndata: [DONE]\n\n"),
        (Dialect::ChatCompletions, "data: [DONE]\n\n"),
        (Dialect::Messages, "data: {\"type\":\"message_stop\"}\n\n"),
    ] {
        let start = buttress_core::time::now();
        for body in [
            ScriptedBody::new().data(end),
            ScriptedBody::from(end).hang(),
        ] {
            let failure = call(dialect, events(body)).await.unwrap_err();
            assert_eq!(failure.kind(), FailureKind::StreamTruncated);
        }
        // Nothing follows that would have to be waited for.
        assert_eq!(buttress_core::time::now(), start);
    }
    let end = "data: {\"type\":\"response.incomplete\",\"response\":{\"id\":\"r\"}}\n\n";
    assert!(
        call(Dialect::Responses, events(ScriptedBody::from(end)))
            .await
            .is_ok()
    );
}

#[tokio::test(start_paused = true)]
async fn an_error_that_says_nothing_to_its_caller_fails() {
    let page = "<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>";
    let own = r#"{"error":{"message":"Busy","code":"server_is_overloaded"}}"#;
    for (status, body, fails) in [
        (503, "", true),
        (503, page, true),
        (503, " \n<p>busy", true),
        (503, own, false),
        (503, "busy", false),
        // What would not pass is for the server to say.
        (401, "", false),
        (404, "<html><h1>Not Found</h1></html>", false),
    ] {
        let mut response = Response::new(ScriptedBody::from(body));
        *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
        let headers = response.headers_mut();
        headers.insert("x-request-id", "req_7".parse().unwrap());
        headers.insert("retry-after", "3".parse().unwrap());
        match call(Dialect::Messages, Step::respond(response)).await {
            Ok(response) => {
                assert!(!fails, "{status} {body}");
                assert_eq!(read(response).await.bytes, body);
            }
            Err(failure) => {
                assert!(fails, "{status} {body}");
                let answered = Delivery::Answered(http::StatusCode::SERVICE_UNAVAILABLE);
                assert_eq!(failure.delivery(), answered);
                let reference = Reference::of(&failure).unwrap().to_string();
                assert!(reference.contains("req_7"), "{reference}");
                assert_eq!(failure.hint().unwrap().after(), Some(3 * SECOND));
            }
        }
    }
    // A page by its type alone.
    let mut busy = Response::new(ScriptedBody::from("busy"));
    *busy.status_mut() = http::StatusCode::SERVICE_UNAVAILABLE;
    let kind = "text/html; charset=utf-8".parse().unwrap();
    busy.headers_mut().insert("content-type", kind);
    assert!(call(Dialect::Messages, Step::respond(busy)).await.is_err());
    // Not a call to a model: nobody knows what its caller looks for.
    let request = Request::post("/orders").body(Full::default()).unwrap();
    let busy = Inner::new([Step::status(503)]);
    let response = AnswerLayer::new().layer(busy).oneshot(request).await;
    assert!(response.is_ok());
}

#[tokio::test(start_paused = true)]
async fn the_hold_is_bounded_in_bytes_and_time() {
    let start = buttress_core::time::now();
    let body = ScriptedBody::new().data(": a\n\n").hang();
    assert!(call(Dialect::Messages, events(body)).await.is_ok());
    assert_eq!(buttress_core::time::now() - start, 300 * SECOND);

    // Blank lines that keep the caller of a document waiting reach it in time.
    let start = buttress_core::time::now();
    let body = ScriptedBody::new()
        .data("\n")
        .wait(SECOND)
        .data("\n")
        .hang();
    assert!(call(Dialect::ChatCompletions, json(body)).await.is_ok());
    assert_eq!(buttress_core::time::now() - start, 60 * SECOND);

    let start = buttress_core::time::now();
    let mut body = ScriptedBody::new();
    for _ in 0..1025 {
        body = body.data(Bytes::from(vec![b':'; 1024]));
    }
    assert!(call(Dialect::Messages, events(body.hang())).await.is_ok());
    assert_eq!(buttress_core::time::now(), start);
}

/// Responses tell in each of their first events what they were asked for, tools included.
#[tokio::test(start_paused = true)]
async fn a_long_start_is_held_too() {
    let start = |kind: &str| {
        let tools = "x".repeat(200 << 10);
        format!("data: {{\"type\":\"{kind}\",\"response\":{{\"tools\":\"{tools}\"}}}}\n\n")
    };
    let error = "data: {\"type\":\"response.failed\",\"response\":{\"error\":{\"code\":\"server_error\"}}}\n\n";
    let body = start("response.created") + &start("response.in_progress") + error;
    let mut frames = ScriptedBody::new();
    for frame in body.as_bytes().chunks(16 << 10) {
        frames = frames.data(Bytes::copy_from_slice(frame));
    }
    let failure = call(Dialect::Responses, events(frames)).await.unwrap_err();
    assert_eq!(failure.kind(), FailureKind::ServerError);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_no_answer_whatever_it_is_called() {
    for kind in ["", "text/plain", "application/json", "text/event-stream"] {
        for (asked, path) in [
            (r#"{"messages":[],"stream":true}"#, "/v1/chat/completions"),
            (r#"{"messages":[]}"#, "/v1/chat/completions"),
            (
                r#"{"contents":[]}"#,
                "/v1beta/models/g:streamGenerateContent",
            ),
        ] {
            for (said, expected) in [("", None), (" \n", None), ("x", Some("x"))] {
                let mut step = Step::ok(ScriptedBody::new().data(said));
                if !kind.is_empty() {
                    step = step.header("content-type", kind);
                }
                let client = ServiceBuilder::new()
                    .layer(CallLayer::new())
                    .layer(AnswerLayer::new())
                    .service(ScriptedService::new([step.reading()]));
                let request = Request::post(path)
                    .body(Full::<Bytes>::from(asked))
                    .unwrap();
                let what = format!("{path} {asked} {kind} {said:?}");
                match (client.oneshot(request).await, expected) {
                    (Ok(response), Some(expected)) => {
                        assert_eq!(read(response).await.bytes, expected, "{what}");
                    }
                    (Err(failure), None) => {
                        assert_eq!(failure.kind(), FailureKind::StreamTruncated, "{what}");
                    }
                    // The rest of an event is missing.
                    (Err(_), Some(_)) if kind == "text/event-stream" => {}
                    (other, _) => panic!("{what}: {other:?}"),
                }
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_head_of_a_stream_has_a_limit_and_that_of_a_document_has_not() {
    for (body, after, expected) in [
        (r#"{"stream":true}"#, 29, Ok(())),
        (r#"{"stream":true}"#, 31, Err(FailureKind::TimeoutHead)),
        (r#"{"stream":false}"#, 31, Ok(())),
        ("{}", 3000, Ok(())),
    ] {
        let step = Step::status(404).reading().after(after * SECOND);
        let client = ServiceBuilder::new()
            .layer(CallLayer::new())
            .layer(AnswerLayer::new().stream_head(30 * SECOND))
            .service(ScriptedService::new([step]));
        let request = Request::post(path(Dialect::ChatCompletions));
        let request = request.body(Full::<Bytes>::from(body)).unwrap();
        let begun = buttress_core::time::now();
        let said = client.oneshot(request).await.map(drop);
        let limit = said.as_ref().err().and_then(Failure::limit);
        assert_eq!(
            limit.map(|limit| limit.limit),
            expected.err().map(|_| 30 * SECOND)
        );
        assert_eq!(
            said.map_err(|failure| failure.kind()),
            expected,
            "{body} after {after} s"
        );
        let took = (buttress_core::time::now() - begun).as_secs();
        assert_eq!(
            took,
            if expected.is_ok() {
                u64::from(after)
            } else {
                30
            }
        );
    }
}

#[tokio::test(start_paused = true)]
async fn others_are_not_touched() {
    let inner = Inner::new([Step::ok("").header("content-type", "application/json")]);
    let request = Request::post("/orders").body(Full::default()).unwrap();
    let response = AnswerLayer::new()
        .layer(inner)
        .oneshot(request)
        .await
        .unwrap();
    assert_eq!(read(response).await.bytes, "");
    // Coded: nothing can be said of it.
    let coded = json(ScriptedBody::from("{")).header("content-encoding", "gzip");
    assert!(call(Dialect::ChatCompletions, coded).await.is_ok());
    let said = r#"[{"candidates":[{"content":{"parts":[{"text":"x"}]}}]}"#;
    let array = json(ScriptedBody::new().data(said).hang());
    let mut request = Request::post("/v1beta/models/g:streamGenerateContent")
        .body(Full::default())
        .unwrap();
    let call = Call::recognise(request.method(), request.uri(), request.headers()).unwrap();
    request.extensions_mut().insert(call);
    let start = buttress_core::time::now();
    assert!(
        AnswerLayer::new()
            .layer(Inner::new([array]))
            .oneshot(request)
            .await
            .is_ok()
    );
    assert_eq!(buttress_core::time::now(), start);
}

#[tokio::test(start_paused = true)]
async fn what_proves_an_answer_is_not_waited_behind() {
    for (dialect, begun) in [
        // It has nothing to say, and has said why.
        (
            Dialect::ChatCompletions,
            "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"length\"}]}\n\n",
        ),
        // Nobody here can read it.
        (Dialect::Messages, "data: hello\n\n"),
        (Dialect::Messages, "\u{feff}data: hello\n\n"),
    ] {
        let start = buttress_core::time::now();
        let body = ScriptedBody::from(begun).hang();
        assert!(call(dialect, events(body)).await.is_ok(), "{begun}");
        assert_eq!(buttress_core::time::now(), start, "{begun}");
    }
    // Only the very first line may have a mark before it.
    let body = ScriptedBody::new()
        .data(": hi\n\n")
        .data("\u{feff}data: hello\n\n");
    assert!(call(Dialect::Messages, events(body)).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn what_stands_for_a_failure_already_is_not_looked_at() {
    let mut response = Response::new(ScriptedBody::from("data: "));
    let said = Failure::new(FailureKind::Auth);
    response.extensions_mut().insert(said);
    let kind = "text/event-stream".parse().unwrap();
    response.headers_mut().insert("content-type", kind);
    let response = call(Dialect::Messages, Step::respond(response))
        .await
        .unwrap();
    assert_eq!(read(response).await.bytes, "data: ");
}

#[tokio::test(start_paused = true)]
async fn what_is_held_is_counted() {
    let document = r#"{"content":[]}"#;
    let response = call(Dialect::Messages, json(ScriptedBody::from(document)))
        .await
        .unwrap();
    let mut body = response.into_body();
    let left = document.len() as u64;
    assert!(!body.is_end_stream() && body.size_hint().lower() >= left);
    let frame = http_body_util::BodyExt::frame(&mut body).await;
    assert_eq!(frame.unwrap().unwrap().into_data().unwrap(), document);
    assert_eq!(body.size_hint().lower(), 0);
    // An error is held to its end.
    let mut busy = Response::new(ScriptedBody::new().data("bu").data("sy"));
    *busy.status_mut() = http::StatusCode::SERVICE_UNAVAILABLE;
    let response = call(Dialect::Messages, Step::respond(busy)).await.unwrap();
    let mut body = response.into_body();
    for left in [4, 2] {
        assert!(!body.is_end_stream());
        assert_eq!(body.size_hint().exact(), Some(left));
        http_body_util::BodyExt::frame(&mut body)
            .await
            .unwrap()
            .unwrap();
    }
    assert!(body.is_end_stream());
    assert_eq!(body.size_hint().exact(), Some(0));
}

#[tokio::test(start_paused = true)]
async fn only_the_answer_to_a_call_for_one_document_needs_no_end() {
    let document = r#"{"choices":[]}"#;
    // What is asked for, what comes, and whether its bare end passes.
    for (asked, kind, said, passes) in [
        (r#"{"messages":[]}"#, "application/json", document, true),
        (r#"{"messages":[]}"#, "", document, true),
        (
            r#"{"messages":[],"stream":true}"#,
            "application/json",
            document,
            false,
        ),
        (r#"{"messages":[],"stream":true}"#, "", document, false),
        (r#"{"messages":[]}"#, "application/json", "odd", false),
        (r#"{"messages":[]}"#, "text/plain", document, false),
    ] {
        let mut step = Step::ok(ScriptedBody::from(said).io(ErrorKind::ConnectionReset));
        if !kind.is_empty() {
            step = step.header("content-type", kind);
        }
        let client = ServiceBuilder::new()
            .layer(CallLayer::new())
            .layer(AnswerLayer::new())
            .service(ScriptedService::new([step.reading()]));
        let request = Request::post(path(Dialect::ChatCompletions));
        let request = request.body(Full::<Bytes>::from(asked)).unwrap();
        let collected = read(client.oneshot(request).await.unwrap()).await;
        assert_eq!(collected.bytes, said, "{asked} {kind}");
        assert_eq!(collected.error.is_none(), passes, "{asked} {kind} {said}");
    }
}
