//! The course of one body: what each frame, each end and each answer of a try means for it.

use crate::cursor::{Cursor, End, Ending};
use crate::ends::{Fate, Known, LastEvent, is_part_of_event, judge};
use crate::events::Found;
use crate::story::Story;
use crate::verify::Verdict;
use crate::watch::{Outcome, Watch};
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
    /// The most bytes that may have gone to the consumer when the connection at hand ends.
    limit: u64,
    pace: Pace,
    /// What is kept of the body's story; nothing when it can neither be continued nor watched.
    pub(crate) reopen: Option<Box<Reopen<S, B, K>>>,
}

/// How much the next frame has to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pace {
    /// It passes if it is not too long.
    Passing,
    /// Whole events pass.
    Events,
    /// All the way.
    Slow,
    /// Whole events that came with the last one go out before it.
    Queued,
}

/// What a quick look at a frame says.
pub(crate) enum Pass {
    /// It passes as it is.
    Whole,
    /// It does not begin and end with whole events: these were found in it.
    Cut(Found),
    /// It has to be looked at.
    No,
}

/// A body that can be continued, or has to be watched. Only such a one pays for it.
pub(crate) struct Reopen<S, B, K> {
    /// What a further connection is made with; `None` if there must be none.
    pub(crate) source: Option<Source<S, B>>,
    /// Who looks at the events, if anybody.
    pub(crate) watch: Option<Watch<K>>,
    pub(crate) story: Story,
}

/// What a further connection is made with.
pub(crate) struct Source<S, B> {
    pub(crate) service: S,
    pub(crate) kept: Snapshot<B>,
}

/// In a box, because hardly a body has any.
pub(crate) type Trailers = Option<Box<HeaderMap>>;

/// What a turn of the body leads to.
pub(crate) enum Turn {
    Nothing,
    /// This goes out.
    Data(Bytes),
    /// The body is whole: first these bytes that were held back, then trailers, go out.
    Whole(Bytes, Trailers),
    /// Another connection after this wait.
    Again(Duration),
    /// It ends here, after these last words.
    Fail(Failure, Bytes),
}

impl<S, B, K> Course<S, B, K> {
    pub(crate) fn new(announced: Option<u64>, reopen: Option<Box<Reopen<S, B, K>>>) -> Self {
        let mut course = Course {
            delivered: 0,
            announced,
            limit: announced.unwrap_or(u64::MAX),
            pace: Pace::Passing,
            reopen,
        };
        course.quicken();
        course
    }

    /// Whether a quick look at the next frame may be enough.
    #[inline]
    pub(crate) fn is_quick(&self) -> bool {
        matches!(self.pace, Pace::Passing | Pace::Events)
    }

    /// Looks at all that comes.
    pub(crate) fn slow_down(&mut self) {
        self.pace = Pace::Slow;
    }

    /// Looks no longer than necessary at the next frame.
    pub(crate) fn quicken(&mut self) {
        self.pace = match self.reopen.as_deref() {
            None => Pace::Passing,
            Some(Reopen { watch: Some(_), .. }) => Pace::Slow,
            Some(Reopen { story, .. }) if story.is_plain() => Pace::Passing,
            Some(Reopen { story, .. }) if !story.is_of_events() => Pace::Slow,
            Some(Reopen { story, .. }) if !story.queued.is_empty() => Pace::Queued,
            Some(Reopen { story, .. }) if story.events.are_new() => Pace::Events,
            Some(_) => Pace::Slow,
        };
    }

    /// What goes out before the next frame, and has been waiting for nothing else.
    pub(crate) fn take_queued(&mut self) -> Option<Bytes> {
        if self.pace != Pace::Queued {
            return None;
        }
        let story = &self.reopen.as_deref()?.story;
        let delivered = self.delivered_with(story.queued.len())?;
        let story = &mut self.reopen.as_deref_mut()?.story;
        let queued = mem::take(&mut story.queued);
        self.delivered = delivered;
        self.pace = if story.events.are_new() {
            Pace::Events
        } else {
            Pace::Slow
        };
        Some(queued)
    }

