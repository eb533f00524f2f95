#[cfg(feature = "h2")]
mod http2;
mod requests;

use super::*;
use ::hyper::body::{Bytes, Incoming};
use ::hyper::client::conn::http1;
use ::hyper_util::rt::{TokioIo, TokioTimer};
use http::{Request, Response};
use http_body_util::{BodyExt, Empty};
use std::io;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_test::io::Builder;

const HEAD: &[u8] = b"GET / HTTP/1.1\r\n\r\n";
const RESET: i32 = 104;

fn get() -> Request<Empty<Bytes>> {
    Request::new(Empty::new())
}

/// Reads the answer to its end; the error, and whether in the head or in the body.
async fn error_of<F>(call: F) -> (BoxError, Phase)
where
    F: Future<Output = Result<Response<Incoming>, ::hyper::Error>>,
{
    match call.await {
        Ok(response) => {
            let error = response
                .into_body()
                .collect()
                .await
                .expect_err("a broken body");
            (error.into(), Phase::Body)
        }
        Err(error) => (error.into(), Phase::Head),
    }
}

/// One request over `io`.
async fn http1_error(
    io: impl tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
) -> (BoxError, Phase) {
    let (mut send, connection) = http1::handshake(TokioIo::new(io))
        .await
        .expect("a handshake");
    with_connection(connection, error_of(send.send_request(get()))).await
}

#[tokio::test]
async fn http1_answers() {
    use FailureKind as K;
    let sent = |kind, phase, transient| (kind, phase, Delivery::Unknown, transient);
    let big_head = [&b"HTTP/1.1 200 OK\r\nx: "[..], &[b'x'; 500_000]].concat();
    for (answer, expected) in [
        // The server closes: without a word, in the head, in the body.
        (&b""[..], sent(K::ConnectionClosed, Phase::Head, true)),
        (
            b"HTTP/1.1 200 OK\r\ncontent-le",
            sent(K::ConnectionClosed, Phase::Head, true),
        ),
        (
            b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\npiece",
            sent(K::StreamTruncated, Phase::Body, true),
        ),
        (
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\npiece\r\n",
            sent(K::StreamTruncated, Phase::Body, true),
        ),
        // What is no HTTP, or not all of it.
        (
            b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
            sent(K::Protocol, Phase::Head, true),
        ),
        (
            b"HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n",
            sent(K::Protocol, Phase::Head, true),
        ),
        (&big_head, sent(K::Protocol, Phase::Head, false)),
        (
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nx\r\npiece\r\n",
            sent(K::Protocol, Phase::Body, true),
        ),
        (
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
            sent(K::Protocol, Phase::Body, true),
        ),
    ] {
        let (here, mut there) = tokio::io::duplex(1024 * 1024);
        let serve = async move {
            let mut request = [0; HEAD.len()];
            there.read_exact(&mut request).await.expect("a request");
            there.write_all(answer).await.expect("room");
        };
        let ((error, phase), ()) = tokio::join!(http1_error(here), serve);
        let name = String::from_utf8_lossy(&answer[..answer.len().min(60)]).into_owned();
        check(&name, error, phase, expected);
    }
}

