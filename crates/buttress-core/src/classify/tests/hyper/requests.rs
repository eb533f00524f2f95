//! What goes wrong in the body of a request is not of the connection.

use super::*;
use ::hyper::body::Frame;
use std::pin::Pin;
use std::task::{Context, Poll};

/// A request body with a trouble of its own.
struct Broken;

impl ::hyper::body::Body for Broken {
    type Data = Bytes;
    type Error = io::Error;
    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        Poll::Ready(Some(Err(io::ErrorKind::ConnectionRefused.into())))
    }
}

#[tokio::test]
async fn the_trouble_of_a_request_body_is_another_story() {
    let (here, _there) = tokio::io::duplex(1024);
    let (mut send, connection) = http1::handshake(TokioIo::new(here))
        .await
        .expect("a handshake");
    let request = Request::post("/").body(Broken).expect("a request");
    let call = error_of(send.send_request(request));
    let (error, phase) = with_connection(connection, call).await;
    // Not a refused connection, which could be sent again.
    let expected = (
        FailureKind::Cancelled,
        Phase::Send,
        Delivery::Unknown,
        false,
    );
    check("request body", error, phase, expected);
}

/// A request body that is the answer to another call, and that one could not even be made.
struct Relayed;

impl ::hyper::body::Body for Relayed {
    type Data = Bytes;
    type Error = BoxError;
    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
        let other = crate::Failure::from(BoxError::from(refused));
        assert_eq!(other.delivery(), Delivery::NotSent);
        Poll::Ready(Some(Err(other.into())))
    }
}

#[tokio::test]
async fn the_failure_of_a_call_that_feeds_a_request_is_not_the_requests() {
    let (here, _there) = tokio::io::duplex(1024);
    let (mut send, connection) = http1::handshake(TokioIo::new(here))
        .await
        .expect("a handshake");
    let request = Request::post("/").body(Relayed).expect("a request");
    let call = error_of(send.send_request(request));
    let (error, phase) = with_connection(connection, call).await;
    let failure = crate::Failure::from_error(error, phase);
    let found = (failure.kind(), failure.phase(), failure.delivery());
    let expected = (FailureKind::Cancelled, Phase::Send, Delivery::Unknown);
    assert_eq!(found, expected, "{failure:?}");
    assert!(!failure.is_transient());
}
