//! Responses of OpenAI's that can be read on: those that run in the background and are stored
//! ([OpenAI: background mode](https://platform.openai.com/docs/guides/background#streaming-a-background-response)).

use crate::join::Join;
use crate::{Call, Dialect};
use buttress_core::StopReason;
use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{Method, Request, Uri};

/// Where the id of a response is among the values of its stream.
pub(super) const ID: u32 = 0;

/// Whether a stream of this call can be read on.
pub(super) fn can_go_on(call: &Call, join: &Join) -> bool {
    let facts = call.facts();
    let is_kept = facts.background && !facts.not_stored;
    (is_kept || call.is_reading())
        && call.dialect() == Some(Dialect::Responses)
        && join.last_sequence().is_some()
        && id(join).is_some()
}

/// Makes the first request one for the events after the last one.
pub(super) fn read_on<B: From<Bytes>>(
    mut request: Request<B>,
    call: &Call,
    join: &Join,
) -> Result<Request<B>, StopReason> {
    let not_so = StopReason::NotResumable;
    let (Some(id), Some(last)) = (id(join), join.last_sequence()) else {
        return Err(not_so);
    };
    let uri = request.uri();
    let path = uri.path().trim_end_matches('/');
    let path = if call.is_reading() {
        path.to_owned()
    } else {
        format!("{path}/{id}")
    };
    // What the caller added to the address, such as a version, is meant for this request as well.
    let others: String = uri
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|part| {
            let name = part.split('=').next().unwrap_or_default();
            !part.is_empty() && !matches!(name, "stream" | "starting_after")
        })
        .map(|part| format!("{part}&"))
        .collect();
    let address = format!("{path}?{others}stream=true&starting_after={last}");
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(address.parse().map_err(|_| not_so)?);
    *request.uri_mut() = Uri::from_parts(parts).map_err(|_| not_so)?;
    *request.method_mut() = Method::GET;
    *request.body_mut() = B::from(Bytes::new());
    request.headers_mut().remove(CONTENT_TYPE);
    request.headers_mut().remove(CONTENT_ENCODING);
    Ok(request)
}

/// The id of the response, if it can stand in an address.
fn id(join: &Join) -> Option<&str> {
    let raw = join.fixed(ID)?;
    let id = std::str::from_utf8(raw).ok()?.trim_matches('"');
    let plain = id
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    (plain && !id.is_empty()).then_some(id)
}
