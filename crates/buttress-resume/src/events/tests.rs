use super::*;

/// What comes out when this comes in.
fn push(events: &mut Events, chunk: &[u8]) -> Vec<u8> {
    let (first, second) = events.push(Bytes::copy_from_slice(chunk));
    [first, second].concat()
}

/// All that comes out of a stream cut into chunks of `size`, the rest included, and the cursor.
fn through(stream: &[u8], size: usize, cap: usize) -> (Vec<u8>, Vec<u8>, Cursor) {
    let mut events = Events::new(cap);
    let mut out = Vec::new();
    for chunk in stream.chunks(size) {
        out.extend(push(&mut events, chunk));
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
    let first = push(&mut events, b"data: 123456");
    assert_eq!(&first[..], b"data: 123456");
    assert_eq!(events.cut(12), Cursor::Unknown);

    let mut events = Events::new(8);
    let out = push(&mut events, b"id: 1\n\nid: 2\ndata: 12");
    assert_eq!(&out[..], b"id: 1\n\nid: 2\ndata: 12");
    let out = push(&mut events, b"3\n\n");
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
        let mut out = push(&mut events, b"id: 1\ndata: a\n\nid: 2\nda");
        assert_eq!(events.cut(out.len() as u64), after("1"));
        let again = b"\xef\xbb\xbf: hello again\n\nid: 1\ndata: a\n\nid: 2\ndata: b\n\n";
        for chunk in again.chunks(size) {
            out.extend(push(&mut events, chunk));
        }
        // The comment may go out or not; the event must not go out twice.
        let out = String::from_utf8(out)
            .unwrap()
            .replace(": hello again\n\n", "");
        assert_eq!(
            out, "id: 1\ndata: a\n\nid: 2\ndata: b\n\n",
            "chunks of {size}"
        );
        assert_eq!(events.count(), 2);
    }
}

#[test]
fn an_event_longer_than_the_cap_is_let_through_behind_repeated_ones() {
    for again in ["", "id: 1\n\n", "id: 1\n\nid: 2\n\n", "id: 2\n\n"] {
        for long in ["data: 1234567890", "id: 3\n\ndata: 1234567890"] {
            // Without a new id before it, it may have been delivered: see below.
            if !(again.contains('2') || long.contains("id")) {
                continue;
            }
            let mut events = Events::new(12);
            let mut out = push(&mut events, b"id: 1\n\n");
            events.cut(out.len() as u64);
            let before = out.len();
            out.extend(push(&mut events, [again, long].concat().as_bytes()));
            out.extend(push(&mut events, b"end\n\n"));
            let new = again.replace("id: 1\n\n", "") + long + "end\n\n";
            assert_eq!(String::from_utf8_lossy(&out[before..]), new, "{again:?}");
        }
    }
}

