use crate::body::Limits;
use crate::watch::MaybeWatch;
use crate::{TimeoutBody, TimeoutConfig};
use buttress_core::hint::Asked;
use buttress_core::time::{self, Expired, Span, Wait};
use buttress_core::{BoxError, Deadline, Delivery, Failure, FailureKind, Limit, Phase};
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
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let mut late = None;
        // Twice when the limit has passed: what came at the last moment counts, and so does what a
        // server asked for if the call waits for that. In a loop, so that the head is made at one
        // place only: of two, the compiler would copy it once more. And so it would if there was a
        // failure to drop after it.
        loop {
            let polled = {
                let _scope = this.call.limits.own().map(Deadline::enter);
                this.inner.as_mut().poll(cx)
            };
            return match polled {
                // Nothing that could panic is called with the response in hand: to drop it then, the
                // compiler would keep a copy. And `map` moves the head once, not twice.
                Poll::Ready(Ok(response)) => Poll::Ready(Ok(this.call.come(response))),
                Poll::Ready(Err(error)) => Poll::Ready(Err(failed(error))),
                Poll::Pending => match late {
                    None => {
                        let expired = ready!(this.call.poll_wait(cx.waker()));
                        late = Some((expired, Asked::listen()));
                        continue;
                    }
                    Some((expired, asked)) => Poll::Ready(Err(this.call.late(&expired, asked))),
                },
            };
        }
    }
}

impl Call {
    /// The response, and what goes on in its body.
    #[inline(always)]
    fn come<RB>(&mut self, response: Response<RB>) -> Response<TimeoutBody<RB>> {
        response.map(|body| {
            let (wait, watch) = (self.wait.take(), self.watch.take());
            TimeoutBody::new(body, wait, &self.limits, watch)
        })
    }

    /// Waits for the head. Ready once it is late.
    #[inline(never)]
    fn poll_wait(&mut self, waker: &Waker) -> Poll<Expired> {
        let cx = &mut Context::from_waker(waker);
        self.wait.poll(self.head, self.limits.deadline, cx)
    }

    /// The failure of a call whose head was not there when it was polled for the last time.
    #[cold]
    fn late(&self, expired: &Expired, asked: Asked) -> Failure {
        let failure = match self.head.get() {
            Some(limit) if !expired.by_deadline => {
                Failure::new(FailureKind::TimeoutHead).with_limit(Limit::new(limit, expired.after))
            }
            _ => self.limits.over(),
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
