//! Whether a re-opened response continues the body that broke: a pure function of heads and counters.

use crate::content_range::{ContentRange, Unusable};
use crate::head::Head;
use crate::likeness::Proof;
use crate::plan::{Plan, PrefixPlan, RangePlan};
use buttress_core::{Delivery, Failure, FailureKind, Phase, StopReason};
use http::{HeaderMap, StatusCode};

/// What to do with a re-opened response.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// It goes on where the body broke.
    Continue(Continuation),
    /// There is nothing more: the body was complete.
    Finished,
    /// Not this time; a further try may help.
    Again(Failure),
    /// It cannot be continued.
    Stop(Failure),
}

/// How a re-opened response continues the body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Continuation {
    /// How many bytes come again that were delivered before.
    pub(crate) again: u64,
    /// The length of the whole representation, or of the whole answer where that is sent again,
    /// where the answer says it.
    pub(crate) complete: Option<u64>,
    /// The position in the representation behind the last byte of this answer that was asked for,
    /// where it says so.
    pub(crate) end: Option<u64>,
    /// It may go on behind that: it has more than was asked for.
    pub(crate) has_more: bool,
}

/// What was asked for, and what may be done about an answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) plan: &'a Plan,
    /// Bytes that have gone to the consumer.
    pub(crate) delivered: u64,
    /// How many of them were asked for again, to be compared.
    pub(crate) overlap: u64,
    /// The most bytes that may be read again when a server ignores the range.
    pub(crate) max_reread: u64,
}

/// Judges the head of a response to a re-opening request.
pub(crate) fn verify(asked: Asked<'_>, status: StatusCode, headers: &HeaderMap) -> Verdict {
    if let Some(failure) = passing(status, headers) {
        return Verdict::Again(failure);
    }
    let head = &Head::of(headers);
    match (asked.plan, status) {
        (Plan::None, _) => Verdict::Stop(changed("a body without a plan was re-opened")),
        // Whose cursor is asked instead.
        (Plan::Cursor, _) => Verdict::Stop(changed("a cursor's body was judged without it")),
        (_, StatusCode::OK | StatusCode::PARTIAL_CONTENT) if head.is_transfer_coded => {
            Verdict::Stop(broken("the answer is in a transfer coding"))
        }
        // HTML standard, section 9.2.3: 204 means that the stream is over.
        (Plan::Events, StatusCode::NO_CONTENT) => Verdict::Finished,
        (Plan::Events, status) if head.has_events(status) => {
            Verdict::Continue(Continuation::default())
        }
        (Plan::Events, StatusCode::OK) => {
            Verdict::Stop(changed("the answer is no event stream any more"))
        }
        (Plan::Range(plan), StatusCode::PARTIAL_CONTENT) => part(plan, asked, head),
        (Plan::Range(plan), StatusCode::OK) => whole(plan, asked, head),
        (Plan::Range(plan), StatusCode::RANGE_NOT_SATISFIABLE) => unsatisfied(plan, asked, headers),
        // RFC 9110, section 13.1.1 and 15.4.5: a condition failed, so it is not what it was.
        (Plan::Range(_), StatusCode::PRECONDITION_FAILED | StatusCode::NOT_MODIFIED) => {
            Verdict::Stop(changed("the condition of the range failed"))
        }
        (Plan::Prefix(plan), status) if status == plan.status => same(plan, asked, head),
        _ => Verdict::Stop(refused(status, headers)),
    }
}

/// A 206 (RFC 9110, section 15.3.7).
fn part(plan: &RangePlan, asked: Asked<'_>, head: &Head<'_>) -> Verdict {
    let (first, last, complete) = match ContentRange::of(head.headers) {
        Ok(ContentRange::Part {
            first,
            last,
            complete,
        }) => (first, last, complete),
        Ok(ContentRange::Unsatisfied { .. }) | Err(Unusable::Malformed) => {
            return Verdict::Stop(broken("the part does not say where it belongs"));
        }
        Err(Unusable::Missing) => {
            return Verdict::Stop(broken("the part came without Content-Range"));
        }
        Err(Unusable::Repeated) => {
            return Verdict::Stop(broken("the part came with two Content-Range headers"));
        }
    };
    if let Some(problem) = plan.like.differs(plan.proof, true, head) {
        return Verdict::Stop(changed(problem));
    }
    if asked
        .position(plan)
        .and_then(|at| at.checked_sub(asked.overlap))
        != Some(first)
    {
        return Verdict::Stop(broken("the part begins elsewhere than asked"));
    }
    if matches!((plan.complete, complete), (Some(was), Some(is)) if was != is) {
        return Verdict::Stop(changed("the length of the whole is another one now"));
    }
    if plan.complete.is_some_and(|complete| last >= complete) {
        return Verdict::Stop(changed("the part ends behind the end of the whole"));
    }
    if plan.last.is_some_and(|asked| last > asked) {
        return Verdict::Stop(broken("the part is longer than asked"));
    }
    match head.length() {
        // `last - first` cannot be the whole of u64: `last` is below a length.
        Some(length) if length != last - first + 1 => {
            return Verdict::Stop(broken("the part's length is not that of its range"));
        }
        Some(_) => {}
        // What a decoder gives out has no length, and ranges count the bytes that it takes in.
        None if !plan.has_length => {
            return Verdict::Stop(
                broken(
                    "no answer said its length, as where a decoder below changes the bytes that \
                     ranges count: resume below the decoder",
                )
                .with_stopped(StopReason::NotResumable),
            );
        }
        None => {}
    }
    Verdict::Continue(Continuation {
        again: asked.overlap,
        complete,
        end: Some(last + 1),
        has_more: false,
    })
}

