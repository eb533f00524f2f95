//! What proves that a continuation fits, beside a strong entity tag.

use super::*;
use crate::{ResumePlan, ResumeReport};

async fn run_with(config: &ResumeConfig, inner: &Inner, request: Req) -> (Collected, ResumeReport) {
    let config = config.to_builder().report(true).build().unwrap();
    let service = ResumeLayer::new(config).layer(inner.clone());
    let response = service.oneshot(request).await.expect("a head");
    let report = ResumeReport::of(response.extensions()).cloned();
    let collected = collect(response.into_body()).await;
    assert_eq!(collected.lies, []);
    assert_eq!((inner.in_flight(), inner.bodies_alive()), (0, 0));
    (collected, report.expect("a plan"))
}

fn builder() -> crate::ResumeConfigBuilder {
    ResumeConfig::builder()
        .tries(3)
        .backoff(Backoff::constant(SECOND))
}

/// The first 400 bytes without a tag, then a reset.
fn untagged() -> Step<Empty1> {
    Step::ok(reset(ScriptedBody::new().data(CONTENT.bytes(0..400))))
        .header("content-length", "1000")
}

/// These bytes of this content as a 206.
fn part_of(content: Content, from: u64, to: u64) -> Step<Empty1> {
    let mut response = Response::new(ScriptedBody::new().data(content.bytes(from..to)));
    *response.status_mut() = http::StatusCode::PARTIAL_CONTENT;
    Step::respond(response).header("content-range", format!("bytes {from}-{}/1000", to - 1))
}

fn whole(content: Content) -> Step<Empty1> {
    let whole = content.whole();
    let body = ScriptedBody::new()
        .data(whole.slice(..123))
        .data(whole.slice(123..500))
        .data(whole.slice(500..));
    Step::ok(body).header("content-length", "1000")
}

const MODIFIED: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

#[tokio::test(start_paused = true)]
async fn a_date_that_is_strong_is_proof_enough() {
    let inner = Inner::new([
        untagged()
            .header("last-modified", MODIFIED)
            .header("date", "Sun, 06 Nov 1994 08:49:38 GMT"),
        part_of(CONTENT, 400, 1000).header("last-modified", MODIFIED),
    ]);
    let (collected, report) = run_with(&config(), &inner, get()).await;
    assert_eq!(collected.bytes, CONTENT.whole());
    let headers = &inner.calls()[1].parts.headers;
    assert_eq!(headers["if-range"], MODIFIED);
    assert_eq!(headers["range"], "bytes=400-");
    assert_eq!(report.plan(), ResumePlan::Range);
}

#[tokio::test(start_paused = true)]
async fn an_overlap_is_compared_and_left_out() {
    let config = builder().overlap(100).build().unwrap();
    let tagged = |step: Step<Empty1>| step.header("etag", "\"v1\"");
    let inner = Inner::new([first(reset), tagged(part_of(CONTENT, 300, 1000))]);
    let (collected, report) = run_with(&config, &inner, get()).await;
    assert_eq!(collected.end(), "clean end");
    assert_eq!(collected.bytes, CONTENT.whole());
    assert_eq!(inner.calls()[1].parts.headers["range"], "bytes=300-");
    assert_eq!((report.reopened(), report.reread()), (1, 100));

    // A tag that was kept although the file is another one.
    let other = CONTENT.with_version(2);
    for lying in [tagged(part_of(other, 300, 1000)), tagged(whole(other))] {
        let inner = Inner::new([first(reset), lying]);
        let (collected, _) = run_with(&config, &inner, get()).await;
        assert_eq!(collected.bytes, CONTENT.bytes(0..400));
        let failure = failure(collected);
        assert_eq!(failure.kind(), FailureKind::RepresentationChanged);
        assert_eq!(failure.stopped(), Some(StopReason::NotResumable));
    }
}

#[tokio::test(start_paused = true)]
async fn an_overlap_longer_than_what_was_delivered_is_all_of_it() {
    let config = builder().overlap(10_000).build().unwrap();
    let inner = Inner::new([
        first(reset),
        // Cut within the overlap, and then right at its end: nothing new, nothing twice.
        {
            let mut response =
                Response::new(reset(ScriptedBody::new().data(CONTENT.bytes(0..150))));
            *response.status_mut() = http::StatusCode::PARTIAL_CONTENT;
            Step::respond(response)
                .header("etag", "\"v1\"")
                .header("content-range", "bytes 0-999/1000")
        },
        part_of(CONTENT, 0, 400).header("etag", "\"v1\""),
        part_of(CONTENT, 0, 1000).header("etag", "\"v1\""),
    ]);
    let (collected, report) = run_with(&config, &inner, get()).await;
    assert_eq!(collected.end(), "clean end");
    assert_eq!(collected.bytes, CONTENT.whole());
    assert_eq!((report.reopened(), report.reread()), (3, 950));
}

