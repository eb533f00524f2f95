//! A connection to one client: bytes in, bytes out, and two ways to end it.

use super::fault::Cut;
use super::queue;
use bytes::BytesMut;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;

/// A transport that can be reset.
pub(super) trait Wire: AsyncRead + AsyncWrite + Unpin + Send + 'static {
    /// Whether all that was written has arrived, so that a reset would not overtake it.
    fn arrived(&self) -> bool;

    /// Ends the connection with a reset.
    fn reset(self);
}

impl Wire for TcpStream {
    fn arrived(&self) -> bool {
        queue::is_empty(self).unwrap_or(true)
    }

    #[allow(
        deprecated,
        reason = "a linger time of zero does not block; its own function is younger than the tokio we allow"
    )]
    fn reset(self) {
        // Fails only on a socket that is broken already, which is what is wanted.
        let _ = self.set_linger(Some(Duration::ZERO));
    }
}

/// Somebody else's transport.
#[derive(Debug)]
pub(super) struct Foreign<T>(pub(super) T);

impl<T: AsyncRead + AsyncWrite + Unpin + Send + 'static> Wire for Foreign<T> {
    fn arrived(&self) -> bool {
        true
    }

    fn reset(self) {}
}

impl<T: AsyncRead + Unpin> AsyncRead for Foreign<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Foreign<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

/// A transport and what was read from it too early.
#[derive(Debug)]
pub(super) struct Conn<W> {
    pub(super) io: W,
    pub(super) buf: BytesMut,
}

impl<W: Wire> Conn<W> {
    pub(super) fn new(io: W) -> Self {
        let buf = BytesMut::new();
        Conn { io, buf }
    }

    /// Reads more: `false` when the client sends no more. Cancel safe.
    pub(super) async fn more(&mut self) -> io::Result<bool> {
        Ok(self.io.read_buf(&mut self.buf).await? > 0)
    }

    /// Waits until the client sends no more. Cancel safe.
    pub(super) async fn until_gone(&mut self) {
        const KEPT: usize = 1 << 20;
        while let Ok(true) = self.more().await {
            if self.buf.len() > KEPT {
                self.buf.clear();
            }
        }
    }

    /// Writes all of this.
    pub(super) async fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.io.write_all(bytes).await?;
        self.io.flush().await
    }

    /// Ends the connection.
    pub(super) async fn cut(mut self, how: Cut) {
        match how {
            Cut::Rst => {
                while !self.io.arrived() {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                self.io.reset();
            }
            // Closing with bytes unread would reset: first what the client sends is read.
            Cut::Fin => {
                if self.io.shutdown().await.is_ok() {
                    self.until_gone().await;
                }
            }
        }
    }
}
