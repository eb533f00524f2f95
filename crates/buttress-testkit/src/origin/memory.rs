//! A connection in memory that can be cut like one on a socket.

use super::wire::Wire;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf, duplex};

/// How many bytes wait on their way, in each direction.
const BUFFER: usize = 64 * 1024;

/// The client's end of a connection that is made in memory: see
/// [`Origin::connect`](super::Origin::connect).
///
/// After a reset it gives what was written before, then [`io::ErrorKind::ConnectionReset`].
#[derive(Debug)]
pub struct MemoryStream {
    io: DuplexStream,
    reset: Arc<AtomicBool>,
}

/// Both ends of a connection.
pub(super) fn pair() -> (MemoryStream, Server) {
    let (client, server) = duplex(BUFFER);
    let reset = Arc::new(AtomicBool::new(false));
    let client = MemoryStream {
        io: client,
        reset: reset.clone(),
    };
    (client, Server { io: server, reset })
}

impl MemoryStream {
    fn failed(&self) -> Option<io::Error> {
        let reset = self.reset.load(Ordering::Acquire);
        reset.then(|| io::ErrorKind::ConnectionReset.into())
    }
}

impl AsyncRead for MemoryStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.io).poll_read(cx, buf))?;
        let ended = buf.filled().len() == before && buf.remaining() > 0;
        match self.failed() {
            Some(error) if ended => Poll::Ready(Err(error)),
            _ => Poll::Ready(Ok(())),
        }
    }
}

impl AsyncWrite for MemoryStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let result = ready!(Pin::new(&mut self.io).poll_write(cx, buf));
        Poll::Ready(result.map_err(|error| self.failed().unwrap_or(error)))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}

/// The origin's end.
#[derive(Debug)]
pub(super) struct Server {
    io: DuplexStream,
    reset: Arc<AtomicBool>,
}

impl Wire for Server {
    fn arrived(&self) -> bool {
        true
    }

    fn reset(self) {
        self.reset.store(true, Ordering::Release);
    }
}

impl AsyncRead for Server {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buf)
    }
}

impl AsyncWrite for Server {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}
