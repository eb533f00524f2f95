//! What is known of a call besides the attempt in flight, and what follows from an outcome.

use crate::decide::{Decision, Situation, decide};
use crate::{Gate, RetryConfig, RetryReport};
use buttress_core::budget::Permit;
use buttress_core::observe::Event;
use buttress_core::time::{self, Instant};
use buttress_core::{
    Action, Attempt, Deadline, Delays, Delivery, Failure, Hint, History, ReplayableBody, Snapshot,
    StopReason,
};
use http::{Extensions, Request, Response};
use std::time::Duration;

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
    /// An attempt may have had an effect.
    may_be_done: bool,
}

/// Among the extensions of the answer to the last attempt, which waits at no gate: nor does it at that
/// of a layer outside, or their tries would multiply.
#[derive(Clone, Copy, Debug)]
struct PassedLast;

/// What follows an attempt.
pub(crate) enum Verdict<R> {
    /// The answer for the caller, good or bad.
    Return(Result<R, Failure>),
    /// Another attempt, after this wait.
    Again(Duration),
    /// The head is good; the body has to prove itself first.
    Gate(R, Gate),
}

impl<S, B: ReplayableBody> Call<S, B> {
    /// Whether there is nothing to report or to wait for, and nothing that [`Failure::of_response`] would
    /// find.
    #[inline(always)]
    pub(crate) fn is_plain<RB>(&self, response: &Response<RB>) -> bool {
        let status = response.status();
        self.failed.is_none()
            && self.config.gate().is_none()
            && !status.is_client_error()
            && !status.is_server_error()
            && !holds_failure(response.extensions())
    }

    /// Judges the outcome of an attempt. A response that is not returned is dropped here.
    pub(crate) fn judge<RB>(
        &mut self,
        outcome: Result<Response<RB>, Failure>,
    ) -> Verdict<Response<RB>> {
        match outcome {
            Ok(response) => match Failure::of_response(&response) {
                None => match self.gate(response.extensions()) {
                    Some(gate) => Verdict::Gate(response, gate),
                    None => Verdict::Return(Ok(self.passed(response))),
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

    /// The gate that a response with these extensions is to wait at. Where nothing would be sent again
    /// there is nothing to be gained by waiting.
    fn gate(&self, extensions: &Extensions) -> Option<Gate> {
        let gate = self.config.gate()?;
        let head = self.kept.as_ref()?.head()?;
        let may_go_again = self.has_attempts()
            && extensions.get::<PassedLast>().is_none()
            && self.config.consent().allows(head.method(), head.headers());
        may_go_again.then(|| gate.clone())
    }

    /// A good response that waits at no gate.
    fn passed<RB>(&mut self, response: Response<RB>) -> Response<RB> {
        let is_last = self.config.gate().is_some() && self.retries() > 0 && !self.has_attempts();
        let mut response = self.reported(response);
        if is_last {
            response.extensions_mut().insert(PassedLast);
        }
        response
    }

    /// Whether another attempt may follow the one that is under way.
    fn has_attempts(&self) -> bool {
        self.retries().saturating_add(1) < self.config.attempts()
    }

    /// The wait before the next attempt, whose request is then at hand, or why there is none.
    fn decide(&mut self, failure: &Failure) -> Result<Duration, StopReason> {
        let elapsed = time::now() - self.started;
        let next = self.kept.as_ref().and_then(Snapshot::rebuild);
        let consent = self.config.consent();
        let repeatable = match (&next, &self.kept) {
            (Some(next), _) => consent.allows(next.method(), next.headers()),
            // Its body was not kept: see first whether it is wanted at all.
            (None, Some(kept)) => kept
                .head()
                .is_none_or(|head| consent.allows(head.method(), head.headers())),
            (None, None) => self.config.may_allow(),
        };
        let failed = self.failed.get_or_insert_with(|| {
            Box::new(Failed {
                delays: self.config.backoff().delays(),
                history: History::new(),
                next: None,
                permit: None,
                asked: None,
                may_be_done: false,
            })
        });
        let situation = Situation {
            failed: count(&failed.history).saturating_add(1),
            attempts: self.config.attempts(),
            repeatable,
            only_once: self.config.is_only_once(),
            elapsed_left: self.config.elapsed().saturating_sub(elapsed),
            deadline_left: next
                .as_ref()
                .and_then(|next| Deadline::of(next.extensions()))
                .map(Deadline::remaining),
        };
        let decision = decide(failure, situation, || failed.delays.next_delay());
        match (decision, next) {
            (Decision::Stop(reason), _) => Err(reason),
            (Decision::Retry(_), None) => Err(StopReason::BodyNotReplayable),
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
                failed.may_be_done |= !failure.delivery().is_unprocessed();
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
    pub(crate) fn told(&self, failure: Failure, reason: StopReason) -> Failure {
        // What was found further in stays, unless tries were spent since.
        let reason = match failure.stopped() {
            Some(below) if below.is_exhausted() || !reason.is_exhausted() => below,
            _ => reason,
        };
        let failure = match &self.failed {
            // What the last attempt did not do, one before may have done.
            Some(failed) if failed.may_be_done && failure.delivery().is_unprocessed() => failure
                .with_delivery(Delivery::Unknown)
                .with_earlier(&failed.history),
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
    pub(crate) fn reported<RB>(&mut self, mut response: Response<RB>) -> Response<RB> {
        if let Some(failed) = self.failed.take() {
            self.config.watch().tell(&Event::Recovered {
                action: Action::Retried,
                resend_count: count(&failed.history),
            });
            let below = RetryReport::of(response.extensions());
            let mut history = below.map_or_else(History::new, |below| below.history().clone());
            history.prepend(&failed.history);
            response.extensions_mut().insert(RetryReport::new(history));
        }
        response
    }
}

impl<S, B> Call<S, B> {
    /// The request of the attempt that begins now, which spends what the budget gave for it.
    pub(crate) fn take_next(&mut self) -> Option<Request<B>> {
        let failed = self.failed.as_mut()?;
        if let Some(permit) = failed.permit.take() {
            permit.spend();
        }
        failed.next.take()
    }

    /// The extensions of the request of the next attempt, while it waits for that.
    pub(crate) fn next(&self) -> Option<&Extensions> {
        Some(self.failed.as_ref()?.next.as_ref()?.extensions())
    }

    /// When no further attempt may begin.
    pub(crate) fn last_begin(&self) -> Instant {
        time::instant_after(self.started, self.config.elapsed())
    }

    /// Until when the server asked to wait, if it did.
    pub(crate) fn asked(&self) -> Option<Instant> {
        self.failed.as_ref()?.asked
    }

    pub(crate) fn retries(&self) -> u32 {
        self.failed
            .as_ref()
            .map_or(0, |failed| count(&failed.history))
    }
}

fn count(history: &History) -> u32 {
    u32::try_from(history.len()).unwrap_or(u32::MAX)
}

/// One look where there are none, as those of clients in memory have.
#[inline(always)]
fn holds_failure(extensions: &Extensions) -> bool {
    !extensions.is_empty() && Failure::of(extensions).is_some()
}
