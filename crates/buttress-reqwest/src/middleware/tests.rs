//! The middleware against a misbehaving origin on real sockets.

mod attempts;
mod errors;
mod parity;

use super::*;
use crate::tests::reqwest_client as client;
use buttress_core::{Backoff, Deadline, FailureKind, StopReason};
use buttress_humanize::{Explanation, HumanizeLayer};
use buttress_resume::{ResumeConfig, ResumeLayer};
use buttress_retry::{RetryConfig, RetryLayer};
use buttress_testkit::{Canned, Content, Cut, Fault, Origin, Refused, Script};
use buttress_timeout::{TimeoutConfig, TimeoutLayer};
use reqwest_middleware::ClientBuilder;
use std::error::Error as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tower::ServiceBuilder;
use tower::layer::util::{Identity, Stack};

const SHORT: Duration = Duration::from_millis(50);

fn with<L, S, RB>(layer: L) -> ClientWithMiddleware
where
    L: Layer<MiddlewareService, Service = S>,
    TowerMiddleware<S>: Middleware,
    S: Service<Request<reqwest::Body>, Response = Response<RB>>,
{
    let middleware = TowerMiddleware::new(layer, client());
    ClientBuilder::new(client()).with(middleware).build()
}

fn retry() -> RetryLayer {
    let config = RetryConfig::builder().backoff(Backoff::none());
    RetryLayer::new(config.build().unwrap())
}

fn resume() -> ResumeLayer {
    let config = ResumeConfig::builder().backoff(Backoff::none());
    ResumeLayer::new(config.build().unwrap())
}

fn head(limit: Duration) -> TimeoutLayer {
    TimeoutLayer::new(TimeoutConfig::builder().head(limit).build().unwrap())
}

async fn origin(faults: impl IntoIterator<Item = Fault>) -> Origin {
    Origin::builder()
        .content(Content::new(1, 1, 50_000))
        .script(Script::of(faults))
        .start()
        .await
}

/// Counts what runs through it.
#[derive(Clone, Default)]
struct Counter(Arc<AtomicUsize>);