    /// Counts these bytes as delivered, if a quick look says that they may be.
    #[inline]
    pub(crate) fn passes(&mut self, data: &[u8]) -> Pass {
        let Some(delivered) = self.delivered_with(data.len()) else {
            return Pass::No;
        };
        if self.pace == Pace::Events {
            if let Some(Reopen { story, .. }) = self.reopen.as_deref_mut() {
                let found = story.events.look(data);
                if !found.is_all(data) || story.events.is_holding() {
                    return Pass::Cut(found);
                }
            }
        }
        self.delivered = delivered;
        Pass::Whole
    }

    /// How many bytes have been delivered with so many more, if they may be.
    #[inline]
    fn delivered_with(&self, len: usize) -> Option<u64> {
        let delivered = self.delivered.saturating_add(len as u64);
        if delivered > self.limit {
            return None;
        }
        Some(delivered)
    }

    fn story(&mut self) -> Option<&mut Story> {
        self.reopen.as_mut().map(|reopen| &mut reopen.story)
    }

    fn watch(&self) -> Option<&Watch<K>> {
        self.reopen.as_ref()?.watch.as_ref()
    }

    fn cursor(&mut self) -> Option<&mut K> {
        self.reopen.as_mut()?.watch.as_mut()?.cursor()
    }

    /// Whether something that has come is held back.
    pub(crate) fn is_holding(&self) -> bool {
        self.reopen.as_ref().is_some_and(|reopen| {
            reopen.story.is_holding() || reopen.watch.as_ref().is_some_and(Watch::is_holding)
        })
    }

    /// Whether the body is whole if its connection ends well now.
    pub(crate) fn is_whole(&self) -> bool {
        judge(None, &self.known(true, &[])) == Fate::Whole
    }

