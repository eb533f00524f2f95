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
}

impl Whole {
    /// The events that are whole now.
    pub(super) fn add(&mut self, data: &[u8]) -> Vec<Bytes> {
        self.part.extend_from_slice(data);
        let mut events = Vec::new();
        while let Some(at) = self.part.windows(2).position(|pair| pair == b"\n\n") {
            let event = self.part.split_to(at + 2).freeze();
            let text = String::from_utf8_lossy(&event);
            let id = text.lines().find_map(|line| line.strip_prefix("id: "));
            let again = self.again.take();
            if let Some(id) = id {
                if again.as_deref() == Some(id) {
                    continue;
                }
                self.last = Some(id.to_owned());
            }
            events.push(event);
        }
        events
    }

    /// Whether an event has begun.
    pub(super) fn torn(&self) -> bool {
        !self.part.is_empty()
    }

    /// Another answer goes on after the last whole event.
    pub(super) fn reopened(&mut self) {
        self.part.clear();
        self.again = self.last.clone();
    }
}
