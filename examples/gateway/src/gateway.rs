//! One call, from the client's request to the last byte of its answer.

use crate::early::{self, Early};
use crate::hop;
use crate::log::{AccessLog, Entry, Watched};
use crate::metrics::{Meters, Metrics};
use crate::refuse::{self, Refusal};
use crate::route::{Prefix, Route};
use crate::stack::{self, RepeatPosts};
use crate::target::Target;
use crate::tries;
use buttress_core::observe::{Event, Observer};
use buttress_core::replay::ReplayMemory;
use buttress_core::{BoxError, Failure, ReplayBody};
use buttress_llm::CallBody;
use bytes::Bytes;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, COOKIE, HOST, HeaderName, HeaderValue};
use http::uri::PathAndQuery;
use http::{HeaderMap, Method, Request, Response, StatusCode, Uri, Version};
use http_body::Body;
use http_body_util::{Either, Full};
use std::convert::Infallible;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Poll, ready};
use tower::Service;

const X_SHOULD_RETRY: HeaderName = HeaderName::from_static("x-should-retry");

/// What answers requests: everything between the sockets.
#[derive(Debug)]
pub struct Gateway<S>(Arc<Shared<S>>);

#[derive(Debug)]
struct Shared<S> {
    /// The longest prefix first.
    lanes: Vec<Lane<S>>,
    memory: ReplayMemory,
    log: AccessLog,
    metrics: Metrics,
}

/// A route with its layers.
#[derive(Debug)]
struct Lane<S> {
    prefix: Prefix,
    upstream: Target,
    repeat: RepeatPosts,
    /// How many bytes of a request's body are kept.
    replay: usize,
    /// For requests that may be sent again although they may have had an effect.
    consenting: S,
    /// For all others.
    standard: S,
    meters: Arc<Meters>,
}

/// The body of an answer: the upstream's, or one of the gateway's own.
pub type GatewayBody<RB> = Either<Full<Bytes>, Watched<RB>>;

/// How a gateway is put together.
#[derive(Debug)]
pub struct Parts {
    /// Where requests go. Of several that fit the longest holds; of several that are the same, the
    /// first.
    pub routes: Vec<Route>,
    /// What the request bodies of all calls together may keep, to be sent again.
    pub memory: ReplayMemory,
    /// Where the lines about requests go.
    pub log: AccessLog,
    /// What counts, also what the layers do.
    pub metrics: Metrics,
}

impl Gateway<()> {
    /// Passes requests with a body `B` on over `transport`.
    pub fn new<T, B, RB>(
        parts: Parts,
        transport: &T,
    ) -> Gateway<
        impl Service<
            Request<ReplayBody<Early<B>>>,
            Response = Response<impl Body<Data = Bytes, Error = Failure> + Send + use<T, B, RB>>,
            Error = Infallible,
            Future: Send,
        > + Clone
        + Send
        + use<T, B, RB>,
    >
    where
        T: Service<
                Request<CallBody<ReplayBody<Early<B>>>>,
                Response = Response<RB>,
                Error: Into<BoxError>,
                Future: Send,
            > + Clone
            + Send,
        B: Body<Error: Into<BoxError> + Send> + Send + Unpin,
        RB: Body<Data: Send, Error: Into<BoxError>> + Send,
    {
        let Parts {
            mut routes,
            memory,
            log,
            metrics,
        } = parts;
        routes.sort_by_key(|route| std::cmp::Reverse(route.prefix.len()));
        let lane = |route: Route| {
            let layers = |limits| stack::stack(transport.clone(), limits);
            let limits = route.limits.observed(&told(&metrics));
            Lane {
                repeat: limits.repeat,
                replay: limits.replay,
                consenting: layers(limits.clone().with_consent()),
                standard: layers(limits),
                meters: Arc::new(metrics.meters(&route.prefix.to_string())),
                prefix: route.prefix,
                upstream: route.upstream,
            }
        };
        Gateway(Arc::new(Shared {
            lanes: routes.into_iter().map(lane).collect(),
            memory,
            log,
            metrics,
        }))
    }
}

impl<S> Clone for Gateway<S> {
    fn clone(&self) -> Self {
        Gateway(Arc::clone(&self.0))
    }
}

impl<S> Gateway<S> {
    /// Answers one request with a body that `finish` makes of the answer's. Dropping the future, or the
    /// answer's body, ends the call upstream.
    pub async fn answer<B, RB, W>(
        self,
        mut request: Request<B>,
        finish: impl FnOnce(GatewayBody<RB>) -> W,
    ) -> Result<Response<W>, Infallible>
    where
        S: Service<Request<ReplayBody<Early<B>>>, Response = Response<RB>, Error = Infallible>
            + Clone,
        B: Body + Unpin,
        RB: Body<Data = Bytes, Error = Failure>,
    {
        let own = |body| Either::Left(Full::new(body));
        let path = refuse::path(&request);
        if let (Ok(_), Some(response)) = (&path, self.about_itself(&request)) {
            return Ok(response.map(|body| finish(own(body))));
        }
        let mut entry = Entry::new(self.0.log.clone(), &request);
        let (lane, uri) = match path.and_then(|path| self.lane(path)) {
            Ok(found) => found,
            Err(refusal) => {
                let response = refusal.response();
                entry.refused(response.status());
                return Ok(response.map(|body| finish(own(body))));
            }
        };
        entry.routed(&lane.meters);
        let mut stack = if lane.repeat.allows(request.method(), &uri) {
            lane.consenting.clone()
        } else {
            lane.standard.clone()
        };
        forward(&mut request, uri);
        let first = poll_fn(|cx| {
            let Ok(()) = ready!(stack.poll_ready(cx));
            Poll::Ready(early::first(&mut request, cx))
        });
        let mut come = first.await;
        let has_more = !request.body().is_end_stream();
        if has_more && stack::is_model_call(request.method(), request.uri()) {
            let (limit, memory) = (lane.replay, &self.0.memory);
            come.whole(&mut request, limit, memory).await;
        }
        // In a box, because all layers together are some 3 KiB, which would be moved several times on
        // the way into the connection, and stay there when they are done.
        let call = tries::counted(&mut entry.tries, || {
            let kept = |rest| early::kept(come, rest, lane.replay, &self.0.memory);
            Box::pin(stack.call(request.map(kept)))
        });
        let Ok(mut response) = tries::count(&mut entry.tries, call).await;
        back(&mut response);
        entry.answered(&response);
        Ok(response.map(|body| finish(Either::Right(Watched::new(body, entry)))))
    }

