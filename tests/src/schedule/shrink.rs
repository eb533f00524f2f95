//! Making a failing schedule smaller.

use super::{Rough, Schedule};
use buttress_testkit::Fault;

/// Takes away what the failure does not need: each fault, then what else there is. A fault that
/// goes leaves an honest answer in its place.
///
/// ```
/// use buttress_testkit::{Cut, Fault};
/// use buttress_tests::schedule::{Schedule, shrink};
///
/// let mut schedule = Schedule::of(1, false);
/// schedule.faults = vec![Fault::Garbage, Fault::CutBeforeHead(Cut::Fin), Fault::EarlyHints];
/// let shrunk = shrink(&schedule, |s| s.faults.contains(&Fault::CutBeforeHead(Cut::Fin)));
/// assert_eq!(shrunk.faults, [Fault::None, Fault::CutBeforeHead(Cut::Fin)]);
/// ```
pub fn shrink(schedule: &Schedule, fails: impl Fn(&Schedule) -> bool) -> Schedule {
    let mut least = schedule.clone();
    let mut smaller = |change: &dyn Fn(&mut Schedule)| {
        let mut tried = least.clone();
        change(&mut tried);
        if fails(&tried) {
            least = tried;
        }
    };
    smaller(&|s| s.pause = None);
    smaller(&|s| s.trailers = false);
    smaller(&|s| s.rough = Rough::default());
    smaller(&|s| s.rough.range = None);
    smaller(&|s| s.rough.max_event = None);
    smaller(&|s| s.rough.leaves = None);
    smaller(&|s| s.rough.jump = None);
    smaller(&|s| s.rough.ragged = false);
    smaller(&|s| s.rough.tls = false);
    smaller(&|s| s.rough.restless = false);
    for n in (0..schedule.faults.len()).rev() {
        smaller(&|s| drop(s.faults.drain(n.min(s.faults.len())..)));
        smaller(&|s| {
            if let Some(fault) = s.faults.get_mut(n) {
                *fault = Fault::None;
            }
        });
        if let Fault::All(parts) = &schedule.faults[n] {
            for part in parts {
                smaller(&|s| {
                    if let Some(fault) = s.faults.get_mut(n) {
                        *fault = part.clone();
                    }
                });
            }
        }
    }
    smaller(&|s| s.piece = 20_000);
    least
}
