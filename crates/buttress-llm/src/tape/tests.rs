use super::*;

fn tape() -> Tape {
    let mut tape = Tape::default();
    tape.add_text(Lane::Reasoning, 0, b"hm");
    tape.add_text(Lane::Text, 0, b"He");
    tape.add_text(Lane::Text, 0, b"llo");
    tape.add_mark(&Mark::new(Lane::Call, 1, b"ls"));
    tape.add_text(Lane::Arguments, 1, b"{\"a\":");
    tape
}

#[test]
fn the_borders_of_pieces_do_not_matter() {
    let mut tape = tape();
    assert!(tape.is_at_end());
    tape.rewind();
    assert!(!tape.is_at_end());
    assert_eq!(tape.compare_text(Lane::Reasoning, 0, b"h"), Compared::Same);
    assert_eq!(tape.compare_text(Lane::Reasoning, 0, b"m"), Compared::Same);
    assert_eq!(tape.compare_text(Lane::Text, 0, b""), Compared::Same);
    assert_eq!(tape.compare_text(Lane::Text, 0, b"Hello"), Compared::Same);
    let call = Mark::new(Lane::Call, 1, b"ls");
    assert_eq!(tape.compare_mark(&call), Compared::Same);
    assert!(!tape.is_at_end());
    let more = tape.compare_text(Lane::Arguments, 1, b"{\"a\":1}");
    assert_eq!(more, Compared::Beyond(5));
    assert!(tape.is_at_end());
}

#[test]
fn a_place_stays_one_when_more_is_said() {
    let mut tape = tape();
    assert_eq!(tape.place(), (3, 5));
    tape.add_text(Lane::Arguments, 1, b"1}");
    let end = Mark::new(Lane::BlockEnd, 1, b"");
    tape.add_mark(&end);
    tape.rewind_to((3, 5));
    assert!(!tape.is_at_end());
    assert_eq!(tape.compare_text(Lane::Arguments, 1, b"1"), Compared::Same);
    assert_eq!(tape.place(), (3, 6));
    assert_eq!(tape.compare_text(Lane::Arguments, 1, b"}"), Compared::Same);
    assert!(!tape.is_at_end());
    assert_eq!(tape.compare_mark(&end), Compared::Same);
    assert!(tape.is_at_end());
    let place = tape.place();
    tape.add_text(Lane::Text, 2, b"x");
    tape.rewind_to(place);
    assert_eq!(tape.compare_text(Lane::Text, 2, b"xy"), Compared::Beyond(1));
    assert!(!tape.has_block(1));
    tape.add_mark(&Mark::new(Lane::Block, 1, b"text"));
    assert!(tape.has_block(1) && !tape.has_block(2));
}

#[test]
fn texts_of_two_blocks_are_two() {
    let mut tape = Tape::default();
    tape.add_text(Lane::Text, 0, b"a");
    tape.add_text(Lane::Text, 1, b"b");
    tape.rewind();
    assert_eq!(tape.compare_text(Lane::Text, 0, b"ab"), Compared::Differs);
    tape.rewind();
    assert_eq!(tape.compare_text(Lane::Text, 0, b"a"), Compared::Same);
    assert!(!tape.is_at_end());
    assert_eq!(tape.compare_text(Lane::Text, 1, b"b"), Compared::Same);
}

#[test]
fn one_text_may_have_begun_its_block_and_nothing_else() {
    let block = |key| (Lane::Block, key, None);
    let text = |lane, key| (lane, key, Some(b"x"));
    for (said, expected) in [
        (&[][..], false),
        (&[text(Lane::Text, 0)], true),
        (&[block(0), text(Lane::Text, 0)], true),
        (&[block(0)], false),
        (&[text(Lane::Text, 1)], false),
        (&[text(Lane::Reasoning, 0)], false),
        (&[block(1), text(Lane::Text, 0)], false),
        (&[(Lane::Signature, 0, None), text(Lane::Text, 0)], false),
        (&[block(0), block(0), text(Lane::Text, 0)], false),
        (&[text(Lane::Reasoning, 0), text(Lane::Text, 0)], false),
    ] {
        let mut tape = Tape::default();
        for (lane, key, text) in said {
            match text {
                Some(text) => tape.add_text(*lane, *key, *text),
                None => tape.add_mark(&Mark::new(*lane, *key, b"m")),
            }
        }
        let found = tape.only_text();
        assert_eq!(found, expected.then_some(&b"x"[..]), "{tape:?}");
    }
}

