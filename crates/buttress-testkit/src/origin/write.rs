//! Writing an answer, as far as its plan goes.

use super::fault::Cut;
use super::plan::{Framing, Place, Plan, Stop};
use super::wire::{Conn, Wire};
use bytes::{BufMut, Bytes, BytesMut};
use http::{HeaderMap, StatusCode};
use std::future::Future;
use std::io;
use std::time::Duration;

/// What became of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// All was written that was to be written; the connection goes on.
    Open,
    /// All was written that was to be written; the connection is to end.
    Cut(Cut),
    /// The client left before that, or while nothing more was to come.
    Left,
}

/// Where the pieces of a body go.
pub(super) trait Out {
    /// Bytes of the body that went there.
    fn sent(&self) -> u64;

    /// Waits, or fails when the client leaves meanwhile.
    fn wait(&mut self, time: Duration) -> impl Future<Output = io::Result<()>> + Send;

    /// Writes a part of the body.
    fn data(&mut self, plan: &Plan, part: Bytes) -> impl Future<Output = io::Result<()>> + Send;
}

/// Writes the body: what happens where the answer stops within it, if it does.
pub(super) async fn body(
    out: &mut impl Out,
    plan: &Plan,
    sends_body: bool,
) -> io::Result<Option<Stop>> {
    let stop = match plan.stop {
        Some((Place::Body(at), stop)) => Some((at, stop)),
        _ => None,
    };
    let mut pause = plan.pause.filter(|_| sends_body);
    let mut pieces = plan.body.pieces().filter(|_| sends_body);
    let mut piece = Bytes::new();
    loop {
        if let Some((_, lasts)) = pause.take_if(|(at, _)| *at == out.sent()) {
            out.wait(lasts).await?;
        }
        if let Some((_, stop)) = stop.filter(|(at, _)| *at == out.sent() || !sends_body) {
            return Ok(Some(stop));
        }
        if piece.is_empty() {
            match pieces.next() {
                Some(next) => piece = next,
                None => return Ok(None),
            }
        }
        let marks = [pause.map(|(at, _)| at), stop.map(|(at, _)| at)];
        let next = marks
            .into_iter()
            .flatten()
            .filter(|at| *at > out.sent())
            .min();
        let room = next.map_or(usize::MAX, |at| (at - out.sent()) as usize);
        let part = piece.split_to(room.min(piece.len()));
        out.data(plan, part).await?;
    }
}

/// The `Link` of an answer that comes before the answer.
pub(super) const PRELOAD: &str = "</style.css>; rel=preload";

/// What a server says that speaks something else.
pub(super) const GARBAGE: &[u8] = b"\x15\x03\x03\x00\x02\x02\x28SSH-2.0-nothing\r\n\0\0\0\0";

/// Writes the answer, and tells what became of it and how many bytes of its body were written.
/// `close` says that the connection ends after it.
pub(super) async fn answer<W: Wire>(
    conn: &mut Conn<W>,
    plan: &Plan,
    close: bool,
) -> (Outcome, u64) {
    let mut writer = Writer {
        conn,
        trickle: plan.trickle,
        sent: 0,
    };
    let result = writer.answer(plan, close).await;
    (result.unwrap_or(Outcome::Left), writer.sent)
}

struct Writer<'a, W> {
    conn: &'a mut Conn<W>,
    trickle: Option<usize>,
    sent: u64,
}

