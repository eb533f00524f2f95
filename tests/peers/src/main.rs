//! Buttress against servers and proxies that others wrote: `cargo run -p buttress-peers`.
//!
//! nginx serves files, haproxy cuts connections, curl asks through the gateway. What is missing is
//! installed where that is possible (Debian, as root); else this says what to install and fails. All
//! of it runs on the loopback interface and in a directory of its own, and is gone afterwards. Real
//! sockets, real time: a few seconds.
//!
//! Then the same program runs twice more, each time in a network of its own: one loses every fifth
//! packet and resets connections, in the other connections die without a word, which takes a minute to
//! notice. Where that is not allowed, this says why, and goes without.
//!
//! `cargo run -p buttress-peers -- NAME` runs only what has NAME in its name. The gateway is built for it,
//! unless the variable `GATEWAY` holds the path of one.
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
mod gateway;
mod gone;
mod haproxy;
mod lossy;
mod network;
mod nginx;
mod place;
mod programs;
mod proxy;

use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Longer than anything here takes, so that what hangs ends.
const GUARD: Duration = Duration::from_secs(120);

/// Runs the cases of a network that have this in their names: whether they held, or why they could
/// not run.
type InNetwork = fn(&str) -> Result<bool, String>;

fn main() -> ExitCode {
    let asked = std::env::args().nth(1).unwrap_or_default();
    match &*asked {
        lossy::INSIDE => return run(lossy::ALL, ""),
        gone::INSIDE => return run(gone::ALL, ""),
        _ => {}
    }
    if cases::ALL.iter().any(|(name, _)| name.contains(&*asked)) {
        let programs = [("nginx", "nginx"), ("haproxy", "haproxy"), ("curl", "curl")];
        let found = programs::find_or_install(&programs);
        if let Err(missing) = found.and_then(|()| programs::build_gateway()) {
            eprintln!("{missing}");
            return ExitCode::FAILURE;
        }
    }
    let mut code = run(cases::ALL, &asked);
    let networks: [(&str, InNetwork); 2] = [
        ("loses packets", lossy::run),
        ("forgets connections", gone::run),
    ];
    for (what, run) in networks {
        match run(&asked) {
            Ok(true) => {}
            Ok(false) => code = ExitCode::FAILURE,
            Err(why) => println!("not run: the network that {what}: {why}"),
        }
    }
    code
}

/// Runs the cases that have this in their names.
fn run(cases: &[(&str, cases::Case)], asked: &str) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let mut failed = 0;
    for (name, case) in cases.iter().filter(|(name, _)| name.contains(asked)) {
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
