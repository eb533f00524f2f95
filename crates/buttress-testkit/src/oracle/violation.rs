//! What was broken.

use std::fmt;
use std::time::Duration;

/// The first promise that a call broke.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Violation {
    /// S1: from here on the bytes are those of no version.
    Foreign {
        /// The offset of the first wrong byte, in the version that fits longest.
        at: u64,
    },
    /// S1: from here on the bytes are those of another version.
    Splice {
        /// The offset of the first byte of the other version.
        at: u64,
        /// The index of the version it began with.
        from: usize,
        /// The index of the version it went on with.
        to: usize,
    },
    /// S1: a delivery that failed ended within an event.
    TornEvent {
        /// How many bytes were delivered.
        delivered: u64,
    },
    /// S2: a clean end, and bytes are missing.
    Incomplete {
        /// How many bytes were delivered.
        delivered: u64,
        /// How many there are.
        whole: u64,
    },
    /// S2: a clean end, and the trailers are missing, invented or others.
    WrongTrailers,
    /// S3: more bytes than there are or were announced.
    OverDelivered {
        /// How many bytes were delivered.
        delivered: u64,
        /// How many there may have been.
        announced: u64,
    },
    /// S4: a failure of a kind that no fault explains; its code.
    WrongFailure(&'static str),
    /// S4: an error that nobody classified; its text.
    Unclassified(String),
    /// S5: more requests than allowed.
    TooManyAttempts {
        /// How many there were.
        attempts: usize,
        /// How many are allowed.
        allowed: usize,
    },
    /// S5: a wait that was shorter than the server asked for.
    WaitTooShort {
        /// The request that came too early, from 0.
        attempt: usize,
        /// The wait.
        waited: Duration,
        /// What the server asked for.
        hint: Duration,
    },
    /// S5: a wait that was longer than allowed.
    WaitTooLong {
        /// The request that came too late, from 0.
        attempt: usize,
        /// The wait.
        waited: Duration,
        /// What is allowed.
        cap: Duration,
    },
    /// S5: the call outlived its deadline.
    TooLate {
        /// How long it took.
        elapsed: Duration,
        /// How long it may have taken.
        deadline: Duration,
    },
    /// S5: one call had several requests in flight.
    Concurrent {
        /// How many.
        in_flight: usize,
    },
    /// S5: more bytes were sent again than allowed.
    ResentTooMuch {
        /// How many were sent beyond those delivered.
        resent: u64,
        /// How many are allowed.
        allowed: u64,
    },
    /// S6: a request that may have an effect was sent again without consent.
    RepeatedEffect {
        /// How many requests there were after which no other was allowed, and one that followed.
        sends: usize,
    },
    /// S6: one call used several keys, or one only at times.
    SeveralKeys,
    /// L1: the call failed, and it could have been recovered; the failure's code.
    NotRecovered(&'static str),
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Violation::Foreign { at } => write!(f, "S1: byte {at} is of no version"),
            Violation::Splice { at, from, to } => {
                write!(
                    f,
                    "S1: at byte {at} version {from} goes over into version {to}"
                )
            }
            Violation::TornEvent { delivered } => {
                write!(f, "S1: ended within an event, after {delivered} bytes")
            }
            Violation::Incomplete { delivered, whole } => {
                write!(f, "S2: clean end after {delivered} of {whole} bytes")
            }
            Violation::WrongTrailers => f.write_str("S2: wrong trailers"),
            Violation::OverDelivered {
                delivered,
                announced,
            } => write!(f, "S3: {delivered} bytes of {announced}"),
            Violation::WrongFailure(code) => write!(f, "S4: no fault explains {code}"),
            Violation::Unclassified(text) => write!(f, "S4: not classified: {text}"),
            Violation::TooManyAttempts { attempts, allowed } => {
                write!(f, "S5: {attempts} requests, {allowed} allowed")
            }
            Violation::WaitTooShort {
                attempt,
                waited,
                hint,
            } => write!(f, "S5: request {attempt} after {waited:?}, not {hint:?}"),
            Violation::WaitTooLong {
                attempt,
                waited,
                cap,
            } => write!(f, "S5: request {attempt} after {waited:?}, over {cap:?}"),
            Violation::TooLate { elapsed, deadline } => {
                write!(f, "S5: took {elapsed:?} of {deadline:?}")
            }
            Violation::Concurrent { in_flight } => {
                write!(f, "S5: {in_flight} requests at once")
            }
            Violation::ResentTooMuch { resent, allowed } => {
                write!(f, "S5: {resent} bytes sent again, {allowed} allowed")
            }
            Violation::RepeatedEffect { sends } => {
                write!(f, "S6: sent {sends} times without consent")
            }
            Violation::SeveralKeys => f.write_str("S6: one call, several idempotency keys"),
            Violation::NotRecovered(code) => write!(f, "L1: not recovered: {code}"),
        }
    }
}

impl std::error::Error for Violation {}
