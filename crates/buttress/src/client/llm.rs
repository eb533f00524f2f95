//! The client stack for the APIs of language models.

use super::ClientLayer;
use buttress_core::Failure;
use buttress_humanize::{ErrorMode, Humanize};
use buttress_llm::{Answer, AnswerLayer, Call, CallLayer, Calls, Streams};
use buttress_resume::{Resume, ResumeLayer};
use buttress_retry::{Consent, Retry, RetryConfig, RetryLayer};
use buttress_timeout::{Progress, Timeout, TimeoutConfig, TimeoutLayer};
use http::{Request, Response};
use std::task::{Context, Poll};
use std::time::Duration;
use tower_layer::Layer;
use tower_service::Service;

impl ClientLayer {
    /// How long a model may think before the head by default: as long as the vendors' own clients
    /// wait. What is no event stream has its head when it is whole.
    const LLM_HEAD: Duration = Duration::from_secs(600);
    /// How long a model may say nothing by default.
    const LLM_IDLE: Duration = Duration::from_secs(300);
    /// How often a call is tried by default: a server may restart, and a network come back. The
    /// waits are 36 s together on average, and 72 s at most.
    const LLM_ATTEMPTS: u32 = 10;
    /// The time after which no further attempt begins by default: after two silent ones.
    const LLM_ELAPSED: Duration = Duration::from_secs(900);

    /// The same for calls to language models: see [`LlmClientLayer`].
    ///
    /// What was set with the [`builder`](ClientLayer::builder) stays. A `TimeoutConfig` that was set
    /// should have [`llm::progress`](crate::llm::progress), so that pings are no answer.
    #[must_use]
    pub fn llm(mut self) -> LlmClientLayer {
        if !self.own.attempt {
            let total = self.total.total().unwrap_or(Duration::MAX);
            let attempt = TimeoutConfig::builder()
                .head(Self::LLM_HEAD.min(total))
                .idle(Self::LLM_IDLE.min(total))
                .progress(Progress::custom(buttress_llm::progress));
            // No limit is zero, which is all that could be wrong.
            self.attempt = attempt.build().unwrap_or_default();
        }
        if !self.own.retry {
            let retry = self.retry.to_builder().attempts(Self::LLM_ATTEMPTS);
            let retry = retry.elapsed(Self::LLM_ELAPSED);
            self.retry = retry.build().unwrap_or_default();
        }
        LlmClientLayer {
            client: self,
            streams: Streams::new(),
        }
    }
}

/// The client stack for the APIs of language models: [`ClientLayer`], and what [`llm`](crate::llm)
/// adds to it. Made by [`ClientLayer::llm`].
///
/// ```
/// use buttress::prelude::*;
/// use buttress_testkit::{ScriptedBody, ScriptedService, Step, collect};
/// use bytes::Bytes;
/// use http::Request;
/// use http_body_util::Full;
/// use tower::{Layer, ServiceExt};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?.block_on(async {
/// let chunk = |text: &str, end: &str| format!(
///     "data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{text}\"}},\"finish_reason\":{end}}}]}}\n\n"
/// );
/// let end = chunk("", "\"stop\"") + "data: [DONE]\n\n";
/// let stream = |text: String| {
///     Step::ok(ScriptedBody::new().data(text)).reading().header("content-type", "text/event-stream")
/// };
/// // A server that is overloaded, then cuts its answer, then gives all of it.
/// let server = ScriptedService::new([
///     Step::status(503).reading(),
///     stream(chunk("Once", "null")),
///     stream(chunk("Once upon", "null") + &end),
/// ]);
///
/// let client = buttress::client().llm().layer(server.clone());
/// let request = Request::post("https://api.example.com/v1/chat/completions")
///     .body(Full::<Bytes>::from(r#"{"messages":[],"stream":true}"#))?;
/// let collected = collect(client.oneshot(request).await?.into_body()).await;
///
/// assert_eq!(collected.bytes, chunk("Once", "null") + &chunk(" upon", "null") + &end);
/// assert_eq!(server.calls().len(), 3);
/// # Ok::<(), buttress::BoxError>(())
/// # })?;
/// # Ok::<(), buttress::BoxError>(())
/// ```
///
/// | what | here | why |
/// |---|---|---|
/// | a `POST` that [is a call](crate::llm::Call::is_at) | sent again like a `GET` | it has no effect but its answer, and its price |
/// | an answer | retried until it says something | [`AnswerLayer`](crate::llm::AnswerLayer) |
/// | a stream that breaks | goes on, or fails, but never ends as if it were whole | [`Streams`](crate::llm::Streams) |
/// | the head | 600 s; of a stream, as silence | an answer that is no stream has its head when it is whole |
/// | silence | 300 s; pings and comments are silence | models think |
/// | attempts | 10 | a server may restart, and a network come back |
/// | a further attempt begins | up to 900 s after the call | so that one follows a silent one |
///
/// A request with a `RetryConfig` in its extensions, and a stack whose own consent is not the
/// standard one, keep theirs. Requests that are no calls to models are treated as by [`ClientLayer`],
/// but for the limits.
///
/// Callers in the same process need no keep-alive: what makes other programs' clients wait is
/// [`KeepAliveLayer`](crate::llm::KeepAliveLayer), for servers in front of a model.
#[derive(Clone, Debug)]
pub struct LlmClientLayer {
    client: ClientLayer,
    streams: Streams,
}

