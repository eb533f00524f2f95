//! The head of a request in one buffer: authority, path and query, then header after header.

use super::pool::Buffer;
use super::writer::Writer;
use bytes::Bytes;
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{HeaderMap, HeaderName, HeaderValue, Uri, uri};
use std::ops::Range;

pub(super) struct Packed {
    scheme: Option<Known>,
    buffer: Buffer,
    /// Where the authority ends, which the buffer begins with; an empty one is none.
    authority: u32,
    /// Where the path and query end; empty ones are none.
    path: u32,
    /// Where the headers end.
    end: u32,
}

/// The schemes that take no room.
#[derive(Clone, Copy)]
enum Known {
    Http,
    Https,
}

/// The bytes before each header: the length of its name, that of its value, and whether it is
/// sensitive.
const MARK: usize = 4 + 4 + 1;

impl Packed {
    /// `None` for what could not be unpacked exactly.
    pub(super) fn pack(uri: &Uri, headers: &HeaderMap) -> Option<Self> {
        let scheme = match uri.scheme().map(Scheme::as_str) {
            None => None,
            Some("http") => Some(Known::Http),
            Some("https") => Some(Known::Https),
            Some(_) => return None,
        };
        let authority = uri.authority().map_or("", Authority::as_str).as_bytes();
        let path = match uri.path_and_query() {
            None => "",
            // A path without any character reads like this one, but is not it.
            Some(path) if path == "/" && *path != PathAndQuery::from_static("/") => return None,
            Some(path) => path.as_str(),
        };
        let mut buffer = Buffer::take();
        let end = loop {
            match write(&mut buffer, authority, path.as_bytes(), headers) {
                Some(end) => break end,
                None => buffer.grow(),
            }
        };
        Some(Packed {
            scheme,
            buffer,
            authority: u32::try_from(authority.len()).ok()?,
            path: u32::try_from(authority.len() + path.len()).ok()?,
            // No length in the marks can be larger than this one.
            end: u32::try_from(end).ok()?,
        })
    }

    pub(super) fn unpack(&self) -> Option<(Uri, HeaderMap)> {
        let mut parts = uri::Parts::default();
        parts.scheme = self.scheme.map(|known| match known {
            Known::Http => Scheme::HTTP,
            Known::Https => Scheme::HTTPS,
        });
        let authority = self.buffer.get(..self.authority as usize)?;
        if !authority.is_empty() {
            parts.authority = Some(Authority::try_from(authority).ok()?);
        }
        let path = self.buffer.get(authority.len()..self.path as usize)?;
        if !path.is_empty() {
            parts.path_and_query = Some(PathAndQuery::try_from(path).ok()?);
        }
        Some((Uri::from_parts(parts).ok()?, self.unpack_headers()?))
    }

    fn unpack_headers(&self) -> Option<HeaderMap> {
        // All values share one copy of the buffer.
        let shared = Bytes::copy_from_slice(self.buffer.get(..self.end as usize)?);
        let mut headers = HeaderMap::try_with_capacity(self.headers().count()).ok()?;
        for header in self.headers() {
            let name = HeaderName::from_bytes(shared.get(header.name)?).ok()?;
            // Does not panic: `Headers` gives only what lies in the buffer.
            let value = shared.slice(header.value);
            let mut value = HeaderValue::from_maybe_shared(value).ok()?;
            value.set_sensitive(header.sensitive);
            headers.try_append(name, value).ok()?;
        }
        Some(headers)
    }

    /// The first value of the header with this name, in any case.
    pub(super) fn header(&self, name: &str) -> Option<&[u8]> {
        let found = self.headers().find(|header| {
            self.buffer
                .get(header.name.clone())
                .is_some_and(|other| other.eq_ignore_ascii_case(name.as_bytes()))
        })?;
        self.buffer.get(found.value)
    }

    fn headers(&self) -> Headers<'_> {
        Headers {
            buffer: self.buffer.get(..self.end as usize).unwrap_or_default(),
            at: self.path as usize,
        }
    }
}

/// Says where it all ends, or `None` when there is not room enough.
fn write(buffer: &mut [u8], authority: &[u8], path: &[u8], headers: &HeaderMap) -> Option<usize> {
    let mut writer = Writer::new(buffer);
    writer.put(authority)?.put(path)?;
    let begin = writer.written();
    Some(begin + write_headers(writer.into_rest(), headers)?)
}

/// A function of its own has registers enough for this loop, which nearly all the time goes into.
#[inline(never)]
fn write_headers(buffer: &mut [u8], headers: &HeaderMap) -> Option<usize> {
    let mut writer = Writer::new(buffer);
    for (name, value) in headers {
        let name = name.as_str().as_bytes();
        writer
            .put_chunk(mark(name.len(), value.len(), value.is_sensitive()))?
            .put(name)?
            .put(value.as_bytes())?;
    }
    Some(writer.written())
}

/// Lengths are cut to 32 bits: `Packed::pack` refuses a head that is longer.
fn mark(name: usize, value: usize, sensitive: bool) -> [u8; MARK] {
    let [a, b, c, d] = (name as u32).to_le_bytes();
    let [e, f, g, h] = (value as u32).to_le_bytes();
    [a, b, c, d, e, f, g, h, u8::from(sensitive)]
}

/// Walks over the headers.
struct Headers<'a> {
    buffer: &'a [u8],
    at: usize,
}

/// Where a header lies in the buffer.
struct Header {
    name: Range<usize>,
    value: Range<usize>,
    sensitive: bool,
}

impl Iterator for Headers<'_> {
    type Item = Header;

    fn next(&mut self) -> Option<Header> {
        let (mark, rest) = self.buffer.get(self.at..)?.split_first_chunk::<MARK>()?;
        let [a, b, c, d, e, f, g, h, sensitive] = *mark;
        let name_len = u32::from_le_bytes([a, b, c, d]) as usize;
        let value_len = u32::from_le_bytes([e, f, g, h]) as usize;
        if name_len.checked_add(value_len)? > rest.len() {
            return None;
        }
        let name_start = self.at + MARK;
        let name = name_start..name_start + name_len;
        let value = name.end..name.end + value_len;
        self.at = value.end;
        Some(Header {
            name,
            value,
            sensitive: sensitive != 0,
        })
    }
}
