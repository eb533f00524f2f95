mod tables;

use super::*;
use buttress_core::{Delivery, FailureKind, Hint, Phase};
use http::StatusCode;
use std::time::SystemTime;

const MINUTE: Duration = Duration::from_secs(60);
const OWN: Duration = Duration::from_millis(200);

fn own() -> Duration {
    OWN
}

fn hint(name: &'static str, value: &'static str) -> Hint {
    let mut headers = http::HeaderMap::new();
    headers.insert(name, http::HeaderValue::from_static(value));
    Hint::from_headers(&headers, SystemTime::UNIX_EPOCH).unwrap()
}

fn situation(repeatable: bool) -> Situation {
    Situation::new(3, repeatable, MINUTE)
}

#[test]
fn kinds_and_deliveries() {
    use Decision::{Retry, Stop};
    use StopReason::{NotRepeatable, NotTransient};
    let answered = Delivery::Answered(StatusCode::SERVICE_UNAVAILABLE);
    for (kind, delivery, repeatable, expected) in [
        (
            FailureKind::ConnectionReset,
            Delivery::Unknown,
            true,
            Retry(OWN),
        ),
        (
            FailureKind::ConnectionReset,
            Delivery::Unknown,
            false,
            Stop(NotRepeatable),
        ),
        (
            FailureKind::ConnectionClosed,
            Delivery::NotSent,
            false,
            Retry(Duration::ZERO),
        ),
        (
            FailureKind::ConnectionRefused,
            Delivery::NotSent,
            true,
            Retry(Duration::ZERO),
        ),
        (
            FailureKind::Overloaded,
            Delivery::Refused,
            false,
            Retry(Duration::ZERO),
        ),
        (FailureKind::Overloaded, answered, true, Retry(OWN)),
        (
            FailureKind::Overloaded,
            answered,
            false,
            Stop(NotRepeatable),
        ),
        (
            FailureKind::TlsExpired,
            Delivery::NotSent,
            true,
            Stop(NotTransient),
        ),
        (FailureKind::Auth, answered, true, Stop(NotTransient)),
        (
            FailureKind::TimeoutTotal,
            Delivery::Unknown,
            true,
            Stop(NotTransient),
        ),
        (
            FailureKind::Unknown,
            Delivery::Unknown,
            true,
            Stop(NotTransient),
        ),
    ] {
        let failure = Failure::new(kind).with_delivery(delivery);
        let decision = decide(&failure, situation(repeatable), own);
        assert_eq!(decision, expected, "{kind} {delivery:?} {repeatable}");
    }
}

#[test]
fn the_second_retry_of_an_unprocessed_request_waits() {
    let failure = Failure::new(FailureKind::ConnectionRefused).with_delivery(Delivery::NotSent);
    let second = Situation {
        failed: 2,
        ..situation(false)
    };
    assert_eq!(decide(&failure, second, own), Decision::Retry(OWN));
}

#[test]
fn limits() {
    use Decision::{Retry, Stop};
    let failure = Failure::new(FailureKind::ConnectionReset).with_phase(Phase::Head);
    let base = situation(true);
    for (situation, expected) in [
        (Situation { failed: 2, ..base }, Retry(OWN)),
        (Situation { failed: 3, ..base }, Stop(StopReason::Attempts)),
        (Situation { failed: 9, ..base }, Stop(StopReason::Attempts)),
        (
            Situation {
                elapsed_left: OWN,
                ..base
            },
            Stop(StopReason::Elapsed),
        ),
        (
            Situation {
                elapsed_left: OWN + Duration::from_nanos(1),
                ..base
            },
            Retry(OWN),
        ),
        (
            Situation {
                elapsed_left: Duration::ZERO,
                ..base
            },
            Stop(StopReason::Elapsed),
        ),
        (
            Situation {
                deadline_left: Some(OWN),
                ..base
            },
            Stop(StopReason::Deadline),
        ),
        (
            Situation {
                deadline_left: Some(MINUTE),
                ..base
            },
            Retry(OWN),
        ),
    ] {
        assert_eq!(decide(&failure, situation, own), expected, "{situation:?}");
    }
}

