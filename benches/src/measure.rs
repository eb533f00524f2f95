//! Counts what a case costs: always what a long run costs more than a short one, so that what
//! happens once is not counted.

use crate::alloc::allocated_by;
use crate::cases::{Case, Unit};
use std::collections::HashMap;
use std::num::NonZero;
use std::process::Command;
use std::sync::Mutex;
use std::{io, thread};

/// What one call, frame or byte costs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    /// `None` where valgrind is missing.
    pub(crate) instructions: Option<f64>,
    pub(crate) allocations: f64,
    pub(crate) bytes: f64,
}

/// Costs by the names of their cases.
pub(crate) type Costs = HashMap<&'static str, Cost>;

/// Measures `cases`. Says on stderr when valgrind is missing, and leaves out the instructions.
///
/// # Errors
///
/// When valgrind or a case in it fails.
pub(crate) fn measure(cases: &[Case]) -> io::Result<Costs> {
    let allocations = cases.iter().map(|case| (case.name, allocations(case)));
    let mut costs: Costs = allocations.collect();
    if let Err(error) = Command::new("valgrind").arg("--version").output() {
        eprintln!("valgrind does not start ({error}): install it to have instructions counted");
        return Ok(costs);
    }
    for (name, instructions) in all_instructions(cases)? {
        if let Some(cost) = costs.get_mut(name) {
            cost.instructions = Some(instructions);
        }
    }
    Ok(costs)
}

/// How often a case is run: enough for what is done every so often to even out.
fn rounds(case: &Case) -> u64 {
    match case.unit {
        Unit::Call => 500,
        Unit::Frame => 2_000,
        Unit::Byte { chunk } => 2_000_000 / chunk as u64,
    }
}

/// What one unit costs, where a run of three times as many rounds costs this much more.
fn per_unit(case: &Case, more: f64) -> f64 {
    let units = match case.unit {
        Unit::Call | Unit::Frame => 1,
        Unit::Byte { chunk } => chunk as u64,
    };
    more / (2 * rounds(case) * units) as f64
}

/// Allocations and their bytes. One case at a time: the counter is the program's.
fn allocations(case: &Case) -> Cost {
    let rounds = rounds(case);
    (case.run)(1);
    let short = allocated_by(|| (case.run)(rounds));
    let long = allocated_by(|| (case.run)(3 * rounds));
    Cost {
        instructions: None,
        allocations: per_unit(case, long.0 - short.0),
        bytes: per_unit(case, long.1 - short.1),
    }
}

fn all_instructions(cases: &[Case]) -> io::Result<Vec<(&'static str, f64)>> {
    let queue = Mutex::new(cases.iter());
    let next = || queue.lock().ok()?.next();
    let work = || {
        std::iter::from_fn(next)
            .map(|case| Ok((case.name, instructions(case)?)))
            .collect::<io::Result<Vec<_>>>()
    };
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        let mut counted = Vec::new();
        for worker in workers {
            let died = |_| Err(io::Error::other("a thread died"));
            counted.extend(worker.join().unwrap_or_else(died)?);
        }
        Ok(counted)
    })
}

fn instructions(case: &Case) -> io::Result<f64> {
    let rounds = rounds(case);
    let short = collected(case.name, rounds)?;
    let long = collected(case.name, 3 * rounds)?;
    Ok(per_unit(case, long - short))
}

/// The instructions of this program when it does nothing but run one case.
fn collected(name: &str, rounds: u64) -> io::Result<f64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe()?)
        .args(["run", name, &rounds.to_string()])
        .output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    // `==4711== Collected : 1234567`
    let collected = said
        .lines()
        .find_map(|line| line.split_once("Collected :")?.1.trim().parse().ok());
    match collected {
        Some(collected) if output.status.success() => Ok(collected),
        _ => Err(io::Error::other(format!("`{name}` in valgrind: {said}"))),
    }
}
