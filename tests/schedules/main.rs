//! Seeded schedules of faults against every order of the four layers, judged by the oracle: never
//! a gap, a duplicate or a splice, never a torso that looks whole, never an effect twice without
//! consent, always an end, and success where the schedule leaves room for it.
//!
//! Bodies go on in every way that the layer knows: by ranges with a tag, a date, an overlap or the
//! overlap alone, by the same request again, by the ids of events, with a last event that is known,
//! by a cursor. What is drawn is counted, and must be met.
//!
//! In memory and in paused time over HTTP/1.1 and HTTP/2, and on real sockets with the faults that
//! take no time. In the rough, callers, clocks and servers do what most don't.
//!
//! `SCHEDULES=200000 cargo test -p buttress-tests --test schedules in_memory` runs more of them,
//! `FROM=12000` others; `SEED=17` runs only that one and says what happened, `ORDER=HTSR` in that order of the layers.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

use buttress_tests::schedule::{
    Http, Lane, Outcome, Schedule, Tally, memory_client_for, run, socket_client, stack_for,
};
use buttress_tests::{number, paused};
use std::hash::{DefaultHasher, Hash, Hasher};

/// How many schedules run unless `SCHEDULES` says otherwise.
const IN_MEMORY: u64 = 10_000;
const IN_ANY_WAY: u64 = 12_000;
const IN_THE_ROUGH: u64 = 4_000;
const ON_SOCKETS: u64 = 400;

/// Seeds that failed once, each with what was wrong.
const KEPT: &str = include_str!("kept.txt");

fn in_memory_once(schedule: &Schedule) -> Outcome {
    paused().block_on(run(schedule, true, |origin| {
        stack_for(schedule, false, memory_client_for(schedule, origin))
    }))
}

fn on_sockets_once(schedule: &Schedule) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(run(schedule, false, |_| {
        stack_for(schedule, true, socket_client(schedule.http))
    }))
}

fn memory() -> Lane {
    Lane::new("in_memory", false, in_memory_once)
}

fn any_way() -> Lane {
    Lane::new("in_memory_in_any_way", false, in_memory_once).in_any_way()
}

fn rough() -> Lane {
    Lane::new("in_memory_in_the_rough", false, in_memory_once).in_the_rough()
}

/// Runs the lane, or the one seed that was asked for: what was met, unless it was but one.
fn all(lane: &Lane, count: u64) -> Option<Tally> {
    if let Some(seed) = number("SEED") {
        let schedule = lane.schedule(seed);
        println!("{schedule}");
        println!("{}", (lane.run)(&schedule).history.0);
        lane.seeds(seed..seed + 1).unwrap_or_else(|p| panic!("{p}"));
        return None;
    }
    let asked = number("SCHEDULES");
    let count = asked.unwrap_or(count);
    let from = number("FROM").unwrap_or(0);
    let tally = lane.seeds(from..from + count);
    let tally = tally.unwrap_or_else(|p| panic!("{p}"));
    let recovered = tally.recovered;
    println!("{recovered} of {count} calls came through whole after a fault");
    // The alphabet must leave something to recover, or this proves nothing.
    assert!(recovered as u64 * 5 > count, "only {recovered} of {count}");
    // Fewer than usual may well miss something.
    asked.is_none().then_some(tally)
}

/// What is drawn must be met.
fn met(tally: &Tally, names: &[&str]) {
    for (name, count) in &tally.seen {
        println!("{count:6} {name}");
    }
    let missing: Vec<_> = names.iter().filter(|name| tally.of(name) == 0).collect();
    assert!(missing.is_empty(), "never met: {missing:?}");
}

/// Faults that every lane draws, by the names that the tally has for them.
const FAULTS: &[&str] = &[
    "Answer",
    "Chunked",
    "CloseOnAccept",
    "ContentRange",
    "CutAfter",
    "CutAfterWhole",
    "CutBeforeHead",
    "CutRequest",
    "Delay",
    "DisguisedVersion",
    "Drain",
    "EarlyHints",
    "Garbage",
    "GoAwayAfter",
    "GoAwayBeforeHead",
    "Header",
    "IgnoreRange",
    "LengthOver",
    "MoveRange",
    "NoEtag",
    "Pause",
    "RepeatLast",
    "Reset(Calm)",
    "Reset(Cancel)",
    "Reset(Internal)",
    "Reset(NoError)",
    "Reset(Refused)",
    "StallAfter",
    "StallBeforeHead",
    "StallRequest",
    "Trickle",
    "TwoContentRanges",
    "Unsatisfiable",
    "Version",
    "WeakEtag",
    "WrongType",
];

/// Ways on that were taken, and what only they meet.
const WAYS: &[&str] = &[
    "range by default",
    "range by default, read again",
    "range by overlap",
    "range by overlap, read again",
    "range by overlap alone",
    "range by overlap alone, read again",
    "range by date",
    "range by date, read again",
    "prefix by prefix",
    "prefix by prefix, read again",
    "events by default",
    "events by default, read again",
    "events by last event",
    "events by last event, read again",
    "cursor by cursor",
    "cursor by cursor of a POST",
    "204 as the end",
    "EndAfter",
    "IgnoreCursor",
    "NoContent",
];

/// What only the rough lane draws.
const ROUGH: &[&str] = &["ChunkExtensions", "Interim", "TwoLengths", "UntilClose"];

#[test]
fn in_memory() {
    if let Some(tally) = all(&memory(), IN_MEMORY) {
        met(&tally, FAULTS);
    }
}

#[test]
fn in_memory_in_any_way() {
    if let Some(tally) = all(&any_way(), IN_ANY_WAY) {
        met(&tally, &[FAULTS, WAYS].concat());
    }
}

/// Callers that ask for a part themselves, poll as they like, pause for hours or leave; clocks that
/// jump; TLS; events that are too long or ragged; and on the wire what hardly a server does.
#[test]
fn in_memory_in_the_rough() {
    if let Some(tally) = all(&rough(), IN_THE_ROUGH) {
        met(&tally, &[FAULTS, WAYS, ROUGH].concat());
    }
}

#[test]
fn on_real_sockets() {
    let lane = Lane::new("on_real_sockets", true, on_sockets_once).in_any_way();
    all(&lane, ON_SOCKETS);
}

#[test]
fn seeds_that_failed_once() {
    for line in KEPT.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split_whitespace().peekable();
        let lane = match words.next_if_eq(&"any-way") {
            Some(_) => any_way(),
            None => memory(),
        };
        let seed = words.next().expect("a seed").parse();
        let seed = seed.expect("a seed is a number");
        let found = lane.seeds(seed..seed + 1);
        found.unwrap_or_else(|problem| panic!("once more: {line}\n{problem}"));
    }
}

/// Kept seeds mean what they meant only while the alphabet stays as it is.
#[test]
fn the_alphabet_is_the_one_the_kept_seeds_were_drawn_from() {
    let mut hasher = DefaultHasher::new();
    for seed in 0..500 {
        for draw in [Schedule::of, Schedule::any_way] {
            draw(seed, false).to_string().hash(&mut hasher);
        }
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
    for seed in 0..40 {
        let lane = if seed < 20 { memory() } else { any_way() };
        let schedule = lane.schedule(seed);
        versions[usize::from(schedule.http == Http::Two)] += 1;
        let (first, second) = (in_memory_once(&schedule), in_memory_once(&schedule));
        assert_eq!(first.history.0, second.history.0, "SEED={seed}");
        assert_eq!(first, second, "SEED={seed}");
    }
    assert!(versions.iter().all(|count| *count >= 5), "{versions:?}");
}
