use crate::HumanizeBody;
use crate::explainer::Explainer;
use crate::{Call, Catalog, Explanation, HumanizeLayer};
use buttress_core::{BoxError, Delivery, Failure, FailureKind, Phase};
use bytes::{Buf, Bytes};
use http::{HeaderMap, Response};
use http_body::{Body, Frame, SizeHint};
use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use tower::{Layer, ServiceExt, service_fn};

/// A body that does what it is told: `None` is pending.
struct Script<D> {
    steps: VecDeque<Option<Result<Frame<D>, BoxError>>>,
    hint: SizeHint,
    alive: Arc<()>,
}

impl<D> Script<D> {
    fn new(steps: impl IntoIterator<Item = Option<Result<Frame<D>, BoxError>>>) -> Self {
        Script {
            steps: steps.into_iter().collect(),
            hint: SizeHint::default(),
            alive: Arc::new(()),
        }
    }
}

impl<D: Buf + Unpin> Body for Script<D> {
    type Data = D;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<D>, BoxError>>> {
        match self.steps.pop_front() {
            Some(Some(step)) => Poll::Ready(Some(step)),
            Some(None) => Poll::Pending,
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.steps.is_empty()
    }

    #[allow(clippy::clone_on_copy, reason = "it is not `Copy` in http-body 1.0")]
    fn size_hint(&self) -> SizeHint {
        self.hint.clone()
    }
}

fn watching<D>(script: Script<D>) -> HumanizeBody<Script<D>> {
    let request = http::Request::get("https://api.example.com/v1")
        .body(())
        .unwrap();
    HumanizeBody::watching(script, Explainer::new(None, &request))
}

fn data(text: &'static str) -> Option<Result<Frame<Bytes>, BoxError>> {
    Some(Ok(Frame::data(Bytes::from_static(text.as_bytes()))))
}

fn eof() -> BoxError {
    std::io::Error::from(std::io::ErrorKind::ConnectionReset).into()
}

#[test]
fn frames_and_trailers_pass_through() {
    let mut cx = Context::from_waker(Waker::noop());
    let first = Bytes::from_static(b"one");
    let address = first.as_ptr();
    let mut trailers = HeaderMap::new();
    trailers.insert("grpc-status", 0.into());
    let mut body = pin!(watching(Script::new([
        Some(Ok(Frame::data(first))),
        None,
        data(""),
        Some(Ok(Frame::trailers(trailers.clone()))),
    ])));

    let Poll::Ready(Some(Ok(frame))) = body.as_mut().poll_frame(&mut cx) else {
        panic!("must be data");
    };
    // The same memory, not a copy.
    assert_eq!(frame.into_data().unwrap().as_ptr(), address);
    assert!(body.as_mut().poll_frame(&mut cx).is_pending());
    let Poll::Ready(Some(Ok(frame))) = body.as_mut().poll_frame(&mut cx) else {
        panic!("must be data");
    };
    assert_eq!(frame.into_data().unwrap(), "");
    assert!(!body.is_end_stream());
    let Poll::Ready(Some(Ok(frame))) = body.as_mut().poll_frame(&mut cx) else {
        panic!("must be trailers");
    };
    assert_eq!(frame.into_trailers().unwrap(), trailers);
    assert!(body.is_end_stream());
    assert!(matches!(
        body.as_mut().poll_frame(&mut cx),
        Poll::Ready(None)
    ));
    assert!(matches!(
        body.as_mut().poll_frame(&mut cx),
        Poll::Ready(None)
    ));
}

#[test]
fn data_of_another_kind_arrives_whole() {
    let mut cx = Context::from_waker(Waker::noop());
    let chained = Bytes::from_static(b"ab").chain(Bytes::from_static(b"cd"));
    let mut body = pin!(watching(Script::new([Some(Ok(Frame::data(chained)))])));
    let Poll::Ready(Some(Ok(frame))) = body.as_mut().poll_frame(&mut cx) else {
        panic!("must be data");
    };
    assert_eq!(frame.into_data().unwrap(), "abcd");
}

#[test]
fn the_size_is_that_of_the_body_below() {
    let mut script = Script::new([data("x")]);
    script.hint.set_lower(3);
    script.hint.set_upper(9);
    let body = watching(script);
    assert_eq!(body.size_hint().lower(), 3);
    assert_eq!(body.size_hint().upper(), Some(9));
}

#[test]
fn a_body_that_breaks_says_how_far_it_came_and_has_ended() {
    let mut cx = Context::from_waker(Waker::noop());
    let script = Script::new([data("12345"), data("678"), Some(Err(eof())), data("never")]);
    let alive = Arc::downgrade(&script.alive);
    let mut body = pin!(watching(script));
    for _ in 0..2 {
        assert!(body.as_mut().poll_frame(&mut cx).is_ready());
    }
    assert!(alive.upgrade().is_some());
    let Poll::Ready(Some(Err(failure))) = body.as_mut().poll_frame(&mut cx) else {
        panic!("must fail");
    };
    assert_eq!(failure.kind(), FailureKind::ConnectionReset);
    assert_eq!(failure.phase(), Phase::Body);
    assert_eq!(failure.delivery(), Delivery::Partial { bytes: 8 });
    assert_eq!(
        failure.to_string(),
        "The connection to api.example.com was cut off in the middle of the answer, after 8 bytes."
    );
    assert!(Explanation::of(&failure).is_some());

    assert!(alive.upgrade().is_none(), "the body below is let go");
    assert!(body.is_end_stream());
    assert_eq!(body.size_hint().exact(), Some(0));
    assert!(matches!(
        body.as_mut().poll_frame(&mut cx),
        Poll::Ready(None)
    ));
}

#[tokio::test]
async fn a_body_that_breaks_breaks_in_response_mode_too() {
    let server =
        HumanizeLayer::new()
            .into_responses()
            .layer(service_fn(async |_: http::Request<()>| {
                Ok::<_, Infallible>(Response::new(Script::new([data("half"), Some(Err(eof()))])))
            }));
    let request = http::Request::get("http://api.example.com/")
        .body(())
        .unwrap();
    let Ok(response) = server.oneshot(request).await;
    let mut cx = Context::from_waker(Waker::noop());
    let mut body = pin!(response.into_body());
    assert!(matches!(
        body.as_mut().poll_frame(&mut cx),
        Poll::Ready(Some(Ok(_)))
    ));
    let Poll::Ready(Some(Err(failure))) = body.as_mut().poll_frame(&mut cx) else {
        panic!("must fail");
    };
    assert!(failure.to_string().contains("api.example.com"), "{failure}");
}

#[test]
fn an_explanation_comes_in_one_frame() {
    let mut cx = Context::from_waker(Waker::noop());
    let mut body = pin!(HumanizeBody::<Script<Bytes>>::saying(Bytes::from_static(
        b"words"
    )));
    assert!(!body.is_end_stream());
    assert_eq!(body.size_hint().exact(), Some(5));
    let Poll::Ready(Some(Ok(frame))) = body.as_mut().poll_frame(&mut cx) else {
        panic!("must be data");
    };
    assert_eq!(frame.into_data().unwrap(), "words");
    assert!(body.is_end_stream());
    assert_eq!(body.size_hint().exact(), Some(0));
    assert!(matches!(
        body.as_mut().poll_frame(&mut cx),
        Poll::Ready(None)
    ));
}

struct Ours;

impl Catalog for Ours {
    fn explain(&self, failure: &Failure, _: &Call<'_>) -> Explanation {
        Explanation::new("Ours", &format!("Our words for {}.", failure.kind()))
    }
}

#[tokio::test]
async fn own_wording_follows_layer_service_and_body() {
    let layer = HumanizeLayer::new().catalog(Ours).into_responses();
    let server = layer
        .clone()
        .layer(service_fn(async |_: http::Request<()>| {
            Ok::<_, Infallible>(Response::new(Script::<Bytes>::new([Some(Err(eof()))])))
        }))
        .clone();
    let Ok(response) = server.oneshot(http::Request::new(())).await;
    let mut cx = Context::from_waker(Waker::noop());
    let mut body = pin!(response.into_body());
    let Poll::Ready(Some(Err(failure))) = body.as_mut().poll_frame(&mut cx) else {
        panic!("must fail");
    };
    assert_eq!(failure.to_string(), "Our words for connection_reset.");
}
