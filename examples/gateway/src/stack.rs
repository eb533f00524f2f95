//! The layers between client and upstream, in their recommended order.

use crate::consent::ByBody;
use crate::framed::Framed;
use buttress_core::observe::Observer;
use buttress_core::{BoxError, Failure, ReplayableBody, RetryBudget, RetryBudgetBuilder};
use buttress_humanize::HumanizeLayer;
use buttress_llm::{AnswerLayer, Call, CallBody, CallLayer, KeepAliveLayer, Streams};
use buttress_resume::{ResumeConfig, ResumeLayer};
use buttress_retry::{Consent, RetryConfig, RetryConfigBuilder, RetryLayer};
use buttress_timeout::{Progress, TimeoutConfig, TimeoutConfigBuilder, TimeoutLayer};
use bytes::Bytes;
use http::{Method, Request, Response, Uri};
use http_body::Body;
use std::convert::Infallible;
use std::time::Duration;
use tower::layer::layer_fn;
use tower::{Service, ServiceBuilder};

/// What the layers may do.
#[derive(Clone, Debug)]
pub struct Limits {
    /// How often and how long a request is tried.
    pub retry: RetryConfig,
    /// How a broken body goes on.
    pub resume: ResumeConfig,
    /// The limits of each attempt: for the head, and for silence.
    pub attempt: TimeoutConfig,
    /// The limits over everything: for the whole call.
    pub total: TimeoutConfig,
    /// Which `POST`s may be sent again although they may have had an effect.
    pub repeat: RepeatPosts,
    /// How many bytes of a request's body are kept, to be sent again.
    pub replay: usize,
    /// How much of an answer is held back, and how long, until it says something.
    pub answers: AnswerLayer,
    /// How a model's stream goes on where it was cut.
    pub streams: Streams,
    /// How long the caller of a model's stream hears nothing at most.
    pub keep_alive: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            retry: Limits::tries().build().unwrap_or_default(),
            resume: ResumeConfig::default(),
            attempt: Limits::waits().build().unwrap_or_default(),
            total: TimeoutConfig::none(),
            repeat: RepeatPosts::default(),
            replay: Limits::REPLAY,
            answers: AnswerLayer::new(),
            streams: Streams::new(),
            keep_alive: Limits::KEEP_ALIVE,
        }
    }
}

/// Which `POST`s may be sent again although they may have had an effect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RepeatPosts {
    /// Those that [call a language model](is_model_call), and whose body does not show that they don't.
    #[default]
    ToModels,
    /// All.
    All,
    /// Those with an `Idempotency-Key` only, and even they not for the rest of a stream that was cut.
    None,
}

impl RepeatPosts {
    /// Whether this request may be sent again as far as its method and address say.
    #[must_use]
    pub fn allows(self, method: &Method, uri: &Uri) -> bool {
        method == Method::POST
            && match self {
                RepeatPosts::ToModels => is_model_call(method, uri),
                RepeatPosts::All => true,
                RepeatPosts::None => false,
            }
    }
}

/// Whether a request calls a language model, judged by its [method and path](Call::is_at).
#[must_use]
pub fn is_model_call(method: &Method, uri: &Uri) -> bool {
    Call::is_at(method, uri)
}

/// All layers around `transport`, for requests whose bodies can be sent again.
///
/// The request's URI must be that of the upstream: explanations name its host. Its version is the
/// client's, which decides what the client can be told of the answer's framing.
pub fn stack<T, B, RB>(
    transport: T,
    limits: Limits,
) -> impl Service<
    Request<B>,
    Response = Response<impl Body<Data = Bytes, Error = Failure> + Send + use<T, B, RB>>,
    Error = Infallible,
    Future: Send,
