//! Many schedules, on all cores.

use super::{Outcome, Schedule, Tally, shrink};
use std::fmt;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

/// How the schedules of a test run.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Lane {
    /// The name of the test.
    pub test: &'static str,
    /// Whether schedules leave out what takes time.
    pub timeless: bool,
    /// Draws one of them.
    pub draw: fn(u64, bool) -> Schedule,
    /// Runs one of them.
    pub run: fn(&Schedule) -> Outcome,
}

/// A schedule that broke a promise.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Problem {
    /// As it was drawn.
    pub schedule: Schedule,
    /// What is left of it when everything is taken away that the failure does not need.
    pub shrunk: Schedule,
    /// The promise that was broken.
    pub broken: String,
    test: &'static str,
}

impl Lane {
    /// A lane for the test of this name.
    #[must_use]
    pub fn new(test: &'static str, timeless: bool, run: fn(&Schedule) -> Outcome) -> Self {
        Lane {
            test,
            timeless,
            draw: Schedule::of,
            run,
        }
    }

    /// The same with bodies that go on in [any way](super::Way).
    #[must_use]
    pub fn in_any_way(self) -> Self {
        Lane {
            draw: Schedule::any_way,
            ..self
        }
    }

    /// The same with [rough](super::Rough) callers and wires as well.
    #[must_use]
    pub fn in_the_rough(self) -> Self {
        Lane {
            draw: Schedule::rough,
            ..self
        }
    }

    /// The schedule of this seed, in the order that `ORDER` asks for.
    #[must_use]
    pub fn schedule(&self, seed: u64) -> Schedule {
        let mut schedule = (self.draw)(seed, self.timeless);
        if let Ok(order) = std::env::var("ORDER") {
            schedule.order = super::number(&order);
        }
        schedule
    }

    /// Runs these seeds until one breaks a promise: what was met.
    pub fn seeds(&self, seeds: Range<u64>) -> Result<Tally, Box<Problem>> {
        let (next, failed) = (AtomicU64::new(seeds.start), AtomicU64::new(u64::MAX));
        let tally = Mutex::new(Tally::default());
        let work = || {
            let mut own = Tally::default();
            loop {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                if seed >= seeds.end || seed > failed.load(Ordering::Relaxed) {
                    break;
                }
                let outcome = (self.run)(&self.schedule(seed));
                own.note(&outcome);
                if outcome.broken.is_some() {
                    failed.fetch_min(seed, Ordering::Relaxed);
                }
            }
            tally.lock().unwrap().add(own);
        };
        thread::scope(|scope| {
            let cores = thread::available_parallelism().map_or(1, usize::from);
            for _ in 0..cores {
                scope.spawn(work);
            }
        });
        match failed.into_inner() {
            u64::MAX => Ok(tally.into_inner().unwrap()),
            seed => Err(Box::new(self.problem(self.schedule(seed)))),
        }
    }

    fn problem(&self, schedule: Schedule) -> Problem {
        let broken = |schedule: &Schedule| (self.run)(schedule).broken;
        let first = broken(&schedule);
        let shrunk = shrink(&schedule, |smaller| broken(smaller).is_some());
        Problem {
            broken: broken(&shrunk)
                .or(first)
                .unwrap_or_else(|| "not when it ran again: it is not deterministic".to_owned()),
            schedule,
            shrunk,
            test: self.test,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seed, order) = (self.schedule.seed, super::name(self.schedule.order));
        writeln!(f, "{}", self.broken)?;
        writeln!(f, "SEED={seed} ORDER={order}")?;
        writeln!(f, "schedule: {}", self.schedule)?;
        writeln!(f, "shrunk: {}", self.shrunk)?;
        write!(
            f,
            "repeat it with: SEED={seed} ORDER={order} cargo test -p buttress-tests \
             --test schedules {} -- --exact --nocapture",
            self.test
        )
    }
}
