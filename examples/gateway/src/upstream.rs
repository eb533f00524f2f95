//! The client for the upstream: HTTP/1.1 and HTTP/2 over TCP or TLS, without any layer.

use crate::proxy::{Proxies, ProxyConnector};
use buttress_timeout::{ConnectTimeout, ConnectTimeoutLayer};
use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;
use hyper_rustls::{ConfigBuilderExt, HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::{self, ResponseFuture, connect::HttpConnector};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};
use std::error::Error;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tower::{Layer, Service};

/// The client for requests with this body.
///
/// A clone is the same client, and one word long: the layers around it are cloned and moved with
/// every call.
pub struct Client<B>(Arc<Shared<B>>);

struct Shared<B> {
    hyper: legacy::Client<Connector, B>,
    proxies: Proxies,
}

/// Everything that a connection takes has one limit: the name, the connection itself, the proxy's
/// tunnel, and TLS.
type Connector = ConnectTimeout<HttpsConnector<ProxyConnector>>;

/// How long a connection may wait for its next request.
///
/// Shorter than the 5 s after which many servers close (Node's and uvicorn's default), so that a
/// request seldom meets a connection that is just being closed.
const IDLE: Duration = Duration::from_secs(4);

/// How often a connection in use is asked whether it is still there: pings in HTTP/2, probes of
/// the kernel in HTTP/1.1. They also keep address translators from forgetting it.
const ASK: Duration = Duration::from_secs(20);

/// How long a connection may leave that, or what was sent on it, without an answer: then it is gone,
/// as those are that were made before the machine slept or changed its network. A model may think
/// for longer, but its server's kernel does not.
const GONE: Duration = Duration::from_secs(60);

/// How often the kernel asks between [`ASK`] and [`GONE`].
const PROBES: u32 = 4;

/// A client that trusts what this machine trusts, and gives up connecting after `connect`: finding the
/// host, the way through a proxy and TLS included.
///
/// The roots are read only when `tls` says that they will be needed.
///
/// # Errors
///
/// When they are needed and there are none.
pub fn client<B>(tls: bool, connect: Duration, proxies: Proxies) -> Result<Client<B>, NoRoots>
where
    B: Body<Data: Send> + Send + Unpin + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let config = config();
    let config = if tls {
        config.with_native_roots().map_err(NoRoots)?
    } else {
        config.with_root_certificates(RootCertStore::empty())
    };
    Ok(client_with(config.with_no_client_auth(), connect, proxies))
}

/// A client that trusts these roots.
#[must_use]
pub fn client_trusting<B>(roots: RootCertStore, connect: Duration, proxies: Proxies) -> Client<B>
where
    B: Body<Data: Send> + Send + Unpin + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let config = config().with_root_certificates(roots);
    client_with(config.with_no_client_auth(), connect, proxies)
}

#[allow(
    clippy::expect_used,
    reason = "ring's provider speaks the versions of TLS that are asked for"
)]
fn config() -> rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier> {
    ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring speaks TLS 1.2 and 1.3")
}

fn client_with<B>(config: ClientConfig, connect: Duration, proxies: Proxies) -> Client<B>
where
    B: Body<Data: Send> + Send + Unpin + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_keepalive(Some(ASK));
    tcp.set_keepalive_interval(Some((GONE - ASK) / PROBES));
    tcp.set_keepalive_retries(Some(PROBES));
    // Probes are for a connection on which nothing is under way. A request that nobody acknowledges is
    // sent again for a quarter of an hour, unless this is said, which other systems have no word for.
    #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
    tcp.set_tcp_user_timeout(Some(GONE));
    // Of several addresses each gets its part of it.
    tcp.set_connect_timeout(Some(connect));
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config(config)
        .https_or_http()
        .enable_all_versions()
        .wrap_connector(ProxyConnector::new(tcp, proxies.clone()));
    let connector = connect_timeout(connect).layer(connector);
    let hyper = legacy::Client::builder(TokioExecutor::new())
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE)
        .http2_keep_alive_interval(ASK)
        .http2_keep_alive_timeout(GONE - ASK)
        .http2_adaptive_window(true)
        .build(connector);
    Client(Arc::new(Shared { hyper, proxies }))
}

#[allow(clippy::expect_used, reason = "the limit is more than zero")]
fn connect_timeout(limit: Duration) -> ConnectTimeoutLayer {
    ConnectTimeoutLayer::new(limit.max(Duration::from_nanos(1))).expect("is more than zero")
}

impl<B> Client<B>
where
    B: Body<Data: Send> + Send + Unpin + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    /// Sends a request.
    pub fn request(&self, mut request: Request<B>) -> ResponseFuture {
        let Shared { hyper, proxies } = &*self.0;
        proxies.authorize(&mut request);
        hyper.request(request)
    }
}

impl<B> Service<Request<B>> for Client<B>
where
    B: Body<Data: Send> + Send + Unpin + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Response = Response<Incoming>;
    type Error = legacy::Error;
    type Future = ResponseFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), legacy::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> ResponseFuture {
        self.request(request)
    }
}

impl<B> Clone for Client<B> {
    fn clone(&self) -> Self {
        Client(Arc::clone(&self.0))
    }
}

impl<B> fmt::Debug for Client<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("proxies", &self.0.proxies)
            .finish_non_exhaustive()
    }
}

/// This machine has no certificates to trust.
#[derive(Debug)]
pub struct NoRoots(io::Error);

impl fmt::Display for NoRoots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "no certificate authorities were found on this machine, so no https:// upstream can \
             be trusted: install the package ca-certificates, or name a file in SSL_CERT_FILE"
        )
    }
}

impl Error for NoRoots {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}