impl<W: Wire> Writer<'_, W> {
    async fn answer(&mut self, plan: &Plan, close: bool) -> io::Result<Outcome> {
        if let Some(delay) = plan.delay {
            self.wait(delay).await?;
        }
        let close = close || plan.drain;
        if let Some((Place::BeforeHead, stop)) = plan.stop {
            return Ok(self.stop(stop).await);
        }
        if plan.garbage {
            self.put(GARBAGE).await?;
            return Ok(Outcome::Cut(Cut::Fin));
        }
        for status in plan.interim {
            let status = StatusCode::from_u16(*status).map_err(io::Error::other)?;
            let head = format!("{}link: {PRELOAD}\r\n\r\n", first_line(status));
            self.put(head.as_bytes()).await?;
        }
        let ends = close || plan.framing == Framing::UntilClose;
        self.put(&head(plan, ends)).await?;
        let sends_body = !plan.head_only && plan.framing != Framing::Nothing;
        if let Some(stop) = body(self, plan, sends_body).await? {
            return Ok(self.stop(stop).await);
        }
        if sends_body && plan.framing == Framing::Chunked {
            self.put(&last_chunk(plan.trailers.as_ref())).await?;
        }
        Ok(match plan.after {
            Some(how) => Outcome::Cut(how),
            None if ends => Outcome::Cut(Cut::Fin),
            None => Outcome::Open,
        })
    }

    async fn stop(&mut self, stop: Stop) -> Outcome {
        match stop {
            Stop::Cut(how) => Outcome::Cut(how),
            Stop::Reset(_) | Stop::GoAway { .. } => Outcome::Cut(Cut::Rst),
            Stop::Stall => {
                self.conn.until_gone().await;
                Outcome::Left
            }
        }
    }

    async fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Some(size) = self.trickle else {
            return self.conn.put(bytes).await;
        };
        for part in bytes.chunks(size) {
            self.conn.put(part).await?;
            tokio::task::yield_now().await;
        }
        Ok(())
    }
}

impl<W: Wire> Out for Writer<'_, W> {
    fn sent(&self) -> u64 {
        self.sent
    }

    async fn wait(&mut self, time: Duration) -> io::Result<()> {
        tokio::select! {
            biased;
            () = self.conn.until_gone() => Err(io::ErrorKind::ConnectionAborted.into()),
            () = tokio::time::sleep(time) => Ok(()),
        }
    }

    async fn data(&mut self, plan: &Plan, part: Bytes) -> io::Result<()> {
        match plan.framing {
            Framing::Chunked => self.put(&chunk(&part, plan.extensions)).await?,
            _ => self.put(&part).await?,
        }
        self.sent += part.len() as u64;
        Ok(())
    }
}

fn first_line(status: StatusCode) -> String {
    let reason = status.canonical_reason().unwrap_or("Other");
    format!("HTTP/1.1 {} {reason}\r\n", status.as_u16())
}

fn head(plan: &Plan, close: bool) -> Bytes {
    let mut out = BytesMut::new();
    out.put_slice(first_line(plan.status).as_bytes());
    fields(&mut out, &plan.headers);
    let told = ["content-length", "transfer-encoding"];
    if !told.iter().any(|name| plan.headers.contains_key(*name)) {
        match plan.framing {
            Framing::Length => {
                for length in plan.lengths() {
                    out.put_slice(format!("content-length: {length}\r\n").as_bytes());
                }
            }
            Framing::Chunked => out.put_slice(b"transfer-encoding: chunked\r\n"),
            Framing::Nothing | Framing::UntilClose => {}
        }
    }
    if close && !plan.headers.contains_key("connection") {
        out.put_slice(b"connection: close\r\n");
    }
    out.put_slice(b"\r\n");
    out.freeze()
}

fn fields(out: &mut BytesMut, headers: &HeaderMap) {
    for (name, value) in headers {
        out.put_slice(name.as_str().as_bytes());
        out.put_slice(b": ");
        out.put_slice(value.as_bytes());
        out.put_slice(b"\r\n");
    }
}

fn chunk(part: &[u8], extended: bool) -> Bytes {
    // RFC 9112, section 7.1.1: a name alone, a token, a string with what looks like the end of a chunk.
    let extension = if extended {
        ";seen;of=1;note=\"0; \\\"x\\\"\""
    } else {
        ""
    };
    let mut out = BytesMut::from(format!("{:x}{extension}\r\n", part.len()).as_bytes());
    out.put_slice(part);
    out.put_slice(b"\r\n");
    out.freeze()
}

fn last_chunk(trailers: Option<&HeaderMap>) -> Bytes {
    let mut out = BytesMut::from(&b"0\r\n"[..]);
    if let Some(trailers) = trailers {
        fields(&mut out, trailers);
    }
    out.put_slice(b"\r\n");
    out.freeze()
}
