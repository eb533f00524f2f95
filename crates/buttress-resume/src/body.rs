//! One body over many connections.

use crate::plan::Plan;
use crate::story::{End, Story};
use crate::verify::{Verdict, verify};
use buttress_core::time::{self, Instant, Timer};
use buttress_core::{BoxError, Failure, FailureKind, Phase, ReplayableBody, Snapshot, StopReason};
use bytes::{Buf, Bytes};
use http::{HeaderMap, Request, Response};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
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
    pub struct ResumeBody<S, B, RB>
    where
        S: Service<Request<B>>,
    {
        #[pin]
        state: State<RB, S::Future>,
        story: Story,
        reopen: Option<(S, Snapshot<B>)>,
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
        // Waiting for the head of a re-opened response.
        Opening { #[pin] future: F },
        // The last data went out; these trailers follow.
        Trailers { trailers: Option<HeaderMap> },
        Done,
    }
}

impl<S, B, RB> ResumeBody<S, B, RB>
where
    S: Service<Request<B>>,
{
    pub(crate) const fn new(body: RB, story: Story, reopen: Option<(S, Snapshot<B>)>) -> Self {
        ResumeBody {
            state: State::Streaming { body },
            story,
            reopen,
        }
    }
}

/// What a turn of the body leads to.
enum Turn<F> {
    Frame(Frame<Bytes>),
    /// The body is whole; first what was held back, then trailers, go out.
    Whole(Bytes, Option<HeaderMap>),
    /// The connection is gone, or a try failed: whether to wait for another.
    Again(Failure, Result<std::time::Duration, StopReason>),
    /// It ends here.
    Fail(Failure),
    Ready,
    Open(F),
    Nothing,
}

impl<S, B, RB> Body for ResumeBody<S, B, RB>
where
    S: Service<Request<B>, Response = Response<RB>> + Clone,
    S::Error: Into<BoxError>,
    B: ReplayableBody,
    RB: Body,
    RB::Error: Into<BoxError>,
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
                StateProj::Streaming { body } => {
                    let frame = ready!(body.poll_frame(cx));
                    this.story
                        .frame(frame.map(|frame| frame.map_err(Into::into)))
                }
                StateProj::Waiting { timer, until } => {
                    ready!(timer.poll_until(*until, cx));
                    Turn::Ready
                }
                StateProj::Readying => match this.reopen {
                    Some((service, kept)) => match ready!(service.poll_ready(cx)) {
                        Ok(()) => match kept.rebuild() {
                            Some(mut request) => {
                                this.story.ask_for_rest(request.headers_mut());
                                Turn::Open(service.call(request))
                            }
                            None => Turn::Fail(
                                this.story
                                    .fail(this.story.truncated(), StopReason::BodyNotReplayable),
                            ),
                        },
                        Err(error) => {
                            let failure = Failure::from_error(error.into(), Phase::Connect);
                            // What failed to become ready must not be used again.
                            *service = service.clone();
                            this.story.try_failed(failure)
                        }
                    },
                    None => Turn::Fail(
                        this.story
                            .fail(this.story.truncated(), StopReason::NotResumable),
                    ),
                },
                StateProj::Opening { future } => match ready!(future.poll(cx)) {
                    Ok(response) => {
                        let (head, body) = response.into_parts();
                        match Failure::of(&head.extensions) {
                            Some(failure) => this.story.try_failed(failure.clone()),
                            None => {
                                let verdict = verify(
                                    &this.story.plan,
                                    this.story.delivered,
                                    this.story.config.max_reread(),
                                    head.status,
                                    &head.headers,
                                );
                                if let Verdict::Continue { skip, complete } = verdict {
                                    this.story.reopened(skip, complete);
                                    this.state.set(State::Streaming { body });
                                    continue;
                                }
                                drop(body);
                                this.story.judged(verdict)
                            }
                        }
                    }
                    Err(error) => this.story.try_failed(Failure::from(error.into())),
                },
                StateProj::Trailers { trailers } => {
                    let trailers = trailers.take();
                    this.state.set(State::Done);
                    return Poll::Ready(trailers.map(|trailers| Ok(Frame::trailers(trailers))));
                }
                StateProj::Done => return Poll::Ready(None),
            };
            match turn {
                Turn::Nothing => {}
                Turn::Frame(frame) => return Poll::Ready(Some(Ok(frame))),
                Turn::Whole(rest, trailers) => {
                    this.state.set(State::Trailers { trailers });
                    if !rest.is_empty() {
                        this.story.delivered += rest.len() as u64;
                        return Poll::Ready(Some(Ok(Frame::data(rest))));
                    }
                }
                Turn::Again(_, Ok(wait)) => this.state.set(State::Waiting {
                    timer: Timer::new(),
                    until: time::instant_after(time::now(), wait),
                }),
                Turn::Again(failure, Err(reason)) => {
                    let failure = this.story.fail(failure, reason);
                    this.state.set(State::Done);
                    return Poll::Ready(Some(Err(failure)));
                }
                Turn::Fail(failure) => {
                    this.state.set(State::Done);
                    return Poll::Ready(Some(Err(failure)));
                }
                Turn::Ready => this.state.set(State::Readying),
                Turn::Open(future) => this.state.set(State::Opening { future }),
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.state {
            State::Done | State::Trailers { trailers: None } => true,
            State::Streaming { body } => {
                body.is_end_stream()
                    && self.story.is_whole(End::Clean)
                    && !self.story.events.is_holding()
            }
            _ => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match (&self.state, self.story.announced, &self.story.plan) {
            (State::Done | State::Trailers { .. }, _, _) => SizeHint::with_exact(0),
            (_, Some(announced), _) => {
                SizeHint::with_exact(announced.saturating_sub(self.story.delivered))
            }
            (State::Streaming { body }, None, Plan::None) => body.size_hint(),
            _ => SizeHint::default(),
        }
    }
}

