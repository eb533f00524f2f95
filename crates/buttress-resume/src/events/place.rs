//! Room for an id.

/// So many bytes of an id have room in its place.
pub(super) const SHORT: usize = 38;

/// One id. A short one is copied with what follows it, because copying a fixed number of bytes takes
/// no call.
#[derive(Debug)]
pub(crate) struct Place {
    len: u16,
    short: [u8; SHORT],
    long: Vec<u8>,
}

impl Default for Place {
    fn default() -> Self {
        Place {
            len: 0,
            short: [0; SHORT],
            long: Vec::new(),
        }
    }
}

impl Place {
    pub(super) fn of(id: &[u8]) -> Self {
        let mut place = Place::default();
        place.set(id);
        place
    }

    /// Takes what stands in these bytes from here to there, if it is short and not empty, and as much
    /// behind it as there is room for.
    #[inline]
    pub(crate) fn set_short(&mut self, bytes: &[u8], from: usize, to: usize) -> bool {
        let len = to.wrapping_sub(from);
        let short = bytes.get(from..).and_then(<[u8]>::first_chunk::<SHORT>);
        match short {
            Some(short) if is_short(len) => {
                self.len = len as u16;
                self.short = *short;
                true
            }
            _ => false,
        }
    }

    /// Takes a copy of another one, if that is short and not empty.
    #[inline]
    pub(super) fn set_as(&mut self, other: &Place) -> bool {
        let is_short = is_short(other.len.into());
        if is_short {
            self.len = other.len;
            self.short = other.short;
        }
        is_short
    }

    /// Takes whatever id.
    #[cold]
    #[inline(never)]
    pub(crate) fn set(&mut self, id: &[u8]) {
        match self.short.get_mut(..id.len()) {
            Some(short) => short.copy_from_slice(id),
            None => {
                self.long.clear();
                self.long.extend_from_slice(id);
            }
        }
        // How much longer a long one is, it knows itself.
        self.len = u16::try_from(id.len()).unwrap_or(u16::MAX);
    }

    #[inline]
    pub(crate) fn id(&self) -> &[u8] {
        self.short.get(..self.len.into()).unwrap_or(&self.long)
    }
}

/// Whether an id of this length is short and not empty, in one comparison.
#[inline]
fn is_short(len: usize) -> bool {
    len.wrapping_sub(1) < SHORT
}
