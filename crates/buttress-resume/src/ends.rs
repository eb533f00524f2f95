//! What the end of a connection means for the body: a pure function of counters.

use buttress_core::FailureKind;

/// What is known when a connection has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    /// How many bytes are still to come, where somebody said; 0 when all have come.
    pub(crate) missing: Option<u64>,
    /// What was delivered before is still being read again.
    pub(crate) is_rereading: bool,
    /// This connection's part may end well before the whole does.
    pub(crate) may_be_a_part: bool,
    /// Whether a last event is waited for.
    pub(crate) last_event: LastEvent,
}

/// The event that tells a finished stream from a cut one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LastEvent {
    /// Nobody knows one.
    Unknown,
    /// It has not come.
    Awaited,
    Seen,
}

/// What becomes of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It has all it must have.
    Whole,
    /// It was cut, and another connection may bring the rest.
    Cut,
    /// It was ended by something that another connection does not change.
    Final,
}

/// Judges the end of a connection: `failure` is `None` for one as after the last byte.
///
/// A last event outweighs a length, and a length outweighs the way the connection ended, both ways:
/// what broke after the last byte is whole (a missing TLS `close_notify`, a reset after the end),
/// and what ended well before it is not (`END_STREAM` too early, `RST_STREAM(NO_ERROR)`, which
/// arrives as a clean end). Where nobody said a length, a clean end is the end (RFC 9112, section
/// 8).
pub(crate) fn judge(failure: Option<FailureKind>, known: &Known) -> Fate {
    let is_whole = !known.is_rereading
        && match (known.last_event, known.missing) {
            (LastEvent::Seen, _) => true,
            (LastEvent::Awaited, _) => false,
            (LastEvent::Unknown, Some(missing)) => missing == 0,
            (LastEvent::Unknown, None) => failure.is_none() && !known.may_be_a_part,
        };
    match failure {
        _ if is_whole => Fate::Whole,
        Some(kind) if !is_about_the_connection(kind) => Fate::Final,
        _ => Fate::Cut,
    }
}

/// Whether another connection can help: not against limits, decoders and decisions of this side.
fn is_about_the_connection(kind: FailureKind) -> bool {
    !matches!(
        kind,
        FailureKind::BudgetExhausted
            | FailureKind::Cancelled
            | FailureKind::Decode
            | FailureKind::PayloadTooLarge
            | FailureKind::RepresentationChanged
            | FailureKind::TimeoutTotal
    )
}

#[cfg(test)]
mod tests {
    use super::Fate::{Cut, Final, Whole};
    use super::LastEvent::{Awaited, Seen, Unknown};
    use super::*;

    #[test]
    fn every_end_with_everything_that_can_be_known() {
        let reset = Some(FailureKind::ConnectionReset);
        let limit = Some(FailureKind::TimeoutTotal);
        // missing, last event, then the fate after a clean end, a reset, the total limit.
        for (missing, last_event, clean, broken, stopped) in [
            (None, Unknown, Whole, Cut, Final),
            (Some(0), Unknown, Whole, Whole, Whole),
            (Some(1), Unknown, Cut, Cut, Final),
            (None, Awaited, Cut, Cut, Final),
            (Some(0), Awaited, Cut, Cut, Final),
            (Some(1), Awaited, Cut, Cut, Final),
            (None, Seen, Whole, Whole, Whole),
            (Some(0), Seen, Whole, Whole, Whole),
            (Some(1), Seen, Whole, Whole, Whole),
        ] {
            for is_rereading in [false, true] {
                for may_be_a_part in [false, true] {
                    let known = Known {
                        missing,
                        is_rereading,
                        may_be_a_part,
                        last_event,
                    };
                    let fates = [None, reset, limit].map(|failure| judge(failure, &known));
                    let expected = match (is_rereading, may_be_a_part, missing, last_event) {
                        (true, ..) => [Cut, Cut, Final],
                        (false, true, None, Unknown) => [Cut, Cut, Final],
                        _ => [clean, broken, stopped],
                    };
                    assert_eq!(fates, expected, "{known:?}");
                }
            }
        }
    }

    #[test]
    fn which_failures_another_connection_does_not_change() {
        use FailureKind as K;
        let known = Known {
            missing: None,
            is_rereading: false,
            may_be_a_part: false,
            last_event: Unknown,
        };
        for kind in FailureKind::ALL.iter().copied() {
            let expected = match kind {
                K::BudgetExhausted
                | K::Cancelled
                | K::Decode
                | K::PayloadTooLarge
                | K::RepresentationChanged
                | K::TimeoutTotal => Final,
                _ => Cut,
            };
            assert_eq!(judge(Some(kind), &known), expected, "{kind:?}");
        }
    }
}
