//! The course of one body: what each frame, each end and each answer of a try means for it.

mod end;
mod pace;
mod reopen;

pub(crate) use self::pace::Pass;

use self::pace::Pace;
use crate::ResumeReport;
use crate::cursor::Cursor;
use crate::events::{Found, unmendable};
use crate::plan::{Plan, RangePlan};
use crate::story::{Begun, Story};
use crate::watch::{Outcome, Watch};
use buttress_core::{BoxError, Delivery, Failure, FailureKind, Phase, Snapshot, StopReason};
use bytes::{Buf, Bytes};
use http::HeaderMap;
use http_body::Frame;
use std::mem;
use std::time::Duration;

/// One body, as the consumer sees it.
pub(crate) struct Course<S, B, K> {
    /// Bytes the body must have, once that is known.
    announced: u64,
    is_announced: bool,
    /// The most bytes that may have gone to the consumer when the connection at hand ends.
    limit: u64,
    /// How many of these have not: to count down takes fewer instructions.
    left: u64,
    pace: Pace,
    kept: Kept<S, B, K>,
}

/// What is kept to go on with a body.
pub(crate) enum Kept<S, B, K> {
    /// It can neither be continued nor has to be watched.
    Nothing,
    /// Its frames pass as they are: what its story is made of, once there is one to tell.
    Plain(Box<Plain<S, B>>),
    Open(Box<Reopen<S, B, K>>),
}

/// A body that passes as it is, and could be continued by a range.
pub(crate) struct Plain<S, B> {
    pub(crate) source: Source<S, B>,
    pub(crate) plan: RangePlan,
    pub(crate) begun: Begun,
    pub(crate) report: Option<ResumeReport>,
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
    pub(crate) fn new(announced: Option<u64>, kept: Kept<S, B, K>) -> Self {
        let limit = announced.unwrap_or(u64::MAX);
        let mut course = Course {
            announced: announced.unwrap_or_default(),
            is_announced: announced.is_some(),
            limit,
            left: limit,
            pace: Pace::Passing,
            kept,
        };
        course.quicken();
        course
    }

    /// How many bytes the body must have, once that is known.
    pub(crate) fn announced(&self) -> Option<u64> {
        self.is_announced.then_some(self.announced)
    }

    /// How many bytes the place has that a first answer without a length said it belongs to.
    ///
    /// Below that nothing is whole. Above it nothing is wrong: where a decoder below changes the
    /// bytes, the place counts others than those that come.
    fn placed(&self) -> Option<u64> {
        match &self.kept {
            Kept::Nothing => None,
            Kept::Plain(plain) => plain.plan.placed(),
            Kept::Open(open) => open.story.plan.placed(),
        }
    }

    /// How many bytes went to the consumer.
    pub(crate) fn delivered(&self) -> u64 {
        self.limit - self.left
    }

    /// So many bytes go to the consumer.
    pub(crate) fn add(&mut self, len: usize) {
        self.left = self.left.saturating_sub(len as u64);
    }

    /// How many bytes may follow after so many, if these may go to the consumer.
    #[inline]
    fn left_after(&self, len: usize) -> Option<u64> {
        self.left.checked_sub(len as u64)
    }

    /// So many bytes may have gone to the consumer when the connection at hand ends.
    fn set_limit(&mut self, limit: u64) {
        let delivered = self.delivered();
        self.limit = limit.max(delivered);
        self.left = self.limit - delivered;
    }

    /// Whether the body can be continued, or is watched.
    pub(crate) fn is_kept(&self) -> bool {
        !matches!(self.kept, Kept::Nothing)
    }

    fn open(&self) -> Option<&Reopen<S, B, K>> {
        match &self.kept {
            Kept::Open(open) => Some(open),
            Kept::Nothing | Kept::Plain(_) => None,
        }
    }

    fn open_mut(&mut self) -> Option<&mut Reopen<S, B, K>> {
        match &mut self.kept {
            Kept::Open(open) => Some(open),
            Kept::Nothing | Kept::Plain(_) => None,
        }
    }

    /// Begins the story of a body that passed as it was until now.
    #[cold]
    fn unfold(&mut self) {
        self.kept = match mem::replace(&mut self.kept, Kept::Nothing) {
            Kept::Plain(plain) => {
                let Plain {
                    source,
                    plan,
                    begun,
                    report,
                } = *plain;
                Kept::Open(Box::new(Reopen {
                    source: Some(source),
                    watch: None,
                    story: Story::new(Plan::Range(plan), begun, report),
                }))
            }
            kept => kept,
        };
    }

    fn story(&mut self) -> Option<&mut Story> {
        self.open_mut().map(|reopen| &mut reopen.story)
    }

