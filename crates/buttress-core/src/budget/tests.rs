use super::*;
use std::thread;
use std::time::Duration;
use tokio::time::advance;

const CHEAP: FailureKind = FailureKind::ConnectionReset;
const DEAR: FailureKind = FailureKind::TimeoutHead;

fn budget(ratio: f64, reserve: u32, min_per_second: f64) -> RetryBudget {
    let builder = RetryBudget::builder().ratio(ratio).reserve(reserve);
    builder.min_per_second(min_per_second).build().unwrap()
}

/// Spends until there is nothing left: how many retries that were.
fn spend_all(budget: &RetryBudget) -> u32 {
    let mut spent = 0;
    while let Some(permit) = budget.withdraw(CHEAP) {
        permit.spend();
        spent += 1;
        assert!(spent <= budget.reserve(), "more than there can be");
    }
    spent
}

#[test]
fn what_is_out_of_range_names_the_field() {
    let builder = RetryBudget::builder;
    for (builder, field, words) in [
        (
            builder().ratio(f64::NAN),
            "ratio",
            "is NaN, but must be 0 to 10",
        ),
        (
            builder().ratio(f64::INFINITY),
            "ratio",
            "is inf, but must be 0 to 10",
        ),
        (
            builder().ratio(-0.1),
            "ratio",
            "is -0.1, but must be 0 to 10",
        ),
        (
            builder().ratio(10.1),
            "ratio",
            "is 10.1, but must be 0 to 10",
        ),
        (
            builder().ratio(1e-9),
            "ratio",
            "is 0.000000001, but must be 0 or at least 0.000001",
        ),
        (
            builder().reserve(1),
            "reserve",
            "is 1, but must be 2 to 1000000",
        ),
        (
            builder().reserve(1_000_001),
            "reserve",
            "is 1000001, but must be 2 to 1000000",
        ),
        (
            builder().min_per_second(f64::NAN),
            "min_per_second",
            "is NaN, but must be 0 to 1000",
        ),
        (
            builder().min_per_second(-1.0),
            "min_per_second",
            "is -1, but must be 0 to 1000",
        ),
        (
            builder().min_per_second(f64::INFINITY),
            "min_per_second",
            "is inf, but must be 0 to 1000",
        ),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!(error.field(), field);
        assert_eq!(error.to_string(), format!("`{field}` {words}"));
    }
    for fits in [
        builder().ratio(0.0).min_per_second(0.0).reserve(2),
        builder()
            .ratio(10.0)
            .min_per_second(1_000.0)
            .reserve(1_000_000),
        builder().ratio(0.000_001),
    ] {
        assert!(fits.build().is_ok(), "{fits:?}");
    }
}

#[test]
fn the_default_is_what_its_fields_say() {
    let budget = RetryBudget::default();
    assert_eq!(budget.ratio(), RetryBudget::DEFAULT_RATIO);
    assert_eq!(budget.reserve(), RetryBudget::DEFAULT_RESERVE);
    assert_eq!(budget.min_per_second(), RetryBudget::DEFAULT_MIN_PER_SECOND);
    assert_eq!(budget.balance(), 100.0);
}

#[test]
fn only_timeouts_of_an_answer_cost_two() {
    let dear: Vec<_> = FailureKind::ALL
        .iter()
        .filter(|kind| RetryBudget::cost(**kind) == 2)
        .map(|kind| kind.code())
        .collect();
    assert_eq!(
        dear,
        [
            "timeout_head",
            "timeout_first_event",
            "timeout_idle",
            "timeout_total"
        ]
    );
    let rest = FailureKind::ALL.len() - dear.len();
    let cheap = FailureKind::ALL.iter();
    assert_eq!(
        cheap.filter(|kind| RetryBudget::cost(**kind) == 1).count(),
        rest
    );
}

#[test]
fn fractions_are_exact() {
    // Floats would end at 1999.9999999998 or so.
    for (ratio, calls, earned) in [
        (0.2, 10_000, 2_000),
        (0.1, 10, 1),
        (0.1, 9, 0),
        (0.000_001, 1_000_000, 1),
        (0.000_001, 999_999, 0),
        (0.3, 10, 3),
        (1.0, 7, 7),
        (2.5, 2, 5),
    ] {
        let budget = budget(ratio, 1_000_000, 0.0);
        spend_all(&budget);
        for _ in 0..calls {
            budget.deposit();
        }
        assert_eq!(spend_all(&budget), earned, "{calls} calls at {ratio}");
    }
}

#[test]
fn a_full_budget_stays_at_its_reserve() {
    let budget = budget(0.7, 3, 0.0);
    budget.deposit();
    assert_eq!(budget.balance(), 3.0);
    budget.withdraw(CHEAP).unwrap().spend();
    // 2, 2.7, and no more than 3.
    for balance in [2.7, 3.0, 3.0] {
        budget.deposit();
        assert_eq!(budget.balance(), balance);
    }
    // What was above is not there to spend either.
    assert_eq!(spend_all(&budget), 3);
    assert_eq!(budget.balance(), 0.0);
}

