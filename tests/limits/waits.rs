//! Limits that end the wait before another try.

use super::*;
use buttress::Hint;

/// A limit on the head that ends a retry's wait for `Retry-After` keeps what the server asked for,
/// so that who tries again outside of it does not come too early.
#[tokio::test(start_paused = true)]
async fn a_limit_that_ends_a_wait_keeps_the_servers_hint() {
    let head = TimeoutConfig::builder().head(30 * SECOND).build().unwrap();
    for (step, hint) in [
        (
            Step::status(503).header("retry-after", "50"),
            Some(20 * SECOND),
        ),
        // The wait is the retry's own.
        (Step::status(503), None),
    ] {
        let inner: ScriptedService<NoBody> = ScriptedService::new([step]);
        let backoff = Backoff::constant(40 * SECOND);
        let retry = RetryConfig::builder().backoff(backoff).build().unwrap();
        let service = RetryLayer::new(retry).layer(inner.clone());
        let service = TimeoutLayer::new(head.clone()).layer(service);
        let failure = service.oneshot(get("http://origin/")).await.unwrap_err();
        assert_eq!(failure.kind(), FailureKind::TimeoutHead);
        assert_eq!(failure.hint().and_then(Hint::after), hint);
        assert_eq!(inner.calls().len(), 1);
    }
}

/// The same from outside: thirty seconds in the retry, twenty in the resume.
#[tokio::test(start_paused = true)]
async fn a_resume_outside_of_a_limit_comes_when_the_server_said() {
    let head = TimeoutConfig::builder().head(30 * SECOND).build().unwrap();
    let events = |body: ScriptedBody| Step::ok(body).header("content-type", "text/event-stream");
    let inner: ScriptedService<NoBody> = ScriptedService::new([
        events(
            ScriptedBody::new()
                .data("id: 1\ndata: a\n\n")
                .io(io::ErrorKind::ConnectionReset),
        ),
        Step::status(503).header("retry-after", "50"),
        events(ScriptedBody::new().data("id: 2\ndata: b\n\n")),
    ]);
    let soon = Backoff::constant(SECOND);
    let retry = RetryConfig::builder().backoff(soon).build().unwrap();
    let resume = ResumeConfig::builder().backoff(soon).build().unwrap();
    let service = RetryLayer::new(retry).layer(inner.clone());
    let service = TimeoutLayer::new(head).layer(service);
    let service = ResumeLayer::new(resume).layer(service);
    let start = now();
    let response = service.oneshot(get("http://origin/")).await.unwrap();
    let collected = collect(response.into_body()).await;
    assert_eq!(collected.end(), "clean end");
    assert_eq!(collected.bytes, "id: 1\ndata: a\n\nid: 2\ndata: b\n\n");
    // A second before the first try, then what the server asked for: no more, and no less.
    assert_eq!(now() - start, (1 + 50) * SECOND);
}
