//! tower-http's layers next to ours, above and below: each sees what its place promises.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

use axum::Router;
use axum::body::Body as AxumBody;
use axum::routing::get;
use buttress::prelude::*;
use buttress_testkit::{Canned, Content, Cut, Fault, Origin, Script, ScriptedBody, collect};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use std::convert::Infallible;
use std::future::pending;
use std::io::ErrorKind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tower::{Layer, Service, ServiceBuilder, ServiceExt, service_fn};
use tower_http::auth::AddAuthorizationLayer;
use tower_http::compression::CompressionLayer;
use tower_http::decompression::DecompressionLayer;
use tower_http::follow_redirect::FollowRedirectLayer;
use tower_http::request_id::{MakeRequestId, RequestId, SetRequestIdLayer};
use tower_http::trace::TraceLayer;

type Body = Full<Bytes>;

fn transport() -> Client<HttpConnector, Body> {
    Client::builder(TokioExecutor::new()).build_http()
}

/// Our layers without a wait between attempts.
fn layers() -> ClientLayer {
    let soon = Backoff::constant(Duration::from_millis(1));
    let retry = RetryConfig::builder().backoff(soon);
    let resume = ResumeConfig::builder().backoff(soon);
    let builder = ClientLayer::builder().retry(retry.build().unwrap());
    builder.resume(resume.build().unwrap()).build().unwrap()
}

fn request(url: &str) -> Request<Body> {
    Request::get(url).body(Body::default()).unwrap()
}

/// An attempt that fails, and an answer that is cut: three requests for one call.
async fn origin() -> Origin {
    let faults = [Fault::status(503), Fault::cut_after_bytes(40_000, Cut::Rst)];
    Origin::builder().script(Script::of(faults)).start().await
}

async fn call<S, RB>(service: S, origin: &Origin, path: &str)
where
    S: Service<Request<Body>, Response = Response<RB>>,
    S::Error: std::fmt::Debug,
    RB: http_body::Body<Error: Into<buttress::BoxError>>,
{
    let response = service.oneshot(request(&origin.url(path))).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let collected = collect(response.into_body()).await;
    assert_eq!(collected.end(), "clean end");
    assert!(collected.bytes == origin.content().whole());
}

/// The value of this header in each request that the origin saw.
fn sent(origin: &Origin, name: &str) -> Vec<String> {
    let value = |seen: buttress_testkit::Seen| seen.header(name).unwrap_or("none").to_owned();
    origin.log().into_iter().map(value).collect()
}

#[tokio::test]
async fn trace_outside_sees_the_call_and_inside_each_attempt() {
    let origin = origin().await;
    let counts = [0, 1].map(|_| Arc::new(AtomicUsize::new(0)));
    let trace = |count: &Arc<AtomicUsize>| {
        let count = count.clone();
        TraceLayer::new_for_http().on_request(move |_: &Request<Body>, _: &_| {
            count.fetch_add(1, Ordering::Relaxed);
        })
    };
    let service = ServiceBuilder::new()
        .layer(trace(&counts[0]))
        .layer(layers())
        .layer(trace(&counts[1]))
        .service(transport());
    call(service, &origin, "/bytes").await;
    assert_eq!(counts.map(|count| count.load(Ordering::Relaxed)), [1, 3]);
}

/// Numbers the requests that ask it.
#[derive(Clone, Default)]
struct Numbers(Arc<AtomicUsize>);

impl MakeRequestId for Numbers {
    fn make_request_id<B>(&mut self, _: &Request<B>) -> Option<RequestId> {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        Some(RequestId::new(HeaderValue::from(number)))
    }
}

#[tokio::test]
async fn a_request_id_from_outside_is_the_calls_and_from_inside_the_attempts() {
    let id = || SetRequestIdLayer::new(HeaderName::from_static("x-request-id"), Numbers::default());
    let origin = origin().await;
    let service = ServiceBuilder::new().layer(id()).layer(layers());
    call(service.service(transport()), &origin, "/bytes").await;
    assert_eq!(sent(&origin, "x-request-id"), ["0", "0", "0"]);

    let origin = self::origin().await;
    let service = ServiceBuilder::new().layer(layers()).layer(id());
    call(service.service(transport()), &origin, "/bytes").await;
    assert_eq!(sent(&origin, "x-request-id"), ["0", "1", "2"]);
}

#[tokio::test]
async fn authorization_is_in_every_request_from_either_side() {
    let auth = || AddAuthorizationLayer::bearer("secret");
    let origin = origin().await;
    let service = ServiceBuilder::new().layer(auth()).layer(layers());
    call(service.service(transport()), &origin, "/bytes").await;
    assert_eq!(sent(&origin, "authorization"), ["Bearer secret"; 3]);

    let origin = self::origin().await;
    let service = ServiceBuilder::new().layer(layers()).layer(auth());
    call(service.service(transport()), &origin, "/bytes").await;
    assert_eq!(sent(&origin, "authorization"), ["Bearer secret"; 3]);
}