impl LlmClientLayer {
    /// How streams go on where they were cut. Default: [`Streams::new`].
    #[must_use]
    pub fn streams(mut self, streams: Streams) -> Self {
        self.streams = streams;
        self
    }
}

/// The layers, one inside the other.
type Stack<S> = Calls<Humanize<Timeout<Resume<Retry<Answer<Timeout<S>>>, Streams>>, ErrorMode>>;

impl<S> Layer<S> for LlmClientLayer {
    type Service = Consenting<Stack<S>>;

    fn layer(&self, transport: S) -> Self::Service {
        let ClientLayer {
            humanize,
            total,
            resume,
            retry,
            attempt,
            ..
        } = &self.client;
        // A stream begins as soon as its first event may come.
        let answers = AnswerLayer::new().stream_head(attempt.first_frame().or(attempt.idle()));
        let attempt = TimeoutLayer::new(attempt.clone()).layer(transport);
        let answer = answers.layer(attempt);
        let retrying = RetryLayer::new(retry.clone()).layer(answer);
        let resume = ResumeLayer::new(resume.clone()).with_cursor(self.streams);
        let total = TimeoutLayer::new(total.clone()).layer(resume.layer(retrying));
        Consenting {
            inner: CallLayer::new().layer(humanize.layer(total)),
            calls: consenting(retry),
        }
    }
}

/// The same for calls to models, if the caller left the question open.
fn consenting(retry: &RetryConfig) -> Option<RetryConfig> {
    match retry.consent() {
        Consent::Standard => retry.to_builder().consent(Consent::Always).build().ok(),
        _ => None,
    }
}

/// The service of an [`LlmClientLayer`]: consents to sending calls to models again.
#[derive(Clone, Debug)]
pub struct Consenting<S> {
    inner: S,
    calls: Option<RetryConfig>,
}

impl<S, B, RB> Service<Request<B>> for Consenting<S>
where
    S: Service<Request<B>, Response = Response<RB>, Error = Failure>,
{
    type Response = Response<RB>;
    type Error = Failure;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> S::Future {
        if let Some(calls) = &self.calls {
            let is_open = request.extensions().get::<RetryConfig>().is_none();
            if is_open && is_call(&request) {
                request.extensions_mut().insert(calls.clone());
            }
        }
        self.inner.call(request)
    }
}

fn is_call<B>(request: &Request<B>) -> bool {
    Call::is_at(request.method(), request.uri())
}

#[cfg(test)]
mod tests {
    use super::*;
    use buttress_testkit::{ScriptedBody, ScriptedService, Step, collect};
    use bytes::Bytes;
    use http_body_util::Full;
    use tower::ServiceExt;

    type Server = ScriptedService<buttress_llm::CallBody<Full<Bytes>>>;

    fn post(path: &str) -> Request<Full<Bytes>> {
        let request = Request::post(format!("https://api.example.com{path}"));
        let body = r#"{"messages":[],"stream":true}"#;
        request.body(Full::from(body)).unwrap()
    }

