//! Seeded schedules of faults against every order of the four layers, judged by the oracle: never
//! a gap, a duplicate or a splice, never a torso that looks whole, never an effect twice without
//! consent, always an end, and success where the schedule leaves room for it.
//!
//! In memory and in paused time over HTTP/1.1 and HTTP/2, and on real sockets with the faults that
//! take no time.
//!
//! `SCHEDULES=200000 cargo test -p buttress-tests --test schedules in_memory` runs more of them;
//! `SEED=17` runs only that one and says what happened, `ORDER=HTSR` in that order of the layers.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

use buttress_tests::schedule::{
    Http, Lane, Outcome, Schedule, memory_client, run, socket_client, stack,
};
use std::hash::{DefaultHasher, Hash, Hasher};

/// How many schedules run unless `SCHEDULES` says otherwise.
const IN_MEMORY: u64 = 20_000;
const ON_SOCKETS: u64 = 400;

/// Seeds that failed once, each with what was wrong.
const KEPT: &str = include_str!("kept.txt");

fn in_memory_once(schedule: &Schedule) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    let (order, seed, http) = (schedule.order, schedule.seed, schedule.http);
    runtime.block_on(run(schedule, true, |origin| {
        stack(order, seed, false, memory_client(origin, http))
    }))
}

fn on_sockets_once(schedule: &Schedule) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (order, seed, http) = (schedule.order, schedule.seed, schedule.http);
    runtime.block_on(run(schedule, false, |_| {
        stack(order, seed, true, socket_client(http))
    }))
}

fn memory() -> Lane {
    Lane::new("in_memory", false, in_memory_once)
}

fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().expect("a number"))
}

/// Runs the lane, or the one seed that was asked for.
fn all(lane: &Lane, count: u64) {
    if let Some(seed) = number("SEED") {
        let schedule = lane.schedule(seed);
        println!("{schedule}");
        println!("{}", (lane.run)(&schedule).history.0);
        lane.seeds(seed..seed + 1).unwrap_or_else(|p| panic!("{p}"));
        return;
    }
    let count = number("SCHEDULES").unwrap_or(count);
    let recovered = lane.seeds(0..count).unwrap_or_else(|p| panic!("{p}"));
    println!("{recovered} of {count} calls came through whole after a fault");
    // The alphabet must leave something to recover, or this proves nothing.
    assert!(recovered as u64 * 5 > count, "only {recovered} of {count}");
}

#[test]
fn in_memory() {
    all(&memory(), IN_MEMORY);
}

#[test]
fn on_real_sockets() {
    all(
        &Lane::new("on_real_sockets", true, on_sockets_once),
        ON_SOCKETS,
    );
}

#[test]
fn seeds_that_failed_once() {
    for line in KEPT.lines().filter(|line| !line.starts_with('#')) {
        let seed = line.split_whitespace().next().expect("a seed");
        let seed = seed.parse().expect("a seed is a number");
        let found = memory().seeds(seed..seed + 1);
        found.unwrap_or_else(|problem| panic!("once more: {line}\n{problem}"));
    }
}

/// Kept seeds mean what they meant only while the alphabet stays as it is.
#[test]
fn the_alphabet_is_the_one_the_kept_seeds_were_drawn_from() {
    let mut hasher = DefaultHasher::new();
    for seed in 0..500 {
        Schedule::of(seed, false).to_string().hash(&mut hasher);
    }
    let known = KEPT
        .lines()
        .find_map(|line| line.strip_prefix("# alphabet "));
    let found = format!("{:x}", hasher.finish());
    assert_eq!(
        known,
        Some(&*found),
        "schedules are drawn in another way than when the seeds of kept.txt were noted: find \
         schedules that show the same, note their seeds, and put the new value into its first line"
    );
}

#[test]
fn a_seed_that_runs_twice_has_one_history() {
    let mut versions = [0, 0];
    for seed in 0..20 {
        let schedule = memory().schedule(seed);
        versions[usize::from(schedule.http == Http::Two)] += 1;
        let (first, second) = (in_memory_once(&schedule), in_memory_once(&schedule));
        assert_eq!(first.history.0, second.history.0, "SEED={seed}");
        assert_eq!(first, second, "SEED={seed}");
    }
    assert!(versions.iter().all(|count| *count >= 5), "{versions:?}");
}
