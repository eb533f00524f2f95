//! What the fuzz targets do with any input, for property tests too.
//!
//! Each function panics when something is wrong.
#![allow(
    clippy::missing_panics_doc,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "that is what it is for"
)]

mod reference;
#[cfg(test)]
mod tests;

use self::reference::{Dispatched, Read};
use crate::content_range::ContentRange;
use crate::etag;
use crate::event::line::MAX_VALUE;
use crate::event::{EventStream, EventView};
use crate::events::{Cursor, Events};
use crate::head::Head;
use bytes::Bytes;
use futures_core::Stream;
use http::header::{CONTENT_RANGE, ETAG};
use http::{HeaderMap, HeaderValue};
use http_body::{Body, Frame};
use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

/// A stream cut into chunks: its first byte says how, the rest is the stream.
pub fn events(input: &[u8]) {
    if let Some((&cuts, stream)) = input.split_first() {
        let chunks = cut(stream, u32::from(cuts));
        reads_as_the_standard_says(stream, &chunks);
        passes_whole_events(stream, &chunks);
        looks_into_events(stream);
    }
}

/// A stream of events with ids, cut and continued: the first byte says where, the rest what the
/// events carry.
pub fn continued(input: &[u8]) {
    let Some((&seed, rest)) = input.split_first() else {
        return;
    };
    let events: Vec<String> = rest
        .chunks(3)
        .enumerate()
        .map(|(id, data)| match data {
            [b'r', ..] => "retry: 3\n\n".to_owned(),
            [b'i', ..] => format!("id: {id}\ndata: {data:?}\n\n"),
            data => format!("data: {data:?}\rid: {id}\r\n\n"),
        })
        .collect();
    let whole = reference::read(events.concat().as_bytes());

    let window = usize::from(seed % 4);
    // Some events are too long to be held back.
    let cap = [1 << 20, 8, 16][usize::from(seed / 4 % 3)];
    let mut passed = Events::new(cap).with_window(window);
    let mut out = Vec::new();
    let mut seed = u32::from(seed);
    let mut from = 0;
    let is_whole = loop {
        let stream = events[from..].concat();
        seed = next(seed);
        // Most connections are cut somewhere; nothing is sent twice for ever.
        let end = match seed % 4 {
            0 => stream.len(),
            _ => seed as usize / 4 % (stream.len() + 1),
        };
        for chunk in cut(&stream.as_bytes()[..end], seed) {
            let (first, second) = passed.push(chunk);
            out.extend_from_slice(&first);
            out.extend_from_slice(&second);
            if passed.lost().is_some() {
                break;
            }
        }
        if end == stream.len() || passed.lost().is_some() {
            break passed.lost().is_none();
        }
        // The server goes on behind the id, or repeats some events that came before.
        let behind = match passed.cut(out.len() as u64) {
            Cursor::Start => 0,
            Cursor::After(id) => {
                let id = id.to_str().expect("digits");
                id.parse::<usize>().expect("digits") + 1
            }
            Cursor::Unknown => break false, // Nothing but times so far, or a part of a long event.
        };
        let known = whole.events.iter().filter(|event| {
            let id: usize = event.id.parse().expect("digits");
            id < behind
        });
        let again = seed as usize / 64 % (window + 1);
        from = known
            .rev()
            .take(again)
            .last()
            .map_or(behind, |event| event.id.parse().expect("digits"));
    };
    let read = reference::read(&out);
    let expected = &whole.events[..read.events.len()];
    assert_eq!(read.events, expected, "window of {window}, {cap} bytes");
    assert!(!is_whole || read.events.len() == whole.events.len());
}

/// The value of a `Content-Range`.
pub fn content_range(input: &[u8]) {
    let Ok(value) = HeaderValue::from_bytes(input) else {
        return;
    };
    let headers = HeaderMap::from_iter([(CONTENT_RANGE, value)]);
    let Ok(range) = ContentRange::of(&headers) else {
        return;
    };
    // What was understood, written as the standard writes it, must be there as it is.
    let written = match range {
        ContentRange::Part {
            first,
            last,
            complete,
        } => {
            assert!(first <= last);
            assert!(complete.is_none_or(|complete| last < complete));
            let complete = complete.map_or("*".to_owned(), |complete| complete.to_string());
            format!("bytes {first}-{last}/{complete}")
        }
        ContentRange::Unsatisfied { complete } => format!("bytes */{complete}"),
    };
    let value = HeaderValue::try_from(&written).expect("is plain");
    let again = ContentRange::of(&HeaderMap::from_iter([(CONTENT_RANGE, value)]));
    assert_eq!(again, Ok(range), "{written}");
    // Apart from spaces, zeros in front, and the case of the unit, there is one way to write it.
    let bare = |text: &str| -> String {
        let text = text.to_ascii_lowercase().replace([' ', '\t'], "");
        let numbers = text.strip_prefix("bytes").expect("the unit");
        let numbers = numbers.split_inclusive(['-', '/']);
        numbers
            .map(|number| match number.trim_start_matches('0') {
                "" => "0",
                "-" => "0-",
                "/" => "0/",
                number => number,
            })
            .collect()
    };
    let input = std::str::from_utf8(input).expect("was understood");
    assert_eq!(bare(input), bare(&written));
}

