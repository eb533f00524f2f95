//! Requests that are not passed on, and how that is said.

use crate::framed::is_transfer_coded;
use crate::hop;
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONNECTION, CONTENT_TYPE, HeaderValue, UPGRADE};
use http::uri::{PathAndQuery, Scheme};
use http::{Method, Request, Response, StatusCode, Version};
use std::net::{IpAddr, SocketAddr};

/// Why a request is not passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It asks for a WebSocket.
    WebSocket,
    /// It asks for a tunnel, or for an echo of its headers.
    Method,
    /// Its body is in a transfer coding.
    Coding,
    /// It is written for a forward proxy.
    ForwardProxy,
    /// It asks for nothing that could be looked up at the upstream.
    NoPath,
    /// No route begins like its path.
    NoRoute,
}

/// The path and query that are asked for, or why nothing is looked up.
pub(crate) fn path<B>(request: &Request<B>) -> Result<&PathAndQuery, Refusal> {
    let (method, uri) = (request.method(), request.uri());
    if matches!(*method, Method::CONNECT | Method::TRACE) {
        return Err(Refusal::Method);
    }
    if hop::wants_websocket(request.headers()) {
        return Err(Refusal::WebSocket);
    }
    // Only an upstream of HTTP/1.1 could be told of it, and which it speaks shows when it is asked (RFC
    // 9112, section 6.1).
    if is_transfer_coded(request.headers()) {
        return Err(Refusal::Coding);
    }
    // In HTTP/2 every request names scheme and host.
    if uri.scheme().is_some() && request.version() <= Version::HTTP_11 {
        return Err(Refusal::ForwardProxy);
    }
    match uri.path_and_query() {
        Some(path) if path.path().starts_with('/') => Ok(path),
        _ => Err(Refusal::NoPath),
    }
}

/// Takes a whole URL for its path where it names this very address (RFC 9112, section 3.2.2).
pub(crate) fn own<B>(request: &mut Request<B>, here: SocketAddr) {
    let uri = request.uri();
    let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
        return;
    };
    let is_here = *scheme == Scheme::HTTP
        && authority.port_u16().unwrap_or(80) == here.port()
        && names(authority.host(), here.ip().to_canonical());
    if let (true, Some(path)) = (is_here, uri.path_and_query()) {
        *request.uri_mut() = path.clone().into();
    }
}

fn names(host: &str, here: IpAddr) -> bool {
    let ip = host.trim_start_matches('[').trim_end_matches(']').parse();
    ip.is_ok_and(|ip: IpAddr| ip.to_canonical() == here)
        || (here.is_loopback() && host.eq_ignore_ascii_case("localhost"))
}

impl Refusal {
    /// The answer, as a problem document (RFC 9457).
    pub(crate) fn response(self) -> Response<Bytes> {
        let (status, title, detail) = self.words();
        // The words are fixed and need no escaping.
        let text = format!(
            "{{\n  \"type\": \"about:blank\",\n  \"title\": \"{title}\",\n  \"status\": {},\n  \
             \"detail\": \"{detail}\"\n}}\n",
            status.as_u16()
        );
        let mut response = Response::new(Bytes::from(text));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        let mut set = |name, value| headers.insert(name, HeaderValue::from_static(value));
        set(CONTENT_TYPE, "application/problem+json");
        set(CACHE_CONTROL, "no-store");
        if self == Refusal::WebSocket {
            // RFC 9110, sections 15.5.22 and 7.8: what is spoken here instead.
            set(UPGRADE, "HTTP/1.1");
            set(CONNECTION, "upgrade");
        }
        response
    }

