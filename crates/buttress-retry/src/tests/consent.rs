//! What may be sent again.

use super::*;

#[tokio::test(start_paused = true)]
async fn what_may_have_had_an_effect_is_not_repeated() {
    let failure = call(config().build().unwrap(), post(), vec![Err(reset())])
        .await
        .unwrap_err();
    assert_eq!(failure.stopped(), Some(StopReason::NotRepeatable));
    assert!(!failure.is_exhausted());

    let response = call(config().build().unwrap(), post(), vec![Ok(status(503))])
        .await
        .unwrap();
    let failure = Failure::of(response.extensions()).unwrap();
    assert_eq!(failure.stopped(), Some(StopReason::NotRepeatable));
}

#[tokio::test(start_paused = true)]
async fn consent_makes_it_repeatable() {
    let always = config().consent(Consent::Always).build().unwrap();
    let outcomes = || vec![Err(reset()), Ok(status(200))];
    assert!(call(always.clone(), post(), outcomes()).await.is_ok());

    let mut keyed = post();
    keyed
        .headers_mut()
        .insert("idempotency-key", "k".parse().unwrap());
    assert!(
        call(config().build().unwrap(), keyed, outcomes())
            .await
            .is_ok()
    );

    // By the request alone.
    let mut own = post();
    own.extensions_mut().insert(always);
    assert!(
        call(config().build().unwrap(), own, outcomes())
            .await
            .is_ok()
    );
}

#[tokio::test(start_paused = true)]
async fn what_was_not_sent_is_sent_again_at_once_whatever_the_method() {
    let start = now();
    let outcomes = vec![Err(refused()), Err(refused()), Ok(status(200))];
    let response = call(config().build().unwrap(), post(), outcomes).await;
    assert!(response.is_ok());
    // The first retry did not wait, the second did.
    assert_eq!(now() - start, SECOND);
}

#[tokio::test(start_paused = true)]
async fn never_means_not_even_then() {
    let never = config().consent(Consent::Never).build().unwrap();
    let failure = call(never, get(), vec![Err(refused())]).await.unwrap_err();
    assert_eq!(failure.stopped(), Some(StopReason::NotRepeatable));
}
