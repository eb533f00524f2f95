//! How much is held, and how long.

use super::*;

#[tokio::test(start_paused = true)]
async fn the_hold_is_bounded_in_bytes_and_time() {
    let start = buttress_core::time::now();
    let body = ScriptedBody::new().data(": a\n\n").hang();
    assert!(call(Dialect::Messages, events(body)).await.is_ok());
    assert_eq!(buttress_core::time::now() - start, 300 * SECOND);

    // Blank lines that keep the caller of a document waiting reach it in time.
    let start = buttress_core::time::now();
    let body = ScriptedBody::new()
        .data("\n")
        .wait(SECOND)
        .data("\n")
        .hang();
    assert!(call(Dialect::ChatCompletions, json(body)).await.is_ok());
    assert_eq!(buttress_core::time::now() - start, 60 * SECOND);

    let start = buttress_core::time::now();
    let mut body = ScriptedBody::new();
    for _ in 0..1025 {
        body = body.data(Bytes::from(vec![b':'; 1024]));
    }
    assert!(call(Dialect::Messages, events(body.hang())).await.is_ok());
    assert_eq!(buttress_core::time::now(), start);
}

/// Responses tell in each of their first events what they were asked for, tools included.
#[tokio::test(start_paused = true)]
async fn a_long_start_is_held_too() {
    let start = |kind: &str| {
        let tools = "x".repeat(200 << 10);
        format!("data: {{\"type\":\"{kind}\",\"response\":{{\"tools\":\"{tools}\"}}}}\n\n")
    };
    let error = "data: {\"type\":\"response.failed\",\"response\":{\"error\":{\"code\":\"server_error\"}}}\n\n";
    let body = start("response.created") + &start("response.in_progress") + error;
    let mut frames = ScriptedBody::new();
    for frame in body.as_bytes().chunks(16 << 10) {
        frames = frames.data(Bytes::copy_from_slice(frame));
    }
    let failure = call(Dialect::Responses, events(frames)).await.unwrap_err();
    assert_eq!(failure.kind(), FailureKind::ServerError);
}

#[tokio::test(start_paused = true)]
async fn the_head_of_a_stream_has_a_limit_and_that_of_a_document_has_not() {
    for (body, after, expected) in [
        (r#"{"stream":true}"#, 29, Ok(())),
        (r#"{"stream":true}"#, 31, Err(FailureKind::TimeoutHead)),
        (r#"{"stream":false}"#, 31, Ok(())),
        ("{}", 3000, Ok(())),
    ] {
        let step = Step::status(404).reading().after(after * SECOND);
        let client = ServiceBuilder::new()
            .layer(CallLayer::new())
            .layer(AnswerLayer::new().stream_head(30 * SECOND))
            .service(ScriptedService::new([step]));
        let request = Request::post(path(Dialect::ChatCompletions));
        let request = request.body(Full::<Bytes>::from(body)).unwrap();
        let begun = buttress_core::time::now();
        let said = client.oneshot(request).await.map(drop);
        let limit = said.as_ref().err().and_then(Failure::limit);
        assert_eq!(
            limit.map(|limit| limit.limit),
            expected.err().map(|_| 30 * SECOND)
        );
        assert_eq!(
            said.map_err(|failure| failure.kind()),
            expected,
            "{body} after {after} s"
        );
        let took = (buttress_core::time::now() - begun).as_secs();
        assert_eq!(
            took,
            if expected.is_ok() {
                u64::from(after)
            } else {
                30
            }
        );
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_held_is_counted() {
    let document = r#"{"content":[]}"#;
    let response = call(Dialect::Messages, json(ScriptedBody::from(document)))
        .await
        .unwrap();
    let mut body = response.into_body();
    let left = document.len() as u64;
    assert!(!body.is_end_stream() && body.size_hint().lower() >= left);
    let frame = http_body_util::BodyExt::frame(&mut body).await;
    assert_eq!(frame.unwrap().unwrap().into_data().unwrap(), document);
    assert_eq!(body.size_hint().lower(), 0);
    // An error is held to its end.
    let mut busy = Response::new(ScriptedBody::new().data("bu").data("sy"));
    *busy.status_mut() = http::StatusCode::SERVICE_UNAVAILABLE;
    let response = call(Dialect::Messages, Step::respond(busy)).await.unwrap();
    let mut body = response.into_body();
    for left in [4, 2] {
        assert!(!body.is_end_stream());
        assert_eq!(body.size_hint().exact(), Some(left));
        http_body_util::BodyExt::frame(&mut body)
            .await
            .unwrap()
            .unwrap();
    }
    assert!(body.is_end_stream());
    assert_eq!(body.size_hint().exact(), Some(0));
}

/// A server may send a document byte by byte.
#[test]
fn what_comes_in_small_pieces_is_kept_in_large_ones() {
    let sizes = (0..100_000).map(|at| if at % 10_000 == 9_999 { 5_000 } else { 1 });
    let mut held = held::Held::default();
    let (mut sent, mut most) = (Vec::new(), 0);
    for (at, size) in sizes.enumerate() {
        let data: Vec<u8> = (0..size).map(|byte| (at + byte) as u8).collect();
        sent.extend_from_slice(&data);
        held.push(data.into());
        assert_eq!(held.bytes, sent.len());
        most = most.max(held.pieces());
    }
    assert!(most < 200, "{most}");
    assert_eq!(held.join(b"end"), [&sent[..], b"end"].concat());
    let mut got = Vec::new();
    while let Some(data) = held.pop() {
        got.extend_from_slice(&data);
        assert_eq!(held.bytes, sent.len() - got.len());
    }
    assert_eq!(got, sent);
}

/// No piece keeps more room than it fills.
#[test]
fn what_is_kept_takes_no_more_room_than_it_has_bytes() {
    let mut held = held::Held::default();
    for at in 0..4_000 {
        held.push(vec![b'x'; if at % 2 == 0 { 1 } else { 1024 }].into());
    }
    let (bytes, mut room) = (held.bytes, 0);
    while let Some(data) = held.pop() {
        room += data.try_into_mut().map_or(0, |data| data.capacity());
    }
    assert!(
        (bytes..bytes + (64 << 10)).contains(&room),
        "{room} for {bytes}"
    );
}

/// Errors are short, so what is long is not read once more to look for one, unless it says that it has
/// one.
#[tokio::test(start_paused = true)]
async fn a_long_document_is_an_error_if_it_says_so() {
    let (long, blank) = ("x".repeat(64 << 10), " ".repeat(64 << 10));
    for (said, fails) in [
        (r#"{"detail":"The server is overloaded"}"#.to_owned(), true),
        (
            format!(r#"{{"detail":"The server is overloaded"{blank}}}"#),
            false,
        ),
        (
            format!(r#"{{"x":"{long}","error":{{"code":503,"message":"overloaded"}}}}"#),
            true,
        ),
        (format!(r#"{{"x":"{long}","error":{{}}}}"#), false),
    ] {
        let said = ScriptedBody::from(Bytes::from(said.into_bytes()));
        let response = call(Dialect::ChatCompletions, json(said)).await;
        assert_eq!(response.is_err(), fails);
    }
}
