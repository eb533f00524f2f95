//! The program. Everything it does is in the library beside it.
#![allow(
    clippy::disallowed_methods,
    reason = "a program owns its runtime and its signals"
)]

use clap::Parser;
use gateway::cli::{Cli, Command, ServeArgs, Settings};
use gateway::{AccessLog, Gateway, demo, server, upstream};
use std::error::Error;
use std::io::{self, IsTerminal, Stdout};
use std::process::ExitCode;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Cli::parse().command() {
        Command::Serve(args) => serve(args).await,
        Command::Demo => demo(&mut io::stdout()).await,
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

async fn serve(args: ServeArgs) -> Result<bool, Box<dyn Error>> {
    let Settings {
        listen,
        target,
        limits,
        connect,
        shutdown,
    } = args.settings()?;
    let client = upstream::client(target.is_tls(), connect)?;
    let listener = TcpListener::bind(listen)
        .await
        .map_err(|error| format!("--listen: nothing can listen at {listen}: {error}"))?;
    let here = listener.local_addr()?;
    eprintln!("http://{here} passes on to {target}");
    eprintln!("Use http://{here} as the base URL of your client. Ctrl-C stops.");
    if !here.ip().is_loopback() {
        eprintln!("Note: other machines can reach this address.");
    }
    let gateway = Gateway::new(target, client, limits, AccessLog::stderr());
    server::run(listener, gateway, stop(), shutdown).await;
    Ok(true)
}

/// Waits until somebody asks the program to stop.
async fn stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    // Without a handler there is no other way to stop than the system's own.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
