//! Buttress against servers and proxies that others wrote: `cargo run -p buttress-peers`.
//!
//! nginx serves files, haproxy cuts connections, curl looks at what a stack lets through. What is
//! missing is installed where that is possible (Debian, as root); else this says what to install
//! and fails. All of it runs on the loopback interface and in a directory of its own, and is gone
//! afterwards. Real sockets, real time: a few seconds.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test program: a surprise ends it"
)]

mod call;
mod cases;
mod haproxy;
mod nginx;
mod place;
mod programs;
mod proxy;

use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Longer than anything here takes, so that what hangs ends.
const GUARD: Duration = Duration::from_secs(60);

fn main() -> ExitCode {
    let missing = programs::find_or_install(&["nginx", "haproxy"]);
    if let Err(missing) = missing {
        eprintln!("{missing}");
        return ExitCode::FAILURE;
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let mut failed = 0;
    for (name, case) in cases::ALL {
        let start = Instant::now();
        let result = runtime.block_on(async {
            let task = tokio::spawn(case());
            match tokio::time::timeout(GUARD, task).await {
                Err(_) => Err(format!("still going after {GUARD:?}")),
                Ok(Err(panic)) => Err(format!("panicked: {panic}")),
                Ok(Ok(result)) => result,
            }
        });
        let took = start.elapsed().as_millis();
        match result {
            Ok(told) => println!("ok    {took:>6} ms  {name}: {told}"),
            Err(problem) => {
                failed += 1;
                println!("FAIL  {took:>6} ms  {name}: {problem}");
            }
        }
    }
    match failed {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