    /// What is known when a connection has ended, with these bytes of an unfinished event.
    fn known(&self, is_clean: bool, unfinished: &[u8]) -> Known {
        let story = self.reopen.as_ref().map(|reopen| &reopen.story);
        let watch = self.watch();
        let received = self.delivered.saturating_add(unfinished.len() as u64);
        let missing = match watch.filter(|watch| watch.has_cursor()) {
            Some(watch) => watch.owed(),
            None => self.announced.map(|all| all.saturating_sub(received)),
        };
        Known {
            missing,
            is_rereading: story.is_some_and(Story::is_rereading),
            may_be_a_part: story.is_some_and(Story::may_be_a_part),
            is_within_event: is_part_of_event(unfinished)
                || story.is_some_and(|story| story.events.is_in_long_event()),
            last_event: watch.map_or(LastEvent::Unknown, |watch| {
                watch.last_event(is_clean, unfinished)
            }),
        }
    }
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
                    Ok(trailers) => self.ended(Ok(Some(Box::new(trailers)))),
                    Err(_) => Turn::Nothing,
                },
            },
            Some(Err(error)) => self.ended(Err(Failure::in_body(error, self.delivered))),
            None => self.ended(Ok(None)),
        }
    }

    /// Goes on with a chunk in which these events were found.
    #[inline]
    pub(crate) fn events(&mut self, data: Bytes, found: Found) -> Turn {
        let Some(story) = self.story() else {
            return self.deliver(data);
        };
        let (first, second) = story.events.cut_at(data, found);
        if first.is_empty() {
            return self.deliver(second);
        }
        story.queued = second;
        match self.delivered_with(first.len()) {
            Some(delivered) => self.delivered = delivered,
            None => return self.too_long(),
        }
        Turn::Data(first)
    }

    pub(crate) fn data(&mut self, mut data: Bytes) -> Turn {
        let Some(Reopen { watch, story, .. }) = self.reopen.as_deref_mut() else {
            return self.deliver(data);
        };
        if let Some(reread) = &mut story.reread {
            let again = reread.take(&story.memory, &mut data);
            if let Some(report) = &story.report {
                report.note_reread(again);
            }
            if !reread.is_same() {
                let failure = Failure::new(FailureKind::RepresentationChanged)
                    .with_phase(Phase::Body)
                    .with_source("what was read again is not what was delivered");
                return self.fail(failure, StopReason::NotResumable);
            }
            if !reread.is_under_way() {
                story.reread = None;
            }
            return self.deliver(data);
        }
        let received = data.len();
        let whole = if watch.is_some() || story.is_of_events() {
            story.events.push(data)
        } else {
            (data, Bytes::new())
        };
        if story.events.is_behind() && !story.may_reread(received as u64) {
            let failure = Failure::new(FailureKind::Protocol)
                .with_phase(Phase::Body)
                .with_transient(false)
                .with_source("the server repeats events, and too many of them");
            return self.fail(failure, StopReason::NotResumable);
        }
        if let Some(watch) = watch {
            watch.received(received);
            watch.push(whole);
            return Turn::Nothing;
        }
        let (first, second) = whole;
        (data, story.queued) = if first.is_empty() {
            (second, first)
        } else {
            (first, second)
        };
        self.deliver(data)
    }

    /// What has come together with the last frame and has not gone out yet.
    pub(crate) fn queued(&mut self) -> Option<Turn> {
        let Reopen { watch, story, .. } = self.reopen.as_deref_mut()?;
        if let Some(watch) = watch {
            return Some(match watch.next()? {
                Outcome::Data(data) => self.deliver(data),
                Outcome::Fail(failure) if failure.is_transient() && failure.stopped().is_none() => {
                    self.ended(Err(failure))
                }
                Outcome::Fail(failure) => self.fail(failure, StopReason::NotTransient),
            });
        }
        if story.queued.is_empty() {
            return None;
        }
        let queued = mem::take(&mut story.queued);
        Some(self.deliver(queued))
    }

    fn deliver(&mut self, data: Bytes) -> Turn {
        if data.is_empty() {
            return Turn::Nothing;
        }
        match self.delivered_with(data.len()) {
            Some(delivered) => self.delivered = delivered,
            None => return self.too_long(),
        }
        if let Some(story) = self.story() {
            story.memory.note(&data);
        }
        Turn::Data(data)
    }

    /// A connection ended.
    fn ended(&mut self, end: Result<Trailers, Failure>) -> Turn {
        let rest = self.story().map(|story| story.events.rest());
        let rest = rest.unwrap_or_default();
        let has_cursor = self.watch().is_some_and(Watch::has_cursor);
        let end = match self.known(end.is_ok(), &rest).missing {
            // To a cursor, a connection that broke after its last byte ended well, and one that
            // ended before it did not.
            Some(0) if has_cursor => Ok(end.unwrap_or(None)),
            Some(1..) if has_cursor => end.and(Err(truncated())),
            _ => end,
        };
        let known = self.known(end.is_ok(), &rest);
        match judge(end.as_ref().err().map(Failure::kind), &known) {
            Fate::Whole if end.is_ok() || known.missing == Some(0) => {
                self.whole(rest, end.unwrap_or(None))
            }
            // Broken after the last event: what was begun then is no part of the stream, unless it
            // is that event.
            Fate::Whole => {
                let came_before = self.known(false, &[]).last_event == LastEvent::Seen;
                let rest = if came_before { Bytes::new() } else { rest };
                self.whole(rest, None)
            }
            Fate::Final => {
                let failure = end.err().unwrap_or_else(truncated);
                self.fail(failure, StopReason::NotTransient)
            }
            Fate::Cut if has_cursor => self.ask_cursor(end, &rest),
            Fate::Cut if end.is_ok() && self.has_next_part() => Turn::Again(Duration::ZERO),
            Fate::Cut => {
                if let Some(story) = self.story() {
                    story.is_torn = known.is_within_event;
                }
                self.cut(end.err().unwrap_or_else(|| {
                    if known.is_within_event {
                        truncated().with_source("the stream ended within an event")
                    } else {
                        truncated()
                    }
                }))
            }
        }
    }

    fn ask_cursor(&mut self, end: Result<Trailers, Failure>, rest: &[u8]) -> Turn {
        let is_blind = self.watch().is_some_and(Watch::is_blind);
        let ending = match self.cursor() {
            // Nobody knows where to go on after what was not shown.
            Some(_) if is_blind => Ending::Stop(StopReason::NotResumable),
            Some(cursor) => cursor.end(&End::new(end.as_ref().err(), rest)),
            None => Ending::Reopen,
        };
        match (ending, end) {
            (Ending::Complete(rest), end) => self.whole(rest, end.unwrap_or(None)),
            (Ending::Reopen, end) => self.cut(end.err().unwrap_or_else(truncated)),
            (Ending::Stop(reason), end) => self.fail(end.err().unwrap_or_else(truncated), reason),
        }
    }

    fn has_next_part(&mut self) -> bool {
        let delivered = self.delivered;
        self.story().is_some_and(|story| story.has_part(delivered))
    }

    /// The body is whole, but for these bytes and trailers.
    fn whole(&mut self, rest: Bytes, trailers: Trailers) -> Turn {
        if let Some(story) = self.story() {
            story.came_through();
        }
        Turn::Whole(rest, trailers)
    }

    /// The body stopped where it must not: another connection, if there can be one.
    fn cut(&mut self, failure: Failure) -> Turn {
        let next = match self.reopen.as_deref_mut() {
            Some(Reopen {
                source: Some(_),
                watch,
                story,
            }) => {
                if let Some(watch) = watch {
                    story.shown = watch.progress();
                    watch.restart();
                }
                story.broke(self.delivered, &failure)
            }
            _ => Err(StopReason::NotResumable),
        };
        self.next(failure, next)
    }

    /// A try to re-open failed: another one, if trying helps.
    pub(crate) fn try_failed(&mut self, failure: Failure) -> Turn {
        let delivered = self.delivered;
        let next = match self.story() {
            Some(story) if failure.is_transient() => story.again(delivered, &failure),
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
            Verdict::Continue(how) => {
                let delivered = self.delivered;
                if let Some(story) = self.story() {
                    let known = story.reopened(delivered, how);
                    let part_end = story.part_end();
                    self.announced = self.announced.or(known);
                    self.limit = part_end.or(self.announced).unwrap_or(u64::MAX);
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

    /// What an event stream lacks, of which the server says that nothing more follows.
    fn lacks(&self) -> Option<&'static str> {
        let Reopen { watch, story, .. } = self.reopen.as_deref()?;
        let watch = watch.as_ref();
        if watch.is_some_and(Watch::has_cursor) {
            // It has judged that itself.
            None
        } else if watch.is_some_and(|watch| watch.last_event(true, &[]) == LastEvent::Awaited) {
            Some("the server says that the stream is over, without its last event")
        } else if story.is_torn {
            Some("the server says that the stream is over, within an event")
        } else {
            None
        }
    }

    /// The failure that the consumer gets: what was delivered, what was tried, why it ended.
    pub(crate) fn fail(&mut self, failure: Failure, reason: StopReason) -> Turn {
        let reason = failure.stopped().unwrap_or(reason);
        let mut failure = failure
            .with_delivery(Delivery::Partial {
                bytes: self.delivered,
            })
            .with_stopped(reason);
        if let Some(story) = self.story() {
            failure = story.gave_up(failure);
        }
        let last_words = self.cursor().and_then(|cursor| cursor.give_up(&failure));
        Turn::Fail(failure, last_words.unwrap_or_default())
    }

    /// The failure when the caller's deadline has passed.
    #[cold]
    pub(crate) fn cut_off(&mut self) -> Turn {
        let failure = Failure::new(FailureKind::TimeoutTotal).with_phase(Phase::Body);
        self.fail(failure, StopReason::Deadline)
    }

    /// More has come than was announced.
    #[cold]
    pub(crate) fn too_long(&mut self) -> Turn {
        let failure = Failure::new(FailureKind::Protocol)
            .with_phase(Phase::Body)
            .with_transient(false)
            .with_source("the body is longer than its head said");
        self.fail(failure, StopReason::NotTransient)
    }

    /// Why the connection before the one at hand ended.
    pub(crate) fn cause(&mut self) -> Failure {
        let cause = self.story().and_then(|story| story.cause());
        cause.cloned().unwrap_or_else(truncated)
    }
}

/// The body ended before it was complete.
pub(crate) fn truncated() -> Failure {
    Failure::new(FailureKind::StreamTruncated).with_phase(Phase::Body)
}
