//! The ids of events that were delivered.

use super::place::Place;
use crate::event::line::MAX_VALUE;

/// The last id, the ones before it, so many and no more, and the first two, with which a server
/// begins that sends everything again, or that counts anew.
#[derive(Debug)]
pub(super) struct Ids {
    /// Used again and again: the place of the oldest goes to the next one.
    places: Vec<Place>,
    newest: usize,
    last: Last,
    /// How many are known again, the last one included; `None` when nobody asks for any.
    window: Option<usize>,
    first: Vec<u8>,
    /// That of the next event that had one, be it the same.
    second: Vec<u8>,
    /// A hash of what the first one's event said, where that is known.
    first_said: Option<u64>,
}

/// What the id of the last event was that had one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Last {
    /// Empty, which means the same as none at all.
    #[default]
    None,
    Newest,
    /// It can't be sent back.
    TooLong,
}

impl Ids {
    /// Knows so many ids again; without a number, not even the last one.
    pub(super) const fn new(window: Option<usize>) -> Self {
        Ids {
            places: Vec::new(),
            newest: 0,
            last: Last::None,
            window,
            first: Vec::new(),
            second: Vec::new(),
            first_said: None,
        }
    }

    /// An event went out that has this id: what stands in these bytes from here to there. Whether it is
    /// the first one of all.
    #[inline]
    pub(super) fn push(&mut self, bytes: &[u8], from: usize, to: usize) -> bool {
        // At the end of the places this finds none, once for each time round.
        let next = self.newest + 1;
        let is_set = match self.places.get_mut(next) {
            Some(place) => place.set_short(bytes, from, to),
            None => false,
        };
        if is_set {
            self.newest = next;
            self.last = Last::Newest;
            false
        } else {
            self.push_any(bytes.get(from..to).unwrap_or(&[]))
        }
    }

    /// The same for an id that an earlier chunk brought.
    #[inline]
    pub(super) fn push_kept(&mut self, id: &Place) -> bool {
        let next = self.newest + 1;
        let is_set = match self.places.get_mut(next) {
            Some(place) => place.set_as(id),
            None => false,
        };
        if is_set {
            self.newest = next;
            self.last = Last::Newest;
            false
        } else {
            self.push_any(id.id())
        }
    }

    /// The same for whatever id, and wherever its place is.
    #[cold]
    fn push_any(&mut self, id: &[u8]) -> bool {
        let Some(window) = self.window else {
            return false;
        };
        self.last = match id.len() {
            0 => Last::None,
            1..=MAX_VALUE => Last::Newest,
            _ => Last::TooLong,
        };
        // What can't be sent back need not be known again.
        if self.last != Last::Newest {
            return false;
        }
        let is_first = self.places.is_empty() && window > 0;
        if is_first {
            self.first = id.to_vec();
        } else if window > 0 && self.second.is_empty() {
            self.second = id.to_vec();
        }
        // The place after the newest comes into being once, after all before it.
        let next = match self.newest + 1 {
            next if next < window && !self.places.is_empty() => next,
            _ => 0,
        };
        match self.places.get_mut(next) {
            Some(place) => place.set(id),
            None => self.places.push(Place::of(id)),
        }
        self.newest = next;
        is_first
    }

    /// The last id, to be sent back: `None` when there is none, it is empty, which means the same,
    /// or it is too long.
    pub(super) fn last(&self) -> Option<&[u8]> {
        let newest = self.places.get(self.newest)?;
        (self.last == Last::Newest).then(|| newest.id())
    }

    /// The last id unless it is too long. Empty if there is none.
    #[cfg(any(fuzzing, test))]
    pub(super) fn known(&self) -> Option<&[u8]> {
        (self.last != Last::TooLong).then(|| self.last().unwrap_or_default())
    }

    /// Whether it is the last one.
    pub(super) fn is_last(&self, id: &[u8]) -> bool {
        self.last() == Some(id)
    }

