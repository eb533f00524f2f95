//! Counts instructions and allocations of the layers and of their peers when nothing fails.
//!
//! Counts are the same on every run of one build, so they can be checked where times cannot.
//! Instructions are counted by valgrind, which runs this program again for each case.
//!
//! ```text
//! cargo run --release -p buttress-benches              the table
//! cargo run --release -p buttress-benches -- --json    the same for programs
//! cargo run --release -p buttress-benches -- check     fails when a case is dearer than limits.json
//! cargo run --release -p buttress-benches -- document  writes the tables of docs/benchmarks.md
//! cargo run --release -p buttress-benches -- limits    sets the limits to what is measured and 3 %
//! cargo run --release -p buttress-benches -- threads   times calls on one thread and on two at once
//! cargo run --release -p buttress-benches -- wakes     counts wakes of the runtime's driver, by strace
//! cargo run --release -p buttress-benches -- run CASE N  runs a case N times and says nothing
//! ```
//!
//! Times are not the same on every run: `threads` is for looking at. `run` is for profilers.
#![allow(
    clippy::expect_used,
    reason = "a case that fails measures something else"
)]

mod alloc;
mod body;
mod cases;
mod identity;
mod limits;
mod measure;
mod report;
mod runtime;
mod service;

use self::limits::Limits;
use std::error::Error;
use std::process::ExitCode;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    // For the timers, none of which is to fire.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()?;
    let _entered = runtime.enter();

    let cases = cases::all();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match *arguments {
        [] => {
            let table = report::table(&cases, &measure::measure(&cases)?, &Limits::read()?)?;
            print!("{table}");
        }
        ["--json"] => {
            let json = report::json(&cases, &measure::measure(&cases)?, &Limits::read()?);
            println!("{json:#}");
        }
        ["check"] => {
            let (costs, limits) = (measure::measure(&cases)?, Limits::read()?);
            print!("{}", report::table(&cases, &costs, &limits)?);
            let broken = limits.broken(&cases, &costs);
            for sentence in &broken {
                eprintln!("{sentence}");
            }
            if !broken.is_empty() {
                return Ok(ExitCode::FAILURE);
            }
        }
        ["document"] => report::document(&cases, &measure::measure(&cases)?)?,
        ["limits"] => Limits::read()?.write(&cases, &measure::measure(&cases)?)?,
        ["threads"] => print!("{}", runtime::threads(&cases)?),
        ["wakes"] => print!("{}", runtime::wakes()?),
        // What `wakes` has traced.
        ["exchange", kind, rounds] => runtime::exchange(kind, rounds.parse()?)?,
        ["run", name, rounds] => {
            let case = *cases
                .iter()
                .find(|case| case.name == name)
                .ok_or("no such case")?;
            let rounds = rounds.parse()?;
            // In a task, as programs make calls, and without a budget: it is one turn of that task.
            let task = runtime.spawn(tokio::task::unconstrained(
                async move { (case.run)(rounds) },
            ));
            runtime.block_on(task)?;
        }
        _ => {
            return Err(
                "expected nothing, --json, check, document, limits, threads, wakes, or run CASE N"
                    .into(),
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}
