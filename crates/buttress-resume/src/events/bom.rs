//! The byte order mark that a stream may begin with.

use super::Events;
use bytes::{Buf, Bytes};
use std::ops::ControlFlow;

/// At the very beginning it is no part of the first line (HTML standard, 9.2.5).
pub(super) const BOM: &[u8] = b"\xef\xbb\xbf";

impl Events {
    /// Takes a byte order mark off the lines, and off what goes out unless the stream began with it.
    #[cold]
    pub(super) fn settle_bom(&mut self, chunk: &mut Bytes) {
        while let Some(matched) = self.bom {
            match (BOM.get(matched), chunk.first()) {
                (None, _) => self.bom = None,
                (Some(_), None) => return,
                (Some(expected), Some(found)) if expected == found => {
                    if !self.reopened {
                        self.held.extend_from_slice(&[*found]);
                    }
                    chunk.advance(1);
                    self.bom = Some(matched + 1);
                }
                (Some(_), Some(_)) => {
                    // No mark after all: what looked like one belongs to the first line.
                    let looked = BOM.get(..matched).unwrap_or(&[]);
                    if self.reopened {
                        self.held.extend_from_slice(looked);
                    }
                    self.scan.blocks(looked, |_, _| ControlFlow::Continue(()));
                    self.bom = None;
                }
            }
        }
    }
}
