//! Content that comes over connections which break, and how far memory rises meanwhile.

use bytes::Bytes;
use http_body::{Body, Frame};
use peak_alloc::PeakAlloc;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

pub(crate) const MIB: u64 = 1 << 20;

/// How far memory has risen since this was begun.
pub(crate) struct Peak(usize);

impl Peak {
    pub(crate) fn begin() -> Self {
        ALLOCATOR.reset_peak_usage();
        Peak(ALLOCATOR.current_usage())
    }

    pub(crate) fn bytes(&self) -> u64 {
        ALLOCATOR.peak_usage().saturating_sub(self.0) as u64
    }
}

/// Content that is made where it is wanted.
pub(crate) trait Whole: Clone {
    fn len(&self) -> u64;

    /// Up to a frame of what stands at this position; what is beyond the end does not count.
    fn at(&self, at: u64) -> Bytes;

    /// Insists that this is what stands there, and says where it ends.
    fn check(&self, mut at: u64, mut data: &[u8]) -> u64 {
        while !data.is_empty() {
            let expected = self.at(at);
            let len = data.len().min(expected.len());
            assert!(data[..len] == expected[..len], "other bytes at {at}");
            at += len as u64;
            data = &data[len..];
        }
        at
    }
}

/// Brings the content from one position to another, and then breaks if that is not its end.
pub(crate) struct Part<W> {
    whole: W,
    at: u64,
    end: u64,
}

impl<W: Whole> Part<W> {
    pub(crate) fn of(whole: &W, at: u64, end: u64) -> Self {
        Part {
            whole: whole.clone(),
            at,
            end: end.min(whole.len()),
        }
    }
}

impl<W: Whole + Unpin> Body for Part<W> {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.at < self.end {
            let mut data = self.whole.at(self.at);
            data.truncate((self.end - self.at) as usize);
            self.at += data.len() as u64;
            return Poll::Ready(Some(Ok(Frame::data(data))));
        }
        let is_whole = self.end == self.whole.len();
        Poll::Ready((!is_whole).then(|| Err(io::ErrorKind::ConnectionReset.into())))
    }
}
