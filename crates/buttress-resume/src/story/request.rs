//! What a further request says.

use super::Story;
use crate::events::Cursor;
use crate::likeness::Proof;
use crate::plan::{Plan, RangePlan};
use http::header::{
    ACCEPT, CACHE_CONTROL, CONNECTION, CONTENT_LENGTH, IF_RANGE, RANGE, TE, TRAILER,
    TRANSFER_ENCODING, UPGRADE,
};
use http::{HeaderMap, HeaderName, HeaderValue};

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
const KEEP_ALIVE: HeaderName = HeaderName::from_static("keep-alive");
const PROXY_CONNECTION: HeaderName = HeaderName::from_static("proxy-connection");

impl Story {
    /// Makes a copy of the first request ask for the rest.
    pub(crate) fn ask_for_rest(&self, delivered: u64, headers: &mut HeaderMap) {
        strip_connection(headers);
        match &self.plan {
            Plan::None | Plan::Cursor | Plan::Prefix(_) => {}
            Plan::Range(plan) => {
                let from = delivered - self.overlap(delivered);
                headers.insert(RANGE, range(plan, from));
                let validator = match plan.proof {
                    Proof::Etag => plan.like.etag.as_ref(),
                    Proof::LastModified => plan.like.last_modified.as_ref(),
                    Proof::Overlap => None,
                };
                if let Some(validator) = validator {
                    headers.insert(IF_RANGE, validator.clone());
                }
            }
            Plan::Events => {
                if !headers.contains_key(ACCEPT) {
                    headers.insert(ACCEPT, HeaderValue::from_static("text/event-stream"));
                }
                headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
                // From the start, the caller may have asked to begin after an event of its own.
                if let Cursor::After(id) = &self.cursor {
                    headers.insert(LAST_EVENT_ID, id.clone());
                }
            }
        }
    }
}

/// `bytes=first-` or `bytes=first-last` (RFC 9110, section 14.2).
fn range(plan: &RangePlan, from: u64) -> HeaderValue {
    let first = plan.first.saturating_add(from);
    let range = match plan.last {
        Some(last) => format!("bytes={first}-{last}"),
        None => format!("bytes={first}-"),
    };
    // Digits and a dash are always a header value.
    HeaderValue::try_from(range).unwrap_or(HeaderValue::from_static("bytes=0-"))
}

/// Takes out what belongs to one connection (RFC 9110, section 7.6.1), and the length, which the
/// client knows better.
fn strip_connection(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named {
        headers.remove(name);
    }
    for name in [
        CONNECTION,
        CONTENT_LENGTH,
        KEEP_ALIVE,
        PROXY_CONNECTION,
        TE,
        TRAILER,
        TRANSFER_ENCODING,
        UPGRADE,
    ] {
        headers.remove(name);
    }
}
