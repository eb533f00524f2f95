//! How much is kept.

use super::*;

#[test]
fn the_limit_is_what_may_be_kept_not_what_may_be_sent() {
    for (limit, kept) in [(4, true), (3, false), (0, false)] {
        let mut first = ReplayBody::with_limit(steps([data("ab"), data("cd"), data("")]), limit);
        let mut late = first.try_clone().expect("nothing is known yet");
        assert_eq!(
            (text(&mut first), text(&mut first)),
            ("ab".into(), "cd".into())
        );
        assert_eq!(first.is_replayable(), kept, "{limit}");
        assert_eq!(first.try_clone().is_some(), kept, "{limit}");
        if !kept {
            // Too late, and no trouble to the attempt in flight.
            let refused = failure(&mut late);
            assert!(matches!(refused.find(), Some(Refusal::NotKept)));
            assert_eq!(refused.stopped(), Some(StopReason::BodyNotReplayable));
            assert_eq!(refused.kind(), FailureKind::Cancelled);
            assert!(is_end(&mut late));
        }
        assert_eq!(text(&mut first), "");
        assert!(is_end(&mut first));
    }
}

#[test]
fn trailers_count_against_the_limit() {
    let weight = "x-sum".len() + "42".len();
    for (limit, kept) in [(1 + weight, true), (weight, false)] {
        let body = steps([data("a"), Some(Ok(Frame::trailers(trailers())))]);
        let mut first = ReplayBody::with_limit(body, limit);
        assert_eq!(text(&mut first), "a");
        assert!(poll(&mut first).is_ready());
        assert_eq!(first.is_replayable(), kept, "{limit}");
    }
}

#[test]
fn a_flood_of_tiny_pieces_is_not_kept() {
    let flood = StreamBody::new(stream::repeat_with(|| {
        Ok::<_, Infallible>(Frame::data(Bytes::new()))
    }));
    let mut body = ReplayBody::with_limit(flood, 320);
    for _ in 0..320 / 32 + 64 {
        assert_eq!(text(&mut body), "");
    }
    assert!(body.is_replayable());
    assert_eq!(text(&mut body), "");
    assert!(!body.is_replayable());
}

#[test]
fn what_is_kept_is_let_go_as_soon_as_the_limit_is_passed() {
    #[allow(dead_code, reason = "held to be counted")]
    struct Counted(Arc<()>);
    impl AsRef<[u8]> for Counted {
        fn as_ref(&self) -> &[u8] {
            b"12345"
        }
    }
    let alive = Arc::new(());
    let (source, held) = (Arc::clone(&alive), || Arc::strong_count(&alive) - 2);
    let pieces = stream::repeat_with(move || {
        let piece = Bytes::from_owner(Counted(Arc::clone(&source)));
        Ok::<_, Infallible>(Frame::data(piece))
    });
    let mut first = ReplayBody::with_limit(StreamBody::new(pieces), 10);
    let waiting = first.try_clone().unwrap();
    assert_eq!(text(&mut first), "12345");
    assert_eq!(text(&mut first), "12345");
    assert_eq!(held(), 2);
    assert_eq!(text(&mut first), "12345");
    assert_eq!(held(), 0);
    drop(waiting);
}

#[test]
fn what_says_that_it_is_too_long_is_passed_through() {
    let long = || Full::new(Bytes::from_static(b"too long"));
    let mut body = ReplayBody::with_limit(long(), 7);
    assert!(!body.is_replayable());
    assert!(body.try_clone().is_none());
    assert_eq!(body.size_hint().exact(), Some(8));
    assert_eq!(text(&mut body), "too long");
    assert!(body.is_end_stream());
    assert!(ReplayBody::with_limit(long(), 8).is_replayable());
}

#[test]
fn an_empty_body_is_replayable_under_any_limit() {
    let body = ReplayBody::with_limit(Empty::<Bytes>::new(), 0);
    // No shared state, so nothing allocated.
    assert_eq!(format!("{body:?}"), "ReplayBody { bytes: 0, .. }");
    let mut clone = body.try_clone().unwrap();
    assert!(body.is_replayable() && clone.is_end_stream());
    assert_eq!(clone.size_hint().exact(), Some(0));
    assert!(is_end(&mut clone));
}
