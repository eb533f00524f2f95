//! Reading a request.

use super::wire::{Conn, Wire};
use bytes::{Buf, Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use std::io;

/// The longest head that is read.
const HEAD_CAP: usize = 256 * 1024;

/// The head of a request.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) headers: HeaderMap,
    /// The client is one of HTTP/1.0: it knows no chunks and keeps no connection.
    pub(super) old: bool,
}

/// How the body of a request is framed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Length {
    Known(u64),
    Chunked,
}

/// Why a request could not be read.
#[derive(Debug)]
pub(super) enum Unread {
    /// The client left.
    Left,
    /// It is not HTTP/1.
    Malformed,
}

impl From<io::Error> for Unread {
    fn from(_: io::Error) -> Self {
        Unread::Left
    }
}

impl Head {
    /// How the body is framed.
    pub(super) fn length(&self) -> Option<Length> {
        if self.headers.contains_key("transfer-encoding") {
            return Some(Length::Chunked);
        }
        match self.headers.get("content-length") {
            None => Some(Length::Known(0)),
            Some(value) => Some(Length::Known(value.to_str().ok()?.parse().ok()?)),
        }
    }

    /// Whether the client wants the connection closed after the answer.
    pub(super) fn close(&self) -> bool {
        let values = self.headers.get_all("connection").iter();
        let mut tokens = values
            .filter_map(|v| v.to_str().ok())
            .flat_map(|v| v.split(','));
        self.old || tokens.any(|token| token.trim().eq_ignore_ascii_case("close"))
    }

    /// Whether the client waits for a word before it sends the body.
    pub(super) fn expects_continue(&self) -> bool {
        self.headers
            .get("expect")
            .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"100-continue"))
    }
}

/// Reads the next head: `None` when the client leaves between requests.
pub(super) async fn head<W: Wire>(conn: &mut Conn<W>) -> Result<Option<Head>, Unread> {
    loop {
        if let Some(end) = find(&conn.buf, b"\r\n\r\n") {
            let bytes = conn.buf.split_to(end + 4);
            return parse_head(&bytes).map(Some).ok_or(Unread::Malformed);
        }
        if conn.buf.len() > HEAD_CAP {
            return Err(Unread::Malformed);
        }
        if !conn.more().await? {
            let between = conn.buf.is_empty();
            return between.then_some(None).ok_or(Unread::Left);
        }
    }
}

fn parse_head(bytes: &[u8]) -> Option<Head> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut lines = text.trim_end().split("\r\n");
    let mut first = lines.next()?.splitn(3, ' ');
    let method = Method::from_bytes(first.next()?.as_bytes()).ok()?;
    let target = first.next()?;
    let old = match first.next()? {
        "HTTP/1.1" => false,
        "HTTP/1.0" => true,
        _ => return None,
    };
    let mut headers = HeaderMap::new();
    for line in lines {
        let (name, value) = line.split_once(':')?;
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        headers.append(name, HeaderValue::from_str(value.trim()).ok()?);
    }
    Some(Head {
        method,
        path: path_of(target),
        headers,
        old,
    })
}

/// The path and query of a target, which names its host when it was sent to a proxy.
fn path_of(target: &str) -> String {
    let rest = target.split_once("://").map(|(_, rest)| rest);
    match rest {
        None => target.to_owned(),
        Some(rest) => rest.find('/').map_or("/", |at| &rest[at..]).to_owned(),
    }
}

/// Reads up to `limit` bytes of a body into `body`: `true` when its end was reached.
pub(super) async fn body<W: Wire>(
    conn: &mut Conn<W>,
    length: Length,
    limit: u64,
    body: &mut BytesMut,
) -> Result<bool, Unread> {
    match length {
        Length::Known(length) => {
            fixed(conn, length.min(limit), body).await?;
            Ok(length <= limit)
        }
        Length::Chunked => chunked(conn, limit, body).await,
    }
}

async fn fixed<W: Wire>(
    conn: &mut Conn<W>,
    mut length: u64,
    body: &mut BytesMut,
) -> Result<(), Unread> {
    while length > 0 {
        if conn.buf.is_empty() && !conn.more().await? {
            return Err(Unread::Left);
        }
        let n = length.min(conn.buf.len() as u64);
        body.extend_from_slice(&conn.buf.split_to(n as usize));
        length -= n;
    }
    Ok(())
}

async fn chunked<W: Wire>(
    conn: &mut Conn<W>,
    limit: u64,
    body: &mut BytesMut,
) -> Result<bool, Unread> {
    loop {
        let left = limit - body.len() as u64;
        let line = line(conn).await?;
        let size = std::str::from_utf8(&line).ok().and_then(|line| {
            let digits = line.split(';').next()?.trim();
            u64::from_str_radix(digits, 16).ok()
        });
        let size = size.ok_or(Unread::Malformed)?;
        if size == 0 {
            // Trailers are read and forgotten.
            while !self::line(conn).await?.is_empty() {}
            return Ok(true);
        }
        if size > left {
            fixed(conn, left, body).await?;
            return Ok(false);
        }
        fixed(conn, size, body).await?;
        if !self::line(conn).await?.is_empty() {
            return Err(Unread::Malformed);
        }
    }
}

async fn line<W: Wire>(conn: &mut Conn<W>) -> Result<Bytes, Unread> {
    loop {
        if let Some(end) = find(&conn.buf, b"\r\n") {
            let line = conn.buf.split_to(end).freeze();
            conn.buf.advance(2);
            return Ok(line);
        }
        if conn.buf.len() > HEAD_CAP {
            return Err(Unread::Malformed);
        }
        if !conn.more().await? {
            return Err(Unread::Left);
        }
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|w| w == needle)
}
