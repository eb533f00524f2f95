//! The course of one body: what each frame, each end and each answer of a try means for it.

use crate::cursor::{Cursor, End as Ended, Ending};
use crate::plan::Plan;
use crate::story::Story;
use crate::verify::Verdict;
use crate::watch::{Outcome, Unseen, Watch};
use buttress_core::{BoxError, Delivery, Failure, FailureKind, Phase, Snapshot, StopReason};
use bytes::{Buf, Bytes};
use http::HeaderMap;
use http_body::Frame;
use std::mem;
use std::time::Duration;

/// One body, as the consumer sees it.
pub(crate) struct Course<S, B, K> {
    /// Bytes that went to the consumer.
    pub(crate) delivered: u64,
    /// Bytes the body must have, once known.
    pub(crate) announced: Option<u64>,
    /// What it takes to go on; nothing when the body can't be continued.
    pub(crate) reopen: Option<Box<Reopen<S, B, K>>>,
}

/// What a further connection is made with. Only a body that can be continued pays for it.
pub(crate) struct Reopen<S, B, K> {
    pub(crate) service: S,
    pub(crate) kept: Snapshot<B>,
    /// Present when a cursor has taken the body.
    pub(crate) watch: Option<Watch<K>>,
    pub(crate) story: Story,
}

/// How a connection's part of the body ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Clean,
    Broken,
}

/// What a turn of the body leads to.
pub(crate) enum Turn {
    Nothing,
    Frame(Frame<Bytes>),
    /// The body is whole: first these bytes that were held back, then trailers, go out.
    Whole(Bytes, Option<HeaderMap>),
    /// Another connection after this wait.
    Again(Duration),
    /// It ends here, after these last words.
    Fail(Failure, Bytes),
}

impl<S, B, K: Cursor<B>> Course<S, B, K> {
    /// Judges what a connection brought.
    pub(crate) fn frame<D: Buf>(
        &mut self,
        frame: Option<Result<Frame<D>, impl Into<BoxError>>>,
    ) -> Turn {
        match frame {
            Some(Ok(frame)) => match frame.into_data() {
                Ok(mut data) => self.data(data.copy_to_bytes(data.remaining())),
                Err(frame) => match frame.into_trailers() {
                    Ok(trailers) => self.ended(Some(trailers)),
                    Err(_) => Turn::Nothing,
                },
            },
            Some(Err(error)) => self.broke(Failure::in_body(error, self.delivered)),
            None => self.ended(None),
        }
    }

    fn data(&mut self, mut data: Bytes) -> Turn {
        if let Some(reopen) = &mut self.reopen {
            let story = &mut reopen.story;
            if let Some(watch) = &mut reopen.watch {
                watch.received(data.len());
                watch.push(story.events.push(data));
                return Turn::Nothing;
            }
            if story.skip > 0 {
                let again = story.skip.min(data.len() as u64);
                story.skip -= again;
                // Not more than the length, which is a usize.
                data.advance(usize::try_from(again).unwrap_or(data.len()));
            }
            if matches!(story.plan, Plan::Events) {
                let (first, second) = story.events.push(data);
                (data, story.queued) = if first.is_empty() {
                    (second, first)
                } else {
                    (first, second)
                };
            }
        }
        self.deliver(data)
    }

    /// What has come together with the last frame and has not gone out yet.
    pub(crate) fn queued(&mut self) -> Option<Turn> {
        let reopen = self.reopen.as_mut()?;
        if let Some(watch) = &mut reopen.watch {
            return Some(match watch.next()? {
                Outcome::Data(data) => self.deliver(data),
                Outcome::Fail(failure) if failure.is_transient() => self.stream_ended(Err(failure)),
                Outcome::Fail(failure) => self.fail(failure, StopReason::NotTransient),
            });
        }
        if reopen.story.queued.is_empty() {
            return None;
        }
        let queued = mem::take(&mut reopen.story.queued);
        Some(self.deliver(queued))
    }

