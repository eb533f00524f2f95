use super::drive::{Job, Lane, Outcome};
use super::error::ThroughError;
use super::url;
use crate::ServiceError;
use buttress_core::{Deadline, Failure};
use http::{Extensions, Request, Response};
use pin_project_lite::pin_project;
use reqwest_middleware::ClientWithMiddleware;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::sync::oneshot;
use tower_service::Service;

/// A [`ClientWithMiddleware`] as a service of `http` requests, so that layers stack on it.
///
/// ```
/// use buttress_reqwest::middleware::MiddlewareService;
/// use buttress_retry::RetryLayer;
/// use buttress_testkit::Origin;
/// use reqwest_middleware::ClientBuilder;
/// use tower::{Layer, ServiceExt};
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// let origin = Origin::builder().start().await;
/// # let _ = rustls::crypto::ring::default_provider().install_default();
/// let client = ClientBuilder::new(reqwest::Client::builder().no_proxy().build()?).build();
/// let client = RetryLayer::default().layer(MiddlewareService::new(client));
///
/// let request = http::Request::get(origin.url("/hello")).body(reqwest::Body::default())?;
/// assert_eq!(client.oneshot(request).await?.status(), 200);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The request's extensions are those that the middlewares see. Below a
/// [`TowerMiddleware`](super::TowerMiddleware) it stands for the middlewares after that one, as long
/// as the call lasts.
#[derive(Clone, Debug)]
pub struct MiddlewareService {
    client: ClientWithMiddleware,
}

impl MiddlewareService {
    /// Wraps a client.
    #[must_use]
    pub fn new(client: impl Into<ClientWithMiddleware>) -> Self {
        MiddlewareService {
            client: client.into(),
        }
    }
}

impl<B> Service<Request<B>> for MiddlewareService
where
    B: Into<reqwest::Body>,
{
    type Response = Response<reqwest::Body>;
    type Error = ThroughError;
    type Future = ThroughFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ThroughError>> {
        // As reqwest's client, it always is.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<B>) -> ThroughFuture {
        let authority = request.uri().authority();
        if request.uri().scheme().is_none() || authority.is_none() {
            return ThroughFuture::failed(ServiceError::relative().into());
        }
        let lane = request.extensions_mut().remove::<Lane>();
        if let Some(deadline) = Deadline::current() {
            // What runs below runs outside of this scope.
            deadline.tighten(request.extensions_mut());
        }
        let extensions = request.extensions().clone();
        let request = match reqwest::Request::try_from(request) {
            Ok(request) => request,
            Err(error) => return ThroughFuture::failed(ServiceError::from(error).into()),
        };
        let Some(Lane(lane)) = lane else {
            return self.straight(request, extensions);
        };
        let (reply, answer) = oneshot::channel();
        let sent = lane.send(Job {
            request,
            extensions,
            reply,
        });
        match sent {
            Ok(()) => ThroughFuture::new(State::Lane { answer }),
            // The call is over; this is for its body.
            Err(unsent) => self.straight(unsent.0.request, unsent.0.extensions),
        }
    }
}

impl MiddlewareService {
    fn straight(&self, request: reqwest::Request, mut extensions: Extensions) -> ThroughFuture {
        let client = self.client.clone();
        let call = Box::pin(async move {
            extensions.remove::<Failure>();
            let call = client.execute_with_extensions(request, &mut extensions);
            let outcome = call.await;
            outcome.map_err(|error| ThroughError::of_client(error, &extensions))
        });
        ThroughFuture::new(State::Straight { call })
    }
}

pin_project! {
    /// The future of a [`MiddlewareService`]'s call. Dropping it drops the call.
    pub struct ThroughFuture {
        state: State,
    }
}

enum State {
    Lane {
        answer: oneshot::Receiver<Outcome>,
    },
    Straight {
        call: Pin<Box<dyn Future<Output = Outcome> + Send>>,
    },
    Failed(Option<ThroughError>),
}

impl ThroughFuture {
    const fn new(state: State) -> Self {
        ThroughFuture { state }
    }

    const fn failed(error: ThroughError) -> Self {
        ThroughFuture::new(State::Failed(Some(error)))
    }
}

impl Future for ThroughFuture {
    type Output = Result<Response<reqwest::Body>, ThroughError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let outcome = match self.project().state {
            State::Lane { answer } => match ready!(Pin::new(answer).poll(cx)) {
                Ok(outcome) => outcome,
                Err(_) => return Poll::Ready(Err(ThroughError::abandoned())),
            },
            State::Straight { call } => ready!(call.as_mut().poll(cx)),
            // A future that was ready may do as it likes when it is polled once more.
            State::Failed(error) => {
                return error
                    .take()
                    .map_or(Poll::Pending, |error| Poll::Ready(Err(error)));
            }
        };
        Poll::Ready(outcome.map(|response| {
            let url = response.url().clone();
            url::keep(response.into(), url)
        }))
    }
}

impl fmt::Debug for ThroughFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ThroughFuture").finish_non_exhaustive()
    }
}
