//! Streams that are reset, connections that break, and what hyper does not take.

use super::*;
use ::h2::server::{self, Connection, SendResponse};
use ::h2::{Reason, SendStream};
use ::hyper::client::conn::http2;
use ::hyper_util::rt::TokioExecutor;
use http_body_util::Full;
use tokio::io::DuplexStream;

type Server = Connection<DuplexStream, Bytes>;

/// A server that was asked.
async fn asked(by: DuplexStream) -> (Server, SendResponse<Bytes>) {
    let mut connection = server::handshake(by).await.expect("a handshake");
    let request = connection.accept().await.expect("a request");
    let (_, respond) = request.expect("valid");
    (connection, respond)
}

/// The head and a piece of the body, on their way.
async fn send_piece(
    connection: &mut Server,
    respond: &mut SendResponse<Bytes>,
) -> SendStream<Bytes> {
    let head = respond.send_response(Response::new(()), false);
    let mut body = head.expect("a head");
    body.send_data(Bytes::from_static(b"piece"), false)
        .expect("a piece");
    let flush = tokio::task::yield_now();
    with_connection(std::future::poll_fn(|cx| connection.poll_closed(cx)), flush).await;
    body
}

/// One request to a server that resets it, after a piece of the body or before the head.
async fn reset_by(reason: Reason, with_head: bool) -> (BoxError, Phase) {
    let (here, there) = tokio::io::duplex(64 * 1024);
    let serve = async {
        let (mut connection, mut respond) = asked(there).await;
        if with_head {
            send_piece(&mut connection, &mut respond)
                .await
                .send_reset(reason);
        } else {
            respond.send_reset(reason);
        }
        let _ = std::future::poll_fn(|cx| connection.poll_closed(cx)).await;
    };
    let call = async {
        let (mut send, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(here))
            .await
            .expect("a handshake");
        with_connection(connection, error_of(send.send_request(get()))).await
    };
    tokio::join!(call, serve).0
}

#[tokio::test]
async fn resets_keep_their_reason() {
    use FailureKind as K;
    for (reason, with_head, kind, phase, delivery) in [
        (
            Reason::REFUSED_STREAM,
            false,
            K::Overloaded,
            Phase::Head,
            Delivery::Refused,
        ),
        (
            Reason::INTERNAL_ERROR,
            false,
            K::ServerError,
            Phase::Head,
            Delivery::Unknown,
        ),
        (
            Reason::CANCEL,
            false,
            K::ConnectionReset,
            Phase::Head,
            Delivery::Unknown,
        ),
        (
            Reason::INTERNAL_ERROR,
            true,
            K::ConnectionReset,
            Phase::Body,
            Delivery::Unknown,
        ),
    ] {
        let (error, phase_found) = reset_by(reason, with_head).await;
        let expected = (kind, phase, delivery, true);
        check(
            &format!("{reason:?} {with_head}"),
            error,
            phase_found,
            expected,
        );
    }
}

#[tokio::test]
async fn a_connection_that_breaks_in_the_body() {
    let (here, there) = tokio::io::duplex(64 * 1024);
    let serve = async {
        let (mut connection, mut respond) = asked(there).await;
        let _body = send_piece(&mut connection, &mut respond).await;
        // Both ends are dropped here.
    };
    let call = async {
        let (mut send, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(here))
            .await
            .expect("a handshake");
        with_connection(connection, error_of(send.send_request(get()))).await
    };
    let ((error, phase), ()) = tokio::join!(call, serve);
    let expected = (
        FailureKind::ConnectionReset,
        Phase::Body,
        Delivery::Unknown,
        true,
    );
    check("dropped", error, phase, expected);
}

#[tokio::test]
async fn requests_that_hyper_does_not_take() {
    let (here, there) = tokio::io::duplex(64 * 1024);
    let serve = async {
        let mut connection = server::handshake(there).await.expect("a handshake");
        while connection.accept().await.is_some() {}
    };
    let call = async {
        let (mut send, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(here))
            .await
            .expect("a handshake");
        let request = Request::connect("example.com:443").body(Full::new(Bytes::from_static(b"x")));
        let call = error_of(send.send_request(request.expect("a request")));
        with_connection(connection, call).await
    };
    let (error, phase) = tokio::select! {
        error = call => error,
        () = serve => panic!("the client goes first"),
    };
    let expected = (
        FailureKind::BadRequest,
        Phase::Send,
        Delivery::Unknown,
        false,
    );
    check("CONNECT with a body", error, phase, expected);
}
