//! Event streams over HTTP/2 that are reset as if nothing were wrong: hyper passes `NO_ERROR` and
//! `CANCEL` off as the end of the body.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test, and connections need tasks"
)]

use buttress_core::{Backoff, BoxError, Failure, FailureKind, StopReason};
use buttress_resume::{ResumeConfig, ResumeConfigBuilder, ResumeLayer};
use bytes::Bytes;
use h2::Reason;
use http::{Request, Response};
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{DuplexStream, duplex};
use tower::{Layer, ServiceExt, service_fn};

const SECOND: Duration = Duration::from_secs(1);

/// Sends this text, and ends the stream, or resets it.
async fn serve(io: DuplexStream, text: &'static str, end: Option<Reason>) -> Result<(), BoxError> {
    let mut connection = h2::server::handshake(io).await?;
    let (_, mut respond) = connection.accept().await.ok_or("no request")??;
    let head = Response::builder().header("content-type", "text/event-stream");
    let mut stream = respond.send_response(head.body(())?, false)?;
    stream.send_data(Bytes::from_static(text.as_bytes()), end.is_none())?;
    if let Some(reason) = end {
        // First lets what was sent reach the client.
        let sent = async { while connection.accept().await.is_some() {} };
        let _ = tokio::time::timeout(SECOND, sent).await;
        stream.send_reset(reason);
    }
    drop((stream, respond));
    while connection.accept().await.is_some() {}
    Ok(())
}

/// Fetches a stream from connections that each send a text: what came, how it ended, and how many
/// connections it took.
async fn fetch(
    config: ResumeConfigBuilder,
    answers: &'static [(&'static str, Option<Reason>)],
) -> (String, Option<Failure>, usize) {
    let calls = Arc::new(Mutex::new(0));
    let counter = calls.clone();
    let service = service_fn(move |request: Request<Empty<Bytes>>| {
        let mut calls = counter.lock().unwrap();
        let answer = answers.get(*calls).copied();
        *calls += 1;
        async move {
            let (text, end) = answer.ok_or("no more connections")?;
            let (client, server) = duplex(64 << 10);
            tokio::spawn(serve(server, text, end));
            let (mut sender, connection) =
                http2::handshake(TokioExecutor::new(), TokioIo::new(client)).await?;
            tokio::spawn(connection);
            Ok::<_, BoxError>(sender.send_request(request).await?)
        }
    });
    let config = config.backoff(Backoff::constant(SECOND));
    let layer = ResumeLayer::new(config.build().unwrap());
    let request = Request::get("http://example.com/events").body(Empty::new());
    let response = layer.layer(service).oneshot(request.unwrap()).await;
    let mut body = response.unwrap().into_body();
    let (mut text, mut failure) = (String::new(), None);
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => text.push_str(std::str::from_utf8(frame.data_ref().unwrap()).unwrap()),
            Err(error) => failure = Some(error),
        }
    }
    let calls = *calls.lock().unwrap();
    (text, failure, calls)
}

const WHOLE: &str = "id: 1\ndata: a\n\nid: 2\ndata: b\n\n";

#[tokio::test(start_paused = true)]
async fn a_reset_within_an_event_is_a_cut() {
    macro_rules! answers {
        ($reason:ident) => {
            &[
                ("id: 1\ndata: a\n\nid: 2\nda", Some(Reason::$reason)),
                ("id: 2\ndata: b\n\n", None),
            ]
        };
    }
    for answers in [answers!(NO_ERROR), answers!(CANCEL)] {
        let (text, failure, calls) = fetch(ResumeConfig::builder(), answers).await;
        assert!(failure.is_none(), "{failure:?}");
        assert_eq!((text.as_str(), calls), (WHOLE, 2));
    }
}

#[tokio::test(start_paused = true)]
async fn a_reset_within_an_event_of_a_stream_without_ids_is_a_failure() {
    let answers = &[("data: a\n\ndata: b\n", Some(Reason::NO_ERROR))];
    let (text, failure, calls) = fetch(ResumeConfig::builder(), answers).await;
    let failure = failure.unwrap();
    assert_eq!((text.as_str(), calls), ("data: a\n\n", 1));
    assert_eq!(failure.kind(), FailureKind::StreamTruncated);
    assert_eq!(failure.stopped(), Some(StopReason::NotResumable));
}

/// Nobody can tell it from the end, but for who knows the last event.
#[tokio::test(start_paused = true)]
async fn a_reset_between_events_is_the_end_unless_the_last_event_is_known() {
    let answers = &[
        ("id: 1\ndata: a\n\n", Some(Reason::NO_ERROR)),
        ("id: 2\ndata: b\n\n", None),
    ];
    let (text, failure, calls) = fetch(ResumeConfig::builder(), answers).await;
    assert!(failure.is_none());
    assert_eq!((text.as_str(), calls), ("id: 1\ndata: a\n\n", 1));

    let last = ResumeConfig::builder().terminal(|event| event.id() == Some(b"2"));
    let (text, failure, calls) = fetch(last, answers).await;
    assert!(failure.is_none());
    assert_eq!((text.as_str(), calls), (WHOLE, 2));
}
