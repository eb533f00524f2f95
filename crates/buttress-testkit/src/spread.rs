//! Whether waits are spread as they should be, so that callers who failed together do not come
//! back together.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

/// What is wrong with how waits are spread.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Clump {
    /// The waits do not fill their range evenly: the statistic, and what it may be.
    Uneven {
        /// Chi-square over the cells.
        chi_square: f64,
        /// The most that one run in a million exceeds by chance.
        limit: f64,
    },
    /// Several calls wait exactly alike, wait after wait.
    Alike {
        /// How many of them share the most common waits.
        calls: usize,
    },
}

const CELLS: usize = 50;

/// Checks the first waits of many calls, which should fill `0..cap` evenly, and all waits of each,
/// which should be nobody else's.
///
/// ```
/// use buttress_testkit::spread::{Clump, check};
/// use std::time::Duration;
///
/// let evenly = |n: u64| vec![Duration::from_micros(n * 100), Duration::from_micros(n * 7_919)];
/// let calls: Vec<_> = (0..10_000).map(evenly).collect();
/// assert_eq!(check(&calls, Duration::from_secs(1)), Ok(()));
///
/// let alike = vec![calls[17].clone(); 10_000];
/// assert!(check(&alike, Duration::from_secs(1)).is_err());
/// ```
pub fn check(calls: &[Vec<Duration>], cap: Duration) -> Result<(), Clump> {
    let mut same: HashMap<&[Duration], usize> = HashMap::new();
    for waits in calls {
        *same.entry(waits).or_default() += 1;
    }
    let most = same.values().copied().max().unwrap_or(0);
    if most > 3 {
        return Err(Clump::Alike { calls: most });
    }
    let mut cells = [0_u32; CELLS];
    for first in calls.iter().filter_map(|waits| waits.first()) {
        let cell = first.as_secs_f64() / cap.as_secs_f64() * CELLS as f64;
        cells[(cell as usize).min(CELLS - 1)] += 1;
    }
    let expected = calls.len() as f64 / CELLS as f64;
    let off = |found: u32| (f64::from(found) - expected).powi(2) / expected;
    let chi_square: f64 = cells.into_iter().map(off).sum();
    // Chi-square with 49 degrees of freedom exceeds 110 once in a million times.
    let limit = 110.0;
    match chi_square <= limit {
        true => Ok(()),
        false => Err(Clump::Uneven { chi_square, limit }),
    }
}

impl fmt::Display for Clump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Clump::Uneven { chi_square, limit } => {
                write!(
                    f,
                    "chi-square of the first waits is {chi_square:.0}, over {limit}"
                )
            }
            Clump::Alike { calls } => write!(f, "{calls} calls have the same waits"),
        }
    }
}

impl std::error::Error for Clump {}
