use super::{SECRETS, Sent, Transport, request, reset};
use crate::{Call, Catalog, Explanation, HumanizeLayer};
use buttress_core::{Action, Attempt, Delivery, Failure, FailureKind, History, Phase, StopReason};
use bytes::Bytes;
use http::{Response, StatusCode};
use http_body_util::Full;
use std::error::Error;
use std::io;
use std::time::Duration;
use tower_layer::Layer;
use tower_test::mock::{Handle, Spawn, spawn_layer};

type Answer = Response<Full<Bytes>>;

fn spawn<L: Layer<Transport>>(layer: L) -> (Spawn<L::Service>, Handle<Sent, Answer>) {
    spawn_layer(layer)
}

#[tokio::test]
async fn a_failed_call_explains_itself() {
    let (mut service, mut handle) = spawn(HumanizeLayer::new());
    assert!(service.poll_ready::<Sent>().is_ready());
    let call = service.call(request());
    let (_, respond) = handle.next_request().await.unwrap();
    respond.send_error(reset());
    let failure = call.await.unwrap_err();

    let sentence = "The connection to api.example.com:8443 was cut off before an answer came.";
    assert_eq!(failure.to_string(), sentence);
    let told = Explanation::of(&failure).unwrap();
    assert_eq!(told.happened(), sentence);
    assert_eq!(format!("{failure:#}"), format!("{told:#}"));
    assert!(format!("{failure:#}").len() > sentence.len());

    // What is behind the words is as it was.
    assert_eq!(failure.kind(), FailureKind::ConnectionReset);
    assert_eq!(failure.delivery(), Delivery::Unknown);
    assert!(failure.source().is_some());
    assert!(failure.find::<io::Error>().is_some());
}

#[tokio::test]
async fn hosts_of_any_length_are_named() {
    for len in [1, 7, 8, 16, 17, 32, 33, 200] {
        let host = "h".repeat(len);
        let (mut service, mut handle) = spawn(HumanizeLayer::new());
        assert!(service.poll_ready::<Sent>().is_ready());
        let mut request = request();
        *request.uri_mut() = format!("http://user:hunter2@{host}/path").parse().unwrap();
        let call = service.call(request);
        let (_, respond) = handle.next_request().await.unwrap();
        respond.send_error(reset());
        let told = call.await.unwrap_err().to_string();
        assert!(told.contains(&format!(" {host} ")), "{told}");
        assert!(!told.contains("hunter2"), "{told}");
    }
}

#[tokio::test]
async fn nothing_secret_is_told() {
    let (mut service, mut handle) = spawn(HumanizeLayer::new());
    assert!(service.poll_ready::<Sent>().is_ready());
    let call = service.call(request());
    assert!(!format!("{:?}", service.get_ref()).contains("in-"));
    let (_, respond) = handle.next_request().await.unwrap();
    respond.send_error(reset());
    let failure = call.await.unwrap_err();
    let told = Explanation::of(&failure).unwrap();
    for text in [
        format!("{failure}"),
        format!("{failure:#}"),
        format!("{told:?}"),
    ] {
        for secret in SECRETS {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        // The server that was asked to speak is not the one that failed.
        assert!(!text.contains("front.example.com"), "{text}");
    }
}

#[tokio::test]
async fn readiness_errors_are_explained_and_nothing_was_sent() {
    let (mut service, mut handle) = spawn(HumanizeLayer::new());
    handle.send_error(reset());
    let std::task::Poll::Ready(Err(failure)) = service.poll_ready::<Sent>() else {
        panic!("must fail");
    };
    assert_eq!(failure.delivery(), Delivery::NotSent);
    assert!(Explanation::of(&failure).is_some());
    assert_eq!(
        failure.to_string(),
        "The connection to the server was cut off while it was being set up."
    );
}

#[tokio::test]
async fn readiness_is_that_of_the_service_below() {
    let (mut service, mut handle) = spawn(HumanizeLayer::new());
    handle.allow(0);
    assert!(service.poll_ready::<Sent>().is_pending());
    handle.allow(1);
    assert!(service.is_woken());
    assert!(service.poll_ready::<Sent>().is_ready());
}

#[tokio::test]
async fn a_response_passes_unchanged_whatever_it_says() {
    let (mut service, mut handle) = spawn(HumanizeLayer::new());
    assert!(service.poll_ready::<Sent>().is_ready());
    let call = service.call(request());
    let (_, respond) = handle.next_request().await.unwrap();
    let mut response = Response::new(Full::from("their own words"));
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    response.headers_mut().insert("retry-after", 7.into());
    Failure::new(FailureKind::Dns).attach(response.extensions_mut());
    respond.send_response(response);

    let response = call.await.unwrap();
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(response.headers().len(), 1);
    let attached = Failure::of(response.extensions()).unwrap();
    assert!(Explanation::of(attached).is_none());
    let body = http_body_util::BodyExt::collect(response.into_body()).await;
    assert_eq!(body.unwrap().to_bytes(), "their own words");
}

#[tokio::test]
async fn a_failure_from_below_is_told_with_all_that_was_tried() {
    let (mut service, mut handle) = spawn(HumanizeLayer::new());
    assert!(service.poll_ready::<Sent>().is_ready());
    let call = service.call(request());
    let (_, respond) = handle.next_request().await.unwrap();
    let mut history = History::new();
    for n in 0..3 {
        history.push(Attempt::new(
            FailureKind::ConnectionClosed,
            Phase::Head,
            Action::Retried,
            Duration::from_secs(n),
            Duration::from_millis(500),
        ));
    }
    let below = Failure::from(reset())
        .with_earlier(&history)
        .with_stopped(StopReason::Attempts);
    respond.send_error(below);

    let failure = call.await.unwrap_err();
    assert_eq!(failure.history().len(), 3);
    let tried = Explanation::of(&failure).unwrap().tried().unwrap();
    assert_eq!(
        tried,
        "The request was tried 4 times, with 1.5 s of waiting in between. That is as often as is \
         allowed."
    );
}

struct Ours;

impl Catalog for Ours {
    fn explain(&self, failure: &Failure, call: &Call<'_>) -> Explanation {
        let host = call.host().unwrap_or("?");
        Explanation::new("Ours", &format!("{} at {host}.", failure.kind()))
    }
}

#[tokio::test]
async fn the_outer_of_two_layers_has_the_last_word() {
    let both = tower_layer::Stack::new(HumanizeLayer::new(), HumanizeLayer::new().catalog(Ours));
    let (mut service, mut handle) = spawn(both);
    assert!(service.poll_ready::<Sent>().is_ready());
    let call = service.call(request());
    let (_, respond) = handle.next_request().await.unwrap();
    respond.send_error(reset());
    let failure = call.await.unwrap_err();
    assert_eq!(
        failure.to_string(),
        "connection_reset at api.example.com:8443."
    );
    assert_eq!(Explanation::of(&failure).unwrap().title(), "Ours");
}
