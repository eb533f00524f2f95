//! A client's connection that can be made to end with a reset.
//!
//! An answer of HTTP/1.1 or 2 that breaks is told from a whole one by its framing. To a client of
//! HTTP/1.0 the end of the connection may be the end of the answer, and only a reset says that it
//! is not (RFC 9112, section 8).

use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// A connection, and whether it ends with a reset.
#[derive(Debug)]
pub(crate) struct Socket {
    stream: TcpStream,
    broken: Broken,
}

/// The handle with which a connection is made to end with a reset.
#[derive(Clone, Debug, Default)]
pub(crate) struct Broken(Arc<AtomicBool>);

pin_project! {
    /// A body that ends its connection with a reset when it fails. Changes nothing else.
    #[derive(Debug)]
    pub(crate) struct Breaking<B> {
        #[pin]
        inner: B,
        broken: Option<Broken>,
    }
}

impl<B> Breaking<B> {
    /// Without a handle the end of the connection is left as it is.
    pub(crate) fn new(inner: B, broken: Option<Broken>) -> Self {
        Breaking { inner, broken }
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
        if let (Some(Err(_)), Some(Broken(broken))) = (&frame, this.broken) {
            broken.store(true, Ordering::Relaxed);
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
    pub(crate) fn new(stream: TcpStream, broken: Broken) -> Self {
        // Fails only on a socket that is broken already.
        let _ = stream.set_nodelay(true);
        Socket { stream, broken }
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
        if self.broken.0.load(Ordering::Relaxed) {
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
        self.stream().poll_read(cx, buf)
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
