use super::AnswerBody;
use super::layer::Limits;
use super::look::{Found, Look, Looking};
use crate::Call;
use buttress_core::time::{Expired, Span, Wait};
use buttress_core::{BoxError, Delivery, Failure, FailureKind, Limit, Phase};
use http::Response;
use http_body::Body;
use pin_project_lite::pin_project;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

pin_project! {
    /// The future of an [`Answer`](crate::Answer)'s call.
    ///
    /// Dropping it drops the call, or the response that is held.
    pub struct AnswerFuture<F, RB> {
        #[pin]
        inner: F,
        call: Option<Call>,
        limits: Limits,
        wait: Wait,
        looking: Option<Pin<Box<Looking<RB>>>>,
    }
}

impl<F, RB> AnswerFuture<F, RB> {
    pub(super) fn new(inner: F, call: Option<Call>, mut limits: Limits) -> Self {
        // A document has its head when it is whole.
        if call.as_ref().and_then(Call::is_streaming) == Some(false) {
            limits.stream_head = Span::NONE;
        }
        AnswerFuture {
            inner,
            call,
            limits,
            wait: Wait::new(),
            looking: None,
        }
    }
}

impl<F, E, RB> Future for AnswerFuture<F, RB>
where
    F: Future<Output = Result<Response<RB>, E>>,
    E: Into<BoxError>,
    RB: Body,
    RB::Error: Into<BoxError>,
{
    type Output = Result<Response<AnswerBody<RB>>, Failure>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if this.looking.is_none() {
            let response = match this.inner.poll(cx) {
                Poll::Ready(Ok(response)) => response,
                Poll::Ready(Err(error)) => return Poll::Ready(Err(Failure::from(error.into()))),
                Poll::Pending => {
                    let Some(call) = this.call else {
                        return Poll::Pending;
                    };
                    let expired = ready!(this.wait.poll(this.limits.stream_head, None, cx));
                    if call.is_streaming() == Some(true) {
                        return Poll::Ready(Err(late(*this.limits, expired)));
                    }
                    // A document has its head when it is whole.
                    this.limits.stream_head = Span::NONE;
                    return Poll::Pending;
                }
            };
            let (head, body) = response.into_parts();
            let Some(look) = Look::at(&head, this.call.as_ref()) else {
                let body = AnswerBody::plain(body);
                return Poll::Ready(Ok(Response::from_parts(head, body)));
            };
            let looking = Looking::new(head, body, look, *this.limits, this.call.as_ref());
            *this.looking = Some(Box::pin(looking));
        }
        let found = match this.looking {
            Some(looking) => ready!(looking.as_mut().poll_found(cx)),
            None => Found::Answer,
        };
        let Some(mut looking) = this.looking.take() else {
            return Poll::Pending;
        };
        let Some(mut head) = looking.as_mut().project().head.take() else {
            return Poll::Pending;
        };
        match found {
            Found::Answer => {}
            Found::Stands(failure) => failure.attach(&mut head.extensions),
            Found::Fails(failure) => return Poll::Ready(Err(unseen(failure))),
        }
        // What was read of it is not kept as long as the stream lasts.
        looking.as_mut().project().look.passed();
        Poll::Ready(Ok(Response::from_parts(head, AnswerBody::held(looking))))
    }
}

/// What had arrived was held, so that none of it was passed on.
fn unseen(failure: Failure) -> Failure {
    match failure.delivery() {
        Delivery::Partial { .. } => failure.with_delivery(Delivery::Partial { bytes: 0 }),
        _ => failure,
    }
}

#[cold]
fn late(limits: Limits, expired: Expired) -> Failure {
    let failure = Failure::new(FailureKind::TimeoutHead)
        .with_phase(Phase::Head)
        .with_delivery(Delivery::Unknown);
    match limits.stream_head.get() {
        Some(limit) => failure.with_limit(Limit::new(limit, expired.after)),
        None => failure,
    }
}

impl<F, RB> fmt::Debug for AnswerFuture<F, RB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnswerFuture")
            .field("call", &self.call)
            .field("holding", &self.looking.is_some())
            .finish_non_exhaustive()
    }
}
