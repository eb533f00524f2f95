//! Request bodies that can be sent again, and what of them comes before they are sent.
//!
//! The body of a small request has most often come as a whole before anybody asks for it. Then it is
//! known from the start what the request asks for, and tries have nothing to share.
//!
//! That of a [call to a model](crate::stack::is_model_call) is waited for: what it asks for, and whether its
//! client is still there, must be known when the upstream is away and nobody takes the body.

use buttress_core::ReplayBody;
use buttress_core::replay::ReplayMemory;
use buttress_core::time::{Span, Wait};
use bytes::{Buf, Bytes, BytesMut};
use http::Request;
use http::header::EXPECT;
use http_body::{Body, Frame, SizeHint};
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

/// How long a body is waited for: who takes longer sends it to the upstream while it comes, under the
/// limits of that.
const PATIENCE: Duration = Duration::from_secs(10);

/// The steps in which what has come is counted as kept.
const BLOCK: usize = 64 << 10;

/// A body of which the first step may have been taken already.
#[derive(Debug)]
pub struct Early<B: Body> {
    come: Come<B::Error>,
    rest: B,
}

/// What has come of a body.
#[derive(Debug)]
pub(crate) struct Come<E> {
    /// Data that was waited for, and counts as kept.
    data: Bytes,
    /// What came behind it.
    next: Option<Step<E>>,
}

/// What a body has next: nothing at its end.
type Step<E> = Option<Result<Frame<Bytes>, E>>;

/// What has come of the body. Waits for nothing.
///
/// A body whose sender waits to be told to go on (RFC 9110, section 10.1.1) is not asked for.
pub(crate) fn first<B: Body + Unpin>(
    request: &mut Request<B>,
    cx: &mut Context<'_>,
) -> Come<B::Error> {
    let waits = request.headers().contains_key(EXPECT);
    let body = request.body_mut();
    let asks = !waits && !body.is_end_stream();
    Come {
        data: Bytes::new(),
        next: asks.then(|| step(body, cx)).flatten(),
    }
}

impl<E> Come<E> {
    /// Waits for the whole body, within a time, and as far as `limit` and `memory` have room.
    pub(crate) async fn whole<B: Body<Error = E> + Unpin>(
        &mut self,
        request: &mut Request<B>,
        limit: usize,
        memory: &ReplayMemory,
    ) {
        let begun = match &self.next {
            None if request.headers().contains_key(EXPECT) => None,
            None => Some(0),
            Some(Some(Ok(frame))) => frame.data_ref().map(Bytes::len),
            Some(_) => None,
        };
        let more = request.body().size_hint();
        let length = |more| begun?.checked_add(usize::try_from(more).ok()?);
        if length(more.lower()).is_none_or(|length| length > limit) {
            return;
        }
        let mut held = Held::new(limit, more.exact().and_then(length), memory);
        let mut wait = Wait::new();
        poll_fn(|cx| {
            let read = self.poll_read(request.body_mut(), &mut held, cx);
            let mut over = || wait.poll(Span::of(PATIENCE), None, cx).map(drop);
            if read.is_ready() { read } else { over() }
        })
        .await;
        self.data = held.into();
    }

    /// Reads on until the end, or what is no more data, or what is too much.
    fn poll_read<B: Body<Error = E> + Unpin>(
        &mut self,
        rest: &mut B,
        held: &mut Held<'_>,
        cx: &mut Context<'_>,
    ) -> Poll<()> {
        loop {
            if self.next.is_none() {
                self.next = Some(ready!(step(rest, cx).map_or(Poll::Pending, Poll::Ready)));
            }
            let Some(Some(Ok(frame))) = &self.next else {
                return Poll::Ready(());
            };
            match frame.data_ref() {
                Some(data) if held.add(data) => self.next = None,
                _ => return Poll::Ready(()),
            }
            if rest.is_end_stream() {
                self.next = Some(None);
                return Poll::Ready(());
            }
        }
    }
}

/// Data that counts as kept.
struct Held<'m> {
    bytes: BytesMut,
    /// What was taken of the memory.
    taken: Vec<Bytes>,
    limit: usize,
    memory: &'m ReplayMemory,
}

