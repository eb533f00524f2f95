use super::*;

#[test]
fn the_layer_changes_the_body_and_nothing_else() {
    #[derive(Clone)]
    struct Inner {
        ready: bool,
    }
    impl Service<Request<ReplayBody<Full<Bytes>>>> for Inner {
        type Response = Response<SizeHint>;
        type Error = &'static str;
        type Future = std::future::Ready<Result<Self::Response, Self::Error>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
            self.ready = true;
            Poll::Ready(Err("not ready"))
        }

        fn call(&mut self, request: Request<ReplayBody<Full<Bytes>>>) -> Self::Future {
            assert!(self.ready, "called on what was not polled ready");
            assert_eq!(request.headers(), &trailers());
            std::future::ready(if request.body().is_replayable() {
                Ok(Response::new(request.body().size_hint()))
            } else {
                Err("not replayable")
            })
        }
    }
    let request = |bytes: usize| {
        let mut request = Request::new(Full::new(Bytes::from(vec![b'x'; bytes])));
        *request.headers_mut() = trailers();
        request
    };
    for (layer, limit) in [
        (ReplayBodyLayer::new(), 1024 * 1024),
        (ReplayBodyLayer::default(), 1024 * 1024),
        (ReplayBodyLayer::new().limit(3), 3),
    ] {
        let mut service = layer.layer(Inner { ready: false });
        let ready = service.poll_ready(&mut Context::from_waker(Waker::noop()));
        assert_eq!(ready, Poll::Ready(Err("not ready")));
        let kept = service.call(request(limit)).now_or_never().unwrap();
        assert_eq!(kept.unwrap().into_body().exact(), Some(limit as u64));
        let too_long = service.call(request(limit + 1)).now_or_never().unwrap();
        assert_eq!(too_long.unwrap_err(), "not replayable");
    }
}
