//! The life of one call: attempt, wait, readiness, attempt, …, gate.

use crate::RetryBody;
use crate::call::{Call, Verdict};
use crate::waiting::Waiting;
use buttress_core::time::{self, Instant, Timer};
use buttress_core::{
    BoxError, Deadline, Delivery, Failure, FailureKind, Guard, Limit, Phase, ReplayableBody,
    StopReason, hint,
};
use http::{Extensions, Request, Response};
use http_body::Body;
use pin_project_lite::pin_project;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tower_service::Service;

pin_project! {
    /// The future of a [`Retry`](crate::Retry)'s call.
    ///
    /// Dropping it drops the attempt in flight, or ends the wait; nothing goes on without it.
    pub struct RetryFuture<S, B, RB>
    where
        S: Service<Request<B>>,
        RB: Body,
    {
        #[pin]
        pub(crate) state: State<S::Future, RB>,
        pub(crate) call: Call<S, B>,
        pub(crate) guard: Guard,
    }
}

pin_project! {
    #[project = StateProj]
    pub(crate) enum State<F, RB>
    where
        RB: Body,
    {
        // An attempt is in flight.
        Attempt { #[pin] future: F },
        // The attempt could not even begin: the service did not become ready.
        Unready { failure: Option<Failure> },
        // Waiting before the next attempt. What the failed one held has been let go.
        Wait { timer: Timer, until: Instant },
        // Waiting for the service to become ready for the next attempt, for as long as one may begin.
        Ready { timer: Timer, until: Instant },
        // A response waits at the gate.
        Gate { waiting: Box<Waiting<RB>> },
    }
}

/// Begins the first attempt with the readied `service`, unless it was not ready. A macro, because a
/// function would have the request moved once more.
macro_rules! begin {
    ($service:ident, $config:ident, $request:ident, $unready:ident) => {{
        let started = time::now();
        let guard = Guard::of($request.extensions());
        let kept = if $config.can_retry() {
            // Asked before, so that what is kept is made where it stays.
            if !$request.body().is_replayable() {
                $config.ask_now(&$request);
            }
            Snapshot::take(&$request)
        } else {
            None
        };
        // In one expression, so that the future is made where it stays.
        RetryFuture {
            state: match $unready {
                None => State::Attempt {
                    future: $service.call($request),
                },
                unready => State::Unready { failure: unready },
            },
            call: Call {
                service: $service,
                kept,
                config: $config,
                started,
                failed: None,
            },
            guard,
        }
    }};
}
pub(crate) use begin;

impl<S, B, RB> Future for RetryFuture<S, B, RB>
where
    S: Service<Request<B>, Response = Response<RB>> + Clone,
    S::Error: Into<BoxError>,
    B: ReplayableBody,
    RB: Body,
    RB::Error: Into<BoxError>,
{
    type Output = Result<Response<RetryBody<RB>>, Failure>;

    #[inline(always)]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.as_mut().project();
        let outcome = match this.state.project() {
            StateProj::Attempt { future } => match future.poll(cx) {
                // Nearly every call: good at once. It is passed on without a detour.
                Poll::Ready(Ok(response)) if this.call.is_plain(&response) => {
                    return Poll::Ready(Ok(response.map(RetryBody::new)));
                }
                // In a box: if the outcome itself were handed on, the compiler would keep a copy of
                // every answer in memory, of plain ones too.
                Poll::Ready(outcome) => Some(Box::new(outcome)),
                Poll::Pending => {
                    ready!(this.guard.poll(cx));
                    return Poll::Ready(Err(self.expire(StopReason::Deadline)));
                }
            },
            _ => None,
        };
        // In a box, because this function would be given the place of the result, and the compiler
        // could not make that of a plain call where it stays.
        match ready!(self.poll_on(outcome, cx)) {
            Ok(response) => Poll::Ready(Ok(*response)),
            Err(failure) => Poll::Ready(Err(failure)),
        }
    }
}

