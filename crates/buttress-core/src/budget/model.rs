//! Random lives of a budget, against a model that does one thing after the other.

use super::*;
use proptest::prelude::*;
use std::time::Duration;

const CLONES: usize = 3;

#[derive(Clone, Copy, Debug)]
enum Step {
    Deposit(usize),
    Withdraw(usize, FailureKind),
    Spend(usize),
    Drop(usize),
    Wait(Duration),
}

/// What the documentation says, in whole units and without anything going on at the same time.
#[derive(Debug)]
struct Model {
    level: u64,
    capacity: u64,
    ratio: u64,
    per_second: u64,
    /// What calls earned beyond what time brought, and the moment for which that is said.
    ahead: u64,
    looked: Duration,
    now: Duration,
    /// All that ever came in and went out.
    earned: u64,
    spent: u64,
    permits: Vec<u64>,
}

impl Model {
    /// What the time up to `at` brings, from the beginning.
    fn brings(&self, at: Duration) -> u64 {
        u64::try_from(at.as_nanos() * u128::from(self.per_second) / 1_000_000_000).unwrap()
    }

    fn earn(&mut self, units: u64) {
        self.level = (self.level + units).min(self.capacity);
        self.earned += units;
    }

    fn deposit(&mut self) {
        if self.level < self.capacity {
            self.earn(self.ratio);
            self.ahead += self.ratio;
        }
    }

    fn due(&self) -> u64 {
        let brought = self.brings(self.now) - self.brings(self.looked);
        brought.saturating_sub(self.ahead)
    }

    fn look(&mut self) {
        let brought = self.brings(self.now) - self.brings(self.looked);
        let due = self.due();
        self.looked = self.now;
        self.ahead = self.ahead.saturating_sub(brought);
        self.ahead = self.ahead.min(self.per_second * WINDOW);
        self.earn(due);
    }

    fn withdraw(&mut self, units: u64) -> bool {
        self.look();
        let enough = self.level >= units;
        if enough {
            self.level -= units;
            self.permits.push(units);
        }
        enough
    }

    fn balance(&self) -> u64 {
        (self.level + self.due()).min(self.capacity)
    }
}

struct World {
    model: Model,
    clones: [RetryBudget; CLONES],
    permits: Vec<Permit>,
}

impl World {
    async fn step(&mut self, step: Step) {
        let World {
            model,
            clones,
            permits,
        } = self;
        match step {
            Step::Deposit(which) => {
                clones[which].deposit();
                model.deposit();
            }
            Step::Withdraw(which, kind) => {
                let permit = clones[which].withdraw(kind);
                let units = u64::from(RetryBudget::cost(kind)) * TOKEN;
                assert_eq!(permit.is_some(), model.withdraw(units));
                permits.extend(permit);
            }
            Step::Spend(which) if which < permits.len() => {
                permits.remove(which).spend();
                model.spent += model.permits.remove(which);
            }
            Step::Drop(which) if which < permits.len() => {
                drop(permits.remove(which));
                let units = model.permits.remove(which);
                model.level = (model.level + units).min(model.capacity);
            }
            Step::Spend(_) | Step::Drop(_) => {}
            Step::Wait(time) => {
                tokio::time::advance(time).await;
                model.now += time;
            }
        }
        self.check();
    }

    fn check(&self) {
        let model = &self.model;
        for clone in &self.clones {
            assert_eq!(clone.balance(), tokens(model.balance()));
            assert!(clone.balance() <= f64::from(clone.reserve()));
        }
        // In the world's own terms: nothing is spent that was not there or earned, by calls or
        // by time.
        let out: u64 = model.spent + model.permits.iter().sum::<u64>();
        assert!(out + model.level <= model.capacity + model.earned);
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let which = 0..CLONES;
    let kind = prop_oneof![
        Just(FailureKind::ConnectionReset),
        Just(FailureKind::RateLimited),
        Just(FailureKind::TimeoutHead),
    ];
    // Some far beyond the window, some of odd nanoseconds.
    let time = prop_oneof![0..3_000_000_000_u64, Just(1), 0..90_000_000_000_u64];
    let step = prop_oneof![
        6 => which.clone().prop_map(Step::Deposit),
        6 => (which, kind).prop_map(|(which, kind)| Step::Withdraw(which, kind)),
        2 => (0..4_usize).prop_map(Step::Spend),
        2 => (0..4_usize).prop_map(Step::Drop),
        1 => time.prop_map(|nanos| Step::Wait(Duration::from_nanos(nanos))),
    ];
    prop::collection::vec(step, 0..120)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn every_clone_has_the_balance_of_the_model(
        ratio in prop_oneof![Just(0), Just(200_000), Just(333_333), 0..10_000_000_u64],
        reserve in 2..20_u32,
        per_second in prop_oneof![Just(0), Just(TOKEN), 0..5_000_000_u64],
        steps in steps(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(async {
            let budget = RetryBudget::builder()
                .ratio(tokens(ratio))
                .reserve(reserve)
                .min_per_second(tokens(per_second))
                .build()
                .unwrap();
            let capacity = u64::from(reserve) * TOKEN;
            let mut world = World {
                model: Model {
                    level: capacity,
                    capacity,
                    ratio,
                    per_second,
                    ahead: 0,
                    looked: Duration::ZERO,
                    now: Duration::ZERO,
                    earned: 0,
                    spent: 0,
                    permits: Vec::new(),
                },
                clones: [budget.clone(), budget.clone(), budget],
                permits: Vec::new(),
            };
            for step in steps {
                world.step(step).await;
            }
        });
    }
}