#[tokio::test]
async fn http1_connections_that_break() {
    use FailureKind as K;
    let reset = || io::Error::from_raw_os_error(RESET);
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\npiece";

    let io = Builder::new().write(HEAD).read_error(reset()).build();
    let (error, phase) = http1_error(io).await;
    let expected = (K::ConnectionReset, Phase::Head, Delivery::Unknown, true);
    check("reset before the head", error, phase, expected);

    let io = Builder::new()
        .write(HEAD)
        .read(head)
        .read_error(reset())
        .build();
    let (error, phase) = http1_error(io).await;
    let expected = (K::ConnectionReset, Phase::Body, Delivery::Unknown, true);
    check("reset in the body", error, phase, expected);

    let timed_out = io::Error::from(io::ErrorKind::TimedOut);
    let io = Builder::new()
        .write(HEAD)
        .read(head)
        .read_error(timed_out)
        .build();
    let (error, phase) = http1_error(io).await;
    let expected = (K::TimeoutIdle, Phase::Body, Delivery::Unknown, true);
    check("timeout of the socket in the body", error, phase, expected);

    // What a firewall does to a connection that it begins to reject: the server has the request.
    let refused = || io::Error::from(io::ErrorKind::ConnectionRefused);
    let io = Builder::new().write(HEAD).read_error(refused()).build();
    let (error, phase) = http1_error(io).await;
    let expected = (K::ConnectionReset, Phase::Head, Delivery::Unknown, true);
    check("refused before the head", error, phase, expected);

    let io = Builder::new()
        .write(HEAD)
        .read(head)
        .read_error(refused())
        .build();
    let (error, phase) = http1_error(io).await;
    let expected = (K::ConnectionReset, Phase::Body, Delivery::Unknown, true);
    check("refused in the body", error, phase, expected);

    let pipe = io::Error::from(io::ErrorKind::BrokenPipe);
    let io = Builder::new().write_error(pipe).build();
    let (error, phase) = http1_error(io).await;
    let expected = (K::ConnectionReset, Phase::Send, Delivery::Unknown, true);
    check("broken pipe while sending", error, phase, expected);
}

#[tokio::test]
async fn http1_requests_that_were_never_written() {
    let (here, there) = tokio::io::duplex(1024);
    let (mut send, connection) = http1::handshake::<_, Empty<Bytes>>(TokioIo::new(here))
        .await
        .expect("a handshake");
    drop((connection, there));
    let error = send.send_request(get()).await.expect_err("no connection");
    let expected = (
        FailureKind::ConnectionClosed,
        Phase::Head,
        Delivery::NotSent,
        true,
    );
    check("canceled", error.into(), Phase::Head, expected);

    let error = send.ready().await.expect_err("no connection");
    let expected = (
        FailureKind::ConnectionClosed,
        Phase::Head,
        Delivery::Unknown,
        true,
    );
    check("closed", error.into(), Phase::Head, expected);
}

#[tokio::test]
async fn a_connection_task_that_is_gone_says_nothing_of_the_request() {
    let (here, mut there) = tokio::io::duplex(1024);
    let (mut send, connection) = http1::handshake(TokioIo::new(here))
        .await
        .expect("a handshake");
    let mut response = std::pin::pin!(send.send_request(get()));
    {
        let mut connection = std::pin::pin!(connection);
        let mut request = [0; HEAD.len()];
        tokio::select! {
            _ = &mut response => panic!("nobody answers"),
            _ = &mut connection => panic!("the connection is open"),
            read = there.read_exact(&mut request) => drop(read.expect("a request")),
        }
    }
    let error = response.await.expect_err("nobody is left");
    let expected = (
        FailureKind::ConnectionClosed,
        Phase::Head,
        Delivery::Unknown,
        true,
    );
    check("dispatch task is gone", error.into(), Phase::Head, expected);
}

#[tokio::test]
async fn bytes_nobody_asked_for_are_no_answer() {
    let (here, mut there) = tokio::io::duplex(1024);
    let (send, connection) = http1::handshake::<_, Empty<Bytes>>(TokioIo::new(here))
        .await
        .expect("a handshake");
    there
        .write_all(b"HTTP/1.1 408 Request Timeout\r\n\r\n")
        .await
        .expect("room");
    let error = connection.await.expect_err("unexpected bytes");
    drop(send);
    let expected = (FailureKind::Protocol, Phase::Head, Delivery::Unknown, true);
    check("unexpected message", error.into(), Phase::Head, expected);
}

#[tokio::test(start_paused = true)]
async fn timeouts_of_hyper_itself() {
    let (here, _there) = tokio::io::duplex(1024);
    let service = ::hyper::service::service_fn(|_: Request<Incoming>| async {
        Ok::<_, BoxError>(Response::new(Empty::<Bytes>::new()))
    });
    let error = ::hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(1))
        .serve_connection(TokioIo::new(here), service)
        .await
        .expect_err("nobody asks");
    let expected = (
        FailureKind::TimeoutHead,
        Phase::Head,
        Delivery::Unknown,
        true,
    );
    check("head of a request", error.into(), Phase::Head, expected);
}
