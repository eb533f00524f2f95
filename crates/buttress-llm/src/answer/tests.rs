mod array;
mod documents;
mod errors;
mod limits;
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
        // Of many short ones some are put together.
        let are_many = bytes.len() / piece > 64;
        assert!(are_many || collected.frames.iter().all(|len| *len <= piece));
    }
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
