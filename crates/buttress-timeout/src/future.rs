use crate::service::own;
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
        pub(crate) inner: F,
        pub(crate) wait: Wait,
        pub(crate) config: TimeoutConfig,
        pub(crate) deadline: Option<Deadline>,
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
        let _scope = own(this.config.total, *this.deadline).map(Deadline::enter);
        match this.inner.poll(cx) {
            Poll::Ready(Ok(response)) => {
                let (head, body) = response.into_parts();
                let wait = this.wait.take();
                let body = TimeoutBody::new(body, wait, this.config, *this.deadline);
                Poll::Ready(Ok(Response::from_parts(head, body)))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(failed(error))),
            Poll::Pending => {
                let expired = ready!(this.wait.poll(this.config.head, *this.deadline, cx));
                Poll::Ready(self.late(&expired, cx))
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
        expired: &Expired,
        cx: &mut Context<'_>,
    ) -> Result<Response<TimeoutBody<RB>>, Failure>
    where
        F: Future<Output = Result<Response<RB>, E>>,
        E: Into<BoxError>,
    {
        let this = self.project();
        match hint::give_up(|| this.inner.poll(cx)) {
            Ok(Ok(response)) => {
                let wait = this.wait.take();
                Ok(response.map(|body| TimeoutBody::new(body, wait, this.config, *this.deadline)))
            }
            Ok(Err(error)) => Err(failed(error)),
            Err(hint) => {
                let failure = late(expired, this.config, *this.deadline);
                Err(match hint {
                    Some(hint) => failure.with_hint(hint),
                    None => failure,
                })
            }
        }
    }
}

#[cold]
fn failed(error: impl Into<BoxError>) -> Failure {
    Failure::from(error.into())
}

#[cold]
fn late(expired: &Expired, config: &TimeoutConfig, deadline: Option<Deadline>) -> Failure {
    let failure = match config.head() {
        Some(limit) if !expired.by_deadline => {
            Failure::new(FailureKind::TimeoutHead).with_limit(Limit::new(limit, expired.after))
        }
        _ => total(config.total, deadline),
    };
    failure
        .with_phase(Phase::Head)
        .with_delivery(Delivery::Unknown)
}

/// The failure of a call that is over its total limit, or over the deadline it was given.
#[cold]
pub(crate) fn total(total: Span, deadline: Option<Deadline>) -> Failure {
    let failure = Failure::new(FailureKind::TimeoutTotal);
    let Some((limit, deadline)) = total.get().zip(deadline) else {
        return failure;
    };
    // How long the call has lasted: the limit, and what it ran over.
    let over = time::now().saturating_duration_since(deadline.instant());
    failure.with_limit(Limit::new(limit, limit.saturating_add(over)))
}
