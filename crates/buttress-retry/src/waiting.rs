//! A response that waits at a gate.

use crate::RetryBody;
use crate::gate::{Gate, Opens};
use buttress_core::time::{self, Instant, Timer};
use buttress_core::{BoxError, Delivery, Failure, LastWords};
use bytes::Buf;
use http::Response;
use http::response::Parts;
use http_body::{Body, Frame};
use std::collections::VecDeque;
use std::io::IoSlice;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Head and body of a response, and what has come of the body so far.
pub(crate) struct Waiting<RB: Body> {
    /// Taken out when the gate opens.
    response: Option<(Parts, Pin<Box<RB>>)>,
    held: VecDeque<Frame<RB::Data>>,
    /// The data so far in one piece, for a gate that looks at it.
    so_far: Vec<u8>,
    bytes: usize,
    gate: Gate,
    timer: Timer,
    until: Instant,
}

impl<RB> Waiting<RB>
where
    RB: Body,
    RB::Error: Into<BoxError>,
{
    pub(crate) fn new(response: Response<RB>, gate: Gate) -> Self {
        let (head, body) = response.into_parts();
        // What fails at the gate is tried again, so nothing is to be said in the body yet.
        LastWords::hold_back(&head.extensions);
        Waiting {
            response: Some((head, Box::pin(body))),
            held: VecDeque::new(),
            so_far: Vec::new(),
            bytes: 0,
            until: time::instant_after(time::now(), gate.max_wait),
            gate,
            timer: Timer::new(),
        }
    }

    /// How far the body had come.
    pub(crate) const fn delivery(&self) -> Delivery {
        Delivery::Partial {
            bytes: self.bytes as u64,
        }
    }

    /// The response, whole as it came, once the gate is open; or how its body failed before.
    pub(crate) fn poll_open(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Response<RetryBody<RB>>, Failure>>> {
        loop {
            let Some((_, body)) = &mut self.response else {
                return Poll::Ready(None);
            };
            match body.as_mut().poll_frame(cx) {
                Poll::Ready(Some(Ok(frame))) => {
                    let open = self.add(frame);
                    if open {
                        return Poll::Ready(self.open(false).map(Ok));
                    }
                }
                Poll::Ready(Some(Err(error))) => {
                    self.response = None;
                    let failure = Failure::in_body(error, self.bytes as u64);
                    return Poll::Ready(Some(Err(failure)));
                }
                Poll::Ready(None) => return Poll::Ready(self.open(true).map(Ok)),
                Poll::Pending => {
                    return match self.timer.poll_until(self.until, cx) {
                        Poll::Ready(()) => Poll::Ready(self.open(false).map(Ok)),
                        Poll::Pending => Poll::Pending,
                    };
                }
            }
        }
    }

    /// Holds a frame back: whether that opens the gate.
    fn add(&mut self, frame: Frame<RB::Data>) -> bool {
        let Some(data) = frame.data_ref() else {
            // Trailers: nothing comes after them that could fail.
            self.held.push_back(frame);
            return true;
        };
        self.bytes = self.bytes.saturating_add(data.remaining());
        let open = match &self.gate.opens {
            Opens::FirstFrame => true,
            _ if self.bytes >= self.gate.max_bytes => true,
            _ if self.held.len() >= self.gate.max_frames() => true,
            Opens::When(gate) => {
                let whole = copy_pieces(data, &mut self.so_far);
                // What cannot be seen may be what the gate waits for.
                !whole || gate.is_open(&self.so_far)
            }
        };
        self.held.push_back(frame);
        open
    }

    fn open(&mut self, ended: bool) -> Option<Response<RetryBody<RB>>> {
        let (head, body) = self.response.take()?;
        LastWords::let_out(&head.extensions);
        let held = std::mem::take(&mut self.held);
        Some(Response::from_parts(
            head,
            RetryBody::held(body, held, ended),
        ))
    }
}

/// Appends `data` to `to`, as much of it as can be seen without taking it apart: the first 16 of
/// the pieces it lies in. Whether that was all.
fn copy_pieces(data: &impl Buf, to: &mut Vec<u8>) -> bool {
    let mut pieces = [IoSlice::new(&[]); 16];
    let count = data.chunks_vectored(&mut pieces);
    let before = to.len();
    for piece in pieces.iter().take(count) {
        to.extend_from_slice(piece);
    }
    to.len() - before >= data.remaining()
}
