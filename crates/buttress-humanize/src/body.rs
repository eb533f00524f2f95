use crate::explainer::Explainer;
use crate::in_band::InBand;
use buttress_core::{BoxError, Failure};
use bytes::{Buf, Bytes};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use std::fmt;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// How often a body yields between its last words and its failure.
///
/// A server that learns of a failure throws away what it has not written yet: hyper drops its
/// buffer, and in HTTP/2 a reset overtakes the data before it. While the body yields, the
/// connection writes.
const YIELDS: u8 = 2;

pin_project! {
    /// The body of a response of [`Humanize`](crate::Humanize): the one from below, or an
    /// explanation.
    ///
    /// Frames, trailers, [`size_hint`](Body::size_hint) and
    /// [`is_end_stream`](Body::is_end_stream) are those of the body below. Data that is `Bytes`
    /// already is passed on, not copied. A body that fails fails with an explained [`Failure`],
    /// in response mode too: its response has begun, and ending it as if it were complete would
    /// be a lie. Before that, in response mode, a stream in which something can be
    /// [said](crate::Render::framing) finishes the event or line that was cut off and says so.
    /// The failure follows a turn later, so that a server has written the words out. After it the
    /// body has ended, and the one below is dropped.
    ///
    /// Holds no frame back. Dropping it drops the body below.
    pub struct HumanizeBody<RB> {
        #[pin]
        state: State<RB>,
    }
}

pin_project! {
    #[project = StateProj]
    enum State<RB> {
        Watching {
            #[pin]
            body: RB,
            arrived: u64,
            explainer: Explainer,
            // What ends the body in words if it breaks.
            in_band: Option<Box<InBand>>,
        },
        Saying { text: Bytes },
        // The words went out; now the body fails, after as many polls that yield.
        Failing { failure: Failure, yields: u8 },
        Ended,
    }
}

impl<RB> HumanizeBody<RB> {
    #[inline]
    pub(crate) const fn watching(
        body: RB,
        explainer: Explainer,
        in_band: Option<Box<InBand>>,
    ) -> Self {
        HumanizeBody {
            state: State::Watching {
                body,
                arrived: 0,
                explainer,
                in_band,
            },
        }
    }

    pub(crate) fn saying(text: Bytes) -> Self {
        HumanizeBody {
            state: State::Saying { text },
        }
    }
}

impl<RB> Body for HumanizeBody<RB>
where
    RB: Body,
    RB::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = Failure;

    #[inline]
    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Failure>>> {
        let mut state = self.project().state;
        let failure = match state.as_mut().project() {
            StateProj::Watching {
                body,
                arrived,
                explainer,
                in_band,
            } => match ready!(body.poll_frame(cx)) {
                Some(Ok(frame)) => {
                    if frame.is_trailers() {
                        // Data cannot follow them.
                        *in_band = None;
                    }
                    return Poll::Ready(Some(Ok(frame.map_data(|mut data| {
                        let length = data.remaining();
                        *arrived = arrived.saturating_add(length as u64);
                        let data = data.copy_to_bytes(length);
                        if let Some(in_band) = in_band {
                            in_band.saw(&data);
                        }
                        data
                    }))));
                }
                Some(Err(error)) => {
                    let (failure, told) = explainer.tell(Failure::in_body(error, *arrived));
                    let words = in_band.take().map(|words| words.words(&failure, &told));
                    if let Some(words) = words.filter(|words| !words.is_empty()) {
                        state.set(State::Failing {
                            failure,
                            yields: YIELDS,
                        });
                        return Poll::Ready(Some(Ok(Frame::data(words))));
                    }
                    failure
                }
                None => return Poll::Ready(None),
            },
            StateProj::Saying { text } if !text.is_empty() => {
                return Poll::Ready(Some(Ok(Frame::data(mem::take(text)))));
            }
            StateProj::Failing { failure, yields } => {
                if let Some(left) = yields.checked_sub(1) {
                    *yields = left;
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
                failure.clone()
            }
            StateProj::Saying { .. } | StateProj::Ended => return Poll::Ready(None),
        };
        state.set(State::Ended);
        Poll::Ready(Some(Err(failure)))
    }

    #[inline]
    fn is_end_stream(&self) -> bool {
        match &self.state {
            State::Watching { body, .. } => body.is_end_stream(),
            State::Saying { text } => text.is_empty(),
            State::Failing { .. } => false,
            State::Ended => true,
        }
    }

    #[inline]
    fn size_hint(&self) -> SizeHint {
        match &self.state {
            State::Watching {
                body,
                in_band: None,
                ..
            } => body.size_hint(),
            State::Watching { body, .. } => {
                // Words may follow.
                let mut hint = SizeHint::new();
                hint.set_lower(body.size_hint().lower());
                hint
            }
            State::Failing { .. } => SizeHint::with_exact(0),
            State::Saying { text } => SizeHint::with_exact(text.len() as u64),
            State::Ended => SizeHint::with_exact(0),
        }
    }
}

impl<RB> fmt::Debug for HumanizeBody<RB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match &self.state {
            State::Watching { .. } => "watching",
            State::Saying { .. } => "saying",
            State::Failing { .. } => "failing",
            State::Ended => "ended",
        };
        f.debug_struct("HumanizeBody")
            .field("state", &state)
            .finish_non_exhaustive()
    }
}