#[test]
fn a_withdrawal_takes_all_it_costs_or_nothing() {
    let budget = budget(0.5, 3, 0.0);
    budget.withdraw(DEAR).unwrap().spend();
    assert_eq!(budget.balance(), 1.0);
    assert!(budget.withdraw(DEAR).is_none());
    assert_eq!(budget.balance(), 1.0);
    budget.withdraw(CHEAP).unwrap().spend();
    assert!(budget.withdraw(CHEAP).is_none());
}

#[test]
fn a_permit_that_is_not_spent_gives_back_what_it_took() {
    let budget = budget(0.5, 3, 0.0);
    let clone = budget.clone();
    let permit = budget.withdraw(DEAR).unwrap();
    assert_eq!(clone.balance(), 1.0);
    drop(permit);
    assert_eq!(clone.balance(), 3.0);

    // What calls earned meanwhile does not come on top of the reserve.
    let permit = budget.withdraw(DEAR).unwrap();
    for _ in 0..10 {
        budget.deposit();
    }
    drop(permit);
    assert_eq!(spend_all(&clone), 3);
}

#[tokio::test(start_paused = true)]
async fn time_brings_the_minimum_and_not_more_than_the_reserve() {
    let budget = budget(0.0, 5, 0.5);
    spend_all(&budget);
    advance(Duration::from_millis(1_999)).await;
    assert!(budget.withdraw(CHEAP).is_none());
    // Looking often does not lose what had come.
    advance(Duration::from_millis(1)).await;
    assert_eq!(spend_all(&budget), 1);
    advance(Duration::from_secs(7)).await;
    assert_eq!(budget.balance(), 3.5);
    assert_eq!(spend_all(&budget), 3);
    advance(Duration::from_secs(3600)).await;
    assert_eq!(budget.balance(), 5.0);
    assert_eq!(spend_all(&budget), 5);
    // The time for which it was full brought nothing for later.
    assert!(budget.withdraw(CHEAP).is_none());
}

#[tokio::test(start_paused = true)]
async fn what_calls_earn_counts_towards_the_minimum() {
    let budget = budget(1.0, 100, 1.0);
    spend_all(&budget);
    // Three calls in three seconds: exactly the minimum, not twice.
    for _ in 0..3 {
        advance(Duration::from_secs(1)).await;
        budget.deposit();
    }
    assert_eq!(spend_all(&budget), 3);
    // Five in the next second are four ahead of it, so that time brings nothing for four more.
    for _ in 0..5 {
        budget.deposit();
    }
    advance(Duration::from_secs(1)).await;
    assert_eq!(spend_all(&budget), 5);
    advance(Duration::from_secs(4)).await;
    assert_eq!(spend_all(&budget), 0);
    advance(Duration::from_secs(2)).await;
    assert_eq!(spend_all(&budget), 2);
}

#[tokio::test(start_paused = true)]
async fn a_busy_time_is_held_against_a_quiet_one_for_ten_seconds() {
    let budget = budget(1.0, 100, 1.0);
    spend_all(&budget);
    for _ in 0..60 {
        budget.deposit();
    }
    assert_eq!(spend_all(&budget), 60);
    advance(Duration::from_secs(10)).await;
    assert_eq!(spend_all(&budget), 0);
    advance(Duration::from_secs(5)).await;
    assert_eq!(spend_all(&budget), 5);
}

/// Calls that a full budget had no use for are not held against a quiet time.
#[tokio::test(start_paused = true)]
async fn what_a_full_budget_did_not_take_was_not_earned() {
    let budget = budget(1.0, 5, 1.0);
    for _ in 0..60 {
        budget.deposit();
    }
    assert_eq!(spend_all(&budget), 5);
    advance(Duration::from_secs(3)).await;
    assert_eq!(spend_all(&budget), 3);
}

#[test]
fn threads_spend_what_was_earned_and_not_a_token_more() {
    const THREADS: u32 = 4;
    const CALLS: u32 = 10_000;
    let budget = budget(0.2, 10, 0.0);
    spend_all(&budget);
    let spent: u32 = thread::scope(|scope| {
        let workers: Vec<_> = (0..THREADS)
            .map(|_| {
                scope.spawn(|| {
                    let mut spent = 0;
                    for call in 0..CALLS {
                        budget.deposit();
                        match budget.withdraw(CHEAP) {
                            Some(permit) if call % 3 > 0 => {
                                permit.spend();
                                spent += 1;
                            }
                            // Dropped, and given back.
                            _ => {}
                        }
                    }
                    spent
                })
            })
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap())
            .sum()
    });
    let left = spend_all(&budget);
    // Never full, so nothing was lost.
    assert_eq!(spent + left, THREADS * CALLS / 5);
}

#[test]
fn a_budget_goes_everywhere() {
    fn everywhere<T: Send + Sync + 'static>() {}
    everywhere::<RetryBudget>();
    everywhere::<Permit>();
}

#[test]
fn debug_tells_the_balance() {
    let budget = budget(0.2, 3, 0.0);
    let permit = budget.withdraw(DEAR).unwrap();
    assert_eq!(
        format!("{budget:?}"),
        "RetryBudget { balance: 1.0, ratio: 0.2, reserve: 3, min_per_second: 0.0 }"
    );
    assert_eq!(format!("{permit:?}"), "Permit { tokens: 2.0, .. }");
}
