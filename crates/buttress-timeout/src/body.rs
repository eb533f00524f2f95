use crate::TimeoutConfig;
use crate::future::total;
use crate::watch::Watch;
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
        #[pin]
        inner: Option<RB>,
        wait: Wait,
        limits: Limits,
        bytes: u64,
        // Of which so many were progress.
        frames: u64,
        // Only where frames are not all alike.
        watch: MaybeWatch,
    }
}

#[derive(Debug)]
struct Limits {
    first_frame: Span,
    idle: Span,
    total: Span,
    deadline: Option<Deadline>,
}

/// Dropping none is not worth a function call.
#[derive(Debug)]
struct MaybeWatch(Option<Box<Watch>>);

impl Drop for MaybeWatch {
    #[inline]
    fn drop(&mut self) {
        if let Some(watch) = self.0.take() {
            end(watch);
        }
    }
}

#[cold]
fn end(watch: Box<Watch>) {
    drop(watch);
}

impl<RB> TimeoutBody<RB> {
    #[inline]
    pub(crate) fn new(
        inner: RB,
        wait: Wait,
        config: &TimeoutConfig,
        deadline: Option<Deadline>,
    ) -> Self {
        TimeoutBody {
            inner: Some(inner),
            wait,
            limits: Limits {
                first_frame: config.first_frame.or(config.idle),
                idle: config.idle,
                total: config.total,
                deadline,
            },
            bytes: 0,
            frames: 0,
            watch: MaybeWatch(config.watched.as_deref().map(Watch::new)),
        }
    }
}

impl Limits {
    /// How long the next frame is waited for: the first has a limit of its own.
    #[inline]
    fn silence(&self, frames: u64) -> Span {
        if frames == 0 {
            self.first_frame
        } else {
            self.idle
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

    #[inline]
    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Failure>>> {
        if self.watch.0.is_some() {
            return self.poll_watched(cx);
        }
        let mut this = self.as_mut().project();
        let Some(inner) = this.inner.as_mut().as_pin_mut() else {
            return Poll::Ready(None);
        };
        match inner.poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                this.wait.over();
                *this.frames += 1;
                if let Some(data) = frame.data_ref() {
                    *this.bytes += data.remaining() as u64;
                }
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Ready(Some(Err(error))) => broken(error, *this.bytes),
            Poll::Pending => self.poll_wait(cx),
        }
    }

    #[inline]
    fn is_end_stream(&self) -> bool {
        self.inner.as_ref().is_none_or(Body::is_end_stream)
    }

    #[inline]
    fn size_hint(&self) -> SizeHint {
        match &self.inner {
            Some(inner) => inner.size_hint(),
            None => SizeHint::with_exact(0),
        }
    }
}

impl<RB> TimeoutBody<RB>
where
    RB: Body,
    RB::Error: Into<BoxError>,
{
    /// Waits with the inner body for its next frame.
    #[inline(never)]
    fn poll_wait(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<RB::Data>, Failure>>> {
        let mut this = self.project();
        let limit = this.limits.silence(*this.frames);
        let Poll::Ready(expired) = this.wait.poll(limit, this.limits.deadline, cx) else {
            return Poll::Pending;
        };
        this.inner.set(None);
        let failure = this.limits.failure(&expired, *this.frames, Span::ZERO);
        Poll::Ready(Some(Err(in_body(failure, *this.bytes))))
    }

    /// Polls a body whose frames are not all alike, or for which the time that they take counts.
    #[cold]
    fn poll_watched(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<RB::Data>, Failure>>> {
        let mut this = self.project();
        let (Some(mut inner), Some(watch)) = (this.inner.as_mut().as_pin_mut(), &mut this.watch.0)
        else {
            return Poll::Ready(None);
        };
        let heard = watch.heard(cx.waker());
        let polled = inner.as_mut().poll_frame(&mut watch.context());
        if polled.is_ready() || heard.is_some() {
            watch.waited(this.wait.over_at(heard));
        }
        if let Poll::Ready(frame) = polled {
            return Poll::Ready(match frame {
                Some(Ok(frame)) => {
                    let progress = match frame.data_ref() {
                        Some(data) => {
                            *this.bytes += data.remaining() as u64;
                            watch.came(data)
                        }
                        None => true,
                    };
                    if progress {
                        *this.frames += 1;
                        watch.progress();
                    }
                    Some(Ok(frame))
                }
                Some(Err(error)) => Some(Err(Failure::in_body(error, *this.bytes))),
                None => None,
            });
        }
        let silence = this.limits.silence(*this.frames).less(watch.silent());
        // When all has come, what is still waited for is no data.
        let allowance = watch
            .allowance()
            .filter(|_| inner.size_hint().exact() != Some(0));
        let left = allowance.map_or(Span::NONE, |allowance| allowance.left());
        let limit = silence.min(left);
        let expired = ready!(this.wait.poll(limit, this.limits.deadline, cx));
        let failure = match allowance.filter(|_| left < silence && !expired.by_deadline) {
            Some(allowance) => {
                let rate = allowance.rate();
                // How far it has fallen behind: the limit, and what it ran over.
                let over = expired.after.saturating_sub(left.get().unwrap_or_default());
                let limit = Limit::new(rate.per(), rate.per().saturating_add(over));
                let mut failure = Failure::new(FailureKind::TimeoutRate).with_limit(limit);
                failure.details_mut().insert(rate);
                failure
            }
            None => this.limits.failure(&expired, *this.frames, watch.silent()),
        };
        this.inner.set(None);
        Poll::Ready(Some(Err(in_body(failure, *this.bytes))))
    }
}

impl Limits {
    /// The failure of a body that was silent for too long, `before` included, or of a call that is
    /// over its deadline.
    #[cold]
    fn failure(&self, expired: &Expired, frames: u64, before: Span) -> Failure {
        let kind = if frames == 0 {
            FailureKind::TimeoutFirstEvent
        } else {
            FailureKind::TimeoutIdle
        };
        match self.silence(frames).get() {
            Some(limit) if !expired.by_deadline => {
                let before = before.get().unwrap_or_default();
                let elapsed = expired.after.saturating_add(before);
                Failure::new(kind).with_limit(Limit::new(limit, elapsed))
            }
            _ => total(self.total, self.deadline),
        }
    }
}

#[cold]
fn in_body(failure: Failure, bytes: u64) -> Failure {
    failure
        .with_phase(Phase::Body)
        .with_delivery(Delivery::Partial { bytes })
}

#[cold]
fn broken<D>(error: impl Into<BoxError>, bytes: u64) -> Poll<Option<Result<Frame<D>, Failure>>> {
    Poll::Ready(Some(Err(Failure::in_body(error, bytes))))
}
