//! Reads values where they stand in an event, and puts others there.

use crate::json::{Reader, Str};
use buttress_resume::event::EventView;
use bytes::Bytes;
use std::borrow::Cow;
use std::ops::Range;

/// What a string means.
pub(super) fn id(data: &[u8], at: Range<usize>) -> Cow<'_, [u8]> {
    let text = Reader::new(data.get(at).unwrap_or_default()).string();
    text.map(Str::decode).unwrap_or_default()
}

pub(super) fn number(data: &[u8], at: Range<usize>) -> Option<u64> {
    std::str::from_utf8(data.get(at)?).ok()?.trim().parse().ok()
}

/// The data with other values in some places. Of places within each other the outer one counts.
pub(super) fn edit(data: &[u8], mut edits: Vec<(Range<usize>, Cow<'static, [u8]>)>) -> Vec<u8> {
    edits.sort_by_key(|(at, _)| (at.start, std::cmp::Reverse(at.end)));
    let mut edited = Vec::with_capacity(data.len() + 64);
    let mut done = 0;
    for (at, value) in edits {
        let Some(before) = data.get(done..at.start) else {
            continue;
        };
        edited.extend_from_slice(before);
        edited.extend_from_slice(&value);
        done = at.end;
    }
    edited.extend_from_slice(data.get(done..).unwrap_or_default());
    edited
}

/// The event with other data.
pub(super) fn rebuild(view: &EventView<'_>, data: &[u8]) -> Bytes {
    let mut event = Vec::with_capacity(data.len() + view.name().len() + 32);
    if !view.name().is_empty() {
        event.extend_from_slice(b"event: ");
        event.extend_from_slice(view.name());
        event.push(b'\n');
    }
    if let Some(id) = view.id() {
        event.extend_from_slice(b"id: ");
        event.extend_from_slice(id);
        event.push(b'\n');
    }
    for line in data.split(|byte| *byte == b'\n') {
        event.extend_from_slice(b"data: ");
        event.extend_from_slice(line);
        event.push(b'\n');
    }
    event.push(b'\n');
    event.into()
}
