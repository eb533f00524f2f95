use crate::explainer::Explainer;
use buttress_core::{BoxError, Failure, LastWords};
use bytes::{Buf, Bytes};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

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
            // First, so that there is little to do should dropping it panic: then all of it is
            // short enough to be inlined.
            #[pin]
            body: RB,
            explainer: Explainer,
            arrived: u64,
        },
        // The body below is gone.
        Over { rest: Afterwards },
    }
}

/// What follows when the body below is gone, if something does.
struct Afterwards(Option<Box<Rest>>);

/// Out of line, so that dropping a body that never failed is short enough to be inlined.
impl Drop for Afterwards {
    #[inline(always)]
    fn drop(&mut self) {
        if let Some(rest) = self.0.take() {
            forget(rest);
        }
    }
}

#[cold]
#[inline(never)]
fn forget(rest: Box<Rest>) {
    drop(rest);
}

enum Rest {
    Saying(Bytes),
    /// The words went out; now the body fails, after as many polls that yield.
    Failing(Failure, u8),
}

impl<RB> HumanizeBody<RB> {
    #[inline(always)]
    pub(crate) const fn watching(body: RB, explainer: Explainer) -> Self {
        HumanizeBody {
            state: State::Watching {
                explainer,
                arrived: 0,
                body,
            },
        }
    }

    pub(crate) fn saying(text: Bytes) -> Self {
        let rest = Some(Box::new(Rest::Saying(text)));
        HumanizeBody {
            state: State::Over {
                rest: Afterwards(rest),
            },
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
        match state.as_mut().project() {
            StateProj::Watching {
                explainer,
                arrived,
                body,
            } => match ready!(body.poll_frame(cx)) {
                Some(Ok(frame)) => {
                    let frame = frame.map_data(|mut data| {
                        let length = data.remaining();
                        *arrived = arrived.saturating_add(length as u64);
                        data.copy_to_bytes(length)
                    });
                    if let Some(in_band) = explainer.in_band_mut() {
                        in_band.saw(&frame);
                    }
                    Poll::Ready(Some(Ok(frame)))
                }
                Some(Err(error)) => {
                    let (failure, told) = explainer.tell(Failure::in_body(error, *arrived));
                    let in_band = explainer.in_band();
                    let words = in_band.map(|in_band| in_band.words(&failure, &told));
                    let (rest, said) = Rest::after(failure, words.unwrap_or_default());
                    state.set(State::Over {
                        rest: Afterwards(rest),
                    });
                    Poll::Ready(Some(said))
                }
                None => Poll::Ready(None),
            },
            StateProj::Over { rest } => Rest::poll(&mut rest.0, cx),
        }
    }

    #[inline]
    fn is_end_stream(&self) -> bool {
        match &self.state {
            State::Watching { body, .. } => body.is_end_stream(),
            State::Over { rest } => match rest.0.as_deref() {
                Some(Rest::Saying(text)) => text.is_empty(),
                Some(Rest::Failing(..)) => false,
                None => true,
            },
        }
    }

    #[inline]
    fn size_hint(&self) -> SizeHint {
        match &self.state {
            State::Watching {
                explainer, body, ..
            } if explainer.in_band().is_some() => {
                // Words may follow.
                let mut hint = SizeHint::new();
                hint.set_lower(body.size_hint().lower());
                hint
            }
            State::Watching { body, .. } => body.size_hint(),
            State::Over { rest } => match rest.0.as_deref() {
                Some(Rest::Saying(text)) => SizeHint::with_exact(text.len() as u64),
                _ => SizeHint::with_exact(0),
            },
        }
    }
}

type Said = Result<Frame<Bytes>, Failure>;

impl Rest {
    /// What follows the failure's last words; or the failure itself, if there are none.
    fn after(failure: Failure, words: Bytes) -> (Option<Box<Self>>, Said) {
        if words.is_empty() {
            return (None, Err(failure));
        }
        let rest = Box::new(Rest::Failing(failure, LastWords::YIELDS));
        (Some(rest), Ok(Frame::data(words)))
    }

    fn poll(this: &mut Option<Box<Self>>, cx: &mut Context<'_>) -> Poll<Option<Said>> {
        if let Some(Rest::Failing(_, yields @ 1..)) = this.as_deref_mut() {
            *yields -= 1;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(match this.take().map(|rest| *rest) {
            Some(Rest::Saying(text)) if !text.is_empty() => Some(Ok(Frame::data(text))),
            Some(Rest::Failing(failure, _)) => Some(Err(failure)),
            _ => None,
        })
    }
}

impl<RB> fmt::Debug for HumanizeBody<RB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match &self.state {
            State::Watching { .. } => "watching",
            State::Over { rest } => match rest.0.as_deref() {
                Some(Rest::Saying(_)) => "saying",
                Some(Rest::Failing(..)) => "failing",
                None => "ended",
            },
        };
        f.debug_struct("HumanizeBody")
            .field("state", &state)
            .finish_non_exhaustive()
    }
}
