//! The service and the body around the [`Engine`].

use super::Flaw;
use super::engine::{self, Engine};
use buttress_core::{BoxError, Failure};
use bytes::Bytes;
use http::{Request, Response};
use http_body::{Body, Frame};
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use tower_service::Service;

pub(super) type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Retries and resumes, in the simplest way that is right, or with a [`Flaw`].
///
/// It takes no time: no wait, no limit. Answers that are no success pass.
#[derive(Clone, Debug)]
pub struct Naive<S> {
    inner: S,
    flaw: Option<Flaw>,
}

impl<S> Naive<S> {
    /// One that is right.
    #[must_use]
    pub fn new(inner: S) -> Self {
        Naive { inner, flaw: None }
    }

    /// One that is wrong.
    #[must_use]
    pub fn with(inner: S, flaw: Flaw) -> Self {
        let flaw = Some(flaw);
        Naive { inner, flaw }
    }
}

impl<S, B, RB> Service<Request<B>> for Naive<S>
where
    S: Service<Request<B>, Response = Response<RB>> + Clone + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
    B: Clone + Send + 'static,
    RB: Body<Data = Bytes> + Send + 'static,
    RB::Error: Into<BoxError>,
{
    type Response = Response<NaiveBody<S, B, RB>>;
    type Error = Failure;
    type Future = Boxed<Result<Self::Response, Failure>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let inner = self.inner.clone();
        let flaw = self.flaw;
        Box::pin(async move {
            let (engine, parts) = engine::open(inner, request, flaw).await?;
            let turn = Turn::Idle(Box::new(engine));
            Ok(Response::from_parts(parts, NaiveBody { turn }))
        })
    }
}

/// The body of a [`Naive`].
pub struct NaiveBody<S, B, RB> {
    turn: Turn<S, B, RB>,
}

enum Turn<S, B, RB> {
    Idle(Box<Engine<S, B, RB>>),
    Busy(Boxed<Turned<S, B, RB>>),
    Moved,
}

/// A frame, and what goes on after it.
type Turned<S, B, RB> = (Item, Box<Engine<S, B, RB>>);

pub(super) type Item = Option<Result<Frame<Bytes>, Failure>>;

impl<S, B, RB> Body for NaiveBody<S, B, RB>
where
    S: Service<Request<B>, Response = Response<RB>> + Clone + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
    B: Clone + Send + 'static,
    RB: Body<Data = Bytes> + Send + 'static,
    RB::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = Failure;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Item> {
        loop {
            match std::mem::replace(&mut self.turn, Turn::Moved) {
                Turn::Idle(mut engine) => {
                    self.turn = Turn::Busy(Box::pin(async move {
                        let item = engine.next().await;
                        (item, engine)
                    }));
                }
                Turn::Busy(mut turn) => {
                    let Poll::Ready((item, engine)) = turn.as_mut().poll(cx) else {
                        self.turn = Turn::Busy(turn);
                        return Poll::Pending;
                    };
                    self.turn = Turn::Idle(engine);
                    return Poll::Ready(item);
                }
                Turn::Moved => unreachable!("put back before every return"),
            }
        }
    }
}

impl<S, B, RB> fmt::Debug for NaiveBody<S, B, RB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NaiveBody").finish_non_exhaustive()
    }
}
