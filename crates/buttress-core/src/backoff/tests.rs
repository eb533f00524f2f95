use super::*;
use proptest::prelude::*;

const SECOND: Duration = Duration::from_secs(1);
const KINDS: [Jitter; 4] = [
    Jitter::Full,
    Jitter::Equal,
    Jitter::Decorrelated,
    Jitter::None,
];

fn exponential(base: Duration, cap: Duration) -> Backoff {
    Backoff::exponential(base, cap).expect("a valid backoff")
}

fn first<const N: usize>(backoff: Backoff) -> [Duration; N] {
    let mut delays = backoff.delays();
    [(); N].map(|()| delays.next_delay())
}

#[test]
fn without_jitter_the_delays_are_exact() {
    let ms = |ms: [u64; 6]| ms.map(Duration::from_millis);
    let max = Duration::from_nanos(u64::MAX);
    let cases = [
        (Backoff::default(), ms([250, 500, 1000, 2000, 4000, 8000])),
        (
            exponential(SECOND, 5 * SECOND),
            ms([1000, 2000, 4000, 5000, 5000, 5000]),
        ),
        (exponential(SECOND, SECOND), ms([1000; 6])),
        (
            exponential(SECOND, SECOND * 3 / 2),
            ms([1000, 1500, 1500, 1500, 1500, 1500]),
        ),
        (Backoff::constant(7 * SECOND), ms([7000; 6])),
        (Backoff::none(), ms([0; 6])),
        // Too long for the clock: the longest there is, never a wrap.
        (
            exponential(max / 3, Duration::MAX),
            [max / 3, max / 3 * 2, max, max, max, max],
        ),
        (exponential(Duration::MAX, Duration::MAX), [max; 6]),
        (Backoff::constant(Duration::MAX), [max; 6]),
        (Backoff::constant(max + Duration::from_nanos(1)), [max; 6]),
    ];
    for (backoff, expected) in cases {
        assert_eq!(first(backoff.jitter(Jitter::None)), expected, "{backoff:?}");
    }
    let mut delays = Backoff::default().jitter(Jitter::None).delays();
    assert_eq!(
        (0..100).map(|_| delays.next_delay()).max(),
        Some(20 * SECOND)
    );
}

#[test]
fn the_defaults() {
    let backoff = Backoff::default();
    assert_eq!(backoff.base(), Duration::from_millis(250));
    assert_eq!(backoff.cap(), Duration::from_secs(20));
    assert_eq!(backoff, exponential(backoff.base(), backoff.cap()));
    assert_eq!(Jitter::default(), Jitter::Full);
    assert_eq!(backoff, backoff.jitter(Jitter::Full));
}

#[test]
fn what_cannot_be_is_refused_by_name() {
    let refused = |base, cap| {
        Backoff::exponential(base, cap)
            .expect_err("refused")
            .to_string()
    };
    assert_eq!(
        refused(Duration::ZERO, SECOND),
        "`base` is 0s, but must be more than 0s"
    );
    assert_eq!(
        refused(SECOND, Duration::from_millis(999)),
        "`cap` is 999ms, but must be at least `base` (1s)"
    );
    assert_eq!(
        refused(Duration::ZERO, Duration::ZERO),
        "`base` is 0s, but must be more than 0s"
    );
}

#[test]
fn a_seed_repeats_the_delays_of_every_call() {
    let constant = Backoff::constant(SECOND).jitter(Jitter::Full).seed(7);
    let [first_delay, second_delay] = first(constant);
    assert_ne!(first_delay, second_delay);
    for jitter in KINDS {
        let backoff = exponential(SECOND, 60 * SECOND).jitter(jitter).seed(7);
        assert_eq!(first::<8>(backoff), first::<8>(backoff), "{jitter:?}");
        let other = backoff.seed(8);
        assert_eq!(
            first::<8>(backoff) == first::<8>(other),
            jitter == Jitter::None
        );
    }
}

/// Seeds the generator that unseeded delays draw from. A test has a thread, and so a generator, of
/// its own.
fn seed_thread() {
    fastrand::seed(crate::seed::drawn());
}

/// The first delays of 10,000 sessions of one policy, in order.
fn sessions(backoff: Backoff) -> Vec<Duration> {
    (0..10_000).map(|_| backoff.delays().next_delay()).collect()
}

/// Chi-square of the delays over 64 equal parts of the range from `low` to `high`.
fn chi_square(delays: &[Duration], low: Duration, high: Duration) -> f64 {
    let mut counts = [0_u32; 64];
    for delay in delays {
        let part = delay.checked_sub(low).expect("not below the range");
        let part = (part.as_secs_f64() / (high - low).as_secs_f64() * 64.0) as usize;
        counts[part.min(63)] += 1;
    }
    let expected = delays.len() as f64 / 64.0;
    counts
        .iter()
        .map(|count| (f64::from(*count) - expected).powi(2) / expected)
        .sum()
}

