//! Going on by asking the model to.

use super::*;
use serde_json::{Value, json};

fn text(text: &str) -> Answer {
    Answer {
        text: text.to_owned(),
        ..Answer::default()
    }
}

/// The events of an answer up to the end of its text.
fn begun(dialect: Dialect, said: &str, run: u32) -> String {
    let events = stream(dialect, &text(said), run, &mut Rng::with_seed(5));
    events[..events.len() - 3].concat()
}

#[tokio::test(start_paused = true)]
async fn the_model_goes_on_where_nothing_else_helps() {
    for dialect in [Dialect::Messages, Dialect::ChatCompletions] {
        // Cut, answered in other words, gone on with, cut again, gone on with.
        let inner = Inner::new([
            step(ScriptedBody::from(Bytes::from(begun(
                dialect,
                "Once upon \n",
                1,
            )))),
            whole(&stream(
                dialect,
                &text("There was"),
                2,
                &mut Rng::with_seed(5),
            )),
            step(ScriptedBody::from(Bytes::from(begun(
                dialect,
                " \na time",
                3,
            )))),
            whole(&stream(
                dialect,
                &text(", the end."),
                4,
                &mut Rng::with_seed(5),
            )),
        ]);
        let streams = Streams::new().prefill(true);
        let response = call(streams, request(dialect), &inner).await;
        let bytes = String::from_utf8_lossy(&response.body().bytes).into_owned();
        assert_eq!(response.body().end(), "clean end", "{dialect:?}");
        let got = put_together(dialect, bytes.as_bytes());
        assert_eq!(
            got.answer.text, "Once upon \na time, the end.",
            "{dialect:?}"
        );
        assert!(got.finished && got.ended);
        assert_eq!(
            got.ids
                .iter()
                .filter(|id| id.contains("_1") || id.contains("-1"))
                .count(),
            1
        );
        assert_eq!(
            bytes.matches(": continued by prefill\n\n").count(),
            2,
            "{bytes}"
        );
        for (place, said) in [(2, "Once upon"), (3, "Once upon \na time")] {
            let body = inner.take_collected(place).unwrap().bytes;
            let body: Value = serde_json::from_slice(&body).unwrap();
            let last = json!([{"role": "assistant", "content": said}]);
            assert_eq!(body["messages"], last, "{dialect:?}");
            let flag = (dialect == Dialect::ChatCompletions).then_some(true);
            assert_eq!(body["continue_final_message"].as_bool(), flag);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn it_is_not_asked_where_it_would_not_fit() {
    let call_begun = |dialect| {
        let events = stream(dialect, &small(dialect), 1, &mut Rng::with_seed(5));
        events[..events.len() - 4].concat()
    };
    let own = r#"{"max_tokens":9,"messages":[{"role":"assistant","content":"I"}],"stream":true}"#;
    let mut sent_back = request(Dialect::Messages);
    *sent_back.body_mut() = Full::from(own);
    let mut two = request(Dialect::ChatCompletions);
    *two.body_mut() = Full::from(r#"{"messages":[],"n":2,"stream":true}"#);
    for (what, dialect, streams, request, first) in [
        (
            "two answers",
            Dialect::ChatCompletions,
            Streams::new().prefill(true),
            two,
            begun(Dialect::ChatCompletions, "Hi", 1),
        ),
        (
            "not allowed",
            Dialect::Messages,
            Streams::new(),
            request(Dialect::Messages),
            begun(Dialect::Messages, "Hi", 1),
        ),
        (
            "a tool call",
            Dialect::Messages,
            Streams::new().prefill(true),
            request(Dialect::Messages),
            call_begun(Dialect::Messages),
        ),
        (
            "sent back",
            Dialect::Messages,
            Streams::new().prefill(true),
            sent_back,
            begun(Dialect::Messages, "Hi", 1),
        ),
    ] {
        let inner = Inner::new([step(ScriptedBody::from(Bytes::from(first)))]);
        let inner = inner.then(|parts| {
            let dialect = crate::Call::of(&parts.extensions)
                .unwrap()
                .dialect()
                .unwrap();
            whole(&stream(dialect, &text("Other"), 2, &mut Rng::with_seed(5)))
        });
        let response = call(streams, request, &inner).await;
        check_honest(&response, dialect, what);
        assert!(inner.calls().len() <= 2, "{what}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_model_that_cannot_ends_it() {
    let mut refused = Response::new(ScriptedBody::from(
        r#"{"type":"error","error":{"type":"invalid_request_error","message":"This model does not support assistant message prefill."}}"#,
    ));
    *refused.status_mut() = http::StatusCode::BAD_REQUEST;
    let inner = Inner::new([
        step(ScriptedBody::from(Bytes::from(begun(
            Dialect::Messages,
            "Once",
            1,
        )))),
        Step::respond(refused).reading(),
    ]);
    let streams = Streams::new().replay(false).prefill(true);
    let response = call(streams, request(Dialect::Messages), &inner).await;
    check_honest(&response, Dialect::Messages, "refused");
}
