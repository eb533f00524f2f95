//! A secret, placed wherever a call can hold one, is found in nothing that the suite shows.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

use buttress::humanize::Format;
use buttress::observe::Event;
use buttress::prelude::*;
use buttress::{BoxError, Snapshot, redact};
use buttress_testkit::{ScriptedBody, ScriptedService, Step, collect};
use buttress_tests::{middleware, models};
use bytes::Bytes;
use http::header::{ACCEPT, HeaderMap, HeaderValue};
use http::{Extensions, Method, Request, Response};
use http_body::Body;
use http_body_util::{BodyExt, Full};
use std::error::Error;
use std::fmt::{self, Write};
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tower::{Layer, Service, ServiceBuilder, ServiceExt};
use tracing::field::{Field, Visit};
use tracing::{Metadata, span};

/// What must not be seen. As tokens are: nobody's name, and long.
const CANARY: &str = "cAn4ryZx9Q7k2LmN4pR8tV1wB6";

/// With one in the path.
const PATH: &str = "/v1/cAn4ryZx9Q7k2LmN4pR8tV1wB6/x";

type Sent = Full<Bytes>;

/// Everything that is shown, by whoever shows it.
#[derive(Clone, Default)]
struct Shown(Arc<Mutex<String>>);

impl Shown {
    fn add(&self, text: impl fmt::Display) {
        writeln!(self.0.lock().unwrap(), "{text}").unwrap();
    }

    fn headers(&self, headers: &HeaderMap) {
        for (name, value) in headers {
            self.add(format!(
                "{name}: {}",
                String::from_utf8_lossy(value.as_bytes())
            ));
        }
    }

    fn failure(&self, failure: &Failure) {
        self.add(format!("{failure} {failure:#} {failure:?} {failure:#?}"));
        self.add(format!("{:?}", failure.details()));
        if let Some(told) = Explanation::of(failure) {
            self.add(format!("{told} {told:#} {told:?}"));
            for format in [Format::ProblemJson, Format::Text, Format::Html] {
                self.add(format.render(failure, told));
            }
            self.add(Format::error_event(failure, told));
        }
    }
}

/// A subscriber that shows every event and span there is.
impl tracing::Subscriber for Shown {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, attributes: &span::Attributes<'_>) -> span::Id {
        self.add(attributes.metadata().name());
        attributes.record(&mut Fields(self));
        span::Id::from_u64(1)
    }
    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        values.record(&mut Fields(self));
    }
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        self.add(format!("EVENT {}", event.metadata().target()));
        event.record(&mut Fields(self));
    }
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

struct Fields<'a>(&'a Shown);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.add(format!("{field}={value:?}"));
    }
}

/// An error of a transport that says everything it knows.
#[derive(Debug)]
struct Talkative(io::Error);

impl fmt::Display for Talkative {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "POST https://ann:{CANARY}@api.example.com/v1/{CANARY}/x?key={CANARY}#{CANARY} failed: \
             headers {{\"authorization\": \"Bearer {CANARY}\", \"cookie\": \"a=b; s={CANARY}\"}} \
             x-api-key: {CANARY} password={CANARY} body {{\"api_key\":\"{CANARY}\"}} {CANARY} \
             sk-ant-api03-{CANARY}\r\nset-cookie: {CANARY}"
        )
    }
}

impl Error for Talkative {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

fn talkative(kind: io::ErrorKind) -> BoxError {
    Talkative(io::Error::new(kind, format!("Bearer {CANARY} {CANARY}"))).into()
}

fn request(method: &Method, path: &str, accept: &'static str) -> Request<Sent> {
    let uri = format!("https://ann:{CANARY}@api.example.com{path}?key={CANARY}");
    let mut request = Request::builder()
        .method(method)
        .uri(uri)
        .header("authorization", format!("Bearer {CANARY}"))
        .header("proxy-authorization", format!("Basic {CANARY}"))
        .header("cookie", format!("session={CANARY}"))
        .header("x-api-key", CANARY)
        .header("idempotency-key", CANARY)
        .body(Full::from(format!(
            r#"{{"secret":"{CANARY}","max_tokens":9,"messages":[],"stream":true}}"#
        )))
        .unwrap();
    let accept = HeaderValue::from_static(accept);
    request.headers_mut().insert(ACCEPT, accept);
    request
}

/// What goes wrong, one way after the other.
fn troubles<B>() -> Vec<ScriptedService<B>> {
    use io::ErrorKind as K;
    let events = |body| {
        Step::ok(body)
            .header("content-type", "text/event-stream")
            .header("x-request-id", "req-1")
    };
    let cut = |text: &'static str| {
        ScriptedBody::new()
            .data(text)
            .fail(talkative(K::ConnectionReset))
    };
    let upstream = |status| {
        Step::status(status)
            .header("x-request-id", "req-1")
            .header("www-authenticate", CANARY)
            .header("set-cookie", CANARY)
            .header("retry-after", "1")
    };
    let always = |kind| ScriptedService::new([]).then(move |_| Step::fail(talkative(kind)));
    vec![
        always(K::ConnectionRefused),
        always(K::ConnectionReset),
        always(K::TimedOut),
        always(K::InvalidData),
        always(K::Other),
        ScriptedService::new([]).then(move |_| upstream(503)),
        ScriptedService::new([]).then(move |_| upstream(401)),
        ScriptedService::new([events(cut("data: half"))])
            .then(move |_| Step::fail(talkative(K::Other))),
        ScriptedService::new([events(cut(""))]).then(move |_| upstream(503)),
        ScriptedService::new([]).then(|_| Step::hang()),
        ScriptedService::new([Step::fail(talkative(K::ConnectionReset))])
            .then(|_| Step::ok("at last")),
    ]
}

