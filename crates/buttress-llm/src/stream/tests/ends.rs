//! Ends with and without their markers.

use super::*;

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

/// Models that know of one candidate only give one, however many are asked for; and no marker tells
/// that it was the last.
#[tokio::test(start_paused = true)]
async fn fewer_candidates_than_were_asked_for_are_whole_where_the_stream_just_ends() {
    let candidate = |index: u32, rest: &str| {
        let content = "\"content\":{\"parts\":[{\"text\":\"x\"}]}";
        format!("data: {{\"candidates\":[{{\"index\":{index},{content}{rest}}}]}}\n\n")
    };
    let stop = ",\"finishReason\":\"STOP\"";
    let (first, second) = (candidate(0, stop), candidate(1, ""));
    for (events, is_broken, expected) in [
        (first.clone(), false, true),
        (candidate(0, "") + &first, false, true),
        // What breaks may have had more to say.
        (first.clone(), true, false),
        (first.clone() + "data: {\"cand", false, false),
        (second + &first, false, false),
        (candidate(0, ""), false, false),
    ] {
        let request = Request::post("/v1beta/models/g:streamGenerateContent?alt=sse");
        let request = request.body(Full::from(
            r#"{"contents":[],"generationConfig":{"candidateCount":2}}"#,
        ));
        let mut body = ScriptedBody::new().data(events.clone());
        if is_broken {
            body = body.io(ErrorKind::ConnectionReset);
        }
        let inner = Inner::new([step(body)]);
        let response = call(Streams::new(), request.unwrap(), &inner).await;
        let got = response.body();
        assert_eq!(got.error.is_none(), expected, "{events} {is_broken}");
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