/// A 200: the range was ignored, or the representation is another one.
fn whole(plan: &RangePlan, asked: Asked<'_>, head: &Head<'_>) -> Verdict {
    if let Some(problem) = plan.like.differs(plan.proof, false, head) {
        return Verdict::Stop(changed(problem));
    }
    let length = head.length();
    if matches!((plan.complete, length), (Some(was), Some(is)) if was != is) {
        return Verdict::Stop(changed("the length of the whole is another one now"));
    }
    // The caller's own range may end before the whole does.
    let asked_end = plan.last.and_then(|last| last.checked_add(1));
    let more_than = |end: &u64| length.is_none_or(|length| length > *end);
    let end_within = asked_end.filter(more_than);
    match asked.position(plan) {
        Some(again) if again <= asked.max_reread => Verdict::Continue(Continuation {
            again,
            complete: length,
            end: end_within.or(length),
            has_more: end_within.is_some(),
        }),
        _ => Verdict::Stop(
            broken("the server ignores ranges, and too much would have to be read again")
                .with_stopped(StopReason::NotResumable),
        ),
    }
}

/// A 416 (RFC 9110, section 15.5.17): complete only if it ends exactly where we are.
fn unsatisfied(plan: &RangePlan, asked: Asked<'_>, headers: &HeaderMap) -> Verdict {
    match ContentRange::of(headers) {
        Ok(ContentRange::Unsatisfied { complete })
            if asked.position(plan) == Some(complete)
                && asked.overlap == 0
                // A place that ends is not behind the end.
                && plan.last.is_none()
                && plan.complete.is_none_or(|was| was == complete) =>
        {
            Verdict::Finished
        }
        _ => Verdict::Stop(changed("what is missing is not there any more")),
    }
}

/// The answer to the same request, with the same status.
fn same(plan: &PrefixPlan, asked: Asked<'_>, head: &Head<'_>) -> Verdict {
    if let Some(problem) = plan.like.differs(Proof::Overlap, false, head) {
        return Verdict::Stop(changed(problem));
    }
    let length = head.length();
    if matches!((plan.length, length), (Some(was), Some(is)) if was != is) {
        return Verdict::Stop(changed("the length is another one now"));
    }
    if plan.range != ContentRange::of(head.headers).ok() {
        return Verdict::Stop(changed("the range is another one now"));
    }
    Verdict::Continue(Continuation {
        again: asked.delivered,
        complete: length,
        end: None,
        has_more: false,
    })
}

impl Asked<'_> {
    /// Where the body goes on in the representation.
    fn position(&self, plan: &RangePlan) -> Option<u64> {
        plan.first.checked_add(self.delivered)
    }
}

/// An answer that stands for a failure, if a further try may help against it.
fn passing(status: StatusCode, headers: &HeaderMap) -> Option<Failure> {
    Failure::from_head(status, headers).filter(Failure::is_transient)
}

/// Any other answer: what it says, as the end.
fn refused(status: StatusCode, headers: &HeaderMap) -> Failure {
    Failure::from_head(status, headers)
        .unwrap_or_else(|| Failure::new(FailureKind::Protocol))
        .with_delivery(Delivery::Answered(status))
}

fn changed(problem: &'static str) -> Failure {
    Failure::new(FailureKind::RepresentationChanged)
        .with_phase(Phase::Body)
        .with_source(problem)
}

fn broken(problem: &'static str) -> Failure {
    Failure::new(FailureKind::Protocol)
        .with_phase(Phase::Body)
        .with_transient(false)
        .with_source(problem)
}

#[cfg(test)]
mod tests;
