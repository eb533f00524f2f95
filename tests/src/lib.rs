//! What the cross-crate tests share.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

pub mod connect;
#[cfg(doctest)]
pub mod guide;
pub mod middleware;
pub mod models;
pub mod schedule;

use std::ops::Range;
use tokio::runtime::{Builder, Runtime};

/// A runtime of one thread whose clock stands still while there is something to do.
#[must_use]
pub fn paused() -> Runtime {
    let mut builder = Builder::new_current_thread();
    builder.enable_all().start_paused(true).build().unwrap()
}

/// The number in this environment variable, if it is set.
#[must_use]
pub fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().expect("a number"))
}

/// The seeds to try: the one in `SEED`, or else as many as `SEEDS` says or `usual`.
#[must_use]
pub fn seeds(usual: u64) -> Range<u64> {
    match number("SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("SEEDS").unwrap_or(usual),
    }
}

/// Runs `$run!(..)` for every ordered subset of the layers that has at least one: 64 for four.
///
/// ```
/// let mut all = Vec::new();
/// macro_rules! note {
///     ($($layer:ident)+) => { all.push(concat!($(stringify!($layer)),+)) };
/// }
/// buttress_tests::ordered_subsets!(note: A B C);
/// assert_eq!(all.len(), 3 + 6 + 6);
/// assert!(all.contains(&"A") && all.contains(&"CAB") && all.contains(&"BA"));
/// ```
#[macro_export]
macro_rules! ordered_subsets {
    ($run:ident: $($layer:ident)+) => {
        $crate::ordered_subsets!(@ $run [] [] [$($layer)+])
    };
    // Take the next layer as the next inner one, go on with all others, then without it.
    (@ $run:ident [$($taken:ident)*] [$($passed:ident)*] [$next:ident $($rest:ident)*]) => {
        $run!($($taken)* $next);
        $crate::ordered_subsets!(@ $run [$($taken)* $next] [] [$($passed)* $($rest)*]);
        $crate::ordered_subsets!(@ $run [$($taken)*] [$($passed)* $next] [$($rest)*]);
    };
    (@ $run:ident [$($taken:ident)*] [$($passed:ident)*] []) => {};
}
