//! Connections of any kind, for hyper-util's client.

use buttress_testkit::{MemoryStream, Origin};
use http::Uri;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;
use std::future::{Ready, ready};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite};
use tower::Service;

/// Connects to an origin in memory, whatever the address.
#[derive(Clone, Debug)]
pub struct InMemory(Arc<Origin>);

impl InMemory {
    /// Connects to this one.
    #[must_use]
    pub fn to(origin: &Arc<Origin>) -> Self {
        InMemory(origin.clone())
    }
}

impl Service<Uri> for InMemory {
    type Response = Pipe<MemoryStream>;
    type Error = io::Error;
    type Future = Ready<io::Result<Self::Response>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        ready(Ok(Pipe::new(self.0.connect())))
    }
}

/// A connection, as hyper wants it.
#[derive(Debug)]
pub struct Pipe<T>(TokioIo<T>);

impl<T> Pipe<T> {
    /// Wraps one of tokio's.
    pub fn new(io: T) -> Self {
        Pipe(TokioIo::new(io))
    }
}

impl<T> Connection for Pipe<T> {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

impl<T: AsyncRead + Unpin> hyper::rt::Read for Pipe<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: hyper::rt::ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl<T: AsyncWrite + Unpin> hyper::rt::Write for Pipe<T> {
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
