//! A client of reqwest with middlewares, in memory.

use buttress::BoxError;
use buttress::prelude::*;
use buttress::reqwest::middleware::MiddlewareService;
use buttress_testkit::contract::Inner;
use http::{Extensions, Request, Response};
use http_body::Body;
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware, Error, Middleware, Next};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use tower::{Layer, Service, ServiceExt};

/// A client of reqwest with middlewares, as a service.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Client(pub ClientWithMiddleware);

impl Service<Request<String>> for Client {
    type Response = Response<reqwest::Body>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<String>) -> Self::Future {
        let request = reqwest::Request::try_from(request).unwrap();
        let client = self.0.clone();
        Box::pin(async move { Ok(client.execute(request).await?.into()) })
    }
}

/// A client whose requests go through these layers, and are answered by `inner`.
pub fn client<L, S, RB>(layers: L, inner: &Inner) -> Client
where
    L: Layer<MiddlewareService, Service = S>,
    S: Service<Request<reqwest::Body>, Response = Response<RB>> + Clone + Send + Sync + 'static,
    S::Error: Into<BoxError> + Send,
    S::Future: Send,
    RB: Body + Send + 'static,
    RB::Error: Into<BoxError>,
{
    let _ = rustls::crypto::ring::default_provider().install_default();
    let bottom = || ClientBuilder::new(reqwest::Client::new());
    // What bodies do when the call is over.
    let below = bottom().with(Answers(inner.clone())).build();
    let ours = TowerMiddleware::new(layers, below);
    Client(bottom().with(ours).with(Answers(inner.clone())).build())
}

/// The innermost middleware: what answers in place of the client.
struct Answers(Inner);

#[async_trait::async_trait]
impl Middleware for Answers {
    async fn handle(
        &self,
        request: reqwest::Request,
        _: &mut Extensions,
        _: Next<'_>,
    ) -> Result<reqwest::Response, Error> {
        let request = Request::try_from(request)?.map(|_| "x".to_owned());
        let answer = self.0.clone().oneshot(request).await;
        let answer = answer.map_err(|error| Error::middleware(Failure::from(error)))?;
        Ok(answer.map(reqwest::Body::wrap).into())
    }
}
