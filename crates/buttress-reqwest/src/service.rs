use crate::{ReqwestFuture, ServiceError, url};
use http::{Request, Response};
use std::task::{Context, Poll, ready};
use tower_service::Service;

/// A [`reqwest::Client`] as a service of `http` requests. See the [crate](crate) for an example.
///
/// Bodies of requests are anything that becomes a [`reqwest::Body`]; bodies of responses are
/// [`reqwest::Body`]. A response can be made one of reqwest's again, `map(reqwest::Body::wrap)` and
/// `into()`, and knows its URL then. Cloning is as cheap as cloning the client: both share its connections.
#[derive(Clone, Debug, Default)]
pub struct ReqwestService {
    client: reqwest::Client,
}

impl ReqwestService {
    /// Wraps a client.
    #[must_use]
    pub const fn new(client: reqwest::Client) -> Self {
        ReqwestService { client }
    }
}

impl From<reqwest::Client> for ReqwestService {
    fn from(client: reqwest::Client) -> Self {
        ReqwestService::new(client)
    }
}

impl<B> Service<Request<B>> for ReqwestService
where
    B: Into<reqwest::Body>,
{
    type Response = Response<reqwest::Body>;
    type Error = ServiceError;
    type Future = ReqwestFuture;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), ServiceError>> {
        Poll::Ready(Ok(ready!(Service::poll_ready(&mut self.client, cx))?))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        if !url::is_absolute(request.uri()) {
            return ReqwestFuture::failed(ServiceError::relative());
        }
        match reqwest::Request::try_from(request) {
            Ok(request) => ReqwestFuture::new(Service::call(&mut self.client, request)),
            Err(error) => ReqwestFuture::failed(error.into()),
        }
    }
}
