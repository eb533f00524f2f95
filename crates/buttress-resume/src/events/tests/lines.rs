//! Where events end, and what their lines say, however they are cut.

use super::*;

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
fn whole_events_are_not_copied() {
    let chunk = Bytes::from(b"data: a\n\ndata: b\n\n".to_vec());
    let start = chunk.as_ptr();
    let (out, _) = Events::new(1 << 20).push(chunk);
    assert_eq!(out.as_ptr(), start);
}

#[test]
fn a_retry_time_counts_as_soon_as_its_line_has_ended() {
    for (stream, expected) in [
        ("retry: 1500\n", Some(1500)),
        ("retry: 1500", None),
        ("retry:7\nretry: x\n\n", Some(7)),
        ("retry: 7\n\nretry: 8\n", Some(8)),
    ] {
        for size in 1..=stream.len() {
            let mut events = Events::new(1 << 20);
            for chunk in stream.as_bytes().chunks(size) {
                push(&mut events, chunk);
            }
            let expected = expected.map(Duration::from_millis);
            assert_eq!(events.retry(), expected, "{stream:?} in {size}");
            // It outlives the connection.
            events.cut(0);
            assert_eq!(events.retry(), expected);
        }
    }
}

/// What of a line is too long to be kept still tells whether it is a number, and whether it has a NUL.
#[test]
fn all_of_a_long_line_counts_wherever_it_is_cut() {
    let digits = "1".repeat(2000);
    let longest = Some(Duration::from_millis(u64::MAX));
    for (line, retry, cursor) in [
        (format!("retry: {digits}"), longest, after("1")),
        (format!("retry: {digits}x{digits}"), None, after("1")),
        (format!("id: {digits}"), None, Cursor::Unknown),
        // No id at all, so that the one before it stays.
        (format!("id: {digits}\0{digits}"), None, after("1")),
    ] {
        for size in [1, 7, 900, 1500, 1 << 16] {
            let mut events = Events::new(1 << 20);
            for chunk in format!("id: 1\n\n{line}\n\n").as_bytes().chunks(size) {
                push(&mut events, chunk);
            }
            let case = format!("{} bytes in {size}", line.len());
            assert_eq!(events.retry(), retry, "{case}");
            assert_eq!(events.cut(1), cursor, "{case}");
        }
    }
}

#[test]
fn an_event_leaves_with_the_cr_that_ends_it() {
    let mut events = Events::new(1 << 20);
    assert_eq!(push(&mut events, b"data: a\r\n\r"), b"data: a\r\n\r");
    assert!(!events.is_holding());
    assert_eq!(push(&mut events, b"\n"), b"\n");
    assert!(!events.is_holding());
    assert_eq!(events.count(), 1);
}

#[test]
fn what_brings_neither_data_nor_an_id_is_no_progress() {
    for (block, count) in [
        ("\n", 0),
        (":\n\n", 0),
        ("retry: 5\n\n", 0),
        ("event: ping\n\n", 0),
        ("foo\n\n", 0),
        ("datas: a\n\n", 0),
        ("data\n\n", 1),
        ("data:\n\n", 1),
        ("id: 1\n\n", 1),
    ] {
        for size in 1..=block.len() {
            let mut events = Events::new(1 << 20);
            for chunk in block.as_bytes().chunks(size) {
                push(&mut events, chunk);
            }
            assert_eq!(events.count(), count, "{block:?} in {size}");
        }
    }
}

/// Nothing of what a cut left unfinished is taken for a part of what follows.
#[test]
fn what_a_cut_left_unfinished_is_forgotten() {
    for unfinished in [
        "i",
        "id: 2",
        "id: 2\n",
        "id: 2\r",
        "d",
        "data",
        "data: b",
        "data: b\n",
        "data: b\nid: 2\n",
        ": c",
        "retry",
        "x",
        "\u{feff}",
        "id: 1\0",
    ] {
        // The last event comes again, behind a mark of where the server goes on and a greeting.
        for (again, expected) in [
            ("id: 1\ndata: a\n\nid: 2\ndata: b\n\n", "id: 2\ndata: b\n\n"),
            ("id: 1\n\nid: 1\ndata: a\n\nid: 2\n\n", "id: 2\n\n"),
            (
                "data: hello\n\nid: 1\ndata: a\n\nid: 2\n\n",
                "data: hello\n\nid: 2\n\n",
            ),
            ("\n\nid: 1\ndata: a\n\nid: 2\n\n", "\n\nid: 2\n\n"),
        ] {
            for size in [1, 4, 100] {
                let mut events = Events::new(1 << 20);
                push(&mut events, b"id: 1\ndata: a\n\n");
                assert!(push(&mut events, unfinished.as_bytes()).is_empty());
                assert_eq!(events.cut(15), after("1"));
                let chunks = again.as_bytes().chunks(size);
                let out: Vec<u8> = chunks.flat_map(|chunk| push(&mut events, chunk)).collect();
                let out = String::from_utf8(out).unwrap();
                assert_eq!(out, expected, "{unfinished:?} {again:?} {size}");
                assert_eq!(
                    events.cut(15),
                    after("2"),
                    "{unfinished:?} {again:?} {size}"
                );
            }
        }
    }
}

/// A re-opened stream loses its byte order mark, and nothing that only looked like one.
#[test]
fn half_a_byte_order_mark_is_part_of_a_line() {
    let half = b"\xef\xbb: hello\n\nid: 1\n\n";
    for (is_reopened, size) in [(false, 1), (false, 99), (true, 1), (true, 99)] {
        let mut events = Events::new(1 << 20);
        if is_reopened {
            events.cut(0);
        }
        let out: Vec<u8> = half
            .chunks(size)
            .flat_map(|chunk| push(&mut events, chunk))
            .collect();
        assert_eq!(out, half, "{is_reopened} {size}");
    }
}
