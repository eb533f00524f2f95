//! A body that follows a script.

use buttress_core::BoxError;
use bytes::Bytes;
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};
use std::collections::VecDeque;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::{Sleep, sleep};

/// Plays frames, waits and an end, and can be asked afterwards how it was treated.
///
/// It ends cleanly after its last part. Unless [`exact`](ScriptedBody::exact) it knows neither
/// its length nor, before it has said so, its end: as a chunked body.
///
/// ```
/// use buttress_testkit::ScriptedBody;
/// use http_body::Body;
/// use std::time::Duration;
///
/// let body = ScriptedBody::new().data("abc").wait(Duration::from_secs(9)).data("de").exact();
/// assert_eq!(body.size_hint().exact(), Some(5));
/// let probe = body.probe();
/// drop(body);
/// assert!(probe.is_dropped());
/// ```
#[derive(Debug)]
#[must_use]
pub struct ScriptedBody {
    parts: VecDeque<Part>,
    /// The least and the most that is still to come, as declared.
    hint: (u64, Option<u64>),
    tells_end: bool,
    ended: bool,
    sleep: Option<Pin<Box<Sleep>>>,
    probe: BodyProbe,
    _alive: One,
    counted: Option<One>,
}

#[derive(Debug)]
enum Part {
    Data(Bytes),
    Trailers(HeaderMap),
    Wait(Duration),
    Yield,
    Hang,
    Fail(BoxError),
}

/// How a [`ScriptedBody`] was treated. Outlives it.
#[derive(Clone, Debug, Default)]
pub struct BodyProbe {
    alive: Alive,
    polls: Arc<AtomicUsize>,
    after_end: Arc<AtomicUsize>,
}

impl BodyProbe {
    /// How often it was polled.
    #[must_use]
    pub fn polls(&self) -> usize {
        self.polls.load(Ordering::Relaxed)
    }

    /// How often it was polled after it had ended or failed.
    #[must_use]
    pub fn polls_after_end(&self) -> usize {
        self.after_end.load(Ordering::Relaxed)
    }

    /// Whether it is gone.
    #[must_use]
    pub fn is_dropped(&self) -> bool {
        self.alive.count() == 0
    }
}

impl ScriptedBody {
    /// A body that ends at once.
    pub fn new() -> Self {
        let probe = BodyProbe::default();
        ScriptedBody {
            parts: VecDeque::new(),
            hint: (0, None),
            tells_end: false,
            ended: false,
            sleep: None,
            _alive: probe.alive.one(),
            counted: None,
            probe,
        }
    }

    fn part(mut self, part: Part) -> Self {
        self.parts.push_back(part);
        self
    }

    /// A frame of data. It may be empty.
    pub fn data(self, data: impl Into<Bytes>) -> Self {
        self.part(Part::Data(data.into()))
    }

    /// A frame of trailers.
    pub fn trailers(self, trailers: HeaderMap) -> Self {
        self.part(Part::Trailers(trailers))
    }

    /// Nothing for this long, counted from the first poll that finds it.
    pub fn wait(self, time: Duration) -> Self {
        self.part(Part::Wait(time))
    }

    /// Nothing at one poll, which wakes its task at once.
    pub fn yields(self) -> Self {
        self.part(Part::Yield)
    }

    /// Nothing, ever.
    pub fn hang(self) -> Self {
        self.part(Part::Hang)
    }

    /// This error, after which the body has ended.
    pub fn fail(self, error: impl Into<BoxError>) -> Self {
        self.part(Part::Fail(error.into()))
    }

    /// An [`io::Error`] of this kind, after which the body has ended.
    pub fn io(self, kind: io::ErrorKind) -> Self {
        self.fail(io::Error::from(kind))
    }

    /// Declares this and takes off it what was delivered, true or not.
    pub fn hint(mut self, hint: &SizeHint) -> Self {
        self.hint = (hint.lower(), hint.upper());
        self
    }

    /// Declares the length of the data that was scripted so far, and tells its end before it is
    /// polled for it: as a body with `Content-Length`.
    pub fn exact(mut self) -> Self {
        let len = self.parts.iter().map(|part| match part {
            Part::Data(data) => data.len() as u64,
            _ => 0,
        });
        let len = len.sum();
        self.hint = (len, Some(len));
        self.tells_end = true;
        self
    }

    /// What will tell how it was treated.
    #[must_use]
    pub fn probe(&self) -> BodyProbe {
        self.probe.clone()
    }

    /// Is counted as alive for as long as it is kept.
    pub(super) fn counted(mut self, one: One) -> Self {
        self.counted = Some(one);
        self
    }

    fn deliver(&mut self, len: u64) {
        let (lower, upper) = self.hint;
        let rest = |promised: u64| promised.saturating_sub(len);
        self.hint = (rest(lower), upper.map(rest));
    }
}

impl Body for ScriptedBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        this.probe.polls.fetch_add(1, Ordering::Relaxed);
        if this.ended {
            this.probe.after_end.fetch_add(1, Ordering::Relaxed);
            return Poll::Ready(None);
        }
        loop {
            if let Some(sleep) = &mut this.sleep {
                ready!(sleep.as_mut().poll(cx));
                this.sleep = None;
            }
            match this.parts.pop_front() {
                Some(Part::Wait(time)) => this.sleep = Some(Box::pin(sleep(time))),
                Some(Part::Yield) => {
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Some(Part::Hang) => {
                    this.parts.push_front(Part::Hang);
                    return Poll::Pending;
                }
                Some(Part::Data(data)) => {
                    this.deliver(data.len() as u64);
                    return Poll::Ready(Some(Ok(Frame::data(data))));
                }
                Some(Part::Trailers(trailers)) => {
                    return Poll::Ready(Some(Ok(Frame::trailers(trailers))));
                }
                Some(Part::Fail(error)) => {
                    this.ended = true;
                    return Poll::Ready(Some(Err(error)));
                }
                None => {
                    this.ended = true;
                    return Poll::Ready(None);
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.ended || (self.tells_end && self.parts.is_empty() && self.sleep.is_none())
    }

    fn size_hint(&self) -> SizeHint {
        let (lower, upper) = self.hint;
        let mut hint = SizeHint::new();
        hint.set_lower(lower);
        if let Some(upper) = upper {
            hint.set_upper(upper);
        }
        hint
    }
}

impl Default for ScriptedBody {
    fn default() -> Self {
        ScriptedBody::new()
    }
}

impl<T: Into<Bytes>> From<T> for ScriptedBody {
    /// A body in one frame that knows its length.
    fn from(data: T) -> Self {
        let data = data.into();
        let body = ScriptedBody::new();
        if data.is_empty() {
            body.exact()
        } else {
            body.data(data).exact()
        }
    }
}

/// Counts what is alive.
#[derive(Clone, Debug, Default)]
pub(super) struct Alive(Arc<AtomicUsize>);

impl Alive {
    pub(super) fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    pub(super) fn one(&self) -> One {
        self.0.fetch_add(1, Ordering::Relaxed);
        One(self.0.clone())
    }
}

/// Something that is alive.
#[derive(Debug)]
pub(super) struct One(Arc<AtomicUsize>);

impl Drop for One {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
