use super::look::Looking;
use buttress_core::BoxError;
use bytes::{Buf, Bytes};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

pin_project! {
    /// The body of an [`Answer`](crate::Answer)'s response: the frames that were held, then those
    /// that follow.
    pub struct AnswerBody<RB> {
        #[pin]
        inner: Inner<RB>,
    }
}

pin_project! {
    #[project = InnerProj]
    enum Inner<RB> {
        Plain { #[pin] body: RB },
        Held { looking: Pin<Box<Looking<RB>>> },
    }
}

impl<RB> AnswerBody<RB> {
    pub(super) const fn plain(body: RB) -> Self {
        AnswerBody {
            inner: Inner::Plain { body },
        }
    }

    pub(super) const fn held(looking: Pin<Box<Looking<RB>>>) -> Self {
        AnswerBody {
            inner: Inner::Held { looking },
        }
    }
}

fn plain<D: Buf, E: Into<BoxError>>(frame: Result<Frame<D>, E>) -> Result<Frame<Bytes>, BoxError> {
    let frame = frame.map_err(Into::into)?;
    Ok(frame.map_data(|mut data| data.copy_to_bytes(data.remaining())))
}

impl<RB> Body for AnswerBody<RB>
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
        let polled = match self.project().inner.project() {
            InnerProj::Plain { body } => body.poll_frame(cx),
            InnerProj::Held { looking } => {
                let held = looking.as_mut().project().held;
                if !held.out {
                    if let Some(data) = held.pop() {
                        return Poll::Ready(Some(Ok(Frame::data(data))));
                    }
                    if let Some(trailers) = held.trailers.take() {
                        return Poll::Ready(Some(Ok(Frame::trailers(trailers))));
                    }
                    if let Some(failure) = held.broken.take() {
                        return Poll::Ready(Some(Err(failure.into())));
                    }
                    if held.ended {
                        return Poll::Ready(None);
                    }
                    held.out = true;
                }
                let rest = ready!(looking.as_mut().poll_rest(cx));
                return Poll::Ready(looking.as_mut().follow(rest.map(plain)));
            }
        };
        polled.map(|frame| frame.map(plain))
    }

    fn is_end_stream(&self) -> bool {
        match &self.inner {
            Inner::Plain { body } => body.is_end_stream(),
            Inner::Held { looking } => {
                let held = &looking.held;
                let empty = held.bytes == 0 && held.trailers.is_none() && held.broken.is_none();
                let ends = held.ended || looking.body.is_end_stream();
                empty && ends && !looking.look.is_open()
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        let (held, rest) = match &self.inner {
            Inner::Plain { body } => return body.size_hint(),
            Inner::Held { looking } if looking.held.ended && looking.held.broken.is_none() => {
                return SizeHint::with_exact(looking.held.bytes as u64);
            }
            Inner::Held { looking } => (looking.held.bytes as u64, looking.body.size_hint()),
        };
        let mut hint = SizeHint::new();
        hint.set_lower(rest.lower().saturating_add(held));
        if let Some(upper) = rest.upper().and_then(|upper| upper.checked_add(held)) {
            hint.set_upper(upper);
        }
        hint
    }
}

impl<RB> fmt::Debug for AnswerBody<RB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let held = match &self.inner {
            Inner::Plain { .. } => 0,
            Inner::Held { looking } => looking.held.bytes,
        };
        f.debug_struct("AnswerBody")
            .field("held", &held)
            .finish_non_exhaustive()
    }
}
