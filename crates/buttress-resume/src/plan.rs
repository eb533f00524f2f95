//! How a body could be continued: decided when its head arrives, from heads alone.

use crate::ResumeConfig;
use crate::content_range::{ContentRange, number};
use crate::likeness::{Likeness, Proof};
use http::header::{ACCEPT_RANGES, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, RANGE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

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
            match name.as_str().as_bytes() {
                // A condition of the caller's own decides what the status means; an upgrade leaves
                // HTTP.
                [b'i', b'f', b'-', ..] | b"upgrade" => return Rights::NONE,
                b"range" => ranges = count_ranges(headers),
                _ => {}
            }
        }
        if ranges > 1 {
            return Rights::NONE;
        }
        Rights {
            range: is_get,
            events: true,
            prefix: config.prefix_replay() && (is_safe || headers.contains_key(IDEMPOTENCY_KEY)),
            asked_for_range: ranges == 1,
        }
    }

    /// Whether the request allows nothing.
    pub(crate) fn is_none(self) -> bool {
        !(self.range || self.events || self.prefix)
    }
}

/// How many ranges are asked for, in any number of headers.
fn count_ranges(headers: &HeaderMap) -> usize {
    let commas = |value: &HeaderValue| value.as_bytes().iter().filter(|&&b| b == b',').count();
    headers.get_all(RANGE).iter().map(|v| 1 + commas(v)).sum()
}

fn has_no_body_to_resume(method: &Method) -> bool {
    *method == Method::HEAD || *method == Method::CONNECT
}

/// The plan for the body of this response, which must have `announced` bytes.
pub(crate) fn plan(
    rights: Rights,
    config: &ResumeConfig,
    status: StatusCode,
    headers: &HeaderMap,
    announced: Option<u64>,
) -> Plan {
    if !matches!(status, StatusCode::OK | StatusCode::PARTIAL_CONTENT) {
        return Plan::None;
    }
    if status == StatusCode::OK && is_event_stream(headers) && !rights.asked_for_range {
        // A coded one can only be compared.
        if rights.events && !is_coded(headers) {
            return Plan::Events;
        }
    } else if let Some(plan) = range_plan(rights, config, status, headers, announced) {
        return Plan::Range(plan);
    }
    if rights.prefix {
        if let Some(plan) = prefix_plan(status, headers, announced) {
            return Plan::Prefix(plan);
        }
    }
    Plan::None
}

fn range_plan(
    rights: Rights,
    config: &ResumeConfig,
    status: StatusCode,
    headers: &HeaderMap,
    announced: Option<u64>,
) -> Option<RangePlan> {
    if !rights.range {
        return None;
    }
    let proof = Proof::of(headers, config.overlap_alone())?;
    // RFC 9110, section 15.3.7.2: several parts have their places inside the body.
    if refuses_ranges(headers) || has_type(headers, b"multipart/byteranges") {
        return None;
    }
    let (first, last, complete) = if status == StatusCode::OK {
        // The length is the whole's: a range that was asked for has been ignored.
        (0, None, announced)
    } else {
        let ContentRange::Part {
            first,
            last,
            complete,
        } = ContentRange::of(headers).ok()?
        else {
            return None;
        };
        (first, Some(last), complete)
    };
    Some(RangePlan {
        proof,
        like: Likeness::of(headers),
        first,
        last,
        complete,
        has_length: content_length(headers).is_some(),
    })
}

fn prefix_plan(
    status: StatusCode,
    headers: &HeaderMap,
    announced: Option<u64>,
) -> Option<PrefixPlan> {
    let range = if status == StatusCode::OK {
        None
    } else {
        let range = ContentRange::of(headers).ok();
        Some(range.filter(|range| matches!(range, ContentRange::Part { .. }))?)
    };
    Some(PrefixPlan {
        like: Likeness::of(headers),
        status,
        range,
        length: announced,
    })
}

fn refuses_ranges(headers: &HeaderMap) -> bool {
    headers
        .get_all(ACCEPT_RANGES)
        .iter()
        .any(|value| value.as_bytes().eq_ignore_ascii_case(b"none"))
}

/// Whether the body is an event stream with lines to cut at, which a coded one has not.
pub(crate) fn has_events(status: StatusCode, headers: &HeaderMap) -> bool {
    status == StatusCode::OK && is_event_stream(headers) && !is_coded(headers)
}

/// Whether the body is an event stream, whatever its parameters.
fn is_event_stream(headers: &HeaderMap) -> bool {
    has_type(headers, b"text/event-stream")
}

fn has_type(headers: &HeaderMap, expected: &[u8]) -> bool {
    let Some(value) = headers.get(CONTENT_TYPE) else {
        return false;
    };
    let essence = value
        .as_bytes()
        .split(|&b| b == b';')
        .next()
        .unwrap_or_default();
    essence.trim_ascii().eq_ignore_ascii_case(expected)
}

fn is_coded(headers: &HeaderMap) -> bool {
    headers
        .get_all(CONTENT_ENCODING)
        .iter()
        .any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

/// The one `Content-Length` of these headers (RFC 9110, section 8.6).
pub(crate) fn content_length(headers: &HeaderMap) -> Option<u64> {
    let mut values = headers.get_all(CONTENT_LENGTH).iter();
    let value = values.next()?;
    match values.next() {
        None => number(value.to_str().ok()?),
        Some(_) => None,
    }
}

/// How many bytes the body must have, where the head says so.
pub(crate) fn announced(status: StatusCode, headers: &HeaderMap) -> Option<u64> {
    // RFC 9112, section 6.3: these have no body whatever their length says.
    let bodiless = status == StatusCode::NO_CONTENT
        || status == StatusCode::NOT_MODIFIED
        || status.is_informational();
    if bodiless {
        None
    } else {
        content_length(headers)
    }
}

#[cfg(test)]
mod tests;
