use crate::watch::{MaybeWatched, Watching};
use crate::watched::{self, End};
use buttress_core::time::{self, Expired, Span, Wait};
use buttress_core::{BoxError, Deadline, Delivery, Failure, FailureKind, Limit, Phase};
use bytes::Buf;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};

pin_project! {
    /// The body of a [`Timeout`](crate::Timeout)'s response: the inner body's frames as they are,
    /// and an end to its silences.
    ///
    /// When a limit has passed the inner body is dropped, which frees its connection, and nothing
    /// follows the failure.
    #[derive(Debug)]
    pub struct TimeoutBody<RB> {
        #[pin]
        inner: Inner<RB>,
        state: State,
        // For a watched body. Not in its variant: to make one of two variants moves the body twice.
        watching: Watching,
    }
}

pin_project! {
    /// One look says how the inner body is polled.
    #[project = InnerProj]
    #[derive(Debug)]
    enum Inner<RB> {
        /// All frames are alike, and nothing is looked at when one is there.
        Plain { #[pin] body: RB },
        /// They are not, or the time that they take counts, or all must be over by a deadline.
        Watched { #[pin] body: RB },
        /// A limit has passed.
        Gone,
    }
}

/// What is known of a body.
///
/// The limits lie flat in it, as in the call that they come from: a struct of them would be copied as a
/// whole, by way of the stack.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) wait: Wait,
    pub(crate) first_frame: Span,
    pub(crate) idle: Span,
    /// None where somebody outside was stricter.
    pub(crate) total: Span,
    /// By which all must be over: by `total`, or else by somebody's wish.
    pub(crate) deadline: Option<Deadline>,
    pub(crate) bytes: u64,
    /// There was progress: all of it that is not noted in `wait`.
    pub(crate) begun: bool,
}

impl<RB> TimeoutBody<RB> {
    #[inline(always)]
    pub(crate) fn new(body: RB, state: State, watched: MaybeWatched) -> Self {
        TimeoutBody {
            inner: match (&watched.0, state.deadline) {
                (None, None) => Inner::Plain { body },
                _ => Inner::Watched { body },
            },
            state,
            watching: Watching::new(watched),
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
        let InnerProj::Plain { body } = this.inner.project() else {
            return self.poll_watched(cx.waker()).map(Result::transpose);
        };
        match body.poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                this.state.wait.over();
                match frame.into_data() {
                    // Data alone is moved: a frame takes the room of trailers.
                    Ok(data) => {
                        this.state.bytes += data.remaining() as u64;
                        Poll::Ready(Some(Ok(Frame::data(data))))
                    }
                    Err(frame) => Poll::Ready(Some(Ok(frame))),
                }
            }
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Ready(Some(Err(error))) => {
                Poll::Ready(Some(Err(broken(error, this.state.bytes))))
            }
            Poll::Pending => {
                // The waker, not `cx`, which the compiler then need not put together in memory.
                if this.state.goes_on(cx.waker()) {
                    return Poll::Pending;
                }
                let failure = ready!(this.state.poll_wait(cx.waker()));
                self.let_go();
                Poll::Ready(Some(Err(failure)))
            }
        }
    }

    #[inline]
    fn is_end_stream(&self) -> bool {
        self.inner().is_none_or(Body::is_end_stream)
    }

    #[inline]
    fn size_hint(&self) -> SizeHint {
        match self.inner() {
            Some(inner) => inner.size_hint(),
            None => SizeHint::with_exact(0),
        }
    }
}

impl<RB> TimeoutBody<RB> {
    #[inline]
    fn inner(&self) -> Option<&RB> {
        match &self.inner {
            Inner::Plain { body } | Inner::Watched { body } => Some(body),
            Inner::Gone => None,
        }
    }

    #[cold]
    fn let_go(self: Pin<&mut Self>) {
        self.project().inner.set(Inner::Gone);
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
        waker: &Waker,
    ) -> Poll<Result<Option<Frame<RB::Data>>, Failure>> {
        let mut this = self.project();
        let InnerProj::Watched { body } = this.inner.as_mut().project() else {
            return Poll::Ready(Ok(None));
        };
        let cx = &mut Context::from_waker(waker);
        let outcome = ready!(watched::poll_frame(body, this.watching, this.state, cx));
        if let Err(End::Limit(_)) = &outcome {
            this.inner.set(Inner::Gone);
        }
        Poll::Ready(outcome.map_err(End::into_failure))
    }
}

impl State {
    /// Waits for the next frame. Whether that is soon done; else nothing was done.
    #[inline(always)]
    pub(crate) fn goes_on(&mut self, waker: &Waker) -> bool {
        let goes_on = self.wait.goes_on(self.idle, waker);
        if goes_on {
            self.begun = true;
        }
        goes_on
    }

    /// Waits for the next frame. Ready with what ends the body when that did not come.
    #[inline(never)]
    pub(crate) fn poll_wait(&mut self, waker: &Waker) -> Poll<Failure> {
        self.begun |= self.wait.is_over();
        let cx = &mut Context::from_waker(waker);
        let wait = self.wait.poll(self.silence(), self.deadline, cx);
        let expired = ready!(wait);
        Poll::Ready(self.in_body(self.failure(&expired, Span::ZERO)))
    }

    /// How long the next frame is waited for: the first may have a limit of its own.
    #[inline]
    pub(crate) fn silence(&self) -> Span {
        if self.begun {
            self.idle
        } else {
            self.first_frame.or(self.idle)
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
            _ => over(self.total, self.deadline),
        }
    }

    /// Whether the moment has passed by which all must be over.
    pub(crate) fn is_late(&self) -> bool {
        self.deadline
            .is_some_and(|deadline| deadline.instant() <= time::now())
    }

    /// What ends a body that is late, instead of a frame with so many bytes.
    #[cold]
    pub(crate) fn late(&mut self, bytes: u64) -> Failure {
        self.bytes -= bytes;
        self.in_body(over(self.total, self.deadline))
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

/// The failure of a call that is over its total limit, or over the deadline it was given.
#[cold]
pub(crate) fn over(total: Span, deadline: Option<Deadline>) -> Failure {
    let failure = Failure::new(FailureKind::TimeoutTotal);
    let Some((limit, deadline)) = total.get().zip(deadline) else {
        return failure;
    };
    // How long the call has lasted: the limit, and what it ran over.
    let over = time::now().saturating_duration_since(deadline.instant());
    failure.with_limit(Limit::new(limit, limit.saturating_add(over)))
}

#[cold]
fn broken(error: impl Into<BoxError>, bytes: u64) -> Failure {
    Failure::in_body(error, bytes)
}
