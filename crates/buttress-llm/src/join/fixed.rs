//! Values that are the same all through a stream and other ones in the next: ids, dates.

use std::collections::BTreeMap;

/// So many values that gave way are known: what names one follows it soon.
pub(super) const MOST_OTHERS: usize = 128;

/// What it takes to keep a value, beside its bytes.
const EACH: usize = 64;

/// Those of the first stream, which all others must have too.
#[derive(Debug, Default)]
pub(super) struct Fixed {
    first: BTreeMap<u32, Box<[u8]>>,
    /// What they take, in bytes.
    size: usize,
    /// Those of the stream at hand that had to give way to them, and where these are; the last one last.
    others: Vec<(Box<[u8]>, u32)>,
}

impl Fixed {
    pub(super) fn get(&self, slot: u32) -> Option<&[u8]> {
        self.first.get(&slot).map(|value| &**value)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.first.is_empty()
    }

    /// What it takes to keep them, in bytes.
    pub(super) fn size(&self) -> usize {
        self.size
    }

    pub(super) fn add(&mut self, slot: u32, value: &[u8]) {
        self.size = self.size.saturating_add(takes(value));
        self.first.insert(slot, value.into());
    }

    pub(super) fn remove(&mut self, slot: u32) {
        if let Some(value) = self.first.remove(&slot) {
            self.size = self.size.saturating_sub(takes(&value));
        }
    }

    /// Forgets all but this one.
    pub(super) fn keep_only(&mut self, slot: u32) {
        self.first.retain(|of, _| *of == slot);
        self.size = self.first.values().map(|value| takes(value)).sum();
    }

    /// This value of the stream at hand gives way to the first one of its slot.
    pub(super) fn gives_way(&mut self, slot: u32, value: &[u8]) {
        self.others.retain(|(_, other)| *other != slot);
        if self.others.len() >= MOST_OTHERS {
            self.others.remove(0);
        }
        self.others.push((value.into(), slot));
    }

    /// The value to which this one gave way.
    pub(super) fn in_place_of(&self, value: &[u8]) -> Option<&[u8]> {
        let other = self.others.iter().find(|(other, _)| **other == *value);
        other.and_then(|(_, slot)| self.get(*slot))
    }

    /// Another stream begins.
    pub(super) fn again(&mut self) {
        self.others.clear();
    }

    #[cfg(test)]
    pub(super) fn others(&self) -> usize {
        self.others.len()
    }
}

fn takes(value: &[u8]) -> usize {
    value.len().saturating_add(EACH)
}
