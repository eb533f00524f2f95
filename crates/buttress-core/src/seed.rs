//! The seed of a test that draws.

/// The one in `SEED`, which repeats a run, or else any. It is printed, and a failed test shows it.
pub(crate) fn drawn() -> u64 {
    let seed = match std::env::var("SEED") {
        Ok(seed) => seed.parse().expect("SEED is a number"),
        Err(_) => fastrand::u64(..),
    };
    println!("SEED={seed}");
    seed
}
