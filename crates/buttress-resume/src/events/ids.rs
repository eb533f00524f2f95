//! The ids of events that were delivered.

use crate::event::line::MAX_VALUE;

/// The id of the last event that had one. Its room is used again and again.
#[derive(Debug, Default)]
pub(super) struct LastId {
    /// One byte more than can be sent back stands for any that is too long.
    value: Vec<u8>,
}

impl LastId {
    #[inline]
    pub(super) fn set(&mut self, id: &[u8]) {
        self.value.clear();
        if id.len() > MAX_VALUE {
            self.value.resize(MAX_VALUE + 1, 0);
        } else {
            self.value.extend_from_slice(id);
        }
    }

    /// The id to send back: `None` when there is none, it is empty, which means the same, or it is
    /// too long.
    pub(super) fn usable(&self) -> Option<&[u8]> {
        (1..=MAX_VALUE)
            .contains(&self.value.len())
            .then_some(&*self.value)
    }

    /// Whether it is this one.
    pub(super) fn is(&self, id: &[u8]) -> bool {
        self.usable() == Some(id)
    }
}

/// The last ids, so many and no more. None by default.
#[derive(Debug, Default)]
pub(super) struct Ids {
    ids: Vec<Vec<u8>>,
    /// Where the next one goes: the place of the oldest once there are `cap` of them.
    next: usize,
    cap: usize,
}

impl Ids {
    pub(super) const fn new(cap: usize) -> Self {
        Ids {
            ids: Vec::new(),
            next: 0,
            cap,
        }
    }

    #[inline]
    pub(super) fn is_wanted(&self) -> bool {
        self.cap > 0
    }

    pub(super) fn push(&mut self, id: &[u8]) {
        // What can't be sent back need not be known again.
        if !self.is_wanted() || !(1..=MAX_VALUE).contains(&id.len()) {
            return;
        }
        match self.ids.get_mut(self.next) {
            Some(oldest) => {
                oldest.clear();
                oldest.extend_from_slice(id);
            }
            None => self.ids.push(id.to_vec()),
        }
        self.next = (self.next + 1) % self.cap;
    }

    pub(super) fn contains(&self, id: &[u8]) -> bool {
        self.ids.iter().any(|known| known == id)
    }
}
