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
    /// An event of a stream has begun, and its blank line has not come.
    pub(crate) is_within_event: bool,
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
/// 8), but for one within an event. That is how a `RST_STREAM(NO_ERROR)` or `RST_STREAM(CANCEL)`
/// looks, and a proxy that ends its answer well when its own connection broke. It is not how a
/// stream ends: a reader drops what has no blank line (HTML standard, section 9.2.6).
pub(crate) fn judge(failure: Option<FailureKind>, known: &Known) -> Fate {
    let is_whole = !known.is_rereading
        && match (known.last_event, known.missing) {
            (LastEvent::Seen, _) => true,
            (LastEvent::Awaited, _) => false,
            (LastEvent::Unknown, Some(missing)) => missing == 0,
            (LastEvent::Unknown, None) => {
                failure.is_none() && !known.may_be_a_part && !known.is_within_event
            }
        };
    match failure {
        _ if is_whole => Fate::Whole,
        Some(kind) if !is_about_the_connection(kind) => Fate::Final,
        _ => Fate::Cut,
    }
}

/// Whether what came without a blank line at its end is part of an event: anything but comments,
/// whose end nobody misses, and a byte order mark.
///
/// A line that has come whole is no exception, although some servers leave out the last blank line:
/// nobody can tell `data: x` and a line end from the first of several lines of data.
pub(crate) fn is_part_of_event(unfinished: &[u8]) -> bool {
    let bom = [0xef, 0xbb, 0xbf];
    let lines = unfinished.strip_prefix(&bom).unwrap_or(unfinished);
    lines
        .split(|byte| matches!(byte, b'\n' | b'\r'))
        .any(|line| !(line.starts_with(b":") || bom.starts_with(line)))
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
            for flags in 0..8 {
                let [is_rereading, may_be_a_part, is_within_event] =
                    [1, 2, 4].map(|flag| flags & flag != 0);
                let known = Known {
                    missing,
                    is_rereading,
                    may_be_a_part,
                    is_within_event,
                    last_event,
                };
                let fates = [None, reset, limit].map(|failure| judge(failure, &known));
                let believes_a_clean_end = (missing, last_event) == (None, Unknown);
                let is_doubted = believes_a_clean_end && (may_be_a_part || is_within_event);
                let expected = if is_rereading || is_doubted {
                    [Cut, Cut, Final]
                } else {
                    [clean, broken, stopped]
                };
                assert_eq!(fates, expected, "{known:?}");
            }
        }
    }

    #[test]
    fn what_is_part_of_an_event() {
        for (unfinished, expected) in [
            (&b""[..], false),
            (b"d", true),
            (b"data: x", true),
            // As some servers end their streams, and as others begin an event of two lines.
            (b"data: x\n", true),
            (b"data: x\r\n", true),
            (b"data: x\r", true),
            (b"data", true),
            (b"id: 1\n", true),
            (b"event: end\n", true),
            (b"retry: 1\n", true),
            (b"other: 1\n", true),
            (b" \n", true),
            // Comments.
            (b":", false),
            (b": by", false),
            (b": bye\n", false),
            (b": bye\r: bye\r\n: bye", false),
            (b": bye\ndata: x", true),
            (b"data: x\n: bye", true),
            // Line ends that end nothing.
            (b"\n", false),
            (b"\r\n", false),
            // A byte order mark, or what could be one.
            (b"\xef\xbb", false),
            (b"\xef\xbb\xbf", false),
            (b"\xef\xbb\xbf: bye\n", false),
            (b"\xef\xbb\xbfdata", true),
            (b"\xef\xbbdata", true),
        ] {
            let found = is_part_of_event(unfinished);
            assert_eq!(
                found,
                expected,
                "{:?}",
                unfinished.escape_ascii().to_string()
            );
        }
    }

    #[test]
    fn which_failures_another_connection_does_not_change() {
        use FailureKind as K;
        let known = Known {
            missing: None,
            is_rereading: false,
            may_be_a_part: false,
            is_within_event: false,
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
