//! Seeded schedules of faults against every order of the four layers, in memory and in paused time,
//! judged by the oracle: never a gap, a duplicate or a splice, never a torso that looks whole,
//! always an end, and success where the schedule leaves room for it.
//!
//! `SCHEDULES=20000 cargo test -p buttress-tests --test schedules` runs more of them;
//! `SEED=17` runs only that one, and says what happened.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

mod alphabet;
mod connector;
mod orders;

use alphabet::{Path, Schedule};
use buttress::FailureKind;
use buttress::time::now;
use buttress_testkit::{Content, Delivered, Events, Origin, Original, Rules, Run, check, collect};
use http::Request;
use http_body_util::Full;
use std::sync::Arc;
use std::time::Duration;
use tower::ServiceExt;

/// How many schedules run unless `SCHEDULES` says otherwise.
const COUNT: u64 = 5_000;

#[test]
fn every_order_keeps_its_promises_under_seeded_faults() {
    let number = |name| {
        std::env::var(name)
            .ok()
            .map(|text| text.parse::<u64>().unwrap())
    };
    let seeds = match number("SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("SCHEDULES").unwrap_or(COUNT),
    };
    let mut recovered = 0;
    for seed in seeds.clone() {
        let schedule = Schedule::of(seed);
        if seeds.end - seeds.start == 1 {
            println!("{schedule:?}");
        }
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap();
        match runtime.block_on(run(&schedule)) {
            Ok(true) => recovered += 1,
            Ok(false) => {}
            Err(problem) => panic!(
                "{problem}\n{schedule:#?}\nrepeat it with: \
                 SEED={seed} cargo test -p buttress-tests --test schedules -- --nocapture"
            ),
        }
    }
    // The alphabet must leave something to recover, or this proves nothing.
    let runs = seeds.end - seeds.start;
    assert!(
        runs == 1 || recovered * 5 > runs,
        "only {recovered} of {runs}"
    );
}

/// Runs one schedule: whether its call came through whole after faults.
async fn run(schedule: &Schedule) -> Result<bool, String> {
    let content = Content::new(schedule.seed, 1, schedule.len);
    let events = Events::new(schedule.seed, 1, schedule.events);
    let origin = Origin::builder()
        .content(content)
        .events(events)
        .piece(schedule.piece)
        .script(schedule.faults.clone())
        .start()
        .await;
    let origin = Arc::new(origin);
    let client = connector::client(&origin);
    let service = orders::stack(schedule.order, schedule.seed, client);
    let request = Request::get(format!("http://origin{}", schedule.path.as_str()))
        .body(Full::default())
        .unwrap();

    let start = now();
    // An hour of virtual time is longer than every limit of the stack together: a hang.
    let limit = Duration::from_secs(3600);
    let whole = async {
        let response = match service.oneshot(request).await {
            Ok(response) if response.status().is_success() => response,
            Ok(response) => return Ok(Err(response.status())),
            Err(failure) => return Ok(Ok(Delivered::failed("", failure.kind()))),
        };
        let collected = collect(response.into_body()).await;
        if !collected.lies.is_empty() {
            return Err(format!("the body lied: {:?}", collected.lies));
        }
        Ok(Ok(Delivered::from(collected)))
    };
    #[allow(
        clippy::disallowed_methods,
        reason = "the watchdog of the test, not a wait of a layer"
    )]
    let delivered = tokio::time::timeout(limit, whole)
        .await
        .map_err(|_| format!("still going after {limit:?}"))??;
    let Ok(delivered) = delivered else {
        // The origin's own answer, such as the last 503: honest as it is.
        return Ok(false);
    };

    let original = |version| match schedule.path {
        Path::Bytes => Original::content(content.with_version(version)),
        Path::Events => Original::events(&events.with_version(version)),
    };
    let mut rules = Rules::of(original(1))
        .or(original(2))
        .may_fail_with(
            FailureKind::ALL
                .iter()
                .copied()
                .filter(|kind| *kind != FailureKind::Unknown),
        )
        .max_attempts(60)
        .deadline(limit);
    if schedule.path == Path::Events {
        rules = rules.whole_events();
    }
    let clean = delivered.end == buttress_testkit::End::Clean;
    let run = Run::of(delivered)
        .elapsed(now() - start)
        .peak_in_flight(origin.peak_in_flight());
    check(&rules, &run).map_err(|violation| violation.to_string())?;
    drop(run);
    Ok(clean && origin.log().len() > 1)
}
