//! HTTP/2, in memory and in paused time.

use crate::server::{Does, Server};
use crate::{Body, SECOND, request, retrying};
use buttress::prelude::*;
use buttress::retry::Gate;
use buttress::time::now;
use buttress_testkit::collect;
use h2::Reason;
use http::Method;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use std::time::Duration;
use tower::{Layer, ServiceExt};

fn client(server: &Server) -> Client<Server, Body> {
    Client::builder(TokioExecutor::new())
        .timer(TokioTimer::new())
        .http2_only(true)
        .build(server.clone())
}

/// One call: how it failed, if it did, how long it took, and how many attempts it was.
async fn call(
    server: &Server,
    method: Method,
    gate: Option<Gate>,
) -> (Option<Failure>, Duration, usize) {
    let start = now();
    let outcome = retrying(client(server), gate)
        .oneshot(request(method, "http://origin/"))
        .await;
    match outcome {
        Ok(response) => {
            let attempts = RetryReport::of(response.extensions()).map_or(1, RetryReport::attempts);
            let took = now() - start;
            let body = collect(response.into_body()).await;
            assert_eq!(
                (body.end().as_str(), &body.bytes[..]),
                ("clean end", &b"answer"[..])
            );
            (None, took, attempts)
        }
        Err(failure) => {
            let attempts = failure.history().len() + 1;
            (Some(failure), now() - start, attempts)
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_peer_did_not_process_is_sent_again_at_once_whatever_the_method() {
    for does in [
        Does::Resets(Reason::REFUSED_STREAM),
        Does::GoesAway(Reason::NO_ERROR),
    ] {
        for method in [Method::GET, Method::POST] {
            let server = Server::new([does]);
            let (failure, took, attempts) = call(&server, method, None).await;
            assert!(failure.is_none(), "{does:?}: {failure:?}");
            assert_eq!((attempts, took), (2, Duration::ZERO), "{does:?}");
            assert_eq!(server.processed(), 1, "{does:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn refused_again_it_waits() {
    let refused = Does::Resets(Reason::REFUSED_STREAM);
    let server = Server::new([refused; 3]);
    let (failure, took, attempts) = call(&server, Method::POST, None).await;
    assert!(failure.is_none());
    assert_eq!((attempts, took), (4, 2 * SECOND));

    let server = Server::new([refused; 9]);
    let (failure, _, attempts) = call(&server, Method::POST, None).await;
    let failure = failure.unwrap();
    assert_eq!(failure.kind(), FailureKind::Overloaded);
    assert_eq!(failure.delivery(), Delivery::Refused);
    assert_eq!(failure.stopped(), Some(StopReason::Attempts));
    assert_eq!((attempts, server.processed()), (4, 0));
}

#[tokio::test(start_paused = true)]
async fn what_may_have_been_processed_is_not_sent_again_without_consent() {
    for does in [
        Does::Resets(Reason::CANCEL),
        Does::Resets(Reason::INTERNAL_ERROR),
        Does::Resets(Reason::ENHANCE_YOUR_CALM),
        Does::GoesAway(Reason::INTERNAL_ERROR),
        Does::Closes,
    ] {
        let server = Server::new([does]);
        let (failure, _, attempts) = call(&server, Method::POST, None).await;
        let failure = failure.unwrap();
        assert_eq!(
            failure.stopped(),
            Some(StopReason::NotRepeatable),
            "{does:?}"
        );
        assert_eq!(failure.delivery(), Delivery::Unknown, "{does:?}");
        assert_eq!(attempts, 1, "{does:?}");

        let server = Server::new([does]);
        let (failure, took, attempts) = call(&server, Method::GET, None).await;
        assert!(failure.is_none(), "{does:?}: {failure:?}");
        assert_eq!((attempts, took), (2, SECOND), "{does:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_fails_before_the_gate_is_retried() {
    let reasons = [Reason::INTERNAL_ERROR, Reason::CANCEL];
    for does in reasons.map(Does::ResetsBody) {
        let server = Server::new([does]);
        let (failure, took, attempts) = call(&server, Method::GET, Some(Gate::first_frame())).await;
        assert!(failure.is_none(), "{does:?}: {failure:?}");
        assert_eq!((attempts, took), (2, SECOND), "{does:?}");

        // With an effect that cannot be taken back the head passes, and the body says what became of it.
        let server = Server::new([does]);
        let start = now();
        let response = retrying(client(&server), Some(Gate::first_frame()))
            .oneshot(request(Method::POST, "http://origin/"))
            .await
            .unwrap();
        assert_eq!(now(), start);
        let body = collect(response.into_body()).await;
        let failure = Failure::from(body.error.unwrap());
        assert_eq!(failure.phase(), Phase::Body, "{does:?}");
        assert_eq!(server.processed(), 1, "{does:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_gate_that_does_not_open_in_time_opens() {
    let server = Server::new([Does::HangsInBody]);
    let gate = Gate::until(|so_far: &[u8]| so_far.ends_with(b"answer")).max_wait(5 * SECOND);
    let start = now();
    let response = retrying(client(&server), Some(gate))
        .oneshot(request(Method::GET, "http://origin/"))
        .await
        .unwrap();
    assert_eq!(now() - start, 5 * SECOND);
    assert!(RetryReport::of(response.extensions()).is_none());
}

/// A connection that the server leaves, or that breaks, is not used for the retry; one on which a
/// single stream failed is.
#[tokio::test(start_paused = true)]
async fn a_connection_that_failed_is_not_handed_out_again() {
    for (does, connections) in [
        (Does::GoesAway(Reason::NO_ERROR), 2),
        (Does::GoesAway(Reason::INTERNAL_ERROR), 2),
        (Does::Closes, 2),
        (Does::Resets(Reason::REFUSED_STREAM), 1),
        (Does::Resets(Reason::CANCEL), 1),
    ] {
        let server = Server::new([does]);
        let (failure, _, attempts) = call(&server, Method::GET, None).await;
        assert!(failure.is_none(), "{does:?}: {failure:?}");
        assert_eq!(
            (attempts, server.connections()),
            (2, connections),
            "{does:?}"
        );
    }
}

/// A stream that is given up is reset; the connection serves others, and the retry.
#[tokio::test(start_paused = true)]
async fn an_attempt_that_took_too_long_gives_up_its_stream() {
    let server = Server::new([Does::Hangs]);
    let head = TimeoutConfig::builder().head(SECOND).build().unwrap();
    let attempt = TimeoutLayer::new(head).layer(client(&server));
    let response = RetryLayer::default()
        .layer(attempt)
        .oneshot(request(Method::GET, "http://origin/"))
        .await
        .unwrap();
    let report = RetryReport::of(response.extensions()).unwrap();
    assert_eq!(report.history().entries()[0].kind, FailureKind::TimeoutHead);
    assert_eq!((server.processed(), server.connections()), (2, 1));
}

/// Under standard consent the application gets a POST once at most, whatever happens to its streams
/// and connections.
#[tokio::test(start_paused = true)]
async fn a_post_never_reaches_the_application_twice() {
    let all = [
        Does::Answers,
        Does::Resets(Reason::REFUSED_STREAM),
        Does::Resets(Reason::CANCEL),
        Does::Resets(Reason::INTERNAL_ERROR),
        Does::ResetsBody(Reason::CANCEL),
        Does::GoesAway(Reason::NO_ERROR),
        Does::Closes,
    ];
    let (mut answered, mut refused) = (0, 0);
    for seed in 0..500 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let script: Vec<Does> = (0..4).map(|_| *rng.choice(all.iter()).unwrap()).collect();
        let gate = rng.bool().then(Gate::first_frame);
        let server = Server::new(script.clone());
        let service = retrying(client(&server), gate);
        let outcome = service
            .oneshot(request(Method::POST, "http://origin/"))
            .await;
        assert!(server.processed() <= 1, "seed {seed}: {script:?}");
        answered += usize::from(outcome.is_ok());
        refused +=
            usize::from(outcome.is_err_and(|failure| failure.delivery() == Delivery::Refused));
    }
    assert!(answered > 100 && refused > 0, "{answered} {refused}");
}
