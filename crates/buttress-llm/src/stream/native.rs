//! Answers that can be read on: those that run in the background and are stored, of OpenAI's responses
//! ([background mode](https://platform.openai.com/docs/guides/background#streaming-a-background-response))
//! and of Gemini's interactions
//! ([background execution](https://ai.google.dev/gemini-api/docs/interactions/background-execution)).
//!
//! Whether an interaction that is stored but not in the background runs on once its caller is gone is
//! not said anywhere, so it is not tried.

use crate::join::Join;
use crate::{Call, Dialect};
use buttress_core::StopReason;
use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{Method, Request, Uri};
use std::fmt::Write;

/// Where the id of a response is among the values of its stream.
pub(crate) const ID: u32 = 0;

/// Where a stream is read on.
struct Cursor<'a> {
    /// The id of what is streamed.
    id: &'a str,
    /// The parameter that names the last event.
    name: &'static str,
    /// It. Without one all events are asked for once more.
    last: Option<String>,
}

/// Whether a stream of this call can be read on.
pub(super) fn can_go_on(call: &Call, join: &Join) -> bool {
    let facts = call.facts();
    let is_kept = facts.background && !facts.not_stored;
    (is_kept || call.is_reading()) && cursor(call, join).is_some()
}

fn cursor<'a>(call: &Call, join: &'a Join) -> Option<Cursor<'a>> {
    match call.dialect()? {
        Dialect::Responses => Some(Cursor {
            id: plain(join.fixed(ID)?)?,
            name: "starting_after",
            last: Some(join.last_sequence()?.to_string()),
        }),
        // Ids of events can't be compared by size: what was delivered behind the last one has to be
        // known.
        Dialect::Interactions if join.can_go_on() => {
            let (id, event) = join.source();
            Some(Cursor {
                id: plain(id)?,
                name: "last_event_id",
                last: (!event.is_empty()).then(|| encoded(event)),
            })
        }
        _ => None,
    }
}

/// Makes the first request one for the events after the last one.
pub(super) fn read_on<B: From<Bytes>>(
    mut request: Request<B>,
    call: &Call,
    join: &Join,
) -> Result<Request<B>, StopReason> {
    let not_so = StopReason::NotResumable;
    let Some(Cursor { id, name, last }) = cursor(call, join) else {
        return Err(not_so);
    };
    let uri = request.uri();
    let path = uri.path().trim_end_matches('/');
    let path = if call.is_reading() {
        path.to_owned()
    } else {
        format!("{path}/{id}")
    };
    // What the caller added to the address, such as a version, is meant for this request as well; so
    // is the event after which it reads, until another one has come.
    let others: String = uri
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|part| {
            let of = part.split('=').next().unwrap_or_default();
            !part.is_empty() && of != "stream" && (of != name || last.is_none())
        })
        .map(|part| format!("{part}&"))
        .collect();
    let last = last.map_or_else(String::new, |last| format!("&{name}={last}"));
    let address = format!("{path}?{others}stream=true{last}");
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(address.parse().map_err(|_| not_so)?);
    *request.uri_mut() = Uri::from_parts(parts).map_err(|_| not_so)?;
    *request.method_mut() = Method::GET;
    *request.body_mut() = B::from(Bytes::new());
    request.headers_mut().remove(CONTENT_TYPE);
    request.headers_mut().remove(CONTENT_ENCODING);
    Ok(request)
}

/// An id, if it can stand in a path as it is.
fn plain(raw: &[u8]) -> Option<&str> {
    let id = std::str::from_utf8(raw).ok()?.trim_matches('"');
    let plain = id
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    (plain && !id.is_empty()).then_some(id)
}

/// A value as it stands in a query (RFC 3986, section 2.3).
fn encoded(value: &[u8]) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                text.push(char::from(*byte));
            }
            _ => {
                // Writing to a string does not fail.
                let _ = write!(text, "%{byte:02X}");
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_stand_in_an_address_as_they_are_or_not_at_all() {
        for (raw, expected) in [
            (r#""resp_0-aZ""#, Some("resp_0-aZ")),
            ("1741290958", Some("1741290958")),
            (r#""""#, None),
            (r#""a/b""#, None),
            (r#""a?b""#, None),
            (r#""a.b""#, None),
            (r#""a\u0062""#, None),
        ] {
            assert_eq!(plain(raw.as_bytes()), expected, "{raw}");
        }
        assert_eq!(plain(b"\xff"), None);
        assert_eq!(encoded(b"AZaz09-._~"), "AZaz09-._~");
        assert_eq!(encoded(b"e/1= +&\xff"), "e%2F1%3D%20%2B%26%FF");
    }
}
