use super::*;
use crate::fuzzing::Chunks;
use buttress_testkit::ScriptedBody;
use bytes::Bytes;
use futures_util::{FutureExt, StreamExt};
use http::HeaderMap;
use std::io;

fn chunks(chunks: &[&'static str]) -> Chunks {
    Chunks(chunks.iter().copied().map(Bytes::from).collect())
}

/// The next event of a stream that has no reason to wait.
fn next<B>(events: &mut EventStream<B>) -> Option<Result<Event, Failure>>
where
    B: Body + Unpin,
    B::Error: Into<BoxError>,
{
    events.next().now_or_never().expect("nothing to wait for")
}

fn ids<B>(mut events: EventStream<B>) -> Vec<String>
where
    B: Body + Unpin,
    B::Error: Into<BoxError>,
{
    let mut ids = Vec::new();
    while let Some(event) = next(&mut events) {
        ids.push(event.unwrap().id().into_owned());
    }
    ids
}

#[test]
fn an_id_lasts_until_the_next_one() {
    let stream = "data\n\nid: 1\ndata\n\ndata\n\ndata\n\nid: 2\n\ndata\n\nid\ndata\n\ndata\n\n";
    let expected = ["", "1", "1", "1", "2", "", ""];
    assert_eq!(ids(EventStream::new(chunks(&[stream]))), expected);
    let known = EventStream::new(chunks(&[stream])).with_last_event_id(b"0");
    let mut expected = expected;
    expected[0] = "0";
    assert_eq!(ids(known), expected);
}

#[test]
fn an_event_lies_in_its_chunk() {
    let chunk = Bytes::from(b"id: 1\ndata: abc\n\ndata: d\n\n".to_vec());
    let data = chunk[12..15].as_ptr();
    let mut events = EventStream::new(Chunks([chunk].into()));
    let event = next(&mut events).unwrap().unwrap();
    assert_eq!(event.data().as_ptr(), data);
    assert_eq!(event.clone().into_data().as_ptr(), data);
    assert_eq!(event.into_data(), "abc");
}

#[test]
fn what_is_not_dispatched_counts() {
    let mut events = EventStream::new(chunks(&["id: 1\nretry: 2500\n\n", "id: 2\nretry: 9\n"]));
    assert!(next(&mut events).is_none());
    // The time as soon as its line has ended, the id with its event only.
    assert_eq!(events.retry(), Some(Duration::from_millis(9)));
    assert_eq!(events.last_event_id(), b"1");
}

#[test]
fn an_event_that_is_too_long_ends_the_stream() {
    let event = "id: 1\ndata: 123456789\n\n";
    for cut in 0..=event.len() {
        let body = chunks(&["data: a\n\n", &event[..cut], &event[cut..], event]);
        let mut events = EventStream::new(body).with_max_event(event.len() - 1);
        assert_eq!(next(&mut events).unwrap().unwrap().data(), b"a");
        let failure = next(&mut events).unwrap().unwrap_err();
        assert_eq!(failure.kind(), FailureKind::Protocol);
        assert_eq!(failure.phase(), Phase::Body);
        assert!(!failure.is_transient());
        assert!(matches!(
            failure.delivery(),
            Delivery::Partial { bytes: 9.. }
        ));
        assert!(next(&mut events).is_none());

        let body = chunks(&["data: a\n\n", &event[..cut], &event[cut..], event]);
        let events = EventStream::new(body).with_max_event(event.len());
        assert_eq!(ids(events), ["", "1", "1"], "cut at {cut}");
    }
}

#[test]
fn no_more_is_held_than_is_allowed() {
    // A line that never ends.
    let mut reader = Reader::new(100);
    for _ in 0..100 {
        reader.push(Bytes::from_static(b"data: "));
        if reader.next().is_err() {
            assert_eq!(reader.held(), 96);
            return;
        }
    }
    panic!("held for ever");
}

#[test]
fn an_error_of_the_body_is_classified_and_the_last_word() {
    let body = ScriptedBody::new()
        .data("data: a\n\ndata: unfinished\n")
        .io(io::ErrorKind::ConnectionReset);
    let mut events = EventStream::new(body);
    assert_eq!(next(&mut events).unwrap().unwrap().text(), "a");
    let failure = next(&mut events).unwrap().unwrap_err();
    assert_eq!(failure.kind(), FailureKind::ConnectionReset);
    assert_eq!(failure.delivery(), Delivery::Partial { bytes: 26 });
    assert!(next(&mut events).is_none());
}

#[test]
fn trailers_are_no_event() {
    let body = ScriptedBody::new()
        .data("data: a\n\n")
        .trailers(HeaderMap::new());
    let mut events = EventStream::new(body);
    assert!(next(&mut events).unwrap().is_ok());
    assert!(next(&mut events).is_none());
}
