//! How connections really end, over HTTP/1.1 and HTTP/2 in memory: hyper's client, and a server that
//! ends each connection in another way.
#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test, and connections need tasks"
)]

use buttress_core::{Backoff, BoxError, Delivery, Failure, FailureKind, StopReason};
use buttress_resume::{ResumeConfig, ResumeLayer, ResumeReport};
use bytes::Bytes;
use h2::Reason;
use h2::server::SendResponse;
use http::{HeaderMap, HeaderValue, Request, Response};
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tower::{Layer, ServiceExt, service_fn};

const SECOND: Duration = Duration::from_secs(1);
const TEXT: &[u8] = b"0123456789abcdefghij";

/// What the consumer got.
struct Got {
    text: Vec<u8>,
    trailers: Option<HeaderMap>,
    failure: Option<Failure>,
    /// The ranges that were asked for.
    ranges: Vec<String>,
    reopened: u32,
}

/// Fetches a body through the layer; `open` serves one connection each.
async fn fetch<F, Fut>(open: F) -> Got
where
    F: Fn(Request<Empty<Bytes>>, usize) -> Fut + Clone,
    Fut: Future<Output = Result<Response<Incoming>, BoxError>>,
{
    let ranges = Arc::new(Mutex::new(Vec::new()));
    let notes = ranges.clone();
    let service = service_fn(move |request: Request<Empty<Bytes>>| {
        let range = request.headers().get("range");
        let range = range.map_or("", |range| range.to_str().unwrap()).to_owned();
        let mut notes = notes.lock().unwrap();
        notes.push(range);
        open(request, notes.len() - 1)
    });
    let config = ResumeConfig::builder()
        .tries(3)
        .backoff(Backoff::constant(SECOND))
        .report(true);
    let layer = ResumeLayer::new(config.build().unwrap());
    let request = Request::get("http://example.com/file")
        .body(Empty::new())
        .unwrap();
    let response = layer.layer(service).oneshot(request).await.unwrap();
    let report = ResumeReport::of(response.extensions()).cloned();
    let mut body = response.into_body();
    let mut got = Got {
        text: Vec::new(),
        trailers: None,
        failure: None,
        ranges: Vec::new(),
        reopened: 0,
    };
    while let Some(frame) = body.frame().await {
        match frame.map(http_body::Frame::into_data) {
            Ok(Ok(data)) => got.text.extend_from_slice(&data),
            Ok(Err(frame)) => got.trailers = frame.into_trailers().ok(),
            Err(failure) => got.failure = Some(failure),
        }
    }
    got.ranges = std::mem::take(&mut *ranges.lock().unwrap());
    got.reopened = report.map_or(0, |report| report.reopened());
    got
}

/// How a connection of HTTP/2 ends.
#[derive(Clone, Copy, Debug)]
enum End2 {
    /// `END_STREAM` after all bytes.
    Whole,
    /// `END_STREAM` after so many bytes.
    Stream(usize),
    /// Trailers after all bytes.
    Trailers,
    /// `RST_STREAM` with this reason after so many bytes.
    Reset(usize, Reason),
    /// `GOAWAY` with this reason, and no more, after so many bytes.
    GoAway(usize, Reason),
    /// The connection is gone after so many bytes.
    Gone(usize),
    /// `RST_STREAM` with this reason instead of a head.
    Refused(Reason),
}

