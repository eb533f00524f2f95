//! A small client of raw bytes, which hides nothing.

use bytes::Bytes;
use std::io;
use std::net::SocketAddr;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

/// What came before the connection ended, and how it ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Received {
    pub bytes: Vec<u8>,
    pub end: End,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum End {
    Fin,
    Rst,
}

/// A head and a body, taken apart by the framing the head announces.
#[derive(Debug)]
pub(crate) struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// The body had the length, or the last chunk, that was announced.
    pub whole: bool,
    pub trailers: Vec<(String, String)>,
    /// What came after it.
    pub rest: Vec<u8>,
    /// The sizes of the chunks.
    pub chunks: Vec<usize>,
}

pub(crate) fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: origin\r\n\r\n")
}

pub(crate) fn get_with(path: &str, headers: &[(&str, &str)]) -> String {
    with("GET", path, headers, "")
}

pub(crate) fn with(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> String {
    let mut out = format!("{method} {path} HTTP/1.1\r\nHost: origin\r\n");
    for (name, value) in headers {
        out += &format!("{name}: {value}\r\n");
    }
    if !body.is_empty() {
        out += &format!("Content-Length: {}\r\n", body.len());
    }
    out + "\r\n" + body
}

/// Sends this and reads until the connection ends.
pub(crate) async fn send(addr: SocketAddr, request: &str) -> Received {
    let mut io = TcpStream::connect(addr).await.unwrap();
    // The server may have cut already.
    let _ = io.write_all(request.as_bytes()).await;
    read_to_end(&mut io).await
}

/// Sends this on a connection the server keeps, and reads one answer off it.
pub(crate) async fn ask(io: &mut (impl AsyncRead + AsyncWrite + Unpin), request: &str) -> Answer {
    io.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    loop {
        let answer = parse(&bytes, request.starts_with("HEAD"));
        if let Some(answer) = answer.filter(|answer| answer.whole) {
            return answer;
        }
        let n = io.read_buf(&mut bytes).await.unwrap();
        assert!(n > 0, "ended early: {:?}", String::from_utf8_lossy(&bytes));
    }
}

pub(crate) async fn read_to_end(io: &mut (impl AsyncRead + Unpin)) -> Received {
    let mut bytes = Vec::new();
    loop {
        match io.read_buf(&mut bytes).await {
            Ok(0) => {
                return Received {
                    bytes,
                    end: End::Fin,
                };
            }
            Ok(_) => {}
            Err(error) => {
                assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
                return Received {
                    bytes,
                    end: End::Rst,
                };
            }
        }
    }
}

impl Received {
    pub(crate) fn answer(&self) -> Answer {
        parse(&self.bytes, false).unwrap_or_else(|| {
            panic!("no head in {:?}", String::from_utf8_lossy(&self.bytes));
        })
    }
}

impl Answer {
    /// The answer that came after this one.
    pub(crate) fn next(&self) -> Answer {
        parse(&self.rest, false).unwrap()
    }

    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        let same = |(n, _): &&(String, String)| n == name;
        self.headers
            .iter()
            .filter(same)
            .map(|(_, v)| v.as_str())
            .collect()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let all = self.all(name);
        assert!(all.len() < 2, "{all:?}");
        all.first().copied()
    }
}

fn parse(bytes: &[u8], head_only: bool) -> Option<Answer> {
    let end = find(bytes, b"\r\n\r\n")?;
    let text = std::str::from_utf8(&bytes[..end]).unwrap();
    let mut lines = text.split("\r\n");
    let status = lines.next().unwrap().strip_prefix("HTTP/1.1 ").unwrap();
    let status: u16 = status[..3].parse().unwrap();
    let headers = fields(lines);
    let mut rest = Bytes::copy_from_slice(&bytes[end + 4..]);
    let value = |name: &str| {
        headers
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    };
    let mut chunks = Vec::new();
    let mut trailers = Vec::new();
    let (body, whole) = if head_only || status < 200 || status == 204 || status == 304 {
        (Vec::new(), true)
    } else if value("transfer-encoding") == Some("chunked") {
        let mut body = Vec::new();
        let whole = loop {
            let Some(line) = find(&rest, b"\r\n") else {
                break false;
            };
            let size = std::str::from_utf8(&rest[..line]).unwrap();
            let size = usize::from_str_radix(size, 16).unwrap();
            let data = rest.slice(line + 2..);
            if size == 0 {
                let all = [b"\r\n", &data[..]].concat();
                let Some(end) = find(&all, b"\r\n\r\n") else {
                    break false;
                };
                let text = String::from_utf8(all[..end].to_vec()).unwrap();
                trailers = fields(text.split("\r\n").filter(|line| !line.is_empty()));
                rest = Bytes::copy_from_slice(&all[end + 4..]);
                break true;
            }
            chunks.push(size);
            if data.len() < size + 2 {
                body.extend_from_slice(&data);
                break false;
            }
            body.extend_from_slice(&data[..size]);
            rest = data.slice(size + 2..);
        };
        (body, whole)
    } else if let Some(length) = value("content-length") {
        let length: usize = length.parse().unwrap();
        let n = length.min(rest.len());
        (rest.split_to(n).to_vec(), n == length)
    } else {
        (std::mem::take(&mut rest).to_vec(), false)
    };
    Some(Answer {
        status,
        headers,
        body,
        whole,
        trailers,
        rest: rest.to_vec(),
        chunks,
    })
}

fn fields<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<(String, String)> {
    lines
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|w| w == needle)
}
