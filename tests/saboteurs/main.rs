//! The tests of the tests: layers that are wrong on purpose must be caught.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

use buttress::prelude::*;
use buttress_testkit::contract::{self, Rule};
use buttress_testkit::saboteur::{CloneInCall, DropSizeHint, Flaw, Naive, SpawnAndLeak};
use buttress_testkit::spread::{self, Clump};
use buttress_tests::paused;
use buttress_tests::schedule::{Inner, Outcome, Schedule, Stack, limits, memory_client, run};
use http_body_util::BodyExt;
use std::time::Duration;
use tower::util::{BoxCloneService, ServiceExt};
use tower::{Layer, Service};

/// How many schedules a wrong layer may survive.
const SEEDS: u64 = 1_000;

/// A layer of the testkit under limits, in place of the four.
fn boxed<S, RB>(service: S) -> Stack
where
    S: Service<
            http::Request<http_body_util::Full<bytes::Bytes>>,
            Response = http::Response<RB>,
            Error = Failure,
        > + Clone
        + Send
        + 'static,
    S::Future: Send,
    RB: http_body::Body<Data = bytes::Bytes, Error = Failure> + Send + 'static,
{
    let limited = limits().layer(service);
    BoxCloneService::new(limited.map_response(|response| response.map(BodyExt::boxed_unsync)))
}

fn stack(flaw: Option<Flaw>, inner: Inner) -> Stack {
    let inner = limits().layer(inner);
    boxed(match flaw {
        None => Naive::new(inner),
        Some(flaw) => Naive::with(inner, flaw),
    })
}

/// The caller asks for a part now and then where that makes a difference.
fn schedule(flaw: Option<Flaw>, seed: u64) -> Schedule {
    match flaw {
        None if seed % 2 == 0 => Schedule::of_parts(seed, false),
        Some(Flaw::PassPart) => Schedule::of_parts(seed, false),
        _ => Schedule::of(seed, false),
    }
}

fn once(flaw: Option<Flaw>, seed: u64) -> Outcome {
    let schedule = schedule(flaw, seed);
    let http = schedule.http;
    paused().block_on(run(&schedule, true, |origin| {
        stack(flaw, memory_client(origin, http))
    }))
}

/// The oracle has nothing against a layer without a flaw.
#[test]
fn what_is_right_passes() {
    for seed in 0..SEEDS {
        let broken = once(None, seed).broken;
        assert_eq!(broken, None, "SEED={seed}: {}", schedule(None, seed));
    }
}

#[test]
fn the_oracle_catches_every_flaw() {
    for flaw in Flaw::ALL {
        let caught = (0..SEEDS).find_map(|seed| Some((seed, once(Some(flaw), seed).broken?)));
        let (seed, broken) = caught.unwrap_or_else(|| panic!("{flaw:?} survives {SEEDS} seeds"));
        println!("{flaw:?}: seed {seed}, {broken}");
        let promises: &[&str] = match flaw {
            Flaw::SwallowEnd => &["S2"],
            Flaw::ResendPost => &["S6"],
            Flaw::ResumeAfterTrailers => &["the body lied"],
            Flaw::OverDeliver => &["S1", "S3"],
            _ => &["S1", "S2", "S3"],
        };
        let named = promises.iter().any(|promise| broken.starts_with(promise));
        assert!(named, "{flaw:?} was caught for another reason: {broken}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_contract_catches_services_that_break_it() {
    let breach = contract::check(CloneInCall::new).await.unwrap_err();
    assert_eq!(breach.rule, Rule::ReadiedReceiver, "{breach}");
    let breach = contract::check(SpawnAndLeak::new).await.unwrap_err();
    assert!(
        [Rule::DropBeforeCall, Rule::DropAnywhere].contains(&breach.rule),
        "{breach}"
    );
    let breach = contract::check(DropSizeHint::new).await.unwrap_err();
    assert_eq!(breach.rule, Rule::Forwarding, "{breach}");
}

/// The waits of this many calls, as they are or spoilt.
fn waits(backoff: &Backoff, spoil: impl Fn(Duration) -> Duration) -> Vec<Vec<Duration>> {
    let call = |_| {
        let mut delays = backoff.delays();
        (0..4).map(|_| spoil(delays.next_delay())).collect()
    };
    (0..10_000).map(call).collect()
}

#[test]
fn waits_that_clump_are_noticed() {
    let second = Duration::from_secs(1);
    let backoff = Backoff::exponential(10 * second, 100 * second).unwrap();
    assert_eq!(
        spread::check(&waits(&backoff, |wait| wait), 10 * second),
        Ok(())
    );
    let whole = waits(&backoff, |wait| Duration::from_secs(wait.as_secs()));
    assert!(spread::check(&whole, 10 * second).is_err());
    let shared = waits(&backoff.seed(7), |wait| wait);
    let calls = 10_000;
    assert_eq!(
        spread::check(&shared, 10 * second),
        Err(Clump::Alike { calls })
    );
}
