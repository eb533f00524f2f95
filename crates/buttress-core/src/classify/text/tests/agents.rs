//! What agents, gateways and their logs print about what they did.

use super::runtimes::says;
use super::*;

#[test]
fn the_settings_in_a_log_did_not_fail() {
    use FailureKind::*;
    says(&[
        (
            r#"{"message":"Network Error","config":{"timeout":60000,"proxy":false,"maxRedirects":5}}"#,
            ConnectionClosed,
            true,
        ),
        (
            r#"{"msg":"upstream failed","proxyUrl":"http://10.1.1.1:3128","rateLimit":50,"err":"read ECONNRESET"}"#,
            ConnectionReset,
            true,
        ),
        (
            r#"{"quotaProject":null,"idleTimeout":300,"error":"connect ECONNREFUSED 127.0.0.1:8080"}"#,
            ConnectionRefused,
            true,
        ),
    ]);
}

#[test]
fn the_name_of_a_code_of_json_rpc_hides_nothing() {
    use FailureKind::*;
    says(&[
        (
            "Internal error: Flex capacity unavailable.",
            Overloaded,
            true,
        ),
        (
            "Agent error -32603: Internal error: model capacity unavailable",
            Overloaded,
            true,
        ),
        ("Internal error: read ECONNRESET", ConnectionReset, true),
        (
            "API Error: Internal error: Too many requests",
            RateLimited,
            true,
        ),
        ("HTTP 401: Internal error: read ECONNRESET", Auth, false),
        ("Internal error: table not found", ServerError, true),
        ("Internal error: it is broken", ServerError, true),
        ("Internal error", ServerError, true),
        (
            "HTTP/2 stream 1: internal error: gone",
            ConnectionReset,
            true,
        ),
    ]);
}

#[test]
fn who_is_not_given_a_new_token_has_to_log_in() {
    use FailureKind::*;
    says(&[
        (
            "Failed to refresh token: 400 Bad Request: Invalid 'refresh_token': empty string.",
            Auth,
            false,
        ),
        (
            "OAuth token refresh failed: 400 invalid_request",
            Auth,
            false,
        ),
        ("error refreshing the access token: 400", Auth, false),
        // Nobody said no.
        (
            "Failed to refresh token: request timed out",
            TimeoutHead,
            true,
        ),
        (
            "Failed to refresh token: 500 Internal Server Error",
            ServerError,
            true,
        ),
    ]);
}

#[test]
fn a_server_that_fell_over_is_known_by_what_became_of_it() {
    use FailureKind::*;
    says(&[
        (
            "The model has crashed without additional information.",
            ServerError,
            true,
        ),
        (
            "The model backend crashed: exit code 139",
            ServerError,
            true,
        ),
        ("inference worker panicked", ServerError, true),
        (
            "Durable Object reset because its code was updated.",
            ServerError,
            true,
        ),
        (
            "the instance was restarted to apply its settings",
            ServerError,
            true,
        ),
        (
            "Container was evicted before the request finished",
            ServerError,
            true,
        ),
        (
            "A temporary API error occurred. Retrying in 5s",
            ServerError,
            true,
        ),
        ("transient provider error, will retry", ServerError, true),
        ("Error: Channel Error", ServerError, true),
        ("Unhandled stop reason: abort", StreamTruncated, true),
        // What happened to the connection says more.
        (
            "the worker was restarted: ECONNRESET",
            ConnectionReset,
            true,
        ),
    ]);
}

#[test]
fn a_stream_that_failed_was_cut() {
    use FailureKind::*;
    says(&[
        ("Streaming failed", StreamTruncated, true),
        (
            "agent failed: \"Streaming response failed\"",
            StreamTruncated,
            true,
        ),
        ("stream processing failed", StreamTruncated, true),
        ("Streaming response failed: 429", RateLimited, true),
        (
            "failed to open stream: HTTP request failed!",
            ConnectionClosed,
            true,
        ),
    ]);
}

#[test]
fn what_a_stream_holds_may_be_unreadable() {
    use FailureKind::*;
    says(&[
        ("malformed streamed SSE event", Decode, true),
        ("extra JSON data in SSE payload", Decode, true),
        ("garbled event stream chunk", Decode, true),
        ("malformed server-sent event", Decode, true),
    ]);
}

#[test]
fn what_was_done_due_to_an_error_was_not_cut() {
    use FailureKind::*;
    says(&[
        (
            "Agent execution terminated due to error.",
            ServerError,
            true,
        ),
        (
            "Task aborted due to an error in the agent",
            ServerError,
            true,
        ),
        (
            "execution stopped due to an unexpected error",
            ServerError,
            true,
        ),
        (
            "internal error: function was terminated by signal",
            ServerError,
            true,
        ),
        ("terminated", StreamTruncated, true),
    ]);
}

#[test]
fn who_stands_behind_a_gateway_may_be_away() {
    use FailureKind::*;
    says(&[
        (
            "Unknown: Model provider is currently unavailable",
            BadGateway,
            true,
        ),
        ("the upstream is not available right now", BadGateway, true),
        ("Backend is down", BadGateway, true),
        ("inference endpoint unreachable", BadGateway, true),
    ]);
}

#[test]
fn what_was_not_paid_for_did_not_run_out() {
    use FailureKind::*;
    says(&[
        (
            "An internal error in this step. No credits consumed on this tool call.",
            ServerError,
            true,
        ),
        (
            "Something went wrong. You were not charged for this request.",
            ServerError,
            true,
        ),
        (
            "read ECONNRESET. This request was not billed against your quota.",
            ConnectionReset,
            true,
        ),
        ("You have no credits left", QuotaExhausted, false),
    ]);
}

#[test]
fn what_a_model_wrote_wrong_it_may_write_right() {
    use FailureKind::*;
    says(&[
        (
            "The model produced an invalid tool call, trying again.",
            ServerError,
            true,
        ),
        (
            "The model generated a malformed tool call",
            ServerError,
            true,
        ),
        (
            "Model returned invalid function call arguments",
            ServerError,
            true,
        ),
        ("invalid tool call arguments", BadRequest, false),
        (
            "The model returned the following errors: messages: invalid request",
            BadRequest,
            false,
        ),
        // The label of a client is no name that is invalid.
        (
            "status_code: 400, model_name: gpt-4.1, body: {'type': 'invalid_request_error'}",
            BadRequest,
            false,
        ),
        ("model_name: gpt-4.1 is invalid", NotFound, false),
    ]);
}

#[test]
fn what_was_cancelled_when_time_was_up_took_too_long() {
    use FailureKind::*;
    says(&[
        (
            "It exceeded the configured timeout of 0:01:40. ---> SocketException (125): Operation canceled",
            TimeoutHead,
            true,
        ),
        (
            "request timed out; inner: [Errno 125] Operation canceled",
            TimeoutHead,
            true,
        ),
        (
            "SocketException (995): The I/O operation has been aborted",
            Cancelled,
            false,
        ),
        // Even from a stream nothing had come.
        (
            "stream disconnected before completion: request timed out waiting for first byte",
            TimeoutHead,
            true,
        ),
        ("streaming: no first byte within 30s", TimeoutHead, true),
        ("streaming: no byte for 30s: timed out", TimeoutIdle, true),
    ]);
}
