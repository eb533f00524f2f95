//! How a body could be continued: decided when its head arrives, from heads alone.

use crate::content_range::{ContentRange, number};
use crate::etag;
use http::header::{ACCEPT_RANGES, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, RANGE, UPGRADE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

/// How a body will be continued if it breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Plan {
    /// It won't: nothing proves that a continuation would fit.
    None,
    /// As a cursor of the caller's says.
    Cursor,
    /// By `Last-Event-ID`, whole event by whole event (HTML standard, section 9.2).
    Events,
    /// By `Range` with `If-Range` and a strong entity tag (RFC 9110, sections 13.1.5 and 14.2).
    Range(RangePlan),
}

/// The representation a range continues, and the part of it that the caller asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RangePlan {
    pub(crate) etag: HeaderValue,
    /// The position of the body's first byte in the representation.
    pub(crate) first: u64,
    /// The position of the body's last byte, if the caller asked for a range that ends.
    pub(crate) last: Option<u64>,
    /// The length of the whole representation, once known.
    pub(crate) complete: Option<u64>,
    pub(crate) encoding: Option<HeaderValue>,
    pub(crate) content_type: Option<HeaderValue>,
}

/// Whether a request is worth keeping for a continuation: only then is it copied.
pub(crate) fn may_resume(method: &Method, headers: &HeaderMap) -> bool {
    if method != Method::GET {
        return false;
    }
    // A condition of the caller's own decides what the status means; an upgrade leaves HTTP.
    let decides = |name: &HeaderName| name.as_str().starts_with("if-") || name == UPGRADE;
    let mut ranges = 0;
    for name in headers.keys() {
        if decides(name) {
            return false;
        }
        if name == RANGE {
            ranges = headers.get_all(RANGE).iter().count();
        }
    }
    ranges <= 1
}

/// The plan for the body of this response to a request that [may be resumed](may_resume).
pub(crate) fn plan(asked_for_range: bool, status: StatusCode, headers: &HeaderMap) -> Plan {
    match status {
        StatusCode::OK if is_event_stream(headers) && !asked_for_range => {
            if has_events(status, headers) {
                Plan::Events
            } else {
                Plan::None
            }
        }
        StatusCode::OK => match strong_etag(headers) {
            Some(etag) => {
                // The length is the whole's unless a range was asked for and ignored, which is
                // the whole as well.
                let complete = content_length(headers);
                Plan::Range(RangePlan {
                    etag: etag.clone(),
                    first: 0,
                    last: None,
                    complete,
                    encoding: headers.get(CONTENT_ENCODING).cloned(),
                    content_type: headers.get(CONTENT_TYPE).cloned(),
                })
            }
            None => Plan::None,
        },
        StatusCode::PARTIAL_CONTENT => match (ContentRange::of(headers), strong_etag(headers)) {
            (
                Ok(ContentRange::Part {
                    first,
                    last,
                    complete,
                }),
                Some(etag),
            ) => Plan::Range(RangePlan {
                etag: etag.clone(),
                first,
                last: Some(last),
                complete,
                encoding: headers.get(CONTENT_ENCODING).cloned(),
                content_type: headers.get(CONTENT_TYPE).cloned(),
            }),
            _ => Plan::None,
        },
        _ => Plan::None,
    }
}

/// The strong entity tag, if the server does not refuse ranges.
fn strong_etag(headers: &HeaderMap) -> Option<&HeaderValue> {
    let refuses = headers
        .get_all(ACCEPT_RANGES)
        .iter()
        .any(|value| value.as_bytes().eq_ignore_ascii_case(b"none"));
    if refuses { None } else { etag::strong(headers) }
}

/// Whether the body is an event stream with lines to cut at, which a coded one has not.
pub(crate) fn has_events(status: StatusCode, headers: &HeaderMap) -> bool {
    status == StatusCode::OK && is_event_stream(headers) && !is_coded(headers)
}

/// Whether the body is an event stream, whatever its parameters.
fn is_event_stream(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(CONTENT_TYPE) else {
        return false;
    };
    let essence = value
        .as_bytes()
        .split(|&b| b == b';')
        .next()
        .unwrap_or_default();
    essence
        .trim_ascii()
        .eq_ignore_ascii_case(b"text/event-stream")
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
