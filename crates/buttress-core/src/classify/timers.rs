//! The timeouts of tokio, tower and tower-http, and tower's load shedding.

use super::Clue;
use crate::{FailureKind, Phase};
use std::error::Error;

pub(super) fn look(link: &(dyn Error + 'static), phase: Phase) -> Option<Clue> {
    if link.is::<tokio::time::error::Elapsed>() {
        return Some(Clue::kind(timeout_in(phase)));
    }
    #[cfg(feature = "tower")]
    {
        if link.is::<tower::timeout::error::Elapsed>() {
            return Some(Clue::kind(timeout_in(phase)));
        }
        if link.is::<tower::load_shed::error::Overloaded>() {
            return Some(
                Clue::kind(FailureKind::Overloaded)
                    .phase(Phase::Send)
                    .not_sent(),
            );
        }
    }
    #[cfg(feature = "tower-http")]
    if link.is::<tower_http::timeout::TimeoutError>() {
        return Some(Clue::kind(FailureKind::TimeoutIdle).phase(Phase::Body));
    }
    None
}

fn timeout_in(phase: Phase) -> FailureKind {
    match phase {
        Phase::Connect => FailureKind::TimeoutConnect,
        Phase::Send | Phase::Head => FailureKind::TimeoutHead,
        Phase::Body => FailureKind::TimeoutIdle,
    }
}