/// All layers but the outermost, told to show what happens.
macro_rules! stack {
    ($shown:expr, $inner:expr) => {{
        let seen = $shown.clone();
        let observer = || {
            let seen = seen.clone();
            move |event: &Event<'_>| seen.add(format!("{event:?}"))
        };
        let second = Duration::from_secs(1);
        let retry = RetryConfig::builder()
            .attempts(3)
            .consent(Consent::Always)
            .observer(observer());
        let resume = ResumeConfig::builder().tries(2).observer(observer());
        let total = TimeoutConfig::builder().total(60 * second);
        let attempt = TimeoutConfig::builder().head(9 * second).idle(9 * second);
        let service = TimeoutLayer::new(attempt.build().unwrap()).layer($inner);
        let service = RetryLayer::new(retry.build().unwrap()).layer(service);
        let service = ResumeLayer::new(resume.build().unwrap()).layer(service);
        TimeoutLayer::new(total.build().unwrap()).layer(service)
    }};
}

async fn show<B>(shown: &Shown, response: Response<B>)
where
    B: Body<Data = Bytes, Error = Failure>,
{
    shown.add(response.status());
    // What came from the server itself is the server's own affair.
    if let Some(failure) = Failure::of(response.extensions()) {
        shown.failure(failure);
        if Explanation::of(failure).is_some() {
            shown.headers(response.headers());
        }
    }
    shown.add(format!("{:?}", response.extensions()));
    let collected = collect(response.into_body()).await;
    shown.add(String::from_utf8_lossy(&collected.bytes));
    if let Some(error) = collected.error {
        let failure = Failure::from(error);
        shown.failure(&failure);
    }
}

/// Calls to models, through what a server in front of models is made of.
async fn calls_to_models(shown: &Shown) {
    let breaks = |_: &_| {
        let body = ScriptedBody::new().data(models::BEGUN).data(models::WORD);
        models::stream(body.fail(talkative(io::ErrorKind::ConnectionReset)))
    };
    let mut troubles = troubles();
    troubles.push(ScriptedService::new([]).then(breaks));
    for model in troubles {
        let question = request(&Method::POST, "/v1/messages", "*/*");
        let Ok(response) = models::server(model).oneshot(question).await;
        show(shown, response).await;
    }
}

/// Layers as a middleware of reqwest. The client's own error, which comes out untouched, is not
/// what is looked at.
async fn calls_of_reqwest(shown: &Shown) {
    let seen = shown.clone();
    let retry = RetryConfig::builder()
        .consent(Consent::Always)
        .observer(move |event: &Event<'_>| seen.add(format!("{event:?}")));
    let limits = TimeoutConfig::builder().head(Duration::from_secs(9));
    let layers = ServiceBuilder::new()
        .layer(HumanizeLayer::new())
        .layer(ResumeLayer::default())
        .layer(RetryLayer::new(retry.build().unwrap()))
        .layer(TimeoutLayer::new(limits.build().unwrap()))
        .into_inner();
    for inner in troubles() {
        let client = middleware::client(layers.clone(), &inner);
        shown.add(format!("{client:?}"));
        let request = request(&Method::GET, PATH, "*/*").map(reqwest::Body::wrap);
        let request = reqwest::Request::try_from(request).unwrap();
        let mut extensions = Extensions::new();
        let answer = client.0.execute_with_extensions(request, &mut extensions);
        match answer.await {
            Ok(response) => {
                let body = Response::from(response)
                    .map(|body| body.map_err(|error| Failure::from(BoxError::from(error))));
                show(shown, body).await;
            }
            Err(_) => assert!(Failure::of(&extensions).is_some()),
        }
        if let Some(failure) = Failure::of(&extensions) {
            shown.failure(failure);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_secret_is_found_nowhere() {
    let shown = Shown::default();
    let _logging = tracing::subscriber::set_default(shown.clone());
    for method in [Method::GET, Method::POST] {
        for accept in ["*/*", "text/plain", "text/html"] {
            for inner in troubles() {
                let mut server = HumanizeLayer::new()
                    .into_responses()
                    .layer(stack!(shown, inner));
                shown.add(format!("{server:?}"));
                let Ok(ready) = server.ready().await;
                let mut call = Box::pin(ready.call(request(&method, PATH, accept)));
                shown.add(format!("{call:?}"));
                let Ok(response) = call.as_mut().await;
                shown.add(format!("{call:?}"));
                show(&shown, response).await;
            }
            for inner in troubles() {
                let client = HumanizeLayer::new().layer(stack!(shown, inner));
                match client.oneshot(request(&method, PATH, accept)).await {
                    Ok(response) => show(&shown, response).await,
                    Err(failure) => shown.failure(&failure),
                }
            }
        }
        let sent = request(&method, PATH, "*/*");
        shown.add(redact::url(sent.uri()));
        shown.add(format!("{:?}", Snapshot::take(&sent)));
    }
    calls_to_models(&shown).await;
    calls_of_reqwest(&shown).await;
    shown.add(redact::text(&talkative(io::ErrorKind::Other).to_string()));

    let shown = shown.0.lock().unwrap();
    for part in [
        "EVENT buttress",
        "GaveUp",
        "event: error",
        "<h1>",
        "\"type\": \"urn:",
        "at last",
        "\"type\":\"error\",\"error\":{",
        "[redacted]",
    ] {
        assert!(shown.contains(part), "the test shows no {part:?}");
    }
    let found = shown.lines().find(|line| line.contains(CANARY));
    assert_eq!(found, None);
    let found = shown.lines().find(|line| line.contains("ann:"));
    assert_eq!(found, None);
}
