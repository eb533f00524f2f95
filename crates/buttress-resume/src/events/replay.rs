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
    /// Its event under the first id says something else than the one that was delivered: a greeting,
    /// or the server counts anew. The next id tells.
    Doubt,
    /// The server counts anew: nobody knows what came between.
    Lost,
}

impl Replay {
    /// After this event of a re-opened stream: what is to be expected, and whether the event was
    /// delivered before.
    ///
    /// That is known by its id. What comes without an id between two events that were delivered was
    /// delivered with them, and so was all that comes after the first one of the stream, up to one
    /// that is known.
    ///
    /// Behind another event under the first id, a server that counts anew comes to the second one.
    /// Whether that is why is not known of any other id that was delivered before, but the last one.
    pub(super) fn after(self, block: Block, id: Option<&[u8]>, ids: &Ids) -> (Self, bool) {
        match id {
            // A last id without data is a server's way to say from where it goes on.
            Some(id) if ids.is_last(id) && !block.has_data => (self, true),
            Some(id) if self == Replay::Doubt && ids.is_second(id) => (Replay::Lost, true),
            Some(id) if ids.is_last(id) => (Replay::Over, true),
            Some(id) if self == Replay::Doubt && ids.is_first(id) => (self, true),
            Some(id) if self == Replay::Doubt && ids.contains(id) => (Replay::Lost, true),
            // It may have been delivered behind the first one, or not.
            None if self == Replay::Doubt && block.has_data => (Replay::Lost, true),
            None if self == Replay::Doubt => (self, true),
            Some(id) if ids.contains(id) => (Replay::Within, true),
            Some(id) if ids.is_first(id) => (Replay::FromStart, true),
            _ if self == Replay::FromStart => (self, true),
            None if self == Replay::Within => (self, true),
            // Perhaps a greeting: what follows may have been delivered all the same.
            None => (self, false),
            // So goes on a server that did not count anew, behind its greeting too.
            Some(_) => (Replay::Over, false),
        }
    }
}
