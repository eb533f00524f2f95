//! What belongs to one connection and must not be passed on (RFC 9110, section 7.6.1).

use http::header::{
    CONNECTION, CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue, MAX_FORWARDS,
    PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, TE, TRANSFER_ENCODING, UPGRADE,
};

/// Takes the headers out that are about one connection, those that `Connection` names included.
///
/// A `TE` that has `trailers` in it is reduced to that: trailers are passed on in both directions,
/// and some servers send them only to those who ask.
///
/// Chunks have been read, and are written anew. The body is in any other transfer coding still, which is
/// named on, as in `Transfer-Encoding: gzip, chunked` (RFC 9112, section 6.1): else its bytes would be
/// taken for something else.
///
/// `Proxy-Authenticate` and `Proxy-Authorization` go too: they are between a client and its
/// proxy (RFC 9110, section 11.7), and a secret that was meant for one must not travel on.
pub fn strip(headers: &mut HeaderMap) {
    // Most messages have none of them, and to compare names is cheaper than to look them up.
    if !headers.keys().any(is_hop) {
        return;
    }
    let coded = codings(headers);
    for name in named(headers) {
        headers.remove(name);
    }
    let trailers = takes_trailers(headers);
    for name in HOP {
        headers.remove(name);
    }
    if let Some(codings) = coded {
        // One that stands beside it says nothing (RFC 9112, section 6.3).
        headers.remove(CONTENT_LENGTH);
        headers.insert(TRANSFER_ENCODING, codings);
    }
    if trailers {
        headers.insert(TE, HeaderValue::from_static("trailers"));
    }
}

const HOP: [HeaderName; 8] = [
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION,
    TE,
    TRANSFER_ENCODING,
    UPGRADE,
];

fn is_hop(name: &HeaderName) -> bool {
    match name.as_str().len() {
        2 | 7 | 10 | 16 | 17 | 18 | 19 => HOP.contains(name),
        _ => false,
    }
}

/// How often the request may be passed on still, if it says so (RFC 9110, section 7.6.2).
pub(crate) fn max_forwards(headers: &HeaderMap) -> Option<u64> {
    let text = headers.get(MAX_FORWARDS)?.to_str().ok()?;
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u64::MAX))
}

/// Says that it may be passed on once less.
pub(crate) fn count_down(headers: &mut HeaderMap) {
    if let Some(left) = max_forwards(headers).and_then(|left| left.checked_sub(1)) {
        headers.insert(MAX_FORWARDS, left.into());
    }
}

/// Whether the client asks to leave HTTP for a WebSocket on this connection (RFC 6455, section 4.1).
///
/// Other upgrades, such as that of some clients to HTTP/2, are offers that a server may pass over.
#[must_use]
pub fn wants_websocket(headers: &HeaderMap) -> bool {
    headers.contains_key(UPGRADE)
        && members(headers, &UPGRADE).any(|protocol| protocol.eq_ignore_ascii_case("websocket"))
}

/// The headers that `Connection` names, `TE` aside, which is judged by itself.
fn named(headers: &HeaderMap) -> Vec<HeaderName> {
    members(headers, &CONNECTION)
        .filter_map(|name| name.parse().ok())
        .filter(|name| name != TE)
        .collect()
}

/// The transfer codings that the body is still in.
fn codings(headers: &HeaderMap) -> Option<HeaderValue> {
    let read = ["", "chunked", "identity"];
    let codings: Vec<_> = members(headers, &TRANSFER_ENCODING)
        .filter(|coding| !read.iter().any(|read| coding.eq_ignore_ascii_case(read)))
        .collect();
    if codings.is_empty() {
        return None;
    }
    HeaderValue::from_str(&codings.join(", ")).ok()
}

fn takes_trailers(headers: &HeaderMap) -> bool {
    members(headers, &TE).any(|coding| {
        let coding = coding.split(';').next().unwrap_or_default();
        coding.trim().eq_ignore_ascii_case("trailers")
    })
}

/// The members of a list, over all lines with this name.
fn members<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn each_of_them_goes_by_itself() {
        for name in HOP {
            let mut headers = headers(&[("accept", "*/*")]);
            headers.insert(name.clone(), HeaderValue::from_static("chunked"));
            strip(&mut headers);
            assert!(!headers.contains_key(&name), "{name}");
            assert_eq!(headers.len(), 1, "{name}");
        }
    }

    #[test]
    fn what_belongs_to_one_connection_goes() {
        for (before, after) in [
            (&[("accept", "*/*")][..], &[("accept", "*/*")][..]),
            (&[("connection", "close"), ("x", "1")], &[("x", "1")]),
            (&[("connection", "x, Y"), ("x", "1"), ("y", "2")], &[]),
            (
                &[
                    ("connection", "x"),
                    ("connection", "y"),
                    ("x", "1"),
                    ("x", "2"),
                    ("y", "3"),
                ],
                &[],
            ),
            (&[("connection", "not a name,,"), ("x", "1")], &[("x", "1")]),
            (&[("connection", "connection")], &[]),
            (
                &[
                    ("keep-alive", "timeout=5"),
                    ("proxy-connection", "keep-alive"),
                ],
                &[],
            ),
            (
                &[("transfer-encoding", "chunked"), ("trailer", "x")],
                &[("trailer", "x")],
            ),
            // What was not decoded is said on.
            (
                &[("transfer-encoding", "gzip, chunked")],
                &[("transfer-encoding", "gzip")],
            ),
            (
                &[
                    ("transfer-encoding", "GZip;q=1"),
                    ("transfer-encoding", "deflate , Chunked"),
                    ("content-length", "9"),
                ],
                &[("transfer-encoding", "GZip;q=1, deflate")],
            ),
            (
                &[
                    ("connection", "transfer-encoding"),
                    ("transfer-encoding", "gzip"),
                ],
                &[("transfer-encoding", "gzip")],
            ),
            (&[("transfer-encoding", "identity, chunked,")], &[]),
            (&[("upgrade", "h2c"), ("connection", "upgrade")], &[]),
            (
                &[
                    ("connection", "Upgrade, HTTP2-Settings"),
                    ("upgrade", "h2c"),
                    ("http2-settings", "AAMA"),
                ],
                &[],
            ),
            (
                &[("proxy-authorization", "Basic x"), ("authorization", "y")],
                &[("authorization", "y")],
            ),
            (&[("proxy-authenticate", "Basic")], &[]),
            (&[("te", "gzip")], &[]),
            (&[("te", "trailers")], &[("te", "trailers")]),
            (
                &[("connection", "te"), ("te", "deflate, Trailers;q=0.5")],
                &[("te", "trailers")],
            ),
        ] {
            let mut stripped = headers(before);
            strip(&mut stripped);
            assert_eq!(stripped, headers(after), "{before:?}");
        }
    }

    #[test]
    fn only_a_websocket_is_one() {
        for (lines, expected) in [
            (&[("upgrade", "websocket")][..], true),
            (&[("upgrade", "WebSocket")], true),
            (&[("upgrade", "h2c, websocket")], true),
            (&[("upgrade", "h2c"), ("upgrade", "websocket")], true),
            (&[("upgrade", "h2c")], false),
            (&[("connection", "upgrade")], false),
            (&[], false),
        ] {
            assert_eq!(wants_websocket(&headers(lines)), expected, "{lines:?}");
        }
    }
}
