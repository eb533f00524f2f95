//! The caller's deadline, without a timeout layer anywhere.

use super::*;
use crate::{Gate, RetryConfigBuilder};
use buttress_testkit::{Readiness, ScriptedBody, ScriptedService, Step};

type Inner = ScriptedService<Body1>;

fn within(limit: Duration) -> Req {
    let mut request = get();
    Deadline::after(limit).tighten(request.extensions_mut());
    request
}

/// One call that must fail: how, and after which time.
async fn fails(inner: &Inner, config: RetryConfigBuilder, request: Req) -> (Failure, Duration) {
    let start = now();
    let service = RetryLayer::new(config.build().unwrap()).layer(inner.clone());
    let failure = service.oneshot(request).await.unwrap_err();
    assert_eq!((inner.in_flight(), inner.bodies_alive()), (0, 0));
    (failure, now() - start)
}

#[tokio::test(start_paused = true)]
async fn it_ends_the_attempt_that_is_under_way() {
    let inner = Inner::new([Step::hang()]);
    let (failure, after) = fails(&inner, config(), within(5 * SECOND)).await;
    assert_eq!(after, 5 * SECOND);
    assert_eq!(failure.kind(), FailureKind::TimeoutTotal);
    assert_eq!(failure.stopped(), Some(StopReason::Deadline));
    assert_eq!(
        (failure.phase(), failure.delivery()),
        (Phase::Head, Delivery::Unknown)
    );

    // A later one too, which tells of those before.
    let inner = Inner::new([Step::io(io::ErrorKind::ConnectionReset), Step::hang()]);
    let (failure, after) = fails(&inner, config(), within(5 * SECOND)).await;
    assert_eq!(after, 5 * SECOND);
    assert_eq!(failure.kind(), FailureKind::TimeoutTotal);
    assert_eq!(failure.history().len(), 1);

    // And where nothing can be sent twice.
    let never = || config().consent(Consent::Never);
    let inner = Inner::new([Step::hang()]);
    let (_, after) = fails(&inner, never(), within(5 * SECOND)).await;
    assert_eq!(after, 5 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn what_was_under_way_is_gone_when_the_failure_is_there() {
    let inner = Inner::new([Step::hang()]);
    let mut service = RetryLayer::new(config().build().unwrap()).layer(inner.clone());
    let call = service.ready().await.unwrap().call(within(5 * SECOND));
    let mut call = tokio_test::task::spawn(call);
    assert_pending!(call.poll());
    tokio::time::advance(5 * SECOND).await;
    assert!(assert_ready!(call.poll()).is_err());
    assert_eq!(inner.in_flight(), 0);
}

#[tokio::test(start_paused = true)]
async fn it_ends_the_wait_for_readiness() {
    // Whether an effect is possible, all attempts say together.
    for (first, delivery) in [
        (io::ErrorKind::ConnectionRefused, Delivery::NotSent),
        (io::ErrorKind::ConnectionReset, Delivery::Unknown),
    ] {
        let never = [Readiness::Now, Readiness::Never];
        let inner = Inner::new([Step::io(first)]).readiness(never);
        let (failure, after) = fails(&inner, config(), within(5 * SECOND)).await;
        assert_eq!(after, 5 * SECOND);
        assert_eq!(failure.stopped(), Some(StopReason::Deadline));
        let found = (failure.phase(), failure.delivery());
        assert_eq!(found, (Phase::Connect, delivery));
    }
}

#[tokio::test(start_paused = true)]
async fn no_attempt_begins_once_it_has_passed() {
    let not_sent = (Phase::Connect, Delivery::NotSent);
    let inner = Inner::new([Step::ok("there at once")]);
    let (failure, after) = fails(&inner, config(), within(Duration::ZERO)).await;
    assert_eq!((inner.calls().len(), after), (0, Duration::ZERO));
    assert_eq!(failure.kind(), FailureKind::TimeoutTotal);
    assert_eq!(failure.stopped(), Some(StopReason::Deadline));
    assert_eq!((failure.phase(), failure.delivery()), not_sent);

    // Ready just when it is too late.
    let readiness = [Readiness::Now, Readiness::After(5 * SECOND)];
    let inner = Inner::new([
        Step::io(io::ErrorKind::ConnectionRefused),
        Step::ok("there at once"),
    ]);
    let inner = inner.readiness(readiness);
    let (failure, after) = fails(&inner, config(), within(5 * SECOND)).await;
    assert_eq!((inner.calls().len(), after), (1, 5 * SECOND));
    assert_eq!(failure.kind(), FailureKind::TimeoutTotal);
    assert_eq!(failure.stopped(), Some(StopReason::Deadline));
    assert_eq!((failure.phase(), failure.delivery()), not_sent);
    assert_eq!(failure.history().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn no_attempt_begins_after_the_time_for_all_of_them() {
    let broken = || Inner::new([Step::io(io::ErrorKind::ConnectionReset)]);
    let limited = || config().elapsed(5 * SECOND);
    // Ready just when it is too late, later, or never.
    for readiness in [
        Readiness::After(4 * SECOND),
        Readiness::After(9 * SECOND),
        Readiness::Never,
    ] {
        let inner = broken().readiness([Readiness::Now, readiness]);
        let (failure, after) = fails(&inner, limited(), get()).await;
        assert_eq!(after, 5 * SECOND);
        assert_eq!(inner.calls().len(), 1);
        assert_eq!(failure.kind(), FailureKind::TimeoutTotal);
        assert_eq!(failure.stopped(), Some(StopReason::Elapsed));
        let limit = failure.limit().expect("a limit");
        assert_eq!((limit.limit, limit.elapsed), (5 * SECOND, 5 * SECOND));
        assert_eq!(failure.history().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn it_ends_the_wait_at_a_gate() {
    let inner = Inner::new([Step::ok(ScriptedBody::new().data("abc").hang())]);
    let gated = config().gate(Gate::until(|_: &[u8]| false));
    let (failure, after) = fails(&inner, gated, within(5 * SECOND)).await;
    assert_eq!(after, 5 * SECOND);
    assert_eq!(
        (failure.phase(), failure.delivery()),
        (Phase::Body, Delivery::Partial { bytes: 3 })
    );
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_there_counts() {
    let inner = Inner::new([Step::ok("late").after(5 * SECOND)]);
    let service = RetryLayer::new(config().build().unwrap()).layer(inner);
    let response = service.oneshot(within(5 * SECOND)).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
}

#[tokio::test(start_paused = true)]
async fn without_one_nothing_ends_an_attempt() {
    let inner = Inner::new([Step::hang()]);
    let service = RetryLayer::new(config().build().unwrap()).layer(inner);
    let mut request = get();
    request.extensions_mut().insert("something else");
    let mut call = tokio_test::task::spawn(service.oneshot(request));
    assert_pending!(call.poll());
    tokio::time::advance(86_400 * SECOND).await;
    assert!(!call.is_woken());
    assert_pending!(call.poll());
}
