//! A server on a real socket that serves honestly until its script says otherwise.
//!
//! It speaks HTTP/1.1 without any HTTP library, because it must be able to break every rule of
//! it, and HTTP/2 with prior knowledge (RFC 9113, section 3.3), on the same port: the first bytes
//! of the client decide. What it serves honestly:
//!
//! | request | answer |
//! |---|---|
//! | `GET /bytes`, `HEAD /bytes` | the [`Content`]: strong `ETag`, `Accept-Ranges`, `Content-Length`; a single `Range`, `If-Range`, `If-Match` and `If-None-Match` are honoured (RFC 9110, sections 13 and 14) |
//! | `GET /events`, `POST /events` | the [`Events`], chunked, one chunk an event; `Last-Event-ID` is honoured, 204 when nothing follows it, 404 when it is unknown |
//! | `POST /echo` | the request's body |
//! | `POST` to a path of a language model's [`Api`](crate::Api) | the [`Reply`]: an event stream or one piece of JSON, as asked; with a call of a tool when tools are offered |
//! | anything else | a line of text with the method, the path and the length of the body |
//!
//! A [`Fault`] is applied to whatever the honest answer would have been.
//!
//! ```
//! use buttress_testkit::{Cut, Fault, Origin, Script};
//! use tokio::io::{AsyncReadExt, AsyncWriteExt};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! let faults = [Fault::cut_after_bytes(10, Cut::Fin)];
//! let origin = Origin::builder().script(Script::of(faults)).start().await;
//!
//! let mut client = tokio::net::TcpStream::connect(origin.addr()).await?;
//! client.write_all(b"GET /bytes HTTP/1.1\r\nHost: origin\r\n\r\n").await?;
//! let mut answer = Vec::new();
//! client.read_to_end(&mut answer).await?;
//!
//! assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\n"));
//! assert!(answer.ends_with(&origin.content().bytes(0..10)));
//! assert_eq!(origin.log()[0].path, "/bytes");
//! # Ok::<(), std::io::Error>(())
//! # })?;
//! # Ok::<(), std::io::Error>(())
//! ```

mod bend;
mod canned;
mod connection;
mod fault;
mod h2;
mod honest;
mod memory;
mod parse;
mod plan;
mod queue;
mod range;
mod script;
mod seen;
mod shared;
mod wire;
mod write;

pub use self::canned::Canned;
pub use self::fault::{At, Code, Cut, Fault};
pub use self::memory::MemoryStream;
pub use self::script::Script;
pub use self::seen::{Effects, Seen};

use self::connection::serve;
use self::shared::{Shared, Site};
use self::wire::{Foreign, Wire};
use crate::content::{Content, Events, Reply};
use http::HeaderMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpSocket};
use tokio::task::JoinSet;

/// A server that is running. Dropping it aborts everything it started.
///
/// See the [module](crate::origin) for what it serves and an example.
#[derive(Debug)]
pub struct Origin {
    addr: SocketAddr,
    shared: Arc<Shared>,
    tasks: Tasks,
}

type Tasks = Arc<Mutex<JoinSet<()>>>;

/// How an [`Origin`] will behave, before it starts.
#[derive(Debug)]
#[must_use]
pub struct Builder {
    site: Site,
    script: Script,
}

impl Origin {
    /// An honest origin with 100,000 bytes of content and 20 events that end with `[DONE]`.
    pub fn builder() -> Builder {
        Builder {
            site: Site {
                content: Content::new(1, 1, 100_000),
                events: Events::new(1, 1, 20).ending_with("[DONE]"),
                reply: Reply::new(1, 1, 40),
                piece: 16 * 1024,
                last_modified: false,
                trailers: None,
            },
            script: Script::honest(),
        }
    }

    /// The address it listens at, on the loopback interface.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The URL of a path that begins with `/`.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    /// What `/bytes` serves now.
    #[must_use]
    pub fn content(&self) -> Content {
        self.shared.site().content
    }

    /// What `/events` serves now.
    #[must_use]
    pub fn events(&self) -> Events {
        self.shared.site().events
    }

    /// Connects in memory instead of over a socket: for tests in paused time, which must not wait
    /// for sockets.
    #[must_use]
    pub fn connect(&self) -> MemoryStream {
        let (client, server) = memory::pair();
        self.take(server);
        client
    }

    /// Serves this connection as if it had come in: for networks that are simulated. A reset is no
    /// more than its end there.
    pub fn serve(&self, io: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        self.take(Foreign(io));
    }

    fn take(&self, io: impl Wire) {
        let mut tasks = self.tasks.lock().expect("no holder panics");
        while tasks.try_join_next().is_some() {}
        tasks.spawn(serve(io, self.shared.clone()));
    }

    /// Changes content and events to another version, from the next request on.
    pub fn set_version(&self, version: u64) {
        self.shared.set_version(version);
    }

    /// Replaces what is left of the script.
    pub fn set_script(&self, script: impl Into<Script>) {
        self.shared.set_script(script.into());
    }

    /// Every request whose head arrived, oldest first.
    #[must_use]
    pub fn log(&self) -> Vec<Seen> {
        self.shared.look(|state| state.log.clone())
    }