    fn busy() -> Server {
        Server::new([]).then(|_| Step::status(503).reading())
    }

    async fn attempts(client: LlmClientLayer, request: Request<Full<Bytes>>) -> usize {
        let server = busy();
        let response = client.layer(server.clone()).oneshot(request).await.unwrap();
        assert_eq!(response.status(), 503);
        server.calls().len()
    }

    #[tokio::test(start_paused = true)]
    async fn only_calls_to_models_are_sent_again_without_being_asked() {
        let client = || crate::client().llm();
        assert_eq!(attempts(client(), post("/v1/messages")).await, 10);
        assert_eq!(attempts(client(), post("/v1/files")).await, 1);

        let never = RetryConfig::builder()
            .consent(Consent::Never)
            .build()
            .unwrap();
        let strict = ClientLayer::builder().retry(never).build().unwrap().llm();
        assert_eq!(attempts(strict, post("/v1/messages")).await, 1);

        let mut twice = post("/v1/messages");
        let own = RetryConfig::builder().attempts(2).build().unwrap();
        twice.extensions_mut().insert(own);
        assert_eq!(attempts(client(), twice).await, 1);
    }

    #[tokio::test(start_paused = true)]
    async fn silence_behind_pings_is_noticed_and_a_cut_is_never_an_end() {
        let event = |text: &str| {
            format!(
                "data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{text}\"}}}}]}}\n\n"
            )
        };
        let stream = |body: ScriptedBody| {
            let step = Step::ok(body).reading();
            step.header("content-type", "text/event-stream")
        };
        let server = Server::new([
            stream(
                ScriptedBody::new()
                    .data(event("Hi"))
                    .data(": ping\n\n")
                    .hang(),
            ),
            stream(ScriptedBody::new().data(event("Hi there"))),
            stream(ScriptedBody::new().data(event("Hello"))),
        ]);
        let start = buttress_core::time::now();
        let client = crate::client().llm().layer(server.clone());
        let response = client.oneshot(post("/v1/chat/completions")).await.unwrap();
        let collected = collect(response.into_body()).await;
        let delivered = event("Hi") + ": ping\n\n" + &event(" there");
        assert_eq!(collected.bytes, delivered);
        assert!(collected.error.is_some(), "{}", collected.end());
        assert!(buttress_core::time::now() - start >= ClientLayer::LLM_IDLE);
    }

    #[tokio::test(start_paused = true)]
    async fn a_stream_begins_in_time_and_a_document_takes_its_time() {
        for (body, calls) in [
            (r#"{"messages":[],"stream":true}"#, 2),
            (r#"{"messages":[]}"#, 1),
        ] {
            let late = Step::status(404).reading().after(Duration::from_secs(400));
            let server = Server::new([late]).then(|_| Step::status(404).reading());
            let client = crate::client().llm().layer(server.clone());
            let request = Request::post("https://api.example.com/v1/messages");
            let request = request.body(Full::from(body)).unwrap();
            assert_eq!(client.oneshot(request).await.unwrap().status(), 404);
            assert_eq!(server.calls().len(), calls, "{body}");
        }
    }

    #[test]
    fn limits_that_were_set_stay() {
        let second = Duration::from_secs(1);
        let llm = crate::client().llm().client;
        assert_eq!(llm.attempt.head(), Some(600 * second));
        assert_eq!(llm.attempt.idle(), Some(300 * second));
        assert_eq!(
            (llm.retry.attempts(), llm.retry.elapsed()),
            (10, 900 * second)
        );
        assert!(llm.retry.budget().is_some());

        let own = TimeoutConfig::builder().head(5 * second).build().unwrap();
        let retry = RetryConfig::builder().elapsed(7 * second).build().unwrap();
        let builder = ClientLayer::builder().attempt(own.clone()).retry(retry);
        let llm = builder.build().unwrap().llm().client;
        assert_eq!((llm.attempt, llm.retry.elapsed()), (own, 7 * second));

        let short = ClientLayer::builder().total(90 * second).build().unwrap();
        let llm = short.llm().client;
        assert_eq!(llm.attempt.head(), Some(90 * second));
        assert_eq!(llm.attempt.idle(), Some(90 * second));
    }
}
