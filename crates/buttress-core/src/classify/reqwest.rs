//! `reqwest::Error`: where it happened; its sources, which it keeps, say what.

use super::{Clue, response};
use crate::{Delivery, FailureKind, Phase};
use std::error::Error;

pub(super) fn look(link: &(dyn Error + 'static), phase: Phase) -> Option<Clue> {
    let error = link.downcast_ref::<reqwest::Error>()?;
    let mut clue = Clue::default();
    if let Some(status) = error.status() {
        // Made of an answer, by `error_for_status`.
        let class = response::of(status);
        clue.kind = Some(class.kind);
        clue.delivery = Some(class.delivery);
        clue.transient = Some(class.transient);
        return Some(clue);
    }
    if error.is_connect() {
        clue.phase = Some(Phase::Connect);
        clue.delivery = Some(Delivery::NotSent);
    }
    if error.is_timeout() {
        clue.kind = Some(match (error.is_connect(), phase) {
            (true, _) | (_, Phase::Connect) => FailureKind::TimeoutConnect,
            (_, Phase::Body) => FailureKind::TimeoutIdle,
            (_, Phase::Send | Phase::Head) => FailureKind::TimeoutHead,
        });
    } else if error.is_builder() {
        clue.kind = Some(FailureKind::BadRequest);
        clue.phase = Some(Phase::Send);
        clue.delivery = Some(Delivery::NotSent);
    } else if error.is_redirect() {
        clue.kind = Some(FailureKind::Protocol);
        clue.transient = Some(false);
    } else if error.is_decode() && phase == Phase::Body {
        // Also how reqwest wraps a body that broke: the source, if it is typed, knows better.
        clue.kind = Some(FailureKind::Decode);
    }
    (clue.kind.is_some() || clue.phase.is_some()).then_some(clue)
}
