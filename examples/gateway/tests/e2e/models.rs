//! Calls to language models in every dialect, through every fault.

mod heard;

use self::heard::hear;
use crate::support::{Running, limits, whole, within};
use buttress_llm::{AnswerLayer, Streams};
use buttress_testkit::{Api, At, Canned, Cut, Fault, Origin, Reply, Script};
use bytes::Bytes;
use gateway::Limits;
use gateway::stack::RepeatPosts;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use serde_json::Value;
use std::time::Duration;

const REPLY: Reply = Reply::new(7, 1, 30);

async fn world(script: impl Into<Script>) -> (Origin, Running) {
    let origin = Origin::builder().reply(REPLY).script(script).start().await;
    let limits = Limits {
        attempt: Limits::waits()
            .first_frame(Duration::from_millis(300))
            .head(Duration::from_millis(300))
            .idle(Duration::from_millis(300))
            .build()
            .unwrap(),
        ..limits()
    };
    let gateway = Running::with(&origin.url(""), limits, Duration::MAX).await;
    (origin, gateway)
}

async fn ask(gateway: &Running, api: Api, body: Bytes) -> Response<Incoming> {
    let request = Request::post(gateway.url(api.path()))
        .header("content-type", "application/json")
        .body(Full::new(body))
        .unwrap();
    within(crate::support::client().request(request))
        .await
        .unwrap()
}

fn cut(events: usize, how: Cut) -> Fault {
    let at = At::Events(events);
    Fault::CutAfter { at, how }
}

#[tokio::test]
async fn a_fault_before_output_is_never_noticed() {
    let empty = Canned::new(200).header("content-type", "text/event-stream");
    let busy = "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\
                \"code\":\"server_overloaded\",\"message\":\"Overloaded\"}}\n\n";
    let overloaded = Canned::new(200)
        .header("content-type", "text/event-stream")
        .body(busy);
    for fault in [
        Fault::CloseOnAccept(Cut::Rst),
        Fault::CutBeforeHead(Cut::Fin),
        Fault::CutBeforeHead(Cut::Rst),
        Fault::Garbage,
        Fault::StallBeforeHead,
        Fault::status(500),
        Fault::status(502),
        Fault::status(503),
        Fault::status(529),
        Fault::from(Canned::new(429).header("retry-after", "0")),
        Fault::from(Canned::html(502, "Bad gateway")),
        Fault::from(Canned::html(200, "Sign in to the network")),
        Fault::from(empty),
        Fault::from(overloaded),
        cut(0, Cut::Rst),
        cut(1, Cut::Fin),
        Fault::EndAfter(At::Events(0)),
        Fault::EndAfter(At::Events(1)),
        Fault::StallAfter(At::Events(0)),
        Fault::StallAfter(At::Events(1)),
    ] {
        for api in Api::ALL {
            is_mended(api, fault.clone()).await;
        }
    }
}

/// One fault, which the caller sees nothing of, and the upstream no more than two calls.
async fn is_mended(api: Api, fault: Fault) {
    let about = format!("{api:?}: {fault}");
    let (origin, gateway) = world([fault]).await;
    let response = ask(&gateway, api, api.request()).await;
    assert_eq!(response.status(), StatusCode::OK, "{about}");
    let body = whole(response)
        .await
        .unwrap_or_else(|e| panic!("{about}: {e}"));
    let heard = hear(api, &body);
    assert_eq!(heard.text, REPLY.text(), "{about}");
    assert!(heard.finished && heard.errors == 0, "{about}: {heard:?}");
    assert!(heard.ids.len() <= 1, "{about}: {heard:?}");
    assert!(origin.log().len() <= 2, "{about}");
}

