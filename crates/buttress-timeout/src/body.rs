use crate::TimeoutConfig;
use crate::wait::{Wait, total};
use buttress_core::{BoxError, Deadline, Delivery, Failure, FailureKind, Phase};
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
        #[pin]
        inner: Option<RB>,
        wait: Wait,
        config: TimeoutConfig,
        deadline: Option<Deadline>,
        bytes: u64,
        first: bool,
    }
}

impl<RB> TimeoutBody<RB> {
    pub(crate) const fn new(inner: RB, config: TimeoutConfig, deadline: Option<Deadline>) -> Self {
        TimeoutBody {
            inner: Some(inner),
            wait: Wait::new(),
            config,
            deadline,
            bytes: 0,
            first: true,
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

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Failure>>> {
        let mut this = self.project();
        let Some(inner) = this.inner.as_mut().as_pin_mut() else {
            return Poll::Ready(None);
        };
        if let Poll::Ready(frame) = inner.poll_frame(cx) {
            this.wait.over();
            return Poll::Ready(match frame {
                Some(Ok(frame)) => {
                    *this.first = false;
                    if let Some(data) = frame.data_ref() {
                        *this.bytes += data.remaining() as u64;
                    }
                    Some(Ok(frame))
                }
                Some(Err(error)) => Some(Err(Failure::in_body(error, *this.bytes))),
                None => None,
            });
        }
        let limit = this.config.for_frame(*this.first);
        let expired = ready!(this.wait.poll(limit, *this.deadline, cx));
        this.inner.set(None);
        let failure = if expired.by_deadline {
            total(this.config, *this.deadline)
        } else if *this.first {
            Failure::new(FailureKind::TimeoutFirstEvent).with_limit(expired.limit)
        } else {
            Failure::new(FailureKind::TimeoutIdle).with_limit(expired.limit)
        };
        Poll::Ready(Some(Err(failure
            .with_phase(Phase::Body)
            .with_delivery(Delivery::Partial { bytes: *this.bytes }))))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        match &self.inner {
            Some(inner) => inner.size_hint(),
            None => SizeHint::with_exact(0),
        }
    }
}
