//! The beginning of an event stream.

use crate::Dialect;
use crate::errors::is_bare;
use crate::piece::Piece;
use buttress_resume::event::EventView;
use memchr::memchr2;

/// Looks for the first event that says something.
#[derive(Debug)]
pub(super) struct Beginning {
    dialect: Dialect,
    /// An event that is not whole.
    partial: Vec<u8>,
    at_start: bool,
}

/// What an event stream has proven so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// Nothing.
    None,
    /// That it is an answer.
    Answer,
    /// That it is an error: the event.
    Error(Vec<u8>),
    /// That it has ended without having said anything.
    Nothing,
}

impl Beginning {
    pub(super) const fn new(dialect: Dialect) -> Self {
        Beginning {
            dialect,
            partial: Vec::new(),
            at_start: true,
        }
    }

    /// Reads on.
    pub(super) fn read(&mut self, data: &[u8]) -> Proof {
        let mut data = data;
        if self.partial.is_empty() {
            if std::mem::take(&mut self.at_start) {
                // A byte order mark is no part of the first line (HTML standard, 9.2.5).
                data = data.strip_prefix(b"\xef\xbb\xbf").unwrap_or(data);
            }
            let (proof, rest) = look(self.dialect, data);
            self.partial.extend_from_slice(rest);
            return proof;
        }
        self.partial.extend_from_slice(data);
        if memchr2(b'\n', b'\r', data).is_none() {
            // No event ends here: of a long one not every frame need be looked at again.
            return Proof::None;
        }
        let (proof, rest) = look(self.dialect, &self.partial);
        let seen = self.partial.len() - rest.len();
        self.partial.drain(..seen);
        proof
    }

    /// What follows the last whole event.
    pub(super) fn rest(&self) -> &[u8] {
        &self.partial
    }
}

/// What the whole events of `data` prove, and what comes after them.
fn look(dialect: Dialect, data: &[u8]) -> (Proof, &[u8]) {
    let mut events = EventView::each(data);
    for event in events.by_ref() {
        let data = event.data();
        if data.is_empty() {
            if is_bare(event.bytes()) {
                return (Proof::Error(event.bytes().to_vec()), &[]);
            }
            continue;
        }
        let mut error = event.name() == b"error";
        let (mut says, mut finish, mut end) = (false, false, false);
        let sound = dialect.read(&data, &mut |piece| match piece {
            Piece::Error => error = true,
            Piece::Finish { .. } => finish = true,
            Piece::End => end = true,
            piece => says |= piece.is_meaningful(),
        });
        let proof = match () {
            () if error => Proof::Error(event.bytes().to_vec()),
            // What can't be read is not for this crate to judge.
            () if says || finish || !sound => Proof::Answer,
            () if end => Proof::Nothing,
            () => continue,
        };
        return (proof, &[]);
    }
    (Proof::None, events.rest())
}
