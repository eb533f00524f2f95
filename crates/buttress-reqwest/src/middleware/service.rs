use super::error::ThroughError;
use super::lane::{Job, Lane, Outcome, Ticket};
use crate::{ServiceError, url};
use buttress_core::{Deadline, Failure};
use http::{Request, Response, Uri};
use pin_project_lite::pin_project;
use reqwest::Url;
use reqwest_middleware::ClientWithMiddleware;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
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
    /// Shared, because a clone of it has some of its own to allocate.
    client: Arc<ClientWithMiddleware>,
}

impl MiddlewareService {
    /// Wraps a client.
    #[must_use]
    pub fn new(client: impl Into<ClientWithMiddleware>) -> Self {
        MiddlewareService {
            client: Arc::new(client.into()),
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
        let lane = request.extensions_mut().remove::<Lane>();
        let mut job = match job(request, lane.as_ref().and_then(Lane::url)) {
            Ok(job) => job,
            Err(error) => return ThroughFuture::new(State::Failed(Some(error.into()))),
        };
        if let Some(deadline) = Deadline::current() {
            // What runs below runs outside of this scope.
            deadline.tighten(&mut job.extensions);
        }
        let Some(lane) = lane else {
            return self.straight(job);
        };
        match lane.ask(job) {
            Ok(ticket) => ThroughFuture::new(State::Lane { ticket }),
            // The call is over; this is for its body.
            Err(job) => self.straight(job),
        }
    }
}

/// The request as reqwest has it. `known` is the URL that it may still lead to: then that needs not
/// be parsed.
fn job<B>(request: Request<B>, known: Option<&Url>) -> Result<Job, ServiceError>
where
    B: Into<reqwest::Body>,
{
    let known = known.filter(|known| leads_to(known, request.uri()));
    if known.is_none() && !url::is_absolute(request.uri()) {
        return Err(ServiceError::relative());
    }
    let Some(url) = known.filter(|_| request.extensions().is_empty()) else {
        let extensions = request.extensions().clone();
        let request = reqwest::Request::try_from(request)?;
        return Ok(Job {
            request,
            extensions,
        });
    };
    let (head, body) = request.into_parts();
    let mut request = reqwest::Request::new(head.method, url.clone());
    *request.headers_mut() = head.headers;
    *request.version_mut() = head.version;
    *request.body_mut() = Some(body.into());
    Ok(Job {
        request,
        extensions: head.extensions,
    })
}

/// Whether they are the same: a URL with a fragment, which a URI has none of, is not.
fn leads_to(url: &Url, uri: &Uri) -> bool {
    let rest = || {
        let rest = url.as_str().strip_prefix(uri.scheme_str()?)?;
        let rest = rest.strip_prefix("://")?;
        let rest = rest.strip_prefix(uri.authority()?.as_str())?;
        rest.strip_prefix(uri.path_and_query()?.as_str())
    };
    rest().is_some_and(str::is_empty)
}

impl MiddlewareService {
    fn straight(&self, job: Job) -> ThroughFuture {
        let client = self.client.clone();
        let call = Box::pin(async move {
            let Job {
                request,
                mut extensions,
            } = job;
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
        ticket: Ticket,
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
}

impl Future for ThroughFuture {
    type Output = Result<Response<reqwest::Body>, ThroughError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let (outcome, asked) = match self.project().state {
            State::Lane { ticket } => {
                let (outcome, lane) = ready!(ticket.poll(cx));
                (outcome, Some(lane))
            }
            State::Straight { call } => (ready!(call.as_mut().poll(cx)), None),
            // A future that was ready may do as it likes when it is polled once more.
            State::Failed(error) => {
                return error
                    .take()
                    .map_or(Poll::Pending, |error| Poll::Ready(Err(error)));
            }
        };
        Poll::Ready(outcome.map(|response| {
            // The call knows its own.
            if asked.is_some_and(|asked| asked.url() == Some(response.url())) {
                return response.into();
            }
            url::kept(response)
        }))
    }
}

impl fmt::Debug for ThroughFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ThroughFuture").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_not_parsed_again_for_the_same_uri() {
        let table = [
            ("http://a.example/x?y=1", "http://a.example/x?y=1", true),
            ("http://a.example/", "http://a.example", true),
            ("http://a.example:81/x", "http://a.example:81/x", true),
            ("http://me:pw@a.example/x", "http://me:pw@a.example/x", true),
            ("http://a.example/x", "https://a.example/x", false),
            ("http://a.example/x", "http://b.example/x", false),
            ("http://a.example/x", "http://a.example:81/x", false),
            ("http://a.example:81/x", "http://a.example/x", false),
            ("http://a.example/x?y=1", "http://a.example/x", false),
            ("http://a.example/x", "http://a.example/x?y=1", false),
            ("http://a.example/x", "http://a.example/X", false),
            ("http://a.example/x", "/x", false),
            ("http://a.example/x#part", "http://a.example/x", false),
        ];
        for (url, uri, same) in table {
            let (known, asked) = (url.parse().unwrap(), uri.parse().unwrap());
            assert_eq!(leads_to(&known, &asked), same, "{url} {uri}");
        }
    }
}