    fn deliver(&mut self, data: Bytes) -> Turn {
        if data.is_empty() {
            return Turn::Nothing;
        }
        let delivered = self.delivered.saturating_add(data.len() as u64);
        if self
            .announced
            .is_some_and(|announced| delivered > announced)
        {
            let failure = Failure::new(FailureKind::Protocol)
                .with_phase(Phase::Body)
                .with_transient(false)
                .with_source("the body is longer than its head said");
            return self.fail(failure, StopReason::NotTransient);
        }
        self.delivered = delivered;
        Turn::Frame(Frame::data(data))
    }

    /// Whether the body is whole, given how its connection ended.
    ///
    /// A length outweighs the way it ended, both ways: what broke after the last byte is whole,
    /// and what ended well before it is not.
    pub(crate) fn is_whole(&self, end: End) -> bool {
        let reopen = self.reopen.as_ref();
        if let Some(watch) = reopen.and_then(|reopen| reopen.watch.as_ref()) {
            return watch.is_complete();
        }
        let story = reopen.map(|reopen| &reopen.story);
        if story.is_some_and(|story| story.skip > 0) {
            return false;
        }
        match self.announced {
            Some(announced) => self.delivered >= announced,
            None => end == End::Clean && !story.is_some_and(Story::may_be_a_part),
        }
    }

    /// The connection says that the body is over.
    fn ended(&mut self, trailers: Option<HeaderMap>) -> Turn {
        if let Some(watch) = self.watch() {
            if watch.is_owed() == Some(true) && !watch.is_complete() {
                return self.stream_ended(Err(truncated()));
            }
            return self.stream_ended(Ok(trailers));
        }
        if self.is_whole(End::Clean) {
            return self.whole(None, trailers);
        }
        self.cut(truncated())
    }

    /// The body is whole: what is left of it, if not what is held back, and its trailers go out.
    fn whole(&mut self, rest: Option<Bytes>, trailers: Option<HeaderMap>) -> Turn {
        let Some(reopen) = &mut self.reopen else {
            return Turn::Whole(Bytes::new(), trailers);
        };
        reopen.story.came_through();
        let held = reopen.story.events.rest();
        Turn::Whole(rest.unwrap_or(held), trailers)
    }

    /// The connection broke.
    fn broke(&mut self, failure: Failure) -> Turn {
        if let Some(watch) = self.watch() {
            if watch.is_owed() == Some(false) {
                // After the last byte that was announced.
                return self.stream_ended(Ok(None));
            }
            return self.stream_ended(Err(failure));
        }
        if self.is_whole(End::Broken) {
            return self.whole(None, None);
        }
        if !is_about_the_connection(failure.kind()) {
            return self.fail(failure, StopReason::NotTransient);
        }
        self.cut(failure)
    }

    /// A connection of a stream with a cursor ended.
    fn stream_ended(&mut self, end: Result<Option<HeaderMap>, Failure>) -> Turn {
        let Some((story, watch)) = self.watched() else {
            return Turn::Nothing;
        };
        if watch.is_complete() {
            return match end {
                Ok(trailers) => self.whole(None, trailers),
                Err(_) => self.whole(Some(Bytes::new()), None),
            };
        }
        if let Err(failure) = &end {
            if !is_about_the_connection(failure.kind()) {
                return self.fail(failure.clone(), StopReason::NotTransient);
            }
        }
        let ending = match (watch.unseen(), &end) {
            (None, end) => {
                let unfinished = story.events.rest();
                watch
                    .cursor
                    .end(&Ended::new(end.as_ref().err(), &unfinished))
            }
            // What was not shown may have been the last event.
            (Some(Unseen::Whole), Ok(_)) => Ending::Complete(Bytes::new()),
            (Some(_), _) => Ending::Stop(StopReason::NotResumable),
        };
        match (ending, end) {
            (Ending::Complete(rest), end) => self.whole(Some(rest), end.unwrap_or(None)),
            (Ending::Reopen, end) => self.cut(end.err().unwrap_or_else(truncated)),
            (Ending::Stop(reason), end) => self.fail(end.err().unwrap_or_else(truncated), reason),
        }
    }

    /// Whether a cursor has taken the body.
    pub(crate) fn has_watch(&self) -> bool {
        self.watch().is_some()
    }

    fn watch(&self) -> Option<&Watch<K>> {
        self.reopen.as_ref()?.watch.as_ref()
    }

