//! What all clones of a body share: the inner body, the log of what was read of it, and whose turn
//! it is to read on.

use super::log::Log;
use super::memory::ReplayMemory;
use super::refusal::{self, Refusal};
use crate::{BoxError, Failure};
use bytes::{Buf, Bytes};
use http_body::{Body, Frame, SizeHint};
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};

/// One clone: a place in the shared body.
pub(super) struct Reader<B> {
    shared: Arc<Mutex<State<B>>>,
    place: Place,
}

/// How far a reader has come.
#[derive(Default)]
struct Place {
    /// Which turn this reader took when it was first polled; zero before that.
    turn: u64,
    /// Frames this reader has seen.
    frames: usize,
    /// Bytes of data this reader has seen.
    bytes: u64,
    /// It has met the end or an error: nothing follows.
    over: bool,
}

struct State<B> {
    inner: Inner<B>,
    /// All frames so far, or `None` when they are not all kept.
    log: Option<Log>,
    /// What the inner body said of its size before it was read.
    announced: SizeHint,
    /// Frames taken out of the inner body.
    frames: usize,
    /// Bytes of data taken out of the inner body.
    bytes: u64,
    /// How many readers have begun; the one that took the last turn may read on.
    turn: u64,
    /// The task of that reader, as of when it last had to wait.
    waiting: Option<Waker>,
}

enum Inner<B> {
    Open(Pin<Box<B>>),
    Ended,
    Failed(Failure),
}

/// What is left to do once the lock is released: waking and dropping run code of others, which
/// might come back here.
struct Afterwards<B> {
    wake: Option<Waker>,
    waker: Option<Waker>,
    inner: Option<Inner<B>>,
    log: Option<Log>,
}

type Polled = Poll<Option<Result<Frame<Bytes>, Failure>>>;

impl<B: Body> Reader<B> {
    pub(super) fn new(body: B, limit: usize, memory: Option<ReplayMemory>) -> Self {
        let announced = body.size_hint();
        let fits = usize::try_from(announced.lower()).is_ok_and(|lower| lower <= limit);
        Reader {
            shared: Arc::new(Mutex::new(State {
                inner: Inner::Open(Box::pin(body)),
                log: fits.then(|| Log::new(limit, memory)),
                announced,
                frames: 0,
                bytes: 0,
                turn: 0,
                waiting: None,
            })),
            place: Place::default(),
        }
    }

    pub(super) fn is_end_stream(&self) -> bool {
        self.place.over || lock(&self.shared).is_end(&self.place)
    }

    pub(super) fn size_hint(&self) -> SizeHint {
        if self.place.over {
            return SizeHint::with_exact(0);
        }
        lock(&self.shared).size_hint(&self.place)
    }
}

impl<B> Reader<B> {
    pub(super) fn is_replayable(&self) -> bool {
        lock(&self.shared).log.is_some()
    }

    pub(super) fn try_clone(&self) -> Option<Self> {
        self.is_replayable().then(|| Reader {
            shared: Arc::clone(&self.shared),
            place: Place::default(),
        })
    }
}

impl<B> Reader<B>
where
    B: Body,
    B::Error: Into<BoxError>,
{
    pub(super) fn poll_frame(&mut self, cx: &mut Context<'_>) -> Polled {
        if self.place.over {
            return Poll::Ready(None);
        }
        let mut afterwards = Afterwards::default();
        let polled = lock(&self.shared).poll_frame(&mut self.place, cx, &mut afterwards);
        self.place.over = matches!(polled, Poll::Ready(None | Some(Err(_))));
        afterwards.run();
        polled
    }
}

impl<B: Body> State<B> {
    /// Whether a reader at this place has seen everything.
    fn is_end(&self, place: &Place) -> bool {
        place.frames == self.frames
            && match &self.inner {
                Inner::Open(body) => body.is_end_stream(),
                Inner::Ended => true,
                Inner::Failed(_) => false,
            }
    }

    /// What is still to come for a reader at this place.
    fn size_hint(&self, place: &Place) -> SizeHint {
        let rest = match &self.inner {
            Inner::Open(body) => body.size_hint(),
            Inner::Ended => SizeHint::with_exact(0),
            // Never less than was announced: a peer that is told a shorter length would take the
            // part for the whole.
            Inner::Failed(_) => hint(
                self.announced.lower().saturating_sub(self.bytes),
                self.announced
                    .upper()
                    .and_then(|upper| upper.checked_sub(self.bytes)),
            ),
        };
        let taken = self.bytes.saturating_sub(place.bytes);
        hint(
            rest.lower().saturating_add(taken),
            rest.upper().and_then(|upper| upper.checked_add(taken)),
        )
    }
}

