//! One body over many connections.

use crate::course::{Course, Pass, Trailers, Turn};
use crate::cursor::Cursor;
use crate::events::Found;
use crate::verify::Verdict;
use buttress_core::time::{self, Instant, Timer};
use buttress_core::{BoxError, Failure, Guard, LastWords, ReplayableBody};
use bytes::{Buf, Bytes};
use http::{Request, Response};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};
use tower_service::Service;

pin_project! {
    /// The body of a [`Resume`](crate::Resume)'s response.
    ///
    /// Its frames are those of the first connection, and where that broke, those of the next
    /// ones, from where it broke. Dropping it drops the connection at hand, or ends the wait.
    pub struct ResumeBody<S, B, RB, K = Infallible>
    where
        S: Service<Request<B>>,
    {
        #[pin]
        state: State<RB, S::Future>,
        course: Course<S, B, K>,
        guard: Guard,
    }
}

pin_project! {
    #[project = StateProj]
    enum State<RB, F> {
        // Frames come from this connection.
        Streaming { #[pin] body: RB },
        // The connection is gone. Waiting before the next one.
        Waiting { timer: Timer, until: Instant },
        // Waiting for the service to become ready.
        Readying,
        // Waiting for the head of a re-opened response. In a box, because a body that never breaks
        // must not be as large as a call.
        Opening { future: Pin<Box<F>> },
        // The last data went out; these trailers follow.
        Trailers { trailers: Trailers },
        // The last words went out; the failure follows after so many polls that yield.
        Failing { failure: Option<Failure>, yields: u8 },
        Done,
    }
}

impl<S, B, RB, K> ResumeBody<S, B, RB, K>
where
    S: Service<Request<B>>,
{
    pub(crate) fn new(body: RB, course: Course<S, B, K>, guard: Guard) -> Self {
        ResumeBody {
            state: State::Streaming { body },
            course,
            guard,
        }
    }
}

/// What a slower look brings. Not in the order in which a body says it: a value of the same type would
/// be made in memory also where nothing slow is done, and copied.
type Polled = Poll<Result<Option<Frame<Bytes>>, Failure>>;

/// A chunk that does not pass as it is, and the events that were found in it.
struct Looked {
    data: Bytes,
    /// `None` when nobody has looked for any.
    found: Option<Found>,
}

impl<S, B, RB, K> Body for ResumeBody<S, B, RB, K>
where
    S: Service<Request<B>, Response = Response<RB>> + Clone,
    S::Error: Into<BoxError>,
    B: ReplayableBody,
    RB: Body,
    RB::Error: Into<BoxError>,
    K: Cursor<B>,
{
    type Data = Bytes;
    type Error = Failure;

    // What is handed to a function that is not inlined here is made for it: else all that comes would
    // have to lie in memory, and to be copied. So would the context: its waker lies somewhere already.
    #[inline]
    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Failure>>> {
        let this = self.as_mut().project();
        let polled = match (this.state.project(), this.course.is_quick()) {
            (StateProj::Streaming { body }, true) => match body.poll_frame(cx) {
                Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
                    Ok(mut data) => {
                        let data = data.copy_to_bytes(data.remaining());
                        match this.course.passes(&data) {
                            Pass::Whole => return Poll::Ready(Some(Ok(Frame::data(data)))),
                            Pass::Not(found) => self.poll_cut(Looked { data, found }, cx.waker()),
                        }
                    }
                    Err(frame) => self.poll_after(Some(Ok(frame)), cx.waker()),
                },
                Poll::Ready(Some(Err(error))) => self.poll_after(Some(Err(error)), cx.waker()),
                Poll::Ready(None) => self.poll_after(None, cx.waker()),
                Poll::Pending => self.poll_pending(cx.waker()),
            },
            _ => self.poll_slowly(cx.waker()),
        };
        polled.map(Result::transpose)
    }

    fn is_end_stream(&self) -> bool {
        match &self.state {
            State::Done | State::Trailers { trailers: None } => true,
            State::Streaming { body } => {
                body.is_end_stream() && self.course.is_whole() && !self.course.is_holding()
            }
            _ => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        let course = &self.course;
        match (&self.state, course.announced()) {
            (State::Done | State::Trailers { .. }, _) => SizeHint::with_exact(0),
            (_, Some(announced)) => {
                SizeHint::with_exact(announced.saturating_sub(course.delivered()))
            }
            (State::Streaming { body }, None) if !course.is_kept() => body.size_hint(),
            _ => SizeHint::default(),
        }
    }
}

impl<S, B, RB, K> ResumeBody<S, B, RB, K>
where
    S: Service<Request<B>, Response = Response<RB>> + Clone,
    S::Error: Into<BoxError>,
    B: ReplayableBody,
    RB: Body,
    RB::Error: Into<BoxError>,
    K: Cursor<B>,
{
    /// Goes on where a quick look is not enough.
    #[inline(never)]
    fn poll_slowly(mut self: Pin<&mut Self>, waker: &Waker) -> Polled {
        match self.as_mut().project().course.take_queued() {
            Some(queued) => Poll::Ready(Ok(Some(Frame::data(queued)))),
            None => self.poll_on(Turn::Nothing, waker),
        }
    }

    /// Goes on after a chunk that does not pass as it is.
    #[inline(never)]
    fn poll_cut(mut self: Pin<&mut Self>, looked: Looked, waker: &Waker) -> Polled {
        let course = self.as_mut().project().course;
        let turn = match looked.found {
            Some(found) => match course.events(looked.data, found) {
                Turn::Data(data) => return Poll::Ready(Ok(Some(Frame::data(data)))),
                turn => turn,
            },
            None => course.data(looked.data),
        };
        self.poll_on(turn, waker)
    }

    /// Goes on after what the connection brought.
    #[cold]
    #[inline(never)]
    fn poll_after(
        mut self: Pin<&mut Self>,
        frame: Option<Result<Frame<RB::Data>, RB::Error>>,
        waker: &Waker,
    ) -> Polled {
        let turn = self.as_mut().project().course.frame(frame);
        self.poll_on(turn, waker)
    }

    /// Waits for what the connection brings.
    #[inline(never)]
    fn poll_pending(mut self: Pin<&mut Self>, waker: &Waker) -> Polled {
        let this = self.as_mut().project();
        ready!(this.guard.poll(&mut Context::from_waker(waker)));
        let turn = this.course.cut_off();
        self.poll_on(turn, waker)
    }

    /// Goes on after this turn, up to the next frame.
    fn poll_on(self: Pin<&mut Self>, mut turn: Turn, waker: &Waker) -> Polled {
        let cx = &mut Context::from_waker(waker);
        let mut this = self.project();
        this.course.slow_down();
        loop {
            match turn {
                Turn::Nothing => {}
                Turn::Data(data) => {
                    this.course.quicken();
                    return Poll::Ready(Ok(Some(Frame::data(data))));
                }
                Turn::Whole(rest, trailers) => {
                    this.state.set(State::Trailers { trailers });
                    if !rest.is_empty() {
                        this.course.add(rest.len());
                        return Poll::Ready(Ok(Some(Frame::data(rest))));
                    }
                }
                // Drops what is left of the connection, so that it is not held while we wait.
                Turn::Again(wait) => this.state.set(State::Waiting {
                    timer: Timer::new(),
                    until: time::instant_after(time::now(), wait),
                }),
                Turn::Fail(failure, last_words) if last_words.is_empty() => {
                    this.state.set(State::Done);
                    return Poll::Ready(Err(failure));
                }
                Turn::Fail(failure, last_words) => {
                    this.state.set(State::Failing {
                        failure: Some(failure),
                        yields: LastWords::YIELDS,
                    });
                    return Poll::Ready(Ok(Some(Frame::data(last_words))));
                }
            }
            let polled = match this.state.as_mut().project() {
                StateProj::Streaming { body } => match this.course.queued() {
                    Some(turn) => Poll::Ready(turn),
                    None => body.poll_frame(cx).map(|frame| this.course.frame(frame)),
                },
                StateProj::Waiting { timer, until } => timer.poll_until(*until, cx).map(|()| {
                    this.state.set(State::Readying);
                    Turn::Nothing
                }),
                StateProj::Readying => this.course.poll_open(cx).map(|opened| match opened {
                    Ok(future) => {
                        let future = Box::pin(future);
                        this.state.set(State::Opening { future });
                        Turn::Nothing
                    }
                    Err(turn) => turn,
                }),
                StateProj::Opening { future } => future.as_mut().poll(cx).map(|answer| {
                    let response = match answer {
                        Ok(response) => response,
                        Err(error) => return this.course.try_failed(Failure::from(error.into())),
                    };
                    let (verdict, body) = this.course.look_at(response);
                    let fits = matches!(verdict, Verdict::Continue(_));
                    let turn = this.course.judged(verdict);
                    if fits {
                        this.state.set(State::Streaming { body });
                    }
                    turn
                }),
                StateProj::Trailers { trailers } => {
                    let trailers = trailers.take();
                    this.state.set(State::Done);
                    let trailers = trailers.map(|trailers| Frame::trailers(*trailers));
                    return Poll::Ready(Ok(trailers));
                }
                StateProj::Failing { yields, .. } if *yields > 0 => {
                    *yields -= 1;
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
                StateProj::Failing { failure, .. } => {
                    let failure = failure.take();
                    this.state.set(State::Done);
                    return Poll::Ready(failure.map_or(Ok(None), Err));
                }
                StateProj::Done => return Poll::Ready(Ok(None)),
            };
            turn = match polled {
                Poll::Ready(turn) => turn,
                Poll::Pending => {
                    ready!(this.guard.poll(cx));
                    this.course.cut_off()
                }
            };
        }
    }
}

impl<S, B, RB, K> fmt::Debug for ResumeBody<S, B, RB, K>
where
    S: Service<Request<B>>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state {
            State::Streaming { .. } => "streaming",
            State::Waiting { .. } => "waiting",
            State::Readying => "readying",
            State::Opening { .. } => "opening",
            State::Trailers { .. } => "trailers",
            State::Failing { .. } => "failing",
            State::Done => "done",
        };
        f.debug_struct("ResumeBody")
            .field("state", &state)
            .field("delivered", &self.course.delivered())
            .finish_non_exhaustive()
    }
}
