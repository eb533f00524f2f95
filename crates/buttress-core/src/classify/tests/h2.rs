use super::*;
use ::h2::{Error as H2, Reason, client, server};
use bytes::Bytes;
use http::{Request, Response};
use tokio::io::DuplexStream;

/// What the server does with the one request.
#[derive(Clone, Copy, Debug)]
enum Does {
    /// `RST_STREAM` instead of an answer.
    Resets(Reason),
    /// `RST_STREAM` after the head and a piece of the body.
    ResetsBody(Reason),
    /// `GOAWAY` before it has seen the request, so that its last stream id lies below.
    GoesAway(Reason),
    /// `GOAWAY` after it has accepted the request.
    GoesAwayAfter(Reason),
    /// Drops the connection in the middle of the body.
    Drops,
}

async fn serve(io: DuplexStream, does: Does) {
    let mut connection = server::handshake(io).await.expect("a handshake");
    if let Does::GoesAway(reason) = does {
        connection.abrupt_shutdown(reason);
        while connection.accept().await.is_some() {}
        return;
    }
    let (_, mut respond) = connection
        .accept()
        .await
        .expect("a request")
        .expect("valid");
    let mut body = None;
    match does {
        Does::Resets(reason) => respond.send_reset(reason),
        Does::GoesAway(reason) | Does::GoesAwayAfter(reason) => connection.abrupt_shutdown(reason),
        Does::ResetsBody(_) | Does::Drops => {
            let mut stream = respond
                .send_response(Response::new(()), false)
                .expect("a head");
            stream
                .send_data(Bytes::from_static(b"piece"), false)
                .expect("a piece");
            body = Some(stream);
        }
    }
    let flush = tokio::task::yield_now();
    with_connection(std::future::poll_fn(|cx| connection.poll_closed(cx)), flush).await;
    if let (Does::ResetsBody(reason), Some(stream)) = (does, &mut body) {
        stream.send_reset(reason);
    }
    if !matches!(does, Does::Drops) {
        let _ = std::future::poll_fn(|cx| connection.poll_closed(cx)).await;
    }
}

/// The error that a client gets, and whether in the head or in the body.
async fn error_of(does: Does) -> (H2, Phase) {
    let (here, there) = tokio::io::duplex(64 * 1024);
    let call = async {
        let (mut send, connection) = client::handshake(here).await.expect("a handshake");
        let call = async {
            let (response, _) = send
                .send_request(Request::new(()), true)
                .expect("the connection is new");
            let mut body = match response.await {
                Ok(response) => response.into_body(),
                Err(error) => return (error, Phase::Head),
            };
            loop {
                match body.data().await.expect("an error in the body") {
                    Ok(piece) => drop(body.flow_control().release_capacity(piece.len())),
                    Err(error) => return (error, Phase::Body),
                }
            }
        };
        with_connection(connection, call).await
    };
    tokio::join!(call, serve(there, does)).0
}

#[tokio::test]
async fn reasons() {
    use Delivery::{Refused, Unknown};
    use Does::*;
    use FailureKind as K;
    use Phase::{Body, Head};
    for (does, expected) in [
        // The peer's word that it did nothing.
        (
            Resets(Reason::REFUSED_STREAM),
            (K::Overloaded, Head, Refused, true),
        ),
        (
            GoesAway(Reason::NO_ERROR),
            (K::ConnectionClosed, Head, Refused, true),
        ),
        // A refusal in the middle of an answer contradicts itself.
        (
            ResetsBody(Reason::REFUSED_STREAM),
            (K::Overloaded, Body, Unknown, true),
        ),
        // No such word.
        (
            GoesAway(Reason::INTERNAL_ERROR),
            (K::ServerError, Head, Unknown, true),
        ),
        // The last stream id says that this request was seen.
        (
            GoesAwayAfter(Reason::NO_ERROR),
            (K::ConnectionReset, Head, Unknown, true),
        ),
        (
            Resets(Reason::INTERNAL_ERROR),
            (K::ServerError, Head, Unknown, true),
        ),
        (
            Resets(Reason::CANCEL),
            (K::ConnectionReset, Head, Unknown, true),
        ),
        (
            Resets(Reason::PROTOCOL_ERROR),
            (K::Protocol, Head, Unknown, true),
        ),
        (
            Resets(Reason::ENHANCE_YOUR_CALM),
            (K::RateLimited, Head, Unknown, true),
        ),
        (
            Resets(Reason::HTTP_1_1_REQUIRED),
            (K::Protocol, Head, Unknown, false),
        ),
        (
            Resets(Reason::INADEQUATE_SECURITY),
            (K::TlsOther, Head, Unknown, false),
        ),
        (
            ResetsBody(Reason::INTERNAL_ERROR),
            (K::ConnectionReset, Body, Unknown, true),
        ),
        (
            ResetsBody(Reason::CANCEL),
            (K::ConnectionReset, Body, Unknown, true),
        ),
        (
            ResetsBody(Reason::NO_ERROR),
            (K::StreamTruncated, Body, Unknown, true),
        ),
        // An `io::Error` inside, which is no `source`.
        (Drops, (K::ConnectionReset, Body, Unknown, true)),
    ] {
        let (error, phase) = error_of(does).await;
        check(&format!("{does:?}"), error.into(), phase, expected);
    }
}

#[tokio::test]
async fn reasons_behind_middleware_keep_their_meaning() {
    let (error, phase) = error_of(Does::Resets(Reason::REFUSED_STREAM)).await;
    let expected = (
        FailureKind::Overloaded,
        Phase::Head,
        Delivery::Refused,
        true,
    );
    check("wrapped", Wrapper(error.into()).into(), phase, expected);
}

#[tokio::test]
async fn an_open_connection_cannot_be_refused() {
    let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
    let reads = tokio_test::io::Builder::new().read_error(refused).build();
    let io = tokio::io::join(reads, tokio::io::sink());
    let (mut send, connection) = client::handshake(io).await.expect("a handshake");
    let (response, _) = send
        .send_request(Request::new(()), true)
        .expect("the connection is new");
    let error = with_connection(connection, response).await;
    let expected = (
        FailureKind::ConnectionReset,
        Phase::Head,
        Delivery::Unknown,
        true,
    );
    let error = error.expect_err("the connection breaks");
    check("refused", error.into(), Phase::Head, expected);
}