impl<'m> Held<'m> {
    fn new(limit: usize, length: Option<usize>, memory: &'m ReplayMemory) -> Self {
        let mut held = Held {
            bytes: BytesMut::new(),
            taken: Vec::new(),
            limit,
            memory,
        };
        // What says how long it is needs no growing.
        if let Some(length) = length.filter(|length| held.takes(*length)) {
            held.bytes.reserve(length);
        }
        held
    }

    /// Adds this, if there is room.
    fn add(&mut self, data: &Bytes) -> bool {
        let length = self.bytes.len().saturating_add(data.len());
        let fits = length <= self.limit && self.takes(length);
        if fits {
            self.bytes.extend_from_slice(data);
        }
        fits
    }

    /// Counts as many bytes.
    fn takes(&mut self, length: usize) -> bool {
        static ZEROS: [u8; BLOCK] = [0; BLOCK];
        while self.taken.len() * BLOCK < length {
            // Stands for a part of what is held, which grows and so can't be counted piece by piece.
            let Some(part) = self.memory.keep(&Bytes::from_static(&ZEROS)) else {
                return false;
            };
            self.taken.push(part);
        }
        true
    }
}

/// Counts until its last clone is dropped.
impl From<Held<'_>> for Bytes {
    fn from(held: Held<'_>) -> Self {
        struct Counted(BytesMut, #[allow(dead_code, reason = "is held")] Vec<Bytes>);

        impl AsRef<[u8]> for Counted {
            fn as_ref(&self) -> &[u8] {
                &self.0
            }
        }

        Bytes::from_owner(Counted(held.bytes, held.taken))
    }
}

