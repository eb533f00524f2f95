//! The way out of networks that let only their proxy out: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`
//! and `NO_PROXY`, each in capitals or else in small letters.
//!
//! An upstream on this machine is never asked through a proxy, as it is in Go's standard library:
//! a proxy elsewhere would look for it on its own machine.

use buttress_core::{Delivery, Failure, FailureKind, Phase};
use http::header::PROXY_AUTHORIZATION;
use http::{HeaderValue, Request, Uri};
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use hyper_util::rt::TokioIo;
use std::error::Error;
use std::fmt;
use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::net::TcpStream;
use tower::Service;
use tower::util::MapErr;

/// Which proxy the way to an upstream leads through, if any.
#[derive(Clone, Debug)]
pub struct Proxies {
    matcher: Arc<Matcher>,
    /// Whether some request has to say who asks.
    credentials: bool,
}

/// A proxy that can't be used.
#[derive(Debug)]
pub struct ProxyError(Unusable);

#[derive(Debug)]
enum Unusable {
    /// It is spoken to in this way.
    Scheme(String),
    /// This variable holds no address. It is not shown, as it may hold a password.
    Variable(&'static str),
}

impl Proxies {
    /// None at all.
    #[must_use]
    pub fn none() -> Self {
        Proxies {
            matcher: Arc::new(Matcher::builder().build()),
            credentials: false,
        }
    }

    /// Those that the environment names.
    ///
    /// # Errors
    ///
    /// When one is spoken to in another way than plain HTTP, or misspelt: to go without it would end in
    /// errors that say nothing of it.
    pub fn from_env() -> Result<Self, ProxyError> {
        const NAMES: [&str; 6] = [
            "HTTPS_PROXY",
            "https_proxy",
            "HTTP_PROXY",
            "http_proxy",
            "ALL_PROXY",
            "all_proxy",
        ];
        let misspelt = |name: &&str| std::env::var(name).is_ok_and(|url| is_misspelt(&url));
        match NAMES.into_iter().find(misspelt) {
            Some(name) => Err(ProxyError(Unusable::Variable(name))),
            None => Proxies::of(Matcher::from_env()),
        }
    }

    /// This one for every upstream that is not on this machine.
    ///
    /// # Errors
    ///
    /// When it is spoken to in another way than plain HTTP.
    pub fn all(url: &str) -> Result<Self, ProxyError> {
        Proxies::of(Matcher::builder().all(url).build())
    }

    fn of(matcher: Matcher) -> Result<Self, ProxyError> {
        // A name that nobody has (RFC 6761, section 6.4), and for which nobody makes an exception.
        let of = |example| matcher.intercept(&Uri::from_static(example));
        let (http, https) = (of("http://x.invalid/"), of("https://x.invalid/"));
        for proxy in http.iter().chain(&https) {
            if proxy.uri().scheme_str() != Some("http") {
                let scheme = proxy.uri().scheme_str().unwrap_or_default().to_owned();
                return Err(ProxyError(Unusable::Scheme(scheme)));
            }
        }
        Ok(Proxies {
            credentials: http.is_some_and(|proxy| proxy.basic_auth().is_some()),
            matcher: Arc::new(matcher),
        })
    }

    /// The proxy on the way to this address.
    fn to(&self, uri: &Uri) -> Option<Intercept> {
        if is_here(uri.host()?) {
            None
        } else {
            self.matcher.intercept(uri)
        }
    }

    /// Puts on the request what the proxy wants to see on it, if the proxy reads it: not in a
    /// tunnel.
    pub(crate) fn authorize<B>(&self, request: &mut Request<B>) {
        if !self.credentials || request.uri().scheme_str() != Some("http") {
            return;
        }
        if let Some(auth) = self
            .to(request.uri())
            .as_ref()
            .and_then(Intercept::basic_auth)
        {
            let mut auth: HeaderValue = auth.clone();
            auth.set_sensitive(true);
            request.headers_mut().insert(PROXY_AUTHORIZATION, auth);
        }
    }

    /// The address of the proxy on the way to this one, without its credentials, to be shown.
    #[must_use]
    pub fn shown(&self, uri: &Uri) -> Option<String> {
        let proxy = self.to(uri)?;
        let authority = proxy.uri().authority()?.as_str();
        let host = authority.rsplit('@').next().unwrap_or_default();
        Some(host.to_owned())
    }
}

/// Whether this names a proxy, but none that could be found.
fn is_misspelt(url: &str) -> bool {
    let anywhere = Uri::from_static("https://example.com/");
    let matcher = Matcher::builder().all(url).build();
    !url.trim().is_empty() && matcher.intercept(&anywhere).is_none()
}

/// Whether a host is this machine (RFC 6761, section 6.3; RFC 1122, section 3.2.1.3; RFC 4291,
/// section 2.5.3).
fn is_here(host: &str) -> bool {
    let name = host.trim_matches(['[', ']']).trim_end_matches('.');
    name.eq_ignore_ascii_case("localhost")
        || name.to_ascii_lowercase().ends_with(".localhost")
        || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Connects straight, or through the proxy that the address is reached by.
#[derive(Clone, Debug)]
pub struct ProxyConnector {
    tcp: HttpConnector,
    proxies: Proxies,
}

impl ProxyConnector {
    pub(crate) fn new(tcp: HttpConnector, proxies: Proxies) -> Self {
        ProxyConnector { tcp, proxies }
    }
}

/// A connection, and whether a proxy reads what is sent on it.
#[derive(Debug)]
pub struct Stream {
    tcp: TokioIo<TcpStream>,
    to_proxy: bool,
}

type BoxError = Box<dyn Error + Send + Sync>;

impl Service<Uri> for ProxyConnector {
    type Response = Stream;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Stream, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.tcp.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let Some(proxy) = self.proxies.to(&to) else {
            let connecting = self.tcp.call(to);
            return Box::pin(async move {
                let tcp = connecting.await?;
                Ok(Stream {
                    tcp,
                    to_proxy: false,
                })
            });
        };
        if to.scheme_str() == Some("http") {
            let connecting = self.tcp.call(proxy.uri().clone());
            return Box::pin(async move {
                let tcp = connecting.await.map_err(unreached)?;
                Ok(Stream {
                    tcp,
                    to_proxy: true,
                })
            });
        }
        // The one that was polled ready is the one that is used.
        let ready = self.tcp.clone();
        let tcp = std::mem::replace(&mut self.tcp, ready);
        let tcp = MapErr::new(tcp, unreached);
        let mut tunnel = Tunnel::new(proxy.uri().clone(), tcp);
        if let Some(auth) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(auth.clone());
        }
        let connecting = tunnel.call(to);
        Box::pin(async move {
            let tcp = connecting.await?;
            Ok(Stream {
                tcp,
                to_proxy: false,
            })
        })
    }
}

