use super::*;
use crate::Failure;
use http::HeaderValue;
use std::time::{Duration, SystemTime};

fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
    let pairs = pairs.iter().map(|(name, value)| {
        let value = HeaderValue::from_static(value);
        (HeaderName::from_static(name), value)
    });
    pairs.collect()
}

fn classify(code: u16, pairs: &[(&'static str, &'static str)]) -> Classification {
    let status = StatusCode::from_u16(code).expect("a status");
    head(status, &headers(pairs)).expect("a failure")
}

/// Every status from 400 to 599: kind and transience.
fn expected(code: u16) -> (FailureKind, bool) {
    use FailureKind::*;
    const TABLE: &[(u16, FailureKind, bool)] = &[
        (401, Auth, false),
        (402, QuotaExhausted, false),
        (403, Permission, false),
        (404, NotFound, false),
        (407, Proxy, false),
        (408, TimeoutHead, true),
        (410, NotFound, false),
        (413, PayloadTooLarge, false),
        (414, PayloadTooLarge, false),
        (421, BadRequest, true),
        (424, ServerError, true),
        (425, BadRequest, true),
        (429, RateLimited, true),
        (431, PayloadTooLarge, false),
        (440, Auth, false),
        (444, ConnectionClosed, false),
        (451, Permission, false),
        (460, Cancelled, false),
        (494, PayloadTooLarge, false),
        (495, Auth, false),
        (496, Auth, false),
        (498, Auth, false),
        (499, Cancelled, false),
        (501, ServerError, false),
        (502, BadGateway, true),
        (503, Overloaded, true),
        (504, TimeoutHead, true),
        (505, ServerError, false),
        (506, ServerError, false),
        (507, ServerError, false),
        (508, ServerError, false),
        (509, QuotaExhausted, false),
        (510, ServerError, false),
        (511, CaptivePortal, false),
        (520, BadGateway, true),
        (521, BadGateway, true),
        (522, BadGateway, true),
        (523, BadGateway, true),
        (524, TimeoutHead, true),
        (525, BadGateway, true),
        (526, BadGateway, false),
        (527, BadGateway, true),
        (529, Overloaded, true),
        (530, BadGateway, true),
        (561, Auth, false),
        (598, TimeoutHead, true),
        (599, BadGateway, true),
    ];
    match TABLE.iter().find(|row| row.0 == code) {
        Some((_, kind, transient)) => (*kind, *transient),
        None if code < 500 => (BadRequest, false),
        None => (ServerError, true),
    }
}

#[test]
fn every_status() {
    let none = HeaderMap::new();
    for code in 100..=999 {
        let status = StatusCode::from_u16(code).expect("a status");
        let Some(class) = head(status, &none) else {
            assert!(!(400..=599).contains(&code), "{code}");
            continue;
        };
        assert!((400..=599).contains(&code), "{code}");
        assert_eq!((class.kind, class.transient), expected(code), "{code}");
        assert_eq!(class.phase, Phase::Head, "{code}");
        assert_eq!(class.delivery, Delivery::Answered(status), "{code}");
        assert_eq!(class.hint, None, "{code}");
    }
}

#[test]
fn a_verdict_of_the_server_outweighs_every_status() {
    for code in 400..=599 {
        let (kind, _) = expected(code);
        let yes = classify(code, &[("x-should-retry", "true")]);
        assert_eq!((yes.kind, yes.transient), (kind, true), "{code}");
        let no = classify(code, &[("x-should-retry", "false")]);
        assert_eq!((no.kind, no.transient), (kind, false), "{code}");
        let no = classify(code, &[("grpc-retry-pushback-ms", "-1")]);
        assert_eq!((no.kind, no.transient), (kind, false), "{code}");
    }
    assert_eq!(
        head(StatusCode::OK, &headers(&[("x-should-retry", "true")])),
        None
    );
}

#[test]
fn headers_that_know_better() {
    use FailureKind::*;
    type Case = (
        u16,
        &'static [(&'static str, &'static str)],
        FailureKind,
        bool,
    );
    let cases: &[Case] = &[
        (401, &[("proxy-authenticate", "Basic")], Proxy, false),
        (403, &[("proxy-authenticate", "NTLM")], Proxy, false),
        (
            502,
            &[("x-squid-error", "ERR_CONNECT_FAIL 111")],
            Proxy,
            true,
        ),
        (503, &[("x-squid-error", "ERR_DNS_FAIL 0")], Proxy, true),
        (
            403,
            &[("x-squid-error", "ERR_ACCESS_DENIED 0")],
            Proxy,
            false,
        ),
        (403, &[("cf-mitigated", "challenge")], Permission, false),
        (503, &[("cf-mitigated", "challenge")], Permission, false),
        (
            403,
            &[("cf-mitigated", "challenge"), ("retry-after", "5")],
            Permission,
            false,
        ),
        (503, &[("cf-mitigated", "other")], Overloaded, true),
        // GitHub: the rate is limited with 403 too.
        (403, &[("retry-after", "60")], RateLimited, true),
        (
            403,
            &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "60")],
            RateLimited,
            true,
        ),
        (
            403,
            &[("x-ratelimit-remaining", "9"), ("x-ratelimit-reset", "60")],
            Permission,
            false,
        ),
        (403, &[("x-ratelimit-remaining", "0")], Permission, false),
        // Too large for the moment.
        (413, &[("retry-after", "60")], PayloadTooLarge, true),
        (413, &[("retry-after", "soon")], PayloadTooLarge, false),
        // A delay is no reason to try again.
        (400, &[("retry-after", "60")], BadRequest, false),
        (401, &[("retry-after", "60")], Auth, false),
        (409, &[("grpc-retry-pushback-ms", "60")], BadRequest, false),
        // A page instead of an answer proves nothing.
        (
            403,
            &[("content-type", "text/html"), ("server", "cloudflare")],
            Permission,
            false,
        ),
        (503, &[("content-type", "text/html")], Overloaded, true),
        (407, &[("x-should-retry", "true")], Proxy, true),
    ];
    for (code, pairs, kind, transient) in cases {
        let class = classify(*code, pairs);
        assert_eq!(
            (class.kind, class.transient),
            (*kind, *transient),
            "{code} {pairs:?}"
        );
    }
}

#[test]
fn the_hint_comes_along() {
    let now = || SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
    let date = headers(&[("retry-after", "Sun, 06 Nov 1994 08:50:07 GMT")]);
    let class = failing(StatusCode::SERVICE_UNAVAILABLE, &date, &now);
    let thirty = Hint::after_delay(Duration::from_secs(30));
    assert_eq!(class.hint, Some(thirty));

    let failure = Failure::from_head(
        StatusCode::CONFLICT,
        &headers(&[("x-should-retry", "true"), ("retry-after-ms", "30000")]),
    );
    let failure = failure.expect("a failure");
    assert_eq!(failure.hint(), Some(thirty.and(Hint::with_retry(true))));
    assert!(failure.is_transient());

    // Reset headers of a server that failed for another reason are none of its hints.
    let class = classify(
        500,
        &[("x-ratelimit-reset", "60"), ("x-ratelimit-remaining", "0")],
    );
    assert_eq!(class.hint, None);
}