    /// Whether it is the first one of all.
    pub(super) fn is_first(&self, id: &[u8]) -> bool {
        !id.is_empty() && self.first == id
    }

    /// Whether it is the second one of all.
    pub(super) fn is_second(&self, id: &[u8]) -> bool {
        !id.is_empty() && self.second == id
    }

    /// Whether there was none after the first one.
    pub(super) fn is_alone(&self) -> bool {
        self.second.is_empty()
    }

    /// Notes a hash of what the first one's event says.
    #[cold]
    pub(super) fn note_first(&mut self, said: Option<u64>) {
        self.first_said = said;
    }

    /// The same hash of an event with the first one's id, where that is known.
    pub(super) fn first_said(&self, id: &[u8]) -> Option<u64> {
        self.first_said.filter(|_| self.is_first(id))
    }

    /// Whether it is one of the last ones.
    pub(super) fn contains(&self, id: &[u8]) -> bool {
        self.window != Some(0) && self.places.iter().any(|place| place.id() == id)
    }
}

#[cfg(test)]
mod tests {
    use super::super::place::SHORT;
    use super::*;

    /// The last `window` ids, kept the simple way.
    fn expected(ids: &[Vec<u8>], window: usize) -> Vec<&Vec<u8>> {
        let known = |id: &&Vec<u8>| (1..=MAX_VALUE).contains(&id.len());
        let known: Vec<_> = ids.iter().filter(known).collect();
        known[known.len().saturating_sub(window)..].to_vec()
    }

    /// It takes the place of one that is known no longer, as does one that came whole.
    #[test]
    fn one_that_came_in_pieces_is_the_last_one_behind_an_empty_one() {
        for id in ["4".to_owned(), "4".repeat(SHORT + 1)] {
            let mut known = Ids::new(Some(2));
            for before in ["1", "2", "3", ""] {
                known.push(before.as_bytes(), 0, before.len());
            }
            assert_eq!(known.last(), None);
            assert!(!known.push_kept(&Place::of(id.as_bytes())));
            assert_eq!(known.last(), Some(id.as_bytes()));
            assert!(known.contains(b"3") && !known.contains(b"2"));
        }
    }

    #[test]
    fn for_who_has_no_use_for_one_none_is_known() {
        let mut known = Ids::new(None);
        assert!(!known.push(b"1", 0, 1));
        assert!(known.last().is_none() && !known.contains(b"1"));
    }

    #[test]
    fn the_last_ones_are_known_whatever_their_length() {
        // Short, long, as long as a place, none, too long; no two the same.
        let lengths = [5, 38, 39, 1, 0, 200, 37, MAX_VALUE, MAX_VALUE + 1, 2, 40];
        let ids: Vec<Vec<u8>> = (0..60_u8)
            .map(|n| vec![n; lengths[usize::from(n) % lengths.len()]])
            .collect();
        for window in [0, 1, 2, 3, 7, 64] {
            for behind in [0, 3, SHORT] {
                let mut known = Ids::new(Some(window));
                for (n, id) in ids.iter().enumerate() {
                    let bytes = [&**id, &vec![b'x'; behind]].concat();
                    let is_first = known.push(&bytes, 0, id.len());
                    assert_eq!(is_first, window > 0 && n == 0, "{window} {n}");
                    let usable = (1..=MAX_VALUE).contains(&id.len());
                    assert_eq!(known.last(), usable.then_some(&**id));
                    assert_eq!(known.is_last(id), usable);
                    let expected = expected(&ids[..=n], window);
                    for id in &ids {
                        assert_eq!(known.contains(id), expected.contains(&id), "{window} {n}");
                        let is_first = window > 0 && !id.is_empty() && *id == ids[0];
                        assert_eq!(known.is_first(id), is_first);
                        let is_second = window > 0 && n > 0 && *id == ids[1];
                        assert_eq!(known.is_second(id), is_second);
                        assert_eq!(known.is_alone(), window == 0 || n == 0);
                    }
                }
            }
        }
    }
}
