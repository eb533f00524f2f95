//! The layer over scripted services, in paused time.

mod budget;
mod cursor;
mod deadline;
mod ends;
mod events;
mod proofs;
mod ranges;
mod service;
mod terminal;

use crate::{ResumeBody, ResumeConfig, ResumeLayer};
use buttress_core::time::now;
use buttress_core::{
    Action, Backoff, BoxError, Deadline, Delivery, Failure, FailureKind, Hint, StopReason,
};
use buttress_testkit::{
    AfterEnd, Collected, Content, Events, Readiness, ScriptedBody, ScriptedService, Step, collect,
};
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Method, Request, Response};
use http_body::Body;
use http_body_util::Empty;
use std::io;
use std::time::Duration;
use tokio_test::assert_pending;
use tower::{Layer, Service, ServiceExt};
use tower_test::mock;

type Empty1 = Empty<Bytes>;
type Req = Request<Empty1>;
type Inner = ScriptedService<Empty1>;

const SECOND: Duration = Duration::from_secs(1);
const CONTENT: Content = Content::new(7, 1, 1000);

fn config() -> ResumeConfig {
    ResumeConfig::builder()
        .tries(3)
        .backoff(Backoff::constant(SECOND))
        .build()
        .unwrap()
}

fn get() -> Req {
    Request::get("http://example.com/file")
        .header("accept", "*/*")
        .body(Empty::new())
        .unwrap()
}

async fn run(inner: &Inner, request: Req) -> Collected {
    let service = ResumeLayer::new(config()).layer(inner.clone());
    let response = service.oneshot(request).await.expect("a head");
    let collected = collect(response.into_body()).await;
    assert_eq!(collected.lies, []);
    assert_eq!(collected.after_end, AfterEnd::End);
    assert_eq!((inner.in_flight(), inner.bodies_alive()), (0, 0));
    collected
}

fn failure(collected: Collected) -> Failure {
    Failure::from(collected.error.expect("a failure"))
}

/// The first 400 bytes of the content, with a length and a tag, then this end.
fn first(end: impl FnOnce(ScriptedBody) -> ScriptedBody) -> Step<Empty1> {
    Step::ok(end(ScriptedBody::new().data(CONTENT.bytes(0..400))))
        .header("content-length", "1000")
        .header("etag", "\"v1\"")
}

fn reset(body: ScriptedBody) -> ScriptedBody {
    body.io(io::ErrorKind::ConnectionReset)
}

/// A 206 with these bytes.
fn part(from: u64, to: u64) -> Step<Empty1> {
    let mut response = Response::new(ScriptedBody::new().data(CONTENT.bytes(from..to)));
    *response.status_mut() = http::StatusCode::PARTIAL_CONTENT;
    Step::respond(response)
        .header("etag", "\"v1\"")
        .header("content-range", format!("bytes {from}-{}/1000", to - 1))
}

#[tokio::test(start_paused = true)]
async fn goes_on_where_it_stopped() {
    for end in [
        reset,
        // A clean end with bytes missing is a cut as well.
        |body: ScriptedBody| body,
        |body: ScriptedBody| body.trailers(HeaderMap::new()),
    ] {
        let inner = Inner::new([first(end), part(400, 1000)]);
        let collected = run(&inner, get()).await;
        assert_eq!(collected.end(), "clean end");
        assert_eq!(collected.bytes, CONTENT.whole());

        let again = &inner.calls()[1].parts;
        assert_eq!(again.uri, "http://example.com/file");
        assert_eq!(again.headers["accept"], "*/*");
        assert_eq!(again.headers["range"], "bytes=400-");
        assert_eq!(again.headers["if-range"], "\"v1\"");
    }
}

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
async fn another_version_is_never_joined() {
    let other = Content::new(7, 2, 1000);
    let stranger = |status: u16| {
        let mut response = Response::new(ScriptedBody::new().data(other.bytes(400..1000)));
        *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
        Step::respond(response)
            .header("etag", "\"v2\"")
            .header("content-range", "bytes 400-999/1000")
    };
    for status in [200, 206] {
        let inner = Inner::new([first(reset), stranger(status)]);
        let collected = run(&inner, get()).await;
        assert_eq!(collected.bytes, CONTENT.bytes(0..400));
        let failure = failure(collected);
        assert_eq!(failure.kind(), FailureKind::RepresentationChanged);
        assert_eq!(failure.delivery(), Delivery::Partial { bytes: 400 });
        assert_eq!(failure.stopped(), Some(StopReason::NotResumable));
    }
}

#[tokio::test(start_paused = true)]
async fn a_range_that_is_ignored_is_read_past() {
    let whole = Step::ok(
        ScriptedBody::new()
            .data(CONTENT.bytes(0..399))
            .data(CONTENT.bytes(399..1000)),
    )
    .header("etag", "\"v1\"")
    .header("content-length", "1000");
    let inner = Inner::new([first(reset), whole]);
    let collected = run(&inner, get()).await;
    assert_eq!(collected.end(), "clean end");
    assert_eq!(collected.bytes, CONTENT.whole());
}

