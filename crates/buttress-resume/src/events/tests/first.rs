//! What is kept of the first event that had an id, over several connections.

use super::*;

/// What comes out of each of these connections.
fn over(connections: &[&[&str]], cap: usize) -> Vec<String> {
    let mut events = Events::new(cap).with_window(8);
    let mut all = Vec::new();
    for chunks in connections {
        let out: Vec<u8> = chunks
            .iter()
            .flat_map(|chunk| push(&mut events, chunk.as_bytes()))
            .collect();
        all.push(String::from_utf8(out).unwrap());
        assert!(events.lost().is_none());
        events.cut(1);
    }
    all
}

/// The only event so far is a greeting: each one that says something else is new, and is what the next
/// one is held against.
#[test]
fn each_new_greeting_takes_the_place_of_the_one_before() {
    let [a, b, c] = [
        "id: 0\ndata: a\n\n",
        "id: 0\ndata: b\n\n",
        "id: 0\ndata: c\n\n",
    ];
    assert_eq!(over(&[&[a], &[b], &[b]], 99), [a, b, ""]);
    assert_eq!(over(&[&[a], &[b], &[c]], 99), [a, b, c]);
    assert_eq!(over(&[&[a], &[b], &[a]], 99), [a, b, a]);
    // The first connection may have brought none.
    assert_eq!(over(&[&[], &[a], &[a]], 99), ["", a, ""]);
    assert_eq!(over(&[&[], &[a], &[b]], 99), ["", a, b]);
}

/// Nothing was said that another could differ from.
#[test]
fn a_first_event_without_data_comes_again_with_or_without_some() {
    for first in ["id: 0\n\n", "id: 0\nevent: a\n\n"] {
        let again = "id: 0\ndata: b\n\n";
        assert_eq!(over(&[&[first], &[again]], 99), [first, ""]);
        assert_eq!(over(&[&[], &[first], &[again]], 99), ["", first, ""]);
    }
}

/// It came in the same chunk as the end of an event that was too long to be held back.
#[test]
fn a_first_event_behind_a_long_one_is_remembered() {
    let [a, b] = ["a", "b"].map(|said| format!("id: 0\ndata: {said}\n\n"));
    let rest = format!("\n\n{a}");
    let out = over(&[&["data: a long one", &rest], &[&b]], 15);
    assert_eq!(out[1], b);
}

/// A server that counts anew is known by the beginning of an event that is too long to be held back.
#[test]
fn what_counts_anew_is_lost_before_a_long_event_has_ended() {
    let mut events = Events::new(20).with_window(8);
    for id in 0..3 {
        push(&mut events, format!("id: {id}\ndata: a\n\n").as_bytes());
    }
    events.cut(1);
    push(&mut events, b"id: 0\ndata: b\n\n");
    assert_eq!(events.lost(), None);
    push(&mut events, b"id: 1\ndata: longer than what is held");
    assert_eq!(events.lost(), Some(Lost::SameId));
}
