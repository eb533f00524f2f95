//! The way from an attempt, deep in a stack of layers, to the call that it belongs to, and back.

use super::error::ThroughError;
use http::Extensions;
use reqwest::Url;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

pub(super) type Outcome = Result<reqwest::Response, ThroughError>;

/// What is to be run through the middlewares below.
pub(super) struct Job {
    pub(super) request: reqwest::Request,
    pub(super) extensions: Extensions,
}

/// The way to the call that a request belongs to: closed when that is over. Holds as many places as
/// the stack has had attempts in flight at once.
///
/// What is dropped or woken here is so without the lock: it may do as it likes.
#[derive(Clone)]
pub(super) struct Lane(Arc<Shared>);

struct Shared {
    /// Until it is taken out by the last one who has this.
    url: Option<Url>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    closed: bool,
    /// Of the call, while it sleeps.
    call: Option<Waker>,
    /// Nearly always the only one.
    first: Place,
    more: Vec<Place>,
}

/// What an attempt has in the lane.
#[derive(Default)]
struct Place {
    stage: Stage,
    /// Until it is begun.
    job: Option<Job>,
    /// Of one that is done.
    outcome: Option<Outcome>,
    /// Of the attempt, while it waits.
    waker: Option<Waker>,
}

#[derive(Clone, Copy, Default)]
enum Stage {
    #[default]
    Free,
    Asked,
    UnderWay,
    /// Under way, but nobody waits for it any longer.
    GivenUp,
    Done,
}

/// What the call has to do for the attempt with this number.
pub(super) enum Work {
    Begin(usize),
    GiveUp(usize),
}

impl Lane {
    /// Of a call that leads there.
    pub(super) fn new(url: Url) -> Self {
        Lane(Arc::new(Shared {
            url: Some(url),
            state: Mutex::default(),
        }))
    }

    /// Where the call leads to, as long as no layer leads it elsewhere.
    pub(super) fn url(&self) -> Option<&Url> {
        self.0.url.as_ref()
    }

    pub(super) fn into_url(mut self) -> Option<Url> {
        match Arc::get_mut(&mut self.0) {
            Some(shared) => shared.url.take(),
            // There is a request still that could go along it, such as one that a body keeps.
            None => self.0.url.clone(),
        }
    }

    /// Asks the call to do this, unless it is over.
    #[allow(
        clippy::result_large_err,
        reason = "the job goes back to where it came from"
    )]
    pub(super) fn ask(self, job: Job) -> Result<Ticket, Job> {
        let mut state = self.lock();
        if state.closed {
            return Err(job);
        }
        let number = state.free();
        if let Some(place) = state.place(number) {
            place.stage = Stage::Asked;
            place.job = Some(job);
        }
        let call = state.call.take();
        drop(state);
        wake(call);
        Ok(Ticket {
            lane: Some(self),
            number,
        })
    }

    /// What the call has to do next. If that is nothing, it will be woken when there is something.
    pub(super) fn next(&self, cx: &Context<'_>) -> Option<Work> {
        let mut state = self.lock();
        for (number, place) in state.places().enumerate() {
            match place.stage {
                Stage::Asked => {
                    place.stage = Stage::UnderWay;
                    return Some(Work::Begin(number));
                }
                Stage::GivenUp => {
                    place.stage = Stage::Free;
                    return Some(Work::GiveUp(number));
                }
                Stage::Free | Stage::UnderWay | Stage::Done => {}
            }
        }
        let before = state.call.replace(cx.waker().clone());
        drop(state);
        drop(before);
        None
    }

    /// The job of an attempt that begins, unless it was given up.
    pub(super) fn take(&self, number: usize) -> Option<Job> {
        self.lock().place(number)?.job.take()
    }

    /// What came of an attempt. The caller polls the stack in `cx` next.
    pub(super) fn answer(&self, number: usize, outcome: Outcome, cx: &Context<'_>) {
        let mut state = self.lock();
        // It is awake.
        let call = state.call.take();
        let Some(place) = state.place(number) else {
            return;
        };
        let waker = place.waker.take();
        let mut unwanted = None;
        if let Stage::UnderWay = place.stage {
            place.stage = Stage::Done;
            place.outcome = Some(outcome);
        } else {
            place.stage = Stage::Free;
            unwanted = Some(outcome);
        }
        drop(state);
        drop((unwanted, call));
        wake(waker.filter(|waker| !waker.will_wake(cx.waker())));
    }

    /// Closes the lane when it is dropped.
    pub(super) const fn closing(&self) -> Closing<'_> {
        Closing(self)
    }

    fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        let call = state.call.take();
        let mut left = Vec::new();
        for place in state.places() {
            if !matches!(place.stage, Stage::Free | Stage::Done) {
                place.stage = Stage::Free;
                left.push((place.job.take(), place.waker.take()));
            }
        }
        drop(state);
        drop(call);
        for (job, waker) in left {
            drop(job);
            wake(waker);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closes a lane: attempts that still wait find that out, and requests go elsewhere.
pub(super) struct Closing<'a>(&'a Lane);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl State {
    fn places(&mut self) -> impl Iterator<Item = &mut Place> {
        std::iter::once(&mut self.first).chain(&mut self.more)
    }

    fn place(&mut self, number: usize) -> Option<&mut Place> {
        self.places().nth(number)
    }

    /// The number of a place that is free.
    fn free(&mut self) -> usize {
        let free = |place: &mut Place| matches!(place.stage, Stage::Free);
        let number = self.places().position(free);
        number.unwrap_or_else(|| {
            self.more.push(Place::default());
            self.more.len()
        })
    }
}

/// What an attempt waits with. Dropping it gives the attempt up.
pub(super) struct Ticket {
    /// Until the end.
    lane: Option<Lane>,
    number: usize,
}

impl Ticket {
    /// What came of it, and the lane.
    pub(super) fn poll(&mut self, cx: &Context<'_>) -> Poll<(Outcome, Lane)> {
        let Some(lane) = self.lane.take() else {
            // A future that was ready may do as it likes when it is polled once more.
            return Poll::Pending;
        };
        let mut state = lane.lock();
        let outcome = match state.place(self.number) {
            Some(place) => match place.stage {
                Stage::Done => {
                    place.stage = Stage::Free;
                    place.outcome.take()
                }
                Stage::Free => None,
                Stage::Asked | Stage::UnderWay | Stage::GivenUp => {
                    let before = place.waker.replace(cx.waker().clone());
                    drop(state);
                    drop(before);
                    self.lane = Some(lane);
                    return Poll::Pending;
                }
            },
            None => None,
        };
        drop(state);
        let outcome = outcome.unwrap_or_else(|| Err(ThroughError::abandoned()));
        Poll::Ready((outcome, lane))
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let Some(lane) = self.lane.take() else {
            return;
        };
        let mut state = lane.lock();
        let Some(place) = state.place(self.number) else {
            return;
        };
        let left = (place.job.take(), place.outcome.take(), place.waker.take());
        let mut call = None;
        if let Stage::UnderWay = place.stage {
            place.stage = Stage::GivenUp;
            call = state.call.take();
        } else {
            place.stage = Stage::Free;
        }
        drop(state);
        drop(left);
        wake(call);
    }
}

fn wake(waker: Option<Waker>) {
    if let Some(waker) = waker {
        waker.wake();
    }
}
