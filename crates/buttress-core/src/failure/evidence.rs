//! How far a call had come when it failed: its phase, what became of the request, the limit that it
//! met, and why there was no further try.

use http::StatusCode;
use std::fmt;
use std::time::Duration;

/// The part of a call that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Phase {
    /// Finding the host and connecting to it, TLS included.
    Connect,
    /// Sending the request.
    Send,
    /// Waiting for the head of the response.
    Head,
    /// Reading the body of the response.
    Body,
}

impl Phase {
    /// The stable `snake_case` name of the phase.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Phase::Connect => "connect",
            Phase::Send => "send",
            Phase::Head => "head",
            Phase::Body => "body",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// What became of the request: the evidence on which it is decided whether sending it again is safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Delivery {
    /// No byte of the request can have reached the application.
    NotSent,
    /// The peer says that it did not process the request: HTTP/2 `REFUSED_STREAM`, or a `GOAWAY`
    /// whose last stream id lies below it (RFC 9113, sections 6.8 and 8.7).
    Refused,
    /// The request was sent, at least in part, and nothing is known of what became of it.
    Unknown,
    /// A response with this status arrived.
    Answered(StatusCode),
    /// A response began and this many bytes of its body arrived.
    Partial {
        /// Bytes of the body that had arrived.
        bytes: u64,
    },
}

impl Delivery {
    /// Whether it is certain that the request had no effect, so that any method may be sent again.
    #[must_use]
    pub const fn is_unprocessed(self) -> bool {
        matches!(self, Delivery::NotSent | Delivery::Refused)
    }
}

/// One table, so that a reason cannot lack its code or whether tries were spent.
macro_rules! reasons {
    ($($(#[$doc:meta])+ $name:ident = $code:literal, $exhausted:literal;)+) => {
        /// Why the suite stopped trying.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum StopReason { $($(#[$doc])+ $name,)+ }

        impl StopReason {
            /// Every reason, in the order of the table.
            pub const ALL: &'static [StopReason] = &[$(StopReason::$name,)+];

            /// The stable `snake_case` name of the reason.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(StopReason::$name => $code,)+ }
            }

            /// Whether tries were spent, or more of them forbidden, so that an outer layer must
            /// not add its own.
            #[must_use]
            pub const fn is_exhausted(self) -> bool {
                match self { $(StopReason::$name => $exhausted,)+ }
            }
        }
    };
}

reasons! {
    /// Trying again would not help.
    NotTransient = "not_transient", false;
    /// The request may have had an effect, and nobody consented to having it twice.
    NotRepeatable = "not_repeatable", false;
    /// The request's body was not kept, so there was nothing to send again.
    BodyNotReplayable = "body_not_replayable", false;
    /// Nothing proves that a continuation would fit to what was delivered.
    NotResumable = "not_resumable", false;
    /// The request was sent again for the rest of its answer, and the answer was another one.
    AnswerDiffers = "answer_differs", false;
    /// The server asked not to be tried again.
    ServerSaidNo = "server_said_no", true;
    /// The allowed attempts are used up.
    Attempts = "attempts", true;
    /// The time allowed for all attempts is used up, or too short for the next one.
    Elapsed = "elapsed", true;
    /// The caller's deadline has passed, or would before the next attempt.
    Deadline = "deadline", true;
    /// The server asked to wait for longer than the time that is left.
    HintTooLong = "hint_too_long", true;
    /// The budget shared with other calls is used up.
    Budget = "budget", true;
    /// Attempt after attempt brought nothing new.
    NoProgress = "no_progress", true;
}

/// The limit that was passed, and how long the wait for it had been.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limit {
    /// The configured limit.
    pub limit: Duration,
    /// The time that had passed when it fired.
    pub elapsed: Duration,
}

impl Limit {
    /// A limit that fired after `elapsed`.
    #[must_use]
    pub const fn new(limit: Duration, elapsed: Duration) -> Self {
        Limit { limit, elapsed }
    }
}
