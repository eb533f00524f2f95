//! Request bodies that can be sent again, and what of them has come together with the head.
//!
//! The body of a small request has most often come as a whole before anybody asks for it. Then it is
//! known from the start what the request asks for, and tries have nothing to share.

use buttress_core::ReplayBody;
use buttress_core::replay::ReplayMemory;
use bytes::{Buf, Bytes};
use http::Request;
use http::header::EXPECT;
use http_body::{Body, Frame, SizeHint};
use std::pin::Pin;
use std::task::{Context, Poll};

/// A body of which the first step may have been taken already.
#[derive(Debug)]
pub struct Early<B: Body> {
    first: Option<Step<B::Error>>,
    rest: B,
}

/// What a body has next: nothing at its end.
pub(crate) type Step<E> = Option<Result<Frame<Bytes>, E>>;

/// What has come of the body. Waits for nothing.
///
/// A body whose sender waits to be told to go on (RFC 9110, section 10.1.1) is not asked for.
pub(crate) fn first<B: Body + Unpin>(
    request: &mut Request<B>,
    cx: &mut Context<'_>,
) -> Option<Step<B::Error>> {
    let waits = request.headers().contains_key(EXPECT);
    let body = request.body_mut();
    if waits || body.is_end_stream() {
        return None;
    }
    step(body, cx)
}

/// The body of which this came first and this is the rest, and of which up to `limit` bytes are kept,
/// as long as `memory` has room.
pub(crate) fn kept<B: Body + Unpin>(
    first: Option<Step<B::Error>>,
    rest: B,
    limit: usize,
    memory: &ReplayMemory,
) -> ReplayBody<Early<B>> {
    if let Some(Some(Ok(frame))) = &first {
        let data = frame.data_ref().filter(|data| data.len() <= limit);
        let whole = data.filter(|_| rest.is_end_stream());
        if let Some(kept) = whole.and_then(|data| memory.keep(data)) {
            return kept.into();
        }
    }
    ReplayBody::with_memory(Early { first, rest }, limit, memory)
}

/// What the body has, if that has come.
fn step<B: Body + Unpin>(body: &mut B, cx: &mut Context<'_>) -> Option<Step<B::Error>> {
    match Pin::new(body).poll_frame(cx) {
        Poll::Ready(step) => Some(step.map(|frame| {
            frame.map(|frame| frame.map_data(|mut data| data.copy_to_bytes(data.remaining())))
        })),
        Poll::Pending => None,
    }
}

impl<B: Body + Unpin> Body for Early<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let Early { first, rest } = self.get_mut();
        match first.take().or_else(|| step(rest, cx)) {
            Some(step) => Poll::Ready(step),
            None => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.first.is_none() && self.rest.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let mut hint = self.rest.size_hint();
        if let Some(Some(Ok(frame))) = &self.first {
            let first = frame.data_ref().map_or(0, |data| data.len() as u64);
            if let Some(upper) = hint.upper() {
                hint.set_upper(upper.saturating_add(first));
            }
            hint.set_lower(hint.lower().saturating_add(first));
        }
        hint
    }
}

impl<B: Body> Unpin for Early<B> {}
