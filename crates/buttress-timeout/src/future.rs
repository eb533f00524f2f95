use crate::body::{State, over};
use crate::watch::MaybeWatched;
use crate::{TimeoutBody, TimeoutConfig};
use buttress_core::hint::Asked;
use buttress_core::time::{Expired, Span, Wait};
use buttress_core::{
    BoxError, Deadline, Delivery, Failure, FailureKind, Limit, Phase, Scope, StopReason,
};
use http::Response;
use http_body::Body;
use pin_project_lite::pin_project;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};

pin_project! {
    /// The future of a [`Timeout`](crate::Timeout)'s call: the inner future first, then the timer.
    ///
    /// Dropping it drops the call.
    #[derive(Debug)]
    pub struct TimeoutFuture<F> {
        // None of a call that was not made.
        #[pin]
        inner: Option<F>,
        call: Call,
    }
}

/// What is known of a call.
#[derive(Debug)]
struct Call {
    wait: Wait,
    head: Span,
    first_frame: Span,
    idle: Span,
    /// None where somebody outside was stricter.
    total: Span,
    /// By which all must be over: by `total`, or else by somebody's wish.
    deadline: Option<Deadline>,
    watched: MaybeWatched,
}

impl<F> TimeoutFuture<F> {
    /// The future of a call that was made in its `own` scope, if it has one. That ends here.
    #[inline(always)]
    pub(crate) fn new(
        inner: F,
        config: &TimeoutConfig,
        watched: MaybeWatched,
        own: Option<Scope>,
    ) -> Self {
        // Asked once the call was made: before, it would have to be kept somewhere meanwhile.
        let deadline = Deadline::current();
        let total = match own {
            Some(scope) => {
                drop(scope);
                config.total
            }
            None => Span::NONE,
        };
        TimeoutFuture {
            inner: Some(inner),
            call: Call {
                wait: Wait::new(),
                head: config.head,
                first_frame: config.first_frame,
                idle: config.idle,
                total,
                deadline,
                watched,
            },
        }
    }

    /// That of a call which is not made, because its deadline has passed.
    #[cold]
    pub(crate) fn unmade() -> Self {
        TimeoutFuture {
            inner: None,
            call: Call {
                wait: Wait::new(),
                head: Span::NONE,
                first_frame: Span::NONE,
                idle: Span::NONE,
                total: Span::NONE,
                deadline: None,
                watched: MaybeWatched::new(None),
            },
        }
    }
}

impl<F, RB, E> Future for TimeoutFuture<F>
where
    F: Future<Output = Result<Response<RB>, E>>,
    E: Into<BoxError>,
    RB: Body,
    RB::Error: Into<BoxError>,
{
    type Output = Result<Response<TimeoutBody<RB>>, Failure>;

    #[inline(always)]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let Some(inner) = this.inner.as_pin_mut() else {
            return Poll::Ready(Err(late()));
        };
        // What waits below because a server asked for it says so at every poll: should the limit have
        // passed at this one, that is for the failure.
        let asked = Asked::listen();
        // Ends at the head of each way on: where they part yet, what came would be put down, to be
        // looked at once more.
        let scope = this.call.own().map(Deadline::enter);
        match inner.poll(cx) {
            // Nothing that could panic is called with the response in hand: to drop it then, the
            // compiler would keep a copy. And `map` moves the head once, not twice.
            Poll::Ready(Ok(response)) => {
                drop(scope);
                Poll::Ready(Ok(this.call.come(response)))
            }
            Poll::Ready(Err(error)) => {
                drop(scope);
                Poll::Ready(Err(failed(error)))
            }
            Poll::Pending => {
                drop(scope);
                if this.call.starts(cx.waker()) {
                    return Poll::Pending;
                }
                let expired = ready!(this.call.poll_wait(cx.waker()));
                Poll::Ready(Err(this.call.late(&expired, asked)))
            }
        }
    }
}

impl Call {
    /// The response, and what goes on in its body.
    #[inline(always)]
    fn come<RB>(&mut self, response: Response<RB>) -> Response<TimeoutBody<RB>> {
        response.map(|body| {
            let state = State {
                wait: self.wait.take(),
                first_frame: self.first_frame,
                idle: self.idle,
                total: self.total,
                deadline: self.deadline,
                bytes: 0,
                begun: false,
            };
            TimeoutBody::new(body, state, self.watched.take())
        })
    }

    /// The deadline if it is this layer's own, which those below do not know yet.
    #[inline]
    fn own(&self) -> Option<Deadline> {
        if self.total.is_none() {
            None
        } else {
            self.deadline
        }
    }

    /// Begins to wait for the head. Whether that was soon done; else nothing was done.
    #[inline(always)]
    fn starts(&mut self, waker: &Waker) -> bool {
        self.wait.starts(self.head, self.deadline, waker)
    }

    /// Waits for the head. Ready once it is late.
    #[inline(never)]
    fn poll_wait(&mut self, waker: &Waker) -> Poll<Expired> {
        let cx = &mut Context::from_waker(waker);
        self.wait.poll(self.head, self.deadline, cx)
    }

    /// The failure of a call whose head was not there when it was polled for the last time.
    #[cold]
    fn late(&self, expired: &Expired, asked: Asked) -> Failure {
        let failure = match self.head.get() {
            Some(limit) if !expired.by_deadline => {
                Failure::new(FailureKind::TimeoutHead).with_limit(Limit::new(limit, expired.after))
            }
            _ => over(self.total, self.deadline),
        };
        let failure = failure
            .with_phase(Phase::Head)
            .with_delivery(Delivery::Unknown);
        match asked.hint() {
            Some(hint) => failure.with_hint(hint),
            None => failure,
        }
    }
}

#[cold]
fn failed(error: impl Into<BoxError>) -> Failure {
    Failure::from(error.into())
}

/// The failure of a call whose deadline had passed before it could be made.
#[cold]
#[inline(never)]
fn late() -> Failure {
    Failure::new(FailureKind::TimeoutTotal)
        .with_phase(Phase::Connect)
        .with_delivery(Delivery::NotSent)
        .with_stopped(StopReason::Deadline)
}
