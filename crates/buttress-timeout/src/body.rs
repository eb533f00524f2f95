use crate::TimeoutConfig;
use crate::future::total;
use crate::watch::Watch;
use buttress_core::time::{Expired, Instant, Span, Wait};
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
        // There was progress.
        begun: bool,
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
            begun: false,
            watch: MaybeWatch(config.watched.as_deref().map(Watch::new)),
        }
    }
}

impl Limits {
    /// How long the next frame is waited for: the first has a limit of its own.
    #[inline]
    fn silence(&self, begun: bool) -> Span {
        if begun { self.idle } else { self.first_frame }
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
        let mut this = self.as_mut().project();
        let Some(inner) = this.inner.as_mut().as_pin_mut() else {
            return Poll::Ready(None);
        };
        let heard = match &this.watch.0 {
            None => None,
            Some(watch) => watch.heard(cx.waker()),
        };
        let waker = match &this.watch.0 {
            None => cx.waker(),
            Some(watch) => watch.waker(),
        };
        match inner.poll_frame(&mut Context::from_waker(waker)) {
            Poll::Ready(Some(Ok(frame))) => {
                let data = frame.data_ref();
                match &mut this.watch.0 {
                    None => {
                        this.wait.over();
                        *this.begun = true;
                    }
                    Some(watch) => *this.begun |= came(watch, this.wait, heard, data),
                }
                if let Some(data) = data {
                    *this.bytes += data.remaining() as u64;
                }
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Ready(Some(Err(error))) => broken(error, *this.bytes),
            Poll::Pending => match &this.watch.0 {
                None => self.poll_wait(cx),
                Some(_) => self.poll_watched(heard, cx),
            }
            .map(|failure| Some(Err(failure))),
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
    #[inline]
    fn poll_wait(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Failure> {
        let this = self.as_mut().project();
        let limit = this.limits.silence(*this.begun);
        let expired = ready!(this.wait.poll(limit, this.limits.deadline, cx));
        Poll::Ready(self.expire(&expired))
    }

    /// Lets go of the inner body.
    #[cold]
    fn expire(self: Pin<&mut Self>, expired: &Expired) -> Failure {
        let mut this = self.project();
        this.inner.set(None);
        let failure = this.limits.failure(expired, *this.begun, Span::ZERO);
        in_body(failure, *this.bytes)
    }

    /// Waits with a body whose frames are not all alike, or for which the time that they take counts,
    /// and which had something since it was last asked if it was `heard`.
    #[cold]
    #[inline(never)]
    fn poll_watched(
        self: Pin<&mut Self>,
        heard: Option<Instant>,
        cx: &mut Context<'_>,
    ) -> Poll<Failure> {
        let mut this = self.project();
        let (Some(inner), Some(watch)) = (this.inner.as_ref().as_pin_ref(), &mut this.watch.0)
        else {
            return Poll::Pending;
        };
        if heard.is_some() {
            watch.waited(this.wait.over_at(heard));
        }
        let silence = this.limits.silence(*this.begun).less(watch.silent());
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
            None => this.limits.failure(&expired, *this.begun, watch.silent()),
        };
        this.inner.set(None);
        Poll::Ready(in_body(failure, *this.bytes))
    }
}

/// A frame came to a body that is watched. Whether it is progress.
#[cold]
#[inline(never)]
fn came(
    watch: &mut Watch,
    wait: &mut Wait,
    heard: Option<Instant>,
    data: Option<&impl Buf>,
) -> bool {
    watch.waited(wait.over_at(heard));
    let progress = data.is_none_or(|data| watch.came(data));
    if progress {
        watch.progress();
    }
    progress
}

impl Limits {
    /// The failure of a body that was silent for too long, `before` included, or of a call that is
    /// over its deadline.
    #[cold]
    fn failure(&self, expired: &Expired, begun: bool, before: Span) -> Failure {
        let kind = if begun {
            FailureKind::TimeoutIdle
        } else {
            FailureKind::TimeoutFirstEvent
        };
        match self.silence(begun).get() {
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