impl Story {
    /// Judges what a connection brought.
    fn frame<D: Buf, F>(&mut self, frame: Option<Result<Frame<D>, BoxError>>) -> Turn<F> {
        match frame {
            Some(Ok(frame)) => match frame.into_data() {
                Ok(mut data) => self.data(data.copy_to_bytes(data.remaining())),
                Err(frame) => match frame.into_trailers() {
                    Ok(trailers) => self.ended(Some(trailers)),
                    Err(_) => Turn::Nothing,
                },
            },
            Some(Err(error)) => {
                let failure = Failure::in_body(error, self.delivered);
                if self.is_whole(End::Broken) {
                    return Turn::Whole(Bytes::new(), None);
                }
                if !is_about_the_connection(failure.kind()) {
                    return Turn::Fail(self.fail(failure, StopReason::NotTransient));
                }
                let next = self.broke(&failure);
                Turn::Again(failure, next)
            }
            None => self.ended(None),
        }
    }

    fn data<F>(&mut self, mut data: Bytes) -> Turn<F> {
        if self.skip > 0 {
            let again = self.skip.min(data.len() as u64);
            self.skip -= again;
            // Not more than the length, which is a usize.
            data.advance(usize::try_from(again).unwrap_or(data.len()));
        }
        if matches!(self.plan, Plan::Events) {
            data = self.events.push(data);
        }
        if data.is_empty() {
            return Turn::Nothing;
        }
        if self.is_too_long(data.len() as u64) {
            let failure = self.too_long();
            return Turn::Fail(self.fail(failure, StopReason::NotTransient));
        }
        self.delivered += data.len() as u64;
        Turn::Frame(Frame::data(data))
    }

    /// The connection says that the body is over.
    fn ended<F>(&mut self, trailers: Option<HeaderMap>) -> Turn<F> {
        if self.is_whole(End::Clean) {
            return Turn::Whole(self.events.rest(), trailers);
        }
        let failure = self.truncated();
        let next = self.broke(&failure);
        Turn::Again(failure, next)
    }

    /// A try to re-open failed: another one, if trying helps.
    fn try_failed<F>(&mut self, failure: Failure) -> Turn<F> {
        if !failure.is_transient() {
            return Turn::Fail(self.fail(failure, StopReason::NotTransient));
        }
        let next = self.again(&failure);
        Turn::Again(failure, next)
    }

    fn judged<F>(&mut self, verdict: Verdict) -> Turn<F> {
        match verdict {
            Verdict::Finished => Turn::Whole(Bytes::new(), None),
            Verdict::Again(failure) => self.try_failed(failure),
            Verdict::Stop(failure) => Turn::Fail(self.fail(failure, StopReason::NotResumable)),
            Verdict::Continue { skip, complete } => {
                self.reopened(skip, complete);
                Turn::Nothing
            }
        }
    }
}

/// Whether another connection can help: not against limits, decoders and decisions of this side.
fn is_about_the_connection(kind: FailureKind) -> bool {
    !matches!(
        kind,
        FailureKind::BudgetExhausted
            | FailureKind::Cancelled
            | FailureKind::Decode
            | FailureKind::PayloadTooLarge
            | FailureKind::RepresentationChanged
            | FailureKind::TimeoutTotal
    )
}

impl<S, B, RB> fmt::Debug for ResumeBody<S, B, RB>
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
            State::Done => "done",
        };
        f.debug_struct("ResumeBody")
            .field("state", &state)
            .field("delivered", &self.story.delivered)
            .finish_non_exhaustive()
    }
}
