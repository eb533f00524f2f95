use super::{ReplayBody, ReplayBodyService, ReplayMemory};
use tower_layer::Layer;

/// Wraps the body of every request into a [`ReplayBody`], so that layers below can send it again.
///
/// Place it above the layers that do: `RetryLayer` and `ResumeLayer`.
///
/// ```
/// use buttress_core::{ReplayBody, ReplayBodyLayer, ReplayableBody};
/// use http::{Request, Response};
/// use http_body_util::BodyExt;
/// use std::convert::Infallible;
/// use tower::{ServiceBuilder, ServiceExt, service_fn};
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let service = ServiceBuilder::new()
///     .layer(ReplayBodyLayer::new().limit(64 * 1024))
///     .service(service_fn(|request: Request<ReplayBody<String>>| async move {
///         let again = request.body().try_clone().expect("short enough");
///         let sent = request.into_body().collect().await.expect("in memory").to_bytes();
///         let resent = again.collect().await.expect("in memory").to_bytes();
///         assert_eq!(sent, resent);
///         Ok::<_, Infallible>(Response::new(resent))
///     }));
/// let response = service.oneshot(Request::new("hello".to_owned())).await?;
/// assert_eq!(response.into_body(), "hello");
/// # Ok::<(), Infallible>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct ReplayBodyLayer {
    limit: usize,
    memory: Option<ReplayMemory>,
}

impl ReplayBodyLayer {
    /// A layer that keeps up to 1 MiB of each body ([`ReplayBody::DEFAULT_LIMIT`]).
    pub const fn new() -> Self {
        ReplayBodyLayer {
            limit: ReplayBody::<()>::DEFAULT_LIMIT,
            memory: None,
        }
    }

    /// Sets how many bytes of each body may be kept. With zero only empty bodies are replayable.
    pub const fn limit(mut self, bytes: usize) -> Self {
        self.limit = bytes;
        self
    }

    /// Bounds what the bodies of all requests together may keep. Without it only each body is
    /// bounded.
    pub fn memory(mut self, memory: ReplayMemory) -> Self {
        self.memory = Some(memory);
        self
    }
}

impl Default for ReplayBodyLayer {
    fn default() -> Self {
        ReplayBodyLayer::new()
    }
}

impl<S> Layer<S> for ReplayBodyLayer {
    type Service = ReplayBodyService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        ReplayBodyService::new(inner, self.limit, self.memory.clone())
    }
}
