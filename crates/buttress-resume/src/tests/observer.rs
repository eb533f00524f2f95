//! What an observer hears.

use super::*;

#[tokio::test(start_paused = true)]
async fn the_observer_is_told_what_happens_and_nothing_else() {
    use buttress_core::observe::Event;
    use std::sync::{Arc, Mutex};
    let notes = Arc::new(Mutex::new(Vec::new()));
    let writer = notes.clone();
    let config = ResumeConfig::builder()
        .tries(1)
        .backoff(Backoff::constant(SECOND))
        .observer(move |event: &Event<'_>| {
            writer.lock().unwrap().push(match *event {
                Event::Again {
                    action,
                    failure,
                    resend_count,
                    ..
                } => format!("{} {resend_count} {}", action.code(), failure.kind()),
                Event::Recovered { resend_count, .. } => format!("recovered {resend_count}"),
                Event::GaveUp { failure, .. } => {
                    format!("gave up {:?}", failure.stopped().unwrap())
                }
                _ => String::new(),
            });
        })
        .build()
        .unwrap();
    for (steps, expected) in [
        (vec![Step::ok("whole")], &[][..]),
        (vec![stream("id: 1\ndata: a\n\n".into())], &[]),
        (
            vec![first(reset), part(400, 1000)],
            &["resumed 1 connection_reset", "recovered 1"],
        ),
        (
            vec![first(reset), Step::status(503)],
            &["resumed 1 connection_reset", "gave up NoProgress"],
        ),
        // Nothing was tried, and it failed all the same.
        (
            vec![first(|body| body.data(CONTENT.whole()))],
            &["gave up NotTransient"],
        ),
    ] {
        let service = ResumeLayer::new(config.clone()).layer(Inner::new(steps));
        let response = service.oneshot(get()).await.unwrap();
        collect(response.into_body()).await;
        assert_eq!(*notes.lock().unwrap(), expected);
        notes.lock().unwrap().clear();
    }
}
