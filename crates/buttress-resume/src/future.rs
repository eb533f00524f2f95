use crate::course::{Course, Kept, Plain, Reopen, Source};
use crate::cursor::Cursor;
use crate::head::{Head, drop_length};
use crate::plan::{Plan, Read, Rights, announced, read};
use crate::story::{Begun, Story};
use crate::watch::{Watch, Watcher};
use crate::{ResumeBody, ResumeConfig, ResumePlan, ResumeReport};
use buttress_core::{BoxError, Failure, FailureKind, Guard, LastWords, Snapshot, StopReason};
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
    /// `None` if it must not, or cannot, be sent again, and then there is no service either.
    pub(crate) snapshot: Option<Snapshot<B>>,
    pub(crate) service: Option<S>,
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

    #[inline(always)]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let mut polled = this.inner.poll(cx);
        // Looked at where it is: a response that is looked at once it is moved is copied.
        let announced = match &mut polled {
            Poll::Ready(Ok(response)) if this.first.is_none() => {
                let announced = announced(response.status(), response.headers_mut());
                announced.filter(|_| !*this.bodiless)
            }
            _ => None,
        };
        let response = match polled {
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
            // Apart from the other one: else every response would lie in memory, and be copied.
            let (mut head, body) = response.into_parts();
            let course = begin(this.first, &mut head);
            let body = ResumeBody::new(body, course, guard);
            return Poll::Ready(Ok(Response::from_parts(head, body)));
        }
        let course = Course::new(announced, Kept::Nothing);
        Poll::Ready(Ok(response.map(|body| ResumeBody::new(body, course, guard))))
    }
}

/// The course of the body with this head, of whose request something was kept. That stays where it
/// is, to be dropped with the call, if the body can't be continued.
#[inline(never)]
fn begin<S, B, K: Cursor<B>>(
    first: &mut Option<First<S, B, K>>,
    parts: &mut Parts,
) -> Course<S, B, K> {
    if let Some(first) = first.take_if(|first| first.is_watched()) {
        return first.watch(parts);
    }
    let Some(kept) = first else {
        return Course::new(None, Kept::Nothing);
    };
    let rights = kept.snapshot.is_some().then_some(kept.rights);
    let read = read(rights, &kept.begun.config, parts);
    let announced = read.announced;
    if read.has_false_length {
        drop_length(&mut parts.headers);
    }
    if matches!(read.plan, Plan::None) {
        return Course::new(announced, Kept::Nothing);
    }
    let Some(First {
        snapshot: Some(kept),
        service: Some(service),
        begun,
        ..
    }) = first.take()
    else {
        return Course::new(announced, Kept::Nothing);
    };
    let source = Source { service, kept };
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
        let source = self.service.zip(self.snapshot);
        let source = source.map(|(service, kept)| Source { service, kept });
        let rights = source.is_some().then_some(self.rights);
        let Read {
            announced,
            has_false_length,
            plan,
        } = read(rights, &self.begun.config, parts);
        if has_false_length {
            drop_length(&mut parts.headers);
        }
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
                (Plan::Cursor, Some(watch), source, None)
            }
            (None, Plan::None, None) => return Course::new(announced, Kept::Nothing),
            (None, plan, terminal) => {
                // What is only watched can't be continued.
                let source = source.filter(|_| plan != Plan::None);
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
