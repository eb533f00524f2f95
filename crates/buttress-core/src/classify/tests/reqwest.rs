use super::*;
use ::reqwest::{Client, redirect};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Another package's features may give reqwest TLS without a provider of cryptography.
fn client() -> ::reqwest::ClientBuilder {
    let _ = ::rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .no_proxy()
        .redirect(redirect::Policy::limited(1))
}

/// Answers every request with the same bytes and closes, as long as it is polled.
async fn serve(listener: TcpListener, answer: &[u8]) {
    loop {
        let (mut socket, _) = listener.accept().await.expect("a connection");
        let mut request = [0; 4096];
        let _ = socket.read(&mut request).await.expect("a request");
        socket.write_all(answer).await.expect("room");
    }
}

/// The error of one call to a server with this answer, and whether in the head or in the body.
async fn error_of(answer: &[u8]) -> (BoxError, Phase) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a socket");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    let client = client().build().expect("a client");
    let call = async {
        match client.get(url).send().await {
            Ok(response) => {
                let error = response.bytes().await.expect_err("a broken body");
                (BoxError::from(error), Phase::Body)
            }
            Err(error) => (error.into(), Phase::Head),
        }
    };
    with_connection(serve(listener, answer), call).await
}

#[tokio::test]
async fn answers() {
    use FailureKind as K;
    let sent = |kind, phase, transient| (kind, phase, Delivery::Unknown, transient);
    for (answer, expected) in [
        (&b""[..], sent(K::ConnectionClosed, Phase::Head, true)),
        (
            b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
            sent(K::Protocol, Phase::Head, true),
        ),
        (
            b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\npiece",
            sent(K::StreamTruncated, Phase::Body, true),
        ),
        (
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nx\r\n",
            sent(K::Protocol, Phase::Body, true),
        ),
        (
            b"HTTP/1.1 302 Found\r\nlocation: /\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
            sent(K::Protocol, Phase::Head, false),
        ),
    ] {
        let (error, phase) = error_of(answer).await;
        check(&String::from_utf8_lossy(answer), error, phase, expected);
    }
}

#[tokio::test]
async fn calls_that_do_not_get_so_far() {
    let closed = TcpListener::bind("127.0.0.1:0").await.expect("a socket");
    let url = format!("http://{}/", closed.local_addr().expect("an address"));
    drop(closed);
    let error = client().build().expect("a client").get(&url).send().await;
    let expected = (
        FailureKind::ConnectionRefused,
        Phase::Connect,
        Delivery::NotSent,
        true,
    );
    check(
        "closed port",
        error.expect_err("refused").into(),
        Phase::Head,
        expected,
    );

    let error = client()
        .build()
        .expect("a client")
        .get("http://")
        .send()
        .await;
    let expected = (
        FailureKind::BadRequest,
        Phase::Send,
        Delivery::NotSent,
        false,
    );
    check(
        "no host",
        error.expect_err("invalid").into(),
        Phase::Head,
        expected,
    );
}

#[tokio::test]
async fn timeouts() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a socket");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    // A limit of nothing has passed by the time it is looked at.
    let hasty = client().timeout(Duration::ZERO).build().expect("a client");
    let error = hasty.get(&url).send().await.expect_err("times out");
    let expected = (
        FailureKind::TimeoutHead,
        Phase::Head,
        Delivery::Unknown,
        true,
    );
    check("total", error.into(), Phase::Head, expected);
}

#[tokio::test]
async fn statuses_that_were_made_errors() {
    for (status, kind, transient) in [
        (503, FailureKind::Overloaded, true),
        (404, FailureKind::NotFound, false),
    ] {
        let status = http::StatusCode::from_u16(status).expect("a status");
        let mut response = http::Response::new("");
        *response.status_mut() = status;
        let error = ::reqwest::Response::from(response)
            .error_for_status()
            .expect_err("a status of failures");
        let expected = (kind, Phase::Head, Delivery::Answered(status), transient);
        check(status.as_str(), error.into(), Phase::Head, expected);
    }
}

/// A body that breaks with words that nobody knows.
struct Broken;

impl http_body::Body for Broken {
    type Data = bytes::Bytes;
    type Error = BoxError;
    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<bytes::Bytes>, BoxError>>> {
        Poll::Ready(Some(Err("?".into())))
    }
}

#[tokio::test]
async fn a_body_that_cannot_be_read() {
    let response = http::Response::new(::reqwest::Body::wrap(Broken));
    let error = ::reqwest::Response::from(response).bytes().await;
    let expected = (FailureKind::Decode, Phase::Body, Delivery::Unknown, true);
    check(
        "body",
        error.expect_err("breaks").into(),
        Phase::Body,
        expected,
    );
}
