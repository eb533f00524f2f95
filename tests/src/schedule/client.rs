//! hyper-util's client, over connections in memory or on sockets, behind one type.

use super::Http;
use buttress::BoxError;
use buttress_testkit::{MemoryStream, Origin};
use bytes::Bytes;
use http::{Request, Response, Uri};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{Connect, Connected, Connection, HttpConnector};
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::future::{Ready, ready};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tower::util::BoxCloneService;
use tower::{Service, ServiceExt};

/// What the layers wrap.
pub type Inner =
    BoxCloneService<Request<Full<Bytes>>, Response<UnsyncBoxBody<Bytes, BoxError>>, BoxError>;

/// A client whose connections lead to this origin, in memory.
#[must_use]
pub fn memory_client(origin: &Arc<Origin>, http: Http) -> Inner {
    client(Connector(origin.clone()), http)
}

/// A client whose connections are sockets.
#[must_use]
pub fn socket_client(http: Http) -> Inner {
    client(HttpConnector::new(), http)
}

/// A client over any connections.
pub fn client<C>(connector: C, http: Http) -> Inner
where
    C: Connect + Clone + Send + Sync + 'static,
{
    let client: Client<C, Full<Bytes>> = Client::builder(TokioExecutor::new())
        .http2_only(http == Http::Two)
        .build(connector);
    let client = client.map_err(BoxError::from).map_response(|response| {
        response.map(|body: hyper::body::Incoming| body.map_err(BoxError::from).boxed_unsync())
    });
    BoxCloneService::new(client)
}

#[derive(Clone)]
struct Connector(Arc<Origin>);

impl Service<Uri> for Connector {
    type Response = Pipe;
    type Error = io::Error;
    type Future = Ready<io::Result<Pipe>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        ready(Ok(Pipe(TokioIo::new(self.0.connect()))))
    }
}

/// A connection, as hyper wants it.
struct Pipe(TokioIo<MemoryStream>);

impl Connection for Pipe {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

impl hyper::rt::Read for Pipe {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: hyper::rt::ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl hyper::rt::Write for Pipe {
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
