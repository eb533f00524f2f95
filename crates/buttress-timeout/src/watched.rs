//! A body whose frames are not all alike, or for which the time that they take counts, or that must be
//! over by a deadline.

use crate::body::State;
use crate::watch::{Watch, Watching};
use buttress_core::time::{Instant, Span};
use buttress_core::{BoxError, Failure, FailureKind, Limit};
use bytes::Buf;
use http_body::{Body, Frame};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

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

/// What the body has next, in time. One that always has something never waits, so that here is the only
/// look at the clock. What is there as a whole is not late.
pub(crate) fn poll_frame<RB>(
    mut body: Pin<&mut RB>,
    watching: &mut Watching,
    state: &mut State,
    cx: &mut Context<'_>,
) -> Poll<Result<Option<Frame<RB::Data>>, End>>
where
    RB: Body,
    RB::Error: Into<BoxError>,
{
    let frame = match ready!(poll_any(body.as_mut(), watching, state, cx)) {
        Ok(Some(frame)) => frame,
        outcome => return Poll::Ready(outcome),
    };
    let data = frame.data_ref().filter(|_| !body.is_end_stream());
    Poll::Ready(match data.filter(|_| state.is_late()) {
        Some(data) => Err(End::Limit(state.late(data.remaining() as u64))),
        None => Ok(Some(frame)),
    })
}

/// What the body has next, early or late. The watch begins once more follows than one frame: a document most often is
/// no more than that.
fn poll_any<RB>(
    mut body: Pin<&mut RB>,
    watching: &mut Watching,
    state: &mut State,
    cx: &mut Context<'_>,
) -> Poll<Result<Option<Frame<RB::Data>>, End>>
where
    RB: Body,
    RB::Error: Into<BoxError>,
{
    let first = (!watching.has_begun()).then(|| body.as_mut().poll_frame(cx));
    let first = match first {
        // Nothing follows that could be waited for.
        Some(Poll::Ready(Some(Ok(frame)))) if body.is_end_stream() => {
            state.bytes += frame.data_ref().map_or(0, |data| data.remaining() as u64);
            state.begun = true;
            state.wait.over();
            return Poll::Ready(Ok(Some(frame)));
        }
        Some(Poll::Ready(None)) => return Poll::Ready(Ok(None)),
        Some(Poll::Ready(Some(Err(error)))) => {
            return Poll::Ready(Err(End::Broken(Failure::in_body(error, state.bytes))));
        }
        first => first,
    };
    let Some(watch) = watching.begin() else {
        let came = match first {
            Some(Poll::Ready(Some(Ok(frame)))) => Some(frame),
            _ => None,
        };
        return poll_alike(came, state, cx);
    };
    let (polled, heard) = match first {
        // Asked again at the first wait, the body knows the bell.
        None | Some(Poll::Pending) => {
            let bell = watch.bell();
            let heard = bell.heard(cx.waker());
            let mut cx = Context::from_waker(bell.waker());
            (body.as_mut().poll_frame(&mut cx), heard)
        }
        Some(polled) => (polled, None),
    };
    match polled {
        Poll::Ready(Some(Ok(frame))) => {
            state.begun |= came(watch, state, heard, frame.data_ref());
            Poll::Ready(Ok(Some(frame)))
        }
        Poll::Ready(Some(Err(error))) => {
            Poll::Ready(Err(End::Broken(Failure::in_body(error, state.bytes))))
        }
        Poll::Ready(None) => Poll::Ready(Ok(None)),
        Poll::Pending => {
            // When all has come, what is still waited for is no data.
            let wants_data = body.size_hint().exact() != Some(0);
            poll_wait(watch, state, heard, wants_data, cx).map(|failure| Err(End::Limit(failure)))
        }
    }
}

/// What came, or a wait for it, where all frames are alike and there is but the deadline to look at.
fn poll_alike<D: Buf>(
    came: Option<Frame<D>>,
    state: &mut State,
    cx: &mut Context<'_>,
) -> Poll<Result<Option<Frame<D>>, End>> {
    if let Some(frame) = came {
        state.bytes += frame.data_ref().map_or(0, |data| data.remaining() as u64);
        state.wait.over();
        return Poll::Ready(Ok(Some(frame)));
    }
    if state.goes_on(cx.waker()) {
        return Poll::Pending;
    }
    let waits = state.poll_wait(cx.waker());
    waits.map(|failure| Err(End::Limit(failure)))
}

/// Waits with a body which had something since it was last asked if it was `heard`.
fn poll_wait(
    watch: &mut Watch,
    state: &mut State,
    heard: Option<Instant>,
    wants_data: bool,
    cx: &mut Context<'_>,
) -> Poll<Failure> {
    if heard.is_some() {
        watch.waited(state.wait.over_at(heard));
    }
    let silence = state.silence().less(watch.silent());
    let allowance = watch.allowance().filter(|_| wants_data);
    let left = allowance.map_or(Span::NONE, |allowance| allowance.left());
    let limit = silence.min(left);
    let expired = ready!(state.wait.poll(limit, state.deadline, cx));
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
        None => state.failure(&expired, watch.silent()),
    };
    Poll::Ready(state.in_body(failure))
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
