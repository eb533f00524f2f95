//! Kinds, hints and reasons, each in all combinations, against tables written down apart.

use super::*;

/// The codes of the kinds after which the same request may fare better.
const PASSING: &[&str] = &[
    "connection_closed",
    "connection_reset",
    "connection_refused",
    "unreachable",
    "dns",
    "timeout_connect",
    "timeout_head",
    "timeout_first_event",
    "timeout_idle",
    "timeout_rate",
    "stream_truncated",
    "decode",
    "rate_limited",
    "overloaded",
    "server_error",
    "bad_gateway",
];

/// The codes of the reasons after which no layer above may add tries of its own.
const SPENT: &[&str] = &[
    "server_said_no",
    "attempts",
    "elapsed",
    "deadline",
    "hint_too_long",
    "budget",
    "no_progress",
];

#[test]
fn every_kind_delivery_and_consent() {
    use Decision::{Retry, Stop};
    let mut decided = 0;
    for &kind in FailureKind::ALL {
        let passing = PASSING.contains(&kind.code());
        for (delivery, unprocessed) in [
            (Delivery::NotSent, true),
            (Delivery::Refused, true),
            (Delivery::Unknown, false),
            (Delivery::Answered(StatusCode::BAD_GATEWAY), false),
            (Delivery::Partial { bytes: 0 }, false),
            (Delivery::Partial { bytes: 9 }, false),
        ] {
            for phase in [Phase::Connect, Phase::Send, Phase::Head, Phase::Body] {
                for (repeatable, only_once) in
                    [(false, false), (true, false), (false, true), (true, true)]
                {
                    for failed in [1, 2] {
                        let failure = Failure::new(kind).with_delivery(delivery).with_phase(phase);
                        let expected = match (passing, unprocessed, repeatable, failed) {
                            (false, ..) => Stop(StopReason::NotTransient),
                            // Consent was refused, also to what nobody would see twice.
                            _ if only_once => Stop(StopReason::NotRepeatable),
                            (true, false, false, _) => Stop(StopReason::NotRepeatable),
                            (true, true, _, 1) => Retry(Duration::ZERO),
                            _ => Retry(OWN),
                        };
                        let situation = Situation {
                            failed,
                            only_once,
                            ..situation(repeatable)
                        };
                        let decision = decide(&failure, situation, own);
                        let case = format!(
                            "{kind} {delivery:?} {phase} {repeatable} {only_once} {failed}"
                        );
                        assert_eq!(decision, expected, "{case}");
                        decided += 1;
                    }
                }
            }
        }
    }
    assert_eq!(decided, FailureKind::ALL.len() * 6 * 4 * 4 * 2);
}

/// Ten seconds in every dialect, beside limits that have room for them and limits that have not.
#[test]
fn hints_of_every_dialect_over_and_under_the_limits() {
    use Decision::{Retry, Stop};
    let seconds = Duration::from_secs;
    for (name, value) in [
        ("retry-after", "10"),
        ("retry-after", "10.0"),
        ("retry-after", "Thu, 01 Jan 1970 00:00:10 GMT"),
        ("retry-after-ms", "10000"),
        ("x-ms-retry-after-ms", "10000"),
        ("x-amz-retry-after", "10000"),
        ("grpc-retry-pushback-ms", "10000"),
        ("x-ratelimit-reset", "10"),
        ("x-ratelimit-reset-requests", "10s"),
        ("x-ratelimit-reset-tokens", "0m10s"),
        ("ratelimit-reset", "10"),
        ("ratelimit", "\"default\";r=0;t=10"),
        ("anthropic-ratelimit-requests-reset", "1970-01-01T00:00:10Z"),
    ] {
        let mut headers = http::HeaderMap::new();
        headers.insert(name, http::HeaderValue::from_static(value));
        let status = StatusCode::TOO_MANY_REQUESTS;
        let hint = Hint::from_head(status, &headers, SystemTime::UNIX_EPOCH).unwrap();
        let failure = Failure::new(FailureKind::RateLimited)
            .with_delivery(Delivery::Answered(status))
            .with_hint(hint);
        let over = seconds(10) + Duration::from_nanos(1);
        let minute = Some(MINUTE);
        for (own, elapsed_left, deadline_left, expected) in [
            // The longer one of both waits.
            (OWN, MINUTE, None, Retry(seconds(10))),
            (seconds(20), MINUTE, None, Retry(seconds(20))),
            // What is left has room for it, or has not.
            (OWN, over, None, Retry(seconds(10))),
            (OWN, seconds(10), None, Stop(StopReason::HintTooLong)),
            (OWN, seconds(9), None, Stop(StopReason::HintTooLong)),
            (OWN, MINUTE, Some(over), Retry(seconds(10))),
            (
                OWN,
                MINUTE,
                Some(seconds(10)),
                Stop(StopReason::HintTooLong),
            ),
            (OWN, MINUTE, Some(seconds(0)), Stop(StopReason::HintTooLong)),
            (OWN, seconds(9), minute, Stop(StopReason::HintTooLong)),
            // It would have fit; the own wait does not.
            (seconds(20), seconds(15), minute, Stop(StopReason::Elapsed)),
            (
                seconds(20),
                MINUTE,
                Some(seconds(15)),
                Stop(StopReason::Deadline),
            ),
            // Neither does: what the server asked for is worth more to the caller.
            (seconds(20), seconds(5), None, Stop(StopReason::HintTooLong)),
        ] {
            let situation = Situation {
                elapsed_left,
                deadline_left,
                ..situation(true)
            };
            let decision = decide(&failure, situation, || own);
            let case = format!("{name}: {value}, {own:?} {elapsed_left:?} {deadline_left:?}");
            assert_eq!(decision, expected, "{case}");
        }
    }
}

/// What a layer below decided: spent tries are passed on, whatever else speaks for another.
#[test]
fn every_reason_from_below() {
    for &reason in StopReason::ALL {
        for delivery in [Delivery::NotSent, Delivery::Refused, Delivery::Unknown] {
            let failure = Failure::new(FailureKind::ConnectionReset)
                .with_delivery(delivery)
                .with_hint(hint("x-should-retry", "true"))
                .with_stopped(reason);
            let decision = decide(&failure, situation(true), own);
            if SPENT.contains(&reason.code()) {
                assert_eq!(decision, Decision::Stop(reason));
            } else {
                assert!(matches!(decision, Decision::Retry(_)), "{reason:?}");
            }
        }
    }
}