#[tokio::test]
async fn a_redirect_is_followed_above_once_and_below_for_each_request() {
    let to_bytes = || Fault::Answer(Canned::new(302).header("location", "/bytes"));
    let cut = || Fault::cut_after_bytes(40_000, Cut::Rst);
    let start = async |script: Script| Origin::builder().script(script).start().await;
    let paths = |origin: &Origin| -> Vec<String> {
        origin.log().into_iter().map(|seen| seen.path).collect()
    };

    // Above: what is resumed is the answer at the new address.
    let origin = start(Script::of([to_bytes(), cut()])).await;
    let service = ServiceBuilder::new()
        .layer(FollowRedirectLayer::new())
        .layer(layers())
        .service(transport());
    call(service, &origin, "/old").await;
    assert_eq!(paths(&origin), ["/old", "/bytes", "/bytes"]);

    // Below: each request begins at the old one, and the validators prove that it led to the same.
    let origin = start(Script::of([to_bytes(), cut(), to_bytes()])).await;
    let service = ServiceBuilder::new()
        .layer(layers())
        .layer(FollowRedirectLayer::new())
        .service(transport());
    call(service, &origin, "/old").await;
    assert_eq!(paths(&origin), ["/old", "/bytes", "/old", "/bytes"]);
}

const PLAIN: Content = Content::new(5, 1, 100_000);

/// The content as gzip, made by tower-http's own compression.
async fn packed() -> Bytes {
    let plain = service_fn(async |_: Request<Body>| {
        Ok::<_, Infallible>(Response::new(Body::from(PLAIN.whole())))
    });
    let mut request = request("http://a/");
    let gzip = HeaderValue::from_static("gzip");
    request.headers_mut().insert(header::ACCEPT_ENCODING, gzip);
    let response = CompressionLayer::new()
        .layer(plain)
        .oneshot(request)
        .await
        .unwrap();
    assert_eq!(response.headers()["content-encoding"], "gzip");
    response.into_body().collect().await.unwrap().to_bytes()
}

/// A server that has the content as it is and as gzip, and cuts its first answer in the middle.
/// `tags`: whether each of the two has an `ETag` of its own, as it should.
#[derive(Clone)]
struct Coded {
    packed: Bytes,
    tags: bool,
    ranges: Arc<Mutex<Vec<String>>>,
}

impl Coded {
    async fn new(tags: bool) -> Self {
        let packed = packed().await;
        Coded {
            packed,
            tags,
            ranges: Arc::default(),
        }
    }

    fn answer(&self, request: &Request<Body>) -> Response<ScriptedBody> {
        let asked = |name: HeaderName| {
            let value = request.headers().get(name)?.to_str().ok()?;
            Some(value.to_owned())
        };
        let packs = asked(header::ACCEPT_ENCODING).is_some_and(|codings| codings.contains("gzip"));
        let whole = if packs {
            self.packed.clone()
        } else {
            PLAIN.whole()
        };
        let tag = if self.tags && packs {
            "\"packed\""
        } else {
            "\"plain\""
        };
        let mut response = Response::builder()
            .header("etag", tag)
            .header("vary", "accept-encoding");
        if packs {
            response = response.header("content-encoding", "gzip");
        }
        let range =
            asked(header::RANGE).filter(|_| asked(header::IF_RANGE).as_deref() == Some(tag));
        let mut ranges = self.ranges.lock().unwrap();
        ranges.push(asked(header::RANGE).unwrap_or_default());
        let (body, from) = match range {
            Some(range) => {
                let from: usize = range["bytes=".len()..]
                    .trim_end_matches('-')
                    .parse()
                    .unwrap();
                let (last, len) = (whole.len() - 1, whole.len());
                response = response
                    .status(206)
                    .header("content-range", format!("bytes {from}-{last}/{len}"));
                (ScriptedBody::new().data(whole.slice(from..)), from)
            }
            None if ranges.len() == 1 => {
                let half = whole.slice(..whole.len() / 2);
                (
                    ScriptedBody::new()
                        .data(half)
                        .io(ErrorKind::ConnectionReset),
                    0,
                )
            }
            None => (ScriptedBody::new().data(whole.clone()), 0),
        };
        let response = response.header("content-length", whole.len() - from);
        response.body(body).unwrap()
    }

