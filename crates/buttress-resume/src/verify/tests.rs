mod proofs;
mod ranges;

use super::*;
use crate::likeness::Likeness;
use http::{HeaderName, HeaderValue};

fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        headers.append(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    headers
}

fn likeness(headers: &HeaderMap) -> Likeness {
    Likeness::of(&Head::of(headers))
}

/// A plan for a representation of 100 bytes, tagged `"v1"`.
fn range() -> RangePlan {
    RangePlan {
        proof: Proof::Etag,
        like: likeness(&headers(&[
            ("etag", "\"v1\""),
            ("content-type", "text/plain"),
        ])),
        first: 0,
        last: None,
        complete: Some(100),
        has_length: true,
    }
}

/// Nothing is read again on purpose, and 1000 bytes may be.
fn asked(plan: &Plan, delivered: u64) -> Asked<'_> {
    Asked {
        plan,
        delivered,
        overlap: 0,
        max_reread: 1000,
    }
}

/// The verdict in a word, and the kind of failure.
fn word(verdict: &Verdict) -> (&'static str, Option<FailureKind>) {
    match verdict {
        Verdict::Continue(Continuation { again: 0, .. }) => ("continue", None),
        Verdict::Continue(_) => ("skip", None),
        Verdict::Finished => ("finished", None),
        Verdict::Again(failure) => ("again", Some(failure.kind())),
        Verdict::Stop(failure) => ("stop", Some(failure.kind())),
    }
}

const CHANGED: Option<FailureKind> = Some(FailureKind::RepresentationChanged);
const PROTOCOL: Option<FailureKind> = Some(FailureKind::Protocol);

#[test]
fn answers_to_an_event_stream() {
    let stream = ("content-type", "text/event-stream");
    for (status, lines, expected) in [
        (200, &[stream][..], "continue"),
        (200, &[("content-type", "text/html")], "stop"),
        (200, &[stream, ("content-encoding", "gzip")], "stop"),
        (200, &[], "stop"),
        (204, &[], "finished"),
        (206, &[stream], "stop"),
        (301, &[], "stop"),
        (404, &[], "stop"),
        (429, &[], "again"),
        (502, &[], "again"),
    ] {
        let status = StatusCode::from_u16(status).unwrap();
        let verdict = verify(asked(&Plan::Events, 40), status, &headers(lines));
        assert_eq!(word(&verdict).0, expected, "{status} {lines:?}");
    }
}

/// Nobody asks so: whoever does is told, instead of being given what may be another body.
#[test]
fn a_body_without_a_plan_or_with_a_cursor_is_not_judged_here() {
    for plan in [Plan::None, Plan::Cursor] {
        for status in [200, 204, 206] {
            let status = StatusCode::from_u16(status).unwrap();
            let verdict = verify(asked(&plan, 40), status, &HeaderMap::new());
            assert_eq!(word(&verdict), ("stop", CHANGED), "{plan:?} {status}");
        }
        let busy = StatusCode::SERVICE_UNAVAILABLE;
        let verdict = verify(asked(&plan, 40), busy, &HeaderMap::new());
        assert_eq!(word(&verdict).0, "again", "{plan:?}");
    }
}

#[test]
fn what_a_server_asks_for_is_kept() {
    for (status, name, value, seconds) in [
        (408, "retry-after", "3", 3),
        (429, "retry-after", "3", 3),
        (429, "retry-after-ms", "3000", 3),
        (500, "retry-after", "3", 3),
        (503, "retry-after", "120", 120),
    ] {
        for plan in [Plan::Range(range()), Plan::Events] {
            let status = StatusCode::from_u16(status).unwrap();
            let verdict = verify(asked(&plan, 40), status, &headers(&[(name, value)]));
            let Verdict::Again(failure) = verdict else {
                panic!("{status} {verdict:?}");
            };
            let after = failure.hint().and_then(buttress_core::Hint::after);
            assert_eq!(after, Some(std::time::Duration::from_secs(seconds)));
        }
    }
}