    /// The requests that arrived whole: what may have had an effect.
    #[must_use]
    pub fn effects(&self) -> Effects {
        self.shared.look(|state| Effects::of(&state.log))
    }

    /// How many connections were accepted so far.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.shared.look(|state| state.connections)
    }

    /// How many connections are open.
    #[must_use]
    pub fn open(&self) -> usize {
        self.shared.look(|state| state.open)
    }

    /// How many requests are being read or answered.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.shared.look(|state| state.in_flight)
    }

    /// The most requests there ever were in flight at once.
    #[must_use]
    pub fn peak_in_flight(&self) -> usize {
        self.shared.look(|state| state.peak_in_flight)
    }

    /// Waits until this many requests have arrived, heads at least.
    pub async fn until_requests(&self, count: usize) {
        self.shared.until(|state| state.log.len() >= count).await;
    }

    /// Waits until no request is in flight.
    pub async fn until_idle(&self) {
        self.shared.until(|state| state.in_flight == 0).await;
    }

    /// Waits until no connection is open.
    pub async fn until_closed(&self) {
        self.shared.until(|state| state.open == 0).await;
    }

    /// Stops everything and waits until it has stopped: after this the address refuses.
    pub async fn stop(self) {
        let mut tasks = std::mem::take(&mut *self.tasks.lock().expect("no holder panics"));
        tasks.shutdown().await;
    }
}

impl Drop for Origin {
    fn drop(&mut self) {
        self.tasks.lock().expect("no holder panics").abort_all();
    }
}

impl Builder {
    /// What `/bytes` serves.
    pub fn content(mut self, content: Content) -> Self {
        self.site.content = content;
        self
    }

    /// What `/events` serves.
    pub fn events(mut self, events: Events) -> Self {
        self.site.events = events;
        self
    }

    /// The most bytes of content in one piece: one write, and one chunk where there are chunks.
    /// Default 16 KiB.
    pub fn piece(mut self, bytes: usize) -> Self {
        self.site.piece = bytes.max(1);
        self
    }

    /// Serves content with a `Last-Modified` date, a day later for every version, and honours it
    /// in `If-Range`. Default: none.
    pub fn last_modified(mut self) -> Self {
        self.site.last_modified = true;
        self
    }

    /// What a language model says. Default: 40 words.
    pub fn reply(mut self, reply: Reply) -> Self {
        self.site.reply = reply;
        self
    }

    /// Trailers after every chunked body. Default: none.
    pub fn trailers(mut self, trailers: HeaderMap) -> Self {
        self.site.trailers = Some(trailers);
        self
    }

    /// What it does wrong, and when. Default: nothing.
    pub fn script(mut self, script: impl Into<Script>) -> Self {
        self.script = script.into();
        self
    }

    /// Starts to listen at a free port of the loopback interface.
    ///
    /// Panics when there is no free port, and outside of a tokio runtime.
    pub async fn start(self) -> Origin {
        let listener = TcpListener::bind(("127.0.0.1", 0))
            .await
            .expect("a free port on the loopback interface");
        self.start_at(listener)
    }

    /// Starts to take connections of this listener.
    ///
    /// Panics outside of a tokio runtime, and for a listener that is bound to nothing.
    pub fn start_at(self, listener: TcpListener) -> Origin {
        let mut origin = self.start_unbound();
        origin.addr = listener.local_addr().expect("a bound socket's address");
        let tasks = Arc::downgrade(&origin.tasks);
        let accept = accept(listener, origin.shared.clone(), tasks);
        origin.tasks.lock().expect("just made").spawn(accept);
        origin
    }

    /// Starts without listening: it has no address, and only [`Origin::connect`] and
    /// [`Origin::serve`] lead to it.
    #[must_use]
    pub fn start_unbound(self) -> Origin {
        Origin {
            addr: SocketAddr::from(([0, 0, 0, 0], 0)),
            shared: Arc::new(Shared::new(self.site, self.script)),
            tasks: Tasks::default(),
        }
    }
}

async fn accept(
    listener: TcpListener,
    shared: Arc<Shared>,
    tasks: std::sync::Weak<Mutex<JoinSet<()>>>,
) {
    while let Ok((socket, _)) = listener.accept().await {
        let Some(tasks) = tasks.upgrade() else { return };
        // Fails only on a socket that is broken already.
        let _ = socket.set_nodelay(true);
        let mut tasks = tasks.lock().expect("no holder panics");
        while tasks.try_join_next().is_some() {}
        tasks.spawn(serve(socket, shared.clone()));
    }
}

/// An address at which connections are refused, for as long as this is kept.
///
/// The port is bound and nobody listens, so no other program can take it meanwhile.
#[derive(Debug)]
pub struct Refused {
    addr: SocketAddr,
    _socket: TcpSocket,
}

impl Refused {
    /// Takes a port.
    ///
    /// Panics when there is no free port.
    #[must_use]
    pub fn new() -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket
            .bind(SocketAddr::from(([127, 0, 0, 1], 0)))
            .expect("a free port on the loopback interface");
        Refused {
            addr: socket.local_addr().expect("a bound socket's address"),
            _socket: socket,
        }
    }

    /// The address.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The URL of a path that begins with `/`.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }
}

impl Default for Refused {
    fn default() -> Self {
        Refused::new()
    }
}
