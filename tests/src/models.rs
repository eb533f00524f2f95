//! Calls to language models: what becomes of them below, and all that a server in front of a model
//! puts above.

use buttress::llm::{AnswerLayer, CallBody, CallLayer, KeepAliveLayer, Streams, progress};
use buttress::prelude::*;
use buttress::timeout::Progress;
use buttress_testkit::contract::Scene;
use buttress_testkit::{ScriptedBody, ScriptedService, Step};
use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use http_body_util::Full;
use std::convert::Infallible;
use std::io::ErrorKind;
use std::time::Duration;
use tower::{Service, ServiceBuilder};

/// What answers.
pub type Model = ScriptedService<CallBody<Full<Bytes>>>;

const SECOND: Duration = Duration::from_secs(1);

/// The beginning of a stream of the messages API.
pub const BEGUN: &str =
    "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{}}\n\n";
/// Its first word.
pub const WORD: &str = "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\
                    \"delta\":{\"type\":\"text_delta\",\"text\":\"Hi\"}}\n\n";
const END: &str = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

/// A step that answers with this event stream.
#[must_use]
pub fn stream(body: ScriptedBody) -> Step<CallBody<Full<Bytes>>> {
    let step = Step::ok(body).reading();
    step.header("content-type", "text/event-stream")
}

fn whole() -> Step<CallBody<Full<Bytes>>> {
    stream(ScriptedBody::new().data(BEGUN).data(WORD).data(END))
}

/// What models do.
pub const SCENES: [Scene<CallBody<Full<Bytes>>>; 5] = [
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

/// The call that is made.
#[must_use]
pub fn question() -> Request<Full<Bytes>> {
    let body = r#"{"max_tokens":9,"messages":[],"stream":true}"#;
    let request = Request::post("https://api.example.com/v1/messages");
    request.body(Full::from(body)).unwrap()
}

/// Everything that a server in front of models is made of.
pub fn server(
    model: Model,
) -> impl Service<
    Request<Full<Bytes>>,
    Response = Response<impl Body<Data = Bytes, Error = Failure>>,
    Error = Infallible,
> + Clone {
    let attempt = TimeoutConfig::builder()
        .first_frame(45 * SECOND)
        .idle(45 * SECOND)
        .progress(Progress::custom(progress));
    let total = TimeoutConfig::builder().total(300 * SECOND);
    let retry = RetryConfig::builder().consent(Consent::Always);
    ServiceBuilder::new()
        .layer(CallLayer::new())
        .layer(KeepAliveLayer::new())
        .layer(HumanizeLayer::new().into_responses())
        .layer(TimeoutLayer::new(total.build().unwrap()))
        .layer(ResumeLayer::default().with_cursor(Streams::new()))
        .layer(RetryLayer::new(retry.build().unwrap()))
        .layer(AnswerLayer::new())
        .layer(TimeoutLayer::new(attempt.build().unwrap()))
        .service(model)
}
