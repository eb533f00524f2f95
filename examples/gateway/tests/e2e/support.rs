//! A gateway that is running, a client for it, and a log that can be waited for.

use buttress_core::replay::ReplayMemory;
use buttress_core::{Backoff, BoxError, Jitter, ReplayBody};
use buttress_llm::CallBody;
use buttress_resume::ResumeConfig;
use buttress_retry::RetryConfig;
use buttress_timeout::TimeoutConfig;
use bytes::Bytes;
use gateway::proxy::Proxies;
use gateway::upstream::{self, Client};
use gateway::{AccessLog, Early, Gateway, Limits, Metrics, Parts, Prefix, Route, server};
use http::{Request, Response};
use http_body_util::channel::{Channel, Sender};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http2::{SendRequest, handshake};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::convert::Infallible;
use std::future::Future;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tower::Service;

/// Longer than anything here takes, so that a test that hangs ends.
pub(crate) const GUARD: Duration = Duration::from_secs(20);

/// Waits for this, but not for ever.
#[track_caller]
pub(crate) fn within<F: Future>(future: F) -> impl Future<Output = F::Output> {
    let at = std::panic::Location::caller();
    async move {
        match tokio::time::timeout(GUARD, future).await {
            Ok(output) => output,
            Err(_) => panic!("{at}: nothing came of it"),
        }
    }
}

/// Five tries with waits of a few milliseconds, and no other limit that matters.
pub(crate) fn limits() -> Limits {
    let (least, most) = (Duration::from_millis(1), Duration::from_millis(8));
    let backoff = Backoff::exponential(least, most)
        .unwrap()
        .jitter(Jitter::None);
    Limits {
        retry: RetryConfig::builder().backoff(backoff).build().unwrap(),
        resume: ResumeConfig::builder().backoff(backoff).build().unwrap(),
        attempt: TimeoutConfig::builder()
            .head(GUARD)
            .idle(GUARD)
            .build()
            .unwrap(),
        ..Limits::default()
    }
}

/// What can carry requests to an upstream.
pub(crate) trait Transport:
    Service<
        Request<CallBody<ReplayBody<Early<Incoming>>>>,
        Response = Response<Incoming>,
        Error: Into<BoxError>,
        Future: Send,
    > + Clone
    + Send
    + Sync
    + 'static
{
}

impl<T> Transport for T where
    T: Service<
            Request<CallBody<ReplayBody<Early<Incoming>>>>,
            Response = Response<Incoming>,
            Error: Into<BoxError>,
            Future: Send,
        > + Clone
        + Send
        + Sync
        + 'static
{
}

pub(crate) struct Running {
    pub(crate) addr: SocketAddr,
    pub(crate) log: Log,
    stop: oneshot::Sender<()>,
    /// Ends when the server has.
    pub(crate) task: JoinHandle<()>,
}

impl Running {
    pub(crate) async fn new(upstream: &str) -> Self {
        Running::with(upstream, limits(), Duration::MAX).await
    }

    pub(crate) async fn with(upstream: &str, limits: Limits, grace: Duration) -> Self {
        let client = upstream::client(false, GUARD, Proxies::none()).unwrap();
        Running::over(client, upstream, limits, grace).await
    }

    pub(crate) async fn over(
        client: Client<CallBody<ReplayBody<Early<Incoming>>>>,
        upstream: &str,
        limits: Limits,
        grace: Duration,
    ) -> Self {
        let route = Route {
            prefix: Prefix::default(),
            upstream: upstream.parse().unwrap(),
            limits,
        };
        Running::routing(client, vec![route], grace).await
    }

    pub(crate) async fn routing<T>(transport: T, routes: Vec<Route>, grace: Duration) -> Self
    where
        T: Transport,
    {
        let memory = ReplayMemory::new(Limits::REPLAY);
        Running::sharing(memory, transport, routes, grace).await
    }

