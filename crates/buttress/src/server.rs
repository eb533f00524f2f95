//! The server stack.

use buttress_humanize::{Humanize, HumanizeLayer, ResponseMode};
use buttress_timeout::{Timeout, TimeoutConfig, TimeoutLayer};
use tower_layer::Layer;

/// Limits and explanations for the handlers of a server, on axum and hyper alike: one that takes too
/// long, or fails, is answered for in words, in the format that the caller prefers.
///
/// ```
/// use buttress::prelude::*;
/// use http::Request;
/// use std::time::Duration;
/// use tower::{Layer, ServiceExt, service_fn};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?.block_on(async {
/// let stuck = service_fn(async |_: Request<String>| {
///     std::future::pending::<Result<http::Response<String>, std::io::Error>>().await
/// });
/// let limits = TimeoutConfig::builder().head(Duration::from_secs(10)).build()?;
/// let server = buttress::server().limits(limits).layer(stuck);
///
/// let request = Request::get("/report").header("accept", "text/plain").body(String::new())?;
/// let Ok(response) = server.oneshot(request).await; // it cannot fail
/// assert_eq!(response.status(), 504);
/// assert_eq!(response.headers()["content-type"], "text/plain; charset=utf-8");
/// # Ok::<(), buttress::BoxError>(())
/// # })?;
/// # Ok::<(), buttress::BoxError>(())
/// ```
pub fn server() -> ServerLayer {
    ServerLayer {
        humanize: HumanizeLayer::new().into_responses(),
        limits: TimeoutConfig::default(),
    }
}

/// The server stack: humanize in response mode > timeout > handlers. Made by [`server()`].
#[derive(Clone, Debug)]
#[must_use = "a layer does nothing until it wraps a service"]
pub struct ServerLayer {
    humanize: HumanizeLayer<ResponseMode>,
    limits: TimeoutConfig,
}

impl ServerLayer {
    /// The limits: `head` for the handler, `idle` for silence of its body, `total` for both and all
    /// that is between. Default: [`TimeoutConfig::default`].
    ///
    /// A handler whose events are rare sends comments in between, as axum's `KeepAlive` does, or has
    /// no limit for silence.
    pub fn limits(mut self, limits: TimeoutConfig) -> Self {
        self.limits = limits;
        self
    }

    /// How failures are worded and shaped. Default: [`HumanizeLayer::new`].
    pub fn humanize(mut self, humanize: HumanizeLayer<ResponseMode>) -> Self {
        self.humanize = humanize;
        self
    }
}

impl<S> Layer<S> for ServerLayer {
    type Service = Humanize<Timeout<S>, ResponseMode>;

    fn layer(&self, handlers: S) -> Self::Service {
        let limited = TimeoutLayer::new(self.limits.clone()).layer(handlers);
        self.humanize.layer(limited)
    }
}