impl<B> State<B>
where
    B: Body,
    B::Error: Into<BoxError>,
{
    fn poll_frame(
        &mut self,
        place: &mut Place,
        cx: &mut Context<'_>,
        afterwards: &mut Afterwards<B>,
    ) -> Polled {
        if place.turn == 0 {
            // One that comes too late must not stop the one under way.
            if self.log.is_none() && self.frames > 0 {
                return Poll::Ready(Some(Err(Refusal::NotKept.into())));
            }
            self.turn += 1;
            place.turn = self.turn;
            afterwards.wake = self.waiting.take();
        } else if place.turn != self.turn {
            return Poll::Ready(if self.is_end(place) {
                None
            } else {
                Some(Err(Refusal::Superseded.into()))
            });
        }
        if place.frames == self.frames {
            return self.poll_inner(place, cx, afterwards);
        }
        // Only the reader whose turn it is takes frames out, and the log is given up only then: it
        // is here as long as that reader is behind.
        let Some(frame) = self.log.as_ref().and_then(|log| log.frame(place.frames)) else {
            return Poll::Ready(Some(Err(Refusal::NotKept.into())));
        };
        place.pass(&frame);
        Poll::Ready(Some(Ok(frame)))
    }

    /// The next frame of the inner body, for a reader that has seen all before it.
    fn poll_inner(
        &mut self,
        place: &mut Place,
        cx: &mut Context<'_>,
        afterwards: &mut Afterwards<B>,
    ) -> Polled {
        let body = match &mut self.inner {
            Inner::Open(body) => body.as_mut(),
            Inner::Ended => return Poll::Ready(None),
            Inner::Failed(failure) => return Poll::Ready(Some(Err(failure.clone()))),
        };
        match body.poll_frame(cx) {
            Poll::Pending => {
                if !self
                    .waiting
                    .as_ref()
                    .is_some_and(|w| w.will_wake(cx.waker()))
                {
                    afterwards.waker = self.waiting.replace(cx.waker().clone());
                }
                Poll::Pending
            }
            Poll::Ready(None) => {
                afterwards.inner = Some(std::mem::replace(&mut self.inner, Inner::Ended));
                Poll::Ready(None)
            }
            Poll::Ready(Some(Err(error))) => {
                let failure = refusal::of_inner(error.into());
                let failed = Inner::Failed(failure.clone());
                afterwards.inner = Some(std::mem::replace(&mut self.inner, failed));
                Poll::Ready(Some(Err(failure)))
            }
            Poll::Ready(Some(Ok(frame))) => {
                let frame = frame.map_data(|mut data| data.copy_to_bytes(data.remaining()));
                if !self.log.as_mut().is_some_and(|log| log.keep(&frame)) {
                    afterwards.log = self.log.take();
                }
                place.pass(&frame);
                self.frames = place.frames;
                self.bytes = place.bytes;
                Poll::Ready(Some(Ok(frame)))
            }
        }
    }
}

impl Place {
    /// Moves on by one frame.
    fn pass(&mut self, frame: &Frame<Bytes>) {
        self.frames += 1;
        let bytes = frame.data_ref().map_or(0, Bytes::len);
        self.bytes = self.bytes.saturating_add(bytes as u64);
    }
}

impl<B> Afterwards<B> {
    fn run(self) {
        let Afterwards {
            wake,
            waker,
            inner,
            log,
        } = self;
        if let Some(wake) = wake {
            wake.wake();
        }
        drop((waker, inner, log));
    }
}

impl<B> Default for Afterwards<B> {
    fn default() -> Self {
        Afterwards {
            wake: None,
            waker: None,
            inner: None,
            log: None,
        }
    }
}

/// The state, whatever became of those who held it before.
fn lock<B>(shared: &Mutex<State<B>>) -> MutexGuard<'_, State<B>> {
    shared.lock().unwrap_or_else(|poisoned| {
        // The inner body panicked. Read on, it might end as if it were whole.
        let mut state = poisoned.into_inner();
        if matches!(state.inner, Inner::Open(_)) {
            state.inner = Inner::Failed(refusal::of_inner("the request's body panicked".into()));
        }
        state
    })
}

fn hint(lower: u64, upper: Option<u64>) -> SizeHint {
    let mut hint = SizeHint::new();
    hint.set_lower(lower);
    // `set_upper` panics on an upper bound below the lower one.
    if let Some(upper) = upper.filter(|upper| *upper >= lower) {
        hint.set_upper(upper);
    }
    hint
}

impl<B> fmt::Debug for Reader<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Reader");
        out.field("frames", &self.place.frames)
            .field("bytes", &self.place.bytes)
            .field("over", &self.place.over);
        // Not `lock`: the inner body may be printed while it is polled.
        if let Ok(state) = self.shared.try_lock() {
            out.field("replayable", &state.log.is_some());
        }
        out.finish_non_exhaustive()
    }
}
