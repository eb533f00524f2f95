use crate::TimeoutConfig;
use crate::future::total;
use crate::watched::{End, WatchedBody};
use buttress_core::time::{Expired, Span, Wait};
use buttress_core::{BoxError, Deadline, Delivery, Failure, FailureKind, Limit, Phase};
use bytes::Buf;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

pin_project! {
    /// The body of a [`Timeout`](crate::Timeout)'s response: the inner body's frames as they are,
    /// and an end to its silences.
    ///
    /// When a limit has passed the inner body is dropped, which frees its connection, and nothing
    /// follows the failure.
    #[derive(Debug)]
    pub struct TimeoutBody<RB> {
        // None where it is watched, and when a limit has passed.
        #[pin]
        inner: Option<RB>,
        state: State,
        // Only where frames are not all alike.
        watched: MaybeWatched<RB>,
    }
}

/// What is known of a body.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) wait: Wait,
    pub(crate) limits: Limits,
    pub(crate) bytes: u64,
    /// There was progress: all of it that is not noted in `wait`.
    pub(crate) begun: bool,
}

#[derive(Debug)]
pub(crate) struct Limits {
    first_frame: Span,
    idle: Span,
    total: Span,
    pub(crate) deadline: Option<Deadline>,
}

/// Dropping none is not worth a function call.
#[derive(Debug)]
struct MaybeWatched<RB>(Option<Pin<Box<WatchedBody<RB>>>>);

impl<RB> Drop for MaybeWatched<RB> {
    #[inline]
    fn drop(&mut self) {
        if let Some(watched) = self.0.take() {
            end(watched);
        }
    }
}

#[cold]
fn end<RB>(watched: Pin<Box<WatchedBody<RB>>>) {
    drop(watched);
}

impl<RB> TimeoutBody<RB> {
    #[inline]
    pub(crate) fn new(
        inner: RB,
        wait: Wait,
        config: &TimeoutConfig,
        deadline: Option<Deadline>,
    ) -> Self {
        let (inner, watched) = match &config.watched {
            None => (Some(inner), None),
            Some(watched) => (None, Some(WatchedBody::new(inner, watched))),
        };
        TimeoutBody {
            inner,
            state: State {
                wait,
                limits: Limits {
                    first_frame: config.first_frame,
                    idle: config.idle,
                    total: config.total,
                    deadline,
                },
                bytes: 0,
                begun: false,
            },
            watched: MaybeWatched(watched),
        }
    }
}

impl<RB> Body for TimeoutBody<RB>
where
    RB: Body,
    RB::Error: Into<BoxError>,
{
    type Data = RB::Data;
    type Error = Failure;

    #[inline(always)]
    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Failure>>> {
        let this = self.as_mut().project();
        let Some(inner) = this.inner.as_pin_mut() else {
            return match self.poll_watched(cx) {
                Poll::Ready(Ok(Some(frame))) => Poll::Ready(Some(Ok(frame))),
                Poll::Ready(Ok(None)) => Poll::Ready(None),
                Poll::Ready(Err(failure)) => Poll::Ready(Some(Err(failure))),
                Poll::Pending => Poll::Pending,
            };
        };
        match inner.poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                this.state.wait.over();
                // Taken apart and put together, what is moved is the data, and not the room that a
                // frame has for trailers.
                Poll::Ready(Some(Ok(match frame.into_data() {
                    Ok(data) => {
                        this.state.bytes += data.remaining() as u64;
                        Frame::data(data)
                    }
                    Err(frame) => frame,
                })))
            }
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Ready(Some(Err(error))) => {
                Poll::Ready(Some(Err(broken(error, this.state.bytes))))
            }
            Poll::Pending => {
                if this.state.goes_on(cx) {
                    return Poll::Pending;
                }
                let failure = ready!(this.state.poll_wait(cx));
                self.let_go();
                Poll::Ready(Some(Err(failure)))
            }
        }
    }

    #[inline]
    fn is_end_stream(&self) -> bool {
        match &self.inner {
            Some(inner) => inner.is_end_stream(),
            None => self.watched().is_none_or(Body::is_end_stream),
        }
    }

    #[inline]
    fn size_hint(&self) -> SizeHint {
        match self.inner.as_ref().or_else(|| self.watched()) {
            Some(inner) => inner.size_hint(),
            None => SizeHint::with_exact(0),
        }
    }
}

impl<RB> TimeoutBody<RB> {
    fn watched(&self) -> Option<&RB> {
        self.watched.0.as_ref().map(|watched| watched.inner())
    }

    #[cold]
    fn let_go(self: Pin<&mut Self>) {
        self.project().inner.set(None);
    }
}

impl<RB> TimeoutBody<RB>
where
    RB: Body,
    RB::Error: Into<BoxError>,
{
    #[cold]
    #[inline(never)]
    fn poll_watched(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Option<Frame<RB::Data>>, Failure>> {
        let this = self.project();
        let Some(watched) = &mut this.watched.0 else {
            return Poll::Ready(Ok(None));
        };
        let outcome = ready!(watched.as_mut().poll_frame(this.state, cx));
        if let Err(End::Limit(_)) = &outcome {
            this.watched.0 = None;
        }
        Poll::Ready(outcome.map_err(End::into_failure))
    }
}

impl State {
    /// Waits for the next frame. Whether that is soon done; else nothing was done.
    #[inline(always)]
    fn goes_on(&mut self, cx: &mut Context<'_>) -> bool {
        let goes_on = self.wait.goes_on(self.limits.idle, cx.waker());
        if goes_on {
            self.begun = true;
        }
        goes_on
    }

    /// Waits for the next frame. Ready with what ends the body when that did not come.
    #[inline(never)]
    fn poll_wait(&mut self, cx: &mut Context<'_>) -> Poll<Failure> {
        self.begun |= self.wait.is_over();
        let wait = self.wait.poll(self.silence(), self.limits.deadline, cx);
        let expired = ready!(wait);
        Poll::Ready(self.in_body(self.failure(&expired, Span::ZERO)))
    }

    /// How long the next frame is waited for: the first may have a limit of its own.
    #[inline]
    pub(crate) fn silence(&self) -> Span {
        if self.begun {
            self.limits.idle
        } else {
            self.limits.first_frame.or(self.limits.idle)
        }
    }

    /// The failure of a body that was silent for too long, `before` included, or of a call that is
    /// over its deadline.
    #[cold]
    pub(crate) fn failure(&self, expired: &Expired, before: Span) -> Failure {
        let kind = if self.begun {
            FailureKind::TimeoutIdle
        } else {
            FailureKind::TimeoutFirstEvent
        };
        match self.silence().get() {
            Some(limit) if !expired.by_deadline => {
                let before = before.get().unwrap_or_default();
                let elapsed = expired.after.saturating_add(before);
                Failure::new(kind).with_limit(Limit::new(limit, elapsed))
            }
            _ => total(self.limits.total, self.limits.deadline),
        }
    }

    /// Says of a failure how far the body came.
    #[cold]
    pub(crate) fn in_body(&self, failure: Failure) -> Failure {
        let bytes = self.bytes;
        failure
            .with_phase(Phase::Body)
            .with_delivery(Delivery::Partial { bytes })
    }
}

#[cold]
fn broken(error: impl Into<BoxError>, bytes: u64) -> Failure {
    Failure::in_body(error, bytes)
}
