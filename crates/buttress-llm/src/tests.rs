//! The layers over tower-test mocks.

use crate::{AnswerLayer, CallBody, CallLayer, KeepAliveLayer};
use buttress_core::{BoxError, Failure, FailureKind};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use std::io;
use tokio_test::{assert_pending, task};
use tower::{Layer, Service, ServiceExt};
use tower_test::mock;

type Body = Full<Bytes>;

const STREAM: &str = "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{}}\n\n\
                      event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

fn question() -> Request<Body> {
    Request::post("https://api.example.com/v1/messages?beta=true")
        .header("x-api-key", "k")
        .body(Full::from(
            r#"{"max_tokens":9,"messages":[],"stream":true}"#,
        ))
        .unwrap()
}

macro_rules! over_a_mock {
    ($($name:ident: $layer:expr, $sent:ty;)+) => {$(
        #[tokio::test(start_paused = true)]
        async fn $name() {
            let (mock, mut handle) = mock::pair::<Request<$sent>, Response<Body>>();
            let mut service = $layer.layer(mock);

            handle.allow(1);
            // A mock that is called without having been readied panics.
            let call = service.ready().await.unwrap().call(question());
            assert_pending!(task::spawn(service.ready()).poll());
            let serve = async {
                let (request, reply) = handle.next_request().await.unwrap();
                let response = Response::builder().header("content-type", "text/event-stream");
                reply.send_response(response.body(Full::from(STREAM)).unwrap());
                request
            };
            let (response, request) = tokio::join!(call, serve);
            let asked = question();
            assert_eq!(
                (request.method(), request.uri(), request.headers()),
                (asked.method(), asked.uri(), asked.headers())
            );
            let sent = request.into_body().collect().await.unwrap().to_bytes();
            assert_eq!(sent, asked.into_body().collect().await.unwrap().to_bytes());
            let body = response.unwrap().into_body().collect().await.unwrap();
            assert_eq!(body.to_bytes(), STREAM);

            handle.allow(1);
            let call = service.ready().await.unwrap().call(question());
            let serve = async {
                let (_, reply) = handle.next_request().await.unwrap();
                reply.send_error(io::Error::from(io::ErrorKind::ConnectionReset));
            };
            let (response, ()) = tokio::join!(call, serve);
            let error = BoxError::from(response.err().unwrap());
            assert_eq!(Failure::from(error).kind(), FailureKind::ConnectionReset);

            handle.send_error("gone");
            assert!(service.ready().await.is_err());
        }
    )+};
}

over_a_mock! {
    calls_pass_whole_and_when_the_server_is_ready: CallLayer::new(), CallBody<Body>;
    answers_pass_whole_and_when_the_server_is_ready: AnswerLayer::new(), Body;
    what_is_kept_alive_passes_whole_and_when_the_server_is_ready: KeepAliveLayer::new(), Body;
}
