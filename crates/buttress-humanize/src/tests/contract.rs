//! What tower asks of every layer.

use crate::{
    ErrorMode, Explanation, Humanize, HumanizeBody, HumanizeFuture, HumanizeLayer, ResponseMode,
};
use buttress_core::{BoxError, Failure};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use std::future::{Future, Pending, Ready, pending, ready};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use tower::{Layer, Service, ServiceExt, service_fn};

/// Panics when it is called without having been polled ready, as a clone of it is not.
struct MustBeReadied {
    ready: bool,
}

impl Clone for MustBeReadied {
    fn clone(&self) -> Self {
        MustBeReadied { ready: false }
    }
}

impl Service<Request<()>> for MustBeReadied {
    type Response = Response<Full<Bytes>>;
    type Error = BoxError;
    type Future = Ready<Result<Self::Response, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.ready = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        assert!(self.ready, "called without being ready");
        self.ready = false;
        ready(Ok(Response::new(Full::default())))
    }
}

#[tokio::test]
async fn the_readied_service_is_the_one_that_is_called() {
    let mut client = HumanizeLayer::new().layer(MustBeReadied { ready: false });
    let mut server = HumanizeLayer::new()
        .into_responses()
        .layer(MustBeReadied { ready: false });
    for _ in 0..2 {
        client.ready().await.unwrap();
        client.call(Request::new(())).await.unwrap();
        let Ok(ready) = server.ready().await;
        let Ok(_) = ready.call(Request::new(())).await;
    }
}

/// Fails to become ready, and panics when it is used after that. A clone of it is ready.
struct Breaks {
    polled: u32,
    fails: bool,
}

impl Clone for Breaks {
    fn clone(&self) -> Self {
        Breaks {
            polled: 0,
            fails: false,
        }
    }
}

impl Service<Request<()>> for Breaks {
    type Response = Response<Full<Bytes>>;
    type Error = BoxError;
    type Future = Ready<Result<Self::Response, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.polled += 1;
        match (self.fails, self.polled) {
            (false, _) => Poll::Ready(Ok(())),
            (true, 1) => Poll::Ready(Err("broken".into())),
            (true, _) => panic!("asked again after it failed"),
        }
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        assert!(!self.fails, "called after it failed");
        ready(Ok(Response::new(Full::default())))
    }
}

#[tokio::test]
async fn a_service_that_failed_to_become_ready_is_not_used_again() {
    let broken = Breaks {
        polled: 0,
        fails: true,
    };
    let mut server = HumanizeLayer::new().into_responses().layer(broken);
    for status in [503, 200, 200] {
        let Ok(ready) = server.ready().await;
        let Ok(response) = ready.call(Request::new(())).await;
        assert_eq!(response.status(), status);
    }
}

#[test]
fn dropping_the_future_drops_the_call() {
    let alive = Arc::new(());
    let held = alive.clone();
    let transport = service_fn(move |_: Request<()>| {
        let held = held.clone();
        async move {
            pending::<()>().await;
            drop(held);
            Err::<Response<Full<Bytes>>, BoxError>("never".into())
        }
    });
    let mut service = HumanizeLayer::new().layer(transport);
    let before = Arc::strong_count(&alive);
    let mut call = Box::pin(service.call(Request::new(())));
    let mut cx = Context::from_waker(Waker::noop());
    assert!(call.as_mut().poll(&mut cx).is_pending());
    assert_eq!(Arc::strong_count(&alive), before + 1);
    drop(call);
    assert_eq!(Arc::strong_count(&alive), before);
}

#[tokio::test]
async fn nothing_has_to_be_send_or_static() {
    let words = String::from("borrowed");
    let local = Rc::new(&*words);
    let transport = service_fn(|_: Request<Rc<()>>| {
        let local = local.clone();
        async move { Ok::<_, BoxError>(Response::new(Full::new(local.as_bytes()))) }
    });
    let client = HumanizeLayer::new().layer(transport);
    let response = client.oneshot(Request::new(Rc::new(()))).await.unwrap();
    let body = http_body_util::BodyExt::collect(response.into_body()).await;
    assert_eq!(body.unwrap().to_bytes(), "borrowed");
}

#[test]
fn what_has_send_parts_is_send_and_what_is_shared_is_sync() {
    fn send_sync<T: Send + Sync>() {}
    fn unpin<T: Unpin>() {}
    send_sync::<HumanizeLayer<ErrorMode>>();
    send_sync::<HumanizeLayer<ResponseMode>>();
    send_sync::<Humanize<(), ErrorMode>>();
    send_sync::<Humanize<(), ResponseMode>>();
    send_sync::<HumanizeFuture<Pending<()>, ErrorMode>>();
    send_sync::<HumanizeFuture<Pending<()>, ResponseMode>>();
    send_sync::<HumanizeBody<Full<Bytes>>>();
    send_sync::<Explanation>();
    unpin::<HumanizeFuture<Pending<()>, ErrorMode>>();
    unpin::<HumanizeBody<Full<Bytes>>>();
}

#[test]
fn little_is_added_to_what_is_wrapped() {
    type Future = Ready<Result<Response<Full<Bytes>>, BoxError>>;
    let future = size_of::<HumanizeFuture<Future, ErrorMode>>() - size_of::<Future>();
    let body = size_of::<HumanizeBody<Full<Bytes>>>() - size_of::<Full<Bytes>>();
    assert!(future <= 112, "{future}");
    assert!(body <= 112, "{body}");
    assert!(size_of::<Humanize<(), ErrorMode>>() <= 48);
    assert_eq!(size_of::<Failure>(), size_of::<usize>());
}
