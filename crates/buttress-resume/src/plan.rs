//! How a body could be continued: decided when its head arrives, from heads alone.

use crate::ResumeConfig;
use crate::content_range::ContentRange;
use crate::head::{Head, settle_length};
use crate::likeness::{Likeness, Proof};
use buttress_core::Failure;
use http::header::{
    IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE, RANGE, UPGRADE,
};
use http::response::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use std::hash::{Hash, Hasher};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// How a body will be continued if it breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Plan {
    /// It won't: nothing proves that a continuation would fit.
    None,
    /// As a cursor of the caller's says.
    Cursor,
    /// By `Last-Event-ID`, whole event by whole event (HTML standard, section 9.2).
    Events,
    /// By `Range` with `If-Range` (RFC 9110, sections 13.1.5 and 14.2).
    Range(RangePlan),
    /// By the same request again, what was delivered being compared and left out.
    Prefix(PrefixPlan),
}

/// The representation a range continues, and the part of it that the caller asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RangePlan {
    pub(crate) proof: Proof,
    pub(crate) like: Likeness,
    /// The position of the body's first byte in the representation.
    pub(crate) first: u64,
    /// The position of the body's last byte, if the caller asked for a range that ends.
    pub(crate) last: Option<u64>,
    /// The length of the whole representation, once known.
    pub(crate) complete: Option<u64>,
    /// The first head said how many bytes its body has.
    pub(crate) has_length: bool,
}

/// The response that another one to the same request must be like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PrefixPlan {
    pub(crate) like: Likeness,
    pub(crate) status: StatusCode,
    pub(crate) range: Option<ContentRange>,
    pub(crate) length: Option<u64>,
}

/// Which plans a request allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rights {
    pub(crate) range: bool,
    pub(crate) events: bool,
    pub(crate) prefix: bool,
    /// The caller asked for a range of its own.
    pub(crate) asked_for_range: bool,
}

impl Plan {
    /// How many bytes the first answer's place in the representation has, where it said one.
    pub(crate) fn placed(&self) -> Option<u64> {
        match self {
            Plan::Range(plan) => plan.placed(),
            Plan::Prefix(plan) => plan.range.as_ref()?.len(),
            Plan::None | Plan::Cursor | Plan::Events => None,
        }
    }
}

impl RangePlan {
    /// The same.
    pub(crate) fn placed(&self) -> Option<u64> {
        let last = self.last?;
        last.checked_sub(self.first)?.checked_add(1)
    }
}

impl Rights {
    const NONE: Rights = Rights {
        range: false,
        events: false,
        prefix: false,
        asked_for_range: false,
    };

    /// What a request allows, by its head: only if it allows something it is kept.
    #[inline]
    pub(crate) fn of(method: &Method, headers: &HeaderMap, config: &ResumeConfig) -> Self {
        let is_get = *method == Method::GET;
        if !is_get && !config.any_method() && *method == Method::POST {
            return Rights::NONE;
        }
        // RFC 9110, section 9.2.1; QUERY is safe as well, but ranges are not defined for it.
        let is_safe = is_get || method.as_str() == "QUERY";
        if !is_safe && (!config.any_method() || has_no_body_to_resume(method)) {
            return Rights::NONE;
        }
        Rights::by_headers(is_get, is_safe, headers, config)
    }

    fn by_headers(is_get: bool, is_safe: bool, headers: &HeaderMap, config: &ResumeConfig) -> Self {
        let mut ranges = 0;
        for name in headers.keys() {
            if !matters(name) {
                continue;
            }
            // A condition of the caller's own decides what the status means; an upgrade leaves HTTP.
            if *name != RANGE {
                return Rights::NONE;
            }
            ranges = count_ranges(headers);
        }
        if ranges > 1 {
            return Rights::NONE;
        }
        Rights {
            range: is_get,
            events: true,
            prefix: config.prefix_replay() && (is_safe || has_key(headers)),
            asked_for_range: ranges == 1,
        }
    }

    /// Whether the request allows nothing.
    pub(crate) fn is_none(self) -> bool {
        !(self.range || self.events || self.prefix)
    }
}

/// Whether the name is `range` or `upgrade`, or begins with `if-`.
#[inline(always)]
fn matters(name: &HeaderName) -> bool {
    // One test of bits.
    if *name == IF_MATCH
        || *name == IF_MODIFIED_SINCE
        || *name == IF_NONE_MATCH
        || *name == IF_RANGE
        || *name == IF_UNMODIFIED_SINCE
        || *name == RANGE
        || *name == UPGRADE
    {
        return true;
    }
    let mut text = Text {
        is_condition: false,
    };
    name.hash(&mut text);
    text.is_condition
}

/// Sees the text of a name when it is hashed, which is at hand only where the name is none of
/// those that `http` knows: to get it of one of those takes three times as long as all the rest.
struct Text {
    is_condition: bool,
}

impl Hasher for Text {
    #[inline(always)]
    fn write(&mut self, text: &[u8]) {
        self.is_condition |= text.starts_with(b"if-");
    }

    #[inline(always)]
    fn write_isize(&mut self, _: isize) {} // The number of a name that is known.

    #[inline(always)]
    fn write_u8(&mut self, _: u8) {} // The same.

    fn finish(&self) -> u64 {
        0 // Nobody asks.
    }
}

