use super::ReplayableBody;
use super::memory::ReplayMemory;
use super::shared::Reader;
use crate::{BoxError, Failure};
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Any body, made replayable by keeping up to a limit of what was read of it.
///
/// See the [module](crate::replay) for an example and for all it promises.
pub struct ReplayBody<B> {
    /// `None` for a body that was empty from the start: there is nothing to share.
    reader: Option<Reader<B>>,
}

impl<B> ReplayBody<B> {
    /// How many bytes are kept unless another limit is set: 1 MiB.
    pub const DEFAULT_LIMIT: usize = 1024 * 1024;
}

impl<B: Body> ReplayBody<B> {
    /// Wraps a body, to keep up to 1 MiB of it ([`ReplayBody::DEFAULT_LIMIT`]).
    #[must_use]
    pub fn new(body: B) -> Self {
        ReplayBody::with_limit(body, Self::DEFAULT_LIMIT)
    }

    /// Wraps a body, to keep up to `limit` bytes of it.
    #[must_use]
    pub fn with_limit(body: B, limit: usize) -> Self {
        ReplayBody::keeping(body, limit, None)
    }

    /// Wraps a body, to keep up to `limit` bytes of it, as long as all bodies that share `memory`
    /// do not keep more than that.
    #[must_use]
    pub fn with_memory(body: B, limit: usize, memory: &ReplayMemory) -> Self {
        ReplayBody::keeping(body, limit, Some(memory))
    }

    pub(super) fn keeping(body: B, limit: usize, memory: Option<&ReplayMemory>) -> Self {
        let reader = if body.is_end_stream() {
            None
        } else {
            Some(Reader::new(body, limit, memory.cloned()))
        };
        ReplayBody { reader }
    }
}

impl<B> Body for ReplayBody<B>
where
    B: Body,
    B::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = Failure;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Failure>>> {
        match &mut self.get_mut().reader {
            Some(reader) => reader.poll_frame(cx),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.reader.as_ref().is_none_or(Reader::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        match &self.reader {
            Some(reader) => reader.size_hint(),
            None => SizeHint::with_exact(0),
        }
    }
}

impl<B> ReplayableBody for ReplayBody<B>
where
    B: Body,
    B::Error: Into<BoxError>,
{
    fn try_clone(&self) -> Option<Self> {
        let reader = match &self.reader {
            Some(reader) => Some(reader.try_clone()?),
            None => None,
        };
        Some(ReplayBody { reader })
    }

    fn is_replayable(&self) -> bool {
        self.reader.as_ref().is_none_or(Reader::is_replayable)
    }
}

impl<B> fmt::Debug for ReplayBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.reader {
            Some(reader) => f.debug_tuple("ReplayBody").field(reader).finish(),
            None => f.write_str("ReplayBody(empty)"),
        }
    }
}
