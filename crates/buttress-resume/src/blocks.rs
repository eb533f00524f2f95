//! Cuts whole events apart (HTML standard, section 9.2.5).

use crate::event::line;

/// What a stretch of bytes is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Block {
    /// Lines and the blank one that ends them.
    Event,
    /// Blank lines that end nothing.
    Blank,
    /// A part of an event that was too long to be held back.
    Part,
}

/// Cuts apart what [`Events`](crate::events::Events) gave out: whole events, but for those that
/// were too long.
#[derive(Debug, Default)]
pub(crate) struct Blocks {
    /// In the midst of an event: where its lines stand.
    midst: Option<Place>,
}

/// Where a scan stands between two stretches of bytes.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// The line at hand is empty so far.
    empty: bool,
    /// The last byte was a CR: an LF now belongs to the same line end.
    after_cr: bool,
}

impl Blocks {
    /// Whether the end of an event that was too long has not come.
    pub(crate) fn is_in_part(&self) -> bool {
        self.midst.is_some()
    }

    /// The length of the first block of these bytes, of which there is at least one, and what it is.
    pub(crate) fn next(&mut self, bytes: &[u8]) -> (usize, Block) {
        let (place, block) = match self.midst {
            Some(place) => (place, Block::Part),
            None => {
                let blank = bytes
                    .iter()
                    .take_while(|byte| matches!(byte, b'\n' | b'\r'))
                    .count();
                if blank > 0 {
                    return (blank, Block::Blank);
                }
                let start = Place {
                    empty: true,
                    after_cr: false,
                };
                (start, Block::Event)
            }
        };
        match place.block_end(bytes) {
            Ok(end) => {
                self.midst = None;
                (end, block)
            }
            Err(place) => {
                self.midst = Some(place);
                (bytes.len(), Block::Part)
            }
        }
    }
}

impl Place {
    /// The position behind the first blank line, or where the scan stands after all bytes.
    fn block_end(mut self, bytes: &[u8]) -> Result<usize, Place> {
        let mut at = usize::from(self.after_cr && bytes.first() == Some(&b'\n'));
        loop {
            let rest = bytes.get(at..).unwrap_or(&[]);
            let Some(len) = line::len(rest) else {
                if !rest.is_empty() {
                    self = Place {
                        empty: false,
                        after_cr: false,
                    };
                }
                return Err(self);
            };
            let blank = self.empty && len == 0;
            at += len + 1;
            self = Place {
                empty: true,
                after_cr: false,
            };
            if rest.get(len) == Some(&b'\r') {
                match bytes.get(at) {
                    Some(b'\n') => at += 1,
                    Some(_) => {}
                    None => self.after_cr = true,
                }
            }
            if blank {
                return Ok(at);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(chunks: &[&[u8]]) -> Vec<(String, Block)> {
        let mut blocks = Blocks::default();
        let mut found = Vec::new();
        for mut chunk in chunks.iter().copied() {
            while !chunk.is_empty() {
                let (len, block) = blocks.next(chunk);
                let (taken, rest) = chunk.split_at(len);
                found.push((String::from_utf8_lossy(taken).into_owned(), block));
                chunk = rest;
            }
        }
        found
    }

    #[test]
    fn whole_events_are_cut_apart() {
        use Block::{Blank, Event, Part};
        for (chunks, expected) in [
            (
                &[&b"data: a\n\ndata: b\ndata: c\n\n"[..]][..],
                &[("data: a\n\n", Event), ("data: b\ndata: c\n\n", Event)][..],
            ),
            (
                &[b"a\r\n\r\nb\r\n\r\n"],
                &[("a\r\n\r\n", Event), ("b\r\n\r\n", Event)],
            ),
            (&[b"a\r\rb\r\r"], &[("a\r\r", Event), ("b\r\r", Event)]),
            // The LF of the last line end came with the next bytes.
            (
                &[b"a\r\n\r", b"\nb\n\n"],
                &[("a\r\n\r", Event), ("\n", Blank), ("b\n\n", Event)],
            ),
            (&[b"\n\r\na\n\n"], &[("\n\r\n", Blank), ("a\n\n", Event)]),
            // Too long to be held back: parts, up to its blank line.
            (
                &[b"a\n\nlo", b"ng\n", b"\nb\n\n"],
                &[
                    ("a\n\n", Event),
                    ("lo", Part),
                    ("ng\n", Part),
                    ("\n", Part),
                    ("b\n\n", Event),
                ],
            ),
            (
                &[b"long\r", b"\n", b"x\r", b"\r", b"\nb\n\n"],
                &[
                    ("long\r", Part),
                    ("\n", Part),
                    ("x\r", Part),
                    ("\r", Part),
                    ("\n", Blank),
                    ("b\n\n", Event),
                ],
            ),
            // The first LF ends a line of which some was there, and no event.
            (
                &[b"long", b"\nb\n\n", b"c\n\n"],
                &[("long", Part), ("\nb\n\n", Part), ("c\n\n", Event)],
            ),
            (
                &[b"long", b"\n\nb\n\n"],
                &[("long", Part), ("\n\n", Part), ("b\n\n", Event)],
            ),
            (
                &[b"lo\n", b"x", b"\ny\n\n"],
                &[("lo\n", Part), ("x", Part), ("\ny\n\n", Part)],
            ),
            // It belongs to the CR before it.
            (
                &[b"long\r", b"\nb\n\n"],
                &[("long\r", Part), ("\nb\n\n", Part)],
            ),
        ] {
            let found = cut(chunks);
            let found: Vec<_> = found.iter().map(|(s, b)| (s.as_str(), *b)).collect();
            assert_eq!(found, expected);
        }
    }
}