> + Clone
+ Send
+ use<T, B, RB>
where
    T: Service<Request<CallBody<B>>, Response = Response<RB>, Error: Into<BoxError>, Future: Send>
        + Clone
        + Send,
    B: ReplayableBody + From<Bytes> + Send,
    RB: Body<Data: Send, Error: Into<BoxError>> + Send,
{
    // A stream begins as soon as its first event may come.
    let begins = limits.attempt.first_frame().or(limits.attempt.idle());
    // What must not be sent twice must not be for the rest of its answer either.
    let streams = match limits.repeat {
        RepeatPosts::None => limits.streams.replay(false).prefill(false),
        RepeatPosts::ToModels | RepeatPosts::All => limits.streams,
    };
    let by_path =
        limits.repeat == RepeatPosts::ToModels && matches!(limits.retry.consent(), Consent::Always);
    let otherwise = by_path.then(|| limits.retry_with(Consent::Standard));
    ServiceBuilder::new()
        .layer(CallLayer::new().in_scope())
        .layer(layer_fn(move |inner| ByBody::new(inner, otherwise.clone())))
        .layer(KeepAliveLayer::new().every(limits.keep_alive))
        .layer(HumanizeLayer::new().into_responses().negotiate_language())
        .layer(TimeoutLayer::new(limits.total))
        .layer(ResumeLayer::new(limits.resume).with_cursor(streams))
        .layer(RetryLayer::new(limits.retry))
        .layer(limits.answers.stream_head(begins))
        .layer(TimeoutLayer::new(limits.attempt))
        .service(Framed(transport))
}

impl Limits {
    /// How many bytes of a request's body are kept by default: 64 MiB, more than any API takes.
    pub const REPLAY: usize = 64 << 20;
    /// How long the caller of a model's stream hears nothing by default: well below the shortest
    /// limit of a client, which is 120 s.
    pub const KEEP_ALIVE: Duration = Duration::from_secs(15);

    /// The waits of an attempt by default: 10 minutes for the head, as the vendors' SDKs wait, and 5
    /// minutes for a stream's head, its first event and each further one, as agents wait. Of events,
    /// those that say nothing do not count.
    pub fn waits() -> TimeoutConfigBuilder {
        TimeoutConfig::builder()
            .head(Duration::from_secs(600))
            .idle(Duration::from_secs(300))
            .progress(Progress::custom(buttress_llm::progress))
    }

    /// The tries by default: 10, whose waits are 36 s together on average and 72 s at most, so that a
    /// server may restart and a network come back; and none begins after 15 minutes, so that one
    /// follows a silent one.
    pub fn tries() -> RetryConfigBuilder {
        let elapsed = Duration::from_secs(900);
        RetryConfig::builder().attempts(10).elapsed(elapsed)
    }

    /// The budget of all calls to an upstream by default: ten times the reserve of a client's own,
    /// because all sessions of a machine lose it at once, and each call may be tried nine times more.
    /// Thus a hundred may wait for it; the backoff keeps them from crowding it.
    pub const fn budget() -> RetryBudgetBuilder {
        RetryBudget::builder().reserve(1000)
    }

    /// Takes further tries out of this budget.
    pub fn share(&mut self, budget: &RetryBudget) {
        self.retry = self.retry.clone().with_budget(budget.clone());
        self.resume = self.resume.clone().with_budget(budget.clone());
    }

