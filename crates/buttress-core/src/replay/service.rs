use super::{ReplayBody, ReplayMemory};
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
    memory: Option<ReplayMemory>,
}

impl<S> ReplayBodyService<S> {
    pub(super) const fn new(inner: S, limit: usize, memory: Option<ReplayMemory>) -> Self {
        ReplayBodyService {
            inner,
            limit,
            memory,
        }
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
        let (limit, memory) = (self.limit, self.memory.as_ref());
        self.inner
            .call(request.map(|body| ReplayBody::keeping(body, limit, memory)))
    }
}
