use super::KeepAliveFuture;
use crate::Call;
use buttress_core::BoxError;
use buttress_core::time::Span;
use http::{Request, Response};
use http_body::Body;
use std::task::{Context, Poll};
use std::time::Duration;
use tower_layer::Layer;
use tower_service::Service;

/// Keeps the caller of a streaming [`Call`] waiting instead of hanging up, for as long as what is
/// below retries, waits and resumes.
///
/// When no head has come for a while, it answers `200` with an event stream of its own, and sends
/// what keeps a connection alive in the API's dialect: `event: ping` for messages, a `keepalive`
/// event for responses once they have begun, an empty line for Gemini, a comment anywhere else. When
/// the head comes, its body follows. A stream that was asked for and falls silent is kept alive in the
/// same way, between events.
///
/// A stream whose last event has come, and which does not end within 2 s, is ended: the cursor of
/// [`Streams`](crate::Streams) knows the last event.
///
/// Once it has answered, the real head comes too late. An error status becomes an event with the
/// error that the body tells, in the shape of the API, and the body then fails, so that it is no
/// clean end either. Headers of the real response are lost.
///
/// Place it outermost, outside of humanize in response mode: then errors are in the words and the
/// shape that callers know. In front of callers in the same process there is no use for it.
///
/// ```
/// use buttress_llm::{CallLayer, KeepAliveLayer};
/// use buttress_testkit::{ScriptedBody, ScriptedService, Step, collect};
/// use bytes::Bytes;
/// use http::Request;
/// use http_body_util::Full;
/// use std::time::Duration;
/// use tower::{ServiceBuilder, ServiceExt};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?.block_on(async {
/// // Half a minute until the head.
/// let body = ScriptedBody::from("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
/// let slow = Step::ok(body)
///     .reading()
///     .header("content-type", "text/event-stream")
///     .after(Duration::from_secs(31));
/// let service = ServiceBuilder::new()
///     .layer(CallLayer::new())
///     .layer(KeepAliveLayer::new())
///     .service(ScriptedService::new([slow]));
/// let request = Request::post("https://api.example.com/v1/messages")
///     .body(Full::<Bytes>::from(r#"{"max_tokens":9,"messages":[],"stream":true}"#))?;
///
/// let response = service.oneshot(request).await?;
/// assert_eq!(response.headers()["content-type"], "text/event-stream");
/// let collected = collect(response.into_body()).await;
/// let ping = "event: ping\ndata: {\"type\": \"ping\"}\n\n";
/// let end = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
/// assert_eq!(collected.bytes, [ping, ping, end].concat());
/// # Ok::<(), buttress_core::BoxError>(())
/// # })?;
/// # Ok::<(), buttress_core::BoxError>(())
/// ```
///
/// # Limits
///
/// The wait is 15 s unless [set](KeepAliveLayer::every): clients hang up after 120 s to 600 s of
/// silence. How long a call may take in all is not its affair: see the timeout layer.
///
/// Of an error at most 64 KiB are read for their message.
///
/// # Cancel safety
///
/// Dropping the future or the body drops the call below. Nothing else runs.
#[derive(Clone, Copy, Debug)]
#[must_use = "a layer does nothing until it wraps a service"]
pub struct KeepAliveLayer {
    every: Span,
}

impl KeepAliveLayer {
    /// After 15 s of silence, and every 15 s.
    pub const fn new() -> Self {
        KeepAliveLayer {
            every: Span::of(Duration::from_secs(15)),
        }
    }

    /// How long a silence lasts before something is sent. Default: 15 s. Less than 10 ms is 10 ms.
    pub fn every(mut self, every: Duration) -> Self {
        self.every = Span::of(every.max(Duration::from_millis(10)));
        self
    }
}

impl Default for KeepAliveLayer {
    fn default() -> Self {
        KeepAliveLayer::new()
    }
}

impl<S> Layer<S> for KeepAliveLayer {
    type Service = KeepAlive<S>;

    fn layer(&self, inner: S) -> KeepAlive<S> {
        KeepAlive {
            inner,
            every: self.every,
        }
    }
}

/// The service of a [`KeepAliveLayer`].
#[derive(Clone, Debug)]
pub struct KeepAlive<S> {
    inner: S,
    every: Span,
}

impl<S, B, RB> Service<Request<B>> for KeepAlive<S>
where
    S: Service<Request<B>, Response = Response<RB>>,
    S::Error: Into<BoxError>,
    RB: Body,
    RB::Error: Into<BoxError>,
{
    type Response = Response<super::KeepAliveBody<S::Future, RB>>;
    type Error = S::Error;
    type Future = KeepAliveFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let call = Call::find(request.extensions());
        match call.filter(|call| call.is_streaming() != Some(false)) {
            None => KeepAliveFuture::plain(self.inner.call(request)),
            Some(call) => {
                // In a box, because it may have to go on within a body.
                let inner = Box::pin(self.inner.call(request));
                KeepAliveFuture::streaming(inner, call, self.every)
            }
        }
    }
}
