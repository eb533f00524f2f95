//! What is told of a call: the report, the last failure, and to observers.

use super::*;

/// The innermost one may not send a `POST` again. The one around it may, and has spent its tries.
#[tokio::test(start_paused = true)]
async fn tries_that_were_spent_are_told_whatever_one_below_had_decided() {
    let (service, mut handle) = mock::pair::<Req, Res>();
    let careful = RetryLayer::new(config().build().unwrap());
    let bold = RetryLayer::new(config().consent(Consent::Always).build().unwrap());
    let service = bold.layer(bold.layer(careful.layer(service)));
    let server = async {
        let mut asked = 0;
        while let Some((_, reply)) = handle.next_request().await {
            asked += 1;
            reply.send_error(reset());
        }
        asked
    };
    let (result, asked) = tokio::join!(service.oneshot(post()), server);
    let failure = result.unwrap_err();
    assert_eq!(failure.stopped(), Some(StopReason::Attempts));
    assert_eq!((asked, failure.history().len()), (3, 2));
}

#[tokio::test(start_paused = true)]
async fn two_retries_report_all_that_was_tried() {
    // The inner one sends again what was not sent, the outer one all.
    let (service, mut handle) = mock::pair::<Req, Res>();
    let service = RetryLayer::new(config().build().unwrap()).layer(service);
    let outer = config().consent(Consent::Always).build().unwrap();
    let service = RetryLayer::new(outer).layer(service);
    let outcomes = vec![Err(reset()), Err(refused()), Ok(status(200))];
    let (response, ()) = tokio::join!(service.oneshot(post()), answer(&mut handle, outcomes));
    let response = response.unwrap();
    let report = RetryReport::of(response.extensions()).unwrap();
    let kinds: Vec<_> = report.history().entries().iter().map(|a| a.kind).collect();
    assert_eq!(
        kinds,
        [FailureKind::ConnectionReset, FailureKind::ConnectionRefused]
    );
}

/// Whoever watches one of two retries hears of the end, whatever the other one tells, and to whom.
#[tokio::test(start_paused = true)]
async fn each_of_two_retries_tells_its_own_observer_of_the_end() {
    use buttress_core::observe::Event;
    use std::sync::{Arc, Mutex};
    for (inner_is_watched, outer_is_watched) in [(true, true), (false, true), (true, false)] {
        let layer = |is_watched: bool| {
            let told = Arc::new(Mutex::new(Vec::new()));
            let config = config();
            let config = if is_watched {
                let told = told.clone();
                config.observer(move |event: &Event<'_>| {
                    told.lock().unwrap().push(match event {
                        Event::Again { .. } => "again".to_owned(),
                        Event::GaveUp { resend_count, .. } => format!("gave up, {resend_count}"),
                        other => format!("{other:?}"),
                    });
                })
            } else {
                config
            };
            (RetryLayer::new(config.build().unwrap()), told)
        };
        let (inner, told_by_inner) = layer(inner_is_watched);
        let (outer, told_by_outer) = layer(outer_is_watched);
        let (service, mut handle) = mock::pair::<Req, Res>();
        let service = outer.layer(inner.layer(service));
        let outcomes = (0..3).map(|_| Err(reset())).collect();
        let (result, ()) = tokio::join!(service.oneshot(get()), answer(&mut handle, outcomes));
        assert!(result.unwrap_err().is_exhausted());
        let expected = |is_watched: bool, told: &[&'static str]| match is_watched {
            true => told.to_vec(),
            false => Vec::new(),
        };
        let inner = expected(inner_is_watched, &["again", "again", "gave up, 2"]);
        assert_eq!(*told_by_inner.lock().unwrap(), inner);
        let outer = expected(outer_is_watched, &["gave up, 0"]);
        assert_eq!(*told_by_outer.lock().unwrap(), outer);
    }
}

/// Who counts retries counts those of requests that bring a configuration too.
#[tokio::test(start_paused = true)]
async fn the_layers_observer_is_told_of_requests_with_a_configuration_of_their_own() {
    use buttress_core::observe::Event;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    for (own_is_watched, expected) in [(false, (2, 0)), (true, (0, 2))] {
        let counts = [Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0))];
        let [layers, own] = counts.clone().map(|count| {
            config().observer(move |event: &Event<'_>| {
                if let Event::Again { .. } = event {
                    count.fetch_add(1, Ordering::Relaxed);
                }
            })
        });
        let brings = if own_is_watched { own } else { config() };
        let mut request = get();
        request.extensions_mut().insert(brings.build().unwrap());
        let outcomes = vec![Err(reset()), Err(reset()), Ok(status(200))];
        assert!(
            call(layers.build().unwrap(), request, outcomes)
                .await
                .is_ok()
        );
        let [layers, own] = counts.map(|count| count.load(Ordering::Relaxed));
        assert_eq!((layers, own), expected);
    }
}

