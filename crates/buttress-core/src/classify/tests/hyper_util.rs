use super::*;
use ::hyper::rt::{Read, ReadBufCursor, Write};
use ::hyper_util::client::legacy::{
    Client,
    connect::{Connected, Connection, HttpConnector},
};
use ::hyper_util::rt::{TokioExecutor, TokioIo};
use bytes::Bytes;
use http::{Request, Uri, Version};
use http_body_util::Empty;
use std::future::ready;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::net::{TcpListener, TcpStream};

fn get(uri: &str) -> Request<Empty<Bytes>> {
    let request = Request::get(uri).body(Empty::new());
    request.expect("a request")
}

/// The error of one call over real sockets.
async fn error_of(request: Request<Empty<Bytes>>) -> BoxError {
    let client = Client::builder(TokioExecutor::new()).build(HttpConnector::new());
    client.request(request).await.expect_err("fails").into()
}

/// The error of one call whose connector fails with `error`.
async fn error_of_connector(error: BoxError) -> BoxError {
    let error = Arc::new(Mutex::new(Some(error)));
    let connector = tower::service_fn(move |_: Uri| {
        let error = error.lock().expect("not poisoned").take();
        ready(Err::<TokioIo<TcpStream>, _>(error.expect("one call")))
    });
    let client = Client::builder(TokioExecutor::new()).build(connector);
    client
        .request(get("http://origin.test/"))
        .await
        .expect_err("fails")
        .into()
}

#[tokio::test]
async fn connecting() {
    use FailureKind as K;
    let not_sent = |kind, transient| (kind, Phase::Connect, Delivery::NotSent, transient);

    let closed = TcpListener::bind("127.0.0.1:0").await.expect("a socket");
    let address = closed.local_addr().expect("an address");
    drop(closed);
    let error = error_of(get(&format!("http://{address}/"))).await;
    check(
        "closed port",
        error,
        Phase::Head,
        not_sent(K::ConnectionRefused, true),
    );

    for (error, expected) in [
        (
            io::Error::from(io::ErrorKind::TimedOut),
            not_sent(K::TimeoutConnect, true),
        ),
        (
            io::Error::from(io::ErrorKind::ConnectionReset),
            not_sent(K::ConnectionReset, true),
        ),
        (
            io::Error::from(io::ErrorKind::UnexpectedEof),
            not_sent(K::ConnectionClosed, true),
        ),
    ] {
        let name = error.kind().to_string();
        let error = error_of_connector(error.into()).await;
        check(&name, error, Phase::Head, expected);
    }
}

#[cfg(feature = "rustls")]
#[tokio::test]
async fn tls_handshakes() {
    use ::rustls::{CertificateError, Error as Tls, InvalidMessage, PeerMisbehaved};
    use FailureKind as K;
    for (error, kind) in [
        (
            Tls::InvalidCertificate(CertificateError::UnknownIssuer),
            K::TlsUntrusted,
        ),
        (
            Tls::InvalidMessage(InvalidMessage::InvalidContentType),
            K::Proxy,
        ),
        (
            Tls::PeerMisbehaved(PeerMisbehaved::TooManyEmptyFragments),
            K::TlsOther,
        ),
    ] {
        let name = error.to_string();
        let error = io::Error::new(io::ErrorKind::InvalidData, error);
        let error = error_of_connector(error.into()).await;
        let expected = (kind, Phase::Connect, Delivery::NotSent, false);
        check(&name, error, Phase::Head, expected);
    }
}

#[tokio::test]
async fn sending() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a socket");
    let address = listener.local_addr().expect("an address");
    let serve = async {
        let (mut socket, _) = listener.accept().await.expect("a connection");
        // Read it, so that dropping the socket closes it instead of resetting it.
        let _ = socket.read(&mut [0; 1024]).await.expect("a request");
    };
    let request = get(&format!("http://{address}/"));
    let (error, ()) = tokio::join!(error_of(request), serve);
    let expected = (
        FailureKind::ConnectionClosed,
        Phase::Head,
        Delivery::Unknown,
        true,
    );
    check("closed before the head", error, Phase::Head, expected);
}

#[tokio::test]
async fn requests_that_the_client_does_not_take() {
    let mut unsupported = get("http://origin.test/");
    *unsupported.version_mut() = Version::HTTP_09;
    for request in [get("/no-host"), unsupported] {
        let error = error_of(request).await;
        let expected = (
            FailureKind::BadRequest,
            Phase::Send,
            Delivery::NotSent,
            false,
        );
        check("user", error, Phase::Head, expected);
    }
}

/// A connection in memory that the client takes for one.
struct Pipe(TokioIo<DuplexStream>);

impl Connection for Pipe {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

impl Read for Pipe {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl Write for Pipe {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

#[tokio::test]
async fn a_request_on_a_connection_that_went_stale_was_never_sent() {
    let (here, mut there) = tokio::io::duplex(1024);
    let here = Arc::new(Mutex::new(Some(Pipe(TokioIo::new(here)))));
    let connector = tower::service_fn(move |_: Uri| {
        let pipe = here.lock().expect("not poisoned").take();
        ready(pipe.ok_or_else(|| io::Error::from(io::ErrorKind::ConnectionRefused)))
    });
    let client = Client::builder(TokioExecutor::new())
        .retry_canceled_requests(false)
        .build(connector);
    let serve = async {
        let _ = there.read(&mut [0; 1024]).await.expect("a request");
        let answer = b"HTTP/1.1 204 No Content\r\n\r\n";
        there.write_all(answer).await.expect("room");
    };
    let (first, ()) = tokio::join!(client.request(get("http://origin.test/")), serve);
    drop(first.expect("an answer"));
    // Nobody has looked at the idle connection when the second request goes out on it.
    tokio::task::yield_now().await;
    drop(there);
    let second = client.request(get("http://origin.test/")).await;
    let error: BoxError = second.expect_err("the connection is gone").into();
    assert_eq!(error.to_string(), "client error (Canceled)");
    let expected = (
        FailureKind::ConnectionClosed,
        Phase::Head,
        Delivery::NotSent,
        true,
    );
    check("stale", error, Phase::Head, expected);
}
