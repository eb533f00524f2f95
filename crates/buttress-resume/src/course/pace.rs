//! The quick look: what passes without being looked into.

use super::{Course, Kept, Reopen};
use crate::events::Found;
use crate::story::Story;
use bytes::Bytes;
use std::mem;

/// How much the next frame has to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pace {
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
    /// It has to be looked at, or does not begin and end with whole events: these were found in it.
    Not(Option<Found>),
}

impl Pace {
    /// That of a body of events.
    #[inline]
    pub(super) fn of_events(story: &Story) -> Self {
        if !story.queued.is_empty() {
            Pace::Queued
        } else if story.events.are_new() {
            Pace::Events
        } else {
            Pace::Slow
        }
    }
}

impl<S, B, K> Course<S, B, K> {
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
        self.pace = match self.open() {
            None => Pace::Passing,
            Some(Reopen { watch: Some(_), .. }) => Pace::Slow,
            Some(Reopen { story, .. }) if story.is_plain() => Pace::Passing,
            Some(Reopen { story, .. }) if !story.is_of_events() => Pace::Slow,
            Some(Reopen { story, .. }) => Pace::of_events(story),
        };
    }

    /// What goes out before the next frame, and has been waiting for nothing else.
    pub(crate) fn take_queued(&mut self) -> Option<Bytes> {
        if self.pace != Pace::Queued {
            return None;
        }
        let story = &self.open()?.story;
        let left = self.left_after(story.queued.len())?;
        let story = &mut self.open_mut()?.story;
        let queued = mem::take(&mut story.queued);
        self.pace = Pace::of_events(story);
        self.left = left;
        Some(queued)
    }

    /// Counts these bytes as delivered, if a quick look says that they may be.
    #[inline]
    pub(crate) fn passes(&mut self, data: &[u8]) -> Pass {
        let Some(left) = self.left_after(data.len()) else {
            return Pass::Not(None);
        };
        if self.pace == Pace::Events {
            if let Kept::Open(open) = &mut self.kept {
                let events = &mut open.story.events;
                let found = events.look(data);
                if !found.is_all(data) || events.is_holding() {
                    return Pass::Not(Some(found));
                }
            }
        }
        self.left = left;
        Pass::Whole
    }
}
