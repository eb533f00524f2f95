//! What most callers and servers don't do, drawn at random on top of a schedule.

use super::alphabet::{names, one};
use super::{Http, Path, Schedule};
use buttress_testkit::{At, Cut, Fault};
use std::fmt;
use std::ops::Range;
use std::time::Duration;

/// What is rougher about a schedule than about most calls. Default: nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rough {
    /// The range of the content that the caller itself asks for.
    pub range: Option<Asked>,
    /// The most bytes of an unfinished event that are held back.
    pub max_event: Option<usize>,
    /// Events are [ragged](buttress_testkit::Events::ragged) and begin with a mark.
    pub ragged: bool,
    /// Connections are encrypted.
    pub tls: bool,
    /// All is polled twice, first with a waker that wakes nobody.
    pub restless: bool,
    /// The caller leaves after so many polls that brought it nothing.
    pub leaves: Option<usize>,
    /// After so long the clock jumps, and by how much: the machine slept.
    pub jump: Option<(Duration, Duration)>,
}

/// A range that a caller asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Asked {
    /// From this byte on.
    From(u64),
    /// From this byte to that one.
    Part(u64, u64),
    /// The last bytes.
    Last(u64),
}

impl Asked {
    fn draw(rng: &mut fastrand::Rng, len: u64) -> Self {
        let first = rng.u64(0..len);
        match rng.u32(0..4) {
            0 => Asked::From(first),
            1 => Asked::Last(rng.u64(1..len + 10)),
            // Up to the end of the content, and well behind it.
            2 => Asked::Part(first, one(rng, &[len - 1, len, len + 500])),
            _ => Asked::Part(first, rng.u64(first..len)),
        }
    }

    /// The bytes of content of this length.
    #[must_use]
    pub fn of(self, len: u64) -> Range<u64> {
        match self {
            Asked::From(first) => first..len,
            Asked::Part(first, last) => first..len.min(last + 1),
            Asked::Last(bytes) => len.saturating_sub(bytes)..len,
        }
    }
}

/// The value of `Range`.
impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Asked::From(first) => write!(f, "bytes={first}-"),
            Asked::Part(first, last) => write!(f, "bytes={first}-{last}"),
            Asked::Last(bytes) => write!(f, "bytes=-{bytes}"),
        }
    }
}

impl Schedule {
    /// One in [any way](Schedule::any_way), by a rough caller, over a rough wire. Takes time.
    #[must_use]
    pub fn rough(seed: u64, timeless: bool) -> Self {
        let mut schedule = Schedule::of(seed, timeless);
        let mut rng = fastrand::Rng::with_seed(seed.rotate_left(32) ^ 0x0072_6f75_6768);
        let rng = &mut rng;
        let with_events = schedule.path == Path::Events;
        let seconds = Duration::from_secs;
        // Where events end is known to the faults that are drawn for them.
        schedule.rough.ragged = with_events && rng.bool();
        let mut schedule = schedule.goes_on_in_any_way();
        let rough = &mut schedule.rough;
        rough.max_event = (with_events && rng.u32(0..3) == 0).then(|| rng.usize(1_024..4_000));
        rough.tls = rng.u32(0..8) == 0;
        rough.restless = rng.bool();
        rough.leaves = (rng.u32(0..6) == 0).then(|| rng.usize(0..12));
        rough.jump =
            (rng.u32(0..8) == 0).then(|| (seconds(rng.u64(0..60)), seconds(rng.u64(1..20_000))));
        if rng.u32(0..8) == 0 {
            let at = rng.u64(0..schedule.len + 1);
            schedule.pause = Some((at, seconds(rng.u64(100..20_000))));
        }
        for request in 0..schedule.faults.len() {
            if rng.u32(0..4) == 0 {
                let drawn = schedule.faults[request].clone();
                schedule.faults[request] = match rng.u32(0..3) {
                    0 => lone(rng, &schedule),
                    1 => letter(rng),
                    _ if is_quiet(&drawn) => Fault::Interim(one(rng, &INTERIM)).and(drawn),
                    _ => letter(rng).and(drawn),
                };
            }
        }
        schedule.asks_for_part(rng)
    }

    /// The same, asked for a part of the content more often than not.
    pub(super) fn asks_for_part(mut self, rng: &mut fastrand::Rng) -> Self {
        if self.path == Path::Bytes && self.len > 0 && rng.u32(0..3) > 0 {
            self.rough.range = Some(Asked::draw(rng, self.len));
        }
        self
    }

    /// A [schedule](Schedule::of) whose caller may ask for a part of the content.
    #[must_use]
    pub fn of_parts(seed: u64, timeless: bool) -> Self {
        let mut rng = fastrand::Rng::with_seed(!seed);
        Schedule::of(seed, timeless).asks_for_part(&mut rng)
    }
}

/// Statuses that come before an answer: a 100 that nobody asked for, one that is unknown.
const INTERIM: [&[u16]; 3] = [&[100], &[102, 103, 103], &[103, 199, 100]];

/// What goes with any other fault.
fn letter(rng: &mut fastrand::Rng) -> Fault {
    match rng.bool() {
        true => Fault::Interim(one(rng, &INTERIM)),
        false => Fault::ChunkExtensions,
    }
}

/// Whether it ends a body in a way that hyper takes for the end: with its length taken away, too, nobody
/// could tell that it is not.
fn is_quiet(fault: &Fault) -> bool {
    let quiet = ["Reset(NoError)", "Reset(Cancel)"];
    names(fault).iter().any(|name| quiet.contains(name))
}

/// What goes with a cut alone.
fn lone(rng: &mut fastrand::Rng, schedule: &Schedule) -> Fault {
    let at = At::Bytes(rng.u64(0..schedule.len + 10));
    let how = one(rng, &[Cut::Fin, Cut::Rst]);
    let (fault, how) = match (rng.bool(), schedule.http) {
        // With two lengths nobody can read what an answer says beside them.
        (true, _) => (Fault::TwoLengths(one(rng, &[0, 1, -1, 1_000])), how),
        // An orderly end would be the end of the body, and nobody could tell that it is not.
        (false, Http::One) => (Fault::UntilClose, Cut::Rst),
        (false, Http::Two) => (Fault::UntilClose, how),
    };
    match rng.bool() {
        true => fault,
        false => fault.and(Fault::CutAfter { at, how }),
    }
}

impl fmt::Display for Rough {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Rough { range, leaves, .. } = self;
        if let Some(range) = range {
            write!(f, ", asked for {range}")?;
        }
        if let Some(bytes) = self.max_event {
            write!(f, ", events of {bytes} bytes held back")?;
        }
        if let Some(polls) = leaves {
            write!(f, ", the caller leaves after {polls} polls")?;
        }
        if let Some((after, by)) = self.jump {
            write!(f, ", the clock jumps by {by:?} after {after:?}")?;
        }
        for (said, what) in [
            (self.ragged, "ragged events"),
            (self.tls, "TLS"),
            (self.restless, "restless"),
        ] {
            if said {
                write!(f, ", {what}")?;
            }
        }
        Ok(())
    }
}
