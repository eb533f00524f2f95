//! What a whole delivery would be.

use crate::content::{Content, Events};
use bytes::Bytes;
use http::HeaderMap;
use std::ops::Range;

/// One version of what a call may deliver, of which every byte is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Original {
    body: Body,
    pub(super) trailers: Option<HeaderMap>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Body {
    Content {
        content: Content,
        range: Range<u64>,
    },
    /// Bytes that come in pieces; the ends of the pieces.
    Pieces {
        bytes: Bytes,
        ends: Vec<u64>,
    },
}

impl Original {
    /// All of this content.
    #[must_use]
    pub fn content(content: Content) -> Self {
        Original::part(content, 0..content.len)
    }

    /// This range of the content, cut at its end.
    #[must_use]
    pub fn part(content: Content, range: Range<u64>) -> Self {
        let end = range.end.min(content.len);
        let range = range.start.min(end)..end;
        Original::new(Body::Content { content, range })
    }

    /// These bytes.
    #[must_use]
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let ends = vec![bytes.len() as u64];
        Original::new(Body::Pieces { bytes, ends })
    }

    /// All of these events.
    #[must_use]
    pub fn events(events: &Events) -> Self {
        Original::events_from(events, 0)
    }

    /// The events from `index` on.
    #[must_use]
    pub fn events_from(events: &Events, index: usize) -> Self {
        let pieces = events.pieces(index);
        let ends = pieces.iter().scan(0, |end, piece| {
            *end += piece.len() as u64;
            Some(*end)
        });
        let ends = ends.collect();
        let bytes = pieces.concat().into();
        Original::new(Body::Pieces { bytes, ends })
    }

    fn new(body: Body) -> Self {
        let trailers = None;
        Original { body, trailers }
    }

    /// The trailers that belong to it. Default: none.
    #[must_use]
    pub fn trailers(mut self, trailers: HeaderMap) -> Self {
        self.trailers = Some(trailers);
        self
    }

    /// Its length in bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        match &self.body {
            Body::Content { range, .. } => range.end - range.start,
            Body::Pieces { bytes, .. } => bytes.len() as u64,
        }
    }

    /// Whether it has no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The offset of the first byte of `found` that is not the original's, when `found` is taken
    /// to begin at `offset`. A byte past the end is one that is not the original's.
    #[must_use]
    pub fn mismatch(&self, offset: u64, found: &[u8]) -> Option<u64> {
        match &self.body {
            Body::Content { content, range } => {
                let until = Content {
                    len: range.end,
                    ..*content
                };
                let at = until.mismatch(range.start + offset, found)?;
                Some(at - range.start)
            }
            Body::Pieces { bytes, .. } => {
                let rest = bytes.get(offset as usize..).unwrap_or_default();
                let same = rest.iter().zip(found).take_while(|(a, b)| a == b).count();
                (same < found.len()).then_some(offset + same as u64)
            }
        }
    }

    /// Whether a piece that must not be torn ends after `len` bytes: an event, or anything at all
    /// where there are no events.
    #[must_use]
    pub fn is_boundary(&self, len: u64) -> bool {
        match &self.body {
            Body::Content { .. } => true,
            Body::Pieces { ends, .. } => len == 0 || ends.contains(&len),
        }
    }
}
