use super::AnswerFuture;
use crate::Call;
use buttress_core::time::Span;
use buttress_core::{BoxError, Failure};
use http::{Request, Response};
use http_body::Body;
use std::task::{Context, Poll};
use std::time::Duration;
use tower_layer::Layer;
use tower_service::Service;

/// Holds a response back until it has proven to be an answer, so that a retry outside of it can
/// send the request again while nobody has seen anything.
///
/// Of a [`Call`] the response is held
///
/// - as an event stream until the first event that says something: not comments, pings, nor the
///   start of the stream, unless it runs in the background and that tells its id: then it is read on,
///   and to ask once more would begin another. An error event before that, an error that stands there
///   without being an event, and an end, are failures;
/// - as a JSON document until it is whole. One that is cut, an empty one, one that is an error with
///   status 200, and one of whose answers the server says that it broke it off, are failures; but what
///   a `GET` reads may be an error that was made before. One of more than 64 KiB is an error only if
///   it has a member `error`. Nothing is missing of one that ends behind its last brace in a failure,
///   or not within 2 s: unless a length is promised that means more, that is its end;
/// - as a JSON array that grows, which is Gemini's stream without `alt=sse`, until the first element
///   that says something. An error before that, and an end, are failures; and an end before the last
///   bracket is no end;
/// - as a page of HTML with status 200 not at all: it is a failure;
/// - as anything else until there is anything: nothing at all is a failure.
///
/// Of any request the body of a response with an error status is read and classified: the
/// [`Failure`] is attached to the response, which is then passed on with its body as it was.
/// So is one with an error in the stream that no further try would mend.
///
/// Place it below retry, and above the timeout layer that limits an attempt: then silence before
/// the first event is a failed attempt like others.
///
/// ```
/// use buttress_llm::{AnswerLayer, CallLayer};
/// use buttress_retry::{Consent, RetryConfig, RetryLayer};
/// use buttress_testkit::{ScriptedBody, ScriptedService, Step, collect};
/// use bytes::Bytes;
/// use http::Request;
/// use http_body_util::Full;
/// use tower::{ServiceBuilder, ServiceExt};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?.block_on(async {
/// // It starts an answer and breaks off, then says with status 200 that it is overloaded.
/// let start = "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{}}\n\n";
/// let busy = "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}\n\n";
/// let text = "data: {\"type\":\"content_block_delta\",\"index\":0,\
///             \"delta\":{\"type\":\"text_delta\",\"text\":\"Hi\"}}\n\n";
/// let step = |body: ScriptedBody| Step::ok(body).header("content-type", "text/event-stream");
/// let server = ScriptedService::new([
///     step(ScriptedBody::new().data(start)),
///     step(ScriptedBody::new().data(start).data(busy)),
///     step(ScriptedBody::new().data(start).data(text)),
/// ]);
///
/// let client = ServiceBuilder::new()
///     .layer(CallLayer::new())
///     .layer(RetryLayer::new(RetryConfig::builder().consent(Consent::Always).build()?))
///     .layer(AnswerLayer::new())
///     .service(server.clone());
/// let request = Request::post("https://api.example.com/v1/messages")
///     .body(Full::<Bytes>::from(r#"{"max_tokens":9,"messages":[],"stream":true}"#))?;
/// let response = client.oneshot(request).await?;
///
/// assert_eq!(collect(response.into_body()).await.bytes, format!("{start}{text}"));
/// assert_eq!(server.calls().len(), 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Limits
///
/// What has not proven itself at a limit is passed on as it is.
///
/// | limit | default |
/// |---|---|
/// | bytes of an event stream that are held | 1 MiB |
/// | bytes of a document that are held | 8 MiB |
/// | bytes of an error that are read | 16 KiB |
/// | how long an event stream is held | 300 s |
/// | how long a document is held | 60 s |
/// | how long an error is read | 5 s |
///
/// An event whose end is not there yet is kept a second time until it is judged, in one piece that grows
/// by doubling: what is held of a stream may need up to three times as much memory. A document is held
/// once, however small the pieces are in which it comes; one with a member `error` may need three
/// times as much while it is judged, and no other one over 64 KiB is copied.
///
/// A stream whose head is late ([`stream_head`](AnswerLayer::stream_head); no limit by default) has
/// failed.
///
/// # Errors
///
/// `timeout_head` for a stream's head that is late, `stream_truncated` for what ended too soon, what
/// the server said for an error in the stream,
/// what [`classify::body`](buttress_core::classify::body) says of a page.
///
/// # Cancel safety
///
/// Dropping the future or the body drops the response. Nothing else runs.
#[derive(Clone, Debug)]
#[must_use = "a layer does nothing until it wraps a service"]
pub struct AnswerLayer {
    limits: Limits,
}

