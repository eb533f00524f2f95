//! What this crate says itself: errors, and what keeps a stream alive and ends it.

use super::*;
use crate::errors::Told;
use buttress_core::{Failure, FailureKind};
use http::StatusCode;
use serde_json::Value;

#[test]
fn what_is_added_to_a_stream_means_the_same_to_its_clients() {
    let says = |dialect, event: &[u8]| says(dialect, std::str::from_utf8(event).expect("text"));
    for dialect in [ChatCompletions, Completions, Messages] {
        assert_eq!(says(dialect, dialect.end()), "end", "{dialect:?}");
    }
    // Their last event is the response itself, or its last piece.
    for dialect in [Responses, Gemini, Interactions] {
        assert!(dialect.end().is_empty(), "{dialect:?}");
    }
    for begun in [false, true] {
        assert_eq!(says(Messages, Messages.keep_alive(begun)), "alive");
        assert_eq!(Gemini.keep_alive(begun), b"\n");
        for dialect in [ChatCompletions, Completions, Interactions] {
            let comment = dialect.keep_alive(begun);
            assert!(comment.starts_with(b":") && comment.ends_with(b"\n\n"));
        }
    }
    assert_eq!(says(Responses, Responses.keep_alive(true)), "alive");
    assert!(Responses.keep_alive(false).starts_with(b":"));
}

/// The document that tells of a failure.
fn document(dialect: Dialect, told: &Told<'_>) -> Value {
    serde_json::from_str(&dialect.error_document(told)).expect("JSON")
}

