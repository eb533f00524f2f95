//! The failures of a replayed body. The trouble is on this side in all of them: whatever the error
//! looks like, sending the request again will not help.

use crate::{BoxError, Failure, FailureKind, Phase, StopReason};
use std::error::Error;
use std::fmt;

/// Why a reader was refused: the source of its failure.
#[derive(Debug)]
pub(super) enum Refusal {
    /// A newer reader was polled.
    Superseded,
    /// The beginning of the body is gone.
    NotKept,
}

/// The failure of the inner body.
pub(super) fn of_inner(error: BoxError) -> Failure {
    match error.downcast::<Failure>() {
        // A replayed body inside another one said so already.
        Ok(failure)
            if failure.kind() == FailureKind::Cancelled && failure.phase() == Phase::Send =>
        {
            *failure
        }
        Ok(failure) => cancelled().with_source(*failure),
        Err(error) => cancelled().with_source(error),
    }
}

fn cancelled() -> Failure {
    Failure::new(FailureKind::Cancelled)
        .with_phase(Phase::Send)
        .with_transient(false)
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let failure = match refusal {
            Refusal::Superseded => cancelled(),
            Refusal::NotKept => cancelled().with_stopped(StopReason::BodyNotReplayable),
        };
        failure.with_source(refusal)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Refusal::Superseded => "a newer attempt reads the request's body",
            Refusal::NotKept => "the request's body was too long to be kept for another attempt",
        })
    }
}

impl Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_replayed_body_says_already_is_not_said_again() {
        let with = |kind, phase| Failure::new(kind).with_phase(phase);
        for (inner, is_own) in [
            (with(FailureKind::Cancelled, Phase::Send), true),
            (with(FailureKind::Cancelled, Phase::Body), false),
            (with(FailureKind::ConnectionReset, Phase::Send), false),
        ] {
            let failure = of_inner(inner.into());
            assert_eq!(failure.kind(), FailureKind::Cancelled);
            assert_eq!(failure.phase(), Phase::Send);
            assert_eq!(failure.source().is_none(), is_own);
            // Another failure is the cause, and whether it may pass does not matter.
            assert!(is_own || !failure.is_transient());
        }
    }
}
