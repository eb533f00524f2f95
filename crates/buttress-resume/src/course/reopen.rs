//! Another connection: asking for it, and what its answer means.

use super::{Course, Reopen, Source, Turn, truncated};
use crate::cursor::Cursor;
use crate::ends::LastEvent;
use crate::head::content_length;
use crate::origin::Origin;
use crate::verify::{Verdict, verify};
use crate::watch::Watch;
use buttress_core::{BoxError, Delivery, Failure, LastWords, ReplayableBody, StopReason};
use bytes::Bytes;
use http::response::Parts;
use http::{Request, Response};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tower_service::Service;

impl<S, B, K> Course<S, B, K>
where
    S: Service<Request<B>> + Clone,
    S::Error: Into<BoxError>,
    B: ReplayableBody,
    K: Cursor<B>,
{
    /// Waits for readiness, then asks for the rest, unless it is too late by then.
    pub(crate) fn poll_open(&mut self, cx: &mut Context<'_>) -> Poll<Result<S::Future, Turn>> {
        let source = self.open_mut().and_then(|open| open.source.as_mut());
        if let Some(Source { service, .. }) = source {
            if let Err(error) = ready!(service.poll_ready(cx)) {
                // What failed to become ready must not be used again.
                *service = service.clone();
                return Poll::Ready(Err(self.try_failed(Failure::unready(error))));
            }
        }
        if self.story().is_some_and(|story| story.is_late()) {
            return Poll::Ready(Err(self.cut_off()));
        }
        Poll::Ready(self.ask().map_err(|reason| {
            let cause = self.cause();
            self.fail(cause, reason)
        }))
    }

    /// Asks for the rest.
    fn ask(&mut self) -> Result<S::Future, StopReason> {
        let delivered = self.delivered();
        let Some(Reopen {
            source: Some(source),
            watch,
            story,
        }) = self.open_mut()
        else {
            return Err(StopReason::NotResumable);
        };
        let request = source.kept.rebuild();
        let mut request = request.ok_or(StopReason::BodyNotReplayable)?;
        story.ask_for_rest(delivered, request.headers_mut());
        if let Some(cursor) = watch.as_mut().and_then(Watch::cursor) {
            let origin = Origin::of(&request);
            request = cursor.reopen(request)?;
            if origin != Origin::of(&request) {
                return Err(StopReason::NotResumable);
            }
        }
        story.sends();
        Ok(source.service.call(request))
    }

    /// Judges a re-opened response by its head.
    pub(crate) fn look_at<RB>(&mut self, response: Response<RB>) -> (Verdict, RB) {
        let (head, body) = response.into_parts();
        LastWords::hold_back(&head.extensions);
        (self.verify(&head), body)
    }

    fn verify(&mut self, head: &Parts) -> Verdict {
        let delivered = self.delivered();
        let Some(Reopen { watch, story, .. }) = self.open_mut() else {
            return Verdict::Stop(truncated());
        };
        if let Some(watch) = watch {
            watch.reopened(content_length(&head.headers));
            if let Some(cursor) = watch.cursor() {
                return cursor.verify(head).into();
            }
        }
        let asked = story.asked(delivered);
        match Failure::of(&head.extensions) {
            // What a layer below says of the server's own answer leaves it to be judged: a 416 can
            // be the end.
            Some(own)
                if !own.is_transient() && own.delivery() == Delivery::Answered(head.status) =>
            {
                match verify(asked, head.status, &head.headers) {
                    Verdict::Stop(failure) => Verdict::Stop(failure.with_earlier(own.history())),
                    verdict => verdict,
                }
            }
            Some(failure) if failure.is_transient() => Verdict::Again(failure.clone()),
            Some(failure) => Verdict::Stop(failure.clone()),
            None => verify(asked, head.status, &head.headers),
        }
    }
}

impl<S, B, K: Cursor<B>> Course<S, B, K> {
    /// A try to re-open failed: another one, if trying helps.
    pub(crate) fn try_failed(&mut self, failure: Failure) -> Turn {
        let next = match self.story() {
            Some(story) if failure.is_transient() => story.again(&failure),
            _ => Err(StopReason::NotTransient),
        };
        self.next(failure, next)
    }

    pub(super) fn next(&mut self, failure: Failure, next: Result<Duration, StopReason>) -> Turn {
        match next {
            Ok(wait) => Turn::Again(wait),
            Err(reason) => self.fail(failure, reason),
        }
    }

    /// The answer to a try has been judged.
    pub(crate) fn judged(&mut self, verdict: Verdict) -> Turn {
        match verdict {
            Verdict::Continue(how) => {
                let delivered = self.delivered();
                if let Some(story) = self.story() {
                    let known = story.reopened(delivered, how);
                    let part_end = story.part_end();
                    // The rest of an event stream may be said in other bytes: without a comment, say.
                    let says_nothing = story.is_of_events() && delivered > 0;
                    let announced = self.announced().filter(|_| !says_nothing).or(known);
                    self.is_announced = announced.is_some();
                    self.announced = announced.unwrap_or_default();
                    self.set_limit(part_end.or(announced).unwrap_or(u64::MAX));
                }
                Turn::Nothing
            }
            Verdict::Finished => match self.lacks() {
                Some(what) => self.fail(truncated().with_source(what), StopReason::NotResumable),
                None => self.whole(Bytes::new(), None),
            },
            Verdict::Again(failure) => self.try_failed(failure),
            Verdict::Stop(failure) => self.fail(failure, StopReason::NotResumable),
        }
    }

    /// What a body lacks, of which the server says that nothing more follows.
    fn lacks(&self) -> Option<&'static str> {
        let Reopen { watch, story, .. } = self.open()?;
        let watch = watch.as_ref();
        if watch.is_some_and(Watch::has_cursor) {
            // It has judged that itself.
            None
        } else if watch.is_some_and(|watch| watch.last_event(true, &[]) == LastEvent::Awaited) {
            Some("the server says that the stream is over, without its last event")
        } else if story.is_torn {
            Some("the server says that the stream is over, within an event")
        } else if matches!(self.known(true, &[]).missing, Some(1..)) {
            Some("the server says that the stream is over, before its length")
        } else {
            None
        }
    }

    /// Why the connection before the one at hand ended.
    pub(crate) fn cause(&mut self) -> Failure {
        let cause = self.story().and_then(|story| story.cause());
        cause.cloned().unwrap_or_else(truncated)
    }
}
