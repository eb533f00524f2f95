//! What can be done to an answer.

use super::canned::Canned;
use http::HeaderValue;
use std::fmt;
use std::time::Duration;

/// How a connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cut {
    /// An orderly end of the stream (FIN). What the client still sends is read and ignored.
    Fin,
    /// A reset (RST). What was written before arrives first; on other systems than Linux the
    /// last of it may be lost.
    Rst,
}

/// A place in a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum At {
    /// After this many bytes of this answer's body. Past the end means at the end.
    Bytes(u64),
    /// After this many events, or pieces of content.
    Events(usize),
}

/// An error code of HTTP/2 (RFC 9113, section 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code {
    /// `NO_ERROR`.
    NoError,
    /// `INTERNAL_ERROR`.
    Internal,
    /// `REFUSED_STREAM`: the request was not processed.
    Refused,
    /// `CANCEL`.
    Cancel,
    /// `ENHANCE_YOUR_CALM`.
    Calm,
}

impl Code {
    /// Its number.
    #[must_use]
    pub const fn number(self) -> u32 {
        match self {
            Code::NoError => 0x0,
            Code::Internal => 0x2,
            Code::Refused => 0x7,
            Code::Cancel => 0x8,
            Code::Calm => 0xb,
        }
    }
}

/// One thing done to the answer to one request. [`Display`](fmt::Display) names it in a few words.
///
/// Faults combine: [`Fault::All`] applies several to the same answer. Unless said otherwise a
/// fault leaves alone what it does not name, and the connection stays open afterwards.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The honest answer.
    #[default]
    None,
    /// Several faults at once, applied in this order.
    All(Vec<Fault>),

    // The connection
    /// Cut as soon as the connection is accepted. Met by a request on a connection that is open
    /// already, it cuts when the request has been read.
    CloseOnAccept(Cut),
    /// Cut when the head and this many bytes of the request's body have been read.
    CutRequest {
        /// Bytes of the request's body.
        bytes: u64,
        /// How.
        how: Cut,
    },
    /// Cut when the request has been read, before any byte of the answer.
    CutBeforeHead(Cut),
    /// Cut within the body. At its end, that is before the last chunk of a chunked body.
    CutAfter {
        /// Where; nothing of the body means right after the head.
        at: At,
        /// How.
        how: Cut,
    },
    /// Cut after the whole answer, without having announced it.
    CutAfterWhole(Cut),
    /// End the body here as if it were complete: a matching `Content-Length`, or a last chunk.
    EndAfter(At),
    /// An error of a language model's API in the place of the events from here on, and then an end
    /// as if all were well. The event is one that every API's clients take for an error.
    ErrorAfter(At),
    /// Nothing more until the client leaves: no head at all.
    StallBeforeHead,
    /// Nothing more until the client leaves: the head, and the body up to here.
    StallAfter(At),
    /// The head comes this much later.
    Delay(Duration),
    /// The body pauses once.
    Pause {
        /// Where.
        at: At,
        /// For how long.
        lasts: Duration,
    },
    /// The answer comes in writes of this many bytes, head and framing included.
    Trickle(usize),
    /// Something that is not HTTP, then FIN.
    Garbage,
    /// A 103 comes before the answer.
    EarlyHints,
    /// Answers of these statuses, which are below 200 and not 101, come before the answer.
    Interim(&'static [u16]),
    /// After this many bytes of the request's body no more is read, and no answer comes. Over
    /// HTTP/2 that is a window that never opens again; over HTTP/1.1 the rest is read and ignored.
    StallRequest(u64),

    // Frames of HTTP/2. Over HTTP/1.1, which has none, a reset of the connection at that place.
    /// `RST_STREAM` before the head.
    ResetBeforeHead(Code),
    /// `RST_STREAM` within the body. At its end, that is before `END_STREAM`.
    ResetAfter {
        /// Where.
        at: At,
        /// With which code.
        code: Code,
    },
    /// `GOAWAY` before the head, then FIN.
    GoAwayBeforeHead {
        /// With which code.
        code: Code,
        /// Whether the last stream it names is that of this request. If not, it is an earlier one,
        /// and so the request was not processed.
        processed: bool,
    },
    /// `GOAWAY` within the body, then FIN.
    GoAwayAfter {
        /// Where.
        at: At,
        /// With which code.
        code: Code,
    },
    /// `GOAWAY` with `NO_ERROR` before the head; the answer comes whole, then FIN. Over HTTP/1.1
    /// that is `Connection: close`.
    Drain,

    // The framing
    /// A chunked body instead of one with a length.
    Chunked,
    /// A body that ends with the connection instead of one with a length or chunks.
    UntilClose,
    /// `Content-Length` announces this many bytes too many; after those there are comes FIN, or
    /// over HTTP/2 `END_STREAM`.
    LengthOver(u64),
    /// `Content-Length` announces this many bytes too few; all are sent.
    LengthUnder(u64),
    /// A second `Content-Length` follows the first one, and is this much longer or shorter, if at all.
    TwoLengths(i64),
    /// A chunked body whose chunks have extensions. Over HTTP/2 that is one without a length.
    ChunkExtensions,

    // Another answer
    /// A given answer instead of the honest one.
    Answer(Canned),
    /// Sets a header, or removes it when there is no value.
    Header(&'static str, Option<String>),

    // Ranges
    /// `Range` is ignored: 200 with everything.
    IgnoreRange,
    /// Another range than the one asked for, labelled as what it is: first and last byte are
    /// moved by so much, within the content.
    MoveRange {
        /// By how much the first byte moves.
        first: i64,
        /// By how much the last byte moves.
        last: i64,
    },
    /// The right range with this `Content-Range`.
    ContentRange(String),
    /// A second `Content-Range`, one byte off.
    TwoContentRanges,
    /// 416, whatever range was asked for.
    Unsatisfiable,

    // Versions and validators
    /// Content, events and reply of this version.
    Version(u64),
    /// Content of this version under the `ETag` and date of the true one.
    DisguisedVersion(u64),
    /// The `ETag` is marked as weak.
    WeakEtag,
    /// No `ETag`.
    NoEtag,

    // Event streams
    /// 204: the server asks the client not to come back.
    NoContent,
    /// `Content-Type: text/html` on what is no such thing.
    WrongType,
    /// `Last-Event-ID` is ignored: the stream begins at its first event.
    IgnoreCursor,
    /// The event that `Last-Event-ID` names comes once more.
    RepeatLast,
    /// This many of the events that should follow are left out.
    SkipEvents(usize),
}

impl Fault {
    /// Cut after `bytes` bytes of the body.
    #[must_use]
    pub const fn cut_after_bytes(bytes: u64, how: Cut) -> Self {
        let at = At::Bytes(bytes);
        Fault::CutAfter { at, how }
    }

    /// Cut after `events` whole events.
    #[must_use]
    pub const fn cut_after_events(events: usize, how: Cut) -> Self {
        let at = At::Events(events);
        Fault::CutAfter { at, how }
    }

    /// An answer with this status and nothing else.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Fault::Answer(Canned::new(status))
    }

    /// An answer with this status that asks to come back in so many seconds.
    #[must_use]
    pub fn retry_after(status: u16, seconds: u64) -> Self {
        Fault::Answer(Canned::new(status).header("retry-after", seconds.to_string()))
    }

    /// Both faults.
    #[must_use]
    pub fn and(self, other: Fault) -> Self {
        match self {
            Fault::None => other,
            Fault::All(mut faults) => {
                faults.push(other);
                Fault::All(faults)
            }
            fault => Fault::All(vec![fault, other]),
        }
    }

    /// The cut that comes before any request is read, if there is one.
    pub(super) fn on_accept(&self) -> Option<Cut> {
        match self {
            Fault::CloseOnAccept(how) => Some(*how),
            Fault::All(faults) => faults.iter().find_map(Fault::on_accept),
            _ => None,
        }
    }

    /// Where reading of the request's body stops, if it does.
    pub(super) fn stops_reading(&self) -> Option<u64> {
        match self {
            Fault::StallRequest(bytes) => Some(*bytes),
            Fault::All(faults) => faults.iter().find_map(Fault::stops_reading),
            _ => None,
        }
    }

    /// The cut within the request's body, if there is one.
    pub(super) fn in_request(&self) -> Option<(u64, Cut)> {
        match self {
            Fault::CutRequest { bytes, how } => Some((*bytes, *how)),
            Fault::All(faults) => faults.iter().find_map(Fault::in_request),
            _ => None,
        }
    }
}