    /// Where the lines about requests go.
    pub(crate) fn log(&self) -> &AccessLog {
        &self.0.log
    }

    /// The route of a path, and the address at its upstream.
    fn lane(&self, path: &PathAndQuery) -> Result<(&Lane<S>, Uri), Refusal> {
        let (lane, rest) = self
            .0
            .lanes
            .iter()
            .find_map(|lane| Some((lane, lane.prefix.strip(path.as_str())?)))
            .ok_or(Refusal::NoRoute)?;
        let uri = if lane.prefix.is_empty() && !lane.upstream.has_path() {
            lane.upstream.at(path.clone())
        } else {
            lane.upstream.join(rest)
        };
        Ok((lane, uri.ok_or(Refusal::NoPath)?))
    }

    /// The answer to a question about the gateway itself.
    fn about_itself<B>(&self, request: &Request<B>) -> Option<Response<Bytes>> {
        if *request.method() == Method::OPTIONS && hop::max_forwards(request.headers()) == Some(0) {
            let mut response = Response::new(Bytes::new());
            *response.status_mut() = StatusCode::NO_CONTENT;
            let methods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
            let headers = response.headers_mut();
            headers.insert(ALLOW, HeaderValue::from_static(methods));
            return Some(response);
        }
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return None;
        }
        let (text, kind) = match request.uri().path() {
            "/healthz" => ("ok\n".to_owned(), "text/plain; charset=utf-8"),
            "/metrics" => (
                self.0.metrics.text().unwrap_or_default(),
                "application/openmetrics-text; version=1.0.0; charset=utf-8",
            ),
            _ => return None,
        };
        let mut response = Response::new(Bytes::from(text));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        Some(response)
    }
}

/// Tells what the layers do to those who count, and to the log.
fn told(metrics: &Metrics) -> impl Observer + Clone + use<> {
    let metrics = metrics.clone();
    move |event: &Event<'_>| {
        if let Event::Again { failure, wait, .. } = event {
            tries::failed(failure.kind(), *wait);
        }
        metrics.on_event(event);
    }
}

/// Makes the request one for the upstream.
fn forward<B>(request: &mut Request<B>, uri: Uri) {
    // What hangs on the client's connection is of no use on another.
    request.extensions_mut().clear();
    *request.uri_mut() = uri;
    let version = request.version();
    let is_options = *request.method() == Method::OPTIONS;
    let headers = request.headers_mut();
    if is_options {
        hop::count_down(headers);
    }
    if version == Version::HTTP_2 {
        join_cookies(headers);
    }
    hop::strip(headers);
    // The client of the upstream sets it to the upstream's.
    headers.remove(HOST);
}

/// HTTP/2 may have each cookie in a line of its own, and HTTP/1.1 has one line (RFC 9113, section 8.2.3).
fn join_cookies(headers: &mut HeaderMap) {
    let cookies: Vec<_> = headers.get_all(COOKIE).iter().collect();
    if cookies.len() > 1 {
        let cookies: Vec<_> = cookies.into_iter().map(HeaderValue::as_bytes).collect();
        // Values that are joined by what each may have are one.
        if let Ok(mut cookies) = HeaderValue::from_bytes(&cookies.join(&b"; "[..])) {
            cookies.set_sensitive(true);
            headers.insert(COOKIE, cookies);
        }
    }
}

/// Makes the upstream's answer one for the client.
fn back<B>(response: &mut Response<B>) {
    *response.version_mut() = Version::HTTP_11;
    hop::strip(response.headers_mut());
    let exhausted = Failure::of(response.extensions()).is_some_and(Failure::is_exhausted);
    if exhausted {
        // Whatever the upstream says: that was for the tries that have been made.
        let no = HeaderValue::from_static("false");
        response.headers_mut().insert(X_SHOULD_RETRY, no);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_of_http2_become_one_line() {
        for (version, expected) in [
            (Version::HTTP_2, &["a=1; b=2; c=3"][..]),
            (Version::HTTP_11, &["a=1; b=2", "c=3"]),
        ] {
            let mut request = Request::get("/").version(version);
            for cookie in ["a=1; b=2", "c=3"] {
                request = request.header(COOKIE, cookie);
            }
            let mut request = request.body(()).unwrap();
            forward(&mut request, Uri::from_static("http://upstream/"));
            let cookies: Vec<_> = request.headers().get_all(COOKIE).iter().collect();
            assert_eq!(cookies, expected);
        }
    }
}