    /// One whose requests have this memory together.
    pub(crate) async fn sharing<T>(
        memory: ReplayMemory,
        transport: T,
        routes: Vec<Route>,
        grace: Duration,
    ) -> Self
    where
        T: Transport,
    {
        let log = Log::default();
        let parts = Parts {
            routes,
            memory,
            log: AccessLog::to(log.clone()),
            metrics: Metrics::new(),
        };
        let gateway = Gateway::new(parts, &transport);
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(async move {
            let stopped = async move { drop(stopped.await) };
            server::run(listener, gateway, stopped, tokio::time::sleep(grace)).await;
        });
        Running {
            addr,
            log,
            stop,
            task,
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    /// Asks it to stop; the task tells when it has.
    pub(crate) fn stop(self) -> JoinHandle<()> {
        self.stop.send(()).unwrap();
        self.task
    }

    pub(crate) async fn get(&self, path: &str) -> Response<Incoming> {
        self.send(Request::get(self.url(path))).await
    }

    pub(crate) async fn send(&self, request: http::request::Builder) -> Response<Incoming> {
        let request = request.body(Full::default()).unwrap();
        within(client().request(request)).await.unwrap()
    }
}

/// A client without any layer, with connections of its own.
pub(crate) fn client() -> Client<Full<Bytes>> {
    upstream::client(false, GUARD, Proxies::none()).unwrap()
}

/// A connection of HTTP/2 to the gateway.
pub(crate) async fn http2(gateway: &Running) -> SendRequest<Full<Bytes>> {
    let socket = TcpStream::connect(gateway.addr).await.unwrap();
    let io = TokioIo::new(socket);
    let (client, connection) = handshake(TokioExecutor::new(), io).await.unwrap();
    tokio::spawn(connection);
    client
}

/// The whole body, or the error that came instead.
pub(crate) async fn whole(response: Response<Incoming>) -> Result<Bytes, hyper::Error> {
    let body = within(response.into_body().collect()).await?;
    Ok(body.to_bytes())
}

/// The next piece of data.
pub(crate) async fn piece(body: &mut Incoming) -> Bytes {
    let frame = within(body.frame()).await.unwrap().unwrap();
    frame.into_data().unwrap()
}

/// One request at an origin, for a test that decides about every step.
pub(crate) struct Exchange {
    pub(crate) request: Request<Incoming>,
    pub(crate) answer: Sender<Bytes>,
}

/// An origin that hands out every request and both its bodies. The head of its answer is an
/// event stream, sent at once.
pub(crate) async fn by_hand() -> (String, mpsc::UnboundedReceiver<Exchange>) {
    let (out, exchanges) = mpsc::unbounded_channel();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (socket, _) = listener.accept().await.unwrap();
        let service = service_fn(move |request| {
            let (answer, body) = Channel::<Bytes>::new(1);
            out.send(Exchange { request, answer }).ok().unwrap();
            let response = Response::builder()
                .header("content-type", "text/event-stream")
                .header("trailer", "x-sum")
                .body(body);
            async move { Ok::<_, Infallible>(response.unwrap()) }
        });
        let server = hyper::server::conn::http1::Builder::new();
        let _ = server.serve_connection(TokioIo::new(socket), service).await;
    });
    (url, exchanges)
}

/// Lines that were written, for those who wait for them.
#[derive(Clone, Default)]
pub(crate) struct Log(watch::Sender<String>);

impl Log {
    /// Waits until this many lines were written.
    pub(crate) async fn lines(&self, count: usize) -> Vec<String> {
        let mut text = self.0.subscribe();
        let text = within(text.wait_for(|text| text.lines().count() >= count)).await;
        text.unwrap().lines().map(str::to_owned).collect()
    }

    /// The one line of the one request, without its times.
    pub(crate) async fn line(&self) -> String {
        let lines = self.lines(1).await;
        let fields = lines[0].split(' ');
        let is_time = |field: &&str| {
            !["time=", "ms=", "waited="]
                .iter()
                .any(|name| field.starts_with(name))
        };
        let told = fields.filter(is_time);
        told.collect::<Vec<_>>().join(" ")
    }
}

impl Write for Log {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        let text = std::str::from_utf8(buf).unwrap();
        self.0.send_modify(|all| all.push_str(text));
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
