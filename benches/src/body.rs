//! Answers with long bodies.

use crate::service::{Answer, When, may_fail, tagged};
use bytes::Bytes;
use http::Response;
use http::header::{self, HeaderValue};
use http_body::{Body, Frame};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// The length of one event.
pub(crate) const EVENT: usize = 268;

/// One piece of a reply as an API for language models streams it.
const DELTA: &str = concat!(
    "id: 0000000042\n",
    "data: {\"id\":\"chatcmpl-9f2c71e0b8d34a5f\",\"object\":\"chat.completion.chunk\",",
    "\"created\":1718000000,\"model\":\"example-large-2024\",\"system_fingerprint\":",
    "\"fp_44709d6fcb\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" bridge\"},",
    "\"logprobs\":null,\"finish_reason\":null}]}\n\n",
);

/// What the head says about the body.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Plain,
    /// Could be continued by a range.
    Ranged,
    /// An event stream.
    Events,
}

/// 200 and a body of `left` equal chunks.
#[derive(Clone, Debug)]
pub(crate) struct Stream {
    pub(crate) kind: Kind,
    pub(crate) chunks: Chunks,
}

impl Stream {
    pub(crate) fn new(kind: Kind, size: usize, each: When, left: u64) -> Self {
        let (bytes, piece) = match kind {
            // So many events that they can be cut into equal chunks.
            Kind::Events => (DELTA.repeat(size).into(), EVENT),
            Kind::Plain | Kind::Ranged => (vec![b'x'; size].into(), 1),
        };
        let chunks = Chunks {
            bytes,
            size,
            piece,
            at: 0,
            each,
            next: each,
            left,
        };
        Stream { kind, chunks }
    }
}

impl Answer for Stream {
    type Body = Chunks;

    fn response(&self) -> Response<Chunks> {
        let chunks = self.chunks.clone();
        match self.kind {
            Kind::Plain => Response::new(chunks),
            Kind::Ranged => {
                let length = chunks.left * chunks.size as u64;
                tagged(chunks, length)
            }
            Kind::Events => {
                let mut response = Response::new(chunks);
                let events = HeaderValue::from_static("text/event-stream");
                response.headers_mut().insert(header::CONTENT_TYPE, events);
                response
            }
        }
    }
}

/// One stretch of bytes, cut into equal chunks, again and again.
#[derive(Clone, Debug)]
pub(crate) struct Chunks {
    /// A multiple of `size` long.
    bytes: Bytes,
    size: usize,
    /// After the last chunk comes the rest of the piece it is within: a stream that ended there would
    /// be a cut one.
    piece: usize,
    at: usize,
    /// What comes before each chunk, and before the next one.
    each: When,
    next: When,
    left: u64,
}

impl Body for Chunks {
    type Data = Bytes;
    type Error = io::Error;

    // As cheap as a body can be, so that what a layer adds shows.
    #[inline(always)]
    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        ready!(self.next.poll(cx));
        self.next = self.each;
        if self.left == 0 {
            return Poll::Ready(self.rest().map(|rest| Ok(Frame::data(rest))));
        }
        self.left -= 1;
        if self.at == self.bytes.len() {
            self.at = 0;
        }
        let chunk = self.bytes.slice(self.at..self.at + self.size);
        self.at += self.size;
        Poll::Ready(Some(may_fail().map(|()| Frame::data(chunk))))
    }
}

impl Chunks {
    /// The rest of a piece, once.
    #[cold]
    fn rest(&mut self) -> Option<Bytes> {
        let end = self.at.next_multiple_of(self.piece);
        let rest = self.bytes.slice(self.at..end);
        self.at = end;
        (!rest.is_empty()).then_some(rest)
    }
}
