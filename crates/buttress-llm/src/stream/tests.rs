//! The whole stack over a server that cuts its streams.

mod background;
mod calls;
mod ends;
mod errors;
mod prefill;
mod stored;

use super::*;
use crate::samples::{Answer, normal, put_together, seed, stream};
use crate::{AnswerLayer, CallLayer, Dialect};
use buttress_core::{Backoff, Failure, FailureKind, StopReason};
use buttress_humanize::HumanizeLayer;
use buttress_resume::{ResumeConfig, ResumeLayer};
use buttress_retry::{Consent, RetryConfig, RetryLayer};
use buttress_testkit::{Collected, ScriptedBody, ScriptedService, Step, collect};
use bytes::Bytes;
use fastrand::Rng;
use http::{Request, Response};
use http_body_util::Full;
use std::io::ErrorKind;
use std::time::Duration;
use tower::{ServiceBuilder, ServiceExt};

type Body = crate::CallBody<Full<Bytes>>;
type Inner = ScriptedService<Body>;

fn request(dialect: Dialect) -> Request<Full<Bytes>> {
    let (path, body) = match dialect {
        Dialect::ChatCompletions => ("/v1/chat/completions", r#"{"messages":[],"stream":true}"#),
        Dialect::Completions => ("/v1/completions", r#"{"prompt":"x","stream":true}"#),
        Dialect::Responses => ("/v1/responses", r#"{"input":"x","stream":true}"#),
        Dialect::Messages => (
            "/v1/messages",
            r#"{"max_tokens":9,"messages":[],"stream":true}"#,
        ),
        Dialect::Gemini => (
            "/v1beta/models/g:streamGenerateContent?alt=sse",
            r#"{"contents":[]}"#,
        ),
        Dialect::Interactions => (
            "/v1beta/interactions",
            r#"{"model":"m","input":"x","store":false,"stream":true}"#,
        ),
    };
    Request::post(format!("https://api.example.com{path}"))
        .body(Full::from(body))
        .unwrap()
}

async fn call(
    streams: Streams,
    request: Request<Full<Bytes>>,
    inner: &Inner,
) -> Response<Collected> {
    let backoff = Backoff::constant(Duration::from_secs(1));
    let retry = RetryConfig::builder()
        .attempts(3)
        .backoff(backoff)
        .consent(Consent::Always);
    let resume = ResumeConfig::builder().tries(3).backoff(backoff);
    let stack = ServiceBuilder::new()
        .layer(CallLayer::new())
        .layer(HumanizeLayer::new().into_responses())
        .layer(ResumeLayer::new(resume.build().unwrap()).with_cursor(streams))
        .layer(RetryLayer::new(retry.build().unwrap()))
        .layer(AnswerLayer::new())
        .map_request(|request: Request<Body>| request)
        .service(inner.clone());
    let Ok(response) = stack.oneshot(request).await;
    let (head, body) = response.into_parts();
    let collected = collect(body).await;
    assert_eq!(collected.lies, []);
    Response::from_parts(head, collected)
}

fn step(body: ScriptedBody) -> Step<Body> {
    Step::ok(body)
        .reading()
        .header("content-type", "text/event-stream")
}

fn whole(events: &[String]) -> Step<Body> {
    step(ScriptedBody::from(Bytes::from(events.concat())))
}

/// In frames of any size.
fn framed(bytes: &[u8], rng: &mut Rng) -> ScriptedBody {
    let mut body = ScriptedBody::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let (frame, after) = rest.split_at(rng.usize(1..=rest.len().min(400)));
        body = body.data(Bytes::copy_from_slice(frame));
        rest = after;
    }
    body
}

fn small(dialect: Dialect) -> Answer {
    let call = ("ls".to_owned(), r#"{"a":"é"}"#.to_owned());
    Answer {
        reasoning: String::new(),
        text: "Hé, \\you!".to_owned(),
        calls: if dialect == Dialect::Completions {
            vec![]
        } else {
            vec![call]
        },
    }
}

/// Ends in an error that clients see, and in no other way.
fn check_honest(response: &Response<Collected>, dialect: Dialect, what: &str) {
    let collected = response.body();
    if !response.status().is_success() {
        return;
    }
    let got = put_together(dialect, &collected.bytes);
    assert!(collected.error.is_some(), "{what}: it ended cleanly");
    assert!(got.errors > 0, "{what}: nothing was said");
    assert!(!got.finished && !got.ended, "{what}");
}

#[tokio::test(start_paused = true)]
async fn cut_at_any_byte_it_is_whole() {
    let seed = seed();
    let mut rng = Rng::with_seed(seed);
    for dialect in Dialect::ALL {
        let answer = small(*dialect);
        let first = stream(*dialect, &answer, 1, &mut rng).concat().into_bytes();
        for cut in 0..first.len() {
            let what = format!(
                "seed {seed}, {dialect:?}, cut at {cut}\n{}",
                String::from_utf8_lossy(&first[..cut])
            );
            let second = stream(*dialect, &answer, 2, &mut rng).concat().into_bytes();
            let body = framed(&first[..cut], &mut rng);
            let body = if rng.bool() {
                body
            } else {
                body.io(ErrorKind::ConnectionReset)
            };
            let inner = Inner::new([step(body), step(framed(&second, &mut rng))]);
            let response = call(Streams::new(), request(*dialect), &inner).await;
            let collected = response.body();
            assert_eq!(response.status(), 200, "{what}");
            assert_eq!(collected.end(), "clean end", "{what}");
            let got = put_together(*dialect, &collected.bytes);
            assert_eq!(
                normal(got.answer),
                normal(answer.clone()),
                "{what}\nGOT\n{:?}",
                collected.bytes
            );
            assert!(got.finished && got.ended, "{what}");
            // The ids of the stream that began, if it was passed on at all.
            let begun = put_together(*dialect, &first[..cut]);
            if !begun.answer.text.is_empty() {
                assert!(begun.ids.iter().all(|id| got.ids.contains(id)), "{what}");
            }
            assert!(inner.calls().len() <= 2, "{what}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn another_answer_is_never_joined() {
    let seed = seed();
    let mut rng = Rng::with_seed(seed);
    for dialect in Dialect::ALL {
        let answer = small(*dialect);
        let other = Answer {
            text: "Hé, \\you?".to_owned(),
            ..answer.clone()
        };
        let first = stream(*dialect, &answer, 1, &mut rng).concat().into_bytes();
        for cut in (0..first.len()).step_by(3) {
            let what = format!("seed {seed}, {dialect:?}, cut at {cut}");
            let inner = Inner::new([step(framed(&first[..cut], &mut rng))]);
            let mut second = rng.clone();
            let with = other.clone();
            let of = *dialect;
            let inner = inner.then(move |_| {
                let bytes = stream(of, &with, 2, &mut second).concat().into_bytes();
                step(framed(&bytes, &mut second))
            });
            let response = call(Streams::new(), request(*dialect), &inner).await;
            let got = put_together(*dialect, &response.body().bytes);
            let said = normal(got.answer.clone());
            if response.body().error.is_none() && response.status() == 200 {
                // One or the other, and all of it.
                let is_one = said == normal(answer.clone()) || said == normal(other.clone());
                assert!(is_one && got.finished, "{what}: {said:?}");
            } else {
                check_honest(&response, *dialect, &what);
                assert!(answer.text.starts_with(&said.text), "{what}: {said:?}");
                let failure = response.body().error.as_ref().unwrap();
                let failure = failure.downcast_ref::<Failure>().unwrap();
                // A new turn gets a whole answer.
                assert!(failure.is_transient() && !failure.is_exhausted(), "{what}");
                assert_eq!(failure.stopped(), Some(StopReason::AnswerDiffers), "{what}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_way_to_go_on_it_ends_honestly() {
    for dialect in Dialect::ALL {
        let events = stream(*dialect, &small(*dialect), 1, &mut Rng::with_seed(5));
        let half = events[..events.len().saturating_sub(3).max(1)].concat();
        for (streams, then) in [
            (Streams::new().replay(false), 200),
            (Streams::new().max_kept(0), 200),
            (Streams::new(), 503),
        ] {
            let what = format!("{dialect:?} {streams:?}");
            let half = half.clone();
            let inner = Inner::new([step(ScriptedBody::from(Bytes::from(half)))]).then(move |_| {
                if then == 200 {
                    step(ScriptedBody::new())
                } else {
                    Step::status(then)
                }
            });
            let response = call(streams, request(*dialect), &inner).await;
            assert_eq!(response.status(), 200);
            check_honest(&response, *dialect, &what);
            let failure = response
                .body()
                .error
                .as_ref()
                .unwrap()
                .downcast_ref::<Failure>()
                .unwrap();
            if then == 200 {
                assert_eq!(failure.stopped(), Some(StopReason::NotResumable), "{what}");
                assert_eq!(failure.kind(), FailureKind::StreamTruncated, "{what}");
                assert_eq!(inner.calls().len(), 1);
            } else {
                assert!(failure.is_exhausted(), "{what}");
                assert!(
                    inner.calls().len() <= 1 + 3,
                    "{what}: {}",
                    inner.calls().len()
                );
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn keep_alives_pass_while_the_same_is_said_again() {
    let chunk = |text: &str| {
        format!("data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{text}\"}}}}]}}\n\n")
    };
    let end = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    let inner = Inner::new([
        step(ScriptedBody::from(Bytes::from(chunk("Hel")))),
        step(ScriptedBody::from(Bytes::from(
            chunk("He") + ": alive\n\n" + &chunk("llo") + end,
        ))),
    ]);
    let response = call(Streams::new(), request(Dialect::ChatCompletions), &inner).await;
    let expected = chunk("Hel") + ": alive\n\n" + &chunk("lo") + end;
    assert_eq!(response.body().bytes, expected);
}
