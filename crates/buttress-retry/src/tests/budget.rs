//! What the budget allows, takes and gives back.

use super::*;
use buttress_core::RetryBudget;
use buttress_testkit::{Readiness, ScriptedService, Step};
use tokio::task::JoinSet;

/// Nothing is earned, neither by calls nor by time.
fn fixed(tokens: u32) -> RetryBudget {
    let builder = RetryBudget::builder().ratio(0.0).reserve(tokens);
    builder.min_per_second(0.0).build().unwrap()
}

fn with(budget: &RetryBudget) -> RetryConfig {
    let config = config().attempts(5).budget(budget.clone());
    config.build().unwrap()
}

fn resets(times: usize) -> Vec<Result<Res, BoxError>> {
    (0..times).map(|_| Err(reset())).collect()
}

#[tokio::test(start_paused = true)]
async fn an_empty_budget_ends_the_call_with_the_whole_story() {
    let budget = fixed(2);
    let start = now();
    let failure = call(with(&budget), get(), resets(3)).await.unwrap_err();
    assert_eq!(failure.kind(), FailureKind::ConnectionReset);
    assert_eq!(failure.stopped(), Some(StopReason::Budget));
    assert!(failure.is_exhausted());
    assert_eq!(failure.history().len(), 2);
    // There is no wait for an attempt that may not be made.
    assert_eq!(now() - start, 2 * SECOND);
    assert_eq!(budget.balance(), 0.0);

    // From now on calls fail at once, and an answer comes out as it is.
    let response = call(with(&budget), get(), vec![Ok(status(503))]).await;
    let response = response.unwrap();
    let failure = Failure::of(response.extensions()).unwrap();
    assert_eq!(failure.stopped(), Some(StopReason::Budget));
    assert!(failure.history().is_empty());
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(body, "answer");
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_could_not_begin_gives_back_what_it_took_before_the_next_one_asks() {
    let budget = fixed(2);
    let _others = budget.withdraw(FailureKind::ConnectionReset).unwrap();
    let unready = [
        Readiness::Now,
        Readiness::Fails(reset()),
        Readiness::Fails(reset()),
    ];
    let broken = Step::io(io::ErrorKind::ConnectionReset);
    let inner = ScriptedService::<Body1>::new([broken, Step::ok("there")]).readiness(unready);
    let service = RetryLayer::new(with(&budget)).layer(inner);
    service.oneshot(get()).await.unwrap();
    assert_eq!(budget.balance(), 0.0);
}

#[tokio::test(start_paused = true)]
async fn other_reasons_to_stop_take_nothing() {
    let budget = fixed(5);
    let failure = call(with(&budget), post(), resets(1)).await.unwrap_err();
    assert_eq!(failure.stopped(), Some(StopReason::NotRepeatable));
    let one = config().attempts(1).budget(budget.clone()).build().unwrap();
    let failure = call(one, get(), resets(1)).await.unwrap_err();
    assert_eq!(failure.stopped(), Some(StopReason::Attempts));
    assert_eq!(budget.balance(), 5.0);
}

#[tokio::test(start_paused = true)]
async fn the_cost_is_that_of_the_failure() {
    let budget = fixed(5);
    let outcomes = vec![Ok(status(504)), Ok(status(429)), Ok(status(200))];
    call(with(&budget), get(), outcomes).await.unwrap();
    assert_eq!(budget.balance(), 2.0);
}

#[tokio::test(start_paused = true)]
async fn every_call_earns_once_however_it_goes() {
    let builder = RetryBudget::builder().ratio(0.25).reserve(10);
    let budget = builder.min_per_second(0.0).build().unwrap();
    for _ in 0..10 {
        let permit = budget.withdraw(FailureKind::ConnectionReset);
        permit.unwrap().spend();
    }
    for _ in 0..4 {
        call(with(&budget), get(), vec![Ok(status(200))])
            .await
            .unwrap();
    }
    assert_eq!(budget.balance(), 1.0);
    // A retry is not a call.
    let outcomes = vec![Err(reset()), Ok(status(200))];
    call(with(&budget), get(), outcomes).await.unwrap();
    assert_eq!(budget.balance(), 0.25);
    let failure = call(with(&budget), get(), resets(1)).await.unwrap_err();
    assert_eq!(failure.stopped(), Some(StopReason::Budget));
    assert_eq!(budget.balance(), 0.5);
}

#[tokio::test(start_paused = true)]
async fn a_call_dropped_while_it_waits_gives_its_token_back() {
    let budget = fixed(5);
    let (service, mut handle) = pair(with(&budget));
    let mut call = tokio_test::task::spawn(service.oneshot(get()));
    assert_pending!(call.poll());
    let (_, reply) = handle.next_request().await.unwrap();
    reply.send_error(reset());
    assert_pending!(call.poll());
    assert_eq!(budget.balance(), 4.0);
    drop(call);
    assert_eq!(budget.balance(), 5.0);
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_was_sent_is_paid_for_even_if_nobody_waits_for_it() {
    let budget = fixed(5);
    let steps = [Step::io(io::ErrorKind::ConnectionReset), Step::hang()];
    let origin = ScriptedService::<Body1>::new(steps);
    let service = RetryLayer::new(with(&budget)).layer(origin.clone());
    let mut call = tokio_test::task::spawn(service.oneshot(get()));
    assert_pending!(call.poll());
    tokio::time::advance(SECOND).await;
    assert_pending!(call.poll());
    drop(call);
    assert_eq!(origin.calls().len(), 2);
    assert_eq!(budget.balance(), 4.0);
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_could_not_begin_is_not_paid_for() {
    let budget = fixed(5);
    let steps = [Step::io(io::ErrorKind::ConnectionReset), Step::ok("")];
    let origin = ScriptedService::<Body1>::new(steps).readiness([
        Readiness::Now,
        Readiness::Fails(reset()),
        Readiness::Fails(reset()),
    ]);
    let service = RetryLayer::new(with(&budget)).layer(origin);
    let response = service.oneshot(get()).await.unwrap();
    let report = RetryReport::of(response.extensions()).unwrap();
    assert_eq!(report.attempts(), 4);
    assert_eq!(budget.balance(), 4.0);
}

#[tokio::test(start_paused = true)]
async fn clones_share_it() {
    let budget = fixed(3);
    let origin = ScriptedService::<Body1>::new([]);
    let origin = origin.then(|_| Step::io(io::ErrorKind::ConnectionReset));
    let service = RetryLayer::new(with(&budget)).layer(origin.clone());
    for (requests, history) in [(4, 3), (5, 0), (6, 0)] {
        let failure = service.clone().oneshot(get()).await.unwrap_err();
        assert_eq!(failure.stopped(), Some(StopReason::Budget));
        assert_eq!(failure.history().len(), history);
        assert_eq!(origin.calls().len(), requests);
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_is_held_to_the_layers_budget_unless_it_brings_one() {
    let (layers, own) = (fixed(2), fixed(9));
    for (brought, spent_of_layers, spent_of_own) in [(None, 1.0, 0.0), (Some(&own), 0.0, 1.0)] {
        let before = (layers.balance(), own.balance());
        let mut brings = config().attempts(2);
        if let Some(own) = brought {
            brings = brings.budget(own.clone());
        }
        let mut request = get();
        request.extensions_mut().insert(brings.build().unwrap());
        let failure = call(with(&layers), request, resets(2)).await.unwrap_err();
        assert_eq!(failure.stopped(), Some(StopReason::Attempts));
        assert_eq!(before.0 - layers.balance(), spent_of_layers);
        assert_eq!(before.1 - own.balance(), spent_of_own);
    }
}

/// Three tiers, each with its own budget, before an origin that only fails.
async fn storm(budget: RetryBudget, calls: usize, at_once: bool, takes: Duration) -> f64 {
    let origin = ScriptedService::<Body1>::new([]);
    let origin = origin.then(move |_| Step::status(503).after(takes));
    let outer: Vec<_> = (0..2).map(|_| fixed(100)).collect();
    let tier = |budget: &RetryBudget| {
        let config = RetryConfig::builder().budget(budget.clone());
        RetryLayer::new(config.build().unwrap())
    };
    let service = tier(&budget).layer(origin.clone());
    let service = tier(&outer[1]).layer(tier(&outer[0]).layer(service));
    let mut running = JoinSet::new();
    for _ in 0..calls {
        running.spawn(service.clone().oneshot(get()));
        if !at_once {
            running.join_next().await;
        }
    }
    while let Some(outcome) = running.join_next().await {
        assert_eq!(outcome.unwrap().unwrap().status(), 503);
    }
    // What the innermost tier gave up, no other takes up again.
    assert!(outer.iter().all(|budget| budget.balance() == 100.0));
    origin.calls().len() as f64
}

#[tokio::test(start_paused = true)]
async fn three_tiers_do_not_amplify_a_storm() {
    const CALLS: usize = 1_000;
    let instant = Duration::ZERO;
    let late = Duration::from_millis(50);
    // Without the budget each would be tried five times.
    for (at_once, takes) in [
        (true, instant),
        (true, late),
        (false, instant),
        (false, late),
    ] {
        let budget = RetryBudget::default();
        let start = now();
        let requests = storm(budget.clone(), CALLS, at_once, takes).await;
        let time = (now() - start).as_secs_f64();
        let calls = CALLS as f64;
        let mut most = calls * (1.0 + budget.ratio()) + f64::from(budget.reserve());
        if !at_once {
            // One after the other takes minutes; in quiet ones time earns the minimum.
            most += budget.min_per_second() * time;
        }
        assert!(
            requests <= most,
            "{requests} in {time} s, {at_once} {takes:?}"
        );
        // And it is the budget that is used up.
        assert!(requests >= calls + 100.0, "{requests}");
        assert!(budget.balance() < 2.0, "{budget:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_minimum_a_storm_gets_the_ratio_and_the_reserve_exactly() {
    let builder = RetryBudget::builder().ratio(0.2).reserve(10);
    let budget = builder.min_per_second(0.0).build().unwrap();
    let requests = storm(budget.clone(), 1_000, false, Duration::ZERO).await;
    // All but the first call's deposit, which found the budget full: 999 * 0.2 + 10.
    assert_eq!(requests, 1_209.0);
    assert!((budget.balance() - 0.8).abs() < 1e-9, "{budget:?}");
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_not_made_because_it_is_late_earns_nothing() {
    let builder = RetryBudget::builder().ratio(0.25).reserve(10);
    let budget = builder.min_per_second(0.0).build().unwrap();
    let permit = budget.withdraw(FailureKind::ConnectionReset);
    permit.unwrap().spend();
    let mut request = get();
    Deadline::after(Duration::ZERO).tighten(request.extensions_mut());
    let failure = call(with(&budget), request, vec![]).await.unwrap_err();
    assert_eq!(failure.stopped(), Some(StopReason::Deadline));
    assert_eq!(budget.balance(), 9.0);
}
