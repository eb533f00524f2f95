//! A server that misbehaves on demand, to try clients and gateways against.
//!
//! ```text
//! cargo run -p chaos-origin -- reset status=503 cut-events=5
//! curl -N http://127.0.0.1:4200/events
//! ```
//!
//! It serves known bytes (`/bytes`, with ranges), known events (`/events`, with ids), and answers
//! of a language model in the shapes of the public APIs (`/v1/chat/completions`, `/v1/responses`,
//! `/v1/messages`, `/v1beta/models/test:streamGenerateContent?alt=sse`, `/v1beta/interactions`). The
//! first request meets the first fault, the second the second; after the last one all is well, or
//! with `--forever` the last one stays.

mod fault;

use buttress_testkit::{Content, Fault, Origin, Reply, Script};
use clap::Parser;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::process::ExitCode;
use tokio::net::TcpListener;

/// Misbehaves on demand.
#[derive(Debug, Parser)]
#[command(after_help = fault::HELP)]
struct Args {
    /// What happens to each request, in order.
    #[arg(value_name = "FAULT", value_parser = fault::parse)]
    faults: Vec<Fault>,

    /// The last fault stays.
    #[arg(long)]
    forever: bool,

    /// The address to listen at.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:4200")]
    listen: SocketAddr,

    /// Bytes of `/bytes`.
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    bytes: u64,

    /// Words of a model's answer.
    #[arg(long, value_name = "N", default_value_t = 40)]
    words: usize,
}

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    let listener = match TcpListener::bind(args.listen).await {
        Ok(listener) => listener,
        Err(error) => {
            eprintln!("error: nothing can listen at {}: {error}", args.listen);
            return ExitCode::from(2);
        }
    };
    let told: Vec<String> = args.faults.iter().map(ToString::to_string).collect();
    let mut script = Script::of(args.faults.clone());
    if let (true, Some(last)) = (args.forever, args.faults.last()) {
        script = script.then(last.clone());
    }
    let origin = Origin::builder()
        .content(Content::new(1, 1, args.bytes))
        .reply(Reply::new(1, 1, args.words))
        .script(script)
        .start_at(listener);
    let told = match told.is_empty() {
        true => "nothing wrong".to_owned(),
        false => told.join("; "),
    };
    // It serves also where nobody reads what it says.
    let mut out = io::stdout();
    let _ = writeln!(out, "http://{} will do: {told}", origin.addr());
    // Without a handler there is no other way to stop than the system's own.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
    for seen in origin.log() {
        let _ = writeln!(
            out,
            "{} {} {}: {} bytes sent, {}",
            seen.request,
            seen.method,
            seen.path,
            seen.sent,
            if seen.client_left {
                "the client left"
            } else {
                "to the end"
            }
        );
    }
    ExitCode::SUCCESS
}
