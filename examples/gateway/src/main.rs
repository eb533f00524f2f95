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
use std::io::{self, IsTerminal, Stdout};
use std::path::PathBuf;
use std::process::ExitCode;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::timeout;

/// A request and its answer take three dozen pieces of memory: this allocator finds them faster than
/// most systems' own, and does not keep what thousands of calls have left behind. It takes no huge
/// pages, of which a thousand waiting streams would fill some parts only. It is mimalloc's second
/// version: the third takes a slow path to pieces that are larger than 1 KiB.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Cli::parse().command() {
        Command::Serve(args) => serve(*args).await,
        Command::Demo => demo(&mut io::stdout()).await,
        Command::Check { file } => check(file),
        Command::Setup { client, listen } => {
            let gateway = listen;
            print!("{}", Setup { client, gateway });
            Ok(true)
        }
    };
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
    let config = Checked::of(file)?.build(&Metrics::new())?;
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
    let metrics = Metrics::new();
    let Config {
        listen,
        routes,
        memory,
        connect,
        shutdown,
    } = args.config()?.build(&metrics)?;
    let tls = routes.iter().any(|route| route.upstream.is_tls());
    let proxies = Proxies::from_env()?;
    let client = upstream::client(tls, connect, proxies.clone())?;
    let listener = TcpListener::bind(listen)
        .await
        .map_err(|error| format!("--listen: nothing can listen at {listen}: {error}"))?;
    let here = listener.local_addr()?;
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
        metrics,
    };
    let mut asked = asks();
    let mut again = asked.clone();
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

/// How often somebody has asked the program to stop. From here on no signal is lost, however soon one
/// follows the other.
fn asks() -> watch::Receiver<u32> {
    let (asks, asked) = watch::channel(0);
    let count = move || asks.send_modify(|asks| *asks += 1);
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let signals = [SignalKind::interrupt(), SignalKind::terminate()].map(signal);
        if let [Ok(mut interrupt), Ok(mut terminate)] = signals {
            tokio::spawn(async move {
                loop {
                    tokio::select! {
                        _ = interrupt.recv() => {}
                        _ = terminate.recv() => {}
                    }
                    count();
                }
            });
            return asked;
        }
    }
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            count();
        }
        // Without a handler there is no other way to stop than the system's own.
        std::future::pending::<()>().await;
    });
    asked
}
