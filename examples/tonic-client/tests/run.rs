//! The program as a user runs it, and its client, with a tonic server in this process.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test serves from a task and stops at a surprise"
)]

use http::HeaderMap;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use tokio::net::TcpListener;
use tokio::process::Command;
use tonic::body::Body;
use tonic::server::{Grpc, NamedService, UnaryService};
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Code, Request, Response, Status};
use tonic_client::greeter::{Greeter, HelloReply, HelloRequest};
use tonic_prost::ProstCodec;
use tower::Service;

type Answer = Pin<Box<dyn Future<Output = Result<http::Response<Body>, Infallible>> + Send>>;

/// Fails as it is told, one status a request, and then greets. Keeps the headers of all requests.
#[derive(Clone, Default)]
struct Moody {
    moods: Arc<Mutex<VecDeque<Status>>>,
    seen: Arc<Mutex<Vec<HeaderMap>>>,
}

impl NamedService for Moody {
    const NAME: &'static str = "helloworld.Greeter";
}

impl UnaryService<HelloRequest> for Moody {
    type Response = HelloReply;
    type Future = std::future::Ready<Result<Response<HelloReply>, Status>>;

    fn call(&mut self, request: Request<HelloRequest>) -> Self::Future {
        std::future::ready(match self.moods.lock().unwrap().pop_front() {
            Some(status) => Err(status),
            None => Ok(Response::new(HelloReply {
                message: format!("Hello {}", request.into_inner().name),
            })),
        })
    }
}

impl Service<http::Request<Body>> for Moody {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Answer;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Answer {
        self.seen.lock().unwrap().push(request.headers().clone());
        let this = self.clone();
        let codec = ProstCodec::<HelloReply, HelloRequest>::default();
        Box::pin(async move { Ok(Grpc::new(codec).unary(this, request).await) })
    }
}

impl Moody {
    async fn start(moods: impl IntoIterator<Item = Status>) -> (Self, SocketAddr) {
        let moody = Moody::default();
        moody.moods.lock().unwrap().extend(moods);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let server = Server::builder().add_service(moody.clone());
        // It ends with the test's runtime.
        tokio::spawn(server.serve_with_incoming(TcpIncoming::from(listener)));
        (moody, addr)
    }

    fn timeouts(&self) -> Vec<u64> {
        let seen = self.seen.lock().unwrap();
        let value = |headers: &HeaderMap| {
            headers
                .get("grpc-timeout")
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned()
        };
        let millis = |text: String| text.strip_suffix('m').unwrap().parse().unwrap();
        seen.iter().map(value).map(millis).collect()
    }
}

fn pushback(code: Code, millis: &'static str) -> Status {
    let mut status = Status::new(code, "later");
    let value = millis.parse().unwrap();
    status
        .metadata_mut()
        .insert("grpc-retry-pushback-ms", value);
    status
}

async fn greet(addr: SocketAddr) -> Result<String, Status> {
    let mut greeter = Greeter::connect(format!("http://{addr}")).unwrap();
    greeter.hello("World".to_owned()).await
}

#[tokio::test]
async fn a_call_is_retried_by_status_and_pushback_and_says_how_long_it_has() {
    let moods = [
        Status::unavailable("restarting"),
        pushback(Code::ResourceExhausted, "40"),
    ];
    let (server, addr) = Moody::start(moods).await;
    assert_eq!(greet(addr).await.unwrap(), "Hello World");
    let timeouts = server.timeouts();
    let total = Greeter::TOTAL.as_millis() as u64;
    assert_eq!(timeouts.len(), 3);
    assert!(timeouts.is_sorted_by(|a, b| a >= b), "{timeouts:?}");
    assert!(
        timeouts.iter().all(|left| (1..=total).contains(left)),
        "{timeouts:?}"
    );
    assert!(timeouts.last().unwrap() + 40 <= timeouts[1], "{timeouts:?}");
}

#[tokio::test]
async fn what_another_attempt_would_not_mend_is_not_retried() {
    for status in [
        Status::invalid_argument("no name"),
        Status::resource_exhausted("quota"),
        Status::internal("bug"),
        pushback(Code::Unavailable, "-1"),
    ] {
        let (server, addr) = Moody::start([status.clone()]).await;
        let failed = greet(addr).await.unwrap_err();
        assert_eq!(failed.code(), status.code());
        assert_eq!(server.timeouts().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn the_program_prints_the_greeting_or_says_what_happened() {
    let (_, addr) = Moody::start([Status::unavailable("restarting")]).await;
    let run = |url: String| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tonic-client"));
        command.args([&url, "World"]);
        async move { command.output().await.unwrap() }
    };
    let output = run(format!("http://{addr}")).await;
    assert!(output.status.success(), "{output:?}");
    assert_eq!(output.stdout, b"Hello World\n");

    // Nobody listens: the port is taken and silent.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let dead = socket.local_addr().unwrap();
    let output = run(format!("http://{dead}")).await;
    assert_eq!(output.status.code(), Some(1));
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(
        words.contains(&format!("{dead} does not accept connections")),
        "{words}"
    );
    for url in ["nonsense", "127.0.0.1:1", "https://127.0.0.1:1"] {
        let output = run(url.to_owned()).await;
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert!(
            output.stderr.ends_with(b"must begin with http://\n"),
            "{output:?}"
        );
    }
}
