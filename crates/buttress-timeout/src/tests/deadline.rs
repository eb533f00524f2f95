//! The deadline of a call: from outside, and for what is below.

use super::*;

/// A service that says which deadline it sees, when it is called and when its future is polled.
fn telling(
    seen: &Arc<Mutex<Vec<Option<Deadline>>>>,
) -> impl Service<
    Req,
    Response = Response<Full<Bytes>>,
    Error = Infallible,
    Future: Future<Output = Result<Response<Full<Bytes>>, Infallible>>,
> + Clone {
    let seen = seen.clone();
    tower::service_fn(move |request: Req| {
        let seen = seen.clone();
        let tell = move || {
            let deadline = Deadline::of(request.extensions());
            seen.lock().unwrap().push(deadline);
        };
        tell();
        async move {
            tokio::task::yield_now().await;
            tell();
            Ok(Response::new(Full::default()))
        }
    })
}

#[tokio::test(start_paused = true)]
async fn the_total_limit_is_a_deadline_for_what_is_below() {
    let seconds = |seconds: u32| {
        let limits = TimeoutConfig::builder().total(seconds * SECOND);
        TimeoutLayer::new(limits.build().unwrap())
    };
    let at = |seconds: u32| Some(Deadline::at(now() + seconds * SECOND));
    for (layers, own, expected) in [
        (vec![], None, None),
        (vec![], at(1), at(1)),
        (vec![10], None, at(10)),
        (vec![10], at(1), at(1)),
        (vec![10], at(11), at(10)),
        (vec![10, 20], None, at(10)),
        (vec![20, 10], None, at(10)),
        (vec![20, 10], at(15), at(10)),
        (vec![20, 10], at(5), at(5)),
    ] {
        let seen = Arc::default();
        let mut request = Req::new(Empty::new());
        if let Some(own) = own {
            own.tighten(request.extensions_mut());
        }
        let told = telling(&seen);
        match *layers {
            [outer, inner] => {
                let service = seconds(outer).layer(seconds(inner).layer(told));
                service.oneshot(request).await.map(drop).unwrap();
            }
            [one] => {
                let service = seconds(one).layer(told);
                service.oneshot(request).await.map(drop).unwrap();
            }
            _ => {
                let service = TimeoutLayer::new(limits()).layer(told);
                service.oneshot(request).await.map(drop).unwrap();
            }
        }
        let seen = std::mem::take(&mut *seen.lock().unwrap());
        assert_eq!(seen, [expected, expected], "{layers:?} {own:?}");
        assert_eq!(Deadline::current(), None, "{layers:?} {own:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_cut_or_panics_leaves_no_deadline_behind() {
    let total = TimeoutConfig::builder().total(SECOND).build().unwrap();
    let hangs = TimeoutLayer::new(total.clone()).layer(ScriptedService::new([Step::hang()]));
    let mut call = tokio_test::task::spawn(hangs.oneshot(Req::new(Empty::new())));
    assert_pending!(call.poll());
    assert_eq!(Deadline::current(), None);
    drop(call);
    assert_eq!(Deadline::current(), None);

    for late in [false, true] {
        let panics = tower::service_fn(move |_: Req| {
            assert!(late, "in the call");
            async { panic!("in the future") as Result<Response<Full<Bytes>>, Infallible> }
        });
        let call = TimeoutLayer::new(total.clone()).layer(panics);
        let mut call = tokio_test::task::spawn(call.oneshot(Req::new(Empty::new())));
        assert!(catch_unwind(AssertUnwindSafe(|| call.poll())).is_err());
        assert_eq!(Deadline::current(), None);
    }
}

#[tokio::test(start_paused = true)]
async fn a_deadline_from_outside_ends_the_call() {
    for config in [
        TimeoutConfig::default(),
        TimeoutConfig::builder().build().unwrap(),
    ] {
        let start = now();
        let service = TimeoutLayer::new(config).layer(ScriptedService::new([Step::hang()]));
        let mut request = Req::new(Empty::new());
        Deadline::after(SECOND).tighten(request.extensions_mut());
        let failure = service.oneshot(request).await.unwrap_err();
        assert_eq!(failure.kind(), FailureKind::TimeoutTotal);
        assert_eq!(failure.limit(), None);
        assert_eq!(now() - start, SECOND);
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_deadline_has_passed_is_not_made() {
    let total = TimeoutConfig::builder().total(SECOND).build().unwrap();
    for (config, ago) in [
        (TimeoutConfig::default(), Duration::ZERO),
        (TimeoutConfig::default(), SECOND),
        (TimeoutConfig::none(), SECOND),
        (total, SECOND),
    ] {
        let inner = ScriptedService::new([Step::ok("there at once")]);
        let service = TimeoutLayer::new(config).layer(inner.clone());
        let mut request = Req::new(Empty::new());
        Deadline::after(Duration::ZERO).tighten(request.extensions_mut());
        tokio::time::advance(ago).await;
        let failure = service.oneshot(request).await.unwrap_err();
        assert_eq!(inner.calls().len(), 0);
        assert_eq!(failure.kind(), FailureKind::TimeoutTotal);
        let found = (failure.phase(), failure.delivery(), failure.limit());
        assert_eq!(found, (Phase::Connect, Delivery::NotSent, None));
        assert_eq!(failure.stopped(), Some(StopReason::Deadline));
        assert_eq!(Deadline::current(), None);
    }
}

/// Whoever opens a scope does so to make the call at once, so that a scope alone is not asked before it.
#[tokio::test(start_paused = true)]
async fn a_scope_whose_deadline_has_passed_ends_the_first_wait() {
    for (step, is_there) in [(Step::ok("there at once"), true), (Step::hang(), false)] {
        let inner = ScriptedService::new([step]);
        let mut service = TimeoutLayer::new(TimeoutConfig::default()).layer(inner.clone());
        let deadline = Deadline::after(Duration::ZERO);
        tokio::time::advance(SECOND).await;
        let start = now();
        let ready = service.ready().await.unwrap();
        let scope = deadline.enter();
        let call = ready.call(Req::new(Empty::new()));
        drop(scope);
        match call.await {
            Ok(_) => assert!(is_there),
            Err(failure) => {
                assert!(!is_there);
                assert_eq!(failure.kind(), FailureKind::TimeoutTotal);
                // It was made, and nobody knows what came of it.
                let found = (failure.phase(), failure.delivery());
                assert_eq!(found, (Phase::Head, Delivery::Unknown));
            }
        }
        assert_eq!((inner.calls().len(), now()), (1, start));
    }
}

/// What is there at every look never waits, so that only a look at the clock can end it.
#[tokio::test(start_paused = true)]
async fn a_body_that_always_has_a_frame_ends_at_the_deadline_too() {
    let total = |limits: TimeoutConfigBuilder| limits.total(SECOND).build().unwrap();
    for (config, given, limit) in [
        (total(TimeoutConfig::builder()), None, Some(SECOND)),
        (total(some()), None, Some(SECOND)),
        (total(some().min_rate(1, SECOND)), None, Some(SECOND)),
        (limits(), Some(SECOND), None),
        (watched(), Some(SECOND), None),
        (TimeoutConfig::none(), Some(SECOND), None),
    ] {
        let case = format!("{config:?}");
        let script = (0..50).fold(ScriptedBody::new(), |body, _| body.data("abc"));
        let probe = script.probe();
        let service = TimeoutLayer::new(config).layer(ScriptedService::new([Step::ok(script)]));
        let mut request = Req::new(Empty::new());
        if let Some(given) = given {
            Deadline::after(given).tighten(request.extensions_mut());
        }
        let start = now();
        let mut body = service.oneshot(request).await.unwrap().into_body();
        let mut frames = 0;
        let failure = loop {
            match body.frame().await.expect("a failure") {
                Ok(_) => frames += 1,
                Err(failure) => break failure,
            }
            tokio::time::advance(SECOND / 10).await;
        };
        assert_eq!((frames, now() - start), (10, SECOND), "{case}");
        assert_eq!(failure.kind(), FailureKind::TimeoutTotal, "{case}");
        let found = (failure.phase(), failure.delivery());
        assert_eq!(found, (Phase::Body, Delivery::Partial { bytes: 30 }));
        assert_eq!(failure.limit().map(|l| l.limit), limit, "{case}");
        assert!(probe.is_dropped(), "{case}");
        assert!(body.frame().await.is_none(), "{case}");
    }
}

/// An answer that is there as a whole is no late one.
#[tokio::test(start_paused = true)]
async fn the_last_frame_and_the_end_are_not_too_late() {
    let mut trailers = HeaderMap::new();
    trailers.insert("checksum", "1".parse().unwrap());
    for limits in [TimeoutConfig::builder(), some().min_rate(1, SECOND)] {
        let config = limits.total(SECOND).build().unwrap();
        for (script, bytes) in [
            (ScriptedBody::new().data("abc").exact(), "abc"),
            (ScriptedBody::new().trailers(trailers.clone()), ""),
            (ScriptedBody::new(), ""),
        ] {
            let body = call(config.clone(), Step::ok(script)).await.unwrap();
            tokio::time::advance(2 * SECOND).await;
            let collected = collect(body.into_body()).await;
            assert_eq!(collected.end(), "clean end");
            assert_eq!(collected.bytes, bytes);
        }
    }
}