impl<S, B, RB> RetryFuture<S, B, RB>
where
    S: Service<Request<B>, Response = Response<RB>> + Clone,
    S::Error: Into<BoxError>,
    B: ReplayableBody,
    RB: Body,
    RB::Error: Into<BoxError>,
{
    /// Goes on with a call that is more than one good attempt, from the `outcome` of the attempt in
    /// flight if it is there.
    #[cold]
    #[inline(never)]
    fn poll_on(
        mut self: Pin<&mut Self>,
        mut outcome: Option<Box<Result<Response<RB>, S::Error>>>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Box<Response<RetryBody<RB>>>, Failure>> {
        let mut this = self.as_mut().project();
        loop {
            let verdict = match this.state.as_mut().project() {
                StateProj::Attempt { future } => {
                    let outcome = match outcome.take() {
                        Some(outcome) => *outcome,
                        None => match future.poll(cx) {
                            Poll::Ready(outcome) => outcome,
                            Poll::Pending => break,
                        },
                    };
                    this.call
                        .judge(outcome.map_err(|error| Failure::from(error.into())))
                }
                StateProj::Unready { failure } => {
                    let failure = failure.take().unwrap_or_else(polled_too_often);
                    this.call.judge(Err(failure))
                }
                StateProj::Wait { timer, until } => {
                    if timer.poll_until(*until, cx).is_pending() {
                        if let Some(asked) = this.call.asked() {
                            hint::waits_until(asked);
                        }
                        break;
                    }
                    let state = State::ready(this.call);
                    this.state.set(state);
                    continue;
                }
                StateProj::Ready { timer, until } => match this.call.service.poll_ready(cx) {
                    Poll::Ready(Ok(())) if time::now() >= *until => {
                        return Poll::Ready(Err(self.expire(StopReason::Elapsed)));
                    }
                    Poll::Ready(Ok(())) if this.call.next().is_some_and(is_late) => {
                        return Poll::Ready(Err(self.expire(StopReason::Deadline)));
                    }
                    Poll::Ready(Ok(())) => {
                        let Some(request) = this.call.take_next() else {
                            return Poll::Ready(Err(polled_too_often()));
                        };
                        let future = this.call.service.call(request);
                        this.state.set(State::Attempt { future });
                        continue;
                    }
                    Poll::Ready(Err(error)) => {
                        // What failed to become ready must not be used again.
                        this.call.service = this.call.service.clone();
                        this.call.judge(Err(Failure::unready(error)))
                    }
                    Poll::Pending if timer.poll_until(*until, cx).is_ready() => {
                        return Poll::Ready(Err(self.expire(StopReason::Elapsed)));
                    }
                    Poll::Pending => break,
                },
                StateProj::Gate { waiting } => match waiting.poll_open(cx) {
                    Poll::Ready(Some(Ok(response))) => {
                        return Poll::Ready(Ok(Box::new(this.call.reported(response))));
                    }
                    Poll::Ready(Some(Err(failure))) => this.call.judge(Err(failure)),
                    Poll::Ready(None) => return Poll::Ready(Err(polled_too_often())),
                    Poll::Pending => break,
                },
            };
            match verdict {
                Verdict::Return(outcome) => {
                    let answer = |response: Response<RB>| Box::new(response.map(RetryBody::new));
                    return Poll::Ready(outcome.map(answer));
                }
                Verdict::Gate(response, gate) => {
                    let waiting = Box::new(Waiting::new(response, gate));
                    this.state.set(State::Gate { waiting });
                }
                Verdict::Again(wait) => {
                    let state = if wait.is_zero() {
                        State::ready(this.call)
                    } else {
                        State::Wait {
                            timer: Timer::new(),
                            until: time::instant_after(time::now(), wait),
                        }
                    };
                    // Drops the failed attempt, so that its connection is free while we wait.
                    this.state.set(state);
                }
            }
        }
        ready!(this.guard.poll(cx));
        Poll::Ready(Err(self.expire(StopReason::Deadline)))
    }

    /// The deadline has passed, or the time in which an attempt may begin.
    #[cold]
    fn expire(self: Pin<&mut Self>, reason: StopReason) -> Failure {
        let this = self.project();
        let mut failure = this.state.cut_off();
        if reason == StopReason::Elapsed {
            let elapsed = time::now().saturating_duration_since(this.call.started);
            failure = failure.with_limit(Limit::new(this.call.config.elapsed(), elapsed));
        }
        this.call.told(failure, reason)
    }
}

impl<F, RB: Body> State<F, RB> {
    /// Before the next attempt of this call.
    fn ready<S, B>(call: &Call<S, B>) -> Self {
        State::Ready {
            timer: Timer::new(),
            until: call.last_begin(),
        }
    }
}

impl<F, RB> State<F, RB>
where
    RB: Body,
    RB::Error: Into<BoxError>,
{
    /// The time is up: lets go of what is under way.
    #[cold]
    fn cut_off(mut self: Pin<&mut Self>) -> Failure {
        let (phase, delivery) = match self.as_mut().project() {
            StateProj::Attempt { .. } => (Phase::Head, Delivery::Unknown),
            StateProj::Gate { waiting } => (Phase::Body, waiting.delivery()),
            _ => (Phase::Connect, Delivery::NotSent),
        };
        self.set(State::Unready { failure: None });
        Failure::new(FailureKind::TimeoutTotal)
            .with_phase(phase)
            .with_delivery(delivery)
    }
}

/// Whether the deadline of the request with these extensions has passed.
pub(crate) fn is_late(extensions: &Extensions) -> bool {
    Deadline::of(extensions).is_some_and(|deadline| deadline.remaining().is_zero())
}

/// The failure of a call whose deadline had passed before its first attempt.
#[cold]
pub(crate) fn late() -> Failure {
    Failure::new(FailureKind::TimeoutTotal)
        .with_phase(Phase::Connect)
        .with_delivery(Delivery::NotSent)
        .with_stopped(StopReason::Deadline)
}

/// For callers that poll a future after it was ready, which a future may answer as it likes.
fn polled_too_often() -> Failure {
    Failure::new(FailureKind::Cancelled)
}

impl<S, B, RB> fmt::Debug for RetryFuture<S, B, RB>
where
    S: Service<Request<B>>,
    RB: Body,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state {
            State::Attempt { .. } => "attempt",
            State::Unready { .. } => "unready",
            State::Wait { .. } => "wait",
            State::Ready { .. } => "ready",
            State::Gate { .. } => "gate",
        };
        f.debug_struct("RetryFuture")
            .field("state", &state)
            .field("retries", &self.call.retries())
            .finish_non_exhaustive()
    }
}
