//! What the inner body does.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use http_body::{Body, Frame, SizeHint};
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

/// Bytes that a failing body announced and never gives.
pub(super) const MISSING: u64 = 5;
pub(super) const TRAILER: &str = "x-sum";

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece {
    Data(Vec<u8>),
    Trailers(String),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Ending {
    /// `None`, after `is_end_stream` said so or not.
    Clean {
        announced: bool,
    },
    Error,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Hint {
    Unknown,
    Exact,
    Loose,
}

#[derive(Clone, Debug)]
pub(super) struct Script {
    pub(super) pieces: Vec<Piece>,
    pub(super) ending: Ending,
    pub(super) hint: Hint,
    pub(super) limit: usize,
}

impl Script {
    pub(super) fn bytes_from(&self, index: usize) -> u64 {
        self.pieces[index..]
            .iter()
            .map(|piece| match piece {
                Piece::Data(data) => data.len() as u64,
                Piece::Trailers(_) => 0,
            })
            .sum()
    }

    pub(super) fn announced_from(&self, index: usize) -> u64 {
        let missing = match self.ending {
            Ending::Clean { .. } => 0,
            Ending::Error => MISSING,
        };
        self.bytes_from(index) + missing
    }

    pub(super) fn hint_from(&self, index: usize) -> SizeHint {
        let announced = self.announced_from(index);
        match self.hint {
            Hint::Unknown => SizeHint::new(),
            Hint::Exact => SizeHint::with_exact(announced),
            Hint::Loose => {
                let mut hint = SizeHint::new();
                hint.set_lower(announced / 2);
                hint.set_upper(announced + 7);
                hint
            }
        }
    }

    pub(super) fn is_end_at(&self, index: usize) -> bool {
        index == self.pieces.len() && self.ending == Ending::Clean { announced: true }
    }

    /// Whether what was taken, if anything may be kept at all, is all kept.
    pub(super) fn keeps(&self, taken: usize) -> bool {
        let weight: usize = self.pieces[..taken]
            .iter()
            .map(|piece| match piece {
                Piece::Data(data) => data.len(),
                Piece::Trailers(value) => TRAILER.len() + value.len(),
            })
            .sum();
        self.hint_from(0).lower() <= self.limit as u64
            && weight <= self.limit
            && taken <= self.limit / 32 + 64
    }
}

/// The inner body: gives what was released, and complains when it is read past its end.
pub(super) struct Inner {
    pub(super) script: Arc<Script>,
    pub(super) gate: Arc<Mutex<Gate>>,
    pub(super) given: usize,
}

#[derive(Default)]
pub(super) struct Gate {
    pub(super) released: usize,
    waker: Option<Waker>,
}

impl Gate {
    pub(super) fn release(gate: &Mutex<Gate>) {
        let mut gate = gate.lock().unwrap();
        gate.released += 1;
        if let Some(waker) = gate.waker.take() {
            waker.wake();
        }
    }
}

impl Body for Inner {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let script = Arc::clone(&self.script);
        assert!(self.given <= script.pieces.len(), "read past its end");
        {
            let mut gate = self.gate.lock().unwrap();
            if gate.released <= self.given && !script.is_end_at(self.given) {
                gate.waker = Some(cx.waker().clone());
                return Poll::Pending;
            }
        }
        self.given += 1;
        Poll::Ready(match (script.pieces.get(self.given - 1), script.ending) {
            (Some(Piece::Data(data)), _) => Some(Ok(Frame::data(Bytes::from(data.clone())))),
            (Some(Piece::Trailers(value)), _) => {
                let mut map = HeaderMap::new();
                map.insert(TRAILER, HeaderValue::from_str(value).unwrap());
                Some(Ok(Frame::trailers(map)))
            }
            (None, Ending::Clean { .. }) => None,
            (None, Ending::Error) => Some(Err(io::ErrorKind::PermissionDenied.into())),
        })
    }

    fn is_end_stream(&self) -> bool {
        self.script.is_end_at(self.given)
    }

    fn size_hint(&self) -> SizeHint {
        self.script
            .hint_from(self.given.min(self.script.pieces.len()))
    }
}
