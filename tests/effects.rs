//! No double effect: an origin that counts the requests that reached it whole, seeded faults, and
//! every order of the four layers. Under standard consent a POST has at most one effect, whatever
//! fails, and one with an `Idempotency-Key` never has it under two keys.
//!
//! `SEED=17 cargo test -p buttress-tests --test effects` runs only that one, `SEEDS=100000` more.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

use buttress::prelude::*;
use buttress_testkit::{Content, Cut, Effects, Events, Fault, Origin, collect};
use buttress_tests::schedule::{Schedule, memory_client, stack};
use buttress_tests::{paused, seeds};
use http::Request;
use http_body_util::Full;
use std::sync::Arc;
use tower::ServiceExt;

const SEEDS: u64 = 1_000;

/// What the origin saw of one call under this schedule.
async fn effects(schedule: &Schedule, keyed: bool, consent: Option<Consent>) -> Effects {
    let mut rng = fastrand::Rng::with_seed(schedule.seed);
    let mut faults = schedule.faults.clone();
    // Also cut the request itself here and there.
    for fault in &mut faults {
        if rng.u32(0..8) == 0 {
            let bytes = rng.u64(0..8);
            *fault = Fault::CutRequest {
                bytes,
                how: Cut::Rst,
            };
        }
    }
    let origin = Origin::builder()
        .content(Content::new(schedule.seed, 1, schedule.len))
        .events(Events::new(schedule.seed, 1, schedule.events))
        .piece(schedule.piece)
        .script(faults)
        .start_unbound();
    let origin = Arc::new(origin);
    let service = stack(
        schedule.order,
        schedule.seed,
        false,
        memory_client(&origin, schedule.http),
    );

    let uri = format!("http://origin{}", schedule.path);
    let mut request = Request::post(uri).body(Full::from("question")).unwrap();
    if keyed {
        let key = http::HeaderValue::from_static("the-key");
        request.headers_mut().insert("idempotency-key", key);
    }
    if let Some(consent) = consent {
        let config = RetryConfig::builder().consent(consent).build().unwrap();
        request.extensions_mut().insert(config);
    }
    if let Ok(response) = service.oneshot(request).await {
        collect(response.into_body()).await;
    }
    origin.effects()
}

#[test]
fn a_post_never_has_its_effect_twice() {
    let seeds = seeds(SEEDS);
    let count = (seeds.end - seeds.start) as usize;
    let (mut reached, mut keyed_twice, mut consented_twice) = (0, 0, 0);
    for seed in seeds {
        let schedule = Schedule::of(seed, false);
        let run = |keyed, consent| paused().block_on(effects(&schedule, keyed, consent));
        let plain = run(false, None);
        assert!(
            plain.method("POST") <= 1 && plain.total <= 1,
            "{plain:?}\n{schedule:#?}\nrepeat it with: SEED={seed}"
        );
        reached += plain.total;

        let keyed = run(true, None);
        assert_eq!(keyed.key("the-key"), keyed.total, "SEED={seed}: {keyed:?}");
        keyed_twice += usize::from(keyed.total > 1);

        let consented = run(false, Some(Consent::Always));
        consented_twice += usize::from(consented.total > 1);
    }
    // The faults must be such that consent makes a difference, or this proves nothing.
    println!("{reached} reached; twice with a key {keyed_twice}, with consent {consented_twice}");
    assert!(count == 1 || reached * 10 > count * 7);
    assert!(count == 1 || (keyed_twice * 10 > count && consented_twice * 10 > count));
}