    fn service(
        &self,
    ) -> impl Service<
        Request<Body>,
        Response = Response<ScriptedBody>,
        Error = Infallible,
        Future: Send,
    > + Clone
    + Send
    + use<> {
        let this = self.clone();
        service_fn(move |request| std::future::ready(Ok(this.answer(&request))))
    }
}

#[tokio::test(start_paused = true)]
async fn below_a_decompressor_a_body_goes_on() {
    let server = Coded::new(true).await;
    let service = DecompressionLayer::new().layer(layers().layer(server.service()));
    let response = service.oneshot(request("http://a/")).await.unwrap();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert!(body == PLAIN.whole());
    // Ranges count the bytes on the wire.
    let half = format!("bytes={}-", server.packed.len() / 2);
    assert_eq!(*server.ranges.lock().unwrap(), ["".to_owned(), half]);
}

#[tokio::test(start_paused = true)]
async fn above_a_decompressor_a_body_is_refused_with_the_reason() {
    for tags in [true, false] {
        let server = Coded::new(tags).await;
        let service = layers().layer(DecompressionLayer::new().layer(server.service()));
        let response = service.oneshot(request("http://a/")).await.unwrap();
        let collected = collect(response.into_body()).await;
        // What came before the cut, and nothing of what came after it.
        assert_eq!(PLAIN.mismatch(0, &collected.bytes), None);
        assert!(!collected.bytes.is_empty());
        let failure = Failure::from(collected.error.unwrap());
        assert_eq!(server.ranges.lock().unwrap().len(), 2);
        assert_eq!(failure.stopped(), Some(StopReason::NotResumable));
        let reason = std::error::Error::source(&failure).unwrap().to_string();
        assert_eq!(
            reason,
            "no answer said its length, as where a decoder below changes the bytes that ranges \
             count: resume below the decoder"
        );
    }
}

/// The whole again, decoded again, is what it was.
#[tokio::test(start_paused = true)]
async fn above_a_decompressor_a_body_goes_on_by_the_same_request_again() {
    let server = Coded::new(false).await;
    let plain = service_fn({
        let server = server.clone();
        move |request: Request<Body>| {
            let mut response = server.answer(&request);
            response.headers_mut().remove(header::ETAG);
            std::future::ready(Ok::<_, Infallible>(response))
        }
    });
    let resume = ResumeConfig::builder().backoff(Backoff::constant(Duration::from_millis(1)));
    let resume = ResumeLayer::new(resume.prefix_replay(true).build().unwrap());
    let service = resume.layer(DecompressionLayer::new().layer(plain));
    let response = service.oneshot(request("http://a/")).await.unwrap();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert!(body == PLAIN.whole());
    assert_eq!(*server.ranges.lock().unwrap(), ["", ""]);
}

#[tokio::test]
async fn a_server_compresses_its_explanations_but_not_its_streams() {
    let limits = TimeoutConfig::builder()
        .head(Duration::from_millis(20))
        .idle(Duration::from_millis(20));
    let events = async || {
        let body = AxumBody::new(ScriptedBody::new().data("data: one\n\n").hang());
        ([(header::CONTENT_TYPE, "text/event-stream")], body)
    };
    let app: Router = Router::new()
        .route("/stuck", get(pending::<Response<AxumBody>>))
        .route("/events", get(events))
        .layer(buttress::server().limits(limits.build().unwrap()))
        .layer(CompressionLayer::new());
    let ask = |path: &str| {
        let request = Request::get(path).header("accept-encoding", "gzip");
        request
            .header("accept", "text/html")
            .body(AxumBody::empty())
            .unwrap()
    };
    let response = app.clone().oneshot(ask("/stuck")).await.unwrap();
    assert_eq!(response.status(), StatusCode::GATEWAY_TIMEOUT);
    assert_eq!(response.headers()["content-encoding"], "gzip");
    assert!(!response.headers().contains_key("content-length"));
    let routes = app.clone();
    let answer = service_fn(move |_: Request<Body>| {
        let app = routes.clone();
        async move { app.oneshot(ask("/stuck")).await }
    });
    let stream = app.clone().oneshot(ask("/events")).await.unwrap();
    assert!(!stream.headers().contains_key("content-encoding"));
    let collected = collect(stream.into_body()).await;
    let words = String::from_utf8(collected.bytes.to_vec()).unwrap();
    assert!(
        words.starts_with("data: one\n\n") && words.contains("event: error"),
        "{words}"
    );
    assert!(collected.error.is_some());

    let plain = DecompressionLayer::new()
        .layer(answer)
        .oneshot(request("/stuck"))
        .await
        .unwrap();
    let page = plain.into_body().collect().await.unwrap().to_bytes();
    assert!(
        page.starts_with(b"<!doctype html>") || page.starts_with(b"<!DOCTYPE html>"),
        "{page:?}"
    );
}
