//! What has come of a body and not gone out.

use buttress_core::Failure;
use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use std::collections::VecDeque;

/// So many pieces are kept as they came.
const AS_THEY_CAME: usize = 64;

/// Behind those a piece that is shorter is put with others: what it takes to keep a piece is many times
/// its length.
const SHORT: usize = 1 << 10;

/// In pieces of so many bytes.
const TOGETHER: usize = 16 << 10;

#[derive(Debug, Default)]
pub(super) struct Held {
    /// The first piece has a place of its own: most often there is no other.
    first: Option<Bytes>,
    more: VecDeque<Bytes>,
    /// What came last, if it was short.
    last: BytesMut,
    pub(super) bytes: usize,
    /// Something else than white space has come.
    says: bool,
    pub(super) trailers: Option<HeaderMap>,
    pub(super) broken: Option<Failure>,
    pub(super) ended: bool,
    /// It is a whole document, of which nothing is missing but its end.
    pub(super) whole: bool,
    /// All of it has gone out, and there may be more.
    pub(super) out: bool,
}

impl Held {
    pub(super) fn push(&mut self, data: Bytes) {
        self.bytes += data.len();
        self.says = self.says || !data.trim_ascii().is_empty();
        if self.first.is_none() {
            self.first = Some(data);
        } else if self.more.len() < AS_THEY_CAME {
            self.more.push_back(data);
        } else {
            let is_short = data.len() < SHORT;
            if !self.last.is_empty() && (!is_short || self.last.len() + data.len() > TOGETHER) {
                // A copy, because a part of it would keep all of its room.
                self.more.push_back(Bytes::copy_from_slice(&self.last));
                self.last.clear();
            }
            if is_short {
                self.last.reserve(TOGETHER - self.last.len());
                self.last.extend_from_slice(&data);
            } else {
                self.more.push_back(data);
            }
        }
    }

    pub(super) fn pop(&mut self) -> Option<Bytes> {
        let data = self.first.take().or_else(|| self.more.pop_front());
        let last = || Some(self.last.split().freeze()).filter(|last| !last.is_empty());
        let data = data.or_else(last)?;
        self.bytes -= data.len();
        Some(data)
    }

    /// Whether nothing but white space has come.
    pub(super) fn is_blank(&self) -> bool {
        !self.says
    }

    /// All of it, and this behind it.
    pub(super) fn join(&self, behind: &[u8]) -> Vec<u8> {
        let mut all = Vec::with_capacity(self.bytes + behind.len());
        for piece in self.first.iter().chain(&self.more) {
            all.extend_from_slice(piece);
        }
        all.extend_from_slice(&self.last);
        all.extend_from_slice(behind);
        all
    }

    #[cfg(test)]
    pub(super) fn pieces(&self) -> usize {
        self.more.len()
    }
}
