//! The head of a request in one buffer: authority, path and query, then header after header.

use super::names;
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

/// Before each header stand these bytes, of one number: from the lowest bit the length of its value,
/// the length of its name or the number of a known one, whether the name is written out, and
/// whether the value is sensitive.
const MARK: usize = 8;
/// The bits of a length.
const LENGTH: u32 = 31;
const WRITTEN: u64 = 1 << (2 * LENGTH);
const SENSITIVE: u32 = 2 * LENGTH + 1;

impl Packed {
    /// `None` for what could not be unpacked exactly.
    #[inline(always)] // has one caller, which then makes its result where it stays
    pub(super) fn pack(uri: &Uri, headers: &HeaderMap) -> Option<Self> {
        let scheme = match uri.scheme() {
            None => None,
            Some(scheme) if *scheme == Scheme::HTTPS => Some(Known::Https),
            Some(scheme) if *scheme == Scheme::HTTP => Some(Known::Http),
            Some(_) => return None,
        };
        let authority = uri.authority().map_or("", Authority::as_str).as_bytes();
        let path = match uri.path_and_query() {
            None => "",
            // A path without any character reads like this one, but is not it.
            Some(path) => match path.as_str() {
                "/" if *path != PathAndQuery::from_static("/") => return None,
                text => text,
            },
        };
        if !names::have_numbers() {
            return None;
        }
        let mut buffer = Buffer::take();
        let end = loop {
            match write(&mut buffer, authority, path.as_bytes(), headers) {
                Some(end) => break end,
                None => buffer = buffer.grow(),
            }
        };
        // No length in the marks can be larger than this one.
        if end >= 1 << LENGTH {
            return None;
        }
        Some(Packed {
            scheme,
            buffer,
            authority: authority.len() as u32,
            path: (authority.len() + path.len()) as u32,
            end: end as u32,
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
            let name = match header.name {
                Name::Known(name) => name.clone(),
                Name::At(range) => HeaderName::from_bytes(shared.get(range)?).ok()?,
            };
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
            let found = match &header.name {
                Name::Known(name) => Some(name.as_str().as_bytes()),
                Name::At(range) => self.buffer.get(range.clone()),
            };
            found.is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
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
#[inline(always)]
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
        // What has no room is cut off or mixed up: `Packed::pack` refuses a head that is so long.
        let mark = value.len() as u64 | u64::from(value.is_sensitive()) << SENSITIVE;
        match names::number(name) {
            Some(number) => {
                let mark = mark | u64::from(number) << LENGTH;
                writer.put_chunk(mark.to_le_bytes())?;
                writer.put(value.as_bytes())?;
            }
            None => {
                let name = name.as_str().as_bytes();
                let mark = mark | (name.len() as u64) << LENGTH | WRITTEN;
                writer.put_chunk(mark.to_le_bytes())?.put(name)?;
                writer.put(value.as_bytes())?;
            }
        }
    }
    Some(writer.written())
}

/// Walks over the headers.
struct Headers<'a> {
    buffer: &'a [u8],
    at: usize,
}

/// Where a header lies in the buffer.
struct Header {
    name: Name,
    value: Range<usize>,
    sensitive: bool,
}

enum Name {
    Known(&'static HeaderName),
    At(Range<usize>),
}

impl Iterator for Headers<'_> {
    type Item = Header;

    fn next(&mut self) -> Option<Header> {
        let mark = self.buffer.get(self.at..)?.first_chunk::<MARK>()?;
        let mark = u64::from_le_bytes(*mark);
        let length = |mark: u64| usize::try_from(mark & ((1 << LENGTH) - 1)).ok();
        let (name, value) = (length(mark >> LENGTH)?, length(mark)?);
        let start = self.at + MARK;
        let (name, start) = if mark & WRITTEN == 0 {
            (Name::Known(names::numbered(name)?), start)
        } else {
            (Name::At(start..start + name), start + name)
        };
        self.at = start + value;
        if self.at > self.buffer.len() {
            return None;
        }
        Some(Header {
            name,
            value: start..self.at,
            sensitive: mark >> SENSITIVE != 0,
        })
    }
}
