//! A consumer that takes a break.

use http_body::{Body, Frame, SizeHint};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::Sleep;

/// A body that is not polled for a while, once so many bytes have come.
pub(super) struct Slow<B> {
    inner: B,
    pause: Option<(u64, Duration)>,
    sleep: Option<Pin<Box<Sleep>>>,
    seen: u64,
}

impl<B> Slow<B> {
    pub(super) fn new(inner: B, pause: Option<(u64, Duration)>) -> Self {
        Slow {
            inner,
            pause,
            sleep: None,
            seen: 0,
        }
    }
}

impl<B: Body<Data = bytes::Bytes> + Unpin> Body for Slow<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let this = &mut *self;
        let seen = this.seen;
        if let Some((_, lasts)) = this.pause.take_if(|(at, _)| *at <= seen) {
            #[allow(clippy::disallowed_methods, reason = "the consumer's own break")]
            let sleep = tokio::time::sleep(lasts);
            this.sleep = Some(Box::pin(sleep));
        }
        if let Some(sleep) = &mut this.sleep {
            ready!(sleep.as_mut().poll(cx));
            this.sleep = None;
        }
        let frame = ready!(Pin::new(&mut this.inner).poll_frame(cx));
        if let Some(Ok(frame)) = &frame {
            this.seen += frame.data_ref().map_or(0, |data| data.len() as u64);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