#[tokio::test(start_paused = true)]
async fn without_a_validator_the_overlap_alone_is_proof_if_it_may_be() {
    let config = builder().overlap(50).overlap_alone(true).build().unwrap();
    let inner = Inner::new([untagged(), part_of(CONTENT, 350, 1000)]);
    let (collected, _) = run_with(&config, &inner, get()).await;
    assert_eq!(collected.bytes, CONTENT.whole());
    assert!(inner.calls()[1].parts.headers.get("if-range").is_none());

    let other = CONTENT.with_version(2);
    let inner = Inner::new([untagged(), part_of(other, 350, 1000)]);
    let (collected, _) = run_with(&config, &inner, get()).await;
    assert_eq!(
        failure(collected).kind(),
        FailureKind::RepresentationChanged
    );
}

#[tokio::test(start_paused = true)]
async fn the_same_request_again_is_compared_byte_by_byte() {
    let config = builder().prefix_replay(true).build().unwrap();
    for trailers in [false, true] {
        let mut body = ScriptedBody::new().data(CONTENT.whole());
        if trailers {
            body = body.trailers(HeaderMap::new());
        }
        let inner = Inner::new([
            Step::ok(reset(ScriptedBody::new().data(CONTENT.bytes(0..400)))),
            Step::ok(reset(ScriptedBody::new().data(CONTENT.bytes(0..399)))),
            Step::ok(reset(
                ScriptedBody::new()
                    .data(CONTENT.bytes(0..7))
                    .data(CONTENT.bytes(7..600)),
            )),
            Step::ok(body),
        ]);
        let (collected, report) = run_with(&config, &inner, get()).await;
        assert_eq!(collected.end(), "clean end");
        assert_eq!(collected.bytes, CONTENT.whole());
        for call in &inner.calls()[1..] {
            assert!(call.parts.headers.get("range").is_none());
            assert!(call.parts.headers.get("if-range").is_none());
        }
        assert_eq!(report.plan(), ResumePlan::Prefix);
        assert_eq!((report.reopened(), report.reread()), (3, 399 + 400 + 600));
        assert_eq!(report.history().len(), 3);
    }
}

