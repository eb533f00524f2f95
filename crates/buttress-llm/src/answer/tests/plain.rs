//! Calls whose answers are never streams: embeddings, lists of models, counts of tokens.

use super::*;
use buttress_core::Backoff;
use buttress_retry::{Consent, RetryConfig, RetryLayer};
use http::Method;

/// Asks with consent, three times at most.
async fn ask(
    method: Method,
    path: &str,
    server: &ScriptedService<crate::CallBody<Full<Bytes>>>,
) -> Result<(Option<Failure>, Collected), Failure> {
    ask_for(method, path, "*/*", server).await
}

/// The same, for one of these kinds of answers.
async fn ask_for(
    method: Method,
    path: &str,
    kinds: &str,
    server: &ScriptedService<crate::CallBody<Full<Bytes>>>,
) -> Result<(Option<Failure>, Collected), Failure> {
    let retry = RetryConfig::builder()
        .attempts(3)
        .backoff(Backoff::none())
        .consent(Consent::Always);
    let client = ServiceBuilder::new()
        .layer(CallLayer::new())
        .layer(RetryLayer::new(retry.build().unwrap()))
        .layer(AnswerLayer::new())
        .service(server.clone());
    let request = Request::builder().method(method).uri(path);
    let request = request.header("accept-encoding", "gzip");
    let request = request.header("accept", kinds);
    let request = request.body(Full::<Bytes>::from("{\"input\":\"x\"}"));
    let response = client.oneshot(request.unwrap()).await?;
    let attached = Failure::of(response.extensions()).cloned();
    let collected = collect(response.into_body()).await;
    assert_eq!(collected.lies, []);
    Ok((attached, collected))
}

fn answer(kind: &str, body: ScriptedBody) -> Step<crate::CallBody<Full<Bytes>>> {
    Step::ok(body).reading().header("content-type", kind)
}

const DOCUMENT: &str = r#"{"object":"list","data":[{"embedding":[0.1,0.2]}],"model":"m"}"#;

