//! What instruction counts do not show: whether calls that are timed on two threads at once are in
//! each other's way, and how often they wake the runtime's driver.

use crate::cases::Case;
use crate::service::{Sent, get};
use buttress_core::time::now;
use buttress_timeout::{TimeoutConfig, TimeoutLayer};
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use std::error::Error;
use std::fmt::Debug;
use std::future::Future;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::process::Command;
use std::sync::Arc;
use std::thread;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};
use tower::timeout::Timeout;
use tower::{Layer, Service, ServiceExt, service_fn};
use tower_http::timeout::Timeout as HttpTimeout;

/// The cases that are timed.
const TIMED: [&str; 5] = [
    "bare, pending once",
    "tower timeout, pending once",
    "tower-http timeout, pending once",
    "timeout, head, pending once",
    "five, pending once",
];
/// What is called through when wakes are counted.
const KINDS: [&str; 4] = ["bare", "tower timeout", "tower-http timeout", "timeout"];
const LIMIT: Duration = Duration::from_secs(60);
/// Calls of each task, when they are timed.
const CALLS: u64 = 50_000;
/// The fastest of so many runs counts: the others met somebody else's work.
const RUNS: usize = 31;
/// Exchanges whose writes are counted.
const EXCHANGES: u64 = 1_000;
/// Before each of them, in which the runtime goes to sleep.
const PAUSE: Duration = Duration::from_micros(300);

type Answer = Response<Full<Bytes>>;

/// Nanoseconds a call, of one task and of two at once, on a runtime with two threads, and what that is
/// more than without a timeout.
pub(crate) fn threads(cases: &[Case]) -> Result<String, Box<dyn Error>> {
    let runtime = two_threads()?;
    let cases = TIMED.map(|name| cases.iter().find(|case| case.name == name));
    let mut fastest = [[f64::INFINITY; 2]; TIMED.len()];
    // Turn by turn, so that all meet the same weather.
    for _ in 0..RUNS {
        for (case, fastest) in cases.iter().zip(&mut fastest) {
            let case = *case.ok_or("no such case")?;
            for (tasks, fastest) in (1..).zip(fastest) {
                *fastest = fastest.min(runtime.block_on(timed(&runtime, case, tasks)));
            }
        }
    }
    let bare = fastest[0];
    let mut table = format!("{:34} {:>6} {:>6} {:>12}\n", "", "one", "two", "over bare");
    for (name, [one, two]) in TIMED.iter().zip(fastest) {
        let (more, more_at_once) = (one - bare[0], two - bare[1]);
        table += &format!("{name:34} {one:>6.0} {two:>6.0} {more:>6.0} {more_at_once:>5.0}\n");
    }
    Ok(table + "ns a call when one task makes calls, and when two do on two threads\n")
}

/// How long a call takes when so many tasks make calls.
async fn timed(runtime: &Runtime, case: Case, tasks: usize) -> f64 {
    let start = now();
    let running: Vec<_> = (0..tasks)
        .map(|_| runtime.spawn(async move { (case.run)(CALLS) }))
        .collect();
    for task in running {
        task.await.expect("nothing fails here");
    }
    start.elapsed().as_nanos() as f64 / CALLS as f64
}

