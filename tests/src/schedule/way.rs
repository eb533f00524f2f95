//! The ways in which a body can go on, and what goes wrong with each of them only.

use super::alphabet::one;
use super::{Http, Path, Schedule};
use buttress::resume::{ResumeConfig, ResumeConfigBuilder};
use buttress_testkit::{At, Code, Cut, Events, Fault};
use std::fmt;

/// How the body of a schedule can go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Way {
    /// As the layer does it unless told otherwise: ranges by a strong tag, events by their ids.
    Default,
    /// Ranges by a tag, and so many of the last bytes compared.
    Overlap(usize),
    /// Ranges without any validator: so many of the last bytes compared.
    OverlapAlone(usize),
    /// Ranges by a date.
    Date,
    /// The same request again, and all bytes compared.
    Prefix,
    /// Events, of which the last one is known.
    Terminal,
    /// Events by a cursor, which knows the last one.
    Cursor {
        /// Whether they are first asked for with a `POST`.
        post: bool,
    },
}

impl Way {
    /// One that fits what is asked for.
    pub(super) fn draw(rng: &mut fastrand::Rng, path: Path) -> Self {
        // With fewer, another version would have the same bytes now and then.
        let overlap = rng.usize(16..3_000);
        match path {
            Path::Bytes => one(
                rng,
                &[
                    Way::Default,
                    Way::Overlap(overlap),
                    Way::OverlapAlone(overlap),
                    Way::Date,
                    Way::Prefix,
                ],
            ),
            Path::Events => {
                let post = rng.bool();
                one(rng, &[Way::Default, Way::Terminal, Way::Cursor { post }])
            }
            Path::Echo { .. } => Way::Default,
        }
    }

    /// The layer's configuration for it.
    pub fn config(self) -> ResumeConfigBuilder {
        let config = ResumeConfig::builder().report(true);
        match self {
            Way::Default | Way::Date | Way::Cursor { .. } => config,
            Way::Overlap(bytes) => config.overlap(bytes),
            Way::OverlapAlone(bytes) => config.overlap(bytes).overlap_alone(true),
            Way::Prefix => config.prefix_replay(true),
            Way::Terminal => config.terminal(|event| &*event.data() == LAST.as_bytes()),
        }
    }

    /// What the origin does to every answer, so that nothing else proves that it fits.
    pub(super) fn standing(self) -> Fault {
        match self {
            Way::OverlapAlone(_) | Way::Date | Way::Prefix => Fault::NoEtag,
            _ => Fault::None,
        }
    }

    /// Whether the stream's last event is known.
    pub(super) fn knows_the_end(self) -> bool {
        matches!(self, Way::Terminal | Way::Cursor { .. })
    }

    /// Its name, without what is drawn with it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Way::Default => "default",
            Way::Overlap(_) => "overlap",
            Way::OverlapAlone(_) => "overlap alone",
            Way::Date => "date",
            Way::Prefix => "prefix",
            Way::Terminal => "last event",
            Way::Cursor { post: false } => "cursor",
            Way::Cursor { post: true } => "cursor of a POST",
        }
    }
}

/// The data of the last event where it is known.
pub(super) const LAST: &str = "[DONE]";

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        match self {
            Way::Overlap(bytes) | Way::OverlapAlone(bytes) => write!(f, " of {bytes} bytes"),
            _ => Ok(()),
        }
    }
}

/// A fault that shows whether this way is safe, for the request of this number.
pub(super) fn letter(rng: &mut fastrand::Rng, schedule: &Schedule, request: usize) -> Fault {
    let how = one(rng, &[Cut::Fin, Cut::Rst]);
    let at = At::Bytes(rng.u64(0..schedule.len + 10));
    let cut = Fault::CutAfter { at, how };
    match (schedule.path, schedule.way) {
        (Path::Echo { .. }, _) => cut,
        (Path::Bytes, Way::Default | Way::Date) => match rng.u32(0..4) {
            0 => Fault::Version(2).and(cut),
            1 if schedule.way == Way::Date => Fault::Header("last-modified", None).and(cut),
            2 => Fault::IgnoreRange.and(cut),
            _ => cut,
        },
        (Path::Bytes, _) => match rng.u32(0..6) {
            0 => Fault::DisguisedVersion(2),
            1 => Fault::DisguisedVersion(2).and(cut),
            2 => Fault::DisguisedVersion(2).and(Fault::IgnoreRange).and(cut),
            3 => Fault::IgnoreRange.and(cut),
            _ => cut,
        },
        (Path::Events, way) => of_events(rng, schedule, way, request),
    }
}

fn of_events(rng: &mut fastrand::Rng, schedule: &Schedule, way: Way, request: usize) -> Fault {
    let events = schedule.events();
    let how = one(rng, &[Cut::Fin, Cut::Rst]);
    let code = one(rng, &[Code::NoError, Code::Cancel]);
    let whole = events.whole();
    let bytes = match rng.u64(0..whole.len() as u64 + 10) {
        // The last event is an end without its blank line, too.
        at if way.knows_the_end() && (said(&whole)..whole.len() as u64).contains(&at) => 0,
        at => at,
    };
    let between = At::Events(rng.usize(0..schedule.events + 2));
    let at = one(rng, &[At::Bytes(bytes), between]);
    let cut = Fault::CutAfter { at, how };
    // Where nobody knows the last event, only an end within an event can be seen, and only of the
    // first answer is it known where its events end.
    let seen = match within(rng, &events) {
        _ if way.knows_the_end() => Some(at),
        Some(range) if request == 0 => Some(At::Bytes(range)),
        _ => None,
    };
    match (rng.u32(0..8), seen) {
        (0, _) => Fault::IgnoreCursor,
        (1, _) => Fault::IgnoreCursor.and(cut),
        (2, _) => Fault::RepeatLast.and(cut),
        (3 | 4, Some(at)) => Fault::EndAfter(at),
        (5 | 6, Some(at)) if schedule.http == Http::Two => Fault::ResetAfter { at, code },
        (7, _) if way.knows_the_end() => Fault::NoContent,
        _ => cut,
    }
}

/// How many bytes there are before the line ends that a stream ends in.
fn said(whole: &[u8]) -> u64 {
    whole.trim_ascii_end().len() as u64
}

/// A place within an event.
fn within(rng: &mut fastrand::Rng, events: &Events) -> Option<u64> {
    let index = rng.usize(0..events.count.max(1));
    let before = (0..index).map(|n| events.event(n).len() as u64);
    let start = events.mark().len() as u64 + before.sum::<u64>();
    let event = events.event(index);
    // Behind the comment that it may begin with, whose end nobody misses; before the last byte, which ends
    // the event.
    let is_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let comment = match event.first() {
        Some(b':') => event.iter().position(is_end).unwrap_or(0) as u64 + 2,
        _ => 0,
    };
    (events.count > 0).then(|| start + rng.u64(comment + 1..event.len() as u64))
}
