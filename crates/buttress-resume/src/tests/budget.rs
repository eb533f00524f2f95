//! What the budget allows, takes and gives back.

use super::*;
use buttress_core::RetryBudget;
use http_body_util::BodyExt;

/// Nothing is earned, neither by calls nor by time.
fn fixed(tokens: u32) -> RetryBudget {
    let builder = RetryBudget::builder().ratio(0.0).reserve(tokens);
    builder.min_per_second(0.0).build().unwrap()
}

async fn body_of(
    inner: &Inner,
    config: ResumeConfig,
    request: Req,
) -> ResumeBody<Inner, Empty1, ScriptedBody> {
    let service = ResumeLayer::new(config).layer(inner.clone());
    service.oneshot(request).await.unwrap().into_body()
}

fn with(budget: &RetryBudget) -> ResumeConfig {
    config().with_budget(budget.clone())
}

#[tokio::test(start_paused = true)]
async fn every_re_opening_is_paid_for() {
    let budget = fixed(5);
    let inner = Inner::new([
        first(reset),
        // The answer is late, which costs two.
        Step::status(504),
        part(400, 1000),
    ]);
    let body = body_of(&inner, with(&budget), get()).await;
    assert_eq!(budget.balance(), 5.0);
    assert_eq!(collect(body).await.end(), "clean end");
    assert_eq!(budget.balance(), 2.0);
}

#[tokio::test(start_paused = true)]
async fn an_empty_budget_ends_the_body_and_says_so() {
    let budget = fixed(2);
    let inner = Inner::new([first(reset), Step::status(503), Step::status(503)]);
    let start = now();
    let failure = failure(collect(body_of(&inner, with(&budget), get()).await).await);
    assert_eq!(failure.kind(), FailureKind::Overloaded);
    assert_eq!(failure.stopped(), Some(StopReason::Budget));
    assert_eq!(failure.delivery(), Delivery::Partial { bytes: 400 });
    assert_eq!(failure.history().len(), 2);
    assert_eq!(inner.left(), 0);
    // There is no wait for a try that may not be made.
    assert_eq!(now() - start, 2 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_body_dropped_while_it_waits_gives_its_token_back() {
    let budget = fixed(5);
    let inner = Inner::new([first(reset)]);
    let mut body = body_of(&inner, with(&budget), get()).await;
    body.frame().await.unwrap().unwrap();
    let mut next = tokio_test::task::spawn(body.frame());
    assert_pending!(next.poll());
    assert_eq!(budget.balance(), 4.0);
    drop(next);
    drop(body);
    assert_eq!(budget.balance(), 5.0);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_was_sent_is_paid_for_even_if_nobody_waits_for_it() {
    let budget = fixed(5);
    let inner = Inner::new([first(reset), Step::hang()]);
    let mut body = body_of(&inner, with(&budget), get()).await;
    body.frame().await.unwrap().unwrap();
    let mut next = tokio_test::task::spawn(body.frame());
    assert_pending!(next.poll());
    tokio::time::advance(SECOND).await;
    assert_pending!(next.poll());
    drop(next);
    drop(body);
    assert_eq!(inner.calls().len(), 2);
    assert_eq!(budget.balance(), 4.0);
}

#[tokio::test(start_paused = true)]
async fn a_try_that_could_not_be_sent_is_not_paid_for() {
    // The last one costs what the failure before it does: all there is, in the second case.
    for (kind, tokens, left) in [
        (FailureKind::ConnectionRefused, 5, 4.0),
        (FailureKind::TimeoutHead, 2, 0.0),
    ] {
        let budget = fixed(tokens);
        let refused = || Readiness::Fails(Failure::new(kind).into());
        let inner = Inner::new([first(reset), part(400, 1000)]);
        let inner = inner.readiness([Readiness::Now, refused(), refused()]);
        let body = body_of(&inner, with(&budget), get()).await;
        assert_eq!(collect(body).await.end(), "clean end", "{kind}");
        assert_eq!(budget.balance(), left, "{kind}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_is_held_to_the_layers_budget_unless_it_brings_one() {
    let (layers, own) = (fixed(5), fixed(5));
    for (brought, left_of_layers, left_of_own) in [(config(), 4.0, 5.0), (with(&own), 4.0, 4.0)] {
        let inner = Inner::new([first(reset), part(400, 1000)]);
        let mut request = get();
        request.extensions_mut().insert(brought);
        let body = body_of(&inner, with(&layers), request).await;
        assert_eq!(collect(body).await.end(), "clean end");
        assert_eq!(layers.balance(), left_of_layers);
        assert_eq!(own.balance(), left_of_own);
    }
}
