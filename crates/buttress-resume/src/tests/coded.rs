//! Transfer codings (RFC 9112, sections 6.1 and 6.3): who reads the connection takes off the chunks, and no
//! other one.

use super::*;

/// The answer to a request with this method and these limits, whose body is left.
async fn head(inner: &Inner, method: Method, config: ResumeConfig) -> HeaderMap {
    let mut request = get();
    *request.method_mut() = method;
    let service = ResumeLayer::new(config).layer(inner.clone());
    let response = service.oneshot(request).await.expect("a head");
    response.headers().clone()
}

type Make = fn() -> Step<Empty1>;

const TAGGED: Make = || first(reset);
const UNTAGGED: Make = || Step::ok(reset(ScriptedBody::new().data(CONTENT.bytes(0..400))));
const EVENT: Make = || stream(reset(ScriptedBody::new().data("id: 1\ndata: a\n\n")));

/// The bytes are of the connection: nowhere else are they the same.
#[tokio::test(start_paused = true)]
async fn what_is_in_a_transfer_coding_is_not_continued() {
    let prefix = config().to_builder().prefix_replay(true).build().unwrap();
    let alone = config().to_builder().overlap(9).overlap_alone(true);
    for (step, config) in [
        (TAGGED, config()),
        (TAGGED, alone.build().unwrap()),
        (UNTAGGED, prefix.clone()),
        (EVENT, config()),
        (EVENT, prefix),
    ] {
        for coding in ["gzip", "gzip, chunked"] {
            let step = step().header("transfer-encoding", coding);
            let inner = Inner::new([step]);
            let mut request = get();
            request.extensions_mut().insert(config.clone());
            let failure = failure(run(&inner, request).await);
            assert_eq!(failure.kind(), FailureKind::ConnectionReset);
            assert_eq!(failure.stopped(), Some(StopReason::NotResumable));
            assert_eq!(inner.calls().len(), 1);
        }
    }
}

/// Nor has it events whose last one could be waited for.
#[tokio::test(start_paused = true)]
async fn what_is_in_a_transfer_coding_is_not_looked_at() {
    let config = config().to_builder().terminal(|_| false).build().unwrap();
    for (coding, is_whole) in [("gzip", true), ("chunked", false)] {
        let step = stream(ScriptedBody::new().data("data: a\n\n"));
        let mut request = get();
        request.extensions_mut().insert(config.clone());
        let inner = Inner::new([step.header("transfer-encoding", coding)]);
        let inner = inner.then(|_| Step::status(404));
        let collected = run(&inner, request).await;
        assert_eq!(collected.end() == "clean end", is_whole, "{coding}");
        assert_eq!(collected.bytes, "data: a\n\n");
    }
}

#[tokio::test(start_paused = true)]
async fn what_comes_in_a_transfer_coding_continues_nothing() {
    const PART: Make = || part(400, 1000);
    const WHOLE: Make = || Step::ok(CONTENT.whole()).header("etag", "\"v1\"");
    const SAME: Make = || Step::ok(CONTENT.whole());
    const MORE: Make = || stream(ScriptedBody::new().data("id: 2\ndata: b\n\n"));
    let prefix = config().to_builder().prefix_replay(true).build().unwrap();
    for (first, again, config) in [
        (TAGGED, PART, config()),
        (TAGGED, WHOLE, config()),
        (UNTAGGED, SAME, prefix),
        (EVENT, MORE, config()),
    ] {
        for (coding, is_joined) in [("chunked", true), ("gzip, chunked", false)] {
            let again = again().header("transfer-encoding", coding);
            let inner = Inner::new([first(), again]);
            let mut request = get();
            request.extensions_mut().insert(config.clone());
            let collected = run(&inner, request).await;
            assert_eq!(inner.calls().len(), 2);
            assert_eq!(collected.end() == "clean end", is_joined, "{coding}");
            if !is_joined {
                assert_eq!(failure(collected).kind(), FailureKind::Protocol);
            }
        }
    }
}

/// It is not believed, and whoever is asked next must not believe it either.
#[tokio::test(start_paused = true)]
async fn a_length_that_a_transfer_coding_outweighs_is_not_passed_on() {
    let terminal = config().to_builder().terminal(|_| false).build().unwrap();
    for (method, config) in [
        (Method::GET, config()),
        (Method::GET, terminal),
        (Method::POST, config()),
        (Method::HEAD, config()),
    ] {
        for (coding, is_kept) in [
            (None, true),
            (Some("chunked"), false),
            (Some("gzip"), false),
        ] {
            let mut step = first(|body| body);
            if let Some(coding) = coding {
                step = step.header("transfer-encoding", coding);
            }
            let headers = head(&Inner::new([step]), method.clone(), config.clone()).await;
            let found = headers.contains_key("content-length");
            assert_eq!(found, is_kept, "{method} {coding:?}");
            let told = headers
                .get("transfer-encoding")
                .map(|it| it.to_str().unwrap());
            assert_eq!(told, coding);
        }
    }
}
