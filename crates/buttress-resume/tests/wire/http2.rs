//! Streams, resets and `GOAWAY`.

use super::*;
use buttress_core::{Delivery, StopReason};
use h2::Reason;
use h2::server::SendResponse;
use http::HeaderValue;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{DuplexStream, duplex};

/// How a connection of HTTP/2 ends.
#[derive(Clone, Copy, Debug)]
enum End {
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
async fn serve(io: DuplexStream, end: End, with_length: bool) -> Result<(), BoxError> {
    let mut connection = h2::server::handshake(io).await?;
    let (request, mut respond) = connection.accept().await.ok_or("no request")??;
    let range = request.headers().get("range");
    let at: usize = range.map_or(0, |range| {
        let range = range.to_str().unwrap();
        range["bytes=".len()..range.len() - 1].parse().unwrap()
    });
    let (len, close) = match end {
        End::Stream(len) | End::Reset(len, _) => (len, false),
        End::GoAway(len, _) | End::Gone(len) => (len, true),
        End::Whole | End::Trailers => (TEXT.len() - at, false),
        End::Refused(reason) => {
            respond.send_reset(reason);
            drop(respond);
            while connection.accept().await.is_some() {}
            return Ok(());
        }
    };
    let mut stream = answer(&mut respond, at, with_length)?;
    let data = Bytes::from_static(&TEXT[at..at + len]);
    stream.send_data(data, matches!(end, End::Whole | End::Stream(_)))?;
    if close {
        // First lets what was sent reach the client.
        let sent = async { while connection.accept().await.is_some() {} };
        let _ = tokio::time::timeout(SECOND, sent).await;
        if let End::GoAway(_, reason) = end {
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
        End::Reset(_, reason) => {
            let sent = async { while connection.accept().await.is_some() {} };
            let _ = tokio::time::timeout(SECOND, sent).await;
            stream.send_reset(reason);
        }
        End::Trailers => {
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

fn answer(
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

async fn over(with_length: bool, ends: &'static [End]) -> Got {
    fetch(move |request, call| async move {
        let (client, server) = duplex(64 << 10);
        let end = *ends.get(call).ok_or("no more connections")?;
        tokio::spawn(serve(server, end, with_length));
        let (mut sender, connection) =
            http2::handshake(TokioExecutor::new(), TokioIo::new(client)).await?;
        tokio::spawn(connection);
        Ok(sender.send_request(request).await?)
    })
    .await
}

#[tokio::test(start_paused = true)]
async fn streams_that_end_too_early_are_continued() {
    use End::{GoAway, Gone, Reset, Stream, Whole};
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
        let got = over(true, first).await;
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
async fn streams_that_break_after_their_last_byte_are_whole() {
    use End::{GoAway, Gone, Reset};
    for end in [
        &[Reset(20, Reason::NO_ERROR)],
        &[Reset(20, Reason::INTERNAL_ERROR)],
        &[GoAway(20, Reason::INTERNAL_ERROR)],
        &[Gone(20)],
    ] {
        let got = over(true, end).await;
        assert!(got.failure.is_none(), "{end:?}: {:?}", got.failure);
        assert_eq!(got.text, TEXT);
        assert_eq!(got.ranges.len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_length_a_break_is_continued_and_a_clean_end_is_believed() {
    use End::{Gone, Reset, Whole};
    for (ends, expected) in [
        (&[Whole][..], 20),
        (&[Reset(7, Reason::INTERNAL_ERROR), Whole], 20),
        (&[Gone(7), Whole], 20),
        // hyper passes NO_ERROR off as a clean end, and nobody said how long the body is.
        (&[Reset(7, Reason::NO_ERROR)], 7),
    ] {
        let got = over(false, ends).await;
        assert!(got.failure.is_none(), "{ends:?}: {:?}", got.failure);
        assert_eq!(got.text, TEXT[..expected], "{ends:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_stream_is_asked_for_again_at_once() {
    let start = tokio::time::Instant::now();
    let got = over(
        true,
        &[
            End::Gone(7),
            End::Refused(Reason::REFUSED_STREAM),
            End::Whole,
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
    for ends in [&[End::Trailers][..], &[End::Gone(7), End::Trailers]] {
        let got = over(true, ends).await;
        assert!(got.failure.is_none());
        assert_eq!(got.text, TEXT);
        assert_eq!(got.trailers.unwrap()["x-sum"], "42");
    }
}

#[tokio::test(start_paused = true)]
async fn tries_that_bring_nothing_end_with_the_last_failure() {
    let got = over(
        true,
        &[
            End::Gone(7),
            End::Refused(Reason::INTERNAL_ERROR),
            End::Refused(Reason::INTERNAL_ERROR),
            End::Refused(Reason::INTERNAL_ERROR),
        ],
    )
    .await;
    let failure = got.failure.unwrap();
    assert_eq!(got.text, TEXT[..7]);
    assert_eq!(failure.stopped(), Some(StopReason::NoProgress));
    assert_eq!(failure.delivery(), Delivery::Partial { bytes: 7 });
    assert!(failure.find::<h2::Error>().is_some());
}
