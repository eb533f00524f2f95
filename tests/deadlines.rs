//! A call never outlives its deadline by more than one tick of the timer, head and body, whatever
//! fails meanwhile: with a timeout layer anywhere, and without one, where the deadline is only in
//! the request's extensions.
//!
//! `SEED=17 cargo test -p buttress-tests --test deadlines` runs only that one, `SEEDS=100000` more.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

use buttress::prelude::*;
use buttress::time::now;
use buttress_testkit::{Origin, collect};
use buttress_tests::schedule::{Schedule, memory_client, stack};
use buttress_tests::{paused, seeds};
use http::Request;
use http_body_util::{BodyExt, Full};
use std::sync::Arc;
use std::time::Duration;
use tower::util::BoxCloneService;
use tower::{Layer, ServiceExt};

const SEEDS: u64 = 1_000;

/// tokio's timers.
const TICK: Duration = Duration::from_millis(1);

/// How much longer than it may a call takes that has this long.
async fn over(schedule: &Schedule, limit: Duration, timeouts: bool) -> Option<Duration> {
    let origin = Origin::builder()
        .content(schedule.content())
        .events(schedule.events())
        .piece(schedule.piece)
        .script(schedule.faults.clone())
        .start_unbound();
    let origin = Arc::new(origin);
    let client = memory_client(&origin, schedule.http);
    let service = if timeouts {
        stack(schedule.order, schedule.seed, false, client)
    } else {
        let service = ResumeLayer::default().layer(RetryLayer::default().layer(client));
        BoxCloneService::new(service.map_response(|response| response.map(BodyExt::boxed_unsync)))
    };
    let uri = format!("http://origin{}", schedule.path);
    let mut request = Request::get(uri).body(Full::default()).unwrap();
    let start = now();
    Deadline::after(limit).tighten(request.extensions_mut());
    if let Ok(response) = service.oneshot(request).await {
        collect(response.into_body()).await;
    }
    (now() - start).checked_sub(limit)
}

#[test]
fn no_call_outlives_its_deadline() {
    let seeds = seeds(SEEDS);
    let mut ended_by_it = [0, 0];
    for seed in seeds.clone() {
        let schedule = Schedule::of(seed, false);
        let limit = Duration::from_millis(fastrand::Rng::with_seed(seed).u64(1..20_000));
        for timeouts in [true, false] {
            let over = paused().block_on(over(&schedule, limit, timeouts));
            assert!(
                over.is_none_or(|over| over <= TICK),
                "{over:?} over {limit:?}, timeouts: {timeouts}\n{schedule:#?}\n\
                 repeat it with: SEED={seed}"
            );
            ended_by_it[usize::from(timeouts)] += usize::from(over.is_some());
        }
    }
    println!("{ended_by_it:?} of {seeds:?} ended by it");
    let few = seeds.end - seeds.start < SEEDS;
    assert!(few || ended_by_it.iter().all(|&count| count > 50));
}
