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
pub struct ReplayBody<B>(Kind<B>);

enum Kind<B> {
    /// All of it lies in memory, or it is empty: there is nothing to share.
    Whole {
        bytes: Bytes,
        taken: bool,
    },
    Shared(Reader<B>),
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
        if body.is_end_stream() {
            return Bytes::new().into();
        }
        ReplayBody(Kind::Shared(Reader::new(body, limit, memory.cloned())))
    }
}

/// A body that lies in memory, whatever its length: for a layer that sends another one than the
/// caller gave.
///
/// ```
/// use buttress_core::{ReplayBody, ReplayableBody};
/// use bytes::Bytes;
/// use http_body::Body;
/// use http_body_util::Empty;
///
/// let body = ReplayBody::<Empty<Bytes>>::from(Bytes::from("hello"));
/// assert_eq!(body.size_hint().exact(), Some(5));
/// assert!(body.is_replayable());
/// assert_eq!(body.in_memory().as_deref(), Some(&b"hello"[..]));
/// ```
impl<B> From<Bytes> for ReplayBody<B> {
    fn from(bytes: Bytes) -> Self {
        ReplayBody(Kind::Whole {
            bytes,
            taken: false,
        })
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
        match &mut self.get_mut().0 {
            Kind::Shared(reader) => reader.poll_frame(cx),
            Kind::Whole { bytes, taken } if !*taken && !bytes.is_empty() => {
                *taken = true;
                Poll::Ready(Some(Ok(Frame::data(bytes.clone()))))
            }
            Kind::Whole { .. } => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Kind::Shared(reader) => reader.is_end_stream(),
            Kind::Whole { bytes, taken } => *taken || bytes.is_empty(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Kind::Shared(reader) => reader.size_hint(),
            Kind::Whole { taken: true, .. } => SizeHint::with_exact(0),
            Kind::Whole { bytes, .. } => SizeHint::with_exact(bytes.len() as u64),
        }
    }
}

impl<B> ReplayableBody for ReplayBody<B>
where
    B: Body,
    B::Error: Into<BoxError>,
{
    fn try_clone(&self) -> Option<Self> {
        Some(match &self.0 {
            Kind::Shared(reader) => ReplayBody(Kind::Shared(reader.try_clone()?)),
            Kind::Whole { bytes, .. } => bytes.clone().into(),
        })
    }

    fn is_replayable(&self) -> bool {
        match &self.0 {
            Kind::Shared(reader) => reader.is_replayable(),
            Kind::Whole { .. } => true,
        }
    }

    fn in_memory(&self) -> Option<Bytes> {
        match &self.0 {
            Kind::Shared(_) => None,
            Kind::Whole { bytes, .. } => Some(bytes.clone()),
        }
    }
}

impl<B> fmt::Debug for ReplayBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Shared(reader) => f.debug_tuple("ReplayBody").field(reader).finish(),
            Kind::Whole { bytes, .. } => f
                .debug_struct("ReplayBody")
                .field("bytes", &bytes.len())
                .finish_non_exhaustive(),
        }
    }
}
