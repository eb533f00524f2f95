mod layer;
mod limit;

use super::refusal::Refusal;
use super::*;
use crate::{BoxError, Failure, FailureKind, Phase, StopReason};
use bytes::{Buf, Bytes};
use futures_util::{FutureExt, stream};
use http::{HeaderMap, HeaderValue, Request, Response};
use http_body::{Body, Frame, SizeHint};
use http_body_util::{BodyExt, Either, Empty, Full, Limited, StreamBody};
use std::convert::Infallible;
use std::io;
use std::marker::PhantomPinned;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use tokio_test::task;
use tower::{Layer, Service};

/// Gives one step a poll; `None` in the midst stands for not yet.
struct Steps(std::vec::IntoIter<Option<io::Result<Frame<Bytes>>>>);

impl Body for Steps {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        match self.0.next() {
            Some(None) => Poll::Pending,
            Some(Some(frame)) => Poll::Ready(Some(frame)),
            None => Poll::Ready(None),
        }
    }
}

fn steps(steps: impl IntoIterator<Item = Option<io::Result<Frame<Bytes>>>>) -> Steps {
    Steps(steps.into_iter().collect::<Vec<_>>().into_iter())
}

fn data(text: &'static str) -> Option<io::Result<Frame<Bytes>>> {
    Some(Ok(Frame::data(Bytes::from_static(text.as_bytes()))))
}

fn trailers() -> HeaderMap {
    let mut map = HeaderMap::new();
    map.insert("x-sum", HeaderValue::from_static("42"));
    map
}

fn broken() -> Option<io::Result<Frame<Bytes>>> {
    Some(Err(io::ErrorKind::PermissionDenied.into()))
}

type Polled<B> = Poll<Option<Result<Frame<<B as Body>::Data>, <B as Body>::Error>>>;

fn poll<B: Body + Unpin>(body: &mut B) -> Polled<B> {
    Pin::new(body).poll_frame(&mut Context::from_waker(Waker::noop()))
}

/// The text of the next frame, which must be one of data.
fn text<B: Body<Error = Failure> + Unpin>(body: &mut B) -> String {
    match poll(body) {
        Poll::Ready(Some(Ok(frame))) => {
            let mut data = frame.into_data().ok().expect("data");
            String::from_utf8(data.copy_to_bytes(data.remaining()).to_vec()).unwrap()
        }
        Poll::Ready(Some(Err(failure))) => panic!("{failure:?}"),
        Poll::Ready(None) => panic!("ended"),
        Poll::Pending => panic!("waits"),
    }
}

fn failure<B: Body<Error = Failure> + Unpin>(body: &mut B) -> Failure {
    match poll(body) {
        Poll::Ready(Some(Err(failure))) => failure,
        _ => panic!("no failure"),
    }
}

fn is_end<B: Body + Unpin>(body: &mut B) -> bool {
    matches!(poll(body), Poll::Ready(None))
}

#[test]
fn trailers_are_replayed() {
    let body = steps([data("a"), data("b"), Some(Ok(Frame::trailers(trailers())))]);
    let first = ReplayBody::new(body);
    let second = first.try_clone().unwrap();
    let third = second.try_clone().unwrap();
    for body in [first, second, third] {
        let whole = body.collect().now_or_never().unwrap().unwrap();
        assert_eq!(whole.trailers(), Some(&trailers()));
        assert_eq!(whole.to_bytes(), "ab");
    }
}

#[test]
fn a_retry_before_the_first_byte_does_not_repeat_the_first_piece() {
    let mut first = ReplayBody::new(steps([None, data("a"), data("b")]));
    let mut second = first.try_clone().unwrap();
    assert!(poll(&mut first).is_pending());
    drop(first);
    let mut third = second.try_clone().unwrap();
    assert_eq!(text(&mut second), "a");
    assert_eq!(text(&mut third), "a");
    assert_eq!(text(&mut third), "b");
    assert!(is_end(&mut third));
}

#[test]
fn a_clone_taken_in_the_midst_starts_over() {
    let mut first = ReplayBody::new(steps([data("a"), data("b"), data("c")]));
    assert_eq!(
        (text(&mut first), text(&mut first)),
        ("a".into(), "b".into())
    );
    let mut second = first.try_clone().unwrap();
    drop(first);
    assert_eq!(
        (text(&mut second), text(&mut second)),
        ("a".into(), "b".into())
    );
    assert_eq!(text(&mut second), "c");
    assert!(is_end(&mut second));
    assert!(is_end(&mut second), "the end stays the end");
}

