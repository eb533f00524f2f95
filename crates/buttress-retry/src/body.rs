use buttress_core::{BoxError, Failure};
use bytes::Buf;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};

pin_project! {
    /// The body of a [`Retry`](crate::Retry)'s response: the inner body's frames as they are, those
    /// that waited at a [`Gate`](crate::Gate) first, and its errors as [`Failure`]s that know how
    /// many bytes had arrived.
    pub struct RetryBody<RB>
    where
        RB: Body,
    {
        #[pin]
        inner: Inner<RB>,
        bytes: u64,
    }
}

pin_project! {
    #[project = InnerProj]
    enum Inner<RB>
    where
        RB: Body,
    {
        Plain { #[pin] body: RB },
        // Has been polled already, at a gate.
        Gated { gated: Box<Gated<RB>> },
    }
}

struct Gated<RB: Body> {
    held: VecDeque<Frame<RB::Data>>,
    /// How long the held ones are together: who asks for the length may do so after each.
    held_bytes: u64,
    /// `None` when it has ended.
    body: Option<Pin<Box<RB>>>,
}

impl<RB: Body> RetryBody<RB> {
    pub(crate) const fn new(body: RB) -> Self {
        RetryBody {
            inner: Inner::Plain { body },
            bytes: 0,
        }
    }

    /// A body of which these frames have been taken, and perhaps the end.
    pub(crate) fn held(body: Pin<Box<RB>>, held: VecDeque<Frame<RB::Data>>, ended: bool) -> Self {
        let body = if ended { None } else { Some(body) };
        let held_bytes = held.iter().map(length).sum();
        RetryBody {
            inner: Inner::Gated {
                gated: Box::new(Gated {
                    held,
                    held_bytes,
                    body,
                }),
            },
            bytes: 0,
        }
    }
}

impl<RB> Gated<RB>
where
    RB: Body,
    RB::Error: Into<BoxError>,
{
    /// Not inlined, and with a result of another type than the caller's: else the compiler would
    /// copy the frames of all other bodies once more.
    #[cold]
    #[inline(never)]
    fn poll_frame(
        &mut self,
        bytes: &mut u64,
        waker: &Waker,
    ) -> Poll<Result<Option<Frame<RB::Data>>, Failure>> {
        let next = match (self.held.pop_front(), &mut self.body) {
            (Some(frame), _) => {
                self.held_bytes = self.held_bytes.saturating_sub(length(&frame));
                Some(Ok(frame))
            }
            (None, Some(body)) => {
                ready!(body.as_mut().poll_frame(&mut Context::from_waker(waker)))
            }
            (None, None) => None,
        };
        Poll::Ready(match next {
            Some(Ok(frame)) => {
                *bytes += length(&frame);
                Ok(Some(frame))
            }
            Some(Err(error)) => Err(broken(error, *bytes)),
            None => Ok(None),
        })
    }
}

/// How many bytes of the body it is.
#[inline]
fn length(frame: &Frame<impl Buf>) -> u64 {
    frame.data_ref().map_or(0, |data| data.remaining() as u64)
}

impl<RB: Body> Gated<RB> {
    fn size_hint(&self) -> SizeHint {
        let held = self.held_bytes;
        let rest = match &self.body {
            Some(body) => body.size_hint(),
            None => SizeHint::with_exact(0),
        };
        let mut hint = SizeHint::new();
        hint.set_lower(rest.lower().saturating_add(held));
        if let Some(upper) = rest.upper().and_then(|upper| upper.checked_add(held)) {
            hint.set_upper(upper);
        }
        hint
    }
}

impl<RB> Body for RetryBody<RB>
where
    RB: Body,
    RB::Error: Into<BoxError>,
{
    type Data = RB::Data;
    type Error = Failure;

    #[inline(always)]
    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Failure>>> {
        let this = self.project();
        let body = match this.inner.project() {
            InnerProj::Plain { body } => body,
            InnerProj::Gated { gated } => {
                return gated
                    .poll_frame(this.bytes, cx.waker())
                    .map(Result::transpose);
            }
        };
        match body.poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                *this.bytes += length(&frame);
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Ready(Some(Err(error))) => Poll::Ready(Some(Err(broken(error, *this.bytes)))),
            Poll::Pending => Poll::Pending,
        }
    }

    #[inline]
    fn is_end_stream(&self) -> bool {
        match &self.inner {
            Inner::Plain { body } => body.is_end_stream(),
            Inner::Gated { gated } => {
                let rest = gated.body.as_ref();
                gated.held.is_empty() && rest.is_none_or(Body::is_end_stream)
            }
        }
    }

    #[inline]
    fn size_hint(&self) -> SizeHint {
        match &self.inner {
            Inner::Plain { body } => body.size_hint(),
            Inner::Gated { gated } => gated.size_hint(),
        }
    }
}

#[cold]
fn broken(error: impl Into<BoxError>, bytes: u64) -> Failure {
    Failure::in_body(error, bytes)
}

impl<RB: Body> fmt::Debug for RetryBody<RB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let gated = matches!(self.inner, Inner::Gated { .. });
        f.debug_struct("RetryBody")
            .field("gated", &gated)
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}