    fn words(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Refusal::WebSocket => (
                StatusCode::UPGRADE_REQUIRED,
                "No WebSockets here",
                "This gateway speaks plain HTTP only. Send the request again without the upgrade, \
                 or switch WebSockets off in the client.",
            ),
            Refusal::Method => (
                StatusCode::NOT_IMPLEMENTED,
                "This method is not passed on",
                "This gateway passes on all methods but CONNECT and TRACE. If the client uses it \
                 as a proxy, set the client's base URL instead.",
            ),
            Refusal::Coding => (
                StatusCode::NOT_IMPLEMENTED,
                "No transfer codings but chunks",
                "The request's body is in a transfer coding that not every upstream can be told of. \
                 Send it as it is, or name what it is compressed with in Content-Encoding.",
            ),
            Refusal::ForwardProxy => (
                StatusCode::MISDIRECTED_REQUEST,
                "This is no forward proxy",
                "This gateway passes requests on to one upstream only. Take its address out of \
                 the client's proxy settings and use it as the base URL instead.",
            ),
            Refusal::NoPath => (
                StatusCode::BAD_REQUEST,
                "The request names no path",
                "This gateway passes on requests for a path, such as /v1/models.",
            ),
            Refusal::NoRoute => (
                StatusCode::NOT_FOUND,
                "No route for this path",
                "No upstream is set for this path. The base URL of the client names a route first, \
                 as in http://127.0.0.1:4100/openai/v1; the gateway lists its routes when it \
                 starts.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_is_a_problem_document() {
        use Refusal::*;
        for (refusal, status) in [
            (WebSocket, 426),
            (Method, 501),
            (Coding, 501),
            (ForwardProxy, 421),
            (NoPath, 400),
            (NoRoute, 404),
        ] {
            let response = refusal.response();
            assert_eq!(response.status(), status);
            let problem: serde_json::Value = serde_json::from_slice(response.body()).unwrap();
            assert_eq!(problem["status"], status);
            assert_eq!(problem["type"], "about:blank");
            assert!(problem["detail"].as_str().unwrap().ends_with('.'));
        }
    }

    #[test]
    fn what_is_refused_and_why() {
        let ask = |method, uri: &str| Request::builder().method(method).uri(uri.to_owned());
        use Refusal::*;
        for (request, expected) in [
            (ask("GET", "/a?b"), Ok("/a?b")),
            (ask("PURGE", "/a"), Ok("/a")),
            (
                ask("GET", "/a").header("upgrade", "websocket"),
                Err(WebSocket),
            ),
            (ask("GET", "/a").header("upgrade", "h2c"), Ok("/a")),
            (ask("CONNECT", "b:443"), Err(Method)),
            (ask("TRACE", "/"), Err(Method)),
            (
                ask("POST", "/a").header("transfer-encoding", "gzip, chunked"),
                Err(Coding),
            ),
            (
                ask("POST", "/a").header("transfer-encoding", "chunked"),
                Ok("/a"),
            ),
            (ask("GET", "http://other/a"), Err(ForwardProxy)),
            (
                ask("GET", "http://here/a").version(Version::HTTP_2),
                Ok("/a"),
            ),
            (ask("OPTIONS", "*"), Err(NoPath)),
        ] {
            let request = request.body(()).unwrap();
            assert_eq!(
                path(&request).map(PathAndQuery::as_str),
                expected,
                "{request:?}"
            );
        }
    }

    #[test]
    fn a_whole_url_is_ones_own_where_it_names_this_very_address() {
        for (here, uri, is_own) in [
            ("127.0.0.1:4100", "http://127.0.0.1:4100/a?b", true),
            ("127.0.0.1:4100", "HTTP://LocalHost:4100/a?b", true),
            ("127.0.0.1:80", "http://localhost/a?b", true),
            ("[::1]:4100", "http://[::1]:4100/a?b", true),
            ("[::1]:4100", "http://localhost:4100/a?b", true),
            ("[::ffff:10.0.0.7]:4100", "http://10.0.0.7:4100/a?b", true),
            ("10.0.0.7:4100", "http://localhost:4100/a?b", false),
            ("127.0.0.1:4100", "https://127.0.0.1:4100/a?b", false),
            ("127.0.0.1:4100", "http://127.0.0.1/a?b", false),
            ("127.0.0.1:4100", "http://127.0.0.2:4100/a?b", false),
            ("127.0.0.1:4100", "http://example.com:4100/a?b", false),
        ] {
            let mut request = Request::get(uri).body(()).unwrap();
            own(&mut request, here.parse().unwrap());
            let path = path(&request).map(PathAndQuery::as_str);
            assert_eq!(path.ok(), is_own.then_some("/a?b"), "{here} {uri}");
        }
        // A path of one's own is left alone.
        let mut request = Request::get("/a?b").body(()).unwrap();
        own(&mut request, "127.0.0.1:80".parse().unwrap());
        assert_eq!(request.uri(), "/a?b");
    }
}
