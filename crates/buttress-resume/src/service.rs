use crate::future::First;
use crate::plan::may_resume;
use crate::{ResumeBody, ResumeConfig, ResumeFuture};
use buttress_core::time;
use buttress_core::{
    BoxError, Deadline, Failure, Guard, Phase, ReplayableBody, Snapshot, take_ready,
};
use http::header::RANGE;
use http::{Method, Request, Response};
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
        let bodiless = *request.method() == Method::HEAD || *request.method() == Method::CONNECT;
        let guard = Guard::of(request.extensions());
        let kept = if may_resume(request.method(), request.headers()) {
            Snapshot::take(&request)
        } else {
            None
        };
        let Some(kept) = kept else {
            return ResumeFuture {
                inner: self.inner.call(request),
                bodiless,
                guard,
                first: None,
            };
        };
        let config = match request.extensions().get::<ResumeConfig>() {
            Some(own) => own.within(&self.config),
            None => self.config.clone(),
        };
        let asked_for_range = request.headers().contains_key(RANGE);
        let deadline = Deadline::of(request.extensions());
        let mut service = take_ready(&mut self.inner);
        ResumeFuture {
            inner: service.call(request),
            bodiless,
            guard,
            first: Some(First {
                service,
                kept,
                config,
                asked_for_range,
                deadline,
                started: time::now(),
            }),
        }
    }
}
