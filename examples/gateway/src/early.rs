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

#[cfg(test)]
mod tests {
    use super::*;
    use buttress_core::ReplayableBody;
    use http_body_util::channel::Channel;
    use http_body_util::{BodyExt, Full};
    use std::convert::Infallible;
    use std::io;
    use std::task::Waker;

    fn early<B: Body + Unpin>(
        mut request: Request<B>,
        limit: usize,
        memory: &ReplayMemory,
    ) -> ReplayBody<Early<B>> {
        let first = first(&mut request, &mut Context::from_waker(Waker::noop()));
        kept(first, request.into_body(), limit, memory)
    }

    async fn read<B: Body<Error: Into<buttress_core::BoxError>> + Unpin>(
        body: ReplayBody<Early<B>>,
    ) -> Bytes {
        body.collect().await.unwrap().to_bytes()
    }

    #[tokio::test]
    async fn what_came_whole_is_at_hand_where_there_is_room() {
        for (limit, room, expected) in [(5, 999, true), (4, 999, false), (5, 4, false)] {
            let memory = ReplayMemory::new(room);
            let body = early(Request::new(Full::<Bytes>::from("hello")), limit, &memory);
            assert_eq!(body.in_memory().is_some(), expected, "{limit} {room}");
            assert_eq!(memory.left() < room, expected);
            assert_eq!(body.size_hint().exact(), Some(5));
            assert!(!body.is_end_stream());
            assert_eq!(read(body).await, "hello");
            assert_eq!(memory.left(), room);
        }
        let memory = ReplayMemory::new(9);
        let body = early(Request::new(Full::<Bytes>::default()), 9, &memory);
        assert_eq!(body.in_memory().as_deref(), Some(&b""[..]));
    }

    #[tokio::test]
    async fn what_comes_in_pieces_is_passed_on_in_them() {
        for come in 0..3 {
            let memory = ReplayMemory::new(1 << 20);
            let (mut sender, channel) = Channel::<Bytes, Infallible>::new(8);
            let mut pieces = ["he", "llo"].map(Bytes::from).into_iter();
            for piece in pieces.by_ref().take(come) {
                sender.send_data(piece).await.unwrap();
            }
            let body = early(Request::new(channel), 1 << 20, &memory);
            assert!(body.in_memory().is_none());
            assert_eq!(body.size_hint().lower(), if come == 0 { 0 } else { 2 });
            let again = body.try_clone().unwrap();
            for piece in pieces {
                sender.send_data(piece).await.unwrap();
            }
            drop(sender);
            assert_eq!(read(body).await, "hello", "{come}");
            assert_eq!(read(again).await, "hello", "{come}");
        }
    }

    #[tokio::test]
    async fn a_body_that_breaks_at_once_fails_where_it_is_read() {
        let broken = || Err::<Frame<Bytes>, _>(io::Error::other("cut"));
        let stream = futures_util::stream::iter([broken()]);
        let request = Request::new(http_body_util::StreamBody::new(stream));
        let body = early(request, 9, &ReplayMemory::new(9));
        assert!(body.collect().await.is_err());
    }

    #[tokio::test]
    async fn who_waits_to_be_told_to_go_on_is_not_asked_before_the_body_is_wanted() {
        let (mut sender, channel) = Channel::<Bytes, Infallible>::new(1);
        sender.send_data(Bytes::from("hello")).await.unwrap();
        let request = Request::post("/").header(EXPECT, "100-continue");
        let mut request = request.body(channel).unwrap();
        assert!(first(&mut request, &mut Context::from_waker(Waker::noop())).is_none());
        drop(sender);
        let body = request.into_body().collect().await.unwrap();
        assert_eq!(body.to_bytes(), "hello");
    }
}
