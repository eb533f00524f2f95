//! The beginning of a stream that is one JSON array: Gemini's without `alt=sse`
//! ([streamGenerateContent](https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent)).

use super::events::Proof;
use crate::Dialect;
use crate::call::scan::Scan;
use crate::errors::has_error;
use crate::piece::Piece;

/// Looks for the first element that says something, and then for the end.
#[derive(Debug, Default)]
pub(super) struct Array {
    scan: Scan,
    /// An element that is not whole, until one has said something: at most as much as is held.
    element: Vec<u8>,
}

impl Array {
    /// Whether this, which comes first, begins one.
    pub(super) fn begins(data: &[u8]) -> bool {
        data.trim_ascii_start().first() == Some(&b'[')
    }

    /// Reads on, as long as nothing is proven.
    pub(super) fn read(&mut self, data: &[u8]) -> Proof {
        let mut proof = Proof::None;
        for piece in data.split_inclusive(|byte| *byte == b'}') {
            self.scan.read(piece);
            if proof != Proof::None {
                continue;
            }
            self.element.extend_from_slice(piece);
            if piece.ends_with(b"}") && self.scan.is_between() {
                proof = judge(&std::mem::take(&mut self.element));
            }
        }
        if proof == Proof::None && self.is_whole() {
            proof = Proof::Nothing;
        }
        proof
    }

    /// Something was proven, or is not looked for any longer.
    pub(super) fn passed(&mut self) {
        self.element = Vec::new();
    }

    /// Reads what follows.
    pub(super) fn follow(&mut self, data: &[u8]) {
        self.scan.read(data);
    }

    /// Whether nothing is missing.
    pub(super) fn is_whole(&self) -> bool {
        self.scan.facts().whole
    }
}

/// What an element proves, with what stands before it.
fn judge(element: &[u8]) -> Proof {
    let begins = element.iter().position(|byte| *byte == b'{');
    let element = element.get(begins.unwrap_or(0)..).unwrap_or_default();
    if has_error(element) {
        return Proof::Error(element.to_vec());
    }
    let mut says = false;
    Dialect::Gemini.read(element, &mut |piece: Piece<'_>| {
        says |= piece.is_meaningful();
    });
    if says { Proof::Answer } else { Proof::None }
}
