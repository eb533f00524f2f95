use crate::plan::{Plan, announced, plan};
use crate::story::Story;
use crate::{ResumeBody, ResumeConfig};
use buttress_core::time::{self, Instant};
use buttress_core::{BoxError, Deadline, Failure, Snapshot};
use http::{Method, Request, Response};
use http_body::Body;
use pin_project_lite::pin_project;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tower_service::Service;

pin_project! {
    /// The future of a [`Resume`](crate::Resume)'s call: the head of the first response.
    ///
    /// Dropping it drops the call.
    pub struct ResumeFuture<S, B>
    where
        S: Service<Request<B>>,
    {
        #[pin]
        inner: S::Future,
        first: First,
        config: Option<ResumeConfig>,
        reopen: Option<(S, Snapshot<B>)>,
        started: Instant,
    }
}

/// What must be known of the first request.
pub(crate) struct First {
    pub(crate) method: Method,
    pub(crate) asked_for_range: bool,
    pub(crate) deadline: Option<Deadline>,
}

impl<S, B> ResumeFuture<S, B>
where
    S: Service<Request<B>>,
{
    /// `reopen` is what a further connection is made with; `None` when there can be none.
    pub(crate) fn new(
        inner: S::Future,
        first: First,
        config: ResumeConfig,
        reopen: Option<(S, Snapshot<B>)>,
    ) -> Self {
        ResumeFuture {
            inner,
            first,
            config: Some(config),
            reopen,
            started: time::now(),
        }
    }
}

impl<S, B, RB> Future for ResumeFuture<S, B>
where
    S: Service<Request<B>, Response = Response<RB>>,
    S::Error: Into<BoxError>,
    RB: Body,
{
    type Output = Result<Response<ResumeBody<S, B, RB>>, Failure>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let response = match ready!(this.inner.poll(cx)) {
            Ok(response) => response,
            Err(error) => return Poll::Ready(Err(Failure::from(error.into()))),
        };
        let (head, body) = response.into_parts();
        let plan = match this.reopen {
            // A response that stands for a failure is not what was asked for.
            Some(_) if Failure::of(&head.extensions).is_none() => {
                plan(this.first.asked_for_range, head.status, &head.headers)
            }
            _ => Plan::None,
        };
        let announced = announced(&this.first.method, head.status, &head.headers);
        let reopen = match plan {
            Plan::None => None,
            Plan::Events | Plan::Range(_) => this.reopen.take(),
        };
        let story = Story::new(
            plan,
            announced,
            this.config.take().unwrap_or_default(),
            this.first.deadline,
            *this.started,
        );
        let body = ResumeBody::new(body, story, reopen);
        Poll::Ready(Ok(Response::from_parts(head, body)))
    }
}

impl<S, B> fmt::Debug for ResumeFuture<S, B>
where
    S: Service<Request<B>>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResumeFuture")
            .field("may_resume", &self.reopen.is_some())
            .finish_non_exhaustive()
    }
}
