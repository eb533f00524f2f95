//! One call through a stack whose innermost service borrows nothing.
//!
//! [`Next`] lives as long as the call only, while a stack of layers lives as long as the client,
//! and its bodies as long as they like. So a request carries a [`Lane`] to the call it belongs to:
//! the innermost service sends what is to be done along it, and the call does it, beside the stack.

use super::error::ThroughError;
use super::lane::{Lane, Outcome, Work};
use buttress_core::{Deadline, Failure};
use http::Extensions;
use pin_project_lite::pin_project;
use reqwest_middleware::{Error, Next};
use std::future::{Future, pending, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

/// Sees a `call` of the stack through, and runs its attempts through `next`. What these left among
/// the extensions is there afterwards.
pub(super) async fn drive<F: Future>(
    mut call: Pin<&mut F>,
    lane: &Lane,
    extensions: &mut Extensions,
    next: Next<'_>,
) -> F::Output {
    let deadline = extensions.get::<Deadline>().copied();
    let mut under_way = pin!(UnderWay::none());
    let outcome = poll_fn(|cx| {
        loop {
            if let Poll::Ready(outcome) = call.as_mut().poll(cx) {
                return Poll::Ready(outcome);
            }
            while let Some(work) = lane.next(cx) {
                let (number, attempt) = match work {
                    Work::Begin(number) => (number, Some(run(next.clone(), lane, number))),
                    Work::GiveUp(number) => (number, None),
                };
                under_way.as_mut().set(number, attempt);
            }
            match under_way.as_mut().poll(cx) {
                Poll::Ready((number, (outcome, left))) => {
                    *extensions = left;
                    lane.answer(number, outcome, cx);
                }
                Poll::Pending => return Poll::Pending,
            }
        }
    })
    .await;
    // That of an attempt is none of the caller's.
    extensions.remove::<Deadline>();
    if let Some(deadline) = deadline {
        extensions.insert(deadline);
    }
    outcome
}

/// Does the job with this number, and says what it left among the extensions.
async fn run(next: Next<'_>, lane: &Lane, number: usize) -> (Outcome, Extensions) {
    let mut extensions = Extensions::new();
    let outcome = match begin(next, lane, number, &mut extensions) {
        Some(work) => work.await,
        // It is about to be given up.
        None => pending().await,
    };
    let outcome = outcome.map_err(|error| ThroughError::of_client(error, &extensions));
    (outcome, extensions)
}

/// A function of its own, so that `run` has no room for a request.
fn begin<'a>(
    next: Next<'a>,
    lane: &Lane,
    number: usize,
    extensions: &'a mut Extensions,
) -> Option<impl Future<Output = Result<reqwest::Response, Error>> + use<'a>> {
    let job = lane.take(number)?;
    *extensions = job.extensions;
    // Of an attempt before.
    extensions.remove::<Failure>();
    Some(next.run(job.request, extensions))
}

pin_project! {
    /// The attempts that are under way, each under the number of its place in the lane.
    struct UnderWay<F> {
        // Nearly always the only one: it needs no box.
        #[pin]
        first: Option<F>,
        more: Vec<Option<Pin<Box<F>>>>,
    }
}

impl<F: Future> UnderWay<F> {
    const fn none() -> Self {
        UnderWay {
            first: None,
            more: Vec::new(),
        }
    }

    /// In place of the one that may be there.
    fn set(self: Pin<&mut Self>, number: usize, attempt: Option<F>) {
        let mut this = self.project();
        let Some(beyond) = number.checked_sub(1) else {
            this.first.set(attempt);
            return;
        };
        if this.more.len() <= beyond {
            this.more.resize_with(number, || None);
        }
        if let Some(place) = this.more.get_mut(beyond) {
            *place = attempt.map(Box::pin);
        }
    }

    /// The next one that is done, and its number.
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<(usize, F::Output)> {
        let mut this = self.project();
        if let Some(attempt) = this.first.as_mut().as_pin_mut() {
            if let Poll::Ready(output) = attempt.poll(cx) {
                this.first.set(None);
                return Poll::Ready((0, output));
            }
        }
        for (beyond, place) in this.more.iter_mut().enumerate() {
            if let Some(attempt) = place {
                if let Poll::Ready(output) = attempt.as_mut().poll(cx) {
                    *place = None;
                    return Poll::Ready((beyond + 1, output));
                }
            }
        }
        Poll::Pending
    }
}
