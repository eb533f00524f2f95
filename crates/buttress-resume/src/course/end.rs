//! What it means that a connection ended.

use super::{Course, Reopen, Trailers, Turn, truncated};
use crate::cursor::{Cursor, End, Ending};
use crate::ends::{Fate, Known, LastEvent, is_part_of_event, judge};
use crate::story::Story;
use crate::watch::Watch;
use buttress_core::{Failure, StopReason};
use bytes::Bytes;
use std::time::Duration;

impl<S, B, K> Course<S, B, K> {
    /// Whether the body is whole if its connection ends well now.
    pub(crate) fn is_whole(&self) -> bool {
        judge(None, &self.known(true, &[])) == Fate::Whole
    }

    /// What is known when a connection has ended, with these bytes of an unfinished event.
    pub(super) fn known(&self, is_clean: bool, unfinished: &[u8]) -> Known {
        let story = self.open().map(|reopen| &reopen.story);
        let watch = self.watch();
        let received = self.delivered().saturating_add(unfinished.len() as u64);
        let missing = match watch.filter(|watch| watch.has_cursor()) {
            Some(watch) => watch.owed(),
            None => match self.announced() {
                Some(all) => Some(all.saturating_sub(received)),
                None => self.placed().and_then(|all| all.checked_sub(received)),
            },
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
    /// A connection ended.
    pub(super) fn ended(&mut self, end: Result<Trailers, Failure>) -> Turn {
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
        let delivered = self.delivered();
        self.story().is_some_and(|story| story.has_part(delivered))
    }

    /// The body is whole, but for these bytes and trailers.
    pub(super) fn whole(&mut self, rest: Bytes, trailers: Trailers) -> Turn {
        if self.left_after(rest.len()).is_none() {
            return self.too_long();
        }
        if let Some(story) = self.story() {
            story.came_through();
        }
        Turn::Whole(rest, trailers)
    }

    /// The body stopped where it must not: another connection, if there can be one.
    fn cut(&mut self, failure: Failure) -> Turn {
        self.unfold();
        let delivered = self.delivered();
        let next = match self.open_mut() {
            Some(Reopen {
                source: Some(_),
                watch,
                story,
            }) => {
                if let Some(watch) = watch {
                    story.shown = watch.progress();
                    watch.restart(story.is_of_bytes());
                }
                story.broke(delivered, &failure)
            }
            _ => Err(StopReason::NotResumable),
        };
        self.next(failure, next)
    }
}
