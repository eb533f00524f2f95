//! One call through a stack whose innermost service borrows nothing.
//!
//! [`Next`] lives as long as the call only, while a stack of layers lives as long as the client,
//! and its bodies as long as they like. So a request carries a [`Lane`] to the call it belongs to:
//! the innermost service sends what is to be done along it, and the call does it, beside the stack.

use super::error::ThroughError;
use buttress_core::{BoxError, Deadline, Failure};
use futures_util::stream::{FuturesUnordered, Stream};
use http::{Extensions, Request};
use reqwest_middleware::Next;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use tokio::sync::{mpsc, oneshot};
use tower_service::Service;

pub(super) type Outcome = Result<reqwest::Response, ThroughError>;

/// What is to be run through the middlewares below.
pub(super) struct Job {
    pub(super) request: reqwest::Request,
    pub(super) extensions: Extensions,
    pub(super) reply: oneshot::Sender<Outcome>,
}

/// The way to the call that a request belongs to: closed when that is over. Holds as many jobs as the
/// stack has attempts in flight.
#[derive(Clone)]
pub(super) struct Lane(pub(super) mpsc::UnboundedSender<Job>);

/// Makes the call with `stack`, and runs its attempts through `next`. What these left among the
/// extensions is there afterwards.
pub(super) async fn drive<S>(
    mut stack: S,
    mut request: Request<reqwest::Body>,
    extensions: &mut Extensions,
    next: Next<'_>,
) -> Result<S::Response, BoxError>
where
    S: Service<Request<reqwest::Body>>,
    S::Error: Into<BoxError>,
{
    let deadline = extensions.get::<Deadline>().copied();
    let (lane, mut jobs) = mpsc::unbounded_channel();
    request.extensions_mut().insert(Lane(lane));
    let mut call = pin!(async move {
        poll_fn(|cx| stack.poll_ready(cx)).await?;
        stack.call(request).await
    });
    let mut under_way = FuturesUnordered::new();
    let outcome = poll_fn(|cx| {
        loop {
            if let Poll::Ready(outcome) = call.as_mut().poll(cx) {
                return Poll::Ready(outcome.map_err(Into::into));
            }
            while let Poll::Ready(Some(job)) = jobs.poll_recv(cx) {
                under_way.push(run(next.clone(), job));
            }
            match Pin::new(&mut under_way).poll_next(cx) {
                // Its answer is what the stack has waited for.
                Poll::Ready(Some(left)) => *extensions = left,
                Poll::Ready(None) | Poll::Pending => return Poll::Pending,
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

/// Does a job, unless nobody waits for it any longer, and says what it left among the extensions.
async fn run(next: Next<'_>, job: Job) -> Extensions {
    let Job {
        request,
        mut extensions,
        mut reply,
    } = job;
    // Of an attempt before.
    extensions.remove::<Failure>();
    let outcome = {
        let mut work = next.run(request, &mut extensions);
        poll_fn(|cx| {
            if reply.poll_closed(cx).is_ready() {
                return Poll::Ready(None);
            }
            work.as_mut().poll(cx).map(Some)
        })
        .await
    };
    if let Some(outcome) = outcome {
        let outcome = outcome.map_err(|error| ThroughError::of_client(error, &extensions));
        // Whoever stopped waiting in this very moment needs no answer.
        let _ = reply.send(outcome);
    }
    extensions
}
