//! The program. Everything it does is in the library beside it.
#![allow(
    clippy::disallowed_methods,
    reason = "a program owns its runtime and its signals"
)]

use clap::Parser;
use gateway::cli::{Checked, Cli, Command, ServeArgs};
use gateway::proxy::Proxies;
use gateway::setup::Setup;
use gateway::{AccessLog, Config, Gateway, Metrics, Parts, Route, demo, server, upstream};
use humantime::format_duration;
use std::error::Error;
use std::future::Future;
use std::io::{self, IsTerminal, Stdout};
use std::path::PathBuf;
use std::process::ExitCode;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::time::timeout;

/// A request and its answer take three dozen pieces of memory: this allocator finds them faster than
/// most systems' own, and does not keep what thousands of calls have left behind. It takes no huge
/// pages, of which a thousand waiting streams would fill some parts only. It is mimalloc's second
/// version: the third takes a slow path to pieces that are larger than 1 KiB.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match Runtime::new() {
        Ok(runtime) => finish(runtime, run(cli)),
        Err(error) => told(Err(error.into())),
    }
}

/// Runs this to its end, and waits for nothing else: a name that is being looked up can't be stopped, and
/// would keep the program for as long as a resolver waits.
fn finish<F: Future>(runtime: Runtime, program: F) -> F::Output {
    let output = runtime.block_on(program);
    runtime.shutdown_background();
    output
}

async fn run(cli: Cli) -> ExitCode {
    told(match cli.command() {
        Command::Serve(args) => serve(*args).await,
        Command::Demo => demo(&mut io::stdout()).await,
        Command::Check { file } => check(file),
        Command::Setup { client, listen } => {
            let gateway = listen;
            print!("{}", Setup { client, gateway });
            Ok(true)
        }
    })
}

fn told(done: Result<bool, Box<dyn Error>>) -> ExitCode {
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

async fn demo(out: &mut Stdout) -> Result<bool, Box<dyn Error>> {
    let live = out.is_terminal() && std::env::var_os("NO_COLOR").is_none();
    demo::run(out, live).await
}

fn check(file: PathBuf) -> Result<bool, Box<dyn Error>> {
    let shown = file.display().to_string();
    let config = Checked::of(file)?.build()?;
    println!(
        "{shown} is right. It would listen at {}, with these routes:",
        config.listen
    );
    for Route {
        prefix, upstream, ..
    } in &config.routes
    {
        println!("  {prefix} -> {upstream}");
    }
    Ok(true)
}

async fn serve(args: ServeArgs) -> Result<bool, Box<dyn Error>> {
    let Config {
        listen,
        routes,
        memory,
        connect,
        shutdown,
    } = args.config()?.build()?;
    let tls = routes.iter().any(|route| route.upstream.is_tls());
    let proxies = Proxies::from_env()?;
    let client = upstream::client(tls, connect, proxies.clone())?;
    let listener = TcpListener::bind(listen)
        .await
        .map_err(|error| format!("--listen: nothing can listen at {listen}: {error}"))?;
    let here = listener.local_addr()?;
    // Whoever reads below how to stop can do so.
    let mut asked = asks();
    let mut again = asked.clone();
    for Route {
        prefix, upstream, ..
    } in &routes
    {
        let proxy = upstream.at_root().and_then(|uri| proxies.shown(&uri));
        let through = proxy.map_or_else(String::new, |proxy| format!(" through the proxy {proxy}"));
        eprintln!("http://{here}{prefix} passes on to {upstream}{through}");
    }
    eprintln!(
        "Set one of these as the base URL of your client (gateway setup --help). Ctrl-C stops."
    );
    if !here.ip().is_loopback() {
        eprintln!("Note: other machines can reach this address.");
    }
    let log = AccessLog::stderr();
    let parts = Parts {
        routes,
        memory,
        log: log.clone(),
        metrics: Metrics::new(),
    };
    let stop = async {
        let _ = asked.wait_for(|asks| *asks > 0).await;
        let shown = format_duration(shutdown);
        eprintln!("Stopping. Answers that have begun have {shown}; Ctrl-C again ends them.");
    };
    let enough = async {
        let _ = timeout(shutdown, again.wait_for(|asks| *asks > 1)).await;
    };
    server::run(listener, Gateway::new(parts, &client), stop, enough).await;
    log.flush();
    Ok(true)
}

/// How often somebody has asked the program to stop, from here on. Signals of one kind that come before
/// the first of them is seen count once: the system joins them.
fn asks() -> watch::Receiver<u32> {
    #[cfg(unix)]
    let signals = {
        use tokio::signal::unix::{SignalKind, signal};
        [SignalKind::interrupt(), SignalKind::terminate()].map(signal)
    };
    #[cfg(windows)]
    let signals = [tokio::signal::windows::ctrl_c()];
    let (asks, asked) = watch::channel(0);
    // Those that can't be heard stop the program as the system does.
    for mut signal in signals.into_iter().flatten() {
        let asks = asks.clone();
        tokio::spawn(async move {
            while signal.recv().await.is_some() {
                asks.send_modify(|asks| *asks += 1);
            }
        });
    }
    // Without a sender it would seem that somebody had asked.
    tokio::spawn(async move { asks.closed().await });
    asked
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    #[test]
    fn the_end_does_not_wait_for_what_cannot_be_stopped() {
        let (resolved, resolver) = mpsc::channel::<()>();
        let (begins, begun) = mpsc::channel();
        let (ends, ended) = mpsc::channel();
        thread::spawn(move || {
            let runtime = Runtime::new().expect("is there");
            let lookup = move || {
                let _ = begins.send(());
                let _ = resolver.recv();
            };
            let output = finish(runtime, async {
                drop(tokio::task::spawn_blocking(lookup));
                begun.recv()
            });
            let _ = ends.send(output);
        });
        let output = ended.recv_timeout(Duration::from_secs(20));
        drop(resolved);
        assert_eq!(output, Ok(Ok(())));
    }
}
