//! What it costs to read events off a body, byte by byte, beside what others ask for it.

use super::bodies::{PACKET, READ, bytes, events};
use super::{Case, wait};
use crate::body::{Chunks, EVENT};
use crate::service::Answer;
use buttress_resume::event::EventStream;
use eventsource_stream::Eventsource;
use futures_core::Stream;
use http_body_util::BodyDataStream;
use sse_stream::SseStream;
use std::fmt::Debug;
use std::hint::black_box;
use std::pin::{Pin, pin};

pub(super) const CASES: &[Case] = &[
    bytes(
        EVENT,
        "events, each its chunk, EventStream",
        "events, each its chunk, bare",
        |n| {
            read(EVENT, n, EventStream::new);
        },
    ),
    bytes(
        PACKET,
        "events, 1448 bytes, EventStream",
        "events, 1448 bytes, bare",
        |n| {
            read(PACKET, n, EventStream::new);
        },
    ),
    bytes(
        READ,
        "events, 16 KiB, EventStream",
        "events, 16 KiB, bare",
        |n| {
            read(READ, n, EventStream::new);
        },
    ),
    bytes(
        EVENT,
        "events, each its chunk, sse-stream",
        "events, each its chunk, bare",
        |n| {
            read(EVENT, n, SseStream::new);
        },
    )
    .by("sse-stream"),
    bytes(
        READ,
        "events, 16 KiB, sse-stream",
        "events, 16 KiB, bare",
        |n| {
            read(READ, n, SseStream::new);
        },
    )
    .by("sse-stream"),
    bytes(
        EVENT,
        "events, each its chunk, eventsource-stream",
        "events, each its chunk, bare",
        |n| read(EVENT, n, |body| BodyDataStream::new(body).eventsource()),
    )
    .by("eventsource-stream"),
    bytes(
        READ,
        "events, 16 KiB, eventsource-stream",
        "events, 16 KiB, bare",
        |n| {
            read(READ, n, |body| BodyDataStream::new(body).eventsource());
        },
    )
    .by("eventsource-stream"),
];

/// Takes all events of one body of `n` chunks.
fn read<S, T, E>(size: usize, n: u64, wrap: impl FnOnce(Chunks) -> S)
where
    S: Stream<Item = Result<T, E>>,
    E: Debug,
{
    let body = events(size, n).response().into_body();
    let mut events = pin!(wrap(body));
    while let Some(event) = next(events.as_mut()) {
        black_box(event).expect("nothing fails here");
    }
}

/// The next event, as a program gets it: by a call that is not inlined.
#[inline(never)]
fn next<S: Stream>(mut events: Pin<&mut S>) -> Option<S::Item> {
    wait(|cx| events.as_mut().poll_next(cx))
}
