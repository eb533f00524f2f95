//! Events that a re-opened stream repeats.

use super::ids::Ids;
use super::scan::Block;

/// Whether this connection may bring events again that were delivered before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Replay {
    /// It brings new ones.
    Over,
    /// It has brought none so far.
    Possible,
    /// It has brought one that was not the last of those delivered.
    Within,
    /// It has brought the first one that was delivered, and none yet whose id is still known.
    FromStart,
}

impl Replay {
    /// After this event of a re-opened stream: what is to be expected, and whether the event was
    /// delivered before.
    ///
    /// That is known by its id. What comes without an id between two events that were delivered was
    /// delivered with them, and so was all that comes after the first one of the stream, up to one
    /// that is known.
    pub(super) fn after(self, block: Block, id: Option<&[u8]>, ids: &Ids) -> (Self, bool) {
        match id {
            // A last id without data is a server's way to say from where it goes on.
            Some(id) if ids.is_last(id) && !block.has_data => (self, true),
            Some(id) if ids.is_last(id) => (Replay::Over, true),
            Some(id) if ids.contains(id) => (Replay::Within, true),
            Some(id) if ids.is_first(id) => (Replay::FromStart, true),
            _ if self == Replay::FromStart => (self, true),
            None if self == Replay::Within => (self, true),
            // Perhaps a greeting: what follows may have been delivered all the same.
            None => (self, false),
            Some(_) => (Replay::Over, false),
        }
    }
}
