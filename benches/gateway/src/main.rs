//! What the gateway costs beside a plain reverse proxy, and beside nginx where it is installed.
//!
//! ```text
//! cargo build --release -p gateway -p gateway-bench
//! cargo run --release -p gateway-bench -- cost    instructions, system calls and allocations, counted
//! cargo run --release -p gateway-bench -- load    CPU seconds, latency and memory, timed
//! cargo run --release -p gateway-bench -- document   both, into docs/benchmarks.md
//! ```
//!
//! `cost` runs each proxy under valgrind, sends it so many calls and then three times as many, and
//! shows what one more call costs: a request with 1 KiB each way, and an event of 268 bytes that is
//! answered before the next one is sent. All layers are on and nothing fails. System calls are
//! counted by strace where it is installed.
//!
//! `load` runs each proxy as it is, in rounds in which each has its turn, and reads from the kernel
//! what it used: medians, and how many times what the plain one used in the same round.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a measurement that can't be made says why and ends"
)]

mod calls;
mod cost;
mod document;
mod load;
mod origin;
mod proxy;

use std::error::Error;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mode = std::env::args().nth(1);
    match mode.as_deref() {
        Some("cost") => cost::run().await?,
        Some("load") => load::run().await?,
        Some("document") => document::run().await?,
        _ => {
            eprintln!("expected cost, load or document");
            return Ok(ExitCode::from(2));
        }
    }
    Ok(ExitCode::SUCCESS)
}