#[tokio::test(start_paused = true)]
async fn a_prefix_that_differs_is_never_joined() {
    let config = builder().prefix_replay(true).build().unwrap();
    let mut flipped = CONTENT.whole().to_vec();
    flipped[399] ^= 1;
    for lying in [
        whole(CONTENT.with_version(2)),
        Step::ok(ScriptedBody::new().data(flipped)).header("content-length", "1000"),
        // Shorter than what was delivered.
        Step::ok(ScriptedBody::new().data(CONTENT.bytes(0..300))),
    ] {
        let steps = [untagged(), lying, Step::status(404)];
        let (collected, _) = run_with(&config, &Inner::new(steps), get()).await;
        assert_eq!(collected.bytes, CONTENT.bytes(0..400));
        assert!(failure(collected).stopped().is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn a_prefix_that_is_too_long_is_not_read_again() {
    let most = |bytes| builder().prefix_replay(true).max_reread(bytes);
    let inner = Inner::new([untagged()]);
    let (collected, _) = run_with(&most(399).build().unwrap(), &inner, get()).await;
    let failure = failure(collected);
    assert_eq!(failure.kind(), FailureKind::ConnectionReset);
    assert_eq!(failure.stopped(), Some(StopReason::NotResumable));
    assert_eq!(inner.calls().len(), 1);

    let inner = Inner::new([untagged(), whole(CONTENT)]);
    let (collected, _) = run_with(&most(400).build().unwrap(), &inner, get()).await;
    assert_eq!(collected.end(), "clean end");
}

/// Nobody said a length: where it ends well is its end, but not before it has come to something new.
#[tokio::test(start_paused = true)]
async fn an_answer_that_ends_well_within_what_was_delivered_is_no_end() {
    let config = builder().prefix_replay(true).build().unwrap();
    let answer = |to| ScriptedBody::new().data(CONTENT.bytes(0..to));
    let inner = Inner::new([
        Step::ok(reset(answer(400))),
        Step::ok(answer(300)),
        Step::ok(answer(1000)),
    ]);
    let (collected, report) = run_with(&config, &inner, get()).await;
    assert_eq!(collected.end(), "clean end");
    assert!(collected.bytes == CONTENT.whole());
    assert_eq!((report.reopened(), report.reread()), (2, 300 + 400));
}

#[tokio::test(start_paused = true)]
async fn a_first_answer_without_a_length_is_whole_where_it_ends_well() {
    let config = builder().overlap(100).build().unwrap();
    let body = ScriptedBody::new().data(CONTENT.whole());
    let inner = Inner::new([Step::ok(body).header("etag", "\"v1\"")]);
    let (collected, report) = run_with(&config, &inner, get()).await;
    assert_eq!(collected.end(), "clean end");
    assert_eq!(report.reopened(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_post_is_sent_again_only_with_consent_and_a_key() {
    let config = builder()
        .prefix_replay(true)
        .any_method(true)
        .build()
        .unwrap();
    let post = |key: bool| {
        let mut request = get();
        *request.method_mut() = Method::POST;
        if key {
            let value = http::HeaderValue::from_static("7f3c");
            request.headers_mut().insert("idempotency-key", value);
        }
        request
    };
    let inner = Inner::new([untagged(), whole(CONTENT)]);
    let (collected, _) = run_with(&config, &inner, post(true)).await;
    assert_eq!(collected.bytes, CONTENT.whole());
    assert_eq!(inner.calls()[1].parts.method, Method::POST);
    assert_eq!(inner.calls()[1].parts.headers["idempotency-key"], "7f3c");

    let inner = Inner::new([untagged()]);
    let config = config.to_builder().report(true).build().unwrap();
    let service = ResumeLayer::new(config).layer(inner.clone());
    let response = service.oneshot(post(false)).await.unwrap();
    assert!(ResumeReport::of(response.extensions()).is_none());
    let failure = failure(collect(response.into_body()).await);
    assert_eq!(failure.stopped(), Some(StopReason::NotResumable));
}

#[tokio::test(start_paused = true)]
async fn parts_shorter_than_asked_are_followed_by_the_next_without_a_wait() {
    const LONG: Content = Content::new(7, 1, 10 << 20);
    let step = 100_000;
    // More parts than tries are allowed over all.
    let config = builder().total(3).build().unwrap();
    let serve = move |length_known: bool| {
        Inner::new([]).then(move |parts: &Parts| {
            let from = parts.headers.get("range").map_or(0, |range| {
                let range = range.to_str().unwrap();
                range["bytes=".len()..range.len() - 1].parse().unwrap()
            });
            if from >= LONG.len {
                return Step::status(416).header("content-range", format!("bytes */{}", LONG.len));
            }
            let to = (from + step).min(LONG.len);
            let body = ScriptedBody::new().data(LONG.bytes(from..to));
            if from == 0 {
                return Step::ok(reset(body)).header("etag", "\"v1\"");
            }
            let all = if length_known {
                LONG.len.to_string()
            } else {
                "*".to_owned()
            };
            let mut response = Response::new(body);
            *response.status_mut() = http::StatusCode::PARTIAL_CONTENT;
            Step::respond(response)
                .header("etag", "\"v1\"")
                .header("content-length", (to - from).to_string())
                .header("content-range", format!("bytes {from}-{}/{all}", to - 1))
        })
    };
    for length_known in [true, false] {
        let inner = serve(length_known);
        let start = now();
        let (collected, report) = run_with(&config, &inner, get()).await;
        assert_eq!(collected.end(), "clean end");
        assert_eq!(collected.bytes, LONG.whole());
        // One wait after the reset, one before the request that meets the end of an unknown length.
        assert!(now() - start <= 2 * SECOND);
        assert!(report.reopened() >= 104);
    }
}

#[tokio::test(start_paused = true)]
async fn a_part_longer_than_it_says_is_not_delivered() {
    let mut response = Response::new(
        ScriptedBody::new()
            .data(CONTENT.bytes(400..500))
            .data(CONTENT.bytes(500..600)),
    );
    *response.status_mut() = http::StatusCode::PARTIAL_CONTENT;
    let step = Step::respond(response)
        .header("etag", "\"v1\"")
        .header("content-length", "150")
        .header("content-range", "bytes 400-549/*");
    let open = Step::ok(reset(ScriptedBody::new().data(CONTENT.bytes(0..400))));
    let inner = Inner::new([open.header("etag", "\"v1\""), step]);
    let (collected, _) = run_with(&config(), &inner, get()).await;
    assert_eq!(collected.bytes, CONTENT.bytes(0..500));
    let failure = failure(collected);
    assert_eq!(failure.kind(), FailureKind::Protocol);
    assert!(!failure.is_transient());
}

#[tokio::test(start_paused = true)]
async fn a_refused_request_is_sent_again_at_once_and_once() {
    let refused =
        || Step::fail(Failure::new(FailureKind::ConnectionClosed).with_delivery(Delivery::Refused));
    let start = now();
    let inner = Inner::new([first(reset), refused(), part(400, 1000)]);
    let (collected, report) = run_with(&config(), &inner, get()).await;
    assert_eq!(collected.bytes, CONTENT.whole());
    assert_eq!(now() - start, SECOND);
    assert_eq!(report.reopened(), 2);

    // Again and again, every other one waits and counts.
    let inner = Inner::new([]).then(move |parts: &Parts| {
        if parts.headers.get("range").is_none() {
            return first(reset);
        }
        Step::fail(Failure::new(FailureKind::ConnectionClosed).with_delivery(Delivery::Refused))
    });
    let (collected, _) = run_with(&config(), &inner, get()).await;
    assert_eq!(failure(collected).stopped(), Some(StopReason::NoProgress));
    assert_eq!(inner.calls().len(), 1 + 1 + 2 * 2 + 1);
}

#[tokio::test(start_paused = true)]
async fn only_a_body_with_a_plan_has_a_report() {
    let table: [(fn() -> Step<_>, _); 4] = [
        (|| Step::ok("whole"), None),
        (
            || Step::ok("whole").header("etag", "\"v1\""),
            Some(ResumePlan::Range),
        ),
        (|| stream(ScriptedBody::new()), Some(ResumePlan::Events)),
        (|| Step::status(503), None),
    ];
    for (step, expected) in table {
        // Unless it is asked for, nothing is put there.
        for wanted in [true, false] {
            let config = config().to_builder().report(wanted).build().unwrap();
            let service = ResumeLayer::new(config).layer(Inner::new([step()]));
            let response = service.oneshot(get()).await.unwrap();
            let plan = ResumeReport::of(response.extensions()).map(ResumeReport::plan);
            assert_eq!(plan, expected.filter(|_| wanted));
            assert_eq!(response.extensions().is_empty(), plan.is_none());
        }
    }
}

/// The first answer did not say how long it is; the second does, and ends well before that, as one
/// does that is reset with `NO_ERROR`.
#[tokio::test(start_paused = true)]
async fn a_length_that_only_the_second_answer_has_is_held_to() {
    let config = builder().prefix_replay(true).build().unwrap();
    let short = Step::ok(ScriptedBody::new().data(CONTENT.bytes(0..700)));
    let inner = Inner::new([
        Step::ok(reset(ScriptedBody::new().data(CONTENT.bytes(0..400)))),
        short.header("content-length", "1000"),
        whole(CONTENT),
    ]);
    let (collected, report) = run_with(&config, &inner, get()).await;
    assert_eq!(collected.end(), "clean end");
    assert!(collected.bytes == CONTENT.whole());
    assert_eq!((report.reopened(), report.reread()), (2, 400 + 700));
}

#[tokio::test(start_paused = true)]
async fn a_length_that_only_the_first_answer_had_is_held_to() {
    let config = builder().prefix_replay(true).build().unwrap();
    // Less, as if there was nothing more; and more.
    let less = Step::ok(ScriptedBody::new().data(CONTENT.bytes(0..700)));
    let inner = Inner::new([untagged(), less, whole(CONTENT)]);
    let (collected, _) = run_with(&config, &inner, get()).await;
    assert_eq!(collected.end(), "clean end");
    assert!(collected.bytes == CONTENT.whole());
    let more = ScriptedBody::new().data(CONTENT.whole()).data("more");
    let inner = Inner::new([untagged(), Step::ok(more)]);
    let (collected, _) = run_with(&config, &inner, get()).await;
    assert!(collected.bytes == CONTENT.whole());
    assert_eq!(failure(collected).kind(), FailureKind::Protocol);
}