/// The correlation of each delay with the one of the next session.
fn correlation(delays: &[Duration]) -> f64 {
    let delays: Vec<f64> = delays.iter().map(Duration::as_secs_f64).collect();
    let mean = delays.iter().sum::<f64>() / delays.len() as f64;
    let variance: f64 = delays.iter().map(|d| (d - mean).powi(2)).sum();
    let covariance: f64 = delays
        .windows(2)
        .map(|d| (d[0] - mean) * (d[1] - mean))
        .sum();
    covariance / variance
}

/// The chance that an honest generator exceeds this with 63 degrees of freedom is 1 in 10^9.
const CRITICAL: f64 = 155.1;

#[test]
fn the_first_delays_of_many_sessions_are_uniform_and_independent() {
    seed_thread();
    // A base of exactly one second is where a jitter that truncates to seconds gives itself away,
    // and one and a half where it does so with the fraction.
    let (one, more) = (SECOND, SECOND * 3 / 2);
    for (jitter, base, low, high) in [
        (Jitter::Full, one, Duration::ZERO, one),
        (Jitter::Full, more, Duration::ZERO, more),
        (Jitter::Equal, one, one / 2, one),
        (Jitter::Equal, more, more / 2, more),
        (Jitter::Decorrelated, one, one, 3 * one),
        (Jitter::Decorrelated, more, more, 3 * more),
    ] {
        let delays = sessions(exponential(base, 60 * SECOND).jitter(jitter));
        assert!(
            delays.iter().all(|d| (low..=high).contains(d)),
            "{jitter:?}"
        );
        let chi_square = chi_square(&delays, low, high);
        assert!(chi_square < CRITICAL, "{jitter:?}: {chi_square}");
        // Six standard deviations.
        let correlation = correlation(&delays);
        assert!(correlation.abs() < 0.06, "{jitter:?}: {correlation}");
    }
}

#[test]
fn one_call_does_not_repeat_its_own_delays() {
    seed_thread();
    let backoff = exponential(SECOND, SECOND);
    let mut delays = backoff.delays();
    let first: Vec<Duration> = (0..10_000).map(|_| delays.next_delay()).collect();
    let chi_square = chi_square(&first, Duration::ZERO, SECOND);
    assert!(chi_square < CRITICAL, "{chi_square}");
    assert!(correlation(&first).abs() < 0.06);
}

#[test]
fn delays_are_small_and_made_of_nothing() {
    assert!(size_of::<Backoff>() <= 40);
    assert!(size_of::<Delays>() <= 64);
    assert!(Backoff::default().delays().rng.is_none());
}

/// Durations of every magnitude, the smallest as likely as the largest.
fn durations() -> impl Strategy<Value = Duration> {
    prop_oneof![
        9 => (any::<u64>(), 0..64_u32).prop_map(|(n, shift)| Duration::from_nanos(n >> shift)),
        1 => any::<Duration>(),
    ]
}

proptest! {
    #[test]
    fn each_kind_keeps_its_bounds(
        base in durations(),
        more in durations(),
        kind in prop::sample::select(&KINDS[..]),
        seed in any::<u64>(),
    ) {
        let base = base.max(Duration::from_nanos(1));
        let cap = base.saturating_add(more);
        let backoff = exponential(base, cap).jitter(kind).seed(seed);
        let (base, cap) = (backoff.base(), backoff.cap());
        let mut delays = backoff.delays();
        let (mut ceiling, mut before) = (base, base);
        for _ in 0..80 {
            let delay = delays.next_delay();
            prop_assert!(delay <= cap);
            match kind {
                Jitter::Full => prop_assert!(delay <= ceiling),
                Jitter::Equal => prop_assert!(ceiling / 2 <= delay && delay <= ceiling),
                Jitter::Decorrelated => {
                    prop_assert!(base <= delay && delay <= before.saturating_mul(3).max(base));
                }
                Jitter::None => prop_assert_eq!(delay, ceiling),
            }
            before = delay;
            ceiling = ceiling.saturating_mul(2).min(cap);
        }
    }

    #[test]
    fn constant_delays_keep_their_bounds(delay in durations(), kind in prop::sample::select(&KINDS[..])) {
        let backoff = Backoff::constant(delay).jitter(kind);
        let mut delays = backoff.delays();
        for _ in 0..5 {
            prop_assert!(delays.next_delay() <= backoff.cap());
        }
    }
}

#[test]
fn the_shortest_delay_is_never_undercut_and_not_much_too_short() {
    let [base, cap] = [4, 60].map(Duration::from_secs);
    for (jitter, expected) in [
        (Jitter::Full, 0),
        (Jitter::Equal, 2),
        (Jitter::Decorrelated, 4),
        (Jitter::None, 4),
    ] {
        let backoff = Backoff::exponential(base, cap).unwrap().jitter(jitter);
        let shortest = Duration::from_secs(expected);
        assert_eq!(backoff.shortest(), shortest, "{jitter:?}");
        let drawn = (0..1000).map(|seed| backoff.seed(seed).delays().next_delay());
        let least = drawn.min().unwrap();
        assert!(least >= shortest, "{jitter:?}: {least:?}");
        assert!(least < shortest + base / 4, "{jitter:?}: {least:?}");
    }
}
