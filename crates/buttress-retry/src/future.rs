//! The life of one call: attempt, wait, readiness, attempt, …

use crate::decide::{Decision, Situation, decide};
use crate::service::unready;
use crate::{RetryBody, RetryConfig, RetryReport};
use buttress_core::budget::Permit;
use buttress_core::time::{self, Instant, Timer};
use buttress_core::{
    Action, Attempt, BoxError, Deadline, Delays, Failure, History, ReplayableBody, Snapshot,
    StopReason,
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
    pub struct RetryFuture<S, B>
    where
        S: Service<Request<B>>,
    {
        #[pin]
        state: State<S::Future>,
        call: Call<S, B>,
    }
}

pin_project! {
    #[project = StateProj]
    enum State<F> {
        // An attempt is in flight.
        Attempt { #[pin] future: F },
        // The attempt could not even begin: the service did not become ready.
        Unready { failure: Option<Failure> },
        // Waiting before the next attempt. What the failed one held has been let go.
        Wait { timer: Timer, until: Instant },
        // Waiting for the service to become ready for the next attempt.
        Ready,
    }
}

/// What a call keeps between its attempts.
struct Call<S, B> {
    /// The service of the last attempt; polled ready again before it is called again.
    service: S,
    /// `None` when there can be no second attempt, or the body cannot be sent twice.
    kept: Option<Snapshot<B>>,
    /// The request of the next attempt, once there is to be one.
    next: Option<Request<B>>,
    /// The budget's leave to send it: given back when it is not sent after all.
    permit: Option<Permit>,
    config: RetryConfig,
    /// Made when something fails.
    delays: Option<Delays>,
    history: History,
    started: Instant,
}

/// What follows an attempt.
enum Verdict<R> {
    /// The answer for the caller, good or bad.
    Return(Result<R, Failure>),
    /// Another attempt, after this wait.
    Again(Duration),
}

impl<S, B> RetryFuture<S, B>
where
    S: Service<Request<B>>,
    B: ReplayableBody,
{
    /// Begins the first attempt with the readied `service`, unless it was not ready.
    pub(crate) fn new(
        mut service: S,
        config: RetryConfig,
        mut request: Request<B>,
        unready: Option<Failure>,
    ) -> Self {
        let started = time::now();
        config.begin(&mut request);
        let kept = if config.can_retry() {
            Snapshot::take(&request)
        } else {
            None
        };
        let state = match unready {
            Some(failure) => State::Unready {
                failure: Some(failure),
            },
            None => State::Attempt {
                future: service.call(request),
            },
        };
        RetryFuture {
            state,
            call: Call {
                service,
                kept,
                next: None,
                permit: None,
                config,
                delays: None,
                history: History::new(),
                started,
            },
        }
    }
}

impl<S, B, RB> Future for RetryFuture<S, B>
where
    S: Service<Request<B>, Response = Response<RB>> + Clone,
    S::Error: Into<BoxError>,
    B: ReplayableBody,
    RB: Body,
    RB::Error: Into<BoxError>,
{
    type Output = Result<Response<RetryBody<RB>>, Failure>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            let verdict = match this.state.as_mut().project() {
                StateProj::Attempt { future } => {
                    let outcome = ready!(future.poll(cx));
                    this.call
                        .judge(outcome.map_err(|error| Failure::from(error.into())))
                }
                StateProj::Unready { failure } => {
                    let failure = failure.take().unwrap_or_else(polled_too_often);
                    this.call.judge(Err(failure))
                }
                StateProj::Wait { timer, until } => {
                    ready!(timer.poll_until(*until, cx));
                    this.state.set(State::Ready);
                    continue;
                }
                StateProj::Ready => match ready!(this.call.service.poll_ready(cx)) {
                    Ok(()) => {
                        let Some(request) = this.call.next.take() else {
                            return Poll::Ready(Err(polled_too_often()));
                        };
                        if let Some(permit) = this.call.permit.take() {
                            permit.spend();
                        }
                        let future = this.call.service.call(request);
                        this.state.set(State::Attempt { future });
                        continue;
                    }
                    Err(error) => {
                        // What failed to become ready must not be used again.
                        this.call.service = this.call.service.clone();
                        this.call.judge(Err(unready(error)))
                    }
                },
            };
            match verdict {
                Verdict::Return(outcome) => {
                    return Poll::Ready(outcome.map(|response| response.map(RetryBody::new)));
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
    }
}

impl<S, B: ReplayableBody> Call<S, B> {
    /// Judges the outcome of an attempt. A response that is not returned is dropped here.
    fn judge<RB>(&mut self, outcome: Result<Response<RB>, Failure>) -> Verdict<Response<RB>> {
        match outcome {
            Ok(response) => match Failure::of_response(&response) {
                None => Verdict::Return(Ok(self.reported(response))),
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
        let situation = Situation {
            failed: u32::try_from(self.history.len() + 1).unwrap_or(u32::MAX),
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
        let backoff = self.config.backoff();
        let delays = &mut self.delays;
        let decision = decide(failure, situation, || {
            delays.get_or_insert_with(|| backoff.delays()).next_delay()
        });
        match (decision, next) {
            (Decision::Stop(reason), _) => Err(reason),
            (Decision::Retry(_), None) if self.config.can_retry() => {
                Err(StopReason::BodyNotReplayable)
            }
            (Decision::Retry(_), None) => Err(StopReason::NotRepeatable),
            (Decision::Retry(wait), Some(next)) => {
                if let Some(budget) = self.config.budget() {
                    // First gives back one whose attempt could not begin.
                    self.permit = None;
                    let permit = budget.withdraw(failure.kind());
                    self.permit = Some(permit.ok_or(StopReason::Budget)?);
                }
                self.history.push(Attempt::new(
                    failure.kind(),
                    failure.phase(),
                    Action::Retried,
                    elapsed,
                    wait,
                ));
                self.next = Some(next);
                Ok(wait)
            }
        }
    }

    /// The last failure, with all that is known of the way there.
    fn told(&self, failure: Failure, reason: StopReason) -> Failure {
        let reason = failure.stopped().unwrap_or(reason);
        failure.with_earlier(&self.history).with_stopped(reason)
    }

    /// The last response, which stands for a failure.
    fn marked<RB>(
        &self,
        mut response: Response<RB>,
        failure: Failure,
        reason: StopReason,
    ) -> Response<RB> {
        // An answer such as 404 is the caller's business and says all there is to say.
        if reason != StopReason::NotTransient || !self.history.is_empty() {
            self.told(failure, reason).attach(response.extensions_mut());
        }
        response
    }

    /// A good response, with a report if it took more than one attempt.
    fn reported<RB>(&mut self, mut response: Response<RB>) -> Response<RB> {
        if !self.history.is_empty() {
            let history = std::mem::take(&mut self.history);
            response.extensions_mut().insert(RetryReport::new(history));
        }
        response
    }
}

/// For callers that poll a future after it was ready, which a future may answer as it likes.
fn polled_too_often() -> Failure {
    Failure::new(buttress_core::FailureKind::Cancelled)
}

impl<S, B> fmt::Debug for RetryFuture<S, B>
where
    S: Service<Request<B>>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state {
            State::Attempt { .. } => "attempt",
            State::Unready { .. } => "unready",
            State::Wait { .. } => "wait",
            State::Ready => "ready",
        };
        f.debug_struct("RetryFuture")
            .field("state", &state)
            .field("failed", &self.call.history.len())
            .finish_non_exhaustive()
    }
}