    /// The same, telling this observer what is done.
    #[must_use]
    pub fn observed<O: Observer + Clone + 'static>(mut self, observer: &O) -> Self {
        let retry = self.retry.to_builder().observer(observer.clone()).build();
        let resume = self.resume.to_builder().observer(observer.clone()).build();
        // The same numbers were valid before.
        self.retry = retry.unwrap_or_default();
        self.resume = resume.unwrap_or_default();
        self
    }

    /// The same for requests that may be sent again although they may have had an effect.
    #[must_use]
    pub fn with_consent(mut self) -> Self {
        self.retry = self.retry_with(Consent::Always);
        self
    }

    fn retry_with(&self, consent: Consent) -> RetryConfig {
        let retry = self.retry.to_builder().consent(consent).build();
        // The same numbers were valid before.
        retry.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use buttress_core::observe::Event;
    use buttress_core::time::now;
    use buttress_core::{FailureKind, Jitter};
    use buttress_testkit::{ScriptedService, Step};
    use http_body_util::Full;
    use std::io::ErrorKind::ConnectionRefused;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tower::ServiceExt;

    type Server = ScriptedService<CallBody<Full<Bytes>>>;

    /// One call with the defaults, each wait as long as it can be: its status, how often the server was
    /// asked, and how long it took.
    async fn call(server: Server) -> (u16, usize, Duration) {
        let request = Request::post("http://127.0.0.1/v1/files");
        let request = request.body(Full::<Bytes>::from("x")).unwrap();
        let start = now();
        let longest = RetryConfig::default().backoff().jitter(Jitter::None);
        let limits = Limits {
            retry: Limits::tries().backoff(longest).build().unwrap(),
            repeat: RepeatPosts::All,
            ..Limits::default()
        };
        let limits = limits.with_consent();
        let Ok(response) = stack(server.clone(), limits).oneshot(request).await;
        (
            response.status().as_u16(),
            server.calls().len(),
            now() - start,
        )
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_is_away_or_busy_is_asked_ten_times() {
        let back = now() + Duration::from_secs(2);
        let away = Server::new([]).then(move |_| match now() < back {
            true => Step::io(ConnectionRefused),
            false => Step::ok("there"),
        });
        // At once, and then after each wait.
        let waited = Duration::from_millis(250 + 500 + 1000 + 2000);
        assert_eq!(call(away).await, (200, 6, waited));

        let gone = Server::new([]).then(|_| Step::io(ConnectionRefused));
        let busy = Server::new([]).then(|_| Step::status(503).reading());
        for (server, expected) in [(gone, 502), (busy, 503)] {
            let (status, tries, took) = call(server).await;
            assert_eq!((status, tries), (expected, 10));
            assert!(took <= Duration::from_secs(72), "{took:?}");
        }
    }

    #[test]
    fn calls_to_models_are_known_by_their_path() {
        for (path, expected) in [
            ("/v1/chat/completions", true),
            ("/api/v1/responses", true),
            ("/v1/messages", true),
            ("/v1/embeddings", true),
            ("/v1/responses/compact", true),
            ("/v1beta/models/gemini-pro:generateContent", true),
            ("/v1beta/models/gemini-pro:streamGenerateContent", true),
            ("/v1beta/interactions", true),
            ("/v1/completions", true),
            ("/completions", true),
            ("/v1/files", false),
            ("/v1/messages/batches", false),
            ("/v1/messages/count_tokens", true),
            ("/v1/moderations", true),
            ("/v2/rerank", true),
            ("/v1/images/generations", true),
            ("/images/edits", false),
            ("/audio/transcriptions", false),
            ("/v1/responses/r1/cancel", false),
            ("/v1beta/interactions/i1/cancel", false),
            ("/v1/threads/t1/messages", false),
            ("/incompletions", false),
            ("/", false),
        ] {
            let uri = Uri::from_static(path);
            assert_eq!(is_model_call(&Method::POST, &uri), expected, "{path}");
        }
    }

    #[test]
    fn only_posts_need_to_be_allowed() {
        use RepeatPosts::*;
        let model = "/v1/messages";
        for (rule, method, path, expected) in [
            (ToModels, Method::POST, model, true),
            (ToModels, Method::POST, "/orders", false),
            (ToModels, Method::PATCH, model, false),
            (All, Method::POST, "/orders", true),
            (All, Method::PATCH, "/orders", false),
            (None, Method::POST, model, false),
        ] {
            let uri = Uri::from_static(path);
            assert_eq!(rule.allows(&method, &uri), expected, "{rule:?} {path}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn consent_changes_nothing_else() {
        let told = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&told);
        let budget = RetryBudget::builder().reserve(9).build().unwrap();
        let retry = RetryConfig::builder()
            .attempts(3)
            .budget(budget.clone())
            .observer(move |_: &Event<'_>| {
                counted.fetch_add(1, Ordering::Relaxed);
            })
            .build()
            .unwrap();
        let limits = Limits {
            retry: retry.clone(),
            ..Limits::default()
        };
        let limits = limits.with_consent();
        assert!(matches!(limits.retry.consent(), Consent::Always));
        assert_eq!(limits.retry.attempts(), 3);
        assert_eq!(limits.retry.elapsed(), retry.elapsed());
        assert_eq!(limits.retry.backoff(), retry.backoff());

        let shared = limits.retry.budget().unwrap();
        let taken = shared.withdraw(FailureKind::ConnectionReset).unwrap();
        assert!(budget.balance() < 9.0);
        drop(taken);
        let gone = Server::new([]).then(|_| Step::io(ConnectionRefused));
        let request = Request::post("http://127.0.0.1/v1/files");
        let request = request.body(Full::<Bytes>::from("x")).unwrap();
        let Ok(_) = stack(gone, limits).oneshot(request).await;
        assert!(told.load(Ordering::Relaxed) >= 2);
    }
}
