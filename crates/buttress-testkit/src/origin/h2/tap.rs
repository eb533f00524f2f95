//! What the `h2` crate reads from and writes to: it counts what has left, and lets frames of our
//! own in between.

use super::super::fault::Code;
use super::super::wire::{Conn, Wire};
use bytes::{Buf, BufMut, Bytes, BytesMut};
use std::collections::HashMap;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::{Notify, watch};

/// One connection, shared by the `h2` crate and by those who look over its shoulder.
pub(super) struct Tap<W> {
    state: Arc<Mutex<State<W>>>,
    kick: Arc<Notify>,
    changes: watch::Sender<()>,
}

struct State<W> {
    conn: Option<Conn<W>>,
    frames: Frames,
    /// Bytes of ours that go out between two frames.
    ours: BytesMut,
}

impl<W: Wire> Tap<W> {
    pub(super) fn new(conn: Conn<W>) -> Self {
        let state = State {
            conn: Some(conn),
            frames: Frames::default(),
            ours: BytesMut::new(),
        };
        Tap {
            state: Arc::new(Mutex::new(state)),
            kick: Arc::default(),
            changes: watch::Sender::new(()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<W>> {
        self.state.lock().expect("no holder panics")
    }

    /// Takes the connection away: all that is read or written from now on fails.
    pub(super) fn take(&self) -> Option<Conn<W>> {
        self.lock().conn.take()
    }

    /// Waits until whoever polls the connection should do so again.
    pub(super) async fn kicked(&self) {
        self.kick.notified().await;
    }

    /// Waits until at least this much of the stream has left.
    pub(super) async fn until(&self, stream: u32, least: Left) {
        self.until_met(|state| {
            let left = state.frames.left.get(&stream).copied().unwrap_or_default();
            left.heads >= least.heads && left.data >= least.data && left.ended >= least.ended
        })
        .await;
    }

    /// Sends bytes that the `h2` crate knows nothing of, and waits until they have left.
    pub(super) async fn put(&self, bytes: &[u8]) {
        self.lock().ours.put_slice(bytes);
        self.kick.notify_one();
        self.until_met(|state| state.ours.is_empty()).await;
    }

    /// Sends a `GOAWAY`.
    pub(super) async fn go_away(&self, last_stream: u32, code: Code) {
        let mut frame = BytesMut::from(&[0, 0, 8, 7, 0, 0, 0, 0, 0][..]);
        frame.put_u32(last_stream);
        frame.put_u32(code.number());
        self.put(&frame).await;
    }

    async fn until_met(&self, met: impl Fn(&State<W>) -> bool) {
        let mut changes = self.changes.subscribe();
        while !met(&self.lock()) {
            // Fails only when the sender is gone, which is ours.
            let _ = changes.changed().await;
        }
    }
}

impl<W: Wire> State<W> {
    /// The transport, which is gone once it was taken.
    fn io(&mut self) -> io::Result<&mut Conn<W>> {
        self.conn.as_mut().ok_or(io::ErrorKind::NotConnected.into())
    }

    /// Writes what is ours, if that is possible here.
    fn poll_ours(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.ours.is_empty() && self.frames.between() {
            let Some(conn) = self.conn.as_mut() else {
                return Poll::Ready(Err(io::ErrorKind::NotConnected.into()));
            };
            let n = ready!(Pin::new(&mut conn.io).poll_write(cx, &self.ours))?;
            self.ours.advance(n);
        }
        Poll::Ready(Ok(()))
    }

    fn poll_write(&mut self, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        ready!(self.poll_ours(cx))?;
        // Not past the frame's end while something waits for it.
        let most = match self.ours.is_empty() {
            true => buf.len(),
            false => buf.len().min(self.frames.room()),
        };
        let io = &mut self.io()?.io;
        let n = ready!(Pin::new(io).poll_write(cx, &buf[..most]))?;
        self.frames.wrote(&buf[..n]);
        Poll::Ready(Ok(n))
    }
}

impl<W: Wire> AsyncRead for Tap<W> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let mut state = self.lock();
        let conn = state.io()?;
        if conn.buf.is_empty() {
            return Pin::new(&mut conn.io).poll_read(cx, buf);
        }
        let n = conn.buf.len().min(buf.remaining());
        let early: Bytes = conn.buf.split_to(n).freeze();
        buf.put_slice(&early);
        Poll::Ready(Ok(()))
    }
}

impl<W: Wire> AsyncWrite for Tap<W> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let result = self.lock().poll_write(cx, buf);
        self.changes.send_replace(());
        result
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let result = {
            let mut state = self.lock();
            ready!(state.poll_ours(cx))?;
            let io = &mut state.io()?.io;
            Pin::new(io).poll_flush(cx)
        };
        self.changes.send_replace(());
        result
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut state = self.lock();
        let io = &mut state.io()?.io;
        Pin::new(io).poll_shutdown(cx)
    }
}

