//! The caller's deadline, without a timeout layer anywhere.

use super::*;
use buttress_core::Phase;

const LIMIT: Duration = Duration::from_secs(5);

fn limited(method: Method) -> Req {
    let mut request = get();
    *request.method_mut() = method;
    Deadline::after(LIMIT).tighten(request.extensions_mut());
    request
}

#[tokio::test(start_paused = true)]
async fn it_ends_the_wait_for_the_head() {
    for method in [Method::GET, Method::POST] {
        let start = now();
        let inner = Inner::new([Step::hang()]);
        let service = ResumeLayer::new(config()).layer(inner.clone());
        let failure = service.oneshot(limited(method)).await.unwrap_err();
        assert_eq!(now() - start, LIMIT);
        assert_eq!(failure.kind(), FailureKind::TimeoutTotal);
        assert_eq!(failure.stopped(), Some(StopReason::Deadline));
        assert_eq!(failure.phase(), Phase::Head);
        assert_eq!(inner.in_flight(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn it_ends_the_body_whatever_it_waits_for() {
    let hanging = |data: &'static str| Step::ok(ScriptedBody::new().data(data).hang());
    for (inner, method, bytes, tries) in [
        // For the next frame, of a body that can be continued and of one that cannot.
        (Inner::new([first(ScriptedBody::hang)]), Method::GET, 400, 0),
        (Inner::new([hanging("abc")]), Method::GET, 3, 0),
        (Inner::new([hanging("abc")]), Method::POST, 3, 0),
        // For the head of a re-opening.
        (
            Inner::new([first(reset), Step::hang()]),
            Method::GET,
            400,
            1,
        ),
        // For readiness.
        (
            Inner::new([first(reset)]).readiness([Readiness::Now, Readiness::Never]),
            Method::GET,
            400,
            1,
        ),
    ] {
        let start = now();
        let failure = failure(run(&inner, limited(method)).await);
        assert_eq!(now() - start, LIMIT);
        assert_eq!(failure.kind(), FailureKind::TimeoutTotal);
        assert_eq!(failure.stopped(), Some(StopReason::Deadline));
        assert_eq!(
            (failure.phase(), failure.delivery()),
            (Phase::Body, Delivery::Partial { bytes })
        );
        assert_eq!(failure.history().len(), tries);
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_in_time_is_whole() {
    let body = ScriptedBody::new().data("ab").wait(LIMIT).data("c");
    let collected = run(&Inner::new([Step::ok(body)]), limited(Method::GET)).await;
    assert_eq!(collected.end(), "clean end");
    assert_eq!(collected.bytes, "abc");
}

#[tokio::test(start_paused = true)]
async fn no_try_is_begun_that_cannot_end_in_time() {
    let inner = Inner::new([first(reset)]);
    let mut request = get();
    Deadline::after(SECOND).tighten(request.extensions_mut());
    let start = now();
    let failure = failure(run(&inner, request).await);
    assert_eq!(failure.stopped(), Some(StopReason::Deadline));
    assert_eq!(now(), start);
}

/// Ready just when it is too late.
#[tokio::test(start_paused = true)]
async fn no_try_is_sent_once_it_has_passed() {
    let readiness = [Readiness::Now, Readiness::After(LIMIT - SECOND)];
    let inner = Inner::new([first(reset), part(400, 1000)]).readiness(readiness);
    let start = now();
    let failure = failure(run(&inner, limited(Method::GET)).await);
    assert_eq!((inner.calls().len(), now() - start), (1, LIMIT));
    assert_eq!(failure.kind(), FailureKind::TimeoutTotal);
    assert_eq!(failure.stopped(), Some(StopReason::Deadline));
    assert_eq!(failure.delivery(), Delivery::Partial { bytes: 400 });
    assert_eq!(failure.history().len(), 1);
}
