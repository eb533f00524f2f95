//! Tower layers as a [`reqwest_middleware::Middleware`]. Needs the feature `middleware`.
//!
//! ```
//! use buttress_reqwest::middleware::TowerMiddleware;
//! use buttress_retry::RetryLayer;
//! use buttress_testkit::{Cut, Fault, Origin, Script};
//! use reqwest_middleware::ClientBuilder;
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! // A server whose first connection breaks.
//! let origin = Origin::builder()
//!     .script(Script::of([Fault::CutBeforeHead(Cut::Rst)]))
//!     .start()
//!     .await;
//!
//! # let _ = rustls::crypto::ring::default_provider().install_default();
//! let client = reqwest::Client::builder().no_proxy().build()?;
//! let retry = TowerMiddleware::new(RetryLayer::default(), client.clone());
//! let client = ClientBuilder::new(client).with(retry).build();
//!
//! let response = client.get(origin.url("/hello")).send().await?;
//! assert_eq!(response.status(), 200);
//! assert_eq!(origin.log().len(), 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What goes where
//!
//! The layers are stacked once, so that limits, budgets and buffers count over all calls. Each
//! attempt of theirs runs through the middlewares after this one. What a body does once the call is
//! over, such as a resume that opens another connection, has no middlewares left to run through:
//! it goes through the client given to [`TowerMiddleware::new`], which may be a
//! [`ClientWithMiddleware`] with those that re-openings
//! need too, such as one that signs requests.
//!
//! The extensions of a call (`with_extension` of its builder) are the extensions of the request that
//! the layers see: a `RetryConfig` or a [`Deadline`](buttress_core::Deadline) there counts. What
//! middlewares below put among them is there after the call.
//!
//! # What reqwest does below
//!
//! An attempt of a layer is a whole call of reqwest: it has the client's or the request's own
//! `timeout` for itself, and so has what a body opens again; all attempts together have a
//! [`Deadline`](buttress_core::Deadline). Redirects are followed within it: layers see the last
//! response only, and each attempt begins at the first URL. So a client whose requests must not have
//! their effect twice needs `redirect(Policy::none())`, for the reason that the [crate] gives. A
//! body that is a stream, which `try_clone` of reqwest's builder gives up on, is sent once.
//!
//! # Errors
//!
//! Who handles errors of a client without these layers handles them with them:
//!
//! | the call failed with | comes out as |
//! |---|---|
//! | an error of the client, or of a middleware below | that error, untouched: `is_timeout`, `is_connect` and the others are its own |
//! | a limit of a layer | [`Error::Reqwest`] with `is_timeout`, and the [`Failure`] in its chain |
//! | anything else | [`Error::Middleware`] of the [`Failure`] |
//!
//! reqwest has no way to make an error of a kind, so that for a limit of a layer `is_decode` is
//! true as well, as it is for reqwest's own limits while a body is read.
//!
//! In each case the [`Failure`], with what was tried and why it ended, is among the extensions of
//! the call: for middlewares outside, and for callers of
//! [`execute_with_extensions`](reqwest_middleware::ClientWithMiddleware::execute_with_extensions).
//! For callers who look at nothing else there is [`TowerMiddleware::failures`]. Errors of bodies are
//! reqwest's, with the `Failure` and the original error in their chain.
//!
//! # Cancel safety
//!
//! Dropping the call, or an attempt that a layer gives up, drops what it runs in the middlewares
//! below. Nothing is spawned.

mod body;
mod drive;
mod error;
mod lane;
mod service;

pub use self::error::ThroughError;
pub use self::service::{MiddlewareService, ThroughFuture};

use self::body::StackBody;
use self::drive::drive;
use self::lane::Lane;
use crate::url;
use buttress_core::{BoxError, Delivery, Failure, FailureKind, Guard, Phase, StopReason};
use bytes::Buf;
use http::{Extensions, Request, Response};
use http_body::Body;
use reqwest_middleware::{ClientWithMiddleware, Error, Middleware, Next};
use std::fmt;
use std::future::{Future, poll_fn};
use std::mem;
use std::pin::{Pin, pin};
use std::task::Poll;
use tower_layer::Layer;
use tower_service::Service;

/// A stack of tower layers as a middleware. See the [module](crate::middleware) for everything.
#[derive(Clone)]
pub struct TowerMiddleware<S> {
    stack: S,
    failures: bool,
}

impl<S> TowerMiddleware<S> {
    /// A middleware that does what `layer` does, which may be a stack of them. `client` is for what
    /// bodies do when the call is over.
    ///
    /// The service that the layer makes must be `Clone`, `Send` and `Sync`, as those of tower,
    /// tower-http and Buttress are. One that is not `Clone` goes below a
    /// [`tower::buffer`](https://docs.rs/tower/latest/tower/buffer/) layer.
    pub fn new<L>(layer: L, client: impl Into<ClientWithMiddleware>) -> Self
    where
        L: Layer<MiddlewareService, Service = S>,
    {
        TowerMiddleware {
            stack: layer.layer(MiddlewareService::new(client)),
            failures: false,
        }
    }