#[test]
fn an_event_that_only_lacks_the_id_is_no_repetition() {
    let mut events = Events::new(1 << 20);
    let mut out = push(&mut events, b"id: 1\n\n");
    events.cut(out.len() as u64);
    out.extend(push(&mut events, b"data: b\n\nid: 2\n\nid: 1\n\n"));
    assert_eq!(out, b"id: 1\n\ndata: b\n\nid: 2\n\nid: 1\n\n");
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

/// What comes out of a re-opened stream that had brought the ids 1 to 4, in chunks of `size`.
fn reopened(again: &str, window: usize, size: usize) -> String {
    let mut events = Events::new(1 << 20).with_window(window);
    for id in 1..=4 {
        push(&mut events, format!("id: {id}\ndata: {id}\n\n").as_bytes());
    }
    assert_eq!(events.cut(1), after("4"));
    let out: Vec<u8> = again
        .as_bytes()
        .chunks(size)
        .flat_map(|chunk| push(&mut events, chunk))
        .collect();
    String::from_utf8(out).unwrap()
}

#[test]
fn what_was_delivered_before_is_left_out() {
    let event = |id: u32| format!("id: {id}\ndata: {id}\n\n");
    let all = |ids: &[u32]| ids.iter().copied().map(event).collect::<String>();
    let plain = "data: x\n\n";
    let hello = "retry: 10\n\n";
    let primed = "id: 4\nretry: 10\n\n";
    for (again, window, expected) in [
        (all(&[4, 5]), 0, all(&[5])),
        (all(&[5, 4]), 0, all(&[5, 4])),
        (all(&[3, 4, 5]), 0, all(&[3, 4, 5])),
        (all(&[3, 4, 5]), 2, all(&[5])),
        (all(&[2, 3, 4, 5]), 2, all(&[2, 3, 4, 5])),
        (all(&[1, 2, 3, 4, 5]), 4, all(&[5])),
        (all(&[3, 5, 4]), 4, all(&[5, 4])),
        // From the very start: up to an id that is known, nothing is new.
        (all(&[1, 2, 3, 4, 5]), 1, all(&[5])),
        (all(&[1, 7, 3, 5, 4]), 2, all(&[5, 4])),
        (format!("{}{plain}", all(&[1, 2])), 1, String::new()),
        // What has no data does not end the search.
        (
            format!("{hello}{}", all(&[4, 5])),
            0,
            format!("{hello}{}", event(5)),
        ),
        (format!("{primed}{}", all(&[4, 5])), 0, event(5)),
        (
            format!(":\n\n{}", all(&[4, 5])),
            0,
            format!(":\n\n{}", event(5)),
        ),
        // An event without an id was delivered if what follows it was.
        (format!("{}{plain}{}", event(3), all(&[4, 5])), 4, event(5)),
        (format!("{}{plain}", event(4)), 4, plain.to_owned()),
        // A greeting, perhaps: it says nothing of what follows.
        (
            format!("{plain}{}", all(&[4, 5])),
            0,
            format!("{plain}{}", event(5)),
        ),
        (
            format!("{plain}{plain}{}{plain}", all(&[1, 2, 3, 4, 5])),
            1,
            format!("{plain}{plain}{}{plain}", event(5)),
        ),
    ] {
        for size in 1..=again.len() {
            assert_eq!(
                reopened(&again, window, size),
                expected,
                "{again:?}, {window}, {size}"
            );
        }
    }
}

/// A server that counts from one on each connection, or after a restart: what it sends is new, and what came
/// between is gone. The same event may be written in another way.
#[test]
fn an_event_that_says_something_else_under_the_first_id_is_no_repetition() {
    let first = "id: 1\nevent: a\ndata: one\n\nid: 2\ndata: two\n\n";
    let second = "id: 2\ndata: two\n\n";
    let third = "id: 3\ndata: three\n\n";
    let same = "\u{feff}data: one\r\n: again\r\nretry: 9\r\nevent: a\r\nid: 1\r\n\r\n";
    for (again, expected) in [
        (format!("{first}{third}"), Some(third)),
        (format!("{same}{third}"), Some(third)),
        // It says where it goes on from, and nothing else.
        (format!("id: 1\n\nid: 2\ndata: two\n\n{third}"), Some(third)),
        (
            format!("id: 1\nevent: a\ndata: four\n\n{second}{third}"),
            None,
        ),
        (
            format!("id: 1\nevent: b\ndata: one\n\n{second}{third}"),
            None,
        ),
        (
            format!("id: 1\nevent: a\ndata: one\ndata\n\n{second}{third}"),
            None,
        ),
    ] {
        for sizes in [(1, 1), (1, 500), (500, 1), (7, 11), (500, 500)] {
            let mut events = Events::new(1 << 20).with_window(3);
            for chunk in first.as_bytes().chunks(sizes.0) {
                push(&mut events, chunk);
            }
            events.cut(1);
            let chunks = again.as_bytes().chunks(sizes.1);
            let out: Vec<u8> = chunks.flat_map(|chunk| push(&mut events, chunk)).collect();
            let lost = expected.is_none().then_some(Lost::SameId);
            assert_eq!(events.lost(), lost, "{again:?} {sizes:?}");
            let came = String::from_utf8(out).unwrap();
            if let Some(expected) = expected {
                assert_eq!(came, expected, "{again:?} {sizes:?}");
            }
        }
    }
}

/// A server may greet each connection under one id and go on behind the last event, or count anew: told
/// apart by the next id.
#[test]
fn a_greeting_under_the_first_id_is_none_of_the_events_that_count() {
    let event = |id: u32, said: &str| format!("id: {id}\ndata: {said}\n\n");
    let all = |ids: &[u32]| ids.iter().map(|id| event(*id, "x")).collect::<String>();
    let greeting = event(0, "b");
    let plain = "data: y\n\n";
    for (before, again, window, expected) in [
        (all(&[1]), all(&[2, 3]), 64, Some(all(&[2, 3]))),
        (all(&[1, 2, 3, 4]), all(&[5, 6]), 64, Some(all(&[5, 6]))),
        (all(&[1, 2, 3, 4]), all(&[5, 6]), 1, Some(all(&[5, 6]))),
        // The last one again; what has no data; the greeting in two parts.
        (all(&[1, 2]), all(&[2, 3]), 64, Some(all(&[3]))),
        (all(&[1, 2]), all(&[2, 3]), 1, Some(all(&[3]))),
        (
            all(&[1, 2]),
            format!(":\n\n{}", event(3, "z")),
            64,
            Some(event(3, "z")),
        ),
        (
            all(&[1, 2]),
            format!("{}id: 2\n\n{}", event(0, "c"), event(3, "z")),
            64,
            Some(event(3, "z")),
        ),
        // Nothing else was delivered that would tell a greeting, which may go out or not, from the same event
        // with another stamp, which must not, and from a new one of a server that counts anew, which must.
        (String::new(), String::new(), 64, None),
        (String::new(), all(&[1, 2]), 64, None),
        (String::new(), plain.to_owned() + &all(&[1]), 1, None),
        // Events without an id tell nothing either.
        (plain.to_owned(), all(&[1, 2]), 64, None),
        // Counted anew, as far as anybody can say.
        (all(&[1]), all(&[1, 2]), 64, None),
        (all(&[1, 2, 3, 4]), all(&[1, 2, 3, 4, 5]), 64, None),
        (all(&[1, 2, 3, 4]), all(&[1, 2, 3, 4, 5]), 1, None),
        (all(&[1, 2, 3, 4]), all(&[2, 3, 4, 5]), 64, None),
        (all(&[1, 2]), plain.to_owned() + &all(&[3]), 64, None),
        // All have the same id.
        (all(&[0, 0]), all(&[0, 0]), 64, None),
    ] {
        let again = greeting.clone() + &again;
        for size in [1, 7, 500] {
            let mut events = Events::new(1 << 20).with_window(window);
            push(&mut events, (event(0, "a") + &before).as_bytes());
            events.cut(1);
            let mut out = Vec::new();
            for chunk in again.as_bytes().chunks(size) {
                out.extend(push(&mut events, chunk));
                if events.lost().is_some() {
                    break;
                }
            }
            let case = format!("{before:?} {again:?} {window} {size}");
            let lost = expected.is_none().then_some(Lost::SameId);
            assert_eq!(events.lost(), lost, "{case}");
            let out = String::from_utf8(out).unwrap();
            assert_eq!(out, expected.clone().unwrap_or_default(), "{case}");
        }
    }
}

/// What is too long to be held back is judged by its id, as far as that has come.
#[test]
fn a_long_event_behind_a_greeting_is_new_or_the_stream_is_lost() {
    let long = |id: u32| format!("id: {id}\ndata: longer than what is held back\n\n");
    let late = |id: u32| format!("data: longer than what is held back\nid: {id}\n\n");
    for (again, expected) in [
        (long(4), Ok(long(4))),
        (long(3) + &long(4), Ok(long(4))),
        (long(1), Err(Lost::SameId)),
        (long(2), Err(Lost::SameId)),
        (late(4), Err(Lost::TooLong)),
    ] {
        let mut events = Events::new(20).with_window(64);
        for id in 0..=3 {
            push(&mut events, format!("id: {id}\ndata: a\n\n").as_bytes());
        }
        events.cut(1);
        let again = format!("id: 0\ndata: b\n\n{again}");
        let mut out = Vec::new();
        for byte in again.as_bytes() {
            out.extend(push(&mut events, &[*byte]));
            if events.lost().is_some() {
                break;
            }
        }
        let out = String::from_utf8(out).unwrap();
        let found = events.lost().map_or(Ok(out.clone()), Err);
        assert_eq!(found, expected, "{again:?}");
        assert!(found.is_ok() || out.is_empty());
    }
}

/// What comes out of a stream that is re-opened after these events of 30 bytes and more, of which 20
/// are held back, and whether it is lost.
fn reopened_long(first: &str, again: &str, size: usize) -> (String, bool) {
    let mut events = Events::new(20).with_window(2);
    push(&mut events, first.as_bytes());
    events.cut(first.len() as u64);
    let mut out = Vec::new();
    for chunk in again.as_bytes().chunks(size) {
        out.extend(push(&mut events, chunk));
        if events.lost().is_some() {
            break;
        }
    }
    (String::from_utf8(out).unwrap(), events.lost().is_some())
}

#[test]
fn long_events_are_left_out_if_they_were_delivered_before() {
    let event = |id: u32| format!("id: {id}\ndata: long enough: {id}\n\n");
    let all = |ids: &[u32]| ids.iter().copied().map(event).collect::<String>();
    let late = |id: u32| format!("data: long enough: {id}\nid: {id}\n\n");
    let plain = "data: without any id at all\n\n";
    for (again, expected) in [
        (all(&[5, 6]), all(&[5, 6])),
        (all(&[4, 5]), all(&[5])),
        (all(&[3, 4, 5]), all(&[5])),
        (all(&[1, 2, 3, 4, 5]), all(&[5])),
        (format!("{}{plain}{}", event(3), all(&[4, 5])), event(5)),
        (format!("{}{}{}", event(3), late(4), event(5)), event(5)),
        (format!("{}{}", event(4), late(5)), late(5)),
    ] {
        for size in 1..=again.len() {
            let (out, lost) = reopened_long(&all(&[1, 2, 3, 4]), &again, size);
            assert!(!lost && out == expected, "{out:?}, {again:?}, {size}");
        }
    }
    // Nobody can say, unless all of it came at once; then nothing goes out that should not.
    for (again, expected) in [
        (late(4) + &event(5), event(5)),
        (event(3) + &late(5), late(5)),
        (
            format!("{plain}{}", event(5)),
            format!("{plain}{}", event(5)),
        ),
        // Of two ids the last one counts.
        (format!("id: 4\n{}", late(5)), format!("id: 4\n{}", late(5))),
    ] {
        for size in 1..=again.len() {
            let (out, lost) = reopened_long(&all(&[1, 2, 3, 4]), &again, size);
            assert!(out == if lost { "" } else { &*expected }, "{out:?}, {size}");
        }
        assert!(reopened_long(&all(&[1, 2, 3, 4]), &again, 1).1);
        assert!(!reopened_long(&all(&[1, 2, 3, 4]), &again, again.len()).1);
    }
    // Where nothing was delivered nothing can be repeated.
    assert_eq!(reopened_long("", plain, 1), (plain.to_owned(), false));
}

/// What is known of a long event ends with it, or with its connection.
#[test]
fn behind_a_long_event_a_stream_goes_on_as_behind_any_other() {
    let event = |id: u32| format!("id: {id}\ndata: long enough: {id}\n\n");
    let begun = |id: u32| format!("id: {id}\ndata: long enough");
    let opened = || {
        let mut events = Events::new(20);
        push(&mut events, event(1).as_bytes());
        assert_eq!(events.cut(30), after("1"));
        events
    };
    // A new one, cut off behind it: what follows has a place.
    let mut events = opened();
    let whole = event(2);
    let (begin, end) = whole.split_at(begun(2).len());
    for part in [begin, end] {
        assert_eq!(push(&mut events, part.as_bytes()), part.as_bytes());
    }
    assert_eq!(events.cut(60), after("2"));

    // An old one is one of those that are read again, from its beginning on, and no more once it was cut off.
    let mut events = opened();
    assert_eq!(push(&mut events, begun(1).as_bytes()), b"");
    assert!(events.is_behind());
    assert_eq!(events.cut(30), after("1"));
    assert!(!events.is_behind());
    assert_eq!(push(&mut events, event(2).as_bytes()), event(2).as_bytes());
    assert!(events.lost().is_none());
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

/// Some servers give all events the same id: only a re-opened stream repeats any.
#[test]
fn a_long_event_with_the_id_of_the_last_one_is_no_repetition() {
    let stream = b"id: 1\ndata: a\n\nid: 1\ndata: too long to be held back\n\nid: 1\n\n";
    for size in 1..=stream.len() {
        let (out, rest, cursor) = through(stream, size, 16);
        assert_eq!([&out[..], &rest[..]].concat(), stream, "{size}");
        assert_eq!(cursor, after("1"));
    }
}
