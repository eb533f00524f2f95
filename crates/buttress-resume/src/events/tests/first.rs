//! What is kept of the first event that had an id, over several connections.

use super::*;

/// What comes out of the last of these connections, and why it is lost, if it is.
fn last(connections: &[&[&str]], cap: usize) -> (String, Option<Lost>) {
    let mut events = Events::new(cap).with_window(8);
    let mut out = Vec::new();
    for (n, chunks) in connections.iter().enumerate() {
        if n > 0 {
            events.cut(1);
        }
        let chunks = chunks.iter();
        out = chunks
            .flat_map(|it| push(&mut events, it.as_bytes()))
            .collect();
    }
    (String::from_utf8(out).unwrap(), events.lost())
}

/// Whichever connection brought the first one, and whatever came before it.
#[test]
fn what_says_something_else_under_the_first_id_is_never_left_out_unsaid() {
    let [a, b] = ["id: 0\ndata: a\n\n", "id: 0\ndata: b\n\n"];
    let rest = format!("\n\n{a}");
    let long = ["data: a long one", &rest];
    for before in [&[&[a][..]][..], &[&[], &[a]], &[&long], &[&[":\n\n", a]]] {
        let again = |event| last(&[before, &[&[event]]].concat(), 15);
        assert_eq!(again(a), (String::new(), None), "{before:?}");
        let lost = Some(Lost::SameId);
        assert_eq!(again(b), (String::new(), lost), "{before:?}");
    }
}

/// Nothing was said that another could differ from.
#[test]
fn a_first_event_without_data_comes_again_with_or_without_some() {
    for first in ["id: 0\n\n", "id: 0\nevent: a\n\n"] {
        let again = "id: 0\ndata: b\n\n";
        for before in [&[&[first][..]][..], &[&[], &[first]]] {
            let found = last(&[before, &[&[again]]].concat(), 99);
            assert_eq!(found, (String::new(), None), "{first:?}");
        }
    }
}

/// A server that counts anew is known by the beginning of an event that is too long to be held back.
#[test]
fn what_counts_anew_is_lost_before_a_long_event_has_ended() {
    let delivered: Vec<String> = (0..3).map(|id| format!("id: {id}\ndata: a\n\n")).collect();
    let delivered: Vec<&str> = delivered.iter().map(|event| &**event).collect();
    let other = "id: 0\ndata: b\n\n";
    let long = "id: 1\ndata: longer than what is held";
    for (again, expected) in [(&[other][..], None), (&[other, long], Some(Lost::SameId))] {
        let (out, lost) = last(&[&delivered, again], 20);
        assert_eq!((&*out, lost), ("", expected));
    }
}
