//! Ranges of the caller's own: no more than was asked for, and no less.

use super::*;

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