#[test]
fn an_older_reader_is_woken_and_refused_once_a_newer_one_begins() {
    let first = ReplayBody::new(steps([None, data("a")]));
    let mut second = first.try_clone().unwrap();
    let mut first = task::spawn(first.into_data_stream());
    assert!(first.poll_next().is_pending());
    assert!(!first.is_woken());

    assert_eq!(text(&mut second), "a");
    assert!(first.is_woken());
    let Poll::Ready(Some(Err(refused))) = first.poll_next() else {
        panic!("not refused");
    };
    assert_eq!(refused.kind(), FailureKind::Cancelled);
    assert_eq!(refused.phase(), Phase::Send);
    assert!(!refused.is_transient());
    assert_eq!(refused.stopped(), None);
    assert!(matches!(refused.find(), Some(Refusal::Superseded)));
    assert!(matches!(first.poll_next(), Poll::Ready(None)));
    assert!(is_end(&mut second));
}

#[test]
fn a_reader_that_has_seen_all_is_not_refused() {
    let mut first = ReplayBody::new(Full::new(Bytes::from_static(b"a")));
    let mut second = first.try_clone().unwrap();
    assert_eq!(text(&mut first), "a");
    assert!(first.is_end_stream());
    assert_eq!(text(&mut second), "a");
    assert!(first.is_end_stream());
    assert!(is_end(&mut first));
}

#[test]
fn data_of_any_type_becomes_bytes() {
    let buf = (&b"ab"[..]).chain(&b"cd"[..]);
    assert_eq!(text(&mut ReplayBody::new(Full::new(buf))), "abcd");
}

#[test]
fn the_size_is_exact_for_every_reader_at_every_place() {
    let mut first = ReplayBody::new(Full::new(Bytes::from_static(b"abc")));
    let mut second = first.try_clone().unwrap();
    assert_eq!(first.size_hint().exact(), Some(3));
    assert_eq!(text(&mut first), "abc");
    assert_eq!(first.size_hint().exact(), Some(0));
    assert_eq!(second.size_hint().exact(), Some(3));
    assert!(!second.is_end_stream());
    assert_eq!(text(&mut second), "abc");
    assert_eq!(second.size_hint().exact(), Some(0));
    assert!(second.is_end_stream());

    // A length that was not known becomes known.
    let mut first = ReplayBody::new(steps([data("abc")]));
    let second = first.try_clone().unwrap();
    assert_eq!(second.size_hint().exact(), None);
    assert_eq!(text(&mut first), "abc");
    assert_eq!(second.size_hint().lower(), 3);
    assert!(is_end(&mut first));
    assert_eq!(second.size_hint().exact(), Some(3));
}

#[test]
fn an_error_of_the_inner_body_is_met_by_every_clone_in_the_same_place() {
    let mut first = ReplayBody::new(steps([data("a"), broken()]));
    let second = first.try_clone().unwrap();
    assert_eq!(text(&mut first), "a");
    let own = failure(&mut first);
    let third = first.try_clone().unwrap();
    for mut later in [second, third] {
        // A part must not look like the whole.
        assert_eq!(later.size_hint().exact(), None);
        assert_eq!(text(&mut later), "a");
        assert!(!later.is_end_stream());
        let same = failure(&mut later);
        assert_eq!(same.kind(), own.kind());
        assert!(is_end(&mut later));
    }
    assert_eq!(own.kind(), FailureKind::Cancelled);
    assert_eq!(own.phase(), Phase::Send);
    assert!(!own.is_transient());
    let source = own.find::<io::Error>().expect("the source is kept");
    assert_eq!(source.kind(), io::ErrorKind::PermissionDenied);
}

#[test]
fn a_failure_of_another_call_becomes_this_calls_own() {
    // The body of one call's response is the body of another call's request.
    let transient = Failure::in_body(BoxError::from(io::Error::from_raw_os_error(104)), 9);
    assert!(transient.is_transient());
    let inner = StreamBody::new(stream::iter([Err::<Frame<Bytes>, _>(transient)]));
    // A body wrapped twice says it once.
    let mut body = ReplayBody::new(ReplayBody::new(inner));
    let own = failure(&mut body);
    assert_eq!(own.kind(), FailureKind::Cancelled);
    assert_eq!(own.phase(), Phase::Send);
    assert!(!own.is_transient());
    let nested = crate::classify::Chain::new(&own).filter(|e| e.is::<Failure>());
    assert_eq!(nested.count(), 2, "its own and the other call's");
}

