//! A caller that polls more often than it is asked to, and one that leaves.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// A call that is polled as its caller likes.
pub(super) struct Restless<F> {
    pub(super) call: Pin<Box<F>>,
    /// Each poll is two, the first one with a waker that wakes nobody.
    pub(super) twice: bool,
    /// After so many polls that brought nothing the call is dropped.
    pub(super) leaves: Option<usize>,
}

/// What came of the call: nothing where the caller left.
impl<F: Future> Future for Restless<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if self.twice {
            let cx = &mut Context::from_waker(Waker::noop());
            if let Poll::Ready(output) = self.call.as_mut().poll(cx) {
                return Poll::Ready(Some(output));
            }
        }
        if let Poll::Ready(output) = self.call.as_mut().poll(cx) {
            return Poll::Ready(Some(output));
        }
        match &mut self.leaves {
            Some(0) => Poll::Ready(None),
            Some(left) => {
                *left -= 1;
                Poll::Pending
            }
            None => Poll::Pending,
        }
    }
}
