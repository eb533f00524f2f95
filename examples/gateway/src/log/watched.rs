//! A body of which the log wants to know how it ends.

use super::{End, Entry};
use crate::tries;
use buttress_core::Failure;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

pin_project! {
    /// A body of which the log wants to know how it ends. Changes nothing.
    #[derive(Debug)]
    pub struct Watched<B>
    where
        B: Body,
    {
        #[pin]
        inner: B,
        entry: Entry,
    }

    impl<B> PinnedDrop for Watched<B>
    where
        B: Body,
    {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            // Who takes the last byte need not ask whether there is another.
            if this.entry.end == End::ClientLeft && this.inner.is_end_stream() {
                this.entry.end = End::Complete;
            }
        }
    }
}

impl<B: Body> Watched<B> {
    pub(crate) fn new(inner: B, entry: Entry) -> Self {
        Watched { inner, entry }
    }
}

impl<B> Body for Watched<B>
where
    B: Body<Data = Bytes, Error = Failure>,
{
    type Data = Bytes;
    type Error = Failure;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Failure>>> {
        let this = self.project();
        let inner = this.inner;
        let frame = ready!(tries::counted(&mut this.entry.tries, || inner.poll_frame(cx)));
        match &frame {
            Some(Ok(frame)) => match frame.data_ref() {
                Some(data) => this.entry.bytes += data.len() as u64,
                // Nothing follows trailers.
                None => this.entry.end = End::Complete,
            },
            Some(Err(failure)) => {
                this.entry.end = End::Cut;
                this.entry.failure = Some(failure.clone());
            }
            None if this.entry.end == End::ClientLeft => this.entry.end = End::Complete,
            None => {}
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
