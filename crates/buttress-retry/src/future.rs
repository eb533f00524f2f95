//! The life of one call: attempt, wait, readiness, attempt, …, gate.

use crate::decide::{Decision, Situation, decide};
use crate::service::unready;
use crate::waiting::Waiting;
use crate::{Gate, RetryBody, RetryConfig, RetryReport};
use buttress_core::budget::Permit;
use buttress_core::observe::Event;
use buttress_core::time::{self, Instant, Timer};
use buttress_core::{
    Action, Attempt, BoxError, Deadline, Delays, Delivery, Failure, FailureKind, Guard, Hint,
    History, Phase, ReplayableBody, Snapshot, StopReason, hint,
};
use http::{Request, Response};
use http_body::Body;
use pin_project_lite::pin_project;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
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
        // Waiting for the service to become ready for the next attempt.
        Ready,
        // A response waits at the gate.
        Gate { waiting: Box<Waiting<RB>> },
    }
}

/// What a call keeps between its attempts.
pub(crate) struct Call<S, B> {
    /// The service of the last attempt; polled ready again before it is called again.
    pub(crate) service: S,
    /// `None` when there can be no second attempt, or the body cannot be sent twice.
    pub(crate) kept: Option<Snapshot<B>>,
    pub(crate) config: RetryConfig,
    pub(crate) started: Instant,
    /// Made when something fails, so that a call that succeeds at once stays small.
    pub(crate) failed: Option<Box<Failed<B>>>,
}

/// What a call keeps once an attempt failed.
pub(crate) struct Failed<B> {
    delays: Delays,
    history: History,
    /// The request of the next attempt, once there is to be one.
    next: Option<Request<B>>,
    /// The budget's leave to send it: given back when it is not sent after all.
    permit: Option<Permit>,
    /// Until when the server asked to wait.
    asked: Option<Instant>,
}

/// What follows an attempt.
enum Verdict<R> {
    /// The answer for the caller, good or bad.
    Return(Result<R, Failure>),
    /// Another attempt, after this wait.
    Again(Duration),
    /// The head is good; the body has to prove itself first.
    Gate(R, Gate),
}