/// The value of an `ETag`.
pub fn entity_tag(input: &[u8]) {
    let Ok(value) = HeaderValue::from_bytes(input) else {
        return;
    };
    let mut headers = HeaderMap::from_iter([(ETAG, value.clone())]);
    // RFC 9110, section 8.8.3, the other way round: what a strong tag may not have.
    let inner = input
        .strip_prefix(b"\"")
        .and_then(|rest| rest.strip_suffix(b"\""));
    let is_strong = inner.is_some_and(|inner| {
        !inner
            .iter()
            .any(|byte| matches!(byte, 0..=0x20 | b'"' | 0x7f))
    });
    assert_eq!(
        etag::strong(Head::of(&headers).etag),
        is_strong.then_some(&value)
    );
    headers.append(ETAG, value);
    assert_eq!(etag::strong(Head::of(&headers).etag), None);
}

/// Whatever the chunks, what comes out is what the standard says.
pub(crate) fn reads_as_the_standard_says(stream: &[u8], chunks: &[Bytes]) {
    let expected = reference::read(stream);
    let mut events = pin!(EventStream::new(Chunks(chunks.iter().cloned().collect())));
    let mut cx = Context::from_waker(Waker::noop());
    let mut read = Read {
        blocks: expected.blocks,
        ..Read::default()
    };
    while let Poll::Ready(Some(event)) = events.as_mut().poll_next(&mut cx) {
        let event = event.expect("nothing fails here");
        assert_eq!(event.data(), &*event.clone().into_data());
        read.events.push(Dispatched {
            event: event.event().into_owned(),
            data: event.text().into_owned(),
            id: event.id().into_owned(),
        });
    }
    read.last_id = String::from_utf8_lossy(events.last_event_id()).into_owned();
    read.retry = events.retry();
    assert_eq!(
        read,
        expected,
        "{:?} as {chunks:?}",
        stream.escape_ascii().to_string()
    );
}

/// What goes out are the stream's bytes, up to the end of an event, as soon as it is there.
pub(crate) fn passes_whole_events(stream: &[u8], chunks: &[Bytes]) {
    let mut events = Events::new(1 << 20);
    let mut out = Vec::new();
    let mut seen = Vec::new();
    for chunk in chunks {
        seen.extend_from_slice(chunk);
        let (first, second) = events.push(chunk.clone());
        out.extend_from_slice(&first);
        out.extend_from_slice(&second);
        let (read, passed) = (reference::read(&seen), reference::read(&out));
        assert_eq!(passed.blocks, read.blocks);
        assert_eq!(passed.events, read.events);
        assert_eq!(events.retry(), read.retry);
        assert_eq!(events.is_holding(), out.len() < seen.len());
    }
    let read = reference::read(stream);
    match events.last_id() {
        Some(id) => assert_eq!(String::from_utf8_lossy(id), read.last_id),
        None => assert!(read.last_id.len() > MAX_VALUE),
    }
    out.extend_from_slice(&events.rest());
    assert_eq!(out, stream);
}

/// Views of whole events say the same.
fn looks_into_events(stream: &[u8]) {
    let expected = reference::read(stream);
    let stream = stream.strip_prefix(b"\xef\xbb\xbf").unwrap_or(stream);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut views = EventView::each(stream);
    let mut id = String::new();
    let mut read = Read::default();
    let mut len = 0;
    for view in views.by_ref() {
        read.blocks += 1;
        len += view.bytes().len();
        assert_eq!(EventView::parse(view.bytes()), view);
        id = view.id().map_or(id, text);
        if view.has_data() {
            assert!(!view.is_comment_only());
            let event = match view.name() {
                [] => "message".to_owned(),
                name => text(name),
            };
            let data = text(&view.data());
            let id = id.clone();
            read.events.push(Dispatched { event, data, id });
        }
    }
    assert_eq!(read.events, expected.events);
    assert_eq!(read.blocks, expected.blocks);
    assert_eq!(id, expected.last_id);
    assert_eq!(views.rest(), &stream[len..]);
    // An unfinished event reads as a finished one that has no blank line.
    let _ = EventView::parse(views.rest());
}

/// Cuts a stream in chunks of lengths that follow from the seed; some are empty.
pub(crate) fn cut(stream: &[u8], mut seed: u32) -> Vec<Bytes> {
    let mut chunks = Vec::new();
    let mut rest = stream;
    // Some cuttings have long chunks, some have short ones.
    let most = [2, 4, 16, 64, 1 << 20][seed as usize % 5];
    while !rest.is_empty() {
        seed = next(seed);
        let len = (seed as usize / 7 % most).min(rest.len());
        let (chunk, behind) = rest.split_at(len);
        chunks.push(Bytes::copy_from_slice(chunk));
        rest = behind;
    }
    chunks
}

/// A number that does not look like the one before (Numerical Recipes' generator).
fn next(seed: u32) -> u32 {
    seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223)
}

/// A body of these chunks.
pub(crate) struct Chunks(pub(crate) VecDeque<Bytes>);

impl Body for Chunks {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.pop_front().map(|chunk| Ok(Frame::data(chunk))))
    }
}
