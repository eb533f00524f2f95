mod first;
mod lines;
mod long;

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
fn an_event_that_only_lacks_the_id_is_no_repetition() {
    let mut events = Events::new(1 << 20);
    let mut out = push(&mut events, b"id: 1\n\n");
    events.cut(out.len() as u64);
    out.extend(push(&mut events, b"data: b\n\nid: 2\n\nid: 1\n\n"));
    assert_eq!(out, b"id: 1\n\ndata: b\n\nid: 2\n\nid: 1\n\n");
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
