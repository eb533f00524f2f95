//! A client's connection: which HTTP it speaks, whether it is in use, and whether it is to end with a
//! reset.
//!
//! An answer of HTTP/1.1 or 2 that breaks is told from a whole one by its framing. To a client of
//! HTTP/1.0 the end of the connection may be the end of the answer, and only a reset says that it
//! is not (RFC 9112, section 8).

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// A connection with a client.
#[derive(Debug)]
pub(crate) struct Socket {
    stream: TcpStream,
    /// What was read of it to see which HTTP it speaks, and is to be read again.
    first: Bytes,
    usage: Usage,
}

/// What is going on on a connection. A clone tells of the same one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Usage(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// It is to end with a reset.
    broken: AtomicBool,
    /// Calls that have begun, and those that have ended.
    began: AtomicUsize,
    ended: AtomicUsize,
}

/// A call on a connection, as long as this is not dropped.
#[derive(Debug)]
pub(crate) struct InUse(Usage);

impl Usage {
    /// A call begins.
    pub(crate) fn begin(&self) -> InUse {
        self.0.began.fetch_add(1, Ordering::Relaxed);
        InUse(self.clone())
    }

    /// How many calls there were; `None` while there is one.
    pub(crate) fn idle_after(&self) -> Option<usize> {
        let ended = self.0.ended.load(Ordering::Relaxed);
        (self.0.began.load(Ordering::Relaxed) == ended).then_some(ended)
    }
}

impl Drop for InUse {
    fn drop(&mut self) {
        let Usage(usage) = &self.0;
        usage.ended.fetch_add(1, Ordering::Relaxed);
    }
}

pin_project! {
    /// A body during which its connection is in use, and that ends it with a reset when it fails, if
    /// that is the only way to say so. Changes nothing else.
    #[derive(Debug)]
    pub(crate) struct Breaking<B> {
        #[pin]
        inner: B,
        call: InUse,
        resets: bool,
    }
}

impl<B> Breaking<B> {
    /// What `resets` its connection when it fails, or leaves it as it is.
    pub(crate) fn new(inner: B, call: InUse, resets: bool) -> Self {
        Breaking {
            inner,
            call,
            resets,
        }
    }
}

impl<B: Body> Body for Breaking<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let this = self.project();
        let frame = ready!(this.inner.poll_frame(cx));
        if *this.resets && matches!(frame, Some(Err(_))) {
            let InUse(Usage(usage)) = this.call;
            usage.broken.store(true, Ordering::Relaxed);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl Socket {
    pub(crate) fn new(stream: TcpStream) -> Self {
        // Fails only on a socket that is broken already.
        let _ = stream.set_nodelay(true);
        Socket {
            stream,
            first: Bytes::new(),
            usage: Usage::default(),
        }
    }

    pub(crate) fn usage(&self) -> &Usage {
        &self.usage
    }

    /// Whether the client speaks HTTP/2 without having asked, which shows in its first bytes: they
    /// are a method that HTTP/1.1 must not have (RFC 9113, section 3.4).
    ///
    /// They are read again afterwards.
    pub(crate) async fn speaks_http2(&mut self) -> io::Result<bool> {
        const PREFACE: &[u8] = b"PRI";
        let mut first = [0; PREFACE.len()];
        let mut length = 0;
        while let (seen, room @ [_, ..]) = first.split_at_mut(length) {
            if !PREFACE.starts_with(seen) {
                break;
            }
            match self.stream.read(room).await? {
                0 => break,
                more => length += more,
            }
        }
        let seen = first.get(..length).unwrap_or_default();
        self.first = Bytes::copy_from_slice(seen);
        Ok(seen == PREFACE)
    }

    fn stream(self: Pin<&mut Self>) -> Pin<&mut TcpStream> {
        Pin::new(&mut self.get_mut().stream)
    }
}

impl Drop for Socket {
    #[allow(
        deprecated,
        reason = "a linger time of zero does not block; its own function is younger than the tokio we allow"
    )]
    fn drop(&mut self) {
        let Usage(usage) = &self.usage;
        if usage.broken.load(Ordering::Relaxed) {
            // Fails only on a socket that is broken already, which is what is wanted.
            let _ = self.stream.set_linger(Some(Duration::ZERO));
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let Socket { stream, first, .. } = self.get_mut();
        if !first.is_empty() {
            let part = first.split_to(first.len().min(buf.remaining()));
            buf.put_slice(&part);
            return Poll::Ready(Ok(()));
        }
        Pin::new(stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.stream().poll_write(cx, buf)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.stream().poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream().poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream().poll_shutdown(cx)
    }
}