/// Serves one request over HTTP/2, and ends as told.
async fn serve2(io: DuplexStream, end: End2, with_length: bool) -> Result<(), BoxError> {
    let mut connection = h2::server::handshake(io).await?;
    let (request, mut respond) = connection.accept().await.ok_or("no request")??;
    let range = request.headers().get("range");
    let at: usize = range.map_or(0, |range| {
        let range = range.to_str().unwrap();
        range["bytes=".len()..range.len() - 1].parse().unwrap()
    });
    let (len, close) = match end {
        End2::Stream(len) | End2::Reset(len, _) => (len, false),
        End2::GoAway(len, _) | End2::Gone(len) => (len, true),
        End2::Whole | End2::Trailers => (TEXT.len() - at, false),
        End2::Refused(reason) => {
            respond.send_reset(reason);
            drop(respond);
            while connection.accept().await.is_some() {}
            return Ok(());
        }
    };
    let mut stream = answer2(&mut respond, at, with_length)?;
    let data = Bytes::from_static(&TEXT[at..at + len]);
    stream.send_data(data, matches!(end, End2::Whole | End2::Stream(_)))?;
    if close {
        // First lets what was sent reach the client.
        let sent = async { while connection.accept().await.is_some() {} };
        let _ = tokio::time::timeout(SECOND, sent).await;
        if let End2::GoAway(_, reason) = end {
            connection.abrupt_shutdown(reason);
            let _ = tokio::time::timeout(
                SECOND,
                std::future::poll_fn(|cx| connection.poll_closed(cx)),
            )
            .await;
        }
        return Ok(());
    }
    match end {
        End2::Reset(_, reason) => {
            let sent = async { while connection.accept().await.is_some() {} };
            let _ = tokio::time::timeout(SECOND, sent).await;
            stream.send_reset(reason);
        }
        End2::Trailers => {
            let mut trailers = HeaderMap::new();
            trailers.insert("x-sum", HeaderValue::from_static("42"));
            stream.send_trailers(trailers)?;
        }
        _ => {}
    }
    drop((stream, respond));
    while connection.accept().await.is_some() {}
    Ok(())
}

fn answer2(
    respond: &mut SendResponse<Bytes>,
    at: usize,
    with_length: bool,
) -> Result<h2::SendStream<Bytes>, BoxError> {
    let mut response = Response::builder().header("etag", "\"v1\"");
    // Where the whole is made on the way, its parts still have lengths.
    if with_length || at > 0 {
        response = response.header("content-length", TEXT.len() - at);
    }
    if at > 0 {
        let range = format!("bytes {at}-{}/{}", TEXT.len() - 1, TEXT.len());
        response = response.status(206).header("content-range", range);
    }
    Ok(respond.send_response(response.body(())?, false)?)
}

async fn over_http2(with_length: bool, ends: &'static [End2]) -> Got {
    fetch(move |request, call| async move {
        let (client, server) = duplex(64 << 10);
        let end = *ends.get(call).ok_or("no more connections")?;
        tokio::spawn(serve2(server, end, with_length));
        let (mut sender, connection) =
            http2::handshake(TokioExecutor::new(), TokioIo::new(client)).await?;
        tokio::spawn(connection);
        Ok(sender.send_request(request).await?)
    })
    .await
}

#[tokio::test(start_paused = true)]
async fn http2_streams_that_end_too_early_are_continued() {
    use End2::{GoAway, Gone, Reset, Stream, Whole};
    for first in [
        &[Stream(7), Whole],
        &[Reset(7, Reason::NO_ERROR), Whole],
        &[Reset(7, Reason::INTERNAL_ERROR), Whole],
        &[Reset(7, Reason::CANCEL), Whole],
        &[Reset(7, Reason::REFUSED_STREAM), Whole],
        &[GoAway(7, Reason::ENHANCE_YOUR_CALM), Whole],
        &[GoAway(7, Reason::NO_ERROR), Whole],
        &[Gone(7), Whole],
    ] {
        let got = over_http2(true, first).await;
        assert!(got.failure.is_none(), "{first:?}: {:?}", got.failure);
        assert_eq!(got.text, TEXT, "{first:?}");
        // The h2 crate keeps back what comes with a wrong END_STREAM.
        let delivered = if matches!(first[0], Stream(_)) { 0 } else { 7 };
        assert_eq!(
            got.ranges,
            ["", &format!("bytes={delivered}-")],
            "{first:?}"
        );
        assert_eq!(got.reopened, 1);
    }
}

