//! Whether a re-opened response continues the body that broke: a pure function of heads and counters.

use crate::content_range::{ContentRange, Unusable};
use crate::etag;
use crate::plan::{Plan, RangePlan, content_length, has_events};
use buttress_core::{Delivery, Failure, FailureKind, Phase, StopReason};
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};

/// What to do with a re-opened response.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// It goes on where the body broke, after `skip` bytes that were delivered before. `complete`
    /// is the length of the whole representation, where the answer says it.
    Continue { skip: u64, complete: Option<u64> },
    /// There is nothing more: the body was complete.
    Finished,
    /// Not this time; a further try may help.
    Again(Failure),
    /// It cannot be continued.
    Stop(Failure),
}

/// Judges the head of a response to a re-opening request.
///
/// `delivered` bytes have gone to the consumer; `max_skip` bytes at most may be read again and
/// thrown away when a server ignores the range.
pub(crate) fn verify(
    plan: &Plan,
    delivered: u64,
    max_skip: u64,
    status: StatusCode,
    headers: &HeaderMap,
) -> Verdict {
    match (plan, status) {
        (_, status) if worth_another_try(status) => Verdict::Again(answered(status, headers)),
        (Plan::None, _) => Verdict::Stop(changed("a body without a plan was re-opened")),
        // Whose cursor is asked instead.
        (Plan::Cursor, _) => Verdict::Stop(changed("a cursor's body was judged without it")),
        // HTML standard, section 9.2.3: 204 means that the stream is over.
        (Plan::Events, StatusCode::NO_CONTENT) => Verdict::Finished,
        (Plan::Events, status) if has_events(status, headers) => Verdict::Continue {
            skip: 0,
            complete: None,
        },
        (Plan::Events, StatusCode::OK) => {
            Verdict::Stop(changed("the answer is no event stream any more"))
        }
        (Plan::Range(plan), StatusCode::PARTIAL_CONTENT) => part(plan, delivered, headers),
        (Plan::Range(plan), StatusCode::OK) => whole(plan, delivered, max_skip, headers),
        (Plan::Range(plan), StatusCode::RANGE_NOT_SATISFIABLE) => {
            unsatisfied(plan, delivered, headers)
        }
        // RFC 9110, section 13.1.1 and 15.4.5: a condition failed, so it is not what it was.
        (Plan::Range(_), StatusCode::PRECONDITION_FAILED | StatusCode::NOT_MODIFIED) => {
            Verdict::Stop(changed("the condition of the range failed"))
        }
        _ => Verdict::Stop(refused(status, headers)),
    }
}

/// A 206 (RFC 9110, section 15.3.7).
fn part(plan: &RangePlan, delivered: u64, headers: &HeaderMap) -> Verdict {
    let (first, last, complete) = match ContentRange::of(headers) {
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
    if let Some(problem) = differs(plan, headers) {
        return Verdict::Stop(changed(problem));
    }
    if plan.first.checked_add(delivered) != Some(first) {
        return Verdict::Stop(broken("the part begins elsewhere than asked"));
    }
    if matches!((plan.complete, complete), (Some(was), Some(is)) if was != is) {
        return Verdict::Stop(changed("the length of the whole is another one now"));
    }
    if plan.last.is_some_and(|asked| last > asked) {
        return Verdict::Stop(broken("the part is longer than asked"));
    }
    // `last - first` cannot be the whole of u64: `last` is below a length.
    if content_length(headers).is_some_and(|length| length != last - first + 1) {
        return Verdict::Stop(broken("the part's length is not that of its range"));
    }
    Verdict::Continue { skip: 0, complete }
}

/// A 200: the range was ignored, or the representation is another one.
fn whole(plan: &RangePlan, delivered: u64, max_skip: u64, headers: &HeaderMap) -> Verdict {
    if let Some(problem) = differs(plan, headers) {
        return Verdict::Stop(changed(problem));
    }
    if matches!((plan.complete, content_length(headers)), (Some(was), Some(is)) if was != is) {
        return Verdict::Stop(changed("the length of the whole is another one now"));
    }
    match plan.first.checked_add(delivered) {
        Some(skip) if skip <= max_skip => Verdict::Continue {
            skip,
            complete: content_length(headers),
        },
        _ => Verdict::Stop(
            broken("the server ignores ranges, and too much would have to be read again")
                .with_stopped(StopReason::NotResumable),
        ),
    }
}

/// A 416 (RFC 9110, section 15.5.17): complete only if it ends exactly where we are.
fn unsatisfied(plan: &RangePlan, delivered: u64, headers: &HeaderMap) -> Verdict {
    let position = plan.first.checked_add(delivered);
    match ContentRange::of(headers) {
        Ok(ContentRange::Unsatisfied { complete })
            if position == Some(complete) && plan.complete.is_none_or(|was| was == complete) =>
        {
            Verdict::Finished
        }
        _ => Verdict::Stop(changed("what is missing is not there any more")),
    }
}

/// What shows that this is another representation. A server may ignore `If-Range`, so the entity
/// tag is compared although the server was asked to.
fn differs(plan: &RangePlan, headers: &HeaderMap) -> Option<&'static str> {
    if etag::strong(headers) != Some(&plan.etag) {
        return Some("the entity tag is another one now");
    }
    // RFC 9110, section 15.3.7: a 206 to an If-Range may leave these out.
    if headers
        .get(CONTENT_ENCODING)
        .is_some_and(|now| Some(now) != plan.encoding.as_ref())
    {
        return Some("the content coding is another one now");
    }
    if headers
        .get(CONTENT_TYPE)
        .is_some_and(|now| Some(now) != plan.content_type.as_ref())
    {
        return Some("the content type is another one now");
    }
    None
}

fn worth_another_try(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS
    ) || (status.is_server_error()
        && !matches!(
            status,
            StatusCode::NOT_IMPLEMENTED | StatusCode::HTTP_VERSION_NOT_SUPPORTED
        ))
}

fn answered(status: StatusCode, headers: &HeaderMap) -> Failure {
    Failure::from_head(status, headers).unwrap_or_else(|| Failure::new(FailureKind::Protocol))
}

/// Any other answer: what it says, as the end.
fn refused(status: StatusCode, headers: &HeaderMap) -> Failure {
    answered(status, headers).with_delivery(Delivery::Answered(status))
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