/// The body of which this has come and this is the rest, and of which up to `limit` bytes are kept,
/// as long as `memory` has room.
pub(crate) fn kept<B: Body + Unpin>(
    come: Come<B::Error>,
    rest: B,
    limit: usize,
    memory: &ReplayMemory,
) -> ReplayBody<Early<B>> {
    match &come.next {
        Some(None) if !come.data.is_empty() => return come.data.into(),
        Some(Some(Ok(frame))) if come.data.is_empty() => {
            let data = frame.data_ref().filter(|data| data.len() <= limit);
            let whole = data.filter(|_| rest.is_end_stream());
            if let Some(kept) = whole.and_then(|data| memory.keep(data)) {
                return kept.into();
            }
        }
        _ => {}
    }
    ReplayBody::with_memory(Early { come, rest }, limit, memory)
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
        let Early { come, rest } = self.get_mut();
        if !come.data.is_empty() {
            let data = std::mem::take(&mut come.data);
            return Poll::Ready(Some(Ok(Frame::data(data))));
        }
        match come.next.take().or_else(|| step(rest, cx)) {
            Some(step) => Poll::Ready(step),
            None => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.come.data.is_empty() && self.come.next.is_none() && self.rest.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let mut hint = self.rest.size_hint();
        let next = match &self.come.next {
            Some(Some(Ok(frame))) => frame.data_ref().map_or(0, Bytes::len),
            _ => 0,
        };
        let come = self.come.data.len().saturating_add(next) as u64;
        if let Some(upper) = hint.upper() {
            hint.set_upper(upper.saturating_add(come));
        }
        hint.set_lower(hint.lower().saturating_add(come));
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
        let memory = ReplayMemory::new(9);
        let mut come = first(&mut request, &mut Context::from_waker(Waker::noop()));
        come.whole(&mut request, 9, &memory).await;
        assert!(come.next.is_none() && come.data.is_empty());
        drop(sender);
        let body = request.into_body().collect().await.unwrap();
        assert_eq!(body.to_bytes(), "hello");
    }

    /// A body of these frames, of which nothing is known beforehand.
    fn frames(
        frames: Vec<io::Result<Frame<Bytes>>>,
    ) -> Request<impl Body<Data = Bytes, Error = io::Error> + Unpin> {
        Request::new(http_body_util::StreamBody::new(futures_util::stream::iter(
            frames,
        )))
    }

    async fn waited<B: Body + Unpin>(
        mut request: Request<B>,
        limit: usize,
        memory: &ReplayMemory,
    ) -> ReplayBody<Early<B>> {
        let mut come = first(&mut request, &mut Context::from_waker(Waker::noop()));
        come.whole(&mut request, limit, memory).await;
        kept(come, request.into_body(), limit, memory)
    }

    fn data(length: usize) -> io::Result<Frame<Bytes>> {
        Ok(Frame::data(Bytes::from(vec![7; length])))
    }

    #[tokio::test]
    async fn a_body_that_was_waited_for_is_at_hand_where_there_is_room() {
        let plenty = usize::MAX;
        for (pieces, limit, room, expected) in [
            (vec![3, 4], 7, plenty, true),
            (vec![3, 4], 6, plenty, false),
            (vec![3, 4], 7, BLOCK, false),
            (vec![3, 4], 7, 2 * BLOCK, true),
            (vec![BLOCK, 1], plenty, 2 * BLOCK, false),
            (vec![BLOCK, 1], plenty, 3 * BLOCK, true),
            (vec![1; 9_000], plenty, 2 * BLOCK, true),
        ] {
            let about = format!("{} {limit} {room}", pieces.len());
            let memory = ReplayMemory::new(room);
            let length: usize = pieces.iter().sum();
            let request = frames(pieces.into_iter().map(data).collect());
            let body = waited(request, limit, &memory).await;
            assert_eq!(body.in_memory().is_some(), expected, "{about}");
            assert!(!expected || memory.left() <= room - length, "{about}");
            assert_eq!(read(body).await, vec![7; length], "{about}");
            assert_eq!(memory.left(), room, "{about}");
        }
    }

    #[tokio::test]
    async fn what_says_that_it_is_too_long_is_not_waited_for() {
        let memory = ReplayMemory::new(usize::MAX);
        let (mut sender, channel) = Channel::<Bytes, Infallible>::new(1);
        let mut request = Request::new(Sized(channel, 5));
        let mut come = first(&mut request, &mut Context::from_waker(Waker::noop()));
        // Would wait for ever.
        come.whole(&mut request, 4, &memory).await;
        sender.send_data(Bytes::from("hello")).await.unwrap();
        drop(sender);
        let body = kept(come, request.into_body(), 4, &memory);
        assert_eq!(read(body).await, "hello");
    }

    #[tokio::test(start_paused = true)]
    async fn who_sends_slowly_is_not_waited_for_for_long() {
        let memory = ReplayMemory::new(usize::MAX);
        let (mut sender, channel) = Channel::<Bytes, Infallible>::new(1);
        let sending = async {
            for piece in ["he", "l", "lo"] {
                sender.send_data(Bytes::from(piece)).await.unwrap();
                tokio::time::sleep(PATIENCE * 2 / 3).await;
            }
            drop(sender);
        };
        let reading = async {
            let began = tokio::time::Instant::now();
            let body = waited(Request::new(channel), 9, &memory).await;
            assert_eq!(began.elapsed().as_secs(), PATIENCE.as_secs());
            assert!(body.in_memory().is_none());
            assert_eq!(
                body.size_hint().lower(),
                3,
                "what came is passed on at once"
            );
            let again = body.try_clone().unwrap();
            assert_eq!(read(body).await, "hello");
            assert_eq!(read(again).await, "hello");
        };
        tokio::join!(sending, reading);
    }

    #[tokio::test]
    async fn what_is_not_data_is_left_where_it_was() {
        let trailers = || http::HeaderMap::from_iter([(http::header::ETAG, "x".parse().unwrap())]);
        let memory = ReplayMemory::new(usize::MAX);
        let request = frames(vec![data(2), data(3), Ok(Frame::trailers(trailers()))]);
        let whole = waited(request, 9, &memory).await.collect().await.unwrap();
        assert_eq!(whole.trailers(), Some(&trailers()));
        assert_eq!(whole.to_bytes().len(), 5);

        let request = frames(vec![data(2), data(3), Err(io::Error::other("cut"))]);
        let mut body = waited(request, 9, &memory).await;
        let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
        assert_eq!(first.len(), 5);
        assert!(body.frame().await.unwrap().is_err());

        let request = frames(vec![data(2), data(0)]);
        assert_eq!(read(waited(request, 9, &memory).await).await.len(), 2);
        let body = waited(frames(vec![]), 9, &memory).await;
        assert_eq!(read(body).await, "");
    }

    /// A body that says how long it is.
    struct Sized<B>(B, u64);

    impl<B: Body + Unpin> Body for Sized<B> {
        type Data = B::Data;
        type Error = B::Error;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            cx: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
            Pin::new(&mut self.0).poll_frame(cx)
        }

        fn size_hint(&self) -> SizeHint {
            SizeHint::with_exact(self.1)
        }
    }
}
