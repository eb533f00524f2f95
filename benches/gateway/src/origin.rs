//! The server behind the proxies.

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body::Frame;
use http_body_util::channel::Channel;
use http_body_util::{BodyExt, Either, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::Notify;

/// The server: where it listens, and the bell that lets it send one more event.
pub(crate) struct Origin {
    pub(crate) addr: SocketAddr,
    pub(crate) next: Arc<Notify>,
}

/// An event as language models send them: 268 bytes.
pub(crate) fn event() -> Bytes {
    let head = "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\
                \"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"";
    let tail = "\"},\"finish_reason\":null}]}\n\n";
    let word = "x".repeat(268 - head.len() - tail.len());
    Bytes::from(format!("{head}{word}{tail}"))
}

/// The end of such a stream.
pub(crate) const DONE: &str = "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\
    \"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\
    \"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

/// The answer in one piece: 1 KiB.
fn answer() -> Bytes {
    let head = "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,\
                \"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\
                \"content\":\"";
    let tail = "\"},\"finish_reason\":\"stop\"}]}";
    Bytes::from(format!(
        "{head}{}{tail}",
        "y".repeat(1024 - head.len() - tail.len())
    ))
}

/// Starts it. A `POST` with `x-events: N` gets N events, each but the first after the bell; any
/// other gets 1 KiB.
pub(crate) async fn start() -> Origin {
    let listener = TcpListener::bind(("127.0.0.1", 0))
        .await
        .expect("a free port");
    let addr = listener.local_addr().expect("is bound");
    let next = Arc::new(Notify::new());
    let bell = Arc::clone(&next);
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let _ = socket.set_nodelay(true);
            let bell = Arc::clone(&bell);
            tokio::spawn(async move {
                let service = service_fn(move |request| serve(request, Arc::clone(&bell)));
                let _ = http1::Builder::new()
                    .serve_connection(TokioIo::new(socket), service)
                    .await;
            });
        }
    });
    Origin { addr, next }
}

type Answer = Response<Either<Full<Bytes>, Channel<Bytes, Infallible>>>;

async fn serve(request: Request<Incoming>, bell: Arc<Notify>) -> Result<Answer, hyper::Error> {
    let events = request.headers().get("x-events");
    let events: Option<usize> = events.and_then(|count| count.to_str().ok()?.parse().ok());
    let streams = *request.method() == Method::POST;
    request.into_body().collect().await?;
    let Some(events) = events.filter(|_| streams) else {
        let mut response = Response::new(Either::Left(Full::new(answer())));
        let json = http::HeaderValue::from_static("application/json");
        response.headers_mut().insert("content-type", json);
        return Ok(response);
    };
    let (mut out, body) = Channel::new(1);
    tokio::spawn(async move {
        let event = event();
        for number in 0..events {
            if number > 0 {
                bell.notified().await;
            }
            if out.send(Frame::data(event.clone())).await.is_err() {
                return;
            }
        }
        bell.notified().await;
        let _ = out.send_data(Bytes::from_static(DONE.as_bytes())).await;
    });
    let mut response = Response::new(Either::Right(body));
    let kind = http::HeaderValue::from_static("text/event-stream");
    response.headers_mut().insert("content-type", kind);
    Ok(response)
}
