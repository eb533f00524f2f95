//! What every case calls: a service in memory, its requests and its answers.

use bytes::Bytes;
use http::header::{self, HeaderName, HeaderValue};
use http::{Method, Request, Response, Uri};
use http_body::{Body, Frame};
use http_body_util::Full;
use std::convert::Infallible;
use std::future::Future;
use std::hint::black_box;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tower::Service;

/// The body of every request.
pub(crate) type Sent = Full<Bytes>;

/// A call as clients of an API make it: 12 headers and a body of 200 bytes. The token, the request's
/// id and the body are made for each call, as they are in a program; the rest is static.
pub(crate) fn post() -> Request<Sent> {
    // With room to spare, as serialisers leave it: such a body is cloned without an allocation.
    let mut body = Vec::with_capacity(256);
    body.resize(200, b'x');
    let mut request = head(Bytes::from(body));
    *request.method_mut() = Method::POST;
    let json = HeaderValue::from_static("application/json");
    request.headers_mut().insert(header::CONTENT_TYPE, json);
    let length = HeaderValue::from_static("200");
    request.headers_mut().insert(header::CONTENT_LENGTH, length);
    request
}

/// The same without a body and what describes it: 10 headers.
pub(crate) fn get() -> Request<Sent> {
    head(Bytes::new())
}

fn head(body: Bytes) -> Request<Sent> {
    let headers = [
        (header::HOST, "api.example.com"),
        (header::USER_AGENT, "example-client/4.2.0 (linux; x86_64)"),
        (header::ACCEPT, "application/json, text/event-stream"),
        (header::ACCEPT_ENCODING, "identity"),
        (header::ACCEPT_LANGUAGE, "en"),
        (header::CACHE_CONTROL, "no-cache"),
        (HeaderName::from_static("x-api-version"), "2024-06-01"),
        (HeaderName::from_static("x-client-lang"), "rust"),
    ];
    let mut request = Request::new(Full::new(body));
    *request.uri_mut() = Uri::from_static("https://api.example.com/v1/chat/completions");
    let map = request.headers_mut();
    map.reserve(12);
    map.extend(headers.map(|(name, value)| (name, HeaderValue::from_static(value))));
    let id = HeaderValue::try_from("7f3c0a52-93de-4a5f-8a7b-0c44ac6a3f10");
    map.extend(id.map(|id| (HeaderName::from_static("x-request-id"), id)));
    let token = HeaderValue::try_from("Bearer sk-0123456789abcdef0123456789abcdef");
    map.extend(token.map(|token| (header::AUTHORIZATION, token)));
    request
}

/// Whether what is waited for is there at once, or at the second poll.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    Ready,
    PendingOnce,
}

impl When {
    /// Pending the first time, if it is to be; ready from then on.
    pub(crate) fn poll(&mut self, cx: &Context<'_>) -> Poll<()> {
        match std::mem::replace(self, When::Ready) {
            When::Ready => Poll::Ready(()),
            When::PendingOnce => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
        }
    }
}

/// The bare service: drops the request and gives its answer.
#[derive(Clone, Debug)]
pub(crate) struct Origin<A> {
    pub(crate) when: When,
    pub(crate) answer: A,
}

/// What an [`Origin`] says to every call.
pub(crate) trait Answer: Clone + Unpin {
    type Body: Body;
    fn response(&self) -> Response<Self::Body>;
}

impl<A: Answer> Service<Request<Sent>> for Origin<A> {
    type Response = Response<A::Body>;
    type Error = io::Error;
    type Future = Answering<A>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(may_fail())
    }

    fn call(&mut self, request: Request<Sent>) -> Answering<A> {
        drop(black_box(request));
        Answering(self.clone())
    }
}

/// The future of an [`Origin`].
#[derive(Debug)]
pub(crate) struct Answering<A>(Origin<A>);

impl<A: Answer> Future for Answering<A> {
    type Output = io::Result<Response<A::Body>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        ready!(self.0.when.poll(cx));
        Poll::Ready(may_fail().map(|()| self.0.answer.response()))
    }
}

/// Succeeds, which the compiler must not know.
pub(crate) fn may_fail() -> io::Result<()> {
    if black_box(false) {
        return Err(io::ErrorKind::ConnectionReset.into());
    }
    Ok(())
}

/// 200, a few bytes, no headers.
#[derive(Clone, Debug)]
pub(crate) struct Plain;

impl Answer for Plain {
    type Body = Full<Bytes>;

    fn response(&self) -> Response<Full<Bytes>> {
        Response::new(Full::new(Bytes::from_static(b"hello")))
    }
}

/// The same as [`Plain`] in a body of another type.
#[derive(Clone, Debug)]
pub(crate) struct Other;

impl Answer for Other {
    type Body = Otherwise;

    fn response(&self) -> Response<Otherwise> {
        Plain.response().map(Otherwise)
    }
}

/// The body of [`Other`].
#[derive(Debug)]
pub(crate) struct Otherwise(Full<Bytes>);

impl Body for Otherwise {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Pin::new(&mut self.0).poll_frame(cx)
    }
}

/// The same with a strong entity tag and a length: it could be continued by a range.
#[derive(Clone, Debug)]
pub(crate) struct Tagged;

impl Answer for Tagged {
    type Body = Full<Bytes>;

    fn response(&self) -> Response<Full<Bytes>> {
        tagged(Full::new(Bytes::from_static(b"hello")), 5)
    }
}

/// 200 with a strong entity tag and a length.
pub(crate) fn tagged<B>(body: B, length: u64) -> Response<B> {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::ETAG, HeaderValue::from_static("\"33a64df5\""));
    headers.insert(header::CONTENT_LENGTH, length.into());
    response
}
