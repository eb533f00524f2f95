//! A gateway in front of an origin with a script.

use buttress_core::replay::ReplayMemory;
use buttress_core::{Backoff, Jitter};
use buttress_resume::ResumeConfig;
use buttress_testkit::{Origin, Reply, Script};
use gateway::proxy::Proxies;
use gateway::{AccessLog, Gateway, Limits, Metrics, Parts, Prefix, Route, server, upstream};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::process::Command;

pub(crate) const REPLY: Reply = Reply::new(7, 1, 30);
pub(crate) const SECOND: Duration = Duration::from_secs(1);

/// An origin, and the address of a gateway in front of it. The gateway waits for a second, and has
/// the routes `/openai`, `/anthropic` and `/`.
pub(crate) async fn world(script: impl Into<Script>) -> (Origin, SocketAddr) {
    let origin = Origin::builder().reply(REPLY).script(script).start().await;
    let addr = gateway(&origin.url("")).await;
    (origin, addr)
}

/// The address of a gateway in front of this URL.
pub(crate) async fn gateway(url: &str) -> SocketAddr {
    let backoff = Backoff::exponential(SECOND / 100, SECOND / 10).unwrap();
    let backoff = backoff.jitter(Jitter::None);
    let limits = Limits {
        retry: Limits::tries().backoff(backoff).build().unwrap(),
        resume: ResumeConfig::builder().backoff(backoff).build().unwrap(),
        attempt: Limits::waits()
            .head(SECOND)
            .first_frame(SECOND)
            .idle(SECOND)
            .build()
            .unwrap(),
        // An error that takes longer is an event of a stream.
        keep_alive: 3 * SECOND,
        ..Limits::default()
    };
    let route = |prefix: Prefix| Route {
        prefix,
        upstream: url.parse().unwrap(),
        limits: limits.clone(),
    };
    let parts = Parts {
        routes: vec![
            route(Prefix::default()),
            route("/openai".parse().unwrap()),
            route("/anthropic".parse().unwrap()),
        ],
        memory: ReplayMemory::new(Limits::REPLAY),
        log: AccessLog::to(std::io::sink()),
        metrics: Metrics::new(),
    };
    let client = upstream::client(false, SECOND, Proxies::none()).unwrap();
    let gateway = Gateway::new(parts, &client);
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let addr = listener.local_addr().unwrap();
    tokio::spawn(server::run(
        listener,
        gateway,
        std::future::pending(),
        std::future::pending(),
    ));
    addr
}

/// A program that is not led around the gateway by a proxy, and ends with the test.
pub(crate) fn program(path: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut program = Command::new(path);
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        program.env_remove(name).env_remove(name.to_lowercase());
    }
    program.kill_on_drop(true);
    program
}