#[tokio::test(start_paused = true)]
async fn what_broke_after_the_last_byte_is_whole() {
    let body = ScriptedBody::new()
        .data(CONTENT.whole())
        .io(io::ErrorKind::ConnectionReset);
    let step = Step::ok(body).header("content-length", "1000");
    let collected = run(&Inner::new([step]), get()).await;
    assert_eq!(collected.end(), "clean end");
    assert_eq!(collected.bytes, CONTENT.whole());
}

#[tokio::test(start_paused = true)]
async fn more_than_was_announced_is_not_delivered() {
    let body = ScriptedBody::new()
        .data(CONTENT.bytes(0..900))
        .data(CONTENT.bytes(0..200));
    let step = Step::ok(body).header("content-length", "1000");
    let collected = run(&Inner::new([step]), get()).await;
    assert_eq!(collected.bytes, CONTENT.bytes(0..900));
    assert_eq!(failure(collected).kind(), FailureKind::Protocol);
}

#[tokio::test(start_paused = true)]
async fn without_proof_a_cut_is_an_error_that_says_so() {
    let cut = || ScriptedBody::new().data(CONTENT.bytes(0..400));
    for (step, kind) in [
        (
            Step::ok(cut()).header("content-length", "1000"),
            FailureKind::StreamTruncated,
        ),
        (Step::ok(reset(cut())), FailureKind::ConnectionReset),
        (
            Step::ok(reset(cut())).header("etag", "W/\"v1\""),
            FailureKind::ConnectionReset,
        ),
    ] {
        let collected = run(&Inner::new([step]), get()).await;
        assert_eq!(collected.bytes.len(), 400);
        let failure = failure(collected);
        assert_eq!(failure.kind(), kind);
        assert_eq!(failure.stopped(), Some(StopReason::NotResumable));
        assert_eq!(failure.delivery(), Delivery::Partial { bytes: 400 });
    }
}

#[tokio::test(start_paused = true)]
async fn a_post_is_not_opened_again() {
    let inner = Inner::new([first(reset)]);
    let mut request = get();
    *request.method_mut() = Method::POST;
    let failure = failure(run(&inner, request).await);
    assert_eq!(failure.stopped(), Some(StopReason::NotResumable));
}

#[tokio::test(start_paused = true)]
async fn a_range_of_the_callers_own_keeps_its_bounds() {
    let mut response = Response::new(reset(ScriptedBody::new().data(CONTENT.bytes(100..150))));
    *response.status_mut() = http::StatusCode::PARTIAL_CONTENT;
    let step = Step::respond(response)
        .header("etag", "\"v1\"")
        .header("content-length", "100")
        .header("content-range", "bytes 100-199/1000");
    let inner = Inner::new([step, part(150, 200)]);
    let mut request = get();
    request
        .headers_mut()
        .insert("range", "bytes=100-199".parse().unwrap());
    let collected = run(&inner, request).await;
    assert_eq!(collected.end(), "clean end");
    assert_eq!(collected.bytes, CONTENT.bytes(100..200));
    let headers = &inner.calls()[1].parts.headers;
    assert_eq!(headers.get_all("range").iter().count(), 1);
    assert_eq!(headers["range"], "bytes=150-199");
}

/// Bytes 100 to 199, as far as they come before this end.
fn placed(to: u64, end: impl FnOnce(ScriptedBody) -> ScriptedBody) -> Step<Empty1> {
    let mut response = Response::new(end(ScriptedBody::new().data(CONTENT.bytes(100..to))));
    *response.status_mut() = http::StatusCode::PARTIAL_CONTENT;
    Step::respond(response)
        .header("etag", "\"v1\"")
        .header("content-range", "bytes 100-199/1000")
}

fn get_placed() -> Req {
    let mut request = get();
    let range = http::HeaderValue::from_static("bytes=100-199");
    request.headers_mut().insert("range", range);
    request
}

