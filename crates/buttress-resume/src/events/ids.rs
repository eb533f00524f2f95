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

    /// The id unless it is too long.
    #[cfg(any(fuzzing, test))]
    pub(super) fn known(&self) -> Option<&[u8]> {
        (self.value.len() <= MAX_VALUE).then_some(&*self.value)
    }

    /// Whether it is this one.
    pub(super) fn is(&self, id: &[u8]) -> bool {
        self.usable() == Some(id)
    }
}

/// The last ids, so many and no more, and the first one, with which a server begins that sends
/// everything again. None by default.
#[derive(Debug, Default)]
pub(super) struct Ids {
    ids: Vec<Vec<u8>>,
    /// Where the next one goes: the place of the oldest once there are `cap` of them.
    next: usize,
    cap: usize,
    first: Vec<u8>,
}

impl Ids {
    pub(super) const fn new(cap: usize) -> Self {
        Ids {
            ids: Vec::new(),
            next: 0,
            cap,
            first: Vec::new(),
        }
    }

    #[inline]
    pub(super) fn is_wanted(&self) -> bool {
        self.cap > 0
    }

    #[inline]
    pub(super) fn push(&mut self, id: &[u8]) {
        // What can't be sent back need not be known again.
        if !(1..=MAX_VALUE).contains(&id.len()) {
            return;
        }
        match self.ids.get_mut(self.next) {
            Some(oldest) => {
                oldest.clear();
                oldest.extend_from_slice(id);
                self.next += 1;
            }
            None => self.push_new(id),
        }
    }

    /// One more, or all places are taken: the oldest one's is next.
    #[cold]
    fn push_new(&mut self, id: &[u8]) {
        if self.ids.len() < self.cap {
            self.ids.push(id.to_vec());
            self.next += 1;
        } else if let Some(oldest) = self.ids.first_mut() {
            oldest.clear();
            oldest.extend_from_slice(id);
            self.next = 1;
        }
        if self.first.is_empty() && self.is_wanted() {
            self.first = id.to_vec();
        }
    }

    /// Whether it is the first one of all.
    pub(super) fn is_first(&self, id: &[u8]) -> bool {
        !id.is_empty() && self.first == id
    }

    pub(super) fn contains(&self, id: &[u8]) -> bool {
        self.ids.iter().any(|known| known == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_id_that_can_be_sent_back_is_sent_back() {
        let mut last = LastId::default();
        for (len, is_usable) in [
            (0, false),
            (1, true),
            (1023, true),
            (1024, true),
            (1025, false),
        ] {
            let id = vec![b'7'; len];
            last.set(&id);
            assert_eq!(last.usable(), is_usable.then_some(&*id), "{len}");
            assert_eq!(last.is(&id), is_usable, "{len}");
        }
    }

    #[test]
    fn ids_are_wanted_where_there_is_room_for_one() {
        assert!(!Ids::new(0).is_wanted());
        assert!(Ids::new(1).is_wanted());
        assert!(!Ids::default().is_wanted());
    }
}