/// Begins the first attempt with the readied `service`, unless it was not ready. A macro, because a
/// function would have the request moved once more.
macro_rules! begin {
    ($service:ident, $config:ident, $request:ident, $unready:ident) => {{
        let started = time::now();
        let guard = Guard::of($request.extensions());
        let kept = if $config.can_retry() {
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
                Poll::Ready(outcome) => Some(outcome),
                Poll::Pending => {
                    ready!(this.guard.poll(cx));
                    return Poll::Ready(Err(self.expire()));
                }
            },
            _ => None,
        };
        self.poll_on(outcome, cx)
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
        mut outcome: Option<Result<Response<RB>, S::Error>>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Response<RetryBody<RB>>, Failure>> {
        let mut this = self.as_mut().project();
        loop {
            let verdict = match this.state.as_mut().project() {
                StateProj::Attempt { future } => {
                    let outcome = match outcome.take() {
                        Some(outcome) => outcome,
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
                    this.state.set(State::Ready);
                    continue;
                }
                StateProj::Ready => match this.call.service.poll_ready(cx) {
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
                        this.call.judge(Err(unready(error)))
                    }
                    Poll::Pending => break,
                },
                StateProj::Gate { waiting } => match waiting.poll_open(cx) {
                    Poll::Ready(Some(Ok(response))) => {
                        return Poll::Ready(Ok(this.call.reported(response)));
                    }
                    Poll::Ready(Some(Err(failure))) => this.call.judge(Err(failure)),
                    Poll::Ready(None) => return Poll::Ready(Err(polled_too_often())),
                    Poll::Pending => break,
                },
            };
            match verdict {
                Verdict::Return(outcome) => {
                    return Poll::Ready(outcome.map(|response| response.map(RetryBody::new)));
                }
                Verdict::Gate(response, gate) => {
                    let waiting = Box::new(Waiting::new(response, gate));
                    this.state.set(State::Gate { waiting });
                }
                Verdict::Again(wait) => {
                    let state = if wait.is_zero() {
                        State::Ready
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
        Poll::Ready(Err(self.expire()))
    }

    /// The deadline has passed.
    #[cold]
    fn expire(self: Pin<&mut Self>) -> Failure {
        let this = self.project();
        let failure = this.state.cut_off();
        this.call.told(failure, StopReason::Deadline)
    }
}

impl<F, RB> State<F, RB>
where
    RB: Body,
    RB::Error: Into<BoxError>,
{
    /// The deadline has passed: lets go of what is under way.
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

impl<S, B: ReplayableBody> Call<S, B> {
    /// Whether there is nothing to judge, to report or to wait for, as far as a glance can tell.
    #[inline]
    fn is_plain<RB>(&self, response: &Response<RB>) -> bool {
        let status = response.status();
        self.failed.is_none()
            && self.config.gate().is_none()
            && !status.is_client_error()
            && !status.is_server_error()
            && response.extensions().is_empty()
    }

    /// Judges the outcome of an attempt. A response that is not returned is dropped here.
    fn judge<RB>(&mut self, outcome: Result<Response<RB>, Failure>) -> Verdict<Response<RB>> {
        match outcome {
            Ok(response) => match Failure::of_response(&response) {
                None => match self.config.gate() {
                    // Without a request to send again there is nothing to be gained by waiting.
                    Some(gate) if self.kept.is_some() => Verdict::Gate(response, gate.clone()),
                    _ => Verdict::Return(Ok(self.reported(response))),
                },
                Some(failure) => match self.decide(&failure) {
                    Ok(wait) => Verdict::Again(wait),
                    Err(reason) => Verdict::Return(Ok(self.marked(response, failure, reason))),
                },
            },
            Err(failure) => match self.decide(&failure) {
                Ok(wait) => Verdict::Again(wait),
                Err(reason) => Verdict::Return(Err(self.told(failure, reason))),
            },
        }
    }

    /// The wait before the next attempt, whose request is then at hand, or why there is none.
    fn decide(&mut self, failure: &Failure) -> Result<Duration, StopReason> {
        let elapsed = time::now() - self.started;
        let next = self.kept.as_ref().and_then(Snapshot::rebuild);
        let consent = self.config.consent();
        let failed = self.failed.get_or_insert_with(|| {
            Box::new(Failed {
                delays: self.config.backoff().delays(),
                history: History::new(),
                next: None,
                permit: None,
                asked: None,
            })
        });
        let situation = Situation {
            failed: count(&failed.history).saturating_add(1),
            attempts: self.config.attempts(),
            // Without a request to send again, see first whether one is wanted at all.
            repeatable: next
                .as_ref()
                .is_none_or(|next| consent.allows(next.method(), next.headers())),
            elapsed_left: self.config.elapsed().saturating_sub(elapsed),
            deadline_left: next
                .as_ref()
                .and_then(|next| Deadline::of(next.extensions()))
                .map(Deadline::remaining),
        };
        let decision = decide(failure, situation, || failed.delays.next_delay());
        match (decision, next) {
            (Decision::Stop(reason), _) => Err(reason),
            (Decision::Retry(_), None) if self.config.can_retry() => {
                Err(StopReason::BodyNotReplayable)
            }
            (Decision::Retry(_), None) => Err(StopReason::NotRepeatable),
            (Decision::Retry(wait), Some(next)) => {
                if let Some(budget) = self.config.budget() {
                    // First gives back one whose attempt could not begin.
                    failed.permit = None;
                    let permit = budget.withdraw(failure.kind());
                    failed.permit = Some(permit.ok_or(StopReason::Budget)?);
                }
                failed.history.push(Attempt::new(
                    failure.kind(),
                    failure.phase(),
                    Action::Retried,
                    elapsed,
                    wait,
                ));
                failed.next = Some(next);
                let asked = failure.hint().and_then(Hint::after);
                failed.asked = asked.map(|asked| time::instant_after(time::now(), asked));
                self.config.watch().tell(&Event::Again {
                    action: Action::Retried,
                    failure,
                    resend_count: situation.failed,
                    wait,
                });
                Ok(wait)
            }
        }
    }

    /// The last failure, with all that is known of the way there.
    fn told(&self, failure: Failure, reason: StopReason) -> Failure {
        let reason = failure.stopped().unwrap_or(reason);
        let failure = match &self.failed {
            Some(failed) => failure.with_earlier(&failed.history),
            None => failure,
        };
        let failure = failure.with_stopped(reason);
        self.config.watch().tell(&Event::GaveUp {
            action: Action::Retried,
            failure: &failure,
            resend_count: self.retries(),
        });
        failure
    }

    /// The last response, which stands for a failure.
    fn marked<RB>(
        &self,
        mut response: Response<RB>,
        failure: Failure,
        reason: StopReason,
    ) -> Response<RB> {
        // An answer such as 404 is the caller's business and says all there is to say.
        if reason != StopReason::NotTransient || self.retries() > 0 {
            self.told(failure, reason).attach(response.extensions_mut());
        }
        response
    }

    /// A good response, with a report if it took more than one attempt.
    fn reported<RB>(&mut self, mut response: Response<RB>) -> Response<RB> {
        if let Some(failed) = self.failed.take() {
            self.config.watch().tell(&Event::Recovered {
                action: Action::Retried,
                resend_count: count(&failed.history),
            });
            let report = RetryReport::new(failed.history);
            response.extensions_mut().insert(report);
        }
        response
    }
}

impl<S, B> Call<S, B> {
    /// The request of the attempt that begins now, which spends what the budget gave for it.
    fn take_next(&mut self) -> Option<Request<B>> {
        let failed = self.failed.as_mut()?;
        if let Some(permit) = failed.permit.take() {
            permit.spend();
        }
        failed.next.take()
    }

    /// Until when the server asked to wait, if it did.
    fn asked(&self) -> Option<Instant> {
        self.failed.as_ref()?.asked
    }

    fn retries(&self) -> u32 {
        self.failed
            .as_ref()
            .map_or(0, |failed| count(&failed.history))
    }
}

fn count(history: &History) -> u32 {
    u32::try_from(history.len()).unwrap_or(u32::MAX)
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
            State::Ready => "ready",
            State::Gate { .. } => "gate",
        };
        f.debug_struct("RetryFuture")
            .field("state", &state)
            .field("retries", &self.call.retries())
            .finish_non_exhaustive()
    }
}
