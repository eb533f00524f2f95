//! What schedules really met, counted: what is drawn and never met proves nothing.

use super::{Outcome, Path, Schedule, alphabet};
use buttress::resume::ResumeReport;
use buttress_testkit::{Delivered, End, Origin};
use std::collections::BTreeMap;

/// What many schedules met.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tally {
    /// Calls that came through whole, and took more than one request.
    pub recovered: usize,
    /// In how many schedules each thing was met.
    pub seen: BTreeMap<String, usize>,
}

impl Tally {
    pub(super) fn note(&mut self, outcome: &Outcome) {
        self.recovered += usize::from(outcome.recovered);
        for name in &outcome.seen {
            *self.seen.entry(name.clone()).or_default() += 1;
        }
    }

    pub(super) fn add(&mut self, other: Tally) {
        self.recovered += other.recovered;
        for (name, count) in other.seen {
            *self.seen.entry(name).or_default() += count;
        }
    }

    /// In how many schedules this was met.
    #[must_use]
    pub fn of(&self, name: &str) -> usize {
        self.seen.get(name).copied().unwrap_or(0)
    }
}

/// What a call met: the faults that a request ran into, the way on if it was taken, what came of it.
pub(super) fn seen(
    schedule: &Schedule,
    origin: &Origin,
    delivered: Option<&Delivered>,
    report: Option<&ResumeReport>,
) -> Vec<String> {
    let log = origin.log();
    let standing = schedule.way.standing();
    let mut seen = Vec::new();
    for fault in &schedule.faults {
        let done = standing.clone().and(fault.clone()).to_string();
        // What cuts a connection before there is a request leaves a connection without one.
        let on_accept = alphabet::names(fault) == ["CloseOnAccept"];
        if log.iter().any(|request| request.fault == done)
            || on_accept && origin.connections() > log.len()
        {
            seen.extend(alphabet::names(fault).into_iter().map(str::to_owned));
        }
    }
    if let Some(report) = report.filter(|report| report.reopened() > 0) {
        let (plan, way) = (report.plan().code(), schedule.way.name());
        seen.push(format!("{plan} by {way}"));
        if report.reread() > 0 {
            seen.push(format!("{plan} by {way}, read again"));
        }
        let last = log.last().and_then(|last| last.header("last-event-id"));
        let ended = delivered.is_some_and(|delivered| delivered.end == End::Clean);
        let events = schedule.events();
        if ended
            && schedule.path == Path::Events
            && events.terminal.is_none()
            && last.and_then(|id| events.after(id)) == Some(events.count)
        {
            seen.push("204 as the end".to_owned());
        }
    }
    seen.sort();
    seen.dedup();
    seen
}
