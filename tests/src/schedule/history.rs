//! What happened in a run, as text: two runs of one seed must have the same.

use buttress_testkit::{Delivered, Origin};
use std::fmt::Write;
use std::time::Duration;

/// What the origin saw and what the consumer got.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct History(pub String);

impl History {
    /// The history of a call that is over.
    #[must_use]
    pub fn of(origin: &Origin, elapsed: Duration, delivered: Option<&Delivered>) -> Self {
        let mut out = String::new();
        for seen in origin.log() {
            let _ = writeln!(out, "{seen:?}");
        }
        let _ = writeln!(out, "{} connections, {elapsed:?}", origin.connections());
        let _ = writeln!(out, "{delivered:?}");
        History(out)
    }
}
