//! Requests that are not passed on, and how that is said.

use crate::hop;
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONNECTION, CONTENT_TYPE, HeaderValue, UPGRADE};
use http::uri::PathAndQuery;
use http::{Method, Request, Response, StatusCode, Version};

/// Why a request is not passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It asks for a WebSocket.
    WebSocket,
    /// It asks for a tunnel, or for an echo of its headers.
    Method,
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
    // In HTTP/2 every request names scheme and host.
    if uri.scheme().is_some() && request.version() <= Version::HTTP_11 {
        return Err(Refusal::ForwardProxy);
    }
    match uri.path_and_query() {
        Some(path) if path.path().starts_with('/') => Ok(path),
        _ => Err(Refusal::NoPath),
    }
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
}