/// How many ranges are asked for, in any number of headers.
#[cold]
#[inline(never)]
fn count_ranges(headers: &HeaderMap) -> usize {
    let commas = |value: &HeaderValue| value.as_bytes().iter().filter(|&&b| b == b',').count();
    headers.get_all(RANGE).iter().map(|v| 1 + commas(v)).sum()
}

/// Whether a key is there: one of nothing but white space tells two requests apart as little as none.
fn has_key(headers: &HeaderMap) -> bool {
    headers
        .get(IDEMPOTENCY_KEY)
        .is_some_and(|key| !key.as_bytes().trim_ascii().is_empty())
}

fn has_no_body_to_resume(method: &Method) -> bool {
    *method == Method::HEAD || *method == Method::CONNECT
}

/// What is read off the head of a response.
pub(crate) struct Read {
    /// How many bytes the body must have.
    pub(crate) announced: Option<u64>,
    /// A length is said that does not count.
    pub(crate) has_false_length: bool,
    pub(crate) plan: Plan,
}

/// Reads the head of a response. There is a plan only if its request may be sent again.
#[inline(never)]
pub(crate) fn read(rights: Option<Rights>, config: &ResumeConfig, parts: &Parts) -> Read {
    let head = Head::of(&parts.headers);
    let announced = head.length().filter(|_| !is_bodiless(parts.status));
    let has_false_length = head.has_false_length();
    // A response that stands for a failure is not what was asked for.
    match rights {
        Some(rights) if may_go_on(config, &head) && Failure::of(&parts.extensions).is_none() => {
            Read {
                announced,
                has_false_length,
                plan: plan(rights, config, parts.status, &head, announced),
            }
        }
        _ => Read {
            announced,
            has_false_length,
            plan: Plan::None,
        },
    }
}

/// Whether there may be a plan for a body with this head: most heads show nothing to go on by.
#[inline]
fn may_go_on(config: &ResumeConfig, head: &Head<'_>) -> bool {
    let shows_something = head.etag.first().is_some()
        || head.last_modified.is_some()
        || head.is_event_stream()
        || config.overlap_alone()
        || config.prefix_replay();
    shows_something && !head.is_transfer_coded
}

/// The plan for the body of this response, which must have `announced` bytes.
// Not inlined: else a plan that is none would be made apart and copied, too.
#[inline(never)]
fn plan(
    rights: Rights,
    config: &ResumeConfig,
    status: StatusCode,
    head: &Head<'_>,
    announced: Option<u64>,
) -> Plan {
    if !matches!(status, StatusCode::OK | StatusCode::PARTIAL_CONTENT) {
        return Plan::None;
    }
    if status == StatusCode::OK && head.is_event_stream() && !rights.asked_for_range {
        // A coded one can only be compared.
        if rights.events && !head.is_coded {
            return Plan::Events;
        }
    } else if let Some(plan) = range_plan(rights, config, status, head, announced) {
        return Plan::Range(plan);
    }
    if rights.prefix {
        if let Some(plan) = prefix_plan(status, head, announced) {
            return Plan::Prefix(plan);
        }
    }
    Plan::None
}

fn range_plan(
    rights: Rights,
    config: &ResumeConfig,
    status: StatusCode,
    head: &Head<'_>,
    announced: Option<u64>,
) -> Option<RangePlan> {
    if !rights.range {
        return None;
    }
    let proof = Proof::of(head, config.overlap_alone())?;
    // RFC 9110, section 15.3.7.2: several parts have their places inside the body.
    if head.refuses_ranges || head.has_type(b"multipart/byteranges") {
        return None;
    }
    let (first, last, complete) = if status == StatusCode::OK {
        // The length is the whole's: a range that was asked for has been ignored.
        (0, None, announced)
    } else {
        let range = ContentRange::of(head.headers).ok()?;
        let ContentRange::Part {
            first,
            last,
            complete,
        } = range
        else {
            return None;
        };
        // Of two lengths nobody can say which one counts.
        if announced.is_some_and(|length| range.len() != Some(length)) {
            return None;
        }
        (first, Some(last), complete)
    };
    Some(RangePlan {
        proof,
        like: Likeness::of(head),
        first,
        last,
        complete,
        has_length: head.length().is_some(),
    })
}

fn prefix_plan(status: StatusCode, head: &Head<'_>, announced: Option<u64>) -> Option<PrefixPlan> {
    let range = if status == StatusCode::OK {
        None
    } else {
        let range = ContentRange::of(head.headers).ok();
        Some(range.filter(|range| matches!(range, ContentRange::Part { .. }))?)
    };
    Some(PrefixPlan {
        like: Likeness::of(head),
        status,
        range,
        length: announced,
    })
}

/// How many bytes the body must have, where the head says so. A length that does not count goes.
pub(crate) fn announced(status: StatusCode, headers: &mut HeaderMap) -> Option<u64> {
    settle_length(headers).filter(|_| !is_bodiless(status))
}

/// Whether a response of this status has no body, whatever its head says.
pub(crate) fn is_bodiless(status: StatusCode) -> bool {
    // RFC 9112, section 6.3.
    status == StatusCode::NO_CONTENT
        || status == StatusCode::NOT_MODIFIED
        || status.is_informational()
}

#[cfg(test)]
mod tests;
