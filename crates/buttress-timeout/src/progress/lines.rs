//! Tells the comments of an event stream from its lines, however it is cut.

/// Where in a line the stream is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lines {
    /// At its start.
    Start,
    /// In one that begins with a colon: a comment.
    Comment,
    /// In any other: part of an event.
    Field,
}

impl Lines {
    /// Reads on. Whether there was something of a line that is neither blank nor a comment.
    pub(crate) fn read(&mut self, data: &[u8]) -> bool {
        let mut rest = data;
        while let Some((&byte, after)) = rest.split_first() {
            *self = match (*self, byte) {
                (_, b'\n' | b'\r') => Lines::Start,
                (Lines::Start, b':') => Lines::Comment,
                // A byte order mark may come before the first line. No field is named like that.
                (Lines::Start, 0xEF | 0xBB | 0xBF) => Lines::Start,
                (Lines::Comment, _) => Lines::Comment,
                (Lines::Start | Lines::Field, _) => {
                    self.skip(rest);
                    return true;
                }
            };
            rest = after;
        }
        false
    }

    /// Goes to the end of `data`, which begins in a field: only its last line matters.
    fn skip(&mut self, data: &[u8]) {
        let mut lines = data.rsplit(|byte| matches!(byte, b'\n' | b'\r'));
        match lines.next() {
            Some(last) if last.len() < data.len() => {
                *self = Lines::Start;
                self.read(last);
            }
            _ => *self = Lines::Field,
        }
    }
}
