use super::*;
use buttress_core::{Failure, StopReason};
use buttress_testkit::{ScriptedBody, ScriptedService, Step, collect};
use bytes::Bytes;
use http::Request;
use http_body_util::Empty;
use std::io;
use tower::ServiceExt;

type Transport = ScriptedService<Empty<Bytes>>;

const RESET: io::ErrorKind = io::ErrorKind::ConnectionReset;

/// Nothing is earned, neither by calls nor by time.
fn fixed(tokens: u32) -> RetryBudget {
    let builder = RetryBudget::builder().ratio(0.0).reserve(tokens);
    builder.min_per_second(0.0).build().unwrap()
}

fn request() -> Request<Empty<Bytes>> {
    let request = Request::get("http://example.com/");
    request.body(Empty::new()).unwrap()
}

/// One call of a service of its own over a transport whose connections break.
async fn fails(stack: &ClientLayer) -> Failure {
    let transport = Transport::new([]).then(|_| Step::io(RESET));
    let call = stack.layer(transport).oneshot(request());
    call.await.unwrap_err()
}

#[tokio::test(start_paused = true)]
async fn all_services_of_a_stack_share_its_budget() {
    let stack = ClientLayer::builder().budget(fixed(6)).build().unwrap();
    let failure = fails(&stack).await;
    assert_eq!(failure.stopped(), Some(StopReason::Attempts));
    // Of six, four were used.
    let failure = fails(&stack.clone()).await;
    assert_eq!(failure.stopped(), Some(StopReason::Budget));
    assert_eq!(failure.history().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn there_is_one_unless_it_is_taken_away() {
    let none = ClientLayer::builder().budget(None).build().unwrap();
    let default = ClientLayer::builder().build().unwrap();
    for (stack, reason) in [
        (client(), StopReason::Budget),
        (default, StopReason::Budget),
        (none, StopReason::Attempts),
    ] {
        let mut last = None;
        for _ in 0..200 {
            last = fails(&stack).await.stopped();
        }
        assert_eq!(last, Some(reason));
    }
}

#[tokio::test(start_paused = true)]
async fn retries_and_re_openings_share_it_unless_they_have_their_own() {
    for (retry_has_own, resume_has_own) in [(false, false), (true, false), (false, true)] {
        let (shared, own) = (fixed(9), fixed(9));
        let mut stack = ClientLayer::builder().budget(shared.clone());
        if retry_has_own {
            stack = stack.retry(RetryConfig::default().with_budget(own.clone()));
        }
        if resume_has_own {
            stack = stack.resume(ResumeConfig::default().with_budget(own.clone()));
        }
        // A body that breaks, a re-opening that fails, and its retries, the last of which ends well.
        let broken = ScriptedBody::new().data("half").io(RESET);
        let rest = Step::respond({
            let mut response = http::Response::new(ScriptedBody::from(" full"));
            *response.status_mut() = http::StatusCode::PARTIAL_CONTENT;
            response
        });
        let transport = Transport::new([
            Step::ok(broken)
                .header("etag", "\"v1\"")
                .header("content-length", "9"),
            Step::io(RESET),
            Step::io(RESET),
            rest.header("etag", "\"v1\"")
                .header("content-range", "bytes 4-8/9"),
        ]);
        let service = stack.build().unwrap().layer(transport);
        let response = service.oneshot(request()).await.unwrap();
        let body = collect(response.into_body()).await;
        assert_eq!(body.end(), "clean end");
        assert_eq!(body.bytes, "half full");

        // Three tokens in all: one for the re-opening, two for its retries.
        let of_retry = if retry_has_own { 0.0 } else { 2.0 };
        let of_resume = if resume_has_own { 0.0 } else { 1.0 };
        assert_eq!(shared.balance(), 9.0 - of_retry - of_resume);
        assert_eq!(own.balance(), 6.0 + of_retry + of_resume);
    }
}

#[test]
fn limits_that_nobody_set_fit_under_the_one_that_was_set() {
    let second = Duration::from_secs(1);
    let limits = |builder: ClientBuilder| {
        let attempt = builder.build().unwrap().attempt;
        (attempt.head(), attempt.idle())
    };
    for (total, expected) in [(None, 60), (Some(300), 60), (Some(60), 60), (Some(30), 30)] {
        let mut builder = ClientLayer::builder();
        if let Some(total) = total {
            builder = builder.total(total * second);
        }
        let expected = Some(expected * second);
        assert_eq!(limits(builder), (expected, expected), "{total:?}");
    }
    let own = TimeoutConfig::builder().idle(20 * second).build().unwrap();
    let builder = ClientLayer::builder().attempt(own);
    assert_eq!(
        limits(builder.clone().total(20 * second)),
        (None, Some(20 * second))
    );
    let error = builder.total(19 * second).build().unwrap_err();
    assert_eq!(
        error.to_string(),
        "`attempt.idle` is 20s, but must be at most `total` (19s)"
    );
}

#[tokio::test(start_paused = true)]
async fn a_limit_for_the_whole_call_alone_is_enough() {
    let limit = Duration::from_secs(5);
    let stack = ClientLayer::builder().total(limit).build().unwrap();
    let transport = Transport::new([]).then(|_| Step::hang());
    let start = buttress_core::time::now();
    let failure = stack.layer(transport).oneshot(request()).await.unwrap_err();
    assert_eq!(buttress_core::time::now() - start, limit);
    assert!(failure.kind().code().starts_with("timeout_"), "{failure:?}");
}

/// The limits that a request brings are those of one attempt, however many layers of timeouts there are.
#[tokio::test(start_paused = true)]
async fn a_requests_own_limits_leave_room_for_the_next_attempt() {
    let second = Duration::from_secs(1);
    let own = TimeoutConfig::builder().head(5 * second).idle(10 * second);
    let limited = ClientLayer::builder().total(300 * second).build().unwrap();
    for stack in [client(), limited] {
        let silent = ScriptedBody::new().data("half").hang();
        let mut rest = http::Response::new(ScriptedBody::from(" full"));
        *rest.status_mut() = http::StatusCode::PARTIAL_CONTENT;
        let transport = Transport::new([
            Step::hang(),
            Step::ok(silent)
                .header("etag", "\"v1\"")
                .header("content-length", "9"),
            Step::respond(rest)
                .header("etag", "\"v1\"")
                .header("content-range", "bytes 4-8/9"),
        ]);
        let mut request = request();
        let own = own.clone().build().unwrap();
        request.extensions_mut().insert(own);
        let response = stack.layer(transport).oneshot(request).await.unwrap();
        let body = collect(response.into_body()).await;
        assert_eq!(body.end(), "clean end");
        assert_eq!(body.bytes, "half full");
    }
}

#[tokio::test(start_paused = true)]
async fn a_requests_own_limits_leave_the_one_for_the_whole_call_as_it_is() {
    let second = Duration::from_secs(1);
    // The stack's, the request's, and when the call ends.
    for (total, own, end) in [
        (Some(12), None, 12),
        (Some(12), Some(8), 8),
        (Some(8), Some(12), 12),
        (None, Some(12), 12),
    ] {
        let mut stack = ClientLayer::builder();
        if let Some(total) = total {
            stack = stack.total(total * second);
        }
        let transport = Transport::new([]).then(|_| Step::hang());
        let mut limits = TimeoutConfig::builder().head(5 * second);
        if let Some(own) = own {
            limits = limits.total(own * second);
        }
        let mut request = request();
        request.extensions_mut().insert(limits.build().unwrap());
        let start = buttress_core::time::now();
        let call = stack.build().unwrap().layer(transport.clone());
        let failure = call.oneshot(request).await.unwrap_err();
        assert_eq!(failure.kind().code(), "timeout_total", "{total:?} {own:?}");
        assert_eq!(buttress_core::time::now() - start, end * second);
        assert!(transport.calls().len() > 1, "{total:?} {own:?}");
    }
}

#[test]
fn limits_that_have_no_effect_under_another_are_an_error_that_names_both() {
    let second = Duration::from_secs(1);
    let attempt = TimeoutConfig::builder;
    let retry = RetryConfig::builder;
    let gate = |wait: u32| buttress_retry::Gate::first_frame().max_wait(wait * second);
    for (total, attempt, retry, expected) in [
        (
            None,
            attempt().head(60 * second).total(5 * second),
            retry(),
            "`attempt.head` is 60s, but must be at most `attempt.total` (5s)",
        ),
        (
            Some(30),
            attempt().idle(6 * second).total(5 * second),
            retry(),
            "`attempt.idle` is 6s, but must be at most `attempt.total` (5s)",
        ),
        (
            None,
            attempt().min_rate(1, 6 * second).total(5 * second),
            retry(),
            "`attempt.min_rate.per` is 6s, but must be at most `attempt.total` (5s)",
        ),
        (
            Some(30),
            attempt().min_rate(1, 60 * second),
            retry(),
            "`attempt.min_rate.per` is 60s, but must be at most `total` (30s)",
        ),
        (
            Some(30),
            attempt(),
            retry().elapsed(600 * second),
            "`retry.elapsed` is 600s, but must be at most `total` (30s)",
        ),
        (
            Some(30),
            attempt(),
            retry().gate(gate(60)),
            "`retry.gate.max_wait` is 60s, but must be at most `total` (30s)",
        ),
    ] {
        let retry = retry.build().unwrap();
        let mut builder = ClientLayer::builder()
            .retry(retry)
            .attempt(attempt.build().unwrap());
        if let Some(total) = total {
            builder = builder.total(total * second);
        }
        assert_eq!(builder.build().unwrap_err().to_string(), expected);
    }

    // At the bound, and what nobody has set.
    let bound = retry().elapsed(20 * second).gate(gate(20)).build().unwrap();
    let defaults = retry()
        .gate(buttress_retry::Gate::first_frame())
        .build()
        .unwrap();
    for retry in [bound, defaults] {
        let limits = attempt()
            .head(20 * second)
            .total(20 * second)
            .build()
            .unwrap();
        let builder = ClientLayer::builder().retry(retry).attempt(limits);
        assert!(builder.total(20 * second).build().is_ok());
    }
}
