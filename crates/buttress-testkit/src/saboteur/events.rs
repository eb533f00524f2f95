//! The events of a stream, as simply as can be: the origin's, which end with an empty line.

use bytes::{Bytes, BytesMut};

#[derive(Debug, Default)]
pub(super) struct Whole {
    /// The start of an event.
    part: BytesMut,
    /// The id of the last event that was whole.
    pub(super) last: Option<String>,
    /// An event with this id is a repetition.
    again: Option<String>,
    /// A first event longer than this is lost.
    pub(super) shorter_than: Option<usize>,
}

impl Whole {
    /// The events that are whole now.
    pub(super) fn add(&mut self, data: &[u8]) -> Vec<Bytes> {
        self.part.extend_from_slice(data);
        let mut events = Vec::new();
        while let Some(at) = self.part.windows(2).position(|pair| pair == b"\n\n") {
            let event = self.part.split_to(at + 2).freeze();
            if self
                .shorter_than
                .take()
                .is_some_and(|len| event.len() >= len)
            {
                continue;
            }
            let id = id(&event);
            let again = self.again.take();
            if let Some(id) = id {
                if again.as_ref() == Some(&id) {
                    continue;
                }
                self.last = Some(id);
            }
            events.push(event);
        }
        events
    }

    /// Whether an event has begun.
    pub(super) fn torn(&self) -> bool {
        !self.part.is_empty()
    }

    /// Makes an event of the half of one that says its id.
    pub(super) fn finish_half(&mut self) -> Option<Bytes> {
        let half = self.part.split();
        let id = id(&half).filter(|_| half.windows(6).any(|six| six == b"\ndata:"));
        self.last = Some(id?);
        Some([&half, &b"\n\n"[..]].concat().into())
    }

    /// Another answer goes on after the last whole event.
    pub(super) fn reopened(&mut self) {
        self.part.clear();
        self.again = self.last.clone();
    }
}

fn id(event: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(event);
    let id = text.lines().find_map(|line| line.strip_prefix("id: "));
    id.map(str::to_owned)
}
