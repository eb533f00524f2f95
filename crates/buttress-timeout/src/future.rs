use crate::wait::{Wait, total};
use crate::{TimeoutBody, TimeoutConfig};
use buttress_core::{BoxError, Deadline, Delivery, Failure, FailureKind, Phase};
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
        wait: Wait,
        config: TimeoutConfig,
        deadline: Option<Deadline>,
    }
}

impl<F> TimeoutFuture<F> {
    pub(crate) const fn new(inner: F, config: TimeoutConfig, deadline: Option<Deadline>) -> Self {
        TimeoutFuture {
            inner,
            wait: Wait::new(),
            config,
            deadline,
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

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if let Poll::Ready(outcome) = this.inner.poll(cx) {
            return Poll::Ready(match outcome {
                Ok(response) => {
                    Ok(response.map(|body| TimeoutBody::new(body, *this.config, *this.deadline)))
                }
                Err(error) => Err(Failure::from(error.into())),
            });
        }
        let expired = ready!(this.wait.poll(this.config.head(), *this.deadline, cx));
        let failure = if expired.by_deadline {
            total(this.config, *this.deadline)
        } else {
            Failure::new(FailureKind::TimeoutHead).with_limit(expired.limit)
        };
        Poll::Ready(Err(failure
            .with_phase(Phase::Head)
            .with_delivery(Delivery::Unknown)))
    }
}
