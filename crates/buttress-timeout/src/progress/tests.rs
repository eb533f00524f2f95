use super::*;
use bytes::{Bytes, BytesMut};
use std::collections::VecDeque;

/// Whether each of these frames is progress.
fn judged(progress: &Progress, frames: &[&str]) -> Vec<bool> {
    let mut judge = progress.judge();
    let frames = frames.iter();
    frames
        .map(|frame| judge.is_progress(&Bytes::copy_from_slice(frame.as_bytes())))
        .collect()
}

#[test]
fn comments_and_blank_lines_are_no_progress() {
    for (frames, expected) in [
        (vec!["data: x\n\n"], vec![true]),
        (vec![": keep-alive\n\n"], vec![false]),
        (vec![":\n\n", ":\n", "\n", "\r\n", "\r"], vec![false; 5]),
        (vec!["", "\u{feff}", "\u{feff}: x\n"], vec![false; 3]),
        // One line is enough, wherever it is.
        (vec![": x\ndata: x\n: x\n\n"], vec![true]),
        (vec![": x\rid: 7\r: x\r"], vec![true]),
        (vec![": x\r\nretry: 7\r\n"], vec![true]),
        (vec!["x"], vec![true]),
        // Cut anywhere.
        (vec![": ke", "ep-al", "ive\n", "\n"], vec![false; 4]),
        (
            vec!["da", "ta: x", ": y\n", "\n"],
            vec![true, true, true, false],
        ),
        (
            vec!["data: x\r", "\n: x\r", "\n", ":", " x", "\r", "x"],
            vec![true, false, false, false, false, false, true],
        ),
        // What a frame ends with decides how the next one goes on.
        (vec!["data: x\n\n: x", " data: y"], vec![true, false]),
        (vec![": x\ndata: x", " : y"], vec![true, true]),
        (vec!["data: x\n", ": x\n"], vec![true, false]),
        // A colon further on makes no comment.
        (vec!["event: ping\n"], vec![true]),
    ] {
        assert_eq!(judged(&Progress::Events, &frames), expected, "{frames:?}");
    }
}

#[test]
fn where_a_stream_is_cut_changes_nothing() {
    let stream = b"\xEF\xBB\xBF: hello\r\n\r\ndata: a: b\ndata\n\n:\n: data: x\r\rid: 1\n\n: y";
    let mut whole = Lines::Start;
    whole.read(stream);
    for cut in 0..=stream.len() {
        let mut lines = Lines::Start;
        let (left, right) = stream.split_at(cut);
        let progress = [lines.read(left), lines.read(right)];
        assert!(progress.contains(&true), "{cut}");
        assert_eq!(lines, whole, "{cut}");
    }
    // One byte at a time: the fields' bytes are progress, and no others.
    let mut lines = Lines::Start;
    let fields: Vec<u8> = stream
        .iter()
        .copied()
        .filter(|byte| lines.read(&[*byte]))
        .collect();
    assert_eq!(fields, b"data: a: bdataid: 1");
}

#[test]
fn every_frame_is_progress_by_default_an_empty_one_too() {
    assert_eq!(judged(&Progress::default(), &["", ":\n"]), [true, true]);
}

#[test]
fn a_function_can_remember_what_it_saw_of_a_body() {
    let growing = Progress::custom(|| {
        let mut longest = 0;
        move |data: &[u8]| {
            let grows = data.len() > longest;
            longest = longest.max(data.len());
            grows
        }
    });
    for _body in 0..2 {
        let frames = ["a", "b", "cc", "d", "ddd"];
        assert_eq!(judged(&growing, &frames), [true, false, true, false, true]);
    }
    assert_ne!(growing, Progress::custom(|| |_: &[u8]| true));
    assert_ne!(growing, Progress::Events);
    for same in [Progress::EveryFrame, Progress::Events, growing] {
        assert_eq!(same, same.clone());
    }
}

/// Data in pieces, of which it shows as many as there is room for, or only the first.
struct Pieces(VecDeque<Bytes>, bool);

impl Buf for Pieces {
    fn remaining(&self) -> usize {
        self.0.iter().map(Bytes::len).sum()
    }

    fn chunk(&self) -> &[u8] {
        self.0.front().map_or(&[], |piece| piece)
    }

    fn chunks_vectored<'a>(&'a self, slices: &mut [IoSlice<'a>]) -> usize {
        let shown = if self.1 { self.0.len() } else { 1 };
        let pieces = self.0.iter().take(shown).zip(slices);
        pieces
            .map(|(piece, slice)| *slice = IoSlice::new(piece))
            .count()
    }

    fn advance(&mut self, _: usize) {
        unreachable!("nobody reads what is judged")
    }
}

#[test]
fn data_in_pieces_is_judged_as_a_whole() {
    let pieces = |pieces: &[&'static str], shows_all| {
        Pieces(
            pieces.iter().map(|piece| Bytes::from(*piece)).collect(),
            shows_all,
        )
    };
    let mut judge = Progress::Events.judge();
    assert!(!judge.is_progress(&pieces(&[": a", "b\n:", " c\n"], true)));
    assert!(judge.is_progress(&pieces(&[": a", "b\n", "data"], true)));
    assert!(
        judge.is_progress(&pieces(&["\n:", "data: x\n"], false)),
        "not seen"
    );
    let many = vec![":\n"; 17];
    assert!(
        judge.is_progress(&pieces(&many, true)),
        "the last was not seen"
    );
    assert!(!judge.is_progress(&pieces(&many[1..], true)));
    assert!(!judge.is_progress(&BytesMut::new()));
}

#[test]
fn a_rule_is_the_same_as_its_clones() {
    let rule = Progress::custom(|| |data: &[u8]| !data.is_empty());
    let other = Progress::custom(|| |data: &[u8]| !data.is_empty());
    let all = [Progress::EveryFrame, Progress::Events, rule, other];
    for (n, one) in all.iter().enumerate() {
        for (m, two) in all.iter().enumerate() {
            assert_eq!(one == &two.clone(), n == m, "{one:?} {two:?}");
        }
    }
}