    fn watched(&mut self) -> Option<(&mut Story, &mut Watch<K>)> {
        let reopen = self.reopen.as_deref_mut()?;
        Some((&mut reopen.story, reopen.watch.as_mut()?))
    }

    /// The body stopped where it must not: another connection, if there can be one.
    fn cut(&mut self, failure: Failure) -> Turn {
        if let Some((story, watch)) = self.watched() {
            story.shown = watch.progress();
            watch.restart();
        }
        let next = match &mut self.reopen {
            Some(reopen) => reopen.story.broke(self.delivered, &failure),
            None => Err(StopReason::NotResumable),
        };
        self.next(failure, next)
    }

    /// A try to re-open failed: another one, if trying helps.
    pub(crate) fn try_failed(&mut self, failure: Failure) -> Turn {
        let next = match &mut self.reopen {
            Some(reopen) if failure.is_transient() => reopen.story.again(self.delivered, &failure),
            _ => Err(StopReason::NotTransient),
        };
        self.next(failure, next)
    }

    fn next(&mut self, failure: Failure, next: Result<Duration, StopReason>) -> Turn {
        match next {
            Ok(wait) => Turn::Again(wait),
            Err(reason) => self.fail(failure, reason),
        }
    }

    /// The answer to a try has been judged.
    pub(crate) fn judged(&mut self, verdict: Verdict) -> Turn {
        match verdict {
            Verdict::Continue { skip, complete } => {
                if let Some(reopen) = &mut self.reopen {
                    let known = reopen.story.reopened(skip, complete);
                    self.announced = self.announced.or(known);
                }
                Turn::Nothing
            }
            Verdict::Finished => self.whole(None, None),
            Verdict::Again(failure) => self.try_failed(failure),
            Verdict::Stop(failure) => self.fail(failure, StopReason::NotResumable),
        }
    }

    /// The failure that the consumer gets: what was delivered, what was tried, why it ended.
    pub(crate) fn fail(&mut self, failure: Failure, reason: StopReason) -> Turn {
        let (failure, last_words) = self.ended_by(failure, reason);
        Turn::Fail(failure, last_words)
    }

    fn ended_by(&mut self, failure: Failure, reason: StopReason) -> (Failure, Bytes) {
        let reason = failure.stopped().unwrap_or(reason);
        let mut failure = failure
            .with_delivery(Delivery::Partial {
                bytes: self.delivered,
            })
            .with_stopped(reason);
        let mut last_words = None;
        if let Some(reopen) = &mut self.reopen {
            failure = reopen.story.gave_up(failure);
            if let Some(watch) = &mut reopen.watch {
                last_words = watch.cursor.give_up(&failure);
            }
        }
        (failure, last_words.unwrap_or_default())
    }

    /// The failure when the caller's deadline has passed.
    #[cold]
    pub(crate) fn cut_off(&mut self) -> (Failure, Bytes) {
        let failure = Failure::new(FailureKind::TimeoutTotal).with_phase(Phase::Body);
        self.ended_by(failure, StopReason::Deadline)
    }

    /// Why the connection before the one at hand ended.
    pub(crate) fn cause(&self) -> Failure {
        let cause = self.reopen.as_ref().and_then(|reopen| reopen.story.cause());
        cause.cloned().unwrap_or_else(truncated)
    }

    /// Whether something that has come is held back.
    pub(crate) fn is_holding(&self) -> bool {
        self.reopen.as_ref().is_some_and(|reopen| {
            reopen.story.is_holding() || reopen.watch.as_ref().is_some_and(Watch::is_holding)
        })
    }
}

/// The body ended before it was complete.
pub(crate) fn truncated() -> Failure {
    Failure::new(FailureKind::StreamTruncated).with_phase(Phase::Body)
}

/// Whether another connection can help: not against limits, decoders and decisions of this side.
fn is_about_the_connection(kind: FailureKind) -> bool {
    !matches!(
        kind,
        FailureKind::BudgetExhausted
            | FailureKind::Cancelled
            | FailureKind::Decode
            | FailureKind::PayloadTooLarge
            | FailureKind::RepresentationChanged
            | FailureKind::TimeoutTotal
    )
}