impl<W> Clone for Tap<W> {
    fn clone(&self) -> Self {
        Tap {
            state: self.state.clone(),
            kick: self.kick.clone(),
            changes: self.changes.clone(),
        }
    }
}

/// Follows the frames that go out (RFC 9113, section 4.1).
#[derive(Debug, Default)]
struct Frames {
    /// The part of a frame's header that has left.
    header: Vec<u8>,
    /// Bytes of the frame's payload that are still to leave.
    payload: usize,
    left: HashMap<u32, Left>,
}

/// What has left of a stream.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Left {
    /// `HEADERS` frames.
    pub(super) heads: u32,
    /// Bytes of data.
    pub(super) data: u64,
    /// `END_STREAM`.
    pub(super) ended: bool,
}

const HEADER: usize = 9;

impl Frames {
    /// Whether no frame is under way.
    fn between(&self) -> bool {
        self.header.is_empty()
    }

    /// How many bytes may leave without going past a place where a frame can end.
    fn room(&self) -> usize {
        match HEADER - self.header.len() {
            0 => self.payload,
            missing => missing,
        }
    }

    fn wrote(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let n = self.room().min(bytes.len());
            let (part, rest) = bytes.split_at(n);
            bytes = rest;
            if self.header.len() < HEADER {
                self.header.extend_from_slice(part);
                if self.header.len() == HEADER {
                    let length = [0, self.header[0], self.header[1], self.header[2]];
                    self.payload = u32::from_be_bytes(length) as usize;
                }
            } else {
                self.payload -= n;
            }
            if self.header.len() == HEADER && self.payload == 0 {
                self.count();
            }
        }
    }

    /// Counts a frame of which all has left.
    fn count(&mut self) {
        const DATA: u8 = 0;
        const HEADERS: u8 = 1;
        const END_STREAM: u8 = 1;
        let number = |bytes: &[u8]| bytes.iter().fold(0, |n, b| n << 8 | u32::from(*b));
        let (length, stream) = (number(&self.header[..3]), number(&self.header[5..]));
        let (kind, flags) = (self.header[3], self.header[4]);
        let left = self.left.entry(stream).or_default();
        if kind == DATA {
            left.data += u64::from(length);
        }
        left.heads += u32::from(kind == HEADERS);
        left.ended |= (kind == DATA || kind == HEADERS) && flags & END_STREAM != 0;
        self.header.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_counted_however_they_are_cut() {
        let mut out = Vec::new();
        let mut frame = |kind: u8, flags: u8, stream: u8, payload: usize| {
            out.extend([0, 0, payload as u8, kind, flags, 0, 0, 0, stream]);
            out.extend(vec![0; payload]);
        };
        frame(4, 0, 0, 0);
        frame(1, 4, 1, 20);
        frame(0, 0, 1, 100);
        frame(0, 0, 3, 7);
        frame(0, 1, 1, 50);
        for size in 1..out.len() {
            let mut frames = Frames::default();
            for part in out.chunks(size) {
                frames.wrote(part);
            }
            assert!(frames.between());
            assert_eq!((frames.left[&1].data, frames.left[&1].ended), (150, true));
            assert_eq!((frames.left[&3].data, frames.left[&3].ended), (7, false));
        }
    }
}
