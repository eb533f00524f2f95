//! What every layer owes the services around it, layer by layer and all together.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

use buttress::budget::RetryBudget;
use buttress::llm::{AnswerLayer, CallLayer, KeepAliveLayer};
use buttress::prelude::*;
use buttress::{BoxError, Delivery, FailureKind, Phase};
use buttress_testkit::Readiness;
use buttress_testkit::contract::{self, Inner};
use buttress_tests::middleware;
use buttress_tests::models::{self, Model};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use std::io::{self, ErrorKind};
use std::time::Duration;
use tower::layer::util::Stack;
use tower::{Layer, Service, ServiceExt};

const SECOND: Duration = Duration::from_secs(1);

fn timeout() -> TimeoutLayer {
    let config = TimeoutConfig::builder()
        .head(30 * SECOND)
        .first_frame(30 * SECOND)
        .idle(20 * SECOND)
        .total(90 * SECOND)
        .min_rate(1, 60 * SECOND);
    TimeoutLayer::new(config.build().unwrap())
}

fn retry() -> RetryLayer {
    RetryLayer::new(RetryConfig::builder().build().unwrap())
}

fn resume() -> ResumeLayer {
    ResumeLayer::new(ResumeConfig::builder().build().unwrap())
}

/// For layers that change the type of the request's body.
fn plain<B>(request: Request<B>) -> Request<String> {
    request.map(|_| "x".to_owned())
}

/// Checks everything about what `$make` builds, and that enough drops were tried for that.
macro_rules! keeps_the_contract {
    ($($name:ident: $make:expr, $drops:literal;)+) => {$(
        #[tokio::test(start_paused = true)]
        async fn $name() {
            let make = $make;
            contract::auto_traits(&make);
            let drops = contract::check(&make).await.unwrap_or_else(|breach| panic!("{breach}"));
            assert!(drops >= $drops, "only {drops} drops");
        }
    )+};
}

keeps_the_contract! {
    humanize: |inner: Inner| HumanizeLayer::new().layer(inner), 15;
    humanize_into_responses: |inner: Inner| HumanizeLayer::new().into_responses().layer(inner), 15;
    timeouts: |inner: Inner| timeout().layer(inner), 15;
    retries: |inner: Inner| retry().layer(inner), 25;
    resumes: |inner: Inner| resume().layer(inner), 25;
    grpc_below_another: |inner: Inner| timeout().layer(GrpcLayer::new().layer(inner)), 15;
    bodies_that_are_kept: |inner: Inner| {
        timeout().layer(ReplayBodyLayer::new().layer(inner.map_request(plain)))
    }, 15;
    // What is no call to a model.
    kept_alive: |inner: Inner| KeepAliveLayer::new().layer(inner), 15;
    held_back: |inner: Inner| timeout().layer(AnswerLayer::new().layer(inner)), 15;
    calls: |inner: Inner| timeout().layer(CallLayer::new().layer(inner.map_request(plain))), 15;
    clients_of_models: |inner: Inner| {
        let client = buttress::client().llm().layer(inner.map_request(plain));
        client.map_request(|request: Request<String>| request.map(Full::<Bytes>::from))
    }, 30;
    clients: |inner: Inner| buttress::client().layer(inner), 30;
    servers: |inner: Inner| buttress::server().layer(inner), 15;
    all_of_them: |inner: Inner| {
        HumanizeLayer::new().layer(timeout().layer(resume().layer(retry().layer(inner))))
    }, 30;
}