#[tokio::test(start_paused = true)]
async fn a_document_that_is_cut_is_asked_for_again() {
    for (method, path, is_held) in [
        (Method::POST, "/v1/embeddings", true),
        (
            Method::POST,
            "/openai/deployments/x/embeddings?api-version=1",
            true,
        ),
        (Method::POST, "/v1/moderations", true),
        (Method::POST, "/v2/rerank", true),
        (Method::POST, "/v1/images/generations", true),
        (Method::POST, "/v1/audio/transcriptions", true),
        (Method::POST, "/v1/messages/count_tokens?beta=true", true),
        (Method::POST, "/v1/responses/input_tokens", true),
        (Method::POST, "/v1/responses/compact", true),
        (Method::POST, "/v1beta/models/g:embedContent", true),
        (Method::GET, "/v1/models", true),
        (Method::GET, "/v1/models/m", true),
        (Method::GET, "/v1/responses/resp_1", true),
        (Method::POST, "/v1/files", false),
        (Method::GET, "/v1/files", false),
    ] {
        for cut in [0, 9, DOCUMENT.len() - 1] {
            for ends in [true, false] {
                let half = ScriptedBody::new().data(&DOCUMENT[..cut]);
                let half = if ends {
                    half
                } else {
                    half.io(ErrorKind::ConnectionReset)
                };
                let json = "application/json; charset=utf-8";
                let server =
                    ScriptedService::new([answer(json, half), answer(json, DOCUMENT.into())]);
                let (_, got) = ask(method.clone(), path, &server).await.unwrap();
                let asked = server.calls()[0].parts.headers["accept-encoding"].clone();
                let what = format!("{method} {path} {cut} {ends}");
                if is_held {
                    assert_eq!(got.bytes, DOCUMENT, "{what}");
                    assert_eq!(got.end(), "clean end", "{what}");
                    assert_eq!(
                        (server.calls().len(), asked.to_str().unwrap()),
                        (2, "identity"),
                        "{what}"
                    );
                } else {
                    assert_eq!(got.bytes, &DOCUMENT[..cut], "{what}");
                    assert_eq!(
                        (server.calls().len(), asked.to_str().unwrap()),
                        (1, "gzip"),
                        "{what}"
                    );
                }
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_asked_for_is_judged_and_what_was_kept_is_not() {
    let busy = r#"{"error":{"code":"server_error","message":"x"}}"#;
    let failed =
        r#"{"id":"resp_1","status":"failed","error":{"code":"server_error","message":"x"}}"#;
    let page = "<html><title>Models</title></html>";
    let json = "application/json";
    for (method, path, kind, said, again) in [
        (Method::POST, "/v1/embeddings", json, busy, true),
        (Method::POST, "/v1/embeddings", "text/html", page, true),
        // What is said in an answer is none.
        (
            Method::POST,
            "/v1/moderations",
            json,
            r#"{"id":"m","results":[{"flagged":true,"categories":{"error":true}}]}"#,
            false,
        ),
        (
            Method::POST,
            "/v1/audio/transcriptions",
            json,
            r#"{"text":"Rate limit exceeded, it said."}"#,
            false,
        ),
        (
            Method::POST,
            "/v2/rerank",
            json,
            r#"{"results":[{"index":0,"document":{"error":"429 Too Many Requests"}}],"meta":{"code":1}}"#,
            false,
        ),
        // So it ended, however often it is asked for.
        (Method::GET, "/v1/responses/resp_1", json, failed, false),
        // The page of a program with models.
        (Method::GET, "/models", "text/html", page, false),
        (Method::GET, "/models", json, page, false),
        // Images can come as a stream, which is not this layer's affair.
        (
            Method::POST,
            "/v1/images/generations",
            "text/event-stream",
            "data: {}\n\n",
            false,
        ),
    ] {
        let first = answer(kind, ScriptedBody::from(said));
        let server = ScriptedService::new([first, answer(json, DOCUMENT.into())]);
        let (attached, got) = ask(method, path, &server).await.unwrap();
        let expected = if again { DOCUMENT } else { said };
        assert_eq!(got.bytes, expected, "{path} {said}");
        assert_eq!(server.calls().len(), 1 + usize::from(again), "{path}");
        assert!(attached.is_none(), "{path} {said}");
    }
}

/// A page of a program with models has an address like that of an API.
#[tokio::test(start_paused = true)]
async fn a_page_that_a_browser_asks_for_is_no_call() {
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    for (method, path, kinds, is_call) in [
        (Method::GET, "/models", browser, false),
        (Method::GET, "/v1/models/m", browser, false),
        (Method::GET, "/v1/responses/resp_1", browser, false),
        (Method::GET, "/models", "application/json", true),
        (
            Method::GET,
            "/models",
            "application/json, text/plain, */*",
            true,
        ),
        // As Java asks by itself.
        (
            Method::GET,
            "/models",
            "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2",
            true,
        ),
        (Method::GET, "/models", "", true),
        // What it sends is known, whatever it accepts.
        (Method::POST, "/v1/embeddings", browser, true),
    ] {
        let busy = || {
            let mut busy = Response::new(ScriptedBody::from("<h1>Busy</h1>"));
            *busy.status_mut() = http::StatusCode::SERVICE_UNAVAILABLE;
            Step::respond(busy).reading()
        };
        let server = ScriptedService::new([busy(), busy(), busy()]);
        let told = ask_for(method, path, kinds, &server).await;
        assert_eq!(server.calls().len(), 3, "{path} {kinds}");
        let asked = &server.calls()[0].parts;
        assert_eq!(
            Call::of(&asked.extensions).is_some(),
            is_call,
            "{path} {kinds}"
        );
        match told {
            // Words that an API's clients understand take the place of the page.
            Err(failure) => assert!(is_call && failure.is_exhausted(), "{path} {kinds}"),
            Ok((failure, got)) => {
                assert!(!is_call && failure.is_some(), "{path} {kinds}");
                assert_eq!(got.bytes, "<h1>Busy</h1>", "{path} {kinds}");
            }
        }
    }
}

/// A batch of embeddings is longer than any answer in words.
#[tokio::test(start_paused = true)]
async fn a_long_document_is_held_up_to_a_limit() {
    for (length, is_held) in [((8 << 20) - 20, true), (8 << 20, false)] {
        let document = format!(r#"{{"data":["{}"]}}"#, "x".repeat(length));
        let mut half = ScriptedBody::new();
        for piece in document.as_bytes()[..document.len() - 4].chunks(64 << 10) {
            half = half.data(Bytes::copy_from_slice(piece));
        }
        let server = ScriptedService::new([
            answer("application/json", half),
            answer("application/json", DOCUMENT.into()),
        ]);
        let (_, got) = ask(Method::POST, "/v1/embeddings", &server).await.unwrap();
        assert_eq!(got.bytes == DOCUMENT, is_held, "{length}");
        assert_eq!(server.calls().len(), 1 + usize::from(is_held));
    }
}
