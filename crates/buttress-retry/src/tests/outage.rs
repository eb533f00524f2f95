//! Servers that are out of reach for a while.

use super::*;
use buttress_core::time::Instant;

type Outcome = Result<Res, BoxError>;

/// One call whose attempts have these outcomes, and the last one for ever: what became of it, after
/// how many attempts, and how long that took.
async fn call(config: RetryConfig, outcomes: Vec<fn() -> Outcome>) -> (Outcome, usize, Duration) {
    let (service, mut handle) = pair(config);
    let start: Instant = now();
    let answering = async {
        let mut asked = 0;
        while let Some((_, reply)) = handle.next_request().await {
            match outcomes[asked.min(outcomes.len() - 1)]() {
                Ok(response) => reply.send_response(response),
                Err(error) => reply.send_error(error),
            }
            asked += 1;
        }
        asked
    };
    let calling = async {
        let response = service.oneshot(get()).await?;
        Ok(response.map(|_| Full::default()))
    };
    let (outcome, asked): (Result<Res, Failure>, _) = tokio::join!(calling, answering);
    (outcome.map_err(Into::into), asked, now() - start)
}

fn gone() -> Outcome {
    Err(refused())
}

fn busy() -> Outcome {
    Ok(status(503))
}

fn good() -> Outcome {
    Ok(status(200))
}

#[tokio::test(start_paused = true)]
async fn what_reaches_nobody_is_tried_until_the_outage_has_lasted_too_long() {
    let patient = || config().outage(60 * SECOND);
    // The first try after a refused one does not wait, the others wait a second.
    for (config, outage, attempts, took) in [
        (config(), 50, 3, 1),
        (patient(), 50, 51, 49),
        // At the end of it one attempt more, which counts.
        (patient(), 90, 62, 60),
        (patient().attempts(1), 50, 1, 0),
        (patient().elapsed(20 * SECOND), 50, 21, 19),
        (patient().backoff(Backoff::none()), 120, 100, 0),
        (patient().backoff(Backoff::none()), 90, 91, 0),
    ] {
        let mut outcomes: Vec<fn() -> Outcome> = vec![gone; outage];
        outcomes.push(good);
        let what = format!("{config:?} {outage}");
        let (outcome, asked, lasted) = call(config.build().unwrap(), outcomes).await;
        assert_eq!((asked, lasted), (attempts, took * SECOND), "{what}");
        assert_eq!(outcome.is_ok(), attempts == outage + 1, "{what}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_reaches_the_server_counts_from_its_first_answer() {
    let outcomes: Vec<fn() -> Outcome> = vec![gone, gone, gone, gone, gone, busy];
    let patient = config().outage(60 * SECOND).build().unwrap();
    let (outcome, asked, _) = call(patient, outcomes).await;
    assert_eq!(outcome.unwrap().status(), 503);
    assert_eq!(asked, 5 + 3);
}

#[tokio::test(start_paused = true)]
async fn a_failure_tells_of_every_attempt() {
    let patient = config().outage(10 * SECOND).build().unwrap();
    let (outcome, asked, _) = call(patient, vec![gone]).await;
    let failure = Failure::from(outcome.unwrap_err());
    assert_eq!(failure.stopped(), Some(StopReason::Attempts));
    assert_eq!(failure.delivery(), Delivery::NotSent);
    assert_eq!(failure.history().len() + 1, asked);
}