/// A layer below that spent the caller's time on something else tells nobody here.
#[tokio::test(start_paused = true)]
async fn the_end_of_a_call_whose_time_another_layer_spent_is_told() {
    use buttress_core::observe::Event;
    use std::sync::{Arc, Mutex};
    let told = Arc::new(Mutex::new(Vec::new()));
    let ends = told.clone();
    let config = config().observer(move |event: &Event<'_>| {
        if let Event::GaveUp { failure, .. } = event {
            ends.lock().unwrap().push(failure.stopped());
        }
    });
    let failure = Failure::new(FailureKind::TimeoutTotal).with_stopped(StopReason::Deadline);
    let outcomes = vec![Err(BoxError::from(failure))];
    let result = call(config.build().unwrap(), get(), outcomes).await;
    assert!(result.is_err());
    assert_eq!(*told.lock().unwrap(), [Some(StopReason::Deadline)]);
}

#[tokio::test(start_paused = true)]
async fn the_observer_is_told_what_happens_and_nothing_else() {
    use buttress_core::observe::Event;
    use std::sync::{Arc, Mutex};
    let notes = Arc::new(Mutex::new(Vec::new()));
    let writer = notes.clone();
    let config = config()
        .observer(move |event: &Event<'_>| {
            writer.lock().unwrap().push(match *event {
                Event::Again {
                    failure,
                    resend_count,
                    wait,
                    ..
                } => format!("again {resend_count} {} {wait:?}", failure.kind()),
                Event::Recovered { resend_count, .. } => format!("recovered {resend_count}"),
                Event::GaveUp {
                    failure,
                    resend_count,
                    ..
                } => format!("gave up {resend_count} {:?}", failure.stopped().unwrap()),
                _ => String::new(),
            });
        })
        .build()
        .unwrap();
    for (outcomes, expected) in [
        (vec![Ok(status(200))], &[][..]),
        (vec![Ok(status(404))], &[]),
        (
            vec![Ok(status(503)), Err(reset()), Ok(status(200))],
            &[
                "again 1 overloaded 1s",
                "again 2 connection_reset 1s",
                "recovered 2",
            ],
        ),
        (
            vec![Err(refused()), Err(reset()), Err(reset())],
            &[
                "again 1 connection_refused 0ns",
                "again 2 connection_reset 1s",
                "gave up 2 Attempts",
            ],
        ),
    ] {
        let _ = call(config.clone(), get(), outcomes).await;
        assert_eq!(*notes.lock().unwrap(), expected);
        notes.lock().unwrap().clear();
    }
}

#[tokio::test(start_paused = true)]
async fn what_any_attempt_may_have_done_the_last_one_tells() {
    for (outcomes, delivery) in [
        ([refused(), refused(), refused()], Delivery::NotSent),
        ([refused(), reset(), refused()], Delivery::Unknown),
        ([reset(), refused(), refused()], Delivery::Unknown),
    ] {
        let outcomes = outcomes.map(Err).into();
        let failure = call(config().build().unwrap(), get(), outcomes).await;
        assert_eq!(failure.unwrap_err().delivery(), delivery);
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_stays_bad_tells_of_the_attempts_before_it() {
    let outcomes = vec![Ok(status(503)), Ok(status(404))];
    let response = call(config().build().unwrap(), get(), outcomes).await;
    let failure = Failure::of(response.unwrap().extensions())
        .cloned()
        .unwrap();
    assert_eq!(failure.stopped(), Some(StopReason::NotTransient));
    assert_eq!(failure.history().len(), 1);
}

/// What a layer below found stays, unless tries were spent since.
#[tokio::test(start_paused = true)]
async fn the_reason_from_below_is_told_unless_this_layer_spent_its_tries() {
    let stopped = |reason| -> BoxError {
        let failure = Failure::new(FailureKind::ConnectionReset);
        failure.with_stopped(reason).into()
    };
    let below = StopReason::BodyNotReplayable;
    let outcomes = |times| (0..times).map(|_| Err(stopped(below))).collect();
    for (request, times, expected) in [(post(), 1, below), (get(), 3, StopReason::Attempts)] {
        let config = config().build().unwrap();
        let failure = call(config, request, outcomes(times)).await.unwrap_err();
        assert_eq!(failure.stopped(), Some(expected));
    }
}
