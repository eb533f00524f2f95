//! Gemini's streams that are one array, growing.

use super::*;

async fn ask(body: ScriptedBody) -> Result<Response<AnswerBody<ScriptedBody>>, Failure> {
    let step = Step::ok(body).header("content-type", "application/json");
    let client = ServiceBuilder::new()
        .layer(CallLayer::new())
        .layer(AnswerLayer::new())
        .service(ScriptedService::new([step.reading()]));
    let request = Request::post("/v1beta/models/g:streamGenerateContent");
    let request = request.body(Full::<Bytes>::from(r#"{"contents":[]}"#));
    client.oneshot(request.unwrap()).await
}

const ARRAY: &str = "[{\"usageMetadata\":{\"a\":1}}\n,\r\n{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"}]\"}]}}]}\n,\r\n{\"candidates\":[{\"finishReason\":\"STOP\"}]}\n]";

#[tokio::test(start_paused = true)]
async fn an_array_that_is_cut_never_ends_as_if_it_were_whole() {
    let said = ARRAY.find("]}}]}").unwrap() + "]}}]}".len();
    for cut in 0..=ARRAY.len() {
        for size in [1, 7, ARRAY.len()] {
            let what = format!("cut at {cut} by {size}");
            let mut body = ScriptedBody::new();
            for piece in ARRAY.as_bytes()[..cut].chunks(size) {
                body = body.data(Bytes::copy_from_slice(piece));
            }
            match ask(body).await {
                Err(failure) => {
                    assert!(cut < said, "{what}");
                    assert_eq!(failure.kind(), FailureKind::StreamTruncated, "{what}");
                    assert!(failure.is_transient(), "{what}");
                }
                Ok(response) => {
                    assert!(cut >= said, "{what}");
                    assert!(!response.body().is_end_stream(), "{what}");
                    let got = read(response).await;
                    assert_eq!(got.bytes, &ARRAY[..cut], "{what}");
                    assert_eq!(got.error.is_none(), cut == ARRAY.len(), "{what}");
                }
            }
        }
    }
    // What breaks behind it, and what comes behind it, are passed on.
    let broken = ScriptedBody::new().data(ARRAY);
    let broken = ask(broken.io(ErrorKind::ConnectionReset)).await.unwrap();
    assert!(read(broken).await.error.is_some());
    let blank = ScriptedBody::new().data(ARRAY).wait(SECOND).data("\n");
    assert_eq!(read(ask(blank).await.unwrap()).await.end(), "clean end");
}

#[tokio::test(start_paused = true)]
async fn an_element_that_is_an_error_fails_or_stands() {
    let busy = r#"{"error":{"code":503,"message":"overloaded","status":"UNAVAILABLE"}}"#;
    let wrong = r#"{"error":{"code":400,"message":"bad","status":"INVALID_ARGUMENT"}}"#;
    for (said, transient) in [
        (format!("[{busy}]"), true),
        (format!("[{busy}\n"), true),
        (busy.to_owned(), true),
        (format!("[{{}},{busy}]"), true),
        (format!("[{wrong}]"), false),
        (wrong.to_owned(), false),
    ] {
        match ask(ScriptedBody::from(Bytes::from(said.clone())).hang()).await {
            Err(failure) => assert!(transient && failure.is_transient(), "{said}"),
            Ok(response) => {
                assert!(!transient, "{said}");
                assert!(Failure::of(response.extensions()).is_some(), "{said}");
            }
        }
    }
    let blocked = r#"[{"promptFeedback":{"blockReason":"SAFETY"}}]"#;
    let got = read(ask(blocked.into()).await.unwrap()).await;
    assert_eq!(
        (got.bytes.as_ref(), got.end()),
        (blocked.as_bytes(), "clean end".into())
    );
    // Said by itself it is not for this layer to judge.
    let odd = read(ask("odd".into()).await.unwrap()).await;
    assert_eq!(odd.end(), "clean end");
    for empty in ["[]", "[{}]", "[\n"] {
        let failure = ask(empty.into()).await.unwrap_err();
        assert_eq!(failure.kind(), FailureKind::StreamTruncated, "{empty}");
    }
}

/// It is passed on as it grows, and held in no more room than other streams.
#[tokio::test(start_paused = true)]
async fn an_array_is_held_up_to_its_first_words() {
    let said = ARRAY.find("\n,\r\n{\"candidates\":[{\"fin").unwrap();
    let start = buttress_core::time::now();
    let body = ScriptedBody::new().data(&ARRAY[..said]).hang();
    assert!(ask(body).await.is_ok());
    let mut long = ScriptedBody::new().data("[{\"a\":\"");
    for _ in 0..1025 {
        long = long.data(Bytes::from(vec![b'}'; 1024]));
    }
    assert!(ask(long.hang()).await.is_ok());
    assert_eq!(buttress_core::time::now(), start);
}