/// The proxy is not there: else it would seem that the upstream was not.
fn unreached(error: impl Into<BoxError>) -> Failure {
    let failure = Failure::from_error(error.into(), Phase::Connect);
    Failure::new(FailureKind::Proxy)
        .with_phase(Phase::Connect)
        .with_delivery(Delivery::NotSent)
        .with_transient(failure.is_transient())
        .with_source(failure)
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        self.tcp.connected().proxy(self.to_proxy)
    }
}

impl Read for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().tcp).poll_read(cx, buf)
    }
}

impl Write for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().tcp).poll_write(cx, buf)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().tcp).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().tcp).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.tcp.is_write_vectored()
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().tcp).poll_write_vectored(cx, bufs)
    }
}

impl fmt::Display for ProxyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Unusable::Scheme(scheme) => write!(
                f,
                "the environment (HTTPS_PROXY, HTTP_PROXY or ALL_PROXY) names a proxy that is \
                 spoken to over {scheme}://, but only http:// proxies can be used"
            ),
            Unusable::Variable(name) => write!(
                f,
                "the environment's {name} is not the address of a proxy, as in \
                 http://proxy.example.com:3128"
            ),
        }
    }
}

impl Error for ProxyError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_asked_straight() {
        let proxies = Proxies::all("http://user:secret@proxy.corp:3128").unwrap();
        for (uri, through) in [
            ("https://api.example.com/v1", true),
            ("http://10.0.0.1/", true),
            ("http://localhost:8000/", false),
            ("http://LOCALHOST/", false),
            ("http://a.localhost/", false),
            ("http://127.0.0.2:1/", false),
            ("http://[::1]:80/", false),
            ("http://localhost.example.com/", true),
        ] {
            let shown = proxies.shown(&uri.parse().unwrap());
            assert_eq!(shown.is_some(), through, "{uri}");
            assert!(shown.is_none_or(|shown| shown == "proxy.corp:3128"));
        }
        assert!(!format!("{proxies:?}").contains("c2VjcmV0"));
    }

    #[test]
    fn only_a_proxy_that_reads_the_request_sees_credentials_in_it() {
        let proxies = Proxies::all("http://user:secret@proxy.corp:3128").unwrap();
        for (uri, expected) in [
            ("http://api.example.com/", true),
            ("https://api.example.com/", false),
            ("http://localhost/", false),
        ] {
            let mut request = Request::get(uri).body(()).unwrap();
            proxies.authorize(&mut request);
            let auth = request.headers().get(PROXY_AUTHORIZATION);
            assert_eq!(auth.is_some(), expected, "{uri}");
            assert!(auth.is_none_or(HeaderValue::is_sensitive));
        }
    }

    #[test]
    fn what_is_no_address_of_a_proxy_is_not_passed_over() {
        for (url, expected) in [
            ("", false),
            (" ", false),
            ("proxy.corp:3128", false),
            ("proxy.corp", false),
            ("http://user:secret@proxy.corp:3128/", false),
            ("http://[::1]:3128", false),
            ("socks5://proxy.corp", false),
            ("htp://proxy.corp:3128", true),
            ("ftp://proxy.corp", true),
            ("http://proxy corp", true),
        ] {
            assert_eq!(is_misspelt(url), expected, "{url}");
        }
    }

    #[test]
    fn an_exception_for_some_hosts_changes_nothing_for_others() {
        let of = |url: &str, no: &str| {
            Proxies::of(
                Matcher::builder()
                    .all(url.to_owned())
                    .no(no.to_owned())
                    .build(),
            )
        };
        for no in ["example.com", ".com", "upstream.test"] {
            let proxies = of("http://user:secret@proxy.corp:3128", no).unwrap();
            let mut request = Request::get("http://other.test/").body(()).unwrap();
            proxies.authorize(&mut request);
            assert!(request.headers().contains_key(PROXY_AUTHORIZATION), "{no}");
            assert!(of("socks5://proxy.corp:1080", no).is_err(), "{no}");
        }
    }

    #[test]
    fn a_proxy_of_another_kind_is_refused_by_its_scheme() {
        let error = Proxies::all("socks5://proxy.corp:1080").unwrap_err();
        assert!(error.to_string().contains("socks5://"), "{error}");
    }
}