impl From<Canned> for Fault {
    fn from(canned: Canned) -> Self {
        Fault::Answer(canned)
    }
}

/// Panics when the value cannot be sent.
pub(super) fn header_value(value: &str) -> HeaderValue {
    HeaderValue::from_str(value).expect("a header value that can be sent")
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Cut::Fin => "closed",
            Cut::Rst => "reset",
        })
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Code::NoError => "NO_ERROR",
            Code::Internal => "INTERNAL_ERROR",
            Code::Refused => "REFUSED_STREAM",
            Code::Cancel => "CANCEL",
            Code::Calm => "ENHANCE_YOUR_CALM",
        })
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            At::Bytes(0) | At::Events(0) => f.write_str("after the head"),
            At::Bytes(u64::MAX) => f.write_str("after the last byte"),
            At::Bytes(n) => write!(f, "after {n} bytes"),
            At::Events(n) => write!(f, "after {n} events"),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::None => f.write_str("no fault"),
            Fault::All(faults) => {
                for (n, fault) in faults.iter().enumerate() {
                    let joint = if n == 0 { "" } else { ", " };
                    write!(f, "{joint}{fault}")?;
                }
                Ok(())
            }
            Fault::CloseOnAccept(how) => write!(f, "{how} on accept"),
            Fault::CutRequest { bytes, how } => {
                write!(f, "{how} after {bytes} bytes of the request")
            }
            Fault::CutBeforeHead(how) => write!(f, "{how} before the head"),
            Fault::CutAfter { at, how } => write!(f, "{how} {at}"),
            Fault::CutAfterWhole(how) => write!(f, "{how} after the whole answer"),
            Fault::EndAfter(at) => write!(f, "clean end {at}"),
            Fault::ErrorAfter(at) => write!(f, "an error event {at}"),
            Fault::StallBeforeHead => f.write_str("silence before the head"),
            Fault::StallAfter(at) => write!(f, "silence {at}"),
            Fault::Delay(time) => write!(f, "head {time:?} late"),
            Fault::Pause { at, lasts } => write!(f, "pause of {lasts:?} {at}"),
            Fault::Trickle(bytes) => write!(f, "trickle of {bytes} bytes"),
            Fault::Garbage => f.write_str("garbage instead of HTTP"),
            Fault::EarlyHints => f.write_str("103 first"),
            Fault::Interim(statuses) => write!(f, "{statuses:?} first"),
            Fault::StallRequest(bytes) => write!(f, "stops reading after {bytes} bytes"),
            Fault::ResetBeforeHead(code) => write!(f, "RST_STREAM {code} before the head"),
            Fault::ResetAfter { at, code } => write!(f, "RST_STREAM {code} {at}"),
            Fault::GoAwayBeforeHead { code, processed } => {
                let unseen = if *processed { "" } else { ", not processed" };
                write!(f, "GOAWAY {code} before the head{unseen}")
            }
            Fault::GoAwayAfter { at, code } => write!(f, "GOAWAY {code} {at}"),
            Fault::Drain => f.write_str("GOAWAY first"),
            Fault::Chunked => f.write_str("chunked"),
            Fault::UntilClose => f.write_str("no length"),
            Fault::LengthOver(by) => write!(f, "Content-Length {by} too long"),
            Fault::LengthUnder(by) => write!(f, "Content-Length {by} too short"),
            Fault::TwoLengths(by) => write!(f, "a second Content-Length, {by:+}"),
            Fault::ChunkExtensions => f.write_str("chunked with extensions"),
            Fault::Answer(canned) => write!(f, "{canned}"),
            Fault::Header(name, Some(value)) => write!(f, "{name}: {value}"),
            Fault::Header(name, None) => write!(f, "no {name}"),
            Fault::IgnoreRange => f.write_str("200 instead of 206"),
            Fault::MoveRange { first, last } => write!(f, "range moved by {first:+} and {last:+}"),
            Fault::ContentRange(value) => write!(f, "Content-Range: {value}"),
            Fault::TwoContentRanges => f.write_str("two Content-Range headers"),
            Fault::Unsatisfiable => f.write_str("416"),
            Fault::Version(version) => write!(f, "changed to version {version}"),
            Fault::DisguisedVersion(version) => {
                write!(f, "version {version} under the old ETag")
            }
            Fault::WeakEtag => f.write_str("weak ETag"),
            Fault::NoEtag => f.write_str("no ETag"),
            Fault::NoContent => f.write_str("204"),
            Fault::WrongType => f.write_str("wrong content type"),
            Fault::IgnoreCursor => f.write_str("Last-Event-ID ignored"),
            Fault::RepeatLast => f.write_str("last event repeated"),
            Fault::SkipEvents(count) => write!(f, "{count} events skipped"),
        }
    }
}