#[tokio::test]
async fn what_is_longer_than_may_be_held_is_passed_on_as_it_comes() {
    let half = || {
        let half = Canned::new(200).header("content-type", "application/json");
        Script::always(Fault::from(half.body(r#"{"choices":[{"index":0,"#)))
    };
    for (answers, status, tries) in [
        (AnswerLayer::new(), 502, 5),
        (AnswerLayer::new().max_document(8), 200, 1),
    ] {
        let origin = Origin::builder().script(half()).start().await;
        let limits = Limits {
            answers,
            ..limits()
        };
        let gateway = Running::with(&origin.url(""), limits, Duration::MAX).await;
        let mut question: Value = serde_json::from_slice(&Api::Chat.request()).unwrap();
        question["stream"] = false.into();
        let response = ask(&gateway, Api::Chat, question.to_string().into()).await;
        assert_eq!(response.status(), status);
        whole(response).await.unwrap();
        assert_eq!(origin.log().len(), tries);
    }
}

#[tokio::test]
async fn an_answer_that_is_cut_goes_on_where_the_same_is_said_again() {
    for api in Api::ALL {
        for events in [3, 9, 25, 33] {
            for fault in [
                cut(events, Cut::Rst),
                cut(events, Cut::Fin),
                Fault::EndAfter(At::Events(events)),
                Fault::StallAfter(At::Events(events)),
            ] {
                is_mended(api, fault).await;
            }
        }
    }
}

#[tokio::test]
async fn a_call_of_a_tool_is_delivered_whole_and_once() {
    let tools = |api: Api| {
        let mut body: Value = serde_json::from_slice(&api.request()).unwrap();
        body["tools"] = serde_json::json!([{"name": "look_up"}]);
        Bytes::from(body.to_string())
    };
    for api in [Api::Chat, Api::Responses, Api::Messages, Api::Interactions] {
        let events = REPLY.events(api, 1, true).len();
        for at in 3..events {
            let about = format!("{api:?}: cut after {at} of {events} events");
            let (_origin, gateway) = world([cut(at, Cut::Rst)]).await;
            let response = ask(&gateway, api, tools(api)).await;
            let body = whole(response)
                .await
                .unwrap_or_else(|e| panic!("{about}: {e}"));
            let heard = hear(api, &body);
            assert_eq!(heard.text, REPLY.text(), "{about}");
            assert_eq!(heard.arguments, REPLY.arguments(), "{about}");
            assert!(heard.finished && heard.errors == 0, "{about}: {heard:?}");
        }
    }
}

#[tokio::test]
async fn two_answers_are_never_joined() {
    for api in Api::ALL {
        let script = Script::of([cut(9, Cut::Rst)]).then(Fault::Version(2));
        let (_origin, gateway) = world(script).await;
        let mut response = ask(&gateway, api, api.request()).await;
        assert_eq!(response.status(), StatusCode::OK);
        let mut read = Vec::new();
        let broke = loop {
            match within(response.body_mut().frame()).await {
                Some(Ok(frame)) => read.extend_from_slice(frame.data_ref().unwrap()),
                Some(Err(_)) => break true,
                None => break false,
            }
        };
        let heard = hear(api, &read);
        assert!(REPLY.text().starts_with(&heard.text), "{api:?}: {heard:?}");
        assert!(broke, "{api:?}: an end that looks like one");
        // Responses says it in two ways, as clients look for one or the other.
        assert!(!heard.finished && heard.errors > 0, "{api:?}: {heard:?}");
    }
}

#[tokio::test]
async fn who_wants_no_post_sent_twice_gets_none_joined_either() {
    for (repeat, again) in [(RepeatPosts::ToModels, true), (RepeatPosts::None, false)] {
        for streams in [
            Streams::new(),
            Streams::new().replay(false).prefill(true),
            Streams::new().prefill(true),
        ] {
            let origin = Origin::builder()
                .reply(REPLY)
                .script(cut(9, Cut::Rst))
                .start()
                .await;
            let limits = Limits {
                repeat,
                streams,
                ..limits()
            };
            let gateway = Running::with(&origin.url(""), limits, Duration::MAX).await;
            let response = ask(&gateway, Api::Chat, Api::Chat.request()).await;
            let is_whole = whole(response).await.is_ok();
            let about = format!("{repeat:?} {streams:?}");
            assert_eq!(origin.log().len() > 1, again, "{about}");
            assert!(again || !is_whole, "{about}");
        }
    }
}

#[tokio::test]
async fn an_answer_in_one_piece_is_whole_or_asked_for_again() {
    let plain = |api: Api| {
        let mut body: Value = serde_json::from_slice(&api.request()).unwrap();
        body["stream"] = Value::Bool(false);
        Bytes::from(body.to_string())
    };
    for api in [Api::Chat, Api::Responses, Api::Messages, Api::Interactions] {
        for fault in [
            Fault::EndAfter(At::Bytes(100)),
            Fault::cut_after_bytes(100, Cut::Rst),
            Fault::from(Canned::new(200).header("content-type", "application/json")),
        ] {
            let about = format!("{api:?}: {fault}");
            let (_origin, gateway) = world([fault]).await;
            let response = ask(&gateway, api, plain(api)).await;
            assert_eq!(response.status(), StatusCode::OK, "{about}");
            let body = whole(response)
                .await
                .unwrap_or_else(|e| panic!("{about}: {e}"));
            assert_eq!(body, REPLY.whole(api, 2, false), "{about}");
        }
    }
}

/// Embeddings and the like: one document, and never a stream.
#[tokio::test]
async fn a_document_of_another_kind_is_whole_or_asked_for_again() {
    let document = r#"{"object":"list","data":[{"embedding":[0.25,0.5]}],"input_tokens":9}"#;
    let answer = Canned::new(200)
        .header("content-type", "application/json")
        .body(document);
    for (method, path) in [
        ("POST", "/v1/embeddings"),
        ("POST", "/v1/messages/count_tokens"),
        ("GET", "/v1/models"),
    ] {
        for fault in [
            Fault::EndAfter(At::Bytes(20)),
            Fault::cut_after_bytes(20, Cut::Rst),
        ] {
            let about = format!("{method} {path}: {fault}");
            let torso = Fault::from(answer.clone()).and(fault);
            let script = Script::of([torso]).then(Fault::from(answer.clone()));
            let (origin, gateway) = world(script).await;
            let request = Request::builder().method(method).uri(gateway.url(path));
            let request = request.body(Full::from("{\"input\":\"x\"}")).unwrap();
            let response = within(crate::support::client().request(request)).await;
            let body = whole(response.unwrap()).await;
            assert_eq!(
                body.unwrap_or_else(|e| panic!("{about}: {e}")),
                document,
                "{about}"
            );
            assert_eq!(origin.log().len(), 2, "{about}");
        }
    }
}

#[tokio::test]
async fn what_lasts_ends_in_an_error_of_the_api() {
    for api in Api::ALL {
        let (origin, gateway) = world(Script::always(Fault::status(503))).await;
        let response = ask(&gateway, api, api.request()).await;
        assert_eq!(response.status(), 503, "{api:?}");
        assert_eq!(response.headers()["x-should-retry"], "false", "{api:?}");
        assert_eq!(origin.log().len(), 5, "{api:?}");
    }
}

#[tokio::test]
async fn a_page_instead_of_an_answer_is_explained_in_the_words_of_the_api() {
    for api in Api::ALL {
        let page = Fault::from(Canned::html(200, "Sign in to the network"));
        let (_origin, gateway) = world(Script::always(page)).await;
        let response = ask(&gateway, api, api.request()).await;
        assert_eq!(response.status(), 502, "{api:?}");
        let body = whole(response).await.unwrap();
        let body: Value = serde_json::from_slice(&body).unwrap();
        let message = body["error"]["message"].as_str().unwrap();
        assert!(message.contains("sign"), "{api:?}: {message}");
    }
}

/// Programs with models have pages at addresses like those of an API.
#[tokio::test]
async fn a_browser_gets_the_page_and_a_client_of_the_api_an_error_of_the_api() {
    for (accept, is_page) in [
        ("text/html,application/xhtml+xml,*/*;q=0.8", true),
        ("application/json", false),
    ] {
        let page = Fault::from(Canned::html(503, "Down for repairs"));
        let (_origin, gateway) = world(Script::always(page)).await;
        let request = Request::get(gateway.url("/models")).header("accept", accept);
        let response = gateway.send(request).await;
        assert_eq!(response.status(), 503, "{accept}");
        let body = whole(response).await.unwrap();
        let body = String::from_utf8_lossy(&body);
        assert_eq!(body.contains("Down for repairs"), is_page, "{body}");
        assert_eq!(body.starts_with("{\"error\":"), !is_page, "{body}");
    }
}

#[tokio::test]
async fn nobody_to_connect_to_is_explained_in_the_words_of_the_api() {
    for api in Api::ALL {
        let nobody = buttress_testkit::Refused::new();
        let gateway = Running::new(&nobody.url("")).await;
        let response = ask(&gateway, api, api.request()).await;
        assert_eq!(response.status(), 502, "{api:?}");
        assert_eq!(response.headers()["x-should-retry"], "false", "{api:?}");
        let body = whole(response).await.unwrap();
        let body: Value = serde_json::from_slice(&body).unwrap();
        assert!(body["error"]["message"].is_string(), "{api:?}: {body}");
    }
}

#[tokio::test]
async fn quota_is_not_asked_for_again() {
    let spent = r#"{"error":{"message":"You exceeded your current quota, please check your plan and billing details.","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}"#;
    let answer = Canned::new(429)
        .header("content-type", "application/json")
        .body(spent);
    let (origin, gateway) = world(Script::always(Fault::from(answer))).await;
    let response = ask(&gateway, Api::Chat, Api::Chat.request()).await;
    assert_eq!(response.status(), 429);
    assert_eq!(whole(response).await.unwrap(), spent);
    assert_eq!(origin.log().len(), 1);
}

#[tokio::test]
async fn an_error_after_signs_of_life_reaches_the_client() {
    let error = r#"{"error":{"message":"Incorrect API key","code":"invalid_api_key"}}"#;
    let refused = Canned::new(401)
        .header("content-type", "application/json")
        .body(error);
    let late = Fault::Delay(Duration::from_millis(200)).and(Fault::from(refused));
    let origin = Origin::builder().script(late).start().await;
    let limits = Limits {
        keep_alive: Duration::from_millis(20),
        ..limits()
    };
    let gateway = Running::with(&origin.url(""), limits, Duration::MAX).await;
    let response = ask(&gateway, Api::Chat, Api::Chat.request()).await;
    assert_eq!(response.status(), 200);
    let mut body = response.into_body();
    let mut got = Vec::new();
    while let Some(Ok(frame)) = within(body.frame()).await {
        got.extend_from_slice(frame.data_ref().unwrap());
    }
    let got = String::from_utf8(got).unwrap();
    let event = got.trim_start_matches(": keep-alive\n\n");
    assert_eq!(event, format!("data: {error}\n\n"));
    assert!(event.len() < got.len(), "it was waited for");
    let line = gateway.log.line().await;
    assert!(line.contains(" end=cut failure=auth"), "{line}");
}

#[tokio::test]
async fn nothing_is_changed_when_nothing_fails() {
    for api in Api::ALL {
        let (_origin, gateway) = world(Script::honest()).await;
        let body = whole(ask(&gateway, api, api.request()).await)
            .await
            .unwrap();
        let expected: Vec<u8> = REPLY.events(api, 1, false).concat();
        assert_eq!(body, expected, "{api:?}");
    }
}
