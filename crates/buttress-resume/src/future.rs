use crate::course::{Course, Kept, Plain, Reopen, Source};
use crate::cursor::Cursor;
use crate::head::Head;
use crate::plan::{Plan, Read, Rights, announced, read};
use crate::story::{Begun, Story};
use crate::watch::{Watch, Watcher};
use crate::{ResumeBody, ResumeConfig, ResumePlan, ResumeReport};
use buttress_core::{BoxError, Failure, FailureKind, Guard, LastWords, StopReason};
use http::header::CONTENT_LENGTH;
use http::response::Parts;
use http::{Extensions, Request, Response};
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
    pub(crate) cursor: Option<K>,
    pub(crate) rights: Rights,
    pub(crate) begun: Begun,
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
        let guard = this.guard.take();
        if this.first.is_some() {
            // Made for this: else every response would be copied.
            let (head, body) = response.into_parts();
            let answer = Answer { head, body, guard };
            return Poll::Ready(Ok(answer.to(this.first)));
        }
        let announced = if *this.bodiless {
            None
        } else {
            announced(response.status(), response.headers())
        };
        let course = Course::new(announced, Kept::Nothing);
        Poll::Ready(Ok(response.map(|body| ResumeBody::new(body, course, guard))))
    }
}

/// A response, and what its body is held to.
struct Answer<RB> {
    head: Parts,
    body: RB,
    guard: Guard,
}

impl<RB> Answer<RB> {
    /// The response to a call of which something was kept.
    #[inline(never)]
    fn to<S, B, K>(mut self, kept: &mut Option<First<S, B, K>>) -> Response<ResumeBody<S, B, RB, K>>
    where
        S: Service<Request<B>>,
        K: Cursor<B>,
    {
        let course = match kept.take_if(|kept| kept.is_watched()) {
            Some(first) => first.watch(&mut self.head),
            None => begin(kept, &mut self.head),
        };
        let body = ResumeBody::new(self.body, course, self.guard);
        Response::from_parts(self.head, body)
    }
}

/// The course of the body with this head, which nobody watches. What was kept stays where it is, to
/// be dropped with the call, if the body can't be continued.
fn begin<S, B, K>(kept: &mut Option<First<S, B, K>>, parts: &mut Parts) -> Course<S, B, K> {
    let Some(first) = kept else {
        return Course::new(None, Kept::Nothing);
    };
    let rights = first.source.is_some().then_some(first.rights);
    let read = read(rights, &first.begun.config, parts);
    let announced = read.announced;
    if matches!(read.plan, Plan::None) {
        return Course::new(announced, Kept::Nothing);
    }
    let Some(First {
        source: Some(source),
        begun,
        ..
    }) = kept.take()
    else {
        return Course::new(announced, Kept::Nothing);
    };
    // What follows the break is the rest of the body, not an explanation.
    LastWords::hold_back(&parts.extensions);
    let report = report(&read.plan, &begun.config, &mut parts.extensions);
    let kept = match read.plan {
        Plan::Range(plan) if begun.config.overlap() == 0 => Kept::Plain(Box::new(Plain {
            source,
            plan,
            begun,
            report,
        })),
        plan => Kept::Open(Box::new(Reopen {
            source: Some(source),
            watch: None,
            story: Story::new(plan, begun, report),
        })),
    };
    Course::new(announced, kept)
}

impl<S, B, K> First<S, B, K> {
    /// Whether somebody wants to look at events, should there be any.
    fn is_watched(&self) -> bool {
        self.cursor.is_some() || self.begun.config.terminal().is_some()
    }

    /// The course of the body with this head, which is watched if it has events.
    #[cold]
    #[inline(never)]
    fn watch(self, parts: &mut Parts) -> Course<S, B, K>
    where
        K: Cursor<B>,
    {
        let rights = self.source.is_some().then_some(self.rights);
        let Read { announced, plan } = read(rights, &self.begun.config, parts);
        if Failure::of(&parts.extensions).is_some() {
            return Course::new(announced, Kept::Nothing);
        }
        let has_events = Head::of(&parts.headers).has_events(parts.status);
        let cursor = self.cursor.filter(|_| has_events);
        let terminal = self.begun.config.terminal().filter(|_| has_events).cloned();
        let cursor = cursor.and_then(|mut cursor| cursor.open(parts).then_some(cursor));
        let (plan, watch, source, announced) = match (cursor, plan, terminal) {
            (Some(cursor), _, _) => {
                // Nobody knows how long a stream is that its cursor may change.
                parts.headers.remove(CONTENT_LENGTH);
                let watch = Watch::new(Watcher::Cursor(cursor), announced);
                (Plan::Cursor, Some(watch), self.source, None)
            }
            (None, Plan::None, None) => return Course::new(announced, Kept::Nothing),
            (None, plan, terminal) => {
                // What is only watched can't be continued.
                let source = self.source.filter(|_| plan != Plan::None);
                let watch = terminal.map(|last| Watch::new(Watcher::Terminal(last), None));
                (plan, watch, source, announced)
            }
        };
        if source.is_some() {
            LastWords::hold_back(&parts.extensions);
        }
        let report = report(&plan, &self.begun.config, &mut parts.extensions);
        let kept = Kept::Open(Box::new(Reopen {
            source,
            watch,
            story: Story::new(plan, self.begun, report),
        }));
        Course::new(announced, kept)
    }
}

/// The report of a body with this plan, put into the extensions, where somebody asks for it.
fn report(plan: &Plan, config: &ResumeConfig, extensions: &mut Extensions) -> Option<ResumeReport> {
    if !config.report() {
        return None;
    }
    let report = ResumeReport::new(ResumePlan::of(plan)?);
    extensions.insert(report.clone());
    Some(report)
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
