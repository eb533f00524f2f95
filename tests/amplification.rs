//! Three tiers of services that all retry, before an origin that is down: each makes its own
//! retries, and yet the origin does not get their product.
#![allow(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

use buttress::prelude::*;
use buttress::{Attempt, RetryBudget};
use buttress_testkit::{ScriptedService, Step};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use std::convert::Infallible;
use std::io::ErrorKind;
use std::time::Duration;
use tower::util::BoxCloneService;
use tower::{Layer, Service, ServiceExt};

type Body = Full<Bytes>;
type Origin = ScriptedService<Body>;

const CALLS: usize = 1_000;
const RESERVE: u32 = 100;

/// A budget that only calls fill, so that the bound is exact: 0.2 a call.
fn budget() -> RetryBudget {
    let builder = RetryBudget::builder().reserve(RESERVE);
    builder.min_per_second(0.0).build().unwrap()
}

fn tier() -> ClientLayer {
    ClientLayer::builder().budget(budget()).build().unwrap()
}

fn dead(step: fn() -> Step<Body>) -> Origin {
    Origin::new([]).then(move |_| step())
}

fn get() -> Request<Body> {
    Request::get("http://example.com/")
        .body(Full::default())
        .unwrap()
}

/// 1.2 for each call, and the reserve.
fn bound() -> usize {
    CALLS + CALLS / 5 + RESERVE as usize
}

/// All tiers in one process: a failure that is exhausted tells the outer ones.
#[tokio::test(start_paused = true)]
async fn three_tiers_in_one_process_do_not_multiply() {
    for step in [
        || Step::io(ErrorKind::ConnectionRefused),
        || Step::io(ErrorKind::ConnectionReset),
        || Step::status(503),
    ] as [fn() -> Step<Body>; 3]
    {
        let origin = dead(step);
        let stack = tier().layer(tier().layer(tier().layer(origin.clone())));
        let mut gone_through = 0;
        for _ in 0..CALLS {
            let outcome = stack.clone().oneshot(get()).await;
            gone_through +=
                usize::from(outcome.is_ok_and(|response| response.status().is_success()));
        }
        assert_eq!(gone_through, 0);
        let asked = origin.calls().len();
        assert!(asked <= bound(), "{asked}");
        assert!(asked > CALLS, "{asked}: it was tried");
    }
}

/// What crosses the network between two tiers: a status and headers, no extensions.
fn over_the_network<S, RB>(tier: S) -> BoxCloneService<Request<Body>, Response<Body>, Infallible>
where
    S: Service<Request<Body>, Response = Response<RB>, Error = Infallible>,
    S: Clone + Send + 'static,
    S::Future: Send,
    RB: 'static,
{
    BoxCloneService::new(tier.map_response(|response: Response<RB>| {
        let (head, _) = response.into_parts();
        let mut sent = Response::new(Full::default());
        *sent.status_mut() = head.status;
        *sent.headers_mut() = head.headers;
        sent
    }))
}

/// Each tier in a process of its own, which answers as humanize answers: that its tries are spent
/// crosses the network as `x-should-retry: false`, whatever the origin says.
#[tokio::test(start_paused = true)]
async fn three_tiers_over_the_network_do_not_multiply() {
    for (status, step) in [
        (502, || Step::io(ErrorKind::ConnectionReset)),
        (503, || Step::status(503)),
        (503, || Step::status(503).header("x-should-retry", "true")),
    ] as [(u16, fn() -> Step<Body>); 3]
    {
        let origin = dead(step);
        let answers = || HumanizeLayer::new().into_responses();
        let inner = over_the_network(answers().layer(tier().layer(origin.clone())));
        let middle = over_the_network(answers().layer(tier().layer(inner)));
        let outer = tier().layer(middle);
        for _ in 0..CALLS {
            let response = outer.clone().oneshot(get()).await.unwrap();
            assert_eq!(response.status(), status);
        }
        let asked = origin.calls().len();
        assert!(asked <= bound(), "{status}: {asked}");
        assert!(asked > CALLS, "{status}: {asked}: it was tried");
    }
}

/// All at once: nobody gets ahead of the budget.
#[tokio::test(start_paused = true)]
async fn a_thousand_calls_at_once_keep_to_it() {
    let origin = dead(|| Step::io(ErrorKind::ConnectionReset).after(Duration::from_millis(10)));
    let stack = tier().layer(tier().layer(tier().layer(origin.clone())));
    let calls = (0..CALLS).map(|_| stack.clone().oneshot(get()));
    let mut reasons = Vec::new();
    for outcome in futures_util::future::join_all(calls).await {
        reasons.push(outcome.unwrap_err().stopped().unwrap());
    }
    let asked = origin.calls().len();
    assert!(asked <= bound(), "{asked}");
    assert!(asked > CALLS, "{asked}: it was tried");
    assert!(reasons.contains(&StopReason::Budget));
}

/// The first waits of many calls to one layer are spread over the whole ceiling, which is a whole second.
#[tokio::test(start_paused = true)]
async fn calls_that_fail_together_come_back_apart() {
    let seed = match std::env::var("SEED") {
        Ok(seed) => seed.parse().unwrap(),
        Err(_) => fastrand::u64(..),
    };
    println!("SEED={seed}");
    fastrand::seed(seed);
    let second = Duration::from_secs(1);
    let backoff = Backoff::exponential(second, second).unwrap();
    let config = RetryConfig::builder().attempts(2).backoff(backoff).build();
    let service =
        RetryLayer::new(config.unwrap()).layer(dead(|| Step::io(ErrorKind::ConnectionReset)));
    let mut tenths = [0; 10];
    for _ in 0..CALLS {
        let failure = service.clone().oneshot(get()).await.unwrap_err();
        let waits: Vec<Duration> = failure
            .history()
            .entries()
            .iter()
            .map(|a: &Attempt| a.wait)
            .collect();
        let tenth = waits[0].as_millis() / 100;
        tenths[usize::try_from(tenth.min(9)).unwrap()] += 1;
    }
    // 100 each; the chance to be off by half is less than one in a million.
    assert!(
        tenths.iter().all(|&count| (50..=150).contains(&count)),
        "{tenths:?}"
    );
}
