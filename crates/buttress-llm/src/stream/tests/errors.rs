//! Errors in the place of the rest.

use super::*;

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

/// It ends the stream that its caller knows.
#[tokio::test(start_paused = true)]
async fn a_last_word_of_another_stream_has_the_id_and_the_number_of_the_first() {
    let dialect = Dialect::Responses;
    let mut rng = Rng::with_seed(5);
    let first = stream(dialect, &small(dialect), 1, &mut rng);
    let second = stream(dialect, &small(dialect), 2, &mut rng);
    let failed = |run: u32, number: u32| {
        let error = "{\"code\":\"insufficient_quota\",\"message\":\"x\"}";
        let response = format!("{{\"id\":\"resp_{run}\",\"error\":{error}}}");
        format!(
            "event: response.failed\ndata: {{\"type\":\"response.failed\",\"sequence_number\":{number},\"response\":{response}}}\n\n"
        )
    };
    let broken = second[..5].concat() + &failed(2, 5);
    let broken = step(ScriptedBody::from(Bytes::from(broken)));
    let inner = Inner::new([whole(&first[..8]), broken]);
    let response = call(Streams::new(), request(dialect), &inner).await;
    let expected = first[..8].concat() + &failed(1, 8);
    assert_eq!(response.body().bytes, expected);
    assert_eq!(response.body().end(), "clean end");
}
