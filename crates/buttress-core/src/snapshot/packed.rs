//! The head of a request in one buffer: authority, path and query, then header after header.

use super::names;
use super::writer::Writer;
use bytes::Bytes;
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{HeaderMap, HeaderName, HeaderValue, Uri, uri};
use std::ops::Range;

pub(super) struct Packed {
    /// Bytes to be overwritten: what follows the end was there before.
    buffer: Box<[u8]>,
    scheme: Option<Known>,
    /// Where the authority ends, which the buffer begins with; an empty one is none.
    authority: u32,
    /// Where the path and query end; empty ones are none.
    path: u32,
    /// Where the headers end.
    end: u32,
}

/// What a buffer begins with: enough for most heads.
const FIRST: usize = 1024;
/// The largest buffer that is kept for others; larger ones are freed.
const LARGEST: usize = 64 * 1024;

/// The schemes that take no room.
#[derive(Clone, Copy)]
enum Known {
    Http,
    Https,
}

/// How many bytes the mark of a header takes, which stands before it: one number that says, from
/// the lowest bit on, whether the value is sensitive, the number of a known name or [`WRITTEN`],
/// the length of the name if it is written out, and the length of the value.
const MARK: usize = 8;
const WRITTEN: u8 = u8::MAX;
/// At which bit of a mark each of the last three begins.
const NUMBER: u32 = 1;
const NAME: u32 = NUMBER + u8::BITS;
const VALUE: u32 = NAME + 17;
/// More than a head may take, so that every length fits into a mark.
const TOO_LONG: usize = 1 << 31;

impl Packed {
    pub(super) fn empty() -> Self {
        Packed {
            buffer: vec![0; FIRST].into_boxed_slice(),
            scheme: None,
            authority: 0,
            path: 0,
            end: 0,
        }
    }

    /// Whether it is to be used again.
    #[inline]
    pub(super) fn is_worth_keeping(&self) -> bool {
        self.buffer.len() <= LARGEST
    }

    /// Overwrites what it holds. Whether it can be unpacked exactly; else it is of no use.
    #[inline(always)] // has one caller
    pub(super) fn pack(&mut self, uri: &Uri, headers: &HeaderMap) -> bool {
        let scheme = match uri.scheme_str() {
            None => None,
            Some("https") => Some(Known::Https),
            Some("http") => Some(Known::Http),
            Some(_) => return false,
        };
        let authority = uri.authority().map_or("", Authority::as_str).as_bytes();
        let path = match uri.path_and_query() {
            None => "",
            // A path without any character reads like this one, but is not it.
            Some(path) => match path.as_str() {
                "/" if *path != PathAndQuery::from_static("/") => return false,
                text => text,
            },
        };
        if !names::have_numbers() {
            return false;
        }
        let end = match write(&mut self.buffer, authority, path.as_bytes(), headers) {
            Some(end) => end,
            None => self.grow(authority, path.as_bytes(), headers),
        };
        self.scheme = scheme;
        self.authority = authority.len() as u32;
        self.path = (authority.len() + path.len()) as u32;
        self.end = end as u32;
        end < TOO_LONG
    }

    /// The same in a longer buffer.
    #[cold]
    #[inline(never)]
    fn grow(&mut self, authority: &[u8], path: &[u8], headers: &HeaderMap) -> usize {
        loop {
            let len = self.buffer.len().saturating_mul(2);
            self.buffer = vec![0; len].into_boxed_slice();
            if let Some(end) = write(&mut self.buffer, authority, path, headers) {
                return end;
            }
        }
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
        let text = value.as_bytes();
        let mark = u64::from(value.is_sensitive()) | (text.len() as u64) << VALUE;
        match names::number(name) {
            Some(number) => {
                let mark = mark | u64::from(number) << NUMBER;
                writer.put_marked(mark.to_le_bytes(), text)?;
            }
            None => {
                let name = name.as_str().as_bytes();
                let mark = mark | u64::from(WRITTEN) << NUMBER | (name.len() as u64) << NAME;
                writer.put_marked(mark.to_le_bytes(), name)?;
                writer.put(text)?;
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
        let value = usize::try_from(mark >> VALUE).ok()?;
        let start = self.at + MARK;
        let number = (mark >> NUMBER) as u8;
        let (name, start) = if number == WRITTEN {
            let end = start + ((mark >> NAME) as usize & ((1 << (VALUE - NAME)) - 1));
            (Name::At(start..end), end)
        } else {
            (Name::Known(names::numbered(number)?), start)
        };
        self.at = start + value;
        if self.at > self.buffer.len() {
            return None;
        }
        Some(Header {
            name,
            value: start..self.at,
            sensitive: mark & 1 != 0,
        })
    }
}
