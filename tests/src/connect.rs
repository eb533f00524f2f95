//! Connections of any kind, for hyper-util's client.

use buttress_testkit::{MemoryStream, Origin};
use http::Uri;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;
use rcgen::CertifiedKey;
use rustls::pki_types::{PrivatePkcs8KeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use std::future::{Ready, ready};
use std::io;
use std::pin::Pin;
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, duplex};
use tokio_rustls::client::TlsStream;
use tokio_rustls::{TlsAcceptor, TlsConnector};
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

/// Connects to an origin in memory, over TLS, and looks at no certificate but its own.
#[derive(Clone)]
#[allow(
    missing_debug_implementations,
    reason = "what it connects with has none"
)]
pub struct Secure {
    origin: Arc<Origin>,
    connector: TlsConnector,
    acceptor: TlsAcceptor,
}

impl Secure {
    /// Connects to this one.
    #[must_use]
    pub fn to(origin: &Arc<Origin>) -> Self {
        static ENDS: LazyLock<(Arc<ClientConfig>, Arc<ServerConfig>)> = LazyLock::new(configs);
        let (client, server) = &*ENDS;
        Secure {
            origin: origin.clone(),
            connector: TlsConnector::from(client.clone()),
            acceptor: TlsAcceptor::from(server.clone()),
        }
    }
}

/// What both ends of a connection are made with.
fn configs() -> (Arc<ClientConfig>, Arc<ServerConfig>) {
    let CertifiedKey { cert, key_pair } =
        rcgen::generate_simple_self_signed(["origin".to_owned()]).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(cert.der().clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let client = ClientConfig::builder_with_provider(provider.clone());
    let client = client.with_safe_default_protocol_versions().unwrap();
    let client = client.with_root_certificates(roots).with_no_client_auth();
    let server = ServerConfig::builder_with_provider(provider);
    let server = server.with_safe_default_protocol_versions().unwrap();
    let key = PrivatePkcs8KeyDer::from(key_pair.serialize_der()).into();
    let server = server.with_no_client_auth();
    let server = server.with_single_cert(vec![cert.der().clone()], key);
    (Arc::new(client), Arc::new(server.unwrap()))
}

impl Service<Uri> for Secure {
    type Response = Pipe<TlsStream<DuplexStream>>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        let Secure {
            origin,
            connector,
            acceptor,
        } = self.clone();
        Box::pin(async move {
            let (ours, theirs) = duplex(64 * 1024);
            let name = ServerName::try_from("origin").unwrap();
            let (client, server) =
                tokio::join!(connector.connect(name, ours), acceptor.accept(theirs));
            origin.serve(server?);
            client.map(Pipe::new)
        })
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