#[test]
fn errors_have_the_names_that_clients_look_for() {
    use FailureKind as K;
    // OpenAI's type and code, Anthropic's type.
    for (kind, of_type, code, messages) in [
        (
            K::RateLimited,
            "rate_limit_error",
            "rate_limit_exceeded",
            "rate_limit_error",
        ),
        (
            K::QuotaExhausted,
            "insufficient_quota",
            "insufficient_quota",
            "billing_error",
        ),
        (
            K::Auth,
            "invalid_request_error",
            "invalid_api_key",
            "authentication_error",
        ),
        (
            K::Permission,
            "invalid_request_error",
            "permission",
            "permission_error",
        ),
        (
            K::NotFound,
            "invalid_request_error",
            "model_not_found",
            "not_found_error",
        ),
        (
            K::PayloadTooLarge,
            "invalid_request_error",
            "payload_too_large",
            "request_too_large",
        ),
        (
            K::BadRequest,
            "invalid_request_error",
            "bad_request",
            "invalid_request_error",
        ),
        (
            K::ContextLength,
            "invalid_request_error",
            "context_length_exceeded",
            "invalid_request_error",
        ),
        (
            K::ContentFiltered,
            "invalid_request_error",
            "content_filter",
            "invalid_request_error",
        ),
        (
            K::Cancelled,
            "invalid_request_error",
            "cancelled",
            "invalid_request_error",
        ),
        (
            K::Overloaded,
            "server_error",
            "overloaded",
            "overloaded_error",
        ),
        (
            K::TimeoutConnect,
            "server_error",
            "timeout_connect",
            "timeout_error",
        ),
        (
            K::TimeoutHead,
            "server_error",
            "timeout_head",
            "timeout_error",
        ),
        (
            K::TimeoutIdle,
            "server_error",
            "timeout_idle",
            "timeout_error",
        ),
        (
            K::TimeoutFirstEvent,
            "server_error",
            "timeout_first_event",
            "timeout_error",
        ),
        (
            K::TimeoutRate,
            "server_error",
            "timeout_rate",
            "timeout_error",
        ),
        (
            K::TimeoutTotal,
            "server_error",
            "timeout_total",
            "timeout_error",
        ),
        (K::ServerError, "server_error", "server_error", "api_error"),
        (
            K::ConnectionReset,
            "server_error",
            "connection_reset",
            "api_error",
        ),
    ] {
        let told = Told::new(&Failure::new(kind), "It broke.");
        for dialect in [ChatCompletions, Completions, Responses] {
            let error = &document(dialect, &told)["error"];
            assert_eq!(
                (&error["type"], &error["code"]),
                (&of_type.into(), &code.into()),
                "{kind}"
            );
        }
        let whole = document(Messages, &told);
        assert_eq!(whole["type"], "error");
        assert_eq!(whole["error"]["type"], messages, "{kind}");
    }
    // Those of interactions are words.
    for (kind, code) in [
        (K::RateLimited, "rate_limit_exceeded"),
        (K::QuotaExhausted, "quota_exceeded"),
        (K::Auth, "authentication"),
        (K::Permission, "permission_denied"),
        (K::NotFound, "not_found"),
        (K::BadRequest, "invalid_request"),
        (K::ContextLength, "invalid_request"),
        (K::PayloadTooLarge, "invalid_request"),
        (K::ContentFiltered, "prohibited_content"),
        (K::Cancelled, "cancelled"),
        (K::Overloaded, "overloaded"),
        (K::TimeoutIdle, "timeout_idle"),
    ] {
        let told = Told::new(&Failure::new(kind), "It broke.");
        let error = serde_json::json!({"code": code, "message": "It broke."});
        assert_eq!(document(Interactions, &told)["error"], error);
        let event = Interactions.error_event(&told);
        let data = event.strip_prefix("event: error\ndata: ").expect("named");
        let data: Value = serde_json::from_str(data).expect("JSON");
        assert_eq!(data["event_type"], "error");
        assert_eq!(data["error"], error);
    }
    // Gemini's names follow the status (google.rpc.Code).
    for (status, name) in [
        (400, "INVALID_ARGUMENT"),
        (401, "UNAUTHENTICATED"),
        (402, "RESOURCE_EXHAUSTED"),
        (403, "PERMISSION_DENIED"),
        (404, "NOT_FOUND"),
        (413, "INVALID_ARGUMENT"),
        (422, "INVALID_ARGUMENT"),
        (429, "RESOURCE_EXHAUSTED"),
        (499, "CANCELLED"),
        (500, "INTERNAL"),
        (502, "UNAVAILABLE"),
        (503, "UNAVAILABLE"),
        (504, "DEADLINE_EXCEEDED"),
        (529, "UNAVAILABLE"),
    ] {
        let told = Told {
            status: StatusCode::from_u16(status).expect("a status"),
            ..Told::new(&Failure::new(K::Unknown), "It broke.")
        };
        let error = &document(Gemini, &told)["error"];
        assert_eq!(
            (&error["code"], &error["status"]),
            (&status.into(), &name.into())
        );
    }
}

#[test]
fn an_error_in_a_stream_of_responses_goes_on_with_its_numbers() {
    let failure = Failure::new(FailureKind::RateLimited);
    let told = Told {
        sequence: Some(7),
        id: Some("resp_1"),
        ..Told::new(&failure, "Slow down.")
    };
    let numbers = |told: &Told<'_>| -> Vec<Value> {
        let events = Responses.error_event(told);
        let data = events
            .lines()
            .filter_map(|line| line.strip_prefix("data: "));
        data.map(|data| serde_json::from_str(data).expect("JSON"))
            .collect()
    };
    let events = numbers(&told);
    let [failed, error] = &events[..] else {
        panic!("{events:?}");
    };
    assert_eq!(failed["sequence_number"], 7);
    assert_eq!(failed["response"]["id"], "resp_1");
    assert_eq!(failed["response"]["status"], "failed");
    assert_eq!(failed["response"]["error"]["code"], "rate_limit_exceeded");
    assert_eq!(error["sequence_number"], 8);
    assert_eq!(error["code"], "rate_limit_exceeded");
    assert_eq!(error["error"]["type"], "rate_limit_error");
    // A stream that had no event yet begins with it.
    let first = numbers(&Told::new(&failure, "Slow down."));
    assert_eq!(first[0]["sequence_number"], 0);
}