    fn watch(&self) -> Option<&Watch<K>> {
        self.open()?.watch.as_ref()
    }

    fn cursor(&mut self) -> Option<&mut K> {
        self.open_mut()?.watch.as_mut()?.cursor()
    }

    /// Whether something that has come is held back.
    pub(crate) fn is_holding(&self) -> bool {
        self.open().is_some_and(|reopen| {
            reopen.story.is_holding() || reopen.watch.as_ref().is_some_and(Watch::is_holding)
        })
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
            Some(Err(error)) => self.ended(Err(Failure::in_body(error, self.delivered()))),
            None => self.ended(Ok(None)),
        }
    }

    /// Goes on with a chunk in which these events were found.
    #[inline]
    pub(crate) fn events(&mut self, data: Bytes, found: Found) -> Turn {
        let Kept::Open(open) = &mut self.kept else {
            return self.deliver(data);
        };
        let story = &mut open.story;
        let out = story.events.cut_at(data, found, &mut story.queued);
        if out.is_empty() {
            return Turn::Nothing;
        }
        self.pace = Pace::of_events(&open.story);
        match self.left_after(out.len()) {
            Some(left) => self.left = left,
            None => return self.too_long(),
        }
        Turn::Data(out)
    }

    pub(crate) fn data(&mut self, mut data: Bytes) -> Turn {
        let Some(Reopen { watch, story, .. }) = self.open_mut() else {
            return self.deliver(data);
        };
        if let Some(reread) = &mut story.reread {
            let again = reread.take(&story.memory, &mut data);
            let is_same = reread.is_same();
            if !reread.is_under_way() {
                story.reread = None;
            }
            if let Some(report) = story.report() {
                report.note_reread(again);
            }
            if !is_same {
                let failure = Failure::new(FailureKind::RepresentationChanged)
                    .with_phase(Phase::Body)
                    .with_source("what was read again is not what was delivered");
                return self.fail(failure, StopReason::NotResumable);
            }
            if data.is_empty() {
                return Turn::Nothing;
            }
        }
        let received = data.len();
        if let Some(watch) = watch {
            watch.received(received);
            if story.events.are_new() {
                let found = story.events.look(&data);
                // Most events that are looked at come alone.
                if found.is_one(&data) && !story.events.is_holding() {
                    let passes = watch.show(&data);
                    return if passes {
                        self.deliver(data)
                    } else {
                        Turn::Nothing
                    };
                }
                let mut second = Bytes::new();
                let first = story.events.cut_at(data, found, &mut second);
                watch.push((first, second));
                return Turn::Nothing;
            }
        }
        let whole = if watch.is_some() || story.is_of_events() {
            story.events.push(data)
        } else {
            (data, Bytes::new())
        };
        let failure = if let Some(lost) = story.events.lost() {
            Some(lost.failure())
        } else if story.events.is_behind() && !story.may_reread(received as u64) {
            let problem = "the server repeats events, and too many of them";
            Some(unmendable(FailureKind::Protocol, problem))
        } else {
            None
        };
        if let Some(failure) = failure {
            return self.fail(failure, StopReason::NotResumable);
        }
        if let Some(watch) = watch {
            watch.push(whole);
            return Turn::Nothing;
        }
        (data, story.queued) = whole;
        self.deliver(data)
    }

    /// What has come together with the last frame and has not gone out yet.
    pub(crate) fn queued(&mut self) -> Option<Turn> {
        let Reopen { watch, story, .. } = self.open_mut()?;
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

    fn deliver(&mut self, mut data: Bytes) -> Turn {
        if data.is_empty() {
            return Turn::Nothing;
        }
        match self.left_after(data.len()) {
            Some(left) => self.left = left,
            None if self.open().is_some_and(|open| open.story.has_more) => {
                // Less than the length, which is a usize.
                data.truncate(usize::try_from(self.left).unwrap_or(data.len()));
                return self.whole(data, None);
            }
            None => return self.too_long(),
        }
        let is_all = self.announced() == Some(self.delivered());
        if let Some(story) = self.story() {
            story.memory.note(&data);
            // A consumer that knows the length, as a server that passes the body on does, reads no
            // further.
            if is_all {
                story.came_through();
            }
        }
        Turn::Data(data)
    }

    /// The failure that the consumer gets: what was delivered, what was tried, why it ended.
    pub(crate) fn fail(&mut self, failure: Failure, reason: StopReason) -> Turn {
        self.unfold();
        let reason = failure.stopped().unwrap_or(reason);
        let mut failure = failure
            .with_delivery(Delivery::Partial {
                bytes: self.delivered(),
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
}

/// The body ended before it was complete.
pub(crate) fn truncated() -> Failure {
    Failure::new(FailureKind::StreamTruncated).with_phase(Phase::Body)
}