    /// Every error comes out as [`Error::Middleware`] of a [`Failure`]: for callers that want what
    /// it tells, such as the explanation of a humanize layer, and nothing else.
    ///
    /// ```
    /// use buttress_core::Failure;
    /// use buttress_humanize::HumanizeLayer;
    /// use buttress_reqwest::middleware::TowerMiddleware;
    /// use buttress_testkit::Refused;
    /// use reqwest_middleware::{ClientBuilder, Error};
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// let nobody = Refused::new();
    /// # let _ = rustls::crypto::ring::default_provider().install_default();
    /// let client = reqwest::Client::builder().no_proxy().build()?;
    /// let humane = TowerMiddleware::new(HumanizeLayer::new(), client.clone()).failures();
    /// let client = ClientBuilder::new(client).with(humane).build();
    ///
    /// let Err(Error::Middleware(error)) = client.get(nobody.url("/")).send().await else {
    ///     unreachable!("there is nobody");
    /// };
    /// let failure = error.downcast_ref::<Failure>().expect("always one");
    /// assert_eq!(failure.kind().code(), "connection_refused");
    /// assert!(failure.find::<reqwest::Error>().is_some_and(|error| error.is_connect()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn failures(mut self) -> Self {
        self.failures = true;
        self
    }
}

impl<S, RB> Middleware for TowerMiddleware<S>
where
    S: Service<Request<reqwest::Body>, Response = Response<RB>> + Clone + Send + Sync + 'static,
    S::Error: Into<BoxError> + Send,
    S::Future: Send,
    RB: Body + Send + 'static,
    RB::Data: Buf,
    RB::Error: Into<BoxError>,
{
    // What `async_trait` would make of it, but for what the box has to have room for.
    fn handle<'a, 'b, 'c, 'f>(
        &'a self,
        request: reqwest::Request,
        extensions: &'b mut Extensions,
        next: Next<'c>,
    ) -> Pin<Box<dyn Future<Output = Result<reqwest::Response, Error>> + Send + 'f>>
    where
        Self: 'f,
        'a: 'f,
        'b: 'f,
        'c: 'f,
    {
        let lane = Lane::new(request.url().clone());
        let mut request = match Request::try_from(request) {
            Ok(request) => request,
            Err(error) => {
                let error = ThroughError::of_client(error.into(), &Extensions::new());
                return Box::pin(self.failed(error.into(), extensions));
            }
        };
        request.extensions_mut().extend(extensions.clone());
        request.extensions_mut().insert(lane.clone());
        let mut stack = self.stack.clone();
        Box::pin(async move {
            let closing = lane.closing();
            let outcome = match ready(&mut stack, request.extensions()).await {
                Ok(()) => drive(pin!(stack.call(request)), &lane, extensions, next)
                    .await
                    .map_err(Into::into),
                Err(failure) => Err(failure.into()),
            };
            drop(closing);
            match outcome {
                Ok(response) => {
                    let mut response =
                        response.map(|body| reqwest::Body::wrap(StackBody::new(body)));
                    // Unless it says itself where it is from. What the call has no more use for
                    // may have room.
                    let own = mem::take(response.extensions_mut());
                    if extensions.is_empty() {
                        *response.extensions_mut() = mem::take(extensions);
                    }
                    if let Some(url) = lane.into_url() {
                        url::insert(response.extensions_mut(), url);
                    }
                    if !own.is_empty() {
                        response.extensions_mut().extend(own);
                    }
                    Ok(response.into())
                }
                Err(error) => Box::pin(self.failed(error, extensions)).await,
            }
        })
    }
}

/// Waits until the stack can take the request with these extensions, but not past its deadline.
async fn ready<S, B>(stack: &mut S, extensions: &Extensions) -> Result<(), Failure>
where
    S: Service<Request<B>>,
    S::Error: Into<BoxError>,
{
    let mut guard = Guard::of(extensions);
    poll_fn(|cx| match stack.poll_ready(cx) {
        Poll::Ready(outcome) => Poll::Ready(outcome.map_err(Failure::unready)),
        Poll::Pending => guard.poll(cx).map(|()| Err(late())),
    })
    .await
}

/// The failure of a call whose deadline has passed before it could be made.
#[cold]
fn late() -> Failure {
    Failure::new(FailureKind::TimeoutTotal)
        .with_phase(Phase::Connect)
        .with_delivery(Delivery::NotSent)
        .with_stopped(StopReason::Deadline)
}

impl<S> TowerMiddleware<S> {
    /// What the caller is told, and leaves among the extensions.
    async fn failed(
        &self,
        error: BoxError,
        extensions: &mut Extensions,
    ) -> Result<reqwest::Response, Error> {
        let failure = Failure::from(error);
        error::known(&failure).attach(extensions);
        Err(if self.failures {
            Error::middleware(failure)
        } else {
            error::into_error(failure).await
        })
    }
}

impl<S> fmt::Debug for TowerMiddleware<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TowerMiddleware")
            .field("failures", &self.failures)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
