use super::memory::ReplayMemory;
use bytes::Bytes;
use http::HeaderMap;
use http_body::Frame;

/// What was read of a body, from its first frame on, as long as it fits.
pub(super) struct Log {
    frames: Vec<Kept>,
    /// Bytes that may still be kept.
    bytes_left: usize,
    /// Frames that may still be kept: each costs an entry, however few bytes it has.
    frames_left: usize,
    /// What all bodies together may keep, and how much of it this one has.
    memory: Option<ReplayMemory>,
    taken: usize,
}

/// A frame that can be shown any number of times. One pointer-sized trailer block keeps the entry
/// at 32 bytes.
enum Kept {
    Data(Bytes),
    Trailers(Box<HeaderMap>),
}

impl Log {
    /// An empty log. Does not allocate.
    pub(super) const fn new(limit: usize, memory: Option<ReplayMemory>) -> Self {
        Log {
            frames: Vec::new(),
            bytes_left: limit,
            frames_left: (limit / size_of::<Kept>()).saturating_add(64),
            memory,
            taken: 0,
        }
    }

    /// Keeps the frame, or says that it does not fit.
    pub(super) fn keep(&mut self, frame: &Frame<Bytes>) -> bool {
        let (kept, bytes) = match (frame.data_ref(), frame.trailers_ref()) {
            (Some(data), _) => (Kept::Data(self.piece(data)), data.len()),
            (None, Some(trailers)) => (
                Kept::Trailers(Box::new(trailers.clone())),
                trailers
                    .iter()
                    .map(|(name, value)| name.as_str().len().saturating_add(value.len()))
                    .fold(0, usize::saturating_add),
            ),
            // A kind of frame that did not exist when this was written.
            (None, None) => return false,
        };
        let (Some(bytes_left), Some(frames_left)) = (
            self.bytes_left.checked_sub(bytes),
            self.frames_left.checked_sub(1),
        ) else {
            return false;
        };
        if let Some(memory) = &self.memory {
            let cost = bytes.saturating_add(size_of::<Kept>());
            if !memory.take(cost) {
                return false;
            }
            // No more than was taken of a usize in all.
            self.taken = self.taken.saturating_add(cost);
        }
        self.bytes_left = bytes_left;
        self.frames_left = frames_left;
        self.frames.push(kept);
        true
    }

    /// The piece as it is kept.
    fn piece(&self, data: &Bytes) -> Bytes {
        match self.memory {
            Some(_) => kept(data),
            None => data.clone(),
        }
    }

    /// The frame at this place, counted from zero.
    pub(super) fn frame(&self, index: usize) -> Option<Frame<Bytes>> {
        Some(match self.frames.get(index)? {
            Kept::Data(data) => Frame::data(data.clone()),
            Kept::Trailers(trailers) => Frame::trailers(HeaderMap::clone(trailers)),
        })
    }
}

/// A piece as it is kept where memory is counted.
///
/// A small one may be a part of a buffer that the connection reads into, and would hold all of it: it
/// is copied, so that what is counted is what is held.
pub(super) fn kept(data: &Bytes) -> Bytes {
    const SMALL: usize = 4 << 10;

    if data.len() <= SMALL {
        Bytes::copy_from_slice(data)
    } else {
        data.clone()
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        if let Some(memory) = &self.memory {
            memory.give_back(self.taken);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_as_small_as_the_documentation_says() {
        assert_eq!(size_of::<Kept>(), 32);
    }

    #[test]
    fn where_memory_is_counted_no_more_is_held() {
        let buffer = || Bytes::from(vec![0; 64 << 10]);
        for (memory, taken, held) in [
            (None, 10, true),
            (Some(ReplayMemory::new(usize::MAX)), 10, false),
            (Some(ReplayMemory::new(usize::MAX)), 60 << 10, true),
        ] {
            let mut log = Log::new(usize::MAX, memory);
            let buffer = buffer();
            assert!(log.keep(&Frame::data(buffer.slice(..taken))));
            assert_eq!(!buffer.is_unique(), held, "{taken}");
        }
    }
}
