//! What the head of a response says of its body.

use crate::content_range::number;
use buttress_core::{is_coding, is_transfer_coding};
use http::header::{
    ACCEPT_RANGES, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, LAST_MODIFIED,
    TRANSFER_ENCODING,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

const REPR_DIGEST: HeaderName = HeaderName::from_static("repr-digest");

/// The headers that matter, found in one walk: a search for each takes longer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Head<'a> {
    pub(crate) headers: &'a HeaderMap,
    length: Only<'a>,
    /// A transfer coding says where the body ends.
    is_framed: bool,
    pub(crate) etag: Only<'a>,
    /// Of each of these, the first one.
    pub(crate) last_modified: Option<&'a HeaderValue>,
    pub(crate) content_type: Option<&'a HeaderValue>,
    pub(crate) encoding: Option<&'a HeaderValue>,
    pub(crate) digest: Option<&'a HeaderValue>,
    /// It has a coding.
    pub(crate) is_coded: bool,
    /// And that one is of this connection: on another one the bytes may be others.
    pub(crate) is_transfer_coded: bool,
    /// The server takes no ranges.
    pub(crate) refuses_ranges: bool,
}

/// A header that counts only where there is one of its name.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Only<'a> {
    first: Option<&'a HeaderValue>,
    is_repeated: bool,
}

impl<'a> Head<'a> {
    #[inline]
    pub(crate) fn of(headers: &'a HeaderMap) -> Self {
        let mut head = Head {
            headers,
            length: Only::default(),
            is_framed: false,
            etag: Only::default(),
            last_modified: None,
            content_type: None,
            encoding: None,
            digest: None,
            is_coded: false,
            is_transfer_coded: false,
            refuses_ranges: false,
        };
        for (name, value) in headers {
            head.take(name, value);
        }
        head
    }

    #[inline(always)]
    fn take(&mut self, name: &HeaderName, value: &'a HeaderValue) {
        let place = if *name == CONTENT_LENGTH {
            return self.length.take(value);
        } else if *name == ETAG {
            return self.etag.take(value);
        } else if *name == CONTENT_TYPE {
            &mut self.content_type
        } else if *name == LAST_MODIFIED {
            &mut self.last_modified
        } else if *name == CONTENT_ENCODING {
            self.is_coded |= is_coding(value);
            &mut self.encoding
        } else if *name == ACCEPT_RANGES {
            self.refuses_ranges |= value.as_bytes().eq_ignore_ascii_case(b"none");
            return;
        } else if *name == TRANSFER_ENCODING {
            self.is_framed = true;
            self.is_transfer_coded |= is_transfer_coding(value);
            self.is_coded |= self.is_transfer_coded;
            return;
        } else if *name == REPR_DIGEST {
            &mut self.digest
        } else {
            return;
        };
        place.get_or_insert(value);
    }

    /// Whether the media type is this one, whatever its parameters.
    pub(crate) fn has_type(&self, expected: &[u8]) -> bool {
        self.content_type.is_some_and(|value| {
            let essence = value.as_bytes().split(|&b| b == b';').next();
            let essence = essence.unwrap_or_default().trim_ascii();
            essence.eq_ignore_ascii_case(expected)
        })
    }

    /// Whether the body is an event stream.
    pub(crate) fn is_event_stream(&self) -> bool {
        self.has_type(b"text/event-stream")
    }

    /// Whether the body of a response with this status is an event stream with lines to cut at,
    /// which a coded one has not.
    pub(crate) fn has_events(&self, status: StatusCode) -> bool {
        status == StatusCode::OK && self.is_event_stream() && !self.is_coded
    }

    /// Whether a length stands beside a transfer coding, which outweighs it (RFC 9112, section 6.3).
    pub(crate) fn has_false_length(&self) -> bool {
        self.is_framed && self.length.first().is_some()
    }

    /// The one `Content-Length`, unless a transfer coding overrides it (RFC 9112, section 6.3).
    pub(crate) fn length(&self) -> Option<u64> {
        let value = self.length.value().filter(|_| !self.is_framed)?;
        number(value.as_bytes())
    }
}

/// The same of these headers (RFC 9110, section 8.6): quicker than a walk for who wants to know nothing
/// else.
pub(crate) fn content_length(headers: &HeaderMap) -> Option<u64> {
    let mut values = headers.get_all(CONTENT_LENGTH).iter();
    let value = values.next()?;
    match values.next() {
        None if !headers.contains_key(TRANSFER_ENCODING) => number(value.as_bytes()),
        _ => None,
    }
}

/// The same of these headers, out of which a length is taken that a transfer coding outweighs: who
/// passes the message on must not pass that on (RFC 9112, section 6.3).
#[inline(always)]
pub(crate) fn settle_length(headers: &mut HeaderMap) -> Option<u64> {
    // Else each search is a call of its own, of an empty map too.
    if headers.is_empty() {
        return None;
    }
    settle_some(headers)
}

