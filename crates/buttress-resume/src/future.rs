use crate::course::{Course, Reopen};
use crate::cursor::Cursor;
use crate::plan::{Plan, announced, has_events, plan};
use crate::story::Story;
use crate::watch::Watch;
use crate::{ResumeBody, ResumeConfig};
use buttress_core::time::Instant;
use buttress_core::{
    BoxError, Deadline, Failure, FailureKind, Guard, LastWords, Snapshot, StopReason,
};
use http::header::CONTENT_LENGTH;
use http::response::Parts;
use http::{Request, Response};
use http_body::Body;
use pin_project_lite::pin_project;
use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tower_service::Service;

pin_project! {
    /// The future of a [`Resume`](crate::Resume)'s call: the head of the first response.
    ///
    /// Dropping it drops the call.
    pub struct ResumeFuture<S, B, K = Infallible>
    where
        S: Service<Request<B>>,
    {
        #[pin]
        pub(crate) inner: S::Future,
        // The response to this request has no body whatever its head says.
        pub(crate) bodiless: bool,
        pub(crate) guard: Guard,
        pub(crate) first: Option<First<S, B, K>>,
    }
}

/// What is kept of a request that may be resumed.
pub(crate) struct First<S, B, K> {
    pub(crate) service: S,
    pub(crate) kept: Snapshot<B>,
    pub(crate) config: ResumeConfig,
    pub(crate) cursor: Option<K>,
    /// The layer's own plans fit the request.
    pub(crate) by_rule: bool,
    pub(crate) asked_for_range: bool,
    pub(crate) deadline: Option<Deadline>,
    pub(crate) started: Instant,
}

impl<S, B, RB, K> Future for ResumeFuture<S, B, K>
where
    S: Service<Request<B>, Response = Response<RB>>,
    S::Error: Into<BoxError>,
    RB: Body,
    K: Cursor<B>,
{
    type Output = Result<Response<ResumeBody<S, B, RB, K>>, Failure>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let response = match this.inner.poll(cx) {
            Poll::Ready(Ok(response)) => response,
            Poll::Ready(Err(error)) => return Poll::Ready(Err(Failure::from(error.into()))),
            Poll::Pending => {
                ready!(this.guard.poll(cx));
                let failure = Failure::new(FailureKind::TimeoutTotal);
                return Poll::Ready(Err(failure.with_stopped(StopReason::Deadline)));
            }
        };
        let announced = if *this.bodiless {
            None
        } else {
            announced(response.status(), response.headers())
        };
        let guard = this.guard.take();
        let mut course = Course {
            delivered: 0,
            announced,
            reopen: None,
        };
        let Some(first) = this.first.take() else {
            return Poll::Ready(Ok(response.map(|body| ResumeBody::new(body, course, guard))));
        };
        let (mut head, body) = response.into_parts();
        course.reopen = first.reopen(&head, announced);
        if course.has_watch() {
            // Nobody knows how long a stream is that its cursor may change.
            course.announced = None;
            head.headers.remove(CONTENT_LENGTH);
        }
        let response = Response::from_parts(head, ResumeBody::new(body, course, guard));
        Poll::Ready(Ok(response))
    }
}

impl<S, B, K: Cursor<B>> First<S, B, K> {
    /// What a further connection is made with, if the body of this response, which must have
    /// `announced` bytes, can be continued.
    fn reopen(self, head: &Parts, announced: Option<u64>) -> Option<Box<Reopen<S, B, K>>> {
        // A response that stands for a failure is not what was asked for.
        if Failure::of(&head.extensions).is_some() {
            return None;
        }
        let cursor = self
            .cursor
            .filter(|_| has_events(head.status, &head.headers));
        let cursor = cursor.and_then(|mut cursor| cursor.open(head).then_some(cursor));
        let plan = match cursor {
            Some(_) => Plan::Cursor,
            None if self.by_rule => plan(self.asked_for_range, head.status, &head.headers),
            None => Plan::None,
        };
        if plan == Plan::None {
            return None;
        }
        // What follows the break is the rest of the body, not an explanation.
        LastWords::hold_back(&head.extensions);
        Some(Box::new(Reopen {
            service: self.service,
            kept: self.kept,
            watch: cursor.map(|cursor| Watch::new(cursor, announced)),
            story: Story::new(plan, self.config, self.deadline, self.started),
        }))
    }
}

impl<S, B, K> fmt::Debug for ResumeFuture<S, B, K>
where
    S: Service<Request<B>>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResumeFuture")
            .field("may_resume", &self.first.is_some())
            .finish_non_exhaustive()
    }
}
