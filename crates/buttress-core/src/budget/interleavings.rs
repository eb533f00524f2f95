//! Every order in which the steps of a few threads can happen, tried by loom. Compiled and run by
//! `tests/loom` alone: these are tests, and panic as tests do.

use super::*;
use loom::thread;

const RESET: FailureKind = FailureKind::ConnectionReset;

/// Without time: loom wants the same steps each time.
fn budget(ratio: f64, reserve: u32) -> RetryBudget {
    let builder = RetryBudget::builder().ratio(ratio).reserve(reserve);
    builder.min_per_second(0.0).build().unwrap()
}

/// A reserve of two of which one is gone.
fn one_token(ratio: f64) -> RetryBudget {
    let budget = budget(ratio, 2);
    budget.withdraw(RESET).unwrap().spend();
    budget
}

/// Of three threads, all orders would take minutes or hours: here a thread is interrupted three
/// times at most, which is enough for nearly every race there is.
fn three_threads(life: impl Fn() + Send + Sync + 'static) {
    let mut orders = loom::model::Builder::new();
    orders.preemption_bound = Some(3);
    orders.check(life);
}

#[test]
fn one_token_is_spent_once() {
    loom::model(|| {
        let budget = one_token(0.2);
        let other = budget.clone();
        let other = thread::spawn(move || other.withdraw(RESET).map(Permit::spend).is_some());
        let own = budget.withdraw(RESET).map(Permit::spend).is_some();
        assert!(own ^ other.join().unwrap());
        assert_eq!(budget.balance(), 0.0);
    });
}

#[test]
fn what_is_given_back_is_all_there_again() {
    loom::model(|| {
        let budget = one_token(0.2);
        let other = budget.clone();
        let other = thread::spawn(move || drop(other.withdraw(RESET)));
        let spent = budget.withdraw(RESET).map(Permit::spend).is_some();
        other.join().unwrap();
        // It may have been out when it was wanted, but it is not lost.
        assert_eq!(budget.balance(), if spent { 0.0 } else { 1.0 });
    });
}

#[test]
fn a_deposit_is_never_lost_and_never_counts_twice() {
    three_threads(|| {
        let budget = one_token(0.25);
        let others = [0, 1].map(|_| {
            let budget = budget.clone();
            thread::spawn(move || budget.deposit())
        });
        budget.withdraw(RESET).unwrap().spend();
        for other in others {
            other.join().unwrap();
        }
        assert_eq!(budget.balance(), 0.5);
    });
}

#[test]
fn there_is_never_more_than_the_reserve() {
    three_threads(|| {
        // 1 of 2, and two deposits that bring 2.2 between them.
        let budget = one_token(0.6);
        let others = [0, 1].map(|_| {
            let budget = budget.clone();
            thread::spawn(move || {
                budget.deposit();
                assert!(budget.balance() <= 2.0);
            })
        });
        let permit = budget.withdraw(RESET);
        assert!(budget.balance() <= 2.0);
        permit.unwrap().spend();
        for other in others {
            other.join().unwrap();
        }
        // Withdrawn at first, or in between, or with 0.2 over the top cut off.
        let left = budget.balance();
        assert!([1.2, 1.0].contains(&left), "{left}");
    });
}

#[test]
fn a_refund_into_a_full_budget_goes_nowhere() {
    loom::model(|| {
        let budget = budget(1.0, 2);
        let permit = budget.withdraw(RESET).unwrap();
        let other = budget.clone();
        let other = thread::spawn(move || other.deposit());
        drop(permit);
        other.join().unwrap();
        assert_eq!(budget.balance(), 2.0);
        for _ in 0..2 {
            budget.withdraw(RESET).unwrap().spend();
        }
        assert!(budget.withdraw(RESET).is_none());
    });
}

#[test]
fn each_moment_is_counted_once() {
    three_threads(|| {
        // Units are as good as tokens here. The bucket begins empty.
        let bucket = Arc::new(Bucket::new(100, 1, 10));
        assert!(bucket.withdraw(100, 0));
        let looks = [1, 2].map(|due| {
            let bucket = bucket.clone();
            thread::spawn(move || u64::from(bucket.withdraw(1, due)))
        });
        bucket.deposit();
        let spent: u64 = looks.map(|look| look.join().unwrap()).iter().sum();
        // Time brought 2, of which the deposit was 1, unless it came when time was counted.
        let all = spent + bucket.balance(2);
        assert!((2..=3).contains(&all), "{all}");
        // Then it is ahead, and evened out by the next unit of time.
        assert_eq!(spent + bucket.balance(3), 3);
        assert!(bucket.withdraw(0, 3));
        assert_eq!(spent + bucket.balance(3), 3);
    });
}
