use crate::course::{Course, Reopen};
use crate::plan::{Plan, announced, plan};
use crate::story::Story;
use crate::{ResumeBody, ResumeConfig};
use buttress_core::time::Instant;
use buttress_core::{BoxError, Deadline, Failure, LastWords, Snapshot};
use http::{Request, Response};
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
        pub(crate) inner: S::Future,
        // The response to this request has no body whatever its head says.
        pub(crate) bodiless: bool,
        pub(crate) first: Option<First<S, B>>,
    }
}

/// What is kept of a request that may be resumed.
pub(crate) struct First<S, B> {
    pub(crate) service: S,
    pub(crate) kept: Snapshot<B>,
    pub(crate) config: ResumeConfig,
    pub(crate) asked_for_range: bool,
    pub(crate) deadline: Option<Deadline>,
    pub(crate) started: Instant,
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
        let course = Course {
            delivered: 0,
            announced: if *this.bodiless {
                None
            } else {
                announced(response.status(), response.headers())
            },
            reopen: this.first.take().and_then(|first| first.reopen(&response)),
        };
        Poll::Ready(Ok(response.map(|body| ResumeBody::new(body, course))))
    }
}

impl<S, B> First<S, B> {
    /// What a further connection is made with, if the response can be continued.
    fn reopen<RB>(self, response: &Response<RB>) -> Option<Box<Reopen<S, B>>> {
        // A response that stands for a failure is not what was asked for.
        if Failure::of(response.extensions()).is_some() {
            return None;
        }
        let plan = plan(self.asked_for_range, response.status(), response.headers());
        if plan == Plan::None {
            return None;
        }
        // What follows the break is the rest of the body, not an explanation.
        LastWords::hold_back(response.extensions());
        Some(Box::new(Reopen {
            service: self.service,
            kept: self.kept,
            story: Story::new(plan, self.config, self.deadline, self.started),
        }))
    }
}

impl<S, B> fmt::Debug for ResumeFuture<S, B>
where
    S: Service<Request<B>>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResumeFuture")
            .field("may_resume", &self.first.is_some())
            .finish_non_exhaustive()
    }
}