/// Writes to the runtime's eventfd for each exchange with a server on loopback, one at a time, by a
/// program that has nothing else to do: the thread that drives the runtime sleeps when the call is
/// made, and a timer that is new to it wakes it.
pub(crate) fn wakes() -> Result<String, Box<dyn Error>> {
    let mut table = format!("{:20} {:>9}   (eventfd writes a call)\n", "", "wakes");
    for kind in KINDS {
        let output = Command::new("strace")
            .args(["-f", "-qq", "-e", "trace=write", "-e", "signal=none"])
            .arg(std::env::current_exe()?)
            .args(["exchange", kind, &EXCHANGES.to_string()])
            .output()?;
        if !output.status.success() {
            return Err("strace or the program in it failed".into());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let one = r#""\1\0\0\0\0\0\0\0", 8"#;
        let wakes = said.lines().filter(|line| line.contains(one)).count();
        table += &format!("{kind:20} {:>9.3}\n", wakes as f64 / EXCHANGES as f64);
    }
    Ok(table)
}

/// Exchanges one byte with a server on loopback, so many times.
pub(crate) fn exchange(kind: &str, rounds: u64) -> Result<(), Box<dyn Error>> {
    let kind = KINDS.into_iter().find(|known| *known == kind);
    let kind = kind.ok_or("no such kind")?;
    let server = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let client = std::net::TcpStream::connect(server.local_addr()?)?;
    let (other, _) = server.accept()?;
    client.set_nonblocking(true)?;
    client.set_nodelay(true)?;
    other.set_nodelay(true)?;
    let runtime = two_threads()?;
    thread::scope(|threads| {
        let echo = threads.spawn(|| echo(other, rounds));
        // By the main thread, which is none of those that drive the runtime.
        runtime.block_on(async {
            let stream = Arc::new(TcpStream::from_std(client)?);
            calls(kind, rounds, move || send_and_receive(stream.clone())).await;
            io::Result::Ok(())
        })?;
        Ok(echo.join().map_err(|_| "the server died")??)
    })
}

/// The other end of the wire, which no runtime has to do with.
fn echo(mut stream: std::net::TcpStream, rounds: u64) -> io::Result<()> {
    for _ in 0..rounds {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        stream.write_all(&byte)?;
    }
    Ok(())
}

async fn send_and_receive(stream: Arc<TcpStream>) {
    send(&stream).await;
    receive(&stream).await;
}

async fn send(stream: &TcpStream) {
    loop {
        stream.writable().await.expect("nothing fails here");
        if stream.try_write(b"x").is_ok() {
            return;
        }
    }
}

async fn receive(stream: &TcpStream) {
    loop {
        stream.readable().await.expect("nothing fails here");
        if stream.try_read(&mut [0]).is_ok() {
            return;
        }
    }
}

fn two_threads() -> io::Result<Runtime> {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(2).enable_all().build()
}

/// Makes `n` calls through a layer of this kind; `work` is what the service below does.
async fn calls<F, W>(kind: &'static str, n: u64, work: F)
where
    F: Fn() -> W + Clone,
    W: Future<Output = ()>,
{
    let inner = service_fn(move |_: Request<Sent>| {
        let work = work.clone();
        async move {
            work().await;
            Ok::<_, io::Error>(Answer::default())
        }
    });
    match kind {
        "bare" => repeat(inner, n).await,
        "tower timeout" => repeat(Timeout::new(inner, LIMIT), n).await,
        "tower-http timeout" => {
            let status = StatusCode::GATEWAY_TIMEOUT;
            repeat(HttpTimeout::with_status_code(inner, status, LIMIT), n).await;
        }
        _ => {
            let limits = TimeoutConfig::builder().head(LIMIT).build();
            let layer = TimeoutLayer::new(limits.expect("is in range"));
            repeat(layer.layer(inner), n).await;
        }
    }
}

#[allow(
    clippy::disallowed_methods,
    reason = "nothing else is to be done meanwhile"
)]
async fn repeat<S>(mut service: S, n: u64)
where
    S: Service<Request<Sent>, Error: Debug>,
{
    for _ in 0..n {
        thread::sleep(PAUSE);
        let ready = service.ready().await.expect("nothing fails here");
        ready.call(get()).await.expect("nothing fails here");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_that_is_timed_is_one() {
        let cases = crate::cases::all();
        for name in TIMED {
            assert!(cases.iter().any(|case| case.name == name), "{name}");
        }
    }

    #[test]
    fn every_kind_is_exchanged_through() {
        for kind in KINDS {
            exchange(kind, 3).unwrap();
        }
        assert!(exchange("none", 1).is_err());
    }
}
