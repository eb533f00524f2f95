//! Answers that are one document, and error responses.

use super::*;

#[tokio::test(start_paused = true)]
async fn a_document_that_is_cut_is_no_answer() {
    let document = r#"{"id":"x","choices":[{"message":{"content":"}"}}],"error":null}"#;
    for cut in 0..=document.len() {
        let body = ScriptedBody::new()
            .data(&document[..cut / 2])
            .data(&document[cut / 2..cut]);
        let whole = cut == document.len();
        match call(Dialect::ChatCompletions, json(body)).await {
            Ok(response) => {
                assert!(whole);
                assert_eq!(read(response).await.bytes, document);
            }
            Err(failure) => {
                assert!(!whole);
                assert_eq!(failure.kind(), FailureKind::StreamTruncated);
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_whole_document_needs_no_end() {
    let document = r#"{"choices":[{"message":{"content":"}"}}]}"#;
    let (first, last) = document.split_at(9);
    let body = || ScriptedBody::new().data(first).data(last);
    let length = document.len() + 1;
    let slow = ScriptedBody::new().data(first).wait(SECOND).data(last);
    let odd = ScriptedBody::new().data(document).data("}");
    for (what, body, length, ends) in [
        ("reset", body().io(ErrorKind::ConnectionReset), None, Ok(0)),
        ("silence", body().hang(), None, Ok(2)),
        ("a wait before it", slow.hang(), None, Ok(3)),
        ("odd", odd.io(ErrorKind::ConnectionReset), None, Err(())),
        ("late", body().wait(SECOND).data("\n"), None, Ok(1)),
        // It is a promise to the caller too.
        (
            "length",
            body().io(ErrorKind::ConnectionReset),
            Some(length),
            Err(()),
        ),
        // Whatever that is, it is not one document.
        (
            "more",
            body().data(first).io(ErrorKind::ConnectionReset),
            None,
            Err(()),
        ),
    ] {
        let mut step = Step::ok(body).header("content-type", "application/json");
        if let Some(length) = length {
            step = step.header("content-length", length.to_string());
        }
        let client = ServiceBuilder::new()
            .layer(CallLayer::new())
            .layer(AnswerLayer::new())
            .service(ScriptedService::new([step.reading()]));
        let request = Request::post(path(Dialect::ChatCompletions));
        let question = r#"{"model":"m","messages":[]}"#;
        let request = request.body(Full::<Bytes>::from(question)).unwrap();
        let began = buttress_core::time::now();
        let response = client.oneshot(request).await.unwrap();
        let collected = read(response).await;
        let took = (buttress_core::time::now() - began).as_secs();
        assert_eq!(collected.error.is_some(), ends.is_err(), "{what}");
        assert!(collected.bytes.starts_with(document.as_bytes()), "{what}");
        assert_eq!(took, ends.unwrap_or(0), "{what}");
    }
}

/// The server gave up, and says so where the reason for the end would be.
#[tokio::test(start_paused = true)]
async fn a_document_with_an_answer_that_was_broken_off_is_none() {
    let choice = |reason: &str| {
        format!(r#"{{"index":0,"message":{{"content":"Once upon"}},"finish_reason":{reason}}}"#)
    };
    let stop = choice(r#""stop""#);
    let long = format!(r#"{{"x":"{}"}}"#, "y".repeat(64 << 10));
    for (choices, fails) in [
        (choice(r#""abort""#), true),
        (choice(r#""error""#), true),
        (choice(r#""insufficient_system_resource""#), true),
        (format!("{stop},{}", choice(r#""error""#)), true),
        (choice(r#""stop","error":{"code":502,"message":"x"}"#), true),
        (choice(r#""stop","error":null"#), false),
        (stop.clone(), false),
        (choice(r#""length""#), false),
        (choice("null"), false),
        // What a model speaks of.
        (
            stop.replace("Once upon", r#"\"finish_reason\":\"error\""#),
            false,
        ),
        (format!("{stop},{long},{}", choice(r#""error""#)), false),
    ] {
        let document = format!(r#"{{"id":"a","choices":[{choices}],"error":null}}"#);
        for pieces in [1, 2] {
            let mut body = ScriptedBody::new();
            for piece in document.as_bytes().chunks(document.len() / pieces) {
                body = body.data(Bytes::copy_from_slice(piece));
            }
            let told = call(Dialect::ChatCompletions, json(body)).await;
            assert_eq!(told.is_err(), fails, "{choices:.200} {pieces}");
            if let Err(failure) = told {
                let kinds = [FailureKind::ServerError, FailureKind::BadGateway];
                assert!(kinds.contains(&failure.kind()), "{choices:.200}");
                assert!(failure.is_transient());
            }
        }
    }
    // An error beside it that says nothing does not make it whole.
    for error in [r#""""#, "{}", "[]", "false"] {
        let half = choice(r#""abort""#);
        let document = format!(r#"{{"id":"a","choices":[{half}],"error":{error}}}"#);
        let told = call(Dialect::ChatCompletions, json(document.into())).await;
        assert_eq!(
            told.unwrap_err().kind(),
            FailureKind::ServerError,
            "{error}"
        );
    }
    // What no further try would mend is said in the server's words.
    let flagged = choice(r#""stop","error":{"code":403,"message":"Your prompt was flagged"}"#);
    let document = format!(r#"{{"id":"a","choices":[{flagged}]}}"#);
    let told = call(Dialect::ChatCompletions, json(document.into())).await;
    let told = told.unwrap();
    let failure = Failure::of(told.extensions()).unwrap();
    assert_eq!(failure.kind(), FailureKind::ContentFiltered);
    // A member of that name means nothing elsewhere.
    let other = r#"{"content":[{"text":"x"}],"choices":[{"finish_reason":"error"}]}"#;
    assert!(call(Dialect::Messages, json(other.into())).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn documents_that_are_errors_and_pages_are_no_answers() {
    let busy = r#"{"error":{"message":"Provider returned error","code":502}}"#;
    let failure = call(Dialect::ChatCompletions, json(ScriptedBody::from(busy)))
        .await
        .unwrap_err();
    assert!(failure.is_transient());
    let wrong = r#"{"error":{"message":"No credits","code":402}}"#;
    let response = call(Dialect::ChatCompletions, json(ScriptedBody::from(wrong)))
        .await
        .unwrap();
    assert_eq!(
        Failure::of(response.extensions()).unwrap().kind(),
        FailureKind::QuotaExhausted
    );
    let page = "<html><head><title>502 Bad Gateway</title></head></html>";
    for kind in ["text/html; charset=utf-8", "application/json"] {
        let step = Step::ok(ScriptedBody::from(page)).header("content-type", kind);
        let failure = call(Dialect::ChatCompletions, step).await.unwrap_err();
        assert_eq!(failure.kind(), FailureKind::BadGateway, "{kind}");
        assert!(failure.is_transient());
    }
    let behind_a_blank = ScriptedBody::new().data("\n").data(page);
    let failure = call(Dialect::ChatCompletions, json(behind_a_blank))
        .await
        .unwrap_err();
    assert_eq!(failure.kind(), FailureKind::BadGateway);
    // Some say so with status 200, and have no member of that name.
    for (said, kind, transient) in [
        (
            r#"{"id":"a","choices":null,"base_resp":{"status_code":1002,"status_msg":"rate limit"}}"#,
            FailureKind::RateLimited,
            true,
        ),
        (
            r#"{"base_resp":{"status_code":1008,"status_msg":"insufficient balance"}}"#,
            FailureKind::QuotaExhausted,
            false,
        ),
        (
            r#"{"code":"Throttling","message":"Too many requests","request_id":"r"}"#,
            FailureKind::RateLimited,
            true,
        ),
        (
            r#"{"id":"a","data":null,"code":429,"message":"Too many requests"}"#,
            FailureKind::RateLimited,
            true,
        ),
        (
            r#"{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{}}"#,
            FailureKind::ContentFiltered,
            false,
        ),
        // Words and nothing else, as servers in Python say it.
        (
            r#"{"detail":"Rate limit exceeded"}"#,
            FailureKind::RateLimited,
            true,
        ),
        (
            r#"{"message":"The engine is currently overloaded, please try again later"}"#,
            FailureKind::Overloaded,
            true,
        ),
        (r#"{"detail":"Invalid API key"}"#, FailureKind::Auth, false),
        (
            r#"{"detail":{"error":{"code":429,"message":"x"}}}"#,
            FailureKind::RateLimited,
            true,
        ),
        (
            r#"[{"error":{"code":429,"message":"x"}}]"#,
            FailureKind::RateLimited,
            true,
        ),
    ] {
        let (found, stands) = match call(Dialect::ChatCompletions, json(said.into())).await {
            Ok(response) => (Failure::of(response.extensions()).cloned(), true),
            Err(failure) => (Some(failure), false),
        };
        assert_eq!(found.unwrap().kind(), kind, "{said}");
        assert_eq!(stands, !transient, "{said}");
    }
    for (dialect, answer) in [
        (
            Dialect::ChatCompletions,
            r#"{"choices":[],"code":429,"message":"Too many requests"}"#,
        ),
        (
            Dialect::ChatCompletions,
            r#"{"choices":[{}],"base_resp":{"status_code":0,"status_msg":""}}"#,
        ),
        (
            Dialect::Messages,
            r#"{"type":"message","content":[{"type":"text","text":"rate limit exceeded"}]}"#,
        ),
        (
            Dialect::Interactions,
            r#"{"id":"v1_a","status":"in_progress","object":"interaction"}"#,
        ),
        // What a tool is called with, what it has said, and what it may be called with.
        (
            Dialect::Interactions,
            r#"{"id":"v1_a","status":"requires_action","steps":[{"type":"function_call","id":"f","name":"report","arguments":{"error":"E_X1"}}]}"#,
        ),
        (
            Dialect::Interactions,
            r#"{"id":"v1_a","status":"completed","outputs":[{"type":"function_result","result":{"error":"ENOENT"}}]}"#,
        ),
        (
            Dialect::Interactions,
            r#"{"id":"v1_a","status":"in_progress","tools":[{"parameters":{"properties":{"error":{"type":"string"}}}}]}"#,
        ),
        (
            Dialect::Messages,
            r#"{"input_tokens":9,"tools":[{"input_schema":{"properties":{"error":{"type":"string"}}}}]}"#,
        ),
        // Code Assist wraps its answers.
        (
            Dialect::Gemini,
            r#"{"response":{"candidates":[{"content":{"parts":[{"functionCall":{"args":{"error":"E_X1"}}}]}}]}}"#,
        ),
        // An answer of another kind stands beside the code.
        (
            Dialect::ChatCompletions,
            r#"{"code":429,"message":"Too many requests","data":[{"embedding":[1]}]}"#,
        ),
        (
            Dialect::ChatCompletions,
            r#"{"code":200,"message":"success","usage":{"total_tokens":9}}"#,
        ),
        (
            Dialect::ChatCompletions,
            r#"{"code":"ok","message":"success"}"#,
        ),
        (Dialect::ChatCompletions, "{}"),
        (Dialect::ChatCompletions, r#"{"detail":"Bonjour"}"#),
        (
            Dialect::ChatCompletions,
            r#"{"id":"x","detail":"Rate limit exceeded"}"#,
        ),
        (
            Dialect::ChatCompletions,
            r#"{"text":"Rate limit exceeded"}"#,
        ),
    ] {
        let response = call(dialect, json(answer.into())).await.unwrap();
        assert!(Failure::of(response.extensions()).is_none(), "{answer}");
    }
    // An error that says nothing is none.
    for none in ["null", "\"\"", "{}", "[]", "false"] {
        let document = format!(r#"{{"choices":[],"error":{none}}}"#);
        let body = ScriptedBody::from(Bytes::from(document.clone()));
        let response = call(Dialect::ChatCompletions, json(body)).await.unwrap();
        assert!(Failure::of(response.extensions()).is_none(), "{none}");
        assert_eq!(read(response).await.bytes, document);
    }
    // What is neither is not for this layer to judge.
    for (first, second) in [("hello", ""), ("{}", "<html>"), (r#"{"a":""#, "<b>\"}{}")] {
        let body = ScriptedBody::new().data(first).data(second);
        let response = call(Dialect::ChatCompletions, json(body)).await.unwrap();
        assert_eq!(read(response).await.bytes, format!("{first}{second}"));
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_status_is_classified_by_its_body_which_is_kept() {
    let quota =
        r#"{"error":{"message":"You exceeded your current quota","code":"insufficient_quota"}}"#;
    for (body, error, has_trailers) in [
        (ScriptedBody::from(quota), Some(false), false),
        (
            ScriptedBody::new().data(quota).trailers(HeaderMap::new()),
            Some(false),
            true,
        ),
        (
            ScriptedBody::new()
                .data(quota)
                .io(ErrorKind::ConnectionReset),
            Some(true),
            false,
        ),
        (ScriptedBody::new().data(quota).hang(), None, false),
    ] {
        let mut response = Response::new(body);
        *response.status_mut() = http::StatusCode::TOO_MANY_REQUESTS;
        let start = buttress_core::time::now();
        let response = call(Dialect::ChatCompletions, Step::respond(response))
            .await
            .unwrap();
        let failure = Failure::of(response.extensions()).unwrap();
        assert_eq!(failure.kind(), FailureKind::QuotaExhausted);
        assert!(!failure.is_transient());
        let Some(error) = error else {
            // It goes on hanging.
            assert_eq!(buttress_core::time::now() - start, 5 * SECOND);
            continue;
        };
        let collected = read(response).await;
        assert_eq!(collected.bytes, quota);
        assert_eq!(collected.error.is_some(), error);
        assert_eq!(collected.trailers.is_some(), has_trailers);
    }
}

/// google.rpc's `RetryInfo`, in an answer and in a stream that says nothing else.
#[tokio::test(start_paused = true)]
async fn gemini_says_in_the_body_when_to_come_back() {
    let error = r#"{"error":{"code":429,"message":"Resource exhausted.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.5s"}]}}"#;
    let mut refused = Response::new(ScriptedBody::from(error));
    *refused.status_mut() = http::StatusCode::TOO_MANY_REQUESTS;
    let refused = call(Dialect::Gemini, Step::respond(refused)).await.unwrap();
    let stream = events(ScriptedBody::from(Bytes::from(format!(
        "data: {error}\r\n\r\n"
    ))));
    let failed = call(Dialect::Gemini, stream).await.unwrap_err();
    for failure in [Failure::of(refused.extensions()).unwrap(), &failed] {
        assert_eq!(failure.kind(), FailureKind::RateLimited);
        let after = failure.hint().and_then(buttress_core::Hint::after);
        assert_eq!(after, Some(Duration::from_millis(34_500)));
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_with_status_200_is_asked_for_again() {
    for (page, kind) in [
        ("<html><title>Welcome</title></html>", "text/html"),
        ("<html><title>Sign in</title></html>", "text/html"),
        (
            "<html><title>Sign in</title></html>",
            "application/xhtml+xml",
        ),
    ] {
        let step = Step::ok(ScriptedBody::from(page)).header("content-type", kind);
        let failure = call(Dialect::Messages, step).await.unwrap_err();
        assert_eq!(failure.kind(), FailureKind::CaptivePortal, "{page}");
        assert!(failure.is_transient(), "{page}");
    }
}
