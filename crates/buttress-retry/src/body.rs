use buttress_core::{BoxError, Failure};
use bytes::Buf;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

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
        RetryBody {
            inner: Inner::Gated {
                gated: Box::new(Gated { held, body }),
            },
            bytes: 0,
        }
    }
}

impl<RB: Body> Gated<RB> {
    #[allow(
        clippy::type_complexity,
        reason = "it is the type of `Body::poll_frame`"
    )]
    fn poll_frame(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<RB::Data>, RB::Error>>> {
        match (self.held.pop_front(), &mut self.body) {
            (Some(frame), _) => Poll::Ready(Some(Ok(frame))),
            (None, Some(body)) => body.as_mut().poll_frame(cx),
            (None, None) => Poll::Ready(None),
        }
    }

    fn size_hint(&self) -> SizeHint {
        let held: u64 = self
            .held
            .iter()
            .filter_map(|frame| frame.data_ref())
            .map(|data| data.remaining() as u64)
            .sum();
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

    #[inline]
    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Failure>>> {
        let this = self.project();
        let frame = match this.inner.project() {
            InnerProj::Plain { body } => body.poll_frame(cx),
            InnerProj::Gated { gated } => gated.poll_frame(cx),
        };
        Poll::Ready(match ready!(frame) {
            Some(Ok(frame)) => {
                if let Some(data) = frame.data_ref() {
                    *this.bytes += data.remaining() as u64;
                }
                Some(Ok(frame))
            }
            Some(Err(error)) => Some(Err(broken(error, *this.bytes))),
            None => None,
        })
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
