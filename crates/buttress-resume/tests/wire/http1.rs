//! Lengths, chunks and the close.

use super::*;
use buttress_core::FailureKind;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

/// Answers one request over HTTP/1.1 with this text, and closes.
async fn serve(mut io: DuplexStream, answer: &'static str) {
    let mut request = [0; 4096];
    let _ = io.read(&mut request).await;
    let _ = io.write_all(answer.as_bytes()).await;
}

async fn over(answers: &'static [&'static str]) -> Got {
    fetch(move |request, call| async move {
        let (client, server) = duplex(64 << 10);
        let answer = *answers.get(call).ok_or("no more connections")?;
        tokio::spawn(serve(server, answer));
        let (mut sender, connection) = http1::handshake(TokioIo::new(client)).await?;
        tokio::spawn(connection);
        Ok(sender.send_request(request).await?)
    })
    .await
}

const REST: &str = "HTTP/1.1 206 Partial Content\r\netag: \"v1\"\r\ncontent-length: 13\r\n\
    content-range: bytes 7-19/20\r\n\r\n789abcdefghij";

#[tokio::test(start_paused = true)]
async fn bodies_that_end_too_early_are_continued() {
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
        let got = over(first).await;
        assert!(got.failure.is_none(), "{first:?}: {:?}", got.failure);
        assert_eq!(got.text, TEXT, "{first:?}");
        assert_eq!(got.ranges, ["", "bytes=7-"]);
    }
}

#[tokio::test(start_paused = true)]
async fn bodies_that_say_where_they_end_end_there() {
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
        let got = over(whole).await;
        assert!(got.failure.is_none(), "{whole:?}: {:?}", got.failure);
        assert_eq!(got.text, TEXT);
        assert_eq!(got.ranges.len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn answers_that_do_not_fit_are_not_joined() {
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
        let got = over(answers).await;
        assert_eq!(got.text, TEXT[..7], "{answers:?}");
        assert_eq!(got.failure.unwrap().kind(), kind, "{answers:?}");
    }
}
