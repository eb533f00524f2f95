//! `h2::Error`: the reason codes of RFC 9113, section 7.

use super::Clue;
use crate::{Delivery, FailureKind, Phase};
use h2::Reason;
use std::error::Error;

pub(super) fn look(link: &(dyn Error + 'static), phase: Phase) -> Option<Clue> {
    let error = link.downcast_ref::<h2::Error>()?;
    let Some(reason) = error.reason() else {
        return Some(Clue::default().connected());
    };
    let mut clue = Clue::kind(of_reason(reason, phase));
    if error.is_remote() {
        // Streams above the last id of a GOAWAY were not processed (section 6.8), and neither was
        // a refused one (section 8.7). A GOAWAY with an error makes no such promise we rely on.
        let spared = (error.is_reset() && reason == Reason::REFUSED_STREAM)
            || (error.is_go_away() && reason == Reason::NO_ERROR);
        if spared && phase != Phase::Body {
            clue.delivery = Some(Delivery::Refused);
            clue.transient = Some(true);
        }
    }
    if matches!(reason, Reason::INTERNAL_ERROR | Reason::PROTOCOL_ERROR) {
        // Often a server that died half-way; worth one more try where that is safe.
        clue.transient = Some(true);
    }
    Some(clue)
}

fn of_reason(reason: Reason, phase: Phase) -> FailureKind {
    match reason {
        Reason::NO_ERROR if phase == Phase::Body => FailureKind::StreamTruncated,
        Reason::NO_ERROR => FailureKind::ConnectionClosed,
        Reason::CANCEL | Reason::STREAM_CLOSED => FailureKind::ConnectionReset,
        Reason::INTERNAL_ERROR if phase == Phase::Body => FailureKind::ConnectionReset,
        Reason::INTERNAL_ERROR => FailureKind::ServerError,
        Reason::REFUSED_STREAM => FailureKind::Overloaded,
        Reason::ENHANCE_YOUR_CALM => FailureKind::RateLimited,
        Reason::INADEQUATE_SECURITY => FailureKind::TlsOther,
        _ => FailureKind::Protocol,
    }
}