#[test]
fn only_the_end_of_a_text_is_kept() {
    for (kept, expected) in [
        (0, None),
        (2, Some("lo")),
        (5, Some("Hello")),
        (9, Some("Hello")),
    ] {
        let mut tape = Tape::default();
        tape.add_mark(&Mark::new(Lane::Block, 0, b"text"));
        tape.add_text(Lane::Text, 0, b"Hello");
        tape.keep_end(kept);
        assert_eq!(tape.only_text(), expected.map(str::as_bytes), "{kept}");
        tape.rewind();
        let block = Mark::new(Lane::Block, 0, b"text");
        assert_eq!(tape.compare_mark(&block), Compared::Same);
        let known = expected.map_or(0, str::len);
        let again = [expected.unwrap_or_default(), "!"].concat();
        let more = tape.compare_text(Lane::Text, 0, again.as_bytes());
        assert_eq!(more, Compared::Beyond(known));
    }
}

#[test]
fn every_difference_is_seen() {
    let same: [(Lane, &[u8]); 3] = [
        (Lane::Reasoning, b"hm"),
        (Lane::Text, b"Hello"),
        (Lane::Arguments, b"{\"a\":"),
    ];
    let mut tape = tape();
    for (lane, text) in [
        (Lane::Reasoning, &b"hn"[..]),
        (Lane::Reasoning, b"hmm"),
        (Lane::Text, b"hm"),
    ] {
        tape.rewind();
        assert_eq!(tape.compare_text(lane, 0, text), Compared::Differs);
    }
    tape.rewind();
    assert_eq!(tape.compare_text(same[0].0, 0, same[0].1), Compared::Same);
    for mark in [
        Mark::new(Lane::Call, 1, b"ls"),
        Mark::new(Lane::Text, 0, b"Hello"),
    ] {
        assert_eq!(tape.compare_mark(&mark), Compared::Differs, "{mark:?}");
    }
    assert_eq!(tape.compare_text(Lane::Text, 1, b"He"), Compared::Differs);
    assert_eq!(tape.compare_text(same[1].0, 0, same[1].1), Compared::Same);
    for mark in [
        Mark::new(Lane::Call, 0, b"ls"),
        Mark::new(Lane::Call, 1, b"l"),
        Mark::new(Lane::Call, 1, b"lsx"),
        Mark::new(Lane::Block, 1, b"ls"),
    ] {
        assert_eq!(tape.compare_mark(&mark), Compared::Differs, "{mark:?}");
    }
    assert_eq!(tape.compare_text(Lane::Text, 0, b"!"), Compared::Differs);
}

#[test]
fn one_text_alone_can_be_gone_on_with() {
    assert_eq!(tape().only_text(), None);
    let mut tape = Tape::default();
    assert_eq!(tape.only_text(), None);
    tape.add_mark(&Mark::new(Lane::Block, 0, b"text"));
    assert_eq!(tape.only_text(), None);
    tape.add_text(Lane::Text, 0, b"Once \n");
    assert_eq!(tape.only_text(), Some(&b"Once \n"[..]));
    tape.keep_end(2);
    assert_eq!(tape.only_text(), Some(&b" \n"[..]));
    tape.keep_end(0);
    assert_eq!(tape.only_text(), None);
    tape.rewind();
    let block = Mark::new(Lane::Block, 0, b"text");
    assert_eq!(tape.compare_mark(&block), Compared::Same);
    assert!(tape.is_at_end());
    tape.add_text(Lane::Text, 0, b"x");
    tape.add_mark(&Mark::new(Lane::BlockEnd, 0, b""));
    assert_eq!(tape.only_text(), None);
}

#[test]
fn a_mark_in_the_midst_of_a_text_differs() {
    let mut tape = tape();
    tape.rewind();
    tape.compare_text(Lane::Reasoning, 0, b"h");
    let end = Mark::new(Lane::BlockEnd, 0, b"");
    assert_eq!(tape.compare_mark(&end), Compared::Differs);
}