/// How much of a response is held, and how long.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) events: usize,
    pub(super) document: usize,
    pub(super) wait: Duration,
    pub(super) stream_head: Span,
}

/// Servers that send a document's head long before the rest fill the time with blank lines, to keep
/// callers that hear nothing from hanging up: some do so after 120 s.
pub(super) const DOCUMENT_WAIT: Duration = Duration::from_secs(60);

/// Of an error: more is not needed to know what it is.
pub(super) const ERROR_BYTES: usize = 16 << 10;
pub(super) const ERROR_WAIT: Duration = Duration::from_secs(5);

impl AnswerLayer {
    /// With the default limits.
    pub const fn new() -> Self {
        AnswerLayer {
            limits: Limits {
                events: 1 << 20,
                document: 8 << 20,
                wait: Duration::from_secs(300),
                stream_head: Span::NONE,
            },
        }
    }

    /// The most bytes of an event stream that are held. Default: 1 MiB: the first events of a response
    /// repeat what it was asked for, with all its tools. May need up to three times as much memory.
    pub const fn max_events(mut self, bytes: usize) -> Self {
        self.limits.events = bytes;
        self
    }

    /// The most bytes of a document that are held. Default: 8 MiB: a batch of embeddings or an image is
    /// longer than words are.
    pub const fn max_document(mut self, bytes: usize) -> Self {
        self.limits.document = bytes;
        self
    }

    /// How long an answer is held at most, counted from when it first had to be waited for.
    /// Default: 300 s, and 60 s for a document, for which longer than that is not possible: its
    /// caller hears nothing meanwhile.
    pub const fn max_wait(mut self, wait: Duration) -> Self {
        self.limits.wait = wait;
        self
    }

    /// How long the head of an event stream may take. Default: as long as the layers below allow,
    /// whose limit for heads has to be long enough for documents, which have theirs when they are
    /// whole.
    pub fn stream_head(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.limits.stream_head = limit.into().map_or(Span::NONE, Span::of);
        self
    }
}

impl Default for AnswerLayer {
    fn default() -> Self {
        AnswerLayer::new()
    }
}

impl<S> Layer<S> for AnswerLayer {
    type Service = Answer<S>;

    fn layer(&self, inner: S) -> Answer<S> {
        Answer {
            inner,
            limits: self.limits,
        }
    }
}

/// The service of an [`AnswerLayer`].
#[derive(Clone, Debug)]
pub struct Answer<S> {
    inner: S,
    limits: Limits,
}

impl<S, B, RB> Service<Request<B>> for Answer<S>
where
    S: Service<Request<B>, Response = Response<RB>>,
    S::Error: Into<BoxError>,
    RB: Body,
    RB::Error: Into<BoxError>,
{
    type Response = Response<super::AnswerBody<RB>>;
    type Error = Failure;
    type Future = AnswerFuture<S::Future, RB>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        self.inner.poll_ready(cx).map_err(Failure::unready)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let call = Call::find(request.extensions());
        AnswerFuture::new(self.inner.call(request), call, self.limits)
    }
}
