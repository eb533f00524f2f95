use buttress_core::{BoxError, Failure};
use bytes::Buf;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

pin_project! {
    /// The body of a [`Retry`](crate::Retry)'s response: the inner body's frames as they are, its
    /// errors as [`Failure`]s that know how many bytes had arrived.
    #[derive(Debug)]
    pub struct RetryBody<RB> {
        #[pin]
        inner: RB,
        bytes: u64,
    }
}

impl<RB> RetryBody<RB> {
    pub(crate) const fn new(inner: RB) -> Self {
        RetryBody { inner, bytes: 0 }
    }
}

impl<RB> Body for RetryBody<RB>
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
        let this = self.project();
        Poll::Ready(match ready!(this.inner.poll_frame(cx)) {
            Some(Ok(frame)) => {
                if let Some(data) = frame.data_ref() {
                    *this.bytes += data.remaining() as u64;
                }
                Some(Ok(frame))
            }
            Some(Err(error)) => Some(Err(Failure::in_body(error, *this.bytes))),
            None => None,
        })
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