#[tokio::test(start_paused = true)]
async fn http2_streams_that_break_after_their_last_byte_are_whole() {
    use End2::{GoAway, Gone, Reset};
    for end in [
        &[Reset(20, Reason::NO_ERROR)],
        &[Reset(20, Reason::INTERNAL_ERROR)],
        &[GoAway(20, Reason::INTERNAL_ERROR)],
        &[Gone(20)],
    ] {
        let got = over_http2(true, end).await;
        assert!(got.failure.is_none(), "{end:?}: {:?}", got.failure);
        assert_eq!(got.text, TEXT);
        assert_eq!(got.ranges.len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_length_a_break_is_continued_and_a_clean_end_is_believed() {
    use End2::{Gone, Reset, Whole};
    for (ends, expected) in [
        (&[Whole][..], 20),
        (&[Reset(7, Reason::INTERNAL_ERROR), Whole], 20),
        (&[Gone(7), Whole], 20),
        // hyper passes NO_ERROR off as a clean end, and nobody said how long the body is.
        (&[Reset(7, Reason::NO_ERROR)], 7),
    ] {
        let got = over_http2(false, ends).await;
        assert!(got.failure.is_none(), "{ends:?}: {:?}", got.failure);
        assert_eq!(got.text, TEXT[..expected], "{ends:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_stream_is_asked_for_again_at_once() {
    let start = tokio::time::Instant::now();
    let got = over_http2(
        true,
        &[
            End2::Gone(7),
            End2::Refused(Reason::REFUSED_STREAM),
            End2::Whole,
        ],
    )
    .await;
    assert_eq!(got.text, TEXT);
    assert_eq!(got.reopened, 2);
    // One for the server to let its bytes go, one before the first try, none before the second.
    assert_eq!(start.elapsed(), 2 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn trailers_are_those_of_the_last_connection() {
    for ends in [&[End2::Trailers][..], &[End2::Gone(7), End2::Trailers]] {
        let got = over_http2(true, ends).await;
        assert!(got.failure.is_none());
        assert_eq!(got.text, TEXT);
        assert_eq!(got.trailers.unwrap()["x-sum"], "42");
    }
}

#[tokio::test(start_paused = true)]
async fn tries_that_bring_nothing_end_with_the_last_failure() {
    let got = over_http2(
        true,
        &[
            End2::Gone(7),
            End2::Refused(Reason::INTERNAL_ERROR),
            End2::Refused(Reason::INTERNAL_ERROR),
            End2::Refused(Reason::INTERNAL_ERROR),
        ],
    )
    .await;
    let failure = got.failure.unwrap();
    assert_eq!(got.text, TEXT[..7]);
    assert_eq!(failure.stopped(), Some(StopReason::NoProgress));
    assert_eq!(failure.delivery(), Delivery::Partial { bytes: 7 });
    assert!(failure.find::<h2::Error>().is_some());
}

/// Answers one request over HTTP/1.1 with this text, and closes.
async fn serve1(mut io: DuplexStream, answer: &'static str) {
    let mut request = [0; 4096];
    let _ = io.read(&mut request).await;
    let _ = io.write_all(answer.as_bytes()).await;
}

async fn over_http1(answers: &'static [&'static str]) -> Got {
    fetch(move |request, call| async move {
        let (client, server) = duplex(64 << 10);
        let answer = *answers.get(call).ok_or("no more connections")?;
        tokio::spawn(serve1(server, answer));
        let (mut sender, connection) = http1::handshake(TokioIo::new(client)).await?;
        tokio::spawn(connection);
        Ok(sender.send_request(request).await?)
    })
    .await
}

const REST: &str = "HTTP/1.1 206 Partial Content\r\netag: \"v1\"\r\ncontent-length: 13\r\n\
    content-range: bytes 7-19/20\r\n\r\n789abcdefghij";

#[tokio::test(start_paused = true)]
async fn http1_bodies_that_end_too_early_are_continued() {
    for first in [
        // A length that is not reached.
        &[
            "HTTP/1.1 200 OK\r\netag: \"v1\"\r\ncontent-length: 20\r\n\r\n0123456",
            REST,
        ],
        // Chunks without the last one, or cut in their midst.
        &[
            "HTTP/1.1 200 OK\r\netag: \"v1\"\r\ntransfer-encoding: chunked\r\n\r\n7\r\n0123456\r\n",
            REST,
        ],
        &[
            "HTTP/1.1 200 OK\r\netag: \"v1\"\r\ntransfer-encoding: chunked\r\n\r\nff\r\n0123456",
            REST,
        ],
    ] {
        let got = over_http1(first).await;
        assert!(got.failure.is_none(), "{first:?}: {:?}", got.failure);
        assert_eq!(got.text, TEXT, "{first:?}");
        assert_eq!(got.ranges, ["", "bytes=7-"]);
    }
}

#[tokio::test(start_paused = true)]
async fn http1_bodies_that_say_where_they_end_end_there() {
    for whole in [
        // Up to the close: RFC 9112, section 8.
        &["HTTP/1.1 200 OK\r\netag: \"v1\"\r\n\r\n0123456789abcdefghij"],
        &["HTTP/1.1 200 OK\r\netag: \"v1\"\r\ncontent-length: 20\r\n\r\n0123456789abcdefghijXX"],
        &[
            "HTTP/1.1 200 OK\r\netag: \"v1\"\r\ntransfer-encoding: chunked\r\n\r\n\
             14\r\n0123456789abcdefghij\r\n0\r\n\r\n",
        ],
        // Chunks beside a length, which does not count then: RFC 9112, section 6.3.
        &[
            "HTTP/1.1 200 OK\r\netag: \"v1\"\r\ncontent-length: 99\r\ntransfer-encoding: chunked\r\n\r\n\
             14\r\n0123456789abcdefghij\r\n0\r\n\r\n",
        ],
        &[
            "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n\
             14\r\n0123456789abcdefghij\r\n0\r\n\r\n",
        ],
    ] {
        let got = over_http1(whole).await;
        assert!(got.failure.is_none(), "{whole:?}: {:?}", got.failure);
        assert_eq!(got.text, TEXT);
        assert_eq!(got.ranges.len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn http1_answers_that_do_not_fit_are_not_joined() {
    const FIRST: &str = "HTTP/1.1 200 OK\r\netag: \"v1\"\r\ncontent-length: 20\r\n\r\n0123456";
    for (answers, kind) in [
        (
            &[
                FIRST,
                "HTTP/1.1 200 OK\r\netag: \"v2\"\r\ncontent-length: 20\r\n\r\nABCDEFGHIJKLMNOPQRST",
            ],
            FailureKind::RepresentationChanged,
        ),
        (
            &[
                FIRST,
                "HTTP/1.1 206 Partial Content\r\netag: \"v1\"\r\ncontent-length: 12\r\n\
              content-range: bytes 8-19/20\r\n\r\n89abcdefghij",
            ],
            FailureKind::Protocol,
        ),
        (
            &[
                FIRST,
                "HTTP/1.1 412 Precondition Failed\r\ncontent-length: 0\r\n\r\n",
            ],
            FailureKind::RepresentationChanged,
        ),
        (
            &[
                FIRST,
                "HTTP/1.1 302 Found\r\nlocation: http://other.example/\r\ncontent-length: 0\r\n\r\n",
            ],
            FailureKind::Protocol,
        ),
    ] {
        let got = over_http1(answers).await;
        assert_eq!(got.text, TEXT[..7], "{answers:?}");
        assert_eq!(got.failure.unwrap().kind(), kind, "{answers:?}");
    }
}
