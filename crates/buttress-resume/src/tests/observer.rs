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

/// As a server does that passes the body on under its length.
#[tokio::test(start_paused = true)]
async fn the_observer_is_told_once_also_where_nobody_reads_behind_the_last_byte() {
    use buttress_core::observe::Event;
    use http_body_util::BodyExt;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    for (reads_on, bytes, expected) in [(false, 1000, 1), (true, 1000, 1), (false, 999, 0)] {
        let told = Arc::new(AtomicU32::new(0));
        let count = told.clone();
        let config = ResumeConfig::builder()
            .backoff(Backoff::constant(SECOND))
            .observer(move |event: &Event<'_>| {
                if matches!(event, Event::Recovered { .. }) {
                    count.fetch_add(1, Ordering::Relaxed);
                }
            })
            .build()
            .unwrap();
        let inner = Inner::new([first(reset), part(400, bytes)]);
        let service = ResumeLayer::new(config).layer(inner);
        let mut body = service.oneshot(get()).await.unwrap().into_body();
        let mut read = 0;
        while read < bytes {
            let frame = body.frame().await.unwrap().unwrap();
            read += frame.into_data().unwrap().len() as u64;
        }
        if reads_on {
            assert!(body.frame().await.is_none());
        }
        drop(body);
        assert_eq!(told.load(Ordering::Relaxed), expected, "{bytes}");
    }
}
