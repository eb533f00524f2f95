//! Errors in the place of an answer.

use super::*;

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