#[test]
fn a_body_that_panicked_is_not_taken_for_whole() {
    struct Panics(bool);
    impl Body for Panics {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            assert!(std::mem::replace(&mut self.0, true), "on purpose");
            Poll::Ready(None)
        }
    }
    let mut first = ReplayBody::new(Panics(false));
    let mut second = first.try_clone().unwrap();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| poll(&mut first)));
    assert!(panicked.is_err());
    assert_eq!(second.size_hint().exact(), None);
    assert_eq!(failure(&mut second).kind(), FailureKind::Cancelled);
}

#[test]
fn two_threads_may_read_at_once() {
    for _ in 0..200 {
        let pieces = (0..50_u8).map(|n| Ok::<_, Infallible>(Frame::data(Bytes::from(vec![n]))));
        let first = ReplayBody::new(StreamBody::new(stream::iter(pieces)));
        let readers = [
            first.try_clone().unwrap(),
            first.try_clone().unwrap(),
            first,
        ];
        let start = std::sync::Barrier::new(readers.len());
        let whole = std::thread::scope(|scope| {
            let reading = readers.map(|mut body| {
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    for expected in 0..50 {
                        match poll(&mut body) {
                            Poll::Ready(Some(Ok(frame))) => {
                                assert_eq!(frame.into_data().unwrap(), vec![expected]);
                            }
                            Poll::Ready(Some(Err(refused))) => {
                                assert!(matches!(refused.find(), Some(Refusal::Superseded)));
                                return false;
                            }
                            other => panic!("{other:?}"),
                        }
                    }
                    is_end(&mut body)
                })
            });
            reading.map(|thread| thread.join().unwrap())
        });
        assert!(whole.contains(&true), "the newest reader sees it all");
    }
}

#[test]
fn it_is_as_free_to_move_as_it_can_be() {
    /// Neither `Sync` nor `Unpin`.
    #[allow(dead_code, reason = "only its type counts")]
    struct Stiff(std::cell::Cell<u8>, PhantomPinned);
    fn free<T: Send + Sync + Unpin>() {}
    free::<ReplayBody<Stiff>>();
}

#[test]
fn bodies_in_memory_are_replayable() {
    fn check<B>(body: B)
    where
        B: ReplayableBody,
        B::Error: std::fmt::Debug,
    {
        let clone = body.try_clone().expect("replayable");
        assert!(body.is_replayable());
        for body in [body, clone] {
            let whole = body.collect().now_or_never().unwrap().unwrap();
            assert_eq!(whole.to_bytes(), "hello");
        }
    }
    let full = || Full::new(Bytes::from_static(b"hello"));
    check(full());
    check("hello".to_owned());
    check(Box::new(full()));
    check(Box::pin(full()));
    check(Either::<_, Empty<Bytes>>::Left(full()));
    check(Either::<Empty<Bytes>, _>::Right(full()));
    check(full().map_err(|never| -> io::Error { match never {} }));
    check(full().map_frame(|frame| frame));
    check(Limited::new(full(), 5));
    check(ReplayBody::new(full()));
    check(Box::new(ReplayBody::new(full())));
    #[cfg(feature = "reqwest")]
    check(reqwest::Body::from("hello"));
}

#[test]
fn what_holds_a_body_that_cannot_start_over_cannot_either() {
    fn refuse(body: &impl ReplayableBody) {
        assert!(!body.is_replayable());
        assert!(body.try_clone().is_none());
    }
    let gone = || ReplayBody::with_limit("too long".to_owned(), 1);
    refuse(&Box::new(gone()));
    refuse(&Box::pin(gone()));
    refuse(&Either::<_, ReplayBody<String>>::Left(gone()));
    refuse(&Either::<ReplayBody<String>, _>::Right(gone()));
    #[cfg(feature = "reqwest")]
    refuse(&reqwest::Body::wrap("hello".to_owned()));
}

#[test]
fn a_body_in_memory_starts_over_at_any_time() {
    let mut body = ReplayBody::<Empty<Bytes>>::from(Bytes::from_static(b"abc"));
    assert_eq!(body.size_hint().exact(), Some(3));
    assert!(!body.is_end_stream());
    for _ in 0..2 {
        let Poll::Ready(Some(Ok(frame))) = poll(&mut body) else {
            panic!("no frame");
        };
        assert_eq!(frame.into_data().unwrap(), "abc");
        assert!(body.is_end_stream());
        assert_eq!(body.size_hint().exact(), Some(0));
        assert!(matches!(poll(&mut body), Poll::Ready(None)));
        body = body.try_clone().unwrap();
    }
}
