//! The beginning of an event stream.

use crate::Dialect;
use crate::errors::is_bare;
use crate::piece::Piece;
use crate::stream::native;
use buttress_resume::event::EventView;
use memchr::memchr2_iter;

/// Looks for the first event that says something.
#[derive(Debug)]
pub(super) struct Beginning {
    dialect: Dialect,
    /// The server keeps what it streams, under an id that the start of the stream tells.
    is_kept: bool,
    /// An event that is not whole: at most as much as is held.
    partial: Vec<u8>,
    at_start: bool,
    /// How many bytes have been read as events.
    #[cfg(test)]
    looked: usize,
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
    pub(super) const fn new(dialect: Dialect, is_kept: bool) -> Self {
        Beginning {
            dialect,
            is_kept,
            partial: Vec::new(),
            at_start: true,
            #[cfg(test)]
            looked: 0,
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
            #[cfg(test)]
            {
                self.looked += data.len();
            }
            let (proof, rest) = self.look(data);
            self.partial.extend_from_slice(rest);
            return proof;
        }
        let is_whole = has_blank_line(self.partial.last().copied(), data);
        self.partial.extend_from_slice(data);
        if !is_whole {
            // No event ends here: a long one is not read again with every frame.
            return Proof::None;
        }
        #[cfg(test)]
        {
            self.looked += self.partial.len();
        }
        let (proof, rest) = self.look(&self.partial);
        let seen = self.partial.len() - rest.len();
        self.partial.drain(..seen);
        proof
    }

    /// What the whole events of `data` prove, and what comes after them.
    fn look<'d>(&self, data: &'d [u8]) -> (Proof, &'d [u8]) {
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
            let (mut start, mut id) = (false, false);
            let sound = self.dialect.read(&data, &mut |piece| match piece {
                Piece::Start => start = true,
                // That of the response, and of nothing in it.
                Piece::Fixed {
                    slot: native::ID, ..
                } => id |= self.dialect == Dialect::Responses,
                Piece::Source { .. } => id = true,
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
                // What has begun is read on, and not begun once more.
                () if self.is_kept && start && id => Proof::Answer,
                () => continue,
            };
            return (proof, &[]);
        }
        (Proof::None, events.rest())
    }

    /// What follows the last whole event.
    pub(super) fn rest(&self) -> &[u8] {
        &self.partial
    }
}

/// Whether a line ends in `data` in which nothing stands, if this is the byte before it.
fn has_blank_line(before: Option<u8>, data: &[u8]) -> bool {
    memchr2_iter(b'\n', b'\r', data).any(|at| {
        let before = match at.checked_sub(1) {
            Some(at) => data.get(at).copied(),
            None => before,
        };
        match before {
            Some(b'\n') => true,
            // Both together end one line.
            Some(b'\r') => data.get(at) == Some(&b'\r'),
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// However a stream is cut, no byte of it is read more often than a few times.
    #[test]
    fn the_work_grows_with_the_bytes_and_not_with_their_square() {
        let pings = ":\n".repeat(2_000);
        for (what, stream) in [
            ("comments", pings.clone()),
            ("returns", ":\r".repeat(2_000)),
            ("both", ":\r\n".repeat(2_000)),
            ("data", "data: 1\n".repeat(1_000)),
            ("pings", ":\n\n".repeat(2_000)),
            ("events", "id: 1\n\n".repeat(1_000)),
            ("long ones", pings.replace(":\n", ":") + "\n\n"),
            ("some of them whole", format!("{pings}id: 1\n\n").repeat(3)),
        ] {
            for size in [1, 2, 3, 5, 8] {
                let mut beginning = Beginning::new(Dialect::Messages, false);
                for frame in stream.as_bytes().chunks(size) {
                    assert_eq!(beginning.read(frame), Proof::None, "{what} by {size}");
                }
                let most = 3 * stream.len();
                assert!(
                    beginning.looked <= most,
                    "{what} by {size}: {}",
                    beginning.looked
                );
            }
        }
    }

    /// What has no id can't be read on: the start of a stream that tells other values proves nothing.
    #[test]
    fn of_what_is_kept_its_own_id_is_enough() {
        let created = |response: &str| {
            format!(r#"{{"type":"response.created","response":{{{response},"status":"queued"}}}}"#)
        };
        let begun = |interaction: &str| {
            let kind = r#""event_type":"interaction.created""#;
            format!(r#"{{"interaction":{{{interaction},"status":"in_progress"}},{kind}}}"#)
        };
        let call = r#""steps":[{"type":"function_call","id":"c","name":"ls"}]"#;
        let item = r#""output":[{"type":"function_call","id":"fc","call_id":"c"}]"#;
        for (dialect, data, expected) in [
            (Dialect::Responses, created(r#""id":"resp_1""#), true),
            (Dialect::Responses, created(r#""created_at":17"#), false),
            (Dialect::Responses, created(r#""id":null"#), false),
            (Dialect::Responses, created(item), false),
            (Dialect::Interactions, begun(r#""id":"v1_a""#), true),
            (Dialect::Interactions, begun(call), false),
        ] {
            let event = format!("data: {data}\n\n");
            for is_kept in [true, false] {
                let proof = Beginning::new(dialect, is_kept).read(event.as_bytes());
                let is_answer = proof == Proof::Answer;
                assert_eq!(is_answer, expected && is_kept, "{data} {is_kept}");
            }
        }
    }

    /// A stream proves the same, and with the same byte, however it is cut and whatever ends its lines.
    #[test]
    fn no_blank_line_is_missed() {
        let said = "data: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"x\"}}";
        for end in ["\n", "\r", "\r\n"] {
            let stream = format!(": a{end}: b{end}{end}id: 1{end}{said}{end}{end}");
            // The blank line ends with the return.
            let proves = stream.trim_end().len() + end.len() + 1;
            for size in 1..=stream.len() {
                let mut beginning = Beginning::new(Dialect::Messages, false);
                let mut read = 0;
                for frame in stream.as_bytes().chunks(size) {
                    read += frame.len();
                    let expected = if read >= proves {
                        Proof::Answer
                    } else {
                        Proof::None
                    };
                    assert_eq!(
                        beginning.read(frame),
                        expected,
                        "{end:?} by {size} at {read}"
                    );
                    if read >= proves {
                        break;
                    }
                }
                assert!(read >= proves, "{end:?} by {size}");
            }
        }
    }
}
