//! A body whose frames are not all alike, or for which the time that they take counts.

use crate::body::State;
use crate::watch::{Watch, Watched};
use buttress_core::time::{Instant, Span};
use buttress_core::{BoxError, Failure, FailureKind, Limit};
use bytes::Buf;
use http_body::{Body, Frame};
use pin_project_lite::pin_project;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

pin_project! {
    /// The body, and the watch over it.
    #[derive(Debug)]
    pub(crate) struct WatchedBody<RB> {
        #[pin]
        inner: RB,
        watch: Watch,
    }
}

/// What ends a body.
pub(crate) enum End {
    /// Its own failure.
    Broken(Failure),
    /// A limit.
    Limit(Failure),
}

impl End {
    pub(crate) fn into_failure(self) -> Failure {
        match self {
            End::Broken(failure) | End::Limit(failure) => failure,
        }
    }
}

impl<RB> WatchedBody<RB> {
    #[cold]
    pub(crate) fn new(inner: RB, watched: &Watched) -> Pin<Box<Self>> {
        let watch = Watch::new(watched);
        Box::pin(WatchedBody { inner, watch })
    }

    pub(crate) fn inner(&self) -> &RB {
        &self.inner
    }
}

impl<RB> WatchedBody<RB>
where
    RB: Body,
    RB::Error: Into<BoxError>,
{
    pub(crate) fn poll_frame(
        mut self: Pin<&mut Self>,
        state: &mut State,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Option<Frame<RB::Data>>, End>> {
        let this = self.as_mut().project();
        let heard = this.watch.heard(cx.waker());
        let polled = this
            .inner
            .poll_frame(&mut Context::from_waker(this.watch.waker()));
        match polled {
            Poll::Ready(Some(Ok(frame))) => {
                state.begun |= came(this.watch, state, heard, frame.data_ref());
                Poll::Ready(Ok(Some(frame)))
            }
            Poll::Ready(Some(Err(error))) => {
                Poll::Ready(Err(End::Broken(Failure::in_body(error, state.bytes))))
            }
            Poll::Ready(None) => Poll::Ready(Ok(None)),
            Poll::Pending => self
                .poll_wait(state, heard, cx)
                .map(|failure| Err(End::Limit(failure))),
        }
    }

    /// Waits with a body which had something since it was last asked if it was `heard`.
    fn poll_wait(
        self: Pin<&mut Self>,
        state: &mut State,
        heard: Option<Instant>,
        cx: &mut Context<'_>,
    ) -> Poll<Failure> {
        let this = self.project();
        if heard.is_some() {
            this.watch.waited(state.wait.over_at(heard));
        }
        let silence = state.silence().less(this.watch.silent());
        // When all has come, what is still waited for is no data.
        let allowance = this
            .watch
            .allowance()
            .filter(|_| this.inner.size_hint().exact() != Some(0));
        let left = allowance.map_or(Span::NONE, |allowance| allowance.left());
        let limit = silence.min(left);
        let expired = ready!(state.wait.poll(limit, state.limits.deadline, cx));
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
            None => state.failure(&expired, this.watch.silent()),
        };
        Poll::Ready(state.in_body(failure))
    }
}

/// A frame came. Whether it is progress.
fn came(
    watch: &mut Watch,
    state: &mut State,
    heard: Option<Instant>,
    data: Option<&impl Buf>,
) -> bool {
    watch.waited(state.wait.over_at(heard));
    let Some(data) = data else {
        watch.progress();
        return true;
    };
    state.bytes += data.remaining() as u64;
    let progress = watch.came(data);
    if progress {
        watch.progress();
    }
    progress
}
