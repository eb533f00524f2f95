use super::*;

/// All that comes out of a stream cut into chunks of `size`, the rest included, and the cursor.
fn through(stream: &[u8], size: usize, cap: usize) -> (Vec<u8>, Vec<u8>, Cursor) {
    let mut events = Events::new(cap);
    let mut out = Vec::new();
    for chunk in stream.chunks(size) {
        out.extend_from_slice(&events.push(Bytes::copy_from_slice(chunk)));
    }
    let rest = events.held.to_vec();
    let cursor = events.cut(out.len() as u64);
    (out, rest, cursor)
}

fn after(id: &str) -> Cursor {
    Cursor::After(HeaderValue::from_str(id).unwrap())
}

#[test]
fn whole_events_only_whatever_the_chunks() {
    for (stream, whole, cursor) in [
        (&b""[..], 0, Cursor::Start),
        (b"data: a", 0, Cursor::Start),
        (b"data: a\n", 0, Cursor::Start),
        (b"data: a\n\n", 9, Cursor::Unknown),
        (b"id: 1\ndata: a\n\n", 15, after("1")),
        (b"id: 1\ndata: a\n\nid: 2\ndata: b\n", 15, after("1")),
        (b"id: 1\r\ndata: a\r\n\r\nid: 2\r\n", 18, after("1")),
        (b"id: 1\rdata: a\r\rid: 2\r", 15, after("1")),
        (b"id: 1\n\ndata: b\n\n", 16, after("1")),
        // An event without an id leaves the last one; an empty one takes it away.
        (b"id: 1\n\nid\n\n", 11, Cursor::Unknown),
        (b"id: 1\n\nid:\n\n", 12, Cursor::Unknown),
        (b"id:1\n\n", 6, after("1")),
        (b"id:  1\n\n", 8, after(" 1")),
        (b"id: 1\nid: 2\n\n", 13, after("2")),
        (b"id: 1\n\nid: 2\0\n\n", 15, after("1")),
        (b"idx: 1\n\n", 8, Cursor::Unknown),
        (b"i\n\n", 3, Cursor::Unknown),
        (b" id: 1\n\n", 8, Cursor::Unknown),
        (b": comment\n\n", 11, Cursor::Unknown),
        (b"\n\n\n", 3, Cursor::Unknown),
        (b"\xef\xbb\xbfid: 1\n\n", 10, after("1")),
        (b"\xef\xbbid: 1\n\n", 9, Cursor::Unknown),
    ] {
        for size in 1..=stream.len().max(1) {
            let (out, rest, found) = through(stream, size, 1 << 20);
            // An LF that follows a CR which ended an event may come out with what follows.
            let joined = [&out[..], &rest[..]].concat();
            assert_eq!(joined, stream, "chunks of {size}");
            assert!(
                out.len() == whole || out.len() + 1 == whole,
                "{out:?} {size}"
            );
            assert_eq!(
                found,
                cursor,
                "{:?} in {size}",
                String::from_utf8_lossy(stream)
            );
        }
    }
}

#[test]
fn an_event_longer_than_the_cap_is_let_through() {
    let mut events = Events::new(8);
    let first = events.push(Bytes::from_static(b"data: 123456"));
    assert_eq!(&first[..], b"data: 123456");
    assert_eq!(events.cut(12), Cursor::Unknown);

    let mut events = Events::new(8);
    let out = events.push(Bytes::from_static(b"id: 1\n\nid: 2\ndata: 12"));
    assert_eq!(&out[..], b"id: 1\n\nid: 2\ndata: 12");
    let out = events.push(Bytes::from_static(b"3\n\n"));
    assert_eq!(&out[..], b"3\n\n");
    assert_eq!(events.cut(24), after("2"));
}

#[test]
fn ids_that_cannot_be_sent_back() {
    let long = format!("id: {}\n\n", "x".repeat(2000));
    for size in [1, 7, 4000] {
        let (_, _, cursor) = through(long.as_bytes(), size, 1 << 20);
        assert_eq!(cursor, Cursor::Unknown);
    }
    let (_, _, cursor) = through(b"id: a\x01b\n\n", 100, 1 << 20);
    assert_eq!(cursor, Cursor::Unknown);
}

#[test]
fn a_reopened_stream_may_begin_with_the_last_event() {
    for size in [1, 3, 100] {
        let mut events = Events::new(1 << 20);
        let mut out = events
            .push(Bytes::from_static(b"id: 1\ndata: a\n\nid: 2\nda"))
            .to_vec();
        assert_eq!(events.cut(out.len() as u64), after("1"));
        let again = b"\xef\xbb\xbf: hello again\n\nid: 1\ndata: a\n\nid: 2\ndata: b\n\n";
        for chunk in again.chunks(size) {
            out.extend_from_slice(&events.push(Bytes::copy_from_slice(chunk)));
        }
        assert_eq!(
            out, b"id: 1\ndata: a\n\nid: 2\ndata: b\n\n",
            "chunks of {size}"
        );
        assert_eq!(events.count(), 2);
    }
}

#[test]
fn an_event_that_only_lacks_the_id_is_no_repetition() {
    let mut events = Events::new(1 << 20);
    let mut out = events.push(Bytes::from_static(b"id: 1\n\n")).to_vec();
    events.cut(out.len() as u64);
    out.extend_from_slice(&events.push(Bytes::from_static(b"data: b\n\nid: 1\n\n")));
    assert_eq!(out, b"id: 1\n\ndata: b\n\nid: 1\n\n");
}

#[test]
fn whole_events_are_not_copied() {
    let chunk = Bytes::from(b"data: a\n\ndata: b\n\n".to_vec());
    let start = chunk.as_ptr();
    let out = Events::new(1 << 20).push(chunk);
    assert_eq!(out.as_ptr(), start);
}
