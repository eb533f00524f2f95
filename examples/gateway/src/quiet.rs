//! A body that is not asked again before it has something to say.
//!
//! A connection asks its body whenever anything has happened on it: for every piece that it writes, once
//! more than there is anything to be had. Each time all layers would be asked in turn.

use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker, ready};

pin_project! {
    /// A body that is not asked again before it has something to say. Changes nothing else.
    #[derive(Debug)]
    pub(crate) struct Quiet<B> {
        #[pin]
        inner: B,
        // Made when it has to be waited for.
        bell: Option<Bell>,
    }
}

/// Rings when the body has something, and wakes its task.
#[derive(Debug)]
struct Bell {
    line: Arc<Line>,
    waker: Waker,
}

#[derive(Debug)]
struct Line {
    has_rung: AtomicBool,
    task: Mutex<Waker>,
}

impl<B> Quiet<B> {
    pub(crate) const fn new(inner: B) -> Self {
        Quiet { inner, bell: None }
    }
}

impl<B: Body> Body for Quiet<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let this = self.project();
        let Some(bell) = this.bell else {
            let polled = this.inner.poll_frame(cx);
            if polled.is_pending() {
                *this.bell = Some(Bell::new(cx.waker()));
            }
            return polled;
        };
        if !bell.has_rung(cx.waker()) {
            return Poll::Pending;
        }
        let frame = ready!(this.inner.poll_frame(&mut Context::from_waker(&bell.waker)));
        // There may be more, of which nobody will say so.
        bell.line.has_rung.store(true, Ordering::Relaxed);
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl Bell {
    /// One that has rung, for the body knows another waker still.
    fn new(task: &Waker) -> Self {
        let line = Arc::new(Line {
            has_rung: AtomicBool::new(true),
            task: Mutex::new(task.clone()),
        });
        Bell {
            waker: Waker::from(Arc::clone(&line)),
            line,
        }
    }

    /// Whether it has rung since it was asked last. From now on it wakes this task.
    fn has_rung(&self, task: &Waker) -> bool {
        let mut kept = self
            .line
            .task
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        kept.clone_from(task);
        drop(kept);
        self.line.has_rung.swap(false, Ordering::Acquire)
    }
}

impl Wake for Line {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.has_rung.store(true, Ordering::Release);
        let kept = self.task.lock().unwrap_or_else(PoisonError::into_inner);
        let task = kept.clone();
        // To wake may be to poll.
        drop(kept);
        task.wake();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use http_body_util::BodyExt;
    use http_body_util::channel::Channel;
    use std::convert::Infallible;

    /// Counts how often it is asked.
    struct Counted(Channel<Bytes, Infallible>, usize);

    impl Body for Counted {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            cx: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            self.1 += 1;
            Pin::new(&mut self.0).poll_frame(cx)
        }
    }

    struct Count(AtomicBool);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.store(true, Ordering::Relaxed);
        }
    }

    #[tokio::test]
    async fn it_is_asked_once_for_each_piece_and_once_to_wait() {
        let (mut sender, channel) = Channel::new(8);
        let mut body = Quiet::new(Counted(channel, 0));
        let woken = [(); 2].map(|()| Arc::new(Count(AtomicBool::new(false))));
        let asked = |body: &mut Quiet<Counted>, task: usize| {
            let waker = Waker::from(Arc::clone(&woken[task]));
            let polled = Pin::new(body).poll_frame(&mut Context::from_waker(&waker));
            polled.map(|frame| frame.map(|frame| frame.unwrap().into_data().unwrap()))
        };
        for _ in 0..5 {
            assert!(asked(&mut body, 0).is_pending());
        }
        assert_eq!(body.inner.1, 2, "once with each waker");
        for piece in ["a", "b"] {
            let mut count = body.inner.1;
            // The task may have changed meanwhile: it is the last one that is woken.
            assert!(asked(&mut body, 1).is_pending());
            assert_eq!(body.inner.1, count);
            sender.send_data(Bytes::from(piece)).await.unwrap();
            assert!(woken[1].0.swap(false, Ordering::Relaxed));
            assert_eq!(asked(&mut body, 0), Poll::Ready(Some(Bytes::from(piece))));
            for _ in 0..3 {
                assert!(asked(&mut body, 0).is_pending());
            }
            count += 2;
            assert_eq!(body.inner.1, count, "once more, to wait");
        }
        drop(sender);
        assert!(woken[0].0.swap(false, Ordering::Relaxed));
        assert_eq!(asked(&mut body, 0), Poll::Ready(None));
    }

    #[tokio::test]
    async fn it_is_as_long_as_the_body_within() {
        let mut body = Quiet::new(http_body_util::Full::<Bytes>::from("hello"));
        assert_eq!(
            (body.is_end_stream(), body.size_hint().exact()),
            (false, Some(5))
        );
        body.frame().await.unwrap().unwrap();
        assert_eq!(
            (body.is_end_stream(), body.size_hint().exact()),
            (true, Some(0))
        );
    }

    #[tokio::test]
    async fn pieces_that_are_there_at_once_all_come() {
        let (mut sender, channel) = Channel::new(8);
        for piece in ["a", "b", "c"] {
            sender.send_data(Bytes::from(piece)).await.unwrap();
        }
        drop(sender);
        let body = Quiet::new(Counted(channel, 0));
        assert_eq!(body.collect().await.unwrap().to_bytes(), "abc");
    }
}
