use crate::future::First;
use crate::plan::may_resume;
use crate::{ResumeBody, ResumeConfig, ResumeFuture};
use buttress_core::{BoxError, Deadline, Failure, Phase, ReplayableBody, Snapshot, take_ready};
use http::header::RANGE;
use http::{Request, Response};
use http_body::Body;
use std::task::{Context, Poll};
use tower_service::Service;

/// The service of a [`ResumeLayer`](crate::ResumeLayer).
#[derive(Clone, Debug)]
pub struct Resume<S> {
    inner: S,
    config: ResumeConfig,
}

impl<S> Resume<S> {
    /// Wraps `inner`.
    #[must_use]
    pub const fn new(inner: S, config: ResumeConfig) -> Self {
        Resume { inner, config }
    }
}

impl<S, B, RB> Service<Request<B>> for Resume<S>
where
    S: Service<Request<B>, Response = Response<RB>> + Clone,
    S::Error: Into<BoxError>,
    B: ReplayableBody,
    RB: Body,
    RB::Error: Into<BoxError>,
{
    type Response = Response<ResumeBody<S, B, RB>>;
    type Error = Failure;
    type Future = ResumeFuture<S, B>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        self.inner
            .poll_ready(cx)
            .map_err(|error| Failure::from_error(error.into(), Phase::Connect))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let config = match request.extensions().get::<ResumeConfig>() {
            Some(own) => own.within(&self.config),
            None => self.config.clone(),
        };
        let first = First {
            method: request.method().clone(),
            asked_for_range: request.headers().contains_key(RANGE),
            deadline: Deadline::of(request.extensions()),
        };
        if !may_resume(request.method(), request.headers()) {
            return ResumeFuture::new(self.inner.call(request), first, config, None);
        }
        let kept = Snapshot::take(&request);
        let mut service = take_ready(&mut self.inner);
        let future = service.call(request);
        let reopen = kept.map(|kept| (service, kept));
        ResumeFuture::new(future, first, config, reopen)
    }
}
