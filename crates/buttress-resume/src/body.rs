//! One body over many connections.

use crate::course::{Course, End, Turn, truncated};
use crate::cursor::Cursor;
use crate::origin::Origin;
use crate::plan::content_length;
use crate::verify::{Verdict, verify};
use buttress_core::time::{self, Instant, Timer};
use buttress_core::{BoxError, Failure, Guard, LastWords, Phase, ReplayableBody, StopReason};
use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
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
        Trailers { trailers: Option<Box<HeaderMap>> },
        // The last words went out; the failure follows.
        Failing { failure: Option<Failure> },
        Done,
    }
}

impl<S, B, RB, K> ResumeBody<S, B, RB, K>
where
    S: Service<Request<B>>,
{
    pub(crate) const fn new(body: RB, course: Course<S, B, K>, guard: Guard) -> Self {
        ResumeBody {
            state: State::Streaming { body },
            course,
            guard,
        }
    }
}

impl<RB, F> State<RB, F> {
    /// The body ends with this failure, after the last words if there are any.
    fn fail(mut self: Pin<&mut Self>, failure: Failure, last_words: Bytes) -> Framed {
        if last_words.is_empty() {
            self.set(State::Done);
            return Err(failure);
        }
        let failure = Some(failure);
        self.set(State::Failing { failure });
        Ok(Frame::data(last_words))
    }
}

type Framed = Result<Frame<Bytes>, Failure>;

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

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Failure>>> {
        let mut this = self.project();
        loop {
            let turn = match this.state.as_mut().project() {
                StateProj::Streaming { body } => match this.course.queued() {
                    Some(turn) => turn,
                    None => match body.poll_frame(cx) {
                        Poll::Ready(frame) => this.course.frame(frame),
                        Poll::Pending => break,
                    },
                },
                StateProj::Waiting { timer, until } => {
                    if timer.poll_until(*until, cx).is_pending() {
                        break;
                    }
                    this.state.set(State::Readying);
                    continue;
                }
                StateProj::Readying => match this.course.poll_open(cx) {
                    Poll::Ready(Ok(future)) => {
                        let future = Box::pin(future);
                        this.state.set(State::Opening { future });
                        continue;
                    }
                    Poll::Ready(Err(turn)) => turn,
                    Poll::Pending => break,
                },
                StateProj::Opening { future } => match future.as_mut().poll(cx) {
                    Poll::Ready(Ok(response)) => {
                        let (verdict, body) = this.course.look_at(response);
                        let fits = matches!(verdict, Verdict::Continue { .. });
                        let turn = this.course.judged(verdict);
                        if fits {
                            this.state.set(State::Streaming { body });
                        }
                        turn
                    }
                    Poll::Ready(Err(error)) => this.course.try_failed(Failure::from(error.into())),
                    Poll::Pending => break,
                },
                StateProj::Trailers { trailers } => {
                    let trailers = trailers.take();
                    this.state.set(State::Done);
                    return Poll::Ready(trailers.map(|trailers| Ok(Frame::trailers(*trailers))));
                }
                StateProj::Failing { failure } => {
                    let failure = failure.take();
                    this.state.set(State::Done);
                    return Poll::Ready(failure.map(Err));
                }
                StateProj::Done => return Poll::Ready(None),
            };
            match turn {
                Turn::Nothing => {}
                Turn::Frame(frame) => return Poll::Ready(Some(Ok(frame))),
                Turn::Whole(rest, trailers) => {
                    let trailers = trailers.map(Box::new);
                    this.state.set(State::Trailers { trailers });
                    if !rest.is_empty() {
                        this.course.delivered += rest.len() as u64;
                        return Poll::Ready(Some(Ok(Frame::data(rest))));
                    }
                }
                // Drops what is left of the connection, so that it is not held while we wait.
                Turn::Again(wait) => this.state.set(State::Waiting {
                    timer: Timer::new(),
                    until: time::instant_after(time::now(), wait),
                }),
                Turn::Fail(failure, last_words) => {
                    return Poll::Ready(Some(this.state.fail(failure, last_words)));
                }
            }
        }
        ready!(this.guard.poll(cx));
        let (failure, last_words) = this.course.cut_off();
        Poll::Ready(Some(this.state.fail(failure, last_words)))
    }

    fn is_end_stream(&self) -> bool {
        match &self.state {
            State::Done | State::Trailers { trailers: None } => true,
            State::Streaming { body } => {
                body.is_end_stream()
                    && self.course.is_whole(End::Clean)
                    && !self.course.is_holding()
            }
            _ => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        let course = &self.course;
        match (&self.state, course.announced) {
            (State::Done | State::Trailers { .. }, _) => SizeHint::with_exact(0),
            (_, Some(announced)) => {
                SizeHint::with_exact(announced.saturating_sub(course.delivered))
            }
            (State::Streaming { body }, None) if course.reopen.is_none() => body.size_hint(),
            _ => SizeHint::default(),
        }
    }
}

impl<S, B, K> Course<S, B, K>
where
    S: Service<Request<B>> + Clone,
    S::Error: Into<BoxError>,
    B: ReplayableBody,
    K: Cursor<B>,
{
    /// Waits for readiness, then asks for the rest.
    fn poll_open(&mut self, cx: &mut Context<'_>) -> Poll<Result<S::Future, Turn>> {
        let Some(reopen) = &mut self.reopen else {
            return Poll::Ready(Err(self.fail(truncated(), StopReason::NotResumable)));
        };
        if let Err(error) = ready!(reopen.service.poll_ready(cx)) {
            // What failed to become ready must not be used again.
            reopen.service = reopen.service.clone();
            let failure = Failure::from_error(error.into(), Phase::Connect);
            return Poll::Ready(Err(self.try_failed(failure)));
        }
        match self.ask() {
            Ok(future) => Poll::Ready(Ok(future)),
            Err(reason) => {
                let cause = self.cause();
                Poll::Ready(Err(self.fail(cause, reason)))
            }
        }
    }

    /// Asks for the rest.
    fn ask(&mut self) -> Result<S::Future, StopReason> {
        let reopen = self.reopen.as_mut().ok_or(StopReason::NotResumable)?;
        let mut request = reopen.kept.rebuild().ok_or(StopReason::BodyNotReplayable)?;
        reopen
            .story
            .ask_for_rest(self.delivered, request.headers_mut());
        if let Some(watch) = &mut reopen.watch {
            let origin = Origin::of(&request);
            request = watch.cursor.reopen(request)?;
            if origin != Origin::of(&request) {
                return Err(StopReason::NotResumable);
            }
        }
        reopen.story.sends();
        Ok(reopen.service.call(request))
    }

    /// Judges a re-opened response by its head.
    fn look_at<RB>(&mut self, response: Response<RB>) -> (Verdict, RB) {
        let (head, body) = response.into_parts();
        LastWords::hold_back(&head.extensions);
        let verdict = match (Failure::of(&head.extensions), &mut self.reopen) {
            (Some(failure), _) if failure.is_transient() => Verdict::Again(failure.clone()),
            (Some(failure), _) => Verdict::Stop(failure.clone()),
            (None, Some(reopen)) => match &mut reopen.watch {
                Some(watch) => {
                    watch.reopened(content_length(&head.headers));
                    watch.cursor.verify(&head).into()
                }
                None => verify(
                    &reopen.story.plan,
                    self.delivered,
                    reopen.story.config.max_reread(),
                    head.status,
                    &head.headers,
                ),
            },
            (None, None) => Verdict::Stop(truncated()),
        };
        (verdict, body)
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
            .field("delivered", &self.course.delivered)
            .finish_non_exhaustive()
    }
}
