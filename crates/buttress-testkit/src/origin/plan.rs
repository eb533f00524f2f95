//! An answer before it is written: what will be said, and where it will go wrong.

use super::fault::{At, Code, Cut};
use crate::content::Content;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use std::ops::Range;
use std::time::Duration;

/// An answer, complete or not.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Body,
    pub(super) framing: Framing,
    pub(super) trailers: Option<HeaderMap>,
    /// The range a 206 holds: first, last, total.
    pub(super) range: Option<(u64, u64, u64)>,
    /// The body is described but not sent: the answer to `HEAD`.
    pub(super) head_only: bool,
    /// By how much `Content-Length` lies.
    pub(super) length_lie: i64,
    /// By how much a second `Content-Length` differs from the first, if there is one.
    pub(super) second_length: Option<i64>,
    /// Chunks have extensions.
    pub(super) extensions: bool,
    /// What comes instead of HTTP.
    pub(super) garbage: bool,
    /// Statuses of answers that come before this one.
    pub(super) interim: &'static [u16],
    /// The connection is told before the body that it ends after this answer.
    pub(super) drain: bool,
    pub(super) delay: Option<Duration>,
    pub(super) pause: Option<(u64, Duration)>,
    pub(super) trickle: Option<usize>,
    pub(super) stop: Option<(Place, Stop)>,
    /// The connection ends like this after the answer.
    pub(super) after: Option<Cut>,
}

/// How the end of the body is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Framing {
    /// There is none: 1xx, 204, 304.
    Nothing,
    Length,
    Chunked,
    UntilClose,
}

/// Where an answer stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    BeforeHead,
    /// After the head and this many bytes of the body.
    Body(u64),
}

/// What happens where an answer stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    Cut(Cut),
    Stall,
    /// The stream alone is reset.
    Reset(Code),
    /// The connection is told to end, and ends. Whether the request counts as processed.
    GoAway {
        code: Code,
        processed: bool,
    },
}

impl Plan {
    /// A complete answer without headers and with an empty body.
    pub(super) fn new(status: StatusCode) -> Self {
        Plan {
            status,
            headers: HeaderMap::new(),
            body: Body::Pieces(Vec::new()),
            framing: Framing::Length,
            trailers: None,
            range: None,
            head_only: false,
            length_lie: 0,
            second_length: None,
            extensions: false,
            garbage: false,
            interim: &[],
            drain: false,
            delay: None,
            pause: None,
            trickle: None,
            stop: None,
            after: None,
        }
    }

    /// A complete answer with text.
    pub(super) fn text(status: StatusCode, text: String) -> Self {
        let mut plan = Plan::new(status);
        plan.set("content-type", "text/plain; charset=utf-8");
        plan.body = Body::one(text.into());
        plan
    }

    /// Sets a header to what is known to be valid.
    pub(super) fn set(&mut self, name: &'static str, value: &str) {
        let value = HeaderValue::from_str(value).expect("a value that can be sent");
        self.headers.insert(HeaderName::from_static(name), value);
    }

    /// Whether the answer proves that the request was not processed.
    pub(super) fn refuses(&self) -> bool {
        let code = match self.stop {
            Some((Place::BeforeHead, Stop::Reset(code))) => code,
            Some((_, Stop::GoAway { processed, .. })) => return !processed,
            _ => return false,
        };
        code == Code::Refused
    }

    /// What `Content-Length` says, and says again.
    pub(super) fn lengths(&self) -> impl Iterator<Item = u64> {
        let length = self.body.len().saturating_add_signed(self.length_lie);
        let second = self
            .second_length
            .map(|by| length.saturating_add_signed(by));
        [length].into_iter().chain(second)
    }

    /// The offset of a place in the body, which is at most the body's end.
    pub(super) fn offset(&self, at: At) -> u64 {
        let len = self.body.len();
        match at {
            At::Bytes(bytes) => bytes.min(len),
            At::Events(count) => self.body.pieces().take(count).map(|p| p.len() as u64).sum(),
        }
    }
}

/// What a body is made of.
#[derive(Clone, Debug)]
pub(super) enum Body {
    Content {
        content: Content,
        range: Range<u64>,
        piece: u64,
    },
    Pieces(Vec<Bytes>),
}

impl Body {
    /// A body in one piece.
    pub(super) fn one(bytes: Bytes) -> Self {
        Body::Pieces(vec![bytes])
    }

    pub(super) fn len(&self) -> u64 {
        match self {
            Body::Content { range, .. } => range.end - range.start,
            Body::Pieces(pieces) => pieces.iter().map(|piece| piece.len() as u64).sum(),
        }
    }

    /// Adds to pieces; content has no place for more.
    pub(super) fn push(&mut self, bytes: Bytes) {
        if let Body::Pieces(pieces) = self {
            pieces.push(bytes);
        }
    }

    /// Lets go of everything after `len` bytes.
    pub(super) fn truncate(&mut self, len: u64) {
        match self {
            Body::Content { range, .. } => range.end = range.end.min(range.start + len),
            Body::Pieces(pieces) => {
                let mut left = len;
                for piece in pieces {
                    piece.truncate(left.min(piece.len() as u64) as usize);
                    left -= piece.len() as u64;
                }
            }
        }
    }

    /// The pieces in which it is written, none of them empty.
    pub(super) fn pieces(&self) -> Box<dyn Iterator<Item = Bytes> + Send + '_> {
        match self {
            Body::Content {
                content,
                range,
                piece,
            } => {
                let starts = range.clone().step_by(*piece as usize);
                Box::new(starts.map(move |at| content.bytes(at..range.end.min(at + piece))))
            }
            Body::Pieces(pieces) => Box::new(pieces.iter().filter(|p| !p.is_empty()).cloned()),
        }
    }
}