impl Counter {
    fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// What a middleware below leaves among the extensions.
#[derive(Clone, Debug, PartialEq)]
struct Number(usize);

#[async_trait::async_trait]
impl Middleware for Counter {
    async fn handle(
        &self,
        request: reqwest::Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<reqwest::Response, Error> {
        let number = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        extensions.insert(Number(number));
        next.run(request, extensions).await
    }
}

#[tokio::test]
async fn attempts_run_through_the_middlewares_below_and_leave_their_extensions() {
    let origin = origin([Fault::status(503), Fault::CutBeforeHead(Cut::Rst)]).await;
    let (above, below) = (Counter::default(), Counter::default());
    let client = ClientBuilder::new(client())
        .with(above.clone())
        .with(TowerMiddleware::new(retry(), client()))
        .with(below.clone())
        .build();
    let request = client.get(origin.url("/bytes?q=1")).build().unwrap();
    let mut extensions = Extensions::new();
    let response = client
        .execute_with_extensions(request, &mut extensions)
        .await
        .unwrap();
    assert_eq!(response.url().as_str(), origin.url("/bytes?q=1"));
    assert_eq!(response.content_length(), Some(50_000));
    assert_eq!(response.bytes().await.unwrap(), origin.content().whole());
    assert_eq!((above.count(), below.count()), (1, 3));
    assert_eq!(extensions.get(), Some(&Number(3)));
    assert!(Failure::of(&extensions).is_none());
}

#[tokio::test]
async fn a_body_goes_on_after_the_call_through_the_client_that_was_given() {
    let origin = origin([Fault::cut_after_bytes(20_000, Cut::Rst)]).await;
    let (below, beyond) = (Counter::default(), Counter::default());
    let handle = ClientBuilder::new(client()).with(beyond.clone()).build();
    let client = ClientBuilder::new(client())
        .with(TowerMiddleware::new(resume(), handle))
        .with(below.clone())
        .build();
    let response = client.get(origin.url("/bytes")).send().await.unwrap();
    assert_eq!(response.bytes().await.unwrap(), origin.content().whole());
    assert_eq!((below.count(), beyond.count()), (1, 1));
    assert_eq!(origin.log()[1].header("range"), Some("bytes=20000-"));
}

#[tokio::test]
async fn the_callers_extensions_reach_the_layers() {
    let origin = origin([
        Fault::status(503),
        Fault::StallBeforeHead,
        Fault::StallBeforeHead,
    ])
    .await;
    let client = with(retry());
    let once = RetryConfig::builder().attempts(1).build().unwrap();
    let request = client.get(origin.url("/hello")).with_extension(once);
    assert_eq!(request.send().await.unwrap().status(), 503);

    let request = client.get(origin.url("/hello"));
    let error = request
        .with_extension(Deadline::after(SHORT))
        .send()
        .await
        .unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(
        Failure::from(BoxError::from(error)).kind(),
        FailureKind::TimeoutTotal
    );
}

/// A limit of a middleware outside is a deadline for those inside, for as long as the call lasts.
#[tokio::test]
async fn middlewares_below_know_the_deadline() {
    let origin = Origin::builder()
        .script(Script::always(Fault::status(503)))
        .start()
        .await;
    let minute = Duration::from_secs(60);
    let total = TimeoutConfig::builder().total(minute).build().unwrap();
    let late = RetryConfig::builder().backoff(Backoff::constant(minute));
    let client = ClientBuilder::new(client())
        .with(TowerMiddleware::new(TimeoutLayer::new(total), client()))
        .with(TowerMiddleware::new(
            RetryLayer::new(late.build().unwrap()),
            client(),
        ))
        .build();
    let request = client.get(origin.url("/")).build().unwrap();
    let mut extensions = Extensions::new();
    let response = client
        .execute_with_extensions(request, &mut extensions)
        .await;
    let failure = Failure::of_response(&Response::<reqwest::Body>::from(response.unwrap()));
    assert_eq!(failure.unwrap().stopped(), Some(StopReason::Deadline));
    assert_eq!(extensions.get::<Deadline>(), None);
}

#[tokio::test]
async fn two_of_them_do_not_multiply() {
    let origin = Origin::builder()
        .script(Script::always(Fault::CutBeforeHead(Cut::Rst)))
        .start()
        .await;
    let client = ClientBuilder::new(client())
        .with(TowerMiddleware::new(retry(), client()))
        .with(TowerMiddleware::new(retry(), client()))
        .build();
    let error = client.get(origin.url("/")).send().await.unwrap_err();
    assert!(matches!(error, Error::Reqwest(_)));
    assert_eq!(origin.log().len(), 5);
}

#[tokio::test]
async fn layers_keep_their_state_between_calls_and_need_not_be_ours() {
    let origin = Arc::new(origin([]).await);
    let client = with(
        ServiceBuilder::new()
            .layer(tower_http::trace::TraceLayer::new_for_http())
            .layer(tower::buffer::BufferLayer::new(8))
            .layer(tower::limit::ConcurrencyLimitLayer::new(1))
            .layer(tower_http::set_header::SetRequestHeaderLayer::overriding(
                http::header::USER_AGENT,
                http::HeaderValue::from_static("ours"),
            )),
    );
    origin.set_script(Script::always(Fault::Delay(Duration::from_millis(5))));
    let calls = (0..6).map(|_| {
        let request = client.get(origin.url("/hello"));
        async move { request.send().await.unwrap().status() }
    });
    let statuses = futures_util::future::join_all(calls).await;
    assert_eq!(statuses, [200; 6]);
    assert_eq!(origin.peak_in_flight(), 1);
    assert!(
        origin
            .log()
            .iter()
            .all(|seen| seen.header("user-agent") == Some("ours"))
    );
}

#[tokio::test]
async fn what_is_given_up_stops() {
    // By the caller.
    let origin = origin([Fault::StallBeforeHead]).await;
    let client = with(retry());
    let call = client.get(origin.url("/hello")).send();
    #[allow(clippy::disallowed_methods, reason = "the caller's own limit")]
    let given_up = tokio::time::timeout(SHORT, call).await;
    assert!(given_up.is_err());
    while !origin.log().iter().all(|seen| seen.client_left) {
        tokio::task::yield_now().await;
    }
    // By a layer: the attempt, while the call goes on.
    let alive = Alive::default();
    let layers = ServiceBuilder::new().layer(retry()).layer(head(SHORT));
    let client = ClientBuilder::new(client.as_ref().clone())
        .with(TowerMiddleware::new(layers, client.as_ref().clone()))
        .with(alive.clone())
        .build();
    origin.set_script(Script::of([Fault::StallBeforeHead, Fault::StallBeforeHead]));
    let response = client.get(origin.url("/hello")).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(alive.most.load(Ordering::Relaxed), 1);
}

/// Counts the calls that are in it, and how many there were at most.
#[derive(Clone, Default)]
struct Alive {
    now: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
}

/// One of them.
struct Here(Arc<AtomicUsize>);

impl Drop for Here {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[async_trait::async_trait]
impl Middleware for Alive {
    async fn handle(
        &self,
        request: reqwest::Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<reqwest::Response, Error> {
        let now = self.now.fetch_add(1, Ordering::Relaxed) + 1;
        self.most.fetch_max(now, Ordering::Relaxed);
        let _here = Here(self.now.clone());
        next.run(request, extensions).await
    }
}

#[tokio::test]
async fn a_response_knows_where_it_is_from() {
    let elsewhere = Canned::new(302).header("location", "/hello");
    let origin = origin([Fault::status(503), Fault::Answer(elsewhere)]).await;
    let client = with(
        ServiceBuilder::new()
            .layer(HumanizeLayer::new())
            .layer(retry()),
    );
    let response = client.get(origin.url("/bytes")).send().await.unwrap();
    assert_eq!(response.url().as_str(), origin.url("/hello"));
}

/// Nothing at all is a layer as well.
#[tokio::test]
async fn no_layer_changes_nothing() {
    let origin = origin([]).await;
    let client = with(Stack::new(Identity::new(), Identity::new()));
    let response = client
        .post(origin.url("/echo"))
        .body("hello")
        .send()
        .await
        .unwrap();
    assert_eq!(response.text().await.unwrap(), "hello");
}

/// reqwest follows redirects below: the body goes on from where they lead to.
#[tokio::test]
async fn a_redirected_body_goes_on() {
    let origin = origin([]).await;
    let mut cut = true;
    origin.set_script(Script::by(move |seen| match seen.path.as_str() {
        "/old" => Fault::Answer(Canned::new(302).header("location", "/bytes")),
        _ if std::mem::take(&mut cut) => Fault::cut_after_bytes(20_000, Cut::Rst),
        _ => Fault::None,
    }));
    let response = with(resume()).get(origin.url("/old")).send().await.unwrap();
    assert_eq!(response.url().as_str(), origin.url("/bytes"));
    assert_eq!(response.bytes().await.unwrap(), origin.content().whole());
    let log = origin.log();
    let paths: Vec<_> = log.iter().map(|seen| seen.path.as_str()).collect();
    assert_eq!(paths, ["/old", "/bytes", "/old", "/bytes"]);
    assert_eq!(log[3].header("range"), Some("bytes=20000-"));
}

/// A limit of reqwest's on the whole call is one on each attempt, and on what goes on in its place.
#[tokio::test]
async fn a_body_goes_on_after_a_limit_of_reqwests_has_passed() {
    let stall = || Fault::StallAfter(buttress_testkit::At::Bytes(20_000));
    // First, because with it comes what TLS needs.
    let quick = client();
    let slow = ClientBuilder::new(
        reqwest::Client::builder()
            .no_proxy()
            .read_timeout(SHORT)
            .build()
            .unwrap(),
    );
    let slow = slow.with(TowerMiddleware::new(resume(), quick)).build();
    for (client, limit) in [(slow, None), (with(resume()), Some(SHORT * 10))] {
        let origin = origin([stall()]).await;
        let mut request = client.get(origin.url("/bytes"));
        if let Some(limit) = limit {
            request = request.timeout(limit);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.bytes().await.unwrap(), origin.content().whole());
        assert_eq!(origin.log().len(), 2);
    }
}
