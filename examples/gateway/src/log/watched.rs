//! A body of which the log wants to know how it ends.

use super::{End, Entry};
use crate::tries;
use buttress_core::Failure;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

pin_project! {
    /// A body of which the log wants to know how it ends. Changes nothing.
    #[derive(Debug)]
    pub struct Watched<B>
    where
        B: Body,
    {
        #[pin]
        inner: B,
        entry: Entry,
    }

    impl<B> PinnedDrop for Watched<B>
    where
        B: Body,
    {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            // Who takes the last byte need not ask whether there is another. In HTTP/2 the length says
            // that it is the last one, and the end comes later.
            let is_whole = || this.inner.is_end_stream() || this.inner.size_hint().exact() == Some(0);
            if this.entry.end == End::ClientLeft && is_whole() {
                this.entry.end = End::Complete;
            }
        }
    }
}

impl<B: Body> Watched<B> {
    pub(crate) fn new(inner: B, entry: Entry) -> Self {
        Watched { inner, entry }
    }
}

impl<B> Body for Watched<B>
where
    B: Body<Data = Bytes, Error = Failure>,
{
    type Data = Bytes;
    type Error = Failure;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Failure>>> {
        let this = self.project();
        let inner = this.inner;
        let frame = ready!(tries::counted(&mut this.entry.tries, || inner.poll_frame(cx)));
        match &frame {
            Some(Ok(frame)) => match frame.data_ref() {
                Some(data) => this.entry.bytes += data.len() as u64,
                // Nothing follows trailers.
                None => this.entry.end = End::Complete,
            },
            Some(Err(failure)) => {
                this.entry.end = End::Cut;
                this.entry.failure = Some(failure.clone());
            }
            None if this.entry.end == End::ClientLeft => this.entry.end = End::Complete,
            None => {}
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::AccessLog;
    use crate::log::writer::tests::{Paper, text};
    use buttress_core::FailureKind;
    use futures_util::stream;
    use http::Request;
    use http_body_util::{BodyExt, StreamBody};

    /// Two bytes, of which the last one is known by the length alone, as in HTTP/2.
    struct Two(u64);

    impl Body for Two {
        type Data = Bytes;
        type Error = Failure;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Failure>>> {
            Poll::Ready(match self.0.checked_sub(1) {
                Some(left) => {
                    self.0 = left;
                    Some(Ok(Frame::data(Bytes::from_static(b"x"))))
                }
                None => Some(Err(Failure::new(FailureKind::ConnectionReset))),
            })
        }

        fn size_hint(&self) -> SizeHint {
            SizeHint::with_exact(self.0)
        }
    }

    /// How the log says that the body ended, of which so many frames were asked for.
    async fn end<B>(body: B, asked: usize) -> String
    where
        B: Body<Data = Bytes, Error = Failure> + Unpin,
    {
        let paper = Paper::default();
        let log = AccessLog::to(paper.clone());
        let entry = Entry::new(log.clone(), &Request::new(()));
        let mut body = Watched::new(body, entry);
        for _ in 0..asked {
            let _ = body.frame().await;
        }
        drop(body);
        log.flush();
        let text = text(&paper);
        let (_, end) = text.split_once(" end=").unwrap();
        end.split([' ', '\n']).next().unwrap().to_owned()
    }

    /// A body that tells neither its length nor, before it was asked for more, its end.
    #[tokio::test]
    async fn a_body_without_any_more_is_whole_unless_it_was_cut() {
        let data = || Ok(Frame::data(Bytes::from_static(b"x")));
        let reset = || Err(Failure::new(FailureKind::ConnectionReset));
        for (frames, asked, expected) in [
            (vec![data()], 1, "client_left"),
            (vec![data()], 2, "complete"),
            (vec![data(), reset()], 2, "cut"),
            (vec![data(), reset()], 3, "cut"),
        ] {
            let body = StreamBody::new(stream::iter(frames));
            assert_eq!(end(body, asked).await, expected, "{asked}");
        }
    }

    #[tokio::test]
    async fn who_takes_the_last_byte_has_not_left() {
        for (taken, expected) in [
            (0, "client_left"),
            (1, "client_left"),
            (2, "complete"),
            (3, "cut"),
        ] {
            assert_eq!(end(Two(2), taken).await, expected, "{taken}");
        }
    }
}
