//! The whole stack over a server that cuts its streams.

mod background;
mod calls;
mod prefill;

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
async fn a_stream_without_its_last_marker_is_completed_not_repeated() {
    for dialect in [
        Dialect::ChatCompletions,
        Dialect::Completions,
        Dialect::Messages,
    ] {
        let answer = small(dialect);
        let events = stream(dialect, &answer, 1, &mut Rng::with_seed(5));
        let lacking = events[..events.len() - 1].concat();
        for end in [None, Some(ErrorKind::ConnectionReset)] {
            let body = ScriptedBody::new().data(lacking.clone());
            let body = match end {
                None => body,
                Some(kind) => body.io(kind),
            };
            let inner = Inner::new([step(body)]);
            let response = call(Streams::new(), request(dialect), &inner).await;
            assert_eq!(response.body().end(), "clean end");
            let got = put_together(dialect, &response.body().bytes);
            assert!(got.finished && got.ended);
            assert!(response.body().bytes.starts_with(lacking.as_bytes()));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn several_answers_of_which_one_is_whole_are_a_torso() {
    let chat = |index: u32, rest: &str| {
        format!(
            "data: {{\"choices\":[{{\"index\":{index},\"delta\":{{\"content\":\"x\"}}{rest}}}]}}\n\n"
        )
    };
    let candidate = |index: u32, rest: &str| {
        let content = "\"content\":{\"parts\":[{\"text\":\"x\"}]}";
        format!("data: {{\"candidates\":[{{\"index\":{index},{content}{rest}}}]}}\n\n")
    };
    let stop = ",\"finish_reason\":\"stop\"";
    let gemini = ",\"finishReason\":\"STOP\"";
    for (path, body, events, wholes) in [
        (
            "/v1/chat/completions",
            r#"{"n":2,"messages":[],"stream":true}"#,
            chat(1, "") + &chat(0, stop),
            chat(1, stop),
        ),
        (
            "/v1/completions",
            r#"{"prompt":["a","b"],"stream":true}"#,
            chat(1, "") + &chat(0, stop),
            chat(1, stop) + "data: [DONE]\n\n",
        ),
        (
            "/v1beta/models/g:streamGenerateContent?alt=sse",
            r#"{"contents":[],"generationConfig":{"candidateCount":2}}"#,
            candidate(1, "") + &candidate(0, gemini),
            candidate(1, gemini),
        ),
    ] {
        let ask = || {
            let request = Request::post(format!("https://api.example.com{path}"));
            request.body(Full::from(body)).unwrap()
        };
        let torso = || ScriptedBody::new().data(events.clone());
        for body in [torso(), torso().io(ErrorKind::ConnectionReset)] {
            let response = call(Streams::new(), ask(), &Inner::new([step(body)])).await;
            assert!(response.body().error.is_some(), "{path}");
        }
        let body = ScriptedBody::new().data(events + &wholes);
        let response = call(Streams::new(), ask(), &Inner::new([step(body)])).await;
        assert_eq!(response.body().end(), "clean end", "{path}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_is_whole_stays_as_it_was_however_it_ends() {
    for dialect in Dialect::ALL {
        let events = stream(*dialect, &small(*dialect), 1, &mut Rng::with_seed(5)).concat();
        let body = ScriptedBody::new()
            .data(events.clone())
            .io(ErrorKind::ConnectionReset);
        let response = call(Streams::new(), request(*dialect), &Inner::new([step(body)])).await;
        assert_eq!(response.body().end(), "clean end", "{dialect:?}");
        assert_eq!(response.body().bytes, events, "{dialect:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_in_mid_stream_is_mended_if_it_may_pass_and_passed_on_if_not() {
    for (dialect, error, passing) in [
        (
            Dialect::Messages,
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n",
            true,
        ),
        (
            Dialect::ChatCompletions,
            "data: {\"error\":{\"message\":\"Provider returned error\",\"code\":502}}\n\n",
            true,
        ),
        (
            Dialect::Responses,
            "event: response.failed\ndata: {\"type\":\"response.failed\",\"sequence_number\":9,\"response\":{\"error\":{\"code\":\"server_error\",\"message\":\"x\"}}}\n\n",
            true,
        ),
        (
            Dialect::Gemini,
            "data: {\"error\":{\"code\":503,\"message\":\"overloaded\",\"status\":\"UNAVAILABLE\"}}\n\n",
            true,
        ),
        (
            Dialect::Interactions,
            "event: error\ndata: {\"error\":{\"code\":\"overloaded\",\"message\":\"x\"},\"event_type\":\"error\"}\n\n",
            true,
        ),
        (
            Dialect::ChatCompletions,
            "data: {\"error\":{\"message\":\"no\",\"code\":\"insufficient_quota\"}}\n\n",
            false,
        ),
    ] {
        let answer = small(dialect);
        let mut rng = Rng::with_seed(5);
        let first = stream(dialect, &answer, 1, &mut rng);
        let half = first[..first.len().saturating_sub(4).max(1)].concat() + error;
        let second = stream(dialect, &answer, 2, &mut rng);
        let inner = Inner::new([
            step(ScriptedBody::from(Bytes::from(half.clone()))),
            whole(&second),
        ]);
        let response = call(Streams::new(), request(dialect), &inner).await;
        let got = put_together(dialect, &response.body().bytes);
        assert_eq!(response.body().end(), "clean end", "{error}");
        if passing {
            assert_eq!(normal(got.answer), normal(answer), "{error}");
            assert_eq!(got.errors, 0, "{error}");
        } else {
            assert_eq!(response.body().bytes, half);
            assert_eq!(inner.calls().len(), 1);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_that_no_client_would_read_is_said_so_that_they_do() {
    let dialect = Dialect::Interactions;
    let events = stream(dialect, &small(dialect), 1, &mut Rng::with_seed(5));
    let half = events[..5].concat();
    let bare = "{\"error\":{\"code\":\"prohibited_content\",\"message\":\"x\"}}\n\n";
    let inner = Inner::new([step(ScriptedBody::from(Bytes::from(half.clone() + bare)))]);
    let response = call(Streams::new(), request(dialect), &inner).await;
    check_honest(&response, dialect, bare);
    let failure = response.body().error.as_ref().unwrap();
    let failure = failure.downcast_ref::<Failure>().unwrap();
    assert_eq!(failure.kind(), FailureKind::ContentFiltered);
    let said = String::from_utf8_lossy(&response.body().bytes);
    let event = said.strip_prefix(&*half).unwrap();
    assert!(event.starts_with("event: error\ndata: {\"error\":{\"code\":\"prohibited_content\""));
}

#[tokio::test(start_paused = true)]
async fn an_end_for_a_reason_of_the_server_or_the_network_is_no_end() {
    let dialect = Dialect::ChatCompletions;
    let answer = small(dialect);
    let mut rng = Rng::with_seed(5);
    let first = stream(dialect, &answer, 1, &mut rng);
    let second = stream(dialect, &answer, 2, &mut rng);
    for reason in ["network_error", "abort", "insufficient_system_resource"] {
        let broken = format!(
            "data: {{\"choices\":[{{\"index\":0,\"finish_reason\":\"{reason}\",\"delta\":{{}}}}]}}\n\n"
        );
        for begun in [0, 5] {
            let half = first[..begun].concat() + &broken + "data: [DONE]\n\n";
            let half = step(ScriptedBody::from(Bytes::from(half)));
            let inner = Inner::new([half, whole(&second)]);
            let response = call(Streams::new(), request(dialect), &inner).await;
            assert_eq!(response.body().end(), "clean end", "{reason} {begun}");
            let got = put_together(dialect, &response.body().bytes);
            let said = normal(got.answer);
            assert_eq!(said, normal(answer.clone()), "{reason} {begun}");
        }
    }
}

/// llama.cpp's server says what went wrong in a field of its own, and then that all is done.
#[tokio::test(start_paused = true)]
async fn an_error_in_a_field_of_its_own_is_not_taken_for_the_end() {
    let dialect = Dialect::ChatCompletions;
    let answer = small(dialect);
    let mut rng = Rng::with_seed(5);
    let first = stream(dialect, &answer, 1, &mut rng);
    let second = stream(dialect, &answer, 2, &mut rng);
    let half = first[..5].concat();
    let error =
        "error: {\"code\":500,\"message\":\"Compute error.\",\"type\":\"server_error\"}\n\n";
    let broken = format!("{half}{error}data: [DONE]\n\n");
    let broken = || step(ScriptedBody::from(Bytes::from(broken.clone())));
    let inner = Inner::new([broken(), whole(&second)]);
    let response = call(Streams::new(), request(dialect), &inner).await;
    assert_eq!(response.body().end(), "clean end");
    let got = put_together(dialect, &response.body().bytes);
    assert_eq!(normal(got.answer), normal(answer));

    let inner = Inner::new([broken()]);
    let response = call(Streams::new().replay(false), request(dialect), &inner).await;
    check_honest(&response, dialect, "not asked again");
}

#[tokio::test(start_paused = true)]
async fn a_call_that_only_one_stored_interaction_knows_stays_with_it() {
    let dialect = Dialect::Interactions;
    let answer = small(dialect);
    let mut rng = Rng::with_seed(5);
    let first = stream(dialect, &answer, 1, &mut rng);
    let begins = first
        .iter()
        .position(|event| event.contains("fc_1_0"))
        .unwrap();
    for (store, cut, expected) in [
        ("", begins, true),
        ("", begins + 1, false),
        (r#""store":true,"#, begins + 2, false),
        (r#""store":false,"#, begins + 2, true),
    ] {
        let body = format!(r#"{{"model":"m","input":"x",{store}"stream":true}}"#);
        let request = Request::post("https://api.example.com/v1beta/interactions");
        let request = request.body(Full::from(body)).unwrap();
        let second = stream(dialect, &answer, 2, &mut rng);
        let inner = Inner::new([whole(&first[..cut]), whole(&second)]);
        let response = call(Streams::new(), request, &inner).await;
        let what = format!("{store} {cut}");
        if expected {
            let got = put_together(dialect, &response.body().bytes);
            assert_eq!(response.body().end(), "clean end", "{what}");
            assert_eq!(normal(got.answer), normal(answer.clone()), "{what}");
        } else {
            check_honest(&response, dialect, &what);
            assert_eq!(inner.calls().len(), 1, "{what}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_next_turn_names_by_its_id_is_not_joined_from_two_responses() {
    let dialect = Dialect::Responses;
    let mut rng = Rng::with_seed(5);
    let answer = small(dialect);
    let first = stream(dialect, &answer, 1, &mut rng);
    let begins = |what: &str| first.iter().position(|event| event.contains(what)).unwrap();
    let (text, item) = (
        begins("output_text.delta") + 1,
        begins("\"function_call\"") + 1,
    );
    for (asked, cut, is_joined) in [
        ("", text, true),
        ("", item, true),
        (r#""previous_response_id":null,"#, item, true),
        (r#""previous_response_id":"resp_0","#, 0, true),
        (r#""previous_response_id":"resp_0","#, text, false),
        (r#""conversation":{"id":"conv_0"},"#, text, false),
        (r#""conversation":"conv_0","#, item, false),
        (r#""metadata":{"conversation":"conv_0"},"#, item, true),
        (
            r#""store":false,"previous_response_id":"resp_0","#,
            item,
            true,
        ),
    ] {
        let body = format!(r#"{{"model":"m","input":"x",{asked}"stream":true}}"#);
        let request = Request::post("https://api.example.com/v1/responses");
        let request = request.body(Full::from(body)).unwrap();
        let second = stream(dialect, &answer, 2, &mut rng);
        let inner = Inner::new([whole(&first[..cut]), whole(&second)]);
        let response = call(Streams::new(), request, &inner).await;
        let what = format!("{asked} {cut}");
        if is_joined {
            assert_eq!(response.body().end(), "clean end", "{what}");
            assert_eq!(inner.calls().len(), 2, "{what}");
        } else {
            check_honest(&response, dialect, &what);
            assert_eq!(inner.calls().len(), 1, "{what}");
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