#[inline(never)]
fn settle_some(headers: &mut HeaderMap) -> Option<u64> {
    let mut values = headers.get_all(CONTENT_LENGTH).iter();
    let first = values.next()?;
    let is_repeated = values.next().is_some();
    let length = number(first.as_bytes()).filter(|_| !is_repeated);
    if headers.contains_key(TRANSFER_ENCODING) {
        drop_length(headers);
        return None;
    }
    length
}

/// Takes the length out.
#[cold]
#[inline(never)]
pub(crate) fn drop_length(headers: &mut HeaderMap) {
    headers.remove(CONTENT_LENGTH);
}

impl<'a> Only<'a> {
    fn take(&mut self, value: &'a HeaderValue) {
        match self.first {
            None => self.first = Some(value),
            Some(_) => self.is_repeated = true,
        }
    }

    /// The one value; `None` if there are more, or none.
    pub(crate) fn value(self) -> Option<&'a HeaderValue> {
        self.first.filter(|_| !self.is_repeated)
    }

    /// The first value, however many there are.
    pub(crate) fn first(self) -> Option<&'a HeaderValue> {
        self.first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_finds_what_searches_find() {
        // Of names that are there twice, and of others.
        let names = [
            "content-length",
            "etag",
            "content-type",
            "last-modified",
            "content-encoding",
            "repr-digest",
            "accept-ranges",
            "x-other",
        ];
        for twice in 0..1_u32 << names.len() {
            let mut headers = HeaderMap::new();
            for (value, names) in [("1", &names[..]), ("2", &names)] {
                for (n, name) in names.iter().enumerate() {
                    if value == "1" || twice & 1 << n != 0 {
                        let name = HeaderName::from_static(name);
                        headers.append(name, HeaderValue::from_static(value));
                    }
                }
            }
            let head = Head::of(&headers);
            assert_eq!(head.length(), content_length(&headers));
            assert_eq!(head.length(), (twice & 1 == 0).then_some(1));
            assert_eq!(head.etag.first(), headers.get("etag"));
            assert_eq!(head.etag.value().is_some(), twice & 2 == 0);
            assert_eq!(head.content_type, headers.get("content-type"));
            assert_eq!(head.last_modified, headers.get("last-modified"));
            assert_eq!(head.encoding, headers.get("content-encoding"));
            assert_eq!(head.digest, headers.get("repr-digest"));
        }
        let nothing = HeaderMap::new();
        let head = Head::of(&nothing);
        assert!(head.length().is_none() && head.etag.first().is_none());
    }

    #[test]
    fn a_length_beside_a_transfer_coding_is_no_length() {
        for (coding, expected) in [
            (None, Some(7)),
            (Some("chunked"), None),
            (Some("gzip, chunked"), None),
            (Some("gzip"), None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("content-length", HeaderValue::from_static("7"));
            if let Some(coding) = coding {
                headers.insert("transfer-encoding", HeaderValue::from_static(coding));
            }
            assert_eq!(content_length(&headers), expected, "{coding:?}");
            assert_eq!(Head::of(&headers).length(), expected, "{coding:?}");
            assert_eq!(settle_length(&mut headers), expected, "{coding:?}");
            assert_eq!(headers.contains_key("content-length"), coding.is_none());
        }
    }

    #[test]
    fn lengths_are_settled_however_many_there_are() {
        for (lengths, coding, expected, left) in [
            (&[][..], None, None, 0),
            (&[], Some("chunked"), None, 0),
            (&["7"], None, Some(7), 1),
            (&["seven"], None, None, 1),
            (&["seven"], Some("chunked"), None, 0),
            (&["7", "7"], None, None, 2),
            (&["7", "8"], Some("chunked"), None, 0),
        ] {
            let mut headers = HeaderMap::new();
            for length in lengths {
                headers.append("content-length", HeaderValue::from_static(length));
            }
            if let Some(coding) = coding {
                headers.insert("transfer-encoding", HeaderValue::from_static(coding));
            }
            let found = settle_length(&mut headers);
            assert_eq!(found, expected, "{lengths:?} {coding:?}");
            let kept = headers.get_all("content-length").iter().count();
            assert_eq!(kept, left, "{lengths:?} {coding:?}");
            assert_eq!(headers.contains_key("transfer-encoding"), coding.is_some());
        }
    }

    #[test]
    fn any_value_of_a_list_counts() {
        for (name, values, is_coded, refuses_ranges) in [
            ("content-encoding", &["identity"][..], false, false),
            ("content-encoding", &["Identity", "gzip"], true, false),
            ("content-encoding", &["none"], false, false),
            ("content-encoding", &["gzip"], true, false),
            ("transfer-encoding", &["chunked"], false, false),
            ("transfer-encoding", &["gzip, chunked"], true, false),
            ("accept-ranges", &["bytes"], false, false),
            ("accept-ranges", &["bytes", "None"], false, true),
        ] {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(name, HeaderValue::from_static(value));
            }
            let head = Head::of(&headers);
            let found = (head.is_coded, head.refuses_ranges);
            assert_eq!(found, (is_coded, refuses_ranges), "{name} {values:?}");
        }
    }
}
