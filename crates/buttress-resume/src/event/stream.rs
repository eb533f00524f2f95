//! A body, read event by event.

use super::Event;
use super::reader::{Reader, TooLong};
use buttress_core::{BoxError, Delivery, Failure, FailureKind, Phase};
use bytes::Buf;
use futures_core::Stream;
use http_body::Body;
use pin_project_lite::pin_project;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

pin_project! {
    /// The events of any body, in the order in which they come.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use buttress_resume::event::EventStream;
    /// use futures_util::StreamExt;
    /// use http_body_util::Full;
    ///
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let body = Full::new(Bytes::from(
    ///     ": welcome\n\nid: 7\ndata: one\n\nevent: end\ndata: two\ndata: lines\n\ndata: unfin",
    /// ));
    /// let mut events = EventStream::new(body);
    ///
    /// let one = events.next().await.expect("an event")?;
    /// assert_eq!((&*one.event(), &*one.text(), &*one.id()), ("message", "one", "7"));
    /// let two = events.next().await.expect("an event")?;
    /// assert_eq!((&*two.event(), &*two.text(), &*two.id()), ("end", "two\nlines", "7"));
    /// // What is unfinished at the end is no event.
    /// assert!(events.next().await.is_none());
    /// # Ok::<(), buttress_core::Failure>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// What has no data is not dispatched, but its id and retry time count.
    ///
    /// # Errors
    ///
    /// The body's, classified; and [`FailureKind::Protocol`] for an event longer than
    /// [`with_max_event`](EventStream::with_max_event) allows. Nothing follows an error, and the body
    /// is dropped.
    ///
    /// # Cancel safety
    ///
    /// No event is lost when a wait for the next one is given up.
    ///
    /// # Memory
    ///
    /// The chunk at hand, and what earlier ones held of an unfinished event: up to the limit.
    pub struct EventStream<B> {
        // `None` once it has ended.
        #[pin]
        body: Option<B>,
        reader: Reader,
        received: u64,
    }
}

impl<B> EventStream<B> {
    /// The longest event, unless another limit is set: 1 MiB.
    pub const DEFAULT_MAX_EVENT: usize = 1 << 20;

    /// Reads `body`, which is the whole body of a response of type `text/event-stream`.
    #[must_use]
    pub fn new(body: B) -> Self {
        EventStream {
            body: Some(body),
            reader: Reader::new(Self::DEFAULT_MAX_EVENT),
            received: 0,
        }
    }

    /// Allows events of so many bytes, all their lines counted, and no longer ones. At most 4 GiB.
    #[must_use]
    pub fn with_max_event(mut self, bytes: usize) -> Self {
        self.reader.set_max_event(bytes);
        self
    }

    /// Starts with the last event id of an earlier connection, for events without one of their own.
    #[must_use]
    pub fn with_last_event_id(mut self, id: &[u8]) -> Self {
        self.reader.set_last_id(id);
        self
    }

    /// The last event id so far, as it was sent: what a client sends as `Last-Event-ID` to go on.
    /// Empty if there is none.
    #[must_use]
    pub fn last_event_id(&self) -> &[u8] {
        self.reader.last_id()
    }

    /// The last retry time so far: how long to wait before a connection is opened again.
    #[must_use]
    pub fn retry(&self) -> Option<Duration> {
        self.reader.retry()
    }
}

impl<B> Stream for EventStream<B>
where
    B: Body,
    B::Error: Into<BoxError>,
{
    type Item = Result<Event, Failure>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match self.as_mut().project().reader.next() {
                Ok(Some(event)) => return Poll::Ready(Some(Ok(event))),
                Ok(None) => match ready!(self.as_mut().poll_chunk(cx)) {
                    Some(Ok(())) => {}
                    Some(Err(failure)) => return Poll::Ready(Some(Err(failure))),
                    None => return Poll::Ready(None),
                },
                Err(TooLong) => {
                    let mut this = self.project();
                    this.body.set(None);
                    let failure = too_long(this.reader.max_event(), *this.received);
                    return Poll::Ready(Some(Err(failure)));
                }
            }
        }
    }
}

impl<B> EventStream<B>
where
    B: Body,
    B::Error: Into<BoxError>,
{
    /// Hands the next chunk to the reader; `None` when there is none.
    #[inline(never)] // So that events that are there already are read in few instructions.
    fn poll_chunk(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<(), Failure>>> {
        let mut this = self.project();
        let Some(body) = this.body.as_mut().as_pin_mut() else {
            return Poll::Ready(None);
        };
        let end = match ready!(body.poll_frame(cx)) {
            Some(Ok(frame)) => {
                if let Ok(mut data) = frame.into_data() {
                    let len = data.remaining();
                    *this.received += len as u64;
                    this.reader.push(data.copy_to_bytes(len));
                }
                return Poll::Ready(Some(Ok(())));
            }
            Some(Err(error)) => Some(Err(Failure::in_body(error, *this.received))),
            None => None,
        };
        this.body.set(None);
        Poll::Ready(end)
    }
}

#[cold]
fn too_long(limit: usize, bytes: u64) -> Failure {
    Failure::new(FailureKind::Protocol)
        .with_phase(Phase::Body)
        .with_delivery(Delivery::Partial { bytes })
        .with_transient(false)
        .with_source(format!("an event is longer than {limit} bytes"))
}

impl<B> fmt::Debug for EventStream<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream")
            .field("received", &self.received)
            .field("is_over", &self.body.is_none())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