#[tokio::test(start_paused = true)]
async fn of_a_whole_that_comes_instead_of_a_range_no_more_goes_out_than_was_asked_for() {
    // The last piece but one ends before, at and behind the end of the range.
    for piece in [199, 100, 60, 1000] {
        for length in ["1000", ""] {
            let mut body = ScriptedBody::new();
            for from in (0..1000).step_by(piece) {
                let to = (from + piece).min(1000);
                body = body.data(CONTENT.bytes(from as u64..to as u64));
            }
            let mut whole = Step::ok(body).header("etag", "\"v1\"");
            if !length.is_empty() {
                whole = whole.header("content-length", length);
            }
            let first = placed(150, reset).header("content-length", "100");
            let inner = Inner::new([first, whole]);
            let collected = run(&inner, get_placed()).await;
            assert_eq!(collected.end(), "clean end", "{piece}");
            assert_eq!(collected.bytes, CONTENT.bytes(100..200), "{piece}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_part_without_a_length_is_as_long_as_its_place() {
    let clean = |body: ScriptedBody| body;
    let rest = || part(150, 200).header("content-length", "50");
    // A cut, however it looks; and all of it, however that looks.
    for (steps, calls) in [
        ([placed(150, clean), rest()], 2),
        ([placed(150, reset), rest()], 2),
        ([placed(200, clean), rest()], 1),
        ([placed(200, reset), rest()], 1),
    ] {
        let inner = Inner::new(steps);
        let collected = run(&inner, get_placed()).await;
        assert_eq!(collected.end(), "clean end");
        assert_eq!(collected.bytes, CONTENT.bytes(100..200));
        assert_eq!(inner.calls().len(), calls);
    }
    // Longer than its place: a decoder below counts other bytes. Then a cut is none the less one.
    let collected = run(&Inner::new([placed(260, clean)]), get_placed()).await;
    assert_eq!(collected.end(), "clean end");
    assert_eq!(collected.bytes, CONTENT.bytes(100..260));
    let collected = run(&Inner::new([placed(260, reset)]), get_placed()).await;
    let stopped = failure(collected).stopped();
    assert_eq!(stopped, Some(StopReason::NotResumable));
}

#[tokio::test(start_paused = true)]
async fn a_part_with_two_lengths_is_not_continued() {
    let inner = Inner::new([placed(150, reset).header("content-length", "90")]);
    let failure = failure(run(&inner, get_placed()).await);
    assert_eq!(failure.stopped(), Some(StopReason::NotResumable));
}

fn stream(body: ScriptedBody) -> Step<Empty1> {
    Step::ok(body).header("content-type", "text/event-stream")
}

const EVENTS: Events = Events::new(7, 1, 10);

#[tokio::test(start_paused = true)]
async fn no_try_is_begun_that_cannot_end_in_time() {
    let inner = Inner::new([first(reset)]);
    let mut request = get();
    Deadline::after(SECOND).tighten(request.extensions_mut());
    let start = now();
    let failure = failure(run(&inner, request).await);
    assert_eq!(failure.stopped(), Some(StopReason::Deadline));
    assert_eq!(now(), start);
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
    let inner = Inner::new([
        first(reset),
        Step::fail(Failure::new(FailureKind::ConnectionReset).with_stopped(StopReason::Attempts)),
    ]);
    let failure = failure(run(&inner, get()).await);
    assert_eq!(failure.stopped(), Some(StopReason::Attempts));
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

/// An answer of which a layer below says that it stands for this failure.
fn said(status: u16, body: ScriptedBody, failure: Failure) -> Step<Empty1> {
    let mut response = Response::new(body);
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
    response.extensions_mut().insert(failure);
    Step::respond(response).header("etag", "\"v1\"")
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_stands_for_a_failure_is_judged_as_that() {
    let transient = Failure::new(FailureKind::Overloaded);
    let fatal = Failure::new(FailureKind::Auth);
    let part_said = |failure: &Failure| {
        let body = ScriptedBody::new().data(CONTENT.bytes(400..1000));
        said(206, body, failure.clone()).header("content-range", "bytes 400-999/1000")
    };
    // A first one is not what was asked for.
    let body = reset(ScriptedBody::new().data(CONTENT.bytes(0..400)));
    let inner = Inner::new([said(200, body, transient.clone()).header("content-length", "1000")]);
    let stopped = failure(run(&inner, get()).await).stopped();
    assert_eq!(stopped, Some(StopReason::NotResumable));
    // Behind a further one another follows, or none.
    let inner = Inner::new([first(reset), part_said(&transient), part(400, 1000)]);
    assert_eq!(run(&inner, get()).await.bytes, CONTENT.whole());
    let collected = run(&Inner::new([first(reset), part_said(&fatal)]), get()).await;
    assert_eq!(collected.bytes, CONTENT.bytes(0..400));
    assert_eq!(failure(collected).kind(), FailureKind::Auth);
}

#[tokio::test(start_paused = true)]
async fn what_is_said_of_the_servers_own_answer_leaves_it_to_be_judged() {
    let answered = |status: http::StatusCode| {
        Failure::new(FailureKind::BadRequest).with_delivery(Delivery::Answered(status))
    };
    for (own, is_whole) in [
        (answered(http::StatusCode::RANGE_NOT_SATISFIABLE), true),
        // That is about another answer than this one.
        (answered(http::StatusCode::BAD_REQUEST), false),
        (Failure::new(FailureKind::Auth), false),
    ] {
        let all = Step::ok(reset(ScriptedBody::new().data(CONTENT.whole())));
        let over = said(416, ScriptedBody::new(), own).header("content-range", "bytes */1000");
        let inner = Inner::new([all.header("etag", "\"v1\""), over]);
        let collected = run(&inner, get()).await;
        assert_eq!(collected.end() == "clean end", is_whole);
        assert!(collected.bytes == CONTENT.whole());
    }
    let gone = said(410, ScriptedBody::new(), answered(http::StatusCode::GONE));
    let kind = failure(run(&Inner::new([first(reset), gone]), get()).await).kind();
    assert_eq!(kind, FailureKind::NotFound);
}