#[test]
fn the_servers_word() {
    use Decision::{Retry, Stop};
    let seconds = Duration::from_secs;
    for (kind, hint, repeatable, expected) in [
        // A floor, not a replacement.
        (
            FailureKind::RateLimited,
            hint("retry-after", "3"),
            true,
            Retry(seconds(3)),
        ),
        (
            FailureKind::RateLimited,
            hint("retry-after", "0"),
            true,
            Retry(OWN),
        ),
        (
            FailureKind::RateLimited,
            hint("retry-after-ms", "1"),
            true,
            Retry(OWN),
        ),
        // Never a reason to repeat what must not be repeated.
        (
            FailureKind::RateLimited,
            hint("retry-after", "3"),
            false,
            Stop(StopReason::NotRepeatable),
        ),
        (
            FailureKind::Auth,
            hint("retry-after", "3"),
            true,
            Stop(StopReason::NotTransient),
        ),
        // Too long: the end, with the reason.
        (
            FailureKind::RateLimited,
            hint("retry-after", "60"),
            true,
            Stop(StopReason::HintTooLong),
        ),
        (
            FailureKind::RateLimited,
            hint("retry-after", "1209600"),
            true,
            Stop(StopReason::HintTooLong),
        ),
        // Both ways, within consent.
        (
            FailureKind::BadRequest,
            hint("x-should-retry", "true"),
            true,
            Retry(OWN),
        ),
        (
            FailureKind::BadRequest,
            hint("x-should-retry", "true"),
            false,
            Stop(StopReason::NotRepeatable),
        ),
        (
            FailureKind::ServerError,
            hint("x-should-retry", "false"),
            true,
            Stop(StopReason::ServerSaidNo),
        ),
        (
            FailureKind::ServerError,
            hint("grpc-retry-pushback-ms", "-1"),
            true,
            Stop(StopReason::ServerSaidNo),
        ),
    ] {
        let failure = Failure::new(kind)
            .with_delivery(Delivery::Answered(StatusCode::SERVICE_UNAVAILABLE))
            .with_hint(hint);
        let decision = decide(&failure, situation(repeatable), own);
        assert_eq!(decision, expected, "{kind} {hint:?} {repeatable}");
    }
}

#[test]
fn what_was_spent_below_is_passed_on() {
    let spent = Failure::new(FailureKind::ConnectionReset).with_stopped(StopReason::Attempts);
    let decision = decide(&spent, situation(true), own);
    assert_eq!(decision, Decision::Stop(StopReason::Attempts));
    // A layer below that merely lacked consent leaves the decision to this one.
    let unsure = Failure::new(FailureKind::ConnectionReset).with_stopped(StopReason::NotRepeatable);
    assert_eq!(decide(&unsure, situation(true), own), Decision::Retry(OWN));
}

/// Every status with every method and consent, against a table that was written down apart.
#[test]
fn every_status_method_and_consent() {
    use crate::Consent;
    use http::{HeaderMap, HeaderValue, Method};

    /// Statuses after which the same request may fare better. All other 5xx too, but for these.
    const PASSING_4XX: [u16; 5] = [408, 421, 424, 425, 429];
    const LASTING_5XX: [u16; 10] = [501, 505, 506, 507, 508, 509, 510, 511, 526, 561];

    let idempotent = ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "QUERY"];
    let other = ["POST", "PATCH", "CONNECT", "PURGE"];
    let mut decided = 0;
    for status in 100..600 {
        let code = StatusCode::from_u16(status).unwrap();
        let failure = Failure::from_head(code, &HeaderMap::new());
        if status < 400 {
            assert!(failure.is_none(), "{status} is no failure");
            continue;
        }
        let failure = failure.unwrap();
        let passing =
            PASSING_4XX.contains(&status) || (status >= 500 && !LASTING_5XX.contains(&status));
        for method in idempotent.iter().chain(&other) {
            for keyed in [false, true] {
                for (consent, allowed) in [
                    (Consent::Standard, idempotent.contains(method) || keyed),
                    (Consent::Always, true),
                    (Consent::Never, false),
                    (
                        Consent::custom(|method, _| method == "POST"),
                        *method == "POST",
                    ),
                ] {
                    let mut headers = HeaderMap::new();
                    if keyed {
                        headers.insert(crate::IDEMPOTENCY_KEY, HeaderValue::from_static("k"));
                    }
                    let method = Method::from_bytes(method.as_bytes()).unwrap();
                    let repeatable = consent.allows(&method, &headers);
                    let expected = match (passing, allowed) {
                        (false, _) => Decision::Stop(StopReason::NotTransient),
                        (true, false) => Decision::Stop(StopReason::NotRepeatable),
                        (true, true) => Decision::Retry(OWN),
                    };
                    let decision = decide(&failure, situation(repeatable), own);
                    assert_eq!(decision, expected, "{status} {method} {consent:?} {keyed}");
                    decided += 1;
                }
            }
        }
    }
    assert_eq!(decided, 200 * 11 * 2 * 4);
}
