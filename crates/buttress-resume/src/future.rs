use crate::course::{Course, Reopen, Source};
use crate::cursor::Cursor;
use crate::plan::{Plan, Rights, announced, has_events, plan};
use crate::story::Story;
use crate::watch::{Watch, Watcher};
use crate::{ResumeBody, ResumeConfig};
use buttress_core::time::Instant;
use buttress_core::{BoxError, Deadline, Failure, FailureKind, Guard, LastWords, StopReason};
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

/// What is kept of a request whose answer may be resumed, or watched.
pub(crate) struct First<S, B, K> {
    /// `None` if it must not, or cannot, be sent again.
    pub(crate) source: Option<Source<S, B>>,
    pub(crate) config: ResumeConfig,
    pub(crate) cursor: Option<K>,
    pub(crate) rights: Rights,
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
        let Some(first) = this.first.take() else {
            let course = Course::new(announced, None);
            return Poll::Ready(Ok(response.map(|body| ResumeBody::new(body, course, guard))));
        };
        let (mut head, body) = response.into_parts();
        let course = first.begin(&mut head, announced);
        let response = Response::from_parts(head, ResumeBody::new(body, course, guard));
        Poll::Ready(Ok(response))
    }
}

impl<S, B, K: Cursor<B>> First<S, B, K> {
    /// The course of the body with this head, which must have `announced` bytes.
    fn begin(self, head: &mut Parts, announced: Option<u64>) -> Course<S, B, K> {
        // A response that stands for a failure is not what was asked for.
        if Failure::of(&head.extensions).is_some() {
            return Course::new(announced, None);
        }
        // Only they want to know.
        let terminal = self.config.terminal();
        let is_watched = self.cursor.is_some() || terminal.is_some();
        let has_events = is_watched && has_events(head.status, &head.headers);
        let cursor = self.cursor.filter(|_| has_events);
        let cursor = cursor.and_then(|mut cursor| cursor.open(head).then_some(cursor));
        if let Some(cursor) = cursor {
            // Nobody knows how long a stream is that its cursor may change.
            head.headers.remove(CONTENT_LENGTH);
            let watch = Watch::new(Watcher::Cursor(cursor), announced);
            let story = Story::new(Plan::Cursor, self.config, self.deadline, self.started);
            return Course::begin(head, None, self.source, Some(watch), story);
        }
        let terminal = terminal.filter(|_| has_events).cloned();
        let plan = match &self.source {
            Some(_) => {
                let Parts {
                    status, headers, ..
                } = head;
                plan(self.rights, &self.config, *status, headers, announced)
            }
            None => Plan::None,
        };
        let (plan, source) = match (plan, &terminal) {
            (Plan::None, None) => return Course::new(announced, None),
            // It is watched, and can't be continued.
            (Plan::None, Some(_)) => (Plan::None, None),
            (plan, _) => (plan, self.source),
        };
        let watch = terminal.map(|terminal| Watch::new(Watcher::Terminal(terminal), None));
        let story = Story::new(plan, self.config, self.deadline, self.started);
        Course::begin(head, announced, source, watch, story)
    }
}

impl<S, B, K> Course<S, B, K> {
    /// The course of a body with a story, which the head is given a report of.
    #[inline(always)] // A story is too large to be moved about for nothing.
    fn begin(
        head: &mut Parts,
        announced: Option<u64>,
        source: Option<Source<S, B>>,
        watch: Option<Watch<K>>,
        story: Story,
    ) -> Self {
        if source.is_some() {
            // What follows the break is the rest of the body, not an explanation.
            LastWords::hold_back(&head.extensions);
        }
        if let Some(report) = &story.report {
            head.extensions.insert(report.clone());
        }
        let reopen = Reopen {
            source,
            watch,
            story,
        };
        Course::new(announced, Some(Box::new(reopen)))
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
