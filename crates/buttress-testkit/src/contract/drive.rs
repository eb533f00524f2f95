//! Running a call poll by poll.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

/// Longer than anything a service may wait for.
const HOUR: Duration = Duration::from_secs(3_600);

/// How a run ended.
#[derive(Debug)]
pub(super) enum Ran<T> {
    /// It was over after so many polls.
    Over(T, usize),
    /// It was dropped before it was over.
    Dropped,
    /// It did not end within an hour, after so many polls.
    Hung(usize),
    Panicked(String),
}

/// Polls the future at most `polls` times, and drops it.
pub(super) async fn run<F: Future>(future: F, polls: usize) -> Ran<F::Output> {
    let mut counted = 0;
    let limited = Limited {
        future: pin!(future),
        left: polls,
        counted: &mut counted,
    };
    match tokio::time::timeout(HOUR, limited).await {
        Ok(Some(Ok(output))) => Ran::Over(output, counted),
        Ok(Some(Err(panic))) => Ran::Panicked(panic),
        Ok(None) => Ran::Dropped,
        Err(_) => Ran::Hung(counted),
    }
}

struct Limited<'a, F> {
    future: Pin<&'a mut F>,
    left: usize,
    counted: &'a mut usize,
}

impl<F: Future> Future for Limited<'_, F> {
    type Output = Option<Result<F::Output, String>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        if *this.counted == this.left {
            return Poll::Ready(None);
        }
        *this.counted += 1;
        let polled = catch_unwind(AssertUnwindSafe(|| this.future.as_mut().poll(cx)));
        match polled {
            Ok(Poll::Ready(output)) => Poll::Ready(Some(Ok(output))),
            // Not polled again: this is where it is dropped.
            Ok(Poll::Pending) if *this.counted == this.left => Poll::Ready(None),
            Ok(Poll::Pending) => Poll::Pending,
            Err(panic) => Poll::Ready(Some(Err(text(&*panic)))),
        }
    }
}

fn text(panic: &(dyn std::any::Any + Send)) -> String {
    match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => (*text).to_owned(),
        (_, Some(text)) => text.clone(),
        _ => "a panic without words".to_owned(),
    }
}
