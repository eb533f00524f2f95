//! What every layer owes the services around it, layer by layer and all together.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

use buttress::FailureKind;
use buttress::budget::RetryBudget;
use buttress::llm::{AnswerLayer, CallBody, CallLayer, KeepAliveLayer};
use buttress::prelude::*;
use buttress_testkit::contract::{self, Inner, Scene};
use buttress_testkit::{ScriptedBody, ScriptedService, Step};
use http::{Extensions, Request, Response};
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware, Error, Middleware, Next};
use std::future::Future;
use std::io::ErrorKind;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
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
    all_of_them: |inner: Inner| {
        HumanizeLayer::new().layer(timeout().layer(resume().layer(retry().layer(inner))))
    }, 30;
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

/// What every call goes through that is none to a language model.
#[tokio::test(start_paused = true)]
async fn layers_for_language_models_keep_the_contract() {
    let keep_alive = |inner: Inner| KeepAliveLayer::new().layer(inner);
    contract::auto_traits(&keep_alive);
    let drops = contract::check(keep_alive).await.unwrap();
    assert!(drops >= 15, "only {drops} drops");
    let answer = |inner: Inner| AnswerLayer::new().layer(inner);
    let drops = contract::check(answer).await.unwrap();
    assert!(drops >= 15, "only {drops} drops");
    let calls = |inner: Inner| {
        let plain = |request: Request<CallBody<String>>| request.map(|_| "x".to_owned());
        CallLayer::new().layer(inner.map_request(plain))
    };
    let drops = contract::check(calls).await.unwrap();
    assert!(drops >= 15, "only {drops} drops");
}

/// A body of the messages API, to its first word and to its end.
const BEGUN: &str = "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{}}\n\n";
const WORD: &str = "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\
                    \"delta\":{\"type\":\"text_delta\",\"text\":\"Hi\"}}\n\n";
const END: &str = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

type Model = ScriptedService<CallBody<String>>;

fn stream(body: ScriptedBody) -> Step<CallBody<String>> {
    let step = Step::ok(body).reading();
    step.header("content-type", "text/event-stream")
}

fn whole() -> Step<CallBody<String>> {
    stream(ScriptedBody::new().data(BEGUN).data(WORD).data(END))
}

const MODELS: [Scene<CallBody<String>>; 5] = [
    ("a slow model", || {
        let body = ScriptedBody::new().data(BEGUN).wait(40 * SECOND);
        let body = body.data(WORD).wait(20 * SECOND).data(END);
        Model::new([stream(body).after(50 * SECOND)]).then(|_| whole())
    }),
    ("an answer that breaks before it says something", || {
        let body = ScriptedBody::new().data(BEGUN).yields();
        Model::new([stream(body.io(ErrorKind::ConnectionReset))]).then(|_| whole())
    }),
    ("an answer that breaks", || {
        let body = ScriptedBody::new().data(BEGUN).data(WORD).wait(SECOND);
        Model::new([stream(body.io(ErrorKind::ConnectionReset))]).then(|_| whole())
    }),
    ("a busy model", || {
        let busy = || Step::status(529).header("retry-after", "30").reading();
        Model::new([busy(), busy()]).then(|_| whole())
    }),
    ("a model that says nothing more", || {
        Model::new([]).then(|_| stream(ScriptedBody::new().data(BEGUN).hang()))
    }),
];

fn question() -> Request<String> {
    let body = r#"{"max_tokens":9,"messages":[],"stream":true}"#;
    let request = Request::post("https://api.example.com/v1/messages");
    request.body(body.to_owned()).unwrap()
}

/// The same wherever a call to a model is dropped: while it is kept alive, held back, sent again.
#[tokio::test(start_paused = true)]
async fn a_call_to_a_model_leaves_nothing_behind_wherever_it_is_dropped() {
    let quiet = |_: &Model| Ok(());
    let kept = |inner: Model| CallLayer::new().layer(KeepAliveLayer::new().layer(inner));
    let drops = contract::check_scenes(&MODELS, question, kept, quiet).await;
    let drops = drops.unwrap_or_else(|breach| panic!("{breach}"));
    assert!(drops >= 25, "only {drops} drops");

    let held = |inner: Model| CallLayer::new().layer(AnswerLayer::new().layer(inner));
    let drops = contract::check_scenes(&MODELS, question, held, quiet).await;
    let drops = drops.unwrap_or_else(|breach| panic!("{breach}"));
    assert!(drops >= 12, "only {drops} drops");

    let all = |inner: Model| {
        let retry = RetryConfig::builder()
            .consent(Consent::Always)
            .build()
            .unwrap();
        let inner = AnswerLayer::new().layer(timeout().layer(inner));
        let inner = KeepAliveLayer::new().layer(RetryLayer::new(retry).layer(inner));
        CallLayer::new().layer(inner)
    };
    let drops = contract::check_scenes(&MODELS, question, all, quiet).await;
    let drops = drops.unwrap_or_else(|breach| panic!("{breach}"));
    assert!(drops >= 30, "only {drops} drops");
}

/// A client of reqwest with middlewares, as a service.
#[derive(Clone)]
struct Client(ClientWithMiddleware);

impl Service<Request<String>> for Client {
    type Response = Response<reqwest::Body>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<String>) -> Self::Future {
        let request = reqwest::Request::try_from(request).unwrap();
        let client = self.0.clone();
        Box::pin(async move { Ok(client.execute(request).await?.into()) })
    }
}

/// The innermost middleware: what answers in place of the client.
struct Answers(Inner);

#[async_trait::async_trait]
impl Middleware for Answers {
    async fn handle(
        &self,
        request: reqwest::Request,
        _: &mut Extensions,
        _: Next<'_>,
    ) -> Result<reqwest::Response, Error> {
        let request = Request::try_from(request)?.map(|_| "x".to_owned());
        let answer = self.0.clone().oneshot(request).await;
        let answer = answer.map_err(|error| Error::middleware(Failure::from(error)))?;
        Ok(answer.map(reqwest::Body::wrap).into())
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_of_reqwest_leaves_nothing_behind_wherever_it_is_dropped() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let make = |inner: Inner| {
        let client = ClientBuilder::new(reqwest::Client::new());
        let below = client.with(Answers(inner.clone())).build();
        let layers = tower::layer::util::Stack::new(retry(), resume());
        let layers = tower::layer::util::Stack::new(layers, timeout());
        let ours = TowerMiddleware::new(layers, below);
        let client = ClientBuilder::new(reqwest::Client::new());
        Client(client.with(ours).with(Answers(inner)).build())
    };
    let drops = contract::check_drops(make, |_| Ok(())).await;
    let drops = drops.unwrap_or_else(|breach| panic!("{breach}"));
    assert!(drops >= 25, "only {drops} drops");
}
