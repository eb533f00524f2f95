use super::ReplayBody;
use http::Request;
use http_body::Body;
use std::task::{Context, Poll};
use tower_service::Service;

/// The service of [`ReplayBodyLayer`](super::ReplayBodyLayer): changes the type of the request's
/// body and nothing else.
#[derive(Clone, Debug)]
pub struct ReplayBodyService<S> {
    inner: S,
    limit: usize,
}

impl<S> ReplayBodyService<S> {
    pub(super) const fn new(inner: S, limit: usize) -> Self {
        ReplayBodyService { inner, limit }
    }
}

impl<S, B> Service<Request<B>> for ReplayBodyService<S>
where
    S: Service<Request<ReplayBody<B>>>,
    B: Body,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> S::Future {
        let limit = self.limit;
        self.inner
            .call(request.map(|body| ReplayBody::with_limit(body, limit)))
    }
}
