//! Events that are too long to be held back.

use super::*;

/// Whether it is one of the first connection or of another.
#[test]
fn as_much_as_the_cap_is_held_back_and_not_a_byte_more() {
    for is_reopened in [false, true] {
        let mut events = Events::new(8);
        if is_reopened {
            events.cut(0);
        }
        assert_eq!(push(&mut events, b"data: 12"), b"");
        assert!(!events.is_in_long_event());
        assert_eq!(push(&mut events, b"3"), b"data: 123");
        assert!(events.is_in_long_event());
    }
}

#[test]
fn an_event_longer_than_the_cap_is_let_through() {
    let mut events = Events::new(8);
    let first = push(&mut events, b"data: 123456");
    assert_eq!(&first[..], b"data: 123456");
    assert_eq!(events.cut(12), Cursor::Unknown);

    // However much of it comes on, whole lines or not.
    let mut events = Events::new(16);
    push(&mut events, b"id: 1\n\n");
    for part in ["data: 1234567890123456", "7", "\n", "data: 8", "\n"] {
        assert_eq!(push(&mut events, part.as_bytes()), part.as_bytes());
        assert!(events.is_in_long_event(), "{part:?}");
    }
    assert_eq!(events.cut(40), Cursor::Unknown);

    let mut events = Events::new(8);
    let out = push(&mut events, b"id: 1\n\nid: 2\ndata: 12");
    assert_eq!(&out[..], b"id: 1\n\nid: 2\ndata: 12");
    let out = push(&mut events, b"3\n\n");
    assert_eq!(&out[..], b"3\n\n");
    assert_eq!(events.cut(24), after("2"));
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

/// However it is cut into chunks.
#[test]
fn one_under_the_only_id_is_lost_if_it_may_say_something_else() {
    let long = "id: 0\ndata: longer than what is held back\n\nid: 1\ndata: z\n\n";
    for size in [1, 9, long.len()] {
        let found = reopened_long("id: 0\ndata: a\n\n", long, size);
        assert_eq!(found, (String::new(), true), "{size}");
    }
}
