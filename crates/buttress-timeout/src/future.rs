use crate::body::Limits;
use crate::watch::MaybeWatch;
use crate::{TimeoutBody, TimeoutConfig};
use buttress_core::time::{self, Expired, Span, Wait};
use buttress_core::{BoxError, Deadline, Delivery, Failure, FailureKind, Limit, Phase, hint};
use http::Response;
use http_body::Body;
use pin_project_lite::pin_project;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

pin_project! {
    /// The future of a [`Timeout`](crate::Timeout)'s call: the inner future first, then the timer.
    ///
    /// Dropping it drops the call.
    #[derive(Debug)]
    pub struct TimeoutFuture<F> {
        #[pin]
        inner: F,
        call: Call,
    }
}

/// What is known of a call.
#[derive(Debug)]
struct Call {
    wait: Wait,
    head: Span,
    limits: Limits,
    watch: MaybeWatch,
}

impl<F> TimeoutFuture<F> {
    #[inline(always)]
    pub(crate) fn new(
        inner: F,
        config: &TimeoutConfig,
        watch: MaybeWatch,
        total: Span,
        deadline: Option<Deadline>,
    ) -> Self {
        TimeoutFuture {
            inner,
            call: Call {
                wait: Wait::new(),
                head: config.head,
                limits: Limits {
                    first_frame: config.first_frame,
                    idle: config.idle,
                    total,
                    deadline,
                },
                watch,
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
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.as_mut().project();
        let polled = {
            let _scope = this.call.limits.own().map(Deadline::enter);
            this.inner.poll(cx)
        };
        match polled {
            // Nothing that could panic is called with the response in hand: to drop it then, the
            // compiler would keep a copy. And `map` moves the head once, not twice.
            Poll::Ready(Ok(response)) => Poll::Ready(Ok(this.call.come(response))),
            Poll::Ready(Err(error)) => Poll::Ready(Err(failed(error))),
            Poll::Pending => {
                let failure = ready!(this.call.poll_wait(cx));
                Poll::Ready(self.late(failure, cx))
            }
        }
    }
}

impl<F> TimeoutFuture<F> {
    /// The limit has passed: what the call has after all, or the failure, with what a server asked
    /// for if the call waits for that.
    #[cold]
    #[inline(never)]
    fn late<RB, E>(
        self: Pin<&mut Self>,
        failure: Failure,
        cx: &mut Context<'_>,
    ) -> Result<Response<TimeoutBody<RB>>, Failure>
    where
        F: Future<Output = Result<Response<RB>, E>>,
        E: Into<BoxError>,
    {
        let this = self.project();
        match hint::give_up(|| this.inner.poll(cx)) {
            Ok(Ok(response)) => Ok(this.call.come(response)),
            Ok(Err(error)) => Err(failed(error)),
            Err(Some(hint)) => Err(failure.with_hint(hint)),
            Err(None) => Err(failure),
        }
    }
}

impl Call {
    /// The response, and what goes on in its body.
    #[inline(always)]
    fn come<RB>(&mut self, response: Response<RB>) -> Response<TimeoutBody<RB>> {
        response.map(|body| {
            let (wait, watch) = (self.wait.take(), self.watch.take());
            TimeoutBody::new(body, wait, self.limits, watch)
        })
    }

    /// Waits for the head. Ready with what ends the call when that did not come.
    #[inline(never)]
    fn poll_wait(&mut self, cx: &mut Context<'_>) -> Poll<Failure> {
        let expired = ready!(self.wait.poll(self.head, self.limits.deadline, cx));
        Poll::Ready(self.late(&expired))
    }

    #[cold]
    fn late(&self, expired: &Expired) -> Failure {
        let failure = match self.head.get() {
            Some(limit) if !expired.by_deadline => {
                Failure::new(FailureKind::TimeoutHead).with_limit(Limit::new(limit, expired.after))
            }
            _ => self.limits.over(),
        };
        failure
            .with_phase(Phase::Head)
            .with_delivery(Delivery::Unknown)
    }
}

impl Limits {
    /// The failure of a call that is over its total limit, or over the deadline it was given.
    #[cold]
    pub(crate) fn over(&self) -> Failure {
        let failure = Failure::new(FailureKind::TimeoutTotal);
        let Some((limit, deadline)) = self.total.get().zip(self.deadline) else {
            return failure;
        };
        // How long the call has lasted: the limit, and what it ran over.
        let over = time::now().saturating_duration_since(deadline.instant());
        failure.with_limit(Limit::new(limit, limit.saturating_add(over)))
    }
}

#[cold]
fn failed(error: impl Into<BoxError>) -> Failure {
    Failure::from(error.into())
}