/// Each layer asks in a way of its own; what it says of the same error is the same.
#[tokio::test(start_paused = true)]
async fn layers_agree_about_a_service_that_is_not_ready() {
    let errors: [fn() -> BoxError; 4] = [
        || "gone".into(),
        || io::Error::from(ErrorKind::TimedOut).into(),
        || io::Error::from(ErrorKind::ConnectionReset).into(),
        || Failure::new(FailureKind::Overloaded).into(),
    ];
    for error in errors {
        let expected = gist(&Failure::unready(error()));
        assert_eq!(expected.2, Delivery::NotSent);
        let once = RetryConfig::builder().attempts(1).build().unwrap();
        let told = [
            unready(error(), RetryLayer::new(once)).await,
            unready(error(), timeout()).await,
            unready(error(), resume()).await,
            unready(error(), AnswerLayer::new()).await,
            unready(error(), HumanizeLayer::new()).await,
        ];
        assert_eq!(told, [expected; 5]);
    }
}

async fn unready<L, RB>(error: BoxError, layer: L) -> (FailureKind, Phase, Delivery)
where
    L: Layer<Inner, Service: Service<Request<String>, Response = Response<RB>, Error = Failure>>,
{
    let inner = Inner::new([]).readiness([Readiness::Fails(error)]);
    let request = Request::new("x".to_owned());
    let answer = layer.layer(inner).oneshot(request).await;
    gist(&answer.err().expect("nothing answers"))
}

fn gist(failure: &Failure) -> (FailureKind, Phase, Delivery) {
    (failure.kind(), failure.phase(), failure.delivery())
}

/// What a call took from the budget and did not spend is back when the call is dropped.
#[tokio::test(start_paused = true)]
async fn tokens_are_conserved_wherever_a_call_is_dropped() {
    let reserve = 1_000;
    let budget = || {
        let budget = RetryBudget::builder().reserve(reserve).ratio(0.0);
        budget.min_per_second(0.0).build().unwrap()
    };
    let current = std::cell::RefCell::new(budget());
    let make = |inner: Inner| {
        let fresh = budget();
        current.replace(fresh.clone());
        let config = RetryConfig::builder().budget(fresh);
        RetryLayer::new(config.build().unwrap()).layer(inner)
    };
    let quiet = |inner: &Inner| {
        let again = inner.calls().len().saturating_sub(1) as f64;
        let dearest = f64::from(RetryBudget::cost(FailureKind::Overloaded));
        let taken = f64::from(reserve) - current.borrow().balance();
        match taken <= again * dearest && (taken > 0.0) == (again > 0.0) {
            true => Ok(()),
            false => Err(format!("{taken} tokens taken for {again} requests more")),
        }
    };
    let drops = contract::check_drops(make, quiet).await.unwrap();
    assert!(drops >= 25, "only {drops} drops");
}

/// The same wherever a call to a model is dropped: while it is kept alive, held back, sent again.
#[tokio::test(start_paused = true)]
async fn a_call_to_a_model_leaves_nothing_behind_wherever_it_is_dropped() {
    let quiet = |_: &Model| Ok(());
    let kept = |inner: Model| CallLayer::new().layer(KeepAliveLayer::new().layer(inner));
    let drops = contract::check_scenes(&models::SCENES, models::question, kept, quiet).await;
    let drops = drops.unwrap_or_else(|breach| panic!("{breach}"));
    assert!(drops >= 25, "only {drops} drops");

    let held = |inner: Model| CallLayer::new().layer(AnswerLayer::new().layer(inner));
    let drops = contract::check_scenes(&models::SCENES, models::question, held, quiet).await;
    let drops = drops.unwrap_or_else(|breach| panic!("{breach}"));
    assert!(drops >= 12, "only {drops} drops");

    let drops =
        contract::check_scenes(&models::SCENES, models::question, models::server, quiet).await;
    let drops = drops.unwrap_or_else(|breach| panic!("{breach}"));
    assert!(drops >= 30, "only {drops} drops");
}

#[tokio::test(start_paused = true)]
async fn a_middleware_of_reqwest_keeps_the_contract() {
    let layers = Stack::new(Stack::new(retry(), resume()), timeout());
    let make = |inner: Inner| middleware::client(layers.clone(), &inner);
    let drops = contract::check(make).await;
    let drops = drops.unwrap_or_else(|breach| panic!("{breach}"));
    assert!(drops >= 25, "only {drops} drops");
}
