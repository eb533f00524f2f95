//! Bodies that are slow, or silent but for comments.

use super::*;
use buttress::timeout::{MinRate, Progress};
use http_body_util::BodyExt;

/// What a body under this limit comes to.
async fn end_of(limit: TimeoutConfig, body: ScriptedBody) -> String {
    let inner = ScriptedService::<NoBody>::new([Step::ok(body)]);
    let service = TimeoutLayer::new(limit).layer(inner);
    let response = service.oneshot(get("http://example.com/")).await.unwrap();
    let collected = collect(response.into_body()).await;
    match collected.error {
        None => "whole".to_owned(),
        Some(error) => Failure::from(error).kind().code().to_owned(),
    }
}

/// The least is 1,000 bytes in 10 s.
#[tokio::test(start_paused = true)]
async fn a_body_must_keep_up_with_the_rate() {
    let ms = Duration::from_millis;
    let body = |pieces: u32, bytes: usize, apart: Duration| {
        (0..pieces).fold(ScriptedBody::new(), |body, _| {
            body.data(vec![b'x'; bytes]).wait(apart)
        })
    };
    let rate = || {
        let config = TimeoutConfig::builder().min_rate(1_000, 10 * SECOND);
        config.build().unwrap()
    };
    // The pieces of the body, and how it ends when.
    for (name, script, end, after) in [
        (
            "exactly the rate",
            body(100, 100, SECOND),
            "whole",
            100 * SECOND,
        ),
        (
            "the same in large pieces",
            body(20, 500, 5 * SECOND),
            "whole",
            100 * SECOND,
        ),
        (
            "the same in tiny pieces",
            body(1_000, 1, ms(10)),
            "whole",
            10 * SECOND,
        ),
        (
            "half the rate",
            body(100, 50, SECOND),
            "timeout_rate",
            ms(19_500),
        ),
        (
            "a tenth of it",
            body(100, 10, SECOND),
            "timeout_rate",
            ms(11_100),
        ),
        (
            "one piece and no more",
            body(1, 9_999, 3600 * SECOND),
            "timeout_rate",
            10 * SECOND,
        ),
        (
            "just in time",
            body(1, 9_999, ms(9_999)),
            "whole",
            ms(9_999),
        ),
        (
            "nothing at all",
            ScriptedBody::new(),
            "whole",
            Duration::ZERO,
        ),
        // Until it has begun it is not slow.
        (
            "late, then fast",
            ScriptedBody::new()
                .wait(3600 * SECOND)
                .data(vec![b'x'; 10_000]),
            "whole",
            3600 * SECOND,
        ),
        // Being ahead is not saved up.
        (
            "a megabyte, then nothing",
            ScriptedBody::new()
                .data(vec![b'x'; 1 << 20])
                .wait(SECOND)
                .data("x")
                .hang(),
            "timeout_rate",
            ms(10_010),
        ),
        // Empty frames and trailers bring nothing.
        (
            "empty frames",
            body(100, 0, SECOND),
            "timeout_rate",
            10 * SECOND,
        ),
        // All that was announced has come: what it still waits for is no data.
        (
            "slow to end",
            ScriptedBody::new()
                .data("all of it")
                .wait(60 * SECOND)
                .exact(),
            "whole",
            60 * SECOND,
        ),
    ] {
        let start = now();
        assert_eq!(end_of(rate(), script).await, end, "{name}");
        assert_eq!(now() - start, after, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_stricter_one_of_silence_and_rate_ends_a_body() {
    let limits = |idle: u32| {
        let config = TimeoutConfig::builder()
            .idle(idle * SECOND)
            .min_rate(1_000, 10 * SECOND);
        config.build().unwrap()
    };
    let stalled = || ScriptedBody::new().data("x").hang();
    assert_eq!(end_of(limits(9), stalled()).await, "timeout_idle");
    assert_eq!(end_of(limits(11), stalled()).await, "timeout_rate");
    // Each of these silences is short enough; together they bring too little.
    let slow = (0..60).fold(ScriptedBody::new(), |body, _| body.data("x").wait(SECOND));
    assert_eq!(end_of(limits(2), slow).await, "timeout_rate");
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_too_slow_tells_how_slow_it_was() {
    let rate = TimeoutConfig::builder().min_rate(1_000, 10 * SECOND);
    let inner = ScriptedService::<NoBody>::new([Step::ok(ScriptedBody::new().data("abc").hang())]);
    let service = TimeoutLayer::new(rate.build().unwrap()).layer(inner.clone());
    let response = service.oneshot(get("http://example.com/")).await.unwrap();
    let failure = Failure::from(collect(response.into_body()).await.error.unwrap());
    assert_eq!(failure.delivery(), Delivery::Partial { bytes: 3 });
    assert_eq!(failure.phase(), Phase::Body);
    assert_eq!(failure.limit().unwrap().limit, 10 * SECOND);
    let least = failure.details().get::<MinRate>().unwrap();
    assert_eq!((least.bytes(), least.per()), (1_000, 10 * SECOND));
    assert_eq!(inner.bodies_alive(), 0);
}

/// A consumer that is slow is not blamed on the body.
#[tokio::test(start_paused = true)]
async fn only_time_in_which_the_consumer_waits_counts_against_the_rate() {
    let rate = TimeoutConfig::builder().min_rate(1_000, 10 * SECOND);
    let script = (0..50).fold(ScriptedBody::new(), |body, _| body.data("x").yields());
    let inner = ScriptedService::<NoBody>::new([Step::ok(script)]);
    let service = TimeoutLayer::new(rate.build().unwrap()).layer(inner);
    let response = service.oneshot(get("http://example.com/")).await.unwrap();
    let mut body = response.into_body();
    let mut frames = 0;
    while let Some(frame) = body.frame().await {
        assert!(frame.is_ok(), "after {frames}: {frame:?}");
        frames += 1;
        tokio::time::advance(60 * SECOND).await;
    }
    assert_eq!(frames, 50);
}

#[tokio::test(start_paused = true)]
async fn comments_do_not_end_a_silence_where_events_are_asked_for() {
    let limit = |progress| {
        let config = TimeoutConfig::builder()
            .idle(10 * SECOND)
            .progress(progress);
        config.build().unwrap()
    };
    let stream = || {
        let mut body = ScriptedBody::new().data("data: a\n\n");
        for _ in 0..5 {
            body = body.wait(4 * SECOND).data(": still here\n\n");
        }
        body.data("data: b\n\n")
    };
    assert_eq!(end_of(limit(Progress::EveryFrame), stream()).await, "whole");
    assert_eq!(
        end_of(limit(Progress::Events), stream()).await,
        "timeout_idle"
    );
    let busy = (0..5).fold(ScriptedBody::new(), |body, _| {
        body.data("data: a\n\n")
            .wait(4 * SECOND)
            .data(": x\n\n")
            .wait(4 * SECOND)
    });
    assert_eq!(end_of(limit(Progress::Events), busy).await, "whole");
}
