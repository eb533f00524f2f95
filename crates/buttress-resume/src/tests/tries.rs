//! How often a body is opened again, and what ends that.

use super::*;
use buttress_core::Jitter;

#[tokio::test(start_paused = true)]
async fn goes_on_as_often_as_it_makes_progress_in_all() {
    let inner = Inner::new([
        first(reset),
        Step::io(io::ErrorKind::ConnectionRefused),
        Step::status(503),
        // A part that ends early and well: the rest is asked for.
        part(400, 700),
        part(700, 1000),
    ]);
    let collected = run(&inner, get()).await;
    // Three tries without 64 KiB of progress are allowed here, and the fourth is one too many.
    let failure = failure(collected);
    assert_eq!(failure.stopped(), Some(StopReason::NoProgress));
    assert_eq!(failure.delivery(), Delivery::Partial { bytes: 700 });
    let entries = failure.history().entries();
    assert_eq!(entries.len(), 3);
    assert!(entries.iter().all(|entry| entry.action == Action::Resumed));
    assert_eq!(entries[1].kind, FailureKind::ConnectionRefused);
    assert_eq!(entries[2].kind, FailureKind::Overloaded);
}

#[tokio::test(start_paused = true)]
async fn progress_starts_the_count_afresh() {
    let content = Content::new(7, 1, 1 << 20);
    let step = 64 << 10;
    let inner = Inner::new([]).then(move |parts: &Parts| {
        let from = parts.headers.get("range").map_or(0, |range| {
            let range = range.to_str().unwrap();
            range["bytes=".len()..range.len() - 1].parse().unwrap()
        });
        let to = (from + step).min(1 << 20);
        let body = reset(ScriptedBody::new().data(content.bytes(from..to)));
        let mut response = Response::new(body);
        if from > 0 {
            *response.status_mut() = http::StatusCode::PARTIAL_CONTENT;
        }
        Step::respond(response)
            .header("etag", "\"v1\"")
            .header("content-length", format!("{}", (1 << 20) - from))
            .header(
                "content-range",
                format!("bytes {from}-{}/1048576", (1 << 20) - 1),
            )
    });
    let collected = run(&inner, get()).await;
    assert_eq!(collected.end(), "clean end");
    assert_eq!(collected.bytes, content.whole());
    assert_eq!(inner.calls().len(), 16);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_asks_for_too_long_a_wait_ends_it() {
    let inner = Inner::new([first(reset), Step::status(503).header("retry-after", "61")]);
    let failure = failure(run(&inner, get()).await);
    assert_eq!(failure.stopped(), Some(StopReason::HintTooLong));
    assert_eq!(failure.hint().and_then(Hint::after), Some(61 * SECOND));

    let start = now();
    let inner = Inner::new([
        first(reset),
        Step::status(503).header("retry-after", "60"),
        part(400, 1000),
    ]);
    assert_eq!(run(&inner, get()).await.end(), "clean end");
    assert_eq!(now() - start, 61 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn tries_that_were_spent_below_are_not_multiplied() {
    let stopped = |reason| {
        let failure = Failure::new(FailureKind::ConnectionReset).with_stopped(reason);
        Inner::new([first(reset), Step::fail(failure), part(400, 1000)])
    };
    let failure = failure(run(&stopped(StopReason::Attempts), get()).await);
    assert_eq!(failure.stopped(), Some(StopReason::Attempts));
    // Below there was no consent to a further one.
    let inner = stopped(StopReason::NotRepeatable);
    assert_eq!(run(&inner, get()).await.end(), "clean end");
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_ends_with_a_no_is_the_last_one() {
    for (wanted, stopped) in [(true, None), (false, Some(StopReason::ServerSaidNo))] {
        let said = Failure::new(FailureKind::Overloaded).with_hint(Hint::with_retry(wanted));
        let inner = Inner::new([first(|body| body.fail(said)), part(400, 1000)]);
        let error = run(&inner, get()).await.error;
        let found = error.and_then(|error| Failure::from(error).stopped());
        assert_eq!(found, stopped, "{wanted}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_try_that_fails_for_good_is_the_last_one() {
    let untrusted = Step::fail(Failure::new(FailureKind::TlsUntrusted));
    let failure = failure(run(&Inner::new([first(reset), untrusted]), get()).await);
    assert_eq!(failure.kind(), FailureKind::TlsUntrusted);
    assert_eq!(failure.stopped(), Some(StopReason::NotTransient));
}

#[tokio::test(start_paused = true)]
async fn a_failure_of_this_side_is_none_of_the_connection() {
    let end = |body: ScriptedBody| body.fail(Failure::new(FailureKind::TimeoutTotal));
    let failure = failure(run(&Inner::new([first(end)]), get()).await);
    assert_eq!(failure.kind(), FailureKind::TimeoutTotal);
}

/// Bytes `from` to `to` of a content of a mebibyte, and then a reset.
fn torn(content: Content, from: u64, to: u64) -> Step<Empty1> {
    mebibyte(
        from,
        reset(ScriptedBody::new().data(content.bytes(from..to))),
    )
}

/// A content of a mebibyte from here on.
fn part_of(content: Content, from: u64) -> Step<Empty1> {
    mebibyte(from, ScriptedBody::new().data(content.bytes(from..1 << 20)))
}

fn mebibyte(from: u64, body: ScriptedBody) -> Step<Empty1> {
    let mut response = Response::new(body);
    if from > 0 {
        *response.status_mut() = http::StatusCode::PARTIAL_CONTENT;
    }
    Step::respond(response)
        .header("etag", "\"v1\"")
        .header("content-length", ((1 << 20) - from).to_string())
        .header("content-range", format!("bytes {from}-1048575/1048576"))
}

/// 64 KiB start the count afresh, over however many connections they come. Three tries are allowed
/// here: with the connection before them, four steps count together.
#[tokio::test(start_paused = true)]
async fn small_steps_are_progress_together() {
    let content = Content::new(7, 1, 1 << 20);
    for (step, steps, all) in [(16 << 10, 4, true), ((16 << 10) - 1, 4, false)] {
        let torn = (0..steps).map(|n| torn(content, n * step, (n + 1) * step));
        let rest = part_of(content, steps * step);
        let inner = Inner::new(torn.chain([rest]));
        let collected = run(&inner, get()).await;
        if all {
            assert_eq!(collected.end(), "clean end");
            assert!(collected.bytes == content.whole());
            continue;
        }
        let failure = failure(collected);
        assert_eq!(failure.stopped(), Some(StopReason::NoProgress));
        assert_eq!(failure.delivery(), Delivery::Partial { bytes: 4 * step });
    }
}

/// What brought 64 KiB is not counted again with the small steps behind it.
#[tokio::test(start_paused = true)]
async fn behind_progress_small_steps_are_counted_from_there() {
    let content = Content::new(7, 1, 1 << 20);
    let ends = [64, 65, 66, 67].map(|kib| kib << 10);
    let begins = [0, ends[0], ends[1], ends[2]];
    let inner = Inner::new(
        begins
            .iter()
            .zip(ends)
            .map(|(from, to)| torn(content, *from, to)),
    );
    let failure = failure(run(&inner, get()).await);
    assert_eq!(failure.stopped(), Some(StopReason::NoProgress));
    assert_eq!(failure.delivery(), Delivery::Partial { bytes: ends[3] });
}

#[tokio::test(start_paused = true)]
async fn progress_starts_the_waits_afresh() {
    let content = Content::new(7, 1, 1 << 20);
    let [one, two, many] = [1 << 10, 2 << 10, 66 << 10];
    let inner = Inner::new([
        torn(content, 0, one),
        torn(content, one, two),
        torn(content, two, many),
        part_of(content, many),
    ]);
    let backoff = Backoff::exponential(SECOND, 8 * SECOND).unwrap();
    let config = ResumeConfig::builder().backoff(backoff.jitter(Jitter::None));
    let mut request = get();
    request.extensions_mut().insert(config.build().unwrap());
    let start = now();
    assert_eq!(run(&inner, request).await.end(), "clean end");
    assert_eq!(now() - start, (1 + 2 + 1) * SECOND);
}

/// A part that ends where it said, and brought 64 KiB, is followed at once.
#[tokio::test(start_paused = true)]
async fn the_next_part_is_waited_for_unless_the_last_one_was_whole_and_long() {
    let content = Content::new(7, 1, 1 << 20);
    let kib = 1 << 10;
    let clean: fn(ScriptedBody) -> ScriptedBody = |body| body;
    // How long each part says it is, and is, and how it ends.
    for (parts, end, waits) in [
        (&[(64 * kib, 64 * kib)][..], clean, 1),
        (&[(64 * kib, 64 * kib)], reset, 2),
        (&[(64 * kib - 1, 64 * kib - 1)], clean, 2),
        (&[(128 * kib, 64 * kib)], clean, 2),
        (&[(64 * kib, 64 * kib), (kib, kib)], clean, 2),
        (&[(64 * kib, 64 * kib), (64 * kib, 64 * kib)], clean, 1),
    ] {
        let mut at = 64 * kib;
        let mut steps = vec![torn(content, 0, at)];
        for (said, came) in parts {
            let body = ScriptedBody::new().data(content.bytes(at..at + came));
            let mut response = Response::new(end(body));
            *response.status_mut() = http::StatusCode::PARTIAL_CONTENT;
            let place = format!("bytes {at}-{}/1048576", at + said - 1);
            let step = Step::respond(response).header("etag", "\"v1\"");
            steps.push(step.header("content-range", place));
            at += came;
        }
        steps.push(part_of(content, at));
        let start = now();
        let collected = run(&Inner::new(steps), get()).await;
        assert_eq!(collected.end(), "clean end", "{parts:?}");
        assert!(collected.bytes == content.whole());
        assert_eq!(now() - start, waits * SECOND, "{parts:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn there_are_no_more_tries_than_in_all_whatever_the_progress() {
    let content = Content::new(7, 1, 1 << 20);
    let step = 64 << 10;
    for total in 1..4 {
        let inner = Inner::new((0..=total).map(|n| torn(content, n * step, (n + 1) * step)));
        let all = config().to_builder().total(total as u32).build().unwrap();
        let mut request = get();
        request.extensions_mut().insert(all);
        let failure = failure(run(&inner, request).await);
        assert_eq!(failure.stopped(), Some(StopReason::Attempts));
        assert_eq!(inner.calls().len() as u64, 1 + total);
    }
}
