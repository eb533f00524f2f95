//! The listening side: connections, and how they end.

use crate::gateway::Gateway;
use crate::socket::{Breaking, Broken, Socket};
use buttress_core::Failure;
use bytes::Bytes;
use http::{Request, Response, Version};
use http_body::Body;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use std::convert::Infallible;
use std::future::Future;
use std::pin::pin;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tower::Service;

/// Serves HTTP/1.1 and HTTP/2 until `stop` is ready. Then no new connection is taken, and answers
/// that have begun may end, for as long as `grace` lasts.
///
/// Dropping the future ends everything at once.
pub async fn run<S, RB>(
    listener: TcpListener,
    gateway: Gateway<S>,
    stop: impl Future<Output = ()>,
    grace: Duration,
) where
    S: Service<Request<Incoming>, Response = Response<RB>, Error = Infallible, Future: Send>
        + Clone
        + Send
        + Sync
        + 'static,
    RB: Body<Data = Bytes, Error = Failure> + Send + 'static,
{
    /// How long to wait when the system has no more sockets to give.
    const PAUSE: Duration = Duration::from_millis(100);
    /// How long a connection may wait for its next request: longer than clients keep it, so that
    /// it is they who close, and none of their requests meets a connection that is just closing.
    const KEPT: Duration = Duration::from_secs(300);

    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(KEPT);
    builder.http2().timer(TokioTimer::new());
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            Some(_) = connections.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        let Ok((socket, _)) = accepted else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let broken = Broken::default();
        let socket = Socket::new(socket, broken.clone());
        let gateway = gateway.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            let (gateway, broken) = (gateway.clone(), broken.clone());
            async move {
                let framed = request.version() >= Version::HTTP_11;
                let response = gateway.answer(request).await;
                let broken = (!framed).then_some(broken);
                Ok::<_, Infallible>(response.map(|body| Breaking::new(body, broken)))
            }
        });
        let connection = builder
            .serve_connection(TokioIo::new(socket), service)
            .into_owned();
        // How a connection ends is told by the log lines of its requests.
        let connection = graceful.watch(connection);
        connections.spawn(async move { drop(connection.await) });
    }
    drop(listener);
    tokio::select! {
        () = graceful.shutdown() => {}
        () = tokio::time::sleep(grace) => {}
    }
}
