use buttress_core::{Failure, StopReason};
use bytes::Bytes;

/// How a connection ended, for a [`Cursor`](crate::Cursor) to judge.
#[derive(Clone, Copy, Debug)]
pub struct End<'a> {
    failure: Option<&'a Failure>,
    unfinished: &'a [u8],
}

impl<'a> End<'a> {
    pub(crate) const fn new(failure: Option<&'a Failure>, unfinished: &'a [u8]) -> Self {
        End {
            failure,
            unfinished,
        }
    }

    /// How it failed; `None` for an end as after the last byte.
    #[must_use]
    pub const fn failure(&self) -> Option<&'a Failure> {
        self.failure
    }

    /// The bytes of an event whose blank line never came. The consumer does not get them.
    #[must_use]
    pub const fn unfinished(&self) -> &'a [u8] {
        self.unfinished
    }
}

/// What the end of a connection means: a [`Cursor`](crate::Cursor)'s answer to it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ending {
    /// The stream is whole. The consumer gets these bytes, which may be none, and the end: so a
    /// stream that lacks nothing but its last marker can be completed.
    Complete(Bytes),
    /// It was cut, and can be opened again.
    Reopen,
    /// It was cut, and can't be opened again for this reason: the body fails.
    Stop(StopReason),
}
