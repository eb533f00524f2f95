use super::error::told;
use buttress_core::{BoxError, Failure};
use bytes::{Buf, Bytes};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use sync_wrapper::SyncWrapper;

pin_project! {
    /// The body of a stack as reqwest wants it: of `Bytes`, `Sync`, with errors that it can read.
    pub(super) struct StackBody<RB> {
        #[pin]
        body: SyncWrapper<RB>,
        // What it said last: only a poll can change it.
        hint: SizeHint,
        ended: bool,
        bytes: u64,
    }
}

impl<RB: Body> StackBody<RB> {
    pub(super) fn new(body: RB) -> Self {
        StackBody {
            hint: body.size_hint(),
            ended: body.is_end_stream(),
            body: SyncWrapper::new(body),
            bytes: 0,
        }
    }
}

impl<RB> Body for StackBody<RB>
where
    RB: Body,
    RB::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = self.project();
        let mut body = this.body.get_pin_mut();
        let frame = ready!(body.as_mut().poll_frame(cx));
        *this.hint = body.size_hint();
        *this.ended = body.is_end_stream();
        Poll::Ready(frame.map(|frame| match frame {
            Ok(frame) => {
                let frame = frame.map_data(|mut data| data.copy_to_bytes(data.remaining()));
                *this.bytes += frame.data_ref().map_or(0, |data| data.len() as u64);
                Ok(frame)
            }
            Err(error) => Err(told(Failure::in_body(error, *this.bytes))),
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.ended
    }

    #[allow(
        clippy::clone_on_copy,
        reason = "it is not `Copy` in all versions of http-body 1"
    )]
    fn size_hint(&self) -> SizeHint {
        self.hint.clone()
    }
}
