//! What relays, gateways and providers say of a call, and finish reasons that are failures.

use super::*;

#[test]
fn a_stream_that_ends_for_a_reason_of_the_server_has_failed() {
    // DeepSeek and z.ai (`finish_reason` in their references of chat completions), Gemini
    // (`FinishReason` in `ai.google.dev/api/generate-content`), Bedrock (`StopReason` of Converse).
    for (reason, expected) in [
        ("insufficient_system_resource", Overloaded),
        ("network_error", ServerError),
        ("network-error", ServerError),
        ("abort", StreamTruncated),
        ("sensitive", ContentFiltered),
    ] {
        for choice in [
            r#"data: {"choices":[{"index":0,"delta":{},"finish_reason":"@"}]}"#,
            r#"{"id":"c","choices":[{"finish_reason": "@","message":{"content":"so far"}}],"usage":null}"#,
            r#"data:{"id":"x","model":"m","choices":[{"index":0,"finish_reason":"@","delta":{"role":"assistant","content":""}}]}"#,
        ] {
            check(&[(200, &choice.replace('@', reason), expected)]);
        }
    }
    for (reason, expected) in [
        ("MALFORMED_FUNCTION_CALL", ServerError),
        ("UNEXPECTED_TOOL_CALL", ServerError),
        ("MALFORMED_RESPONSE", ServerError),
        ("IMAGE_PROHIBITED_CONTENT", ContentFiltered),
    ] {
        for candidate in [
            r#"data: {"candidates":[{"content":{"role":"model","parts":[]},"finishReason":"@"}]}"#,
            r#"data: {"candidates":[{"index":0,"finishReason":"@","finishMessage":"print("}]}"#,
            r#"[{"candidates":[{"finishReason":"@"}],"usageMetadata":{}}]"#,
        ] {
            check(&[(200, &candidate.replace('@', reason), expected)]);
        }
    }
    check(&[
        (
            200,
            r#"{"stopReason":"malformed_model_output"}"#,
            ServerError,
        ),
        (
            200,
            r#"{"stopReason":"malformed_tool_use","p":"ab"}"#,
            ServerError,
        ),
    ]);
    for reason in [
        "stop",
        "length",
        "tool_calls",
        "STOP",
        "MAX_TOKENS",
        "OTHER",
    ] {
        let choice = format!(r#"{{"choices":[{{"delta":{{}},"finish_reason":"{reason}"}}]}}"#);
        assert_eq!(kind(200, &choice), None, "{reason}");
    }
}

#[test]
fn a_vendors_own_number_says_more_than_the_500_around_it() {
    check(&[
        (
            500,
            r#"API error (500): {"error":{"message":"xunfei response error: AppIdNoAuthError:`app`","type":"one_api_error","code":"11200"}}"#,
            QuotaExhausted,
        ),
        (
            500,
            r#"{"error":{"message":"x","type":"one_api_error","code":"11202"}}"#,
            RateLimited,
        ),
        (500, r#"{"code":10907,"message":"x"}"#, ContextLength),
        (
            500,
            r#"{"error":{"message":"x","code":"30001"}}"#,
            QuotaExhausted,
        ),
        // Numbers of four digits are anybody's.
        (500, r#"{"code":1001,"message":"x"}"#, ServerError),
    ]);
}

#[test]
fn a_server_that_calls_itself_a_proxy_is_a_gateway() {
    check(&[
        (500, "proxy error: Failed to read connection", BadGateway),
        (
            500,
            r#"{"error":{"code":500,"message":"proxy error: Could not establish connection","type":"server_error"}}"#,
            BadGateway,
        ),
        (500, "proxy error: Connection handling canceled", BadGateway),
        (502, "proxy error: Failed to write connection", BadGateway),
    ]);
}

#[test]
fn a_call_to_a_model_that_failed_is_the_servers() {
    check(&[
        (
            200,
            "event: error\ndata: {\"error_code\":\"CHAT_LLM_UPSTREAM\",\"message\":\"LLM 调用失败\",\"retryable\":true}",
            ServerError,
        ),
        (
            200,
            "event: error\ndata: {\"code\":\"CHAT_STREAM\",\"message\":\"模型调用失败，请稍后再试\"}",
            ServerError,
        ),
        (
            200,
            r#"data: {"type":"error","message":"生成失败"}"#,
            ServerError,
        ),
        (
            200,
            r#"data: {"error":{"message":"工具执行失败"}}"#,
            ServerError,
        ),
        (
            200,
            "event: error\ndata: {\"detail\": \"The language model stream failed.\"}",
            ServerError,
        ),
        (200, r#"data: {"error":"LLM stream failed"}"#, ServerError),
        (
            200,
            r#"data: {"error":"The model stream has failed"}"#,
            ServerError,
        ),
        (
            200,
            "[provider.api_error] The API returned a response containing only thinking content without any text or tool calls.",
            ServerError,
        ),
        (
            200,
            "The model returned only reasoning content and no answer",
            ServerError,
        ),
        (
            200,
            r#"data: {"error":{"message":"response contained only thinking blocks"}}"#,
            ServerError,
        ),
    ]);
}

#[test]
fn what_a_parser_did_not_expect_was_not_decoded() {
    check(&[
        (
            200,
            "Internal error: serialization error: unknown variant `ping`, expected one of `response.created`, `error`",
            Decode,
        ),
        (
            200,
            "Internal error: missing field `choices` at line 1 column 20",
            Decode,
        ),
        (
            200,
            "stream error: unknown variant `keepalive`, expected `message` or `done`",
            Decode,
        ),
        (
            200,
            r#"data: {"error":"deserialization error: invalid type: null, expected a string"}"#,
            Decode,
        ),
        // A server that says so of a request.
        (
            400,
            "unknown variant `foo`, expected one of `user`, `system`",
            BadRequest,
        ),
        (
            422,
            r#"{"error":{"message":"Failed to deserialize the JSON body: tools[0]: unknown variant `x`, expected `function`","type":"invalid_request_error"}}"#,
            BadRequest,
        ),
    ]);
}

#[test]
fn a_wait_that_an_event_tells_of_was_one_within_the_answer() {
    check(&[
        (
            200,
            r#"data: {"type":"error","message":"LLM 调用超时"}"#,
            TimeoutIdle,
        ),
        (
            200,
            "event: error\ndata: {\"message\":\"The call to the model timed out\"}",
            TimeoutIdle,
        ),
        (
            200,
            r#"data: {"error":{"message":"Request timed out."}}"#,
            TimeoutIdle,
        ),
        (200, r#"data: {"error":"timeout"}"#, TimeoutIdle),
        // Nothing had come.
        (
            200,
            "event: error\ndata: {\"message\":\"no tokens generated within 90s\"}",
            TimeoutHead,
        ),
    ]);
}

#[test]
fn nobody_free_to_serve_is_an_overload_in_chinese_too() {
    check(&[
        (
            503,
            "■ unexpected status 503 Service Unavailable: auth_unavailable: 账号池没有可用账号：候选 1 个",
            Overloaded,
        ),
        (
            503,
            r#"{"error":{"message":"暂无可用账号，请稍后重试"}}"#,
            Overloaded,
        ),
        (
            200,
            r#"data: {"error":{"message":"没有可用的渠道"}}"#,
            Overloaded,
        ),
        (503, "当前没有可用的节点", Overloaded),
    ]);
}

#[test]
fn a_relay_says_what_became_of_the_stream_behind_it() {
    check(&[
        (
            200,
            r#"data: {"type":"error","error":{"type":"upstream_error","code":"stream_read_error","message":"stream_read_error"}}"#,
            StreamTruncated,
        ),
        (
            200,
            r#"data: {"error":{"code":"stream_aborted","message":"x"}}"#,
            StreamTruncated,
        ),
        (
            200,
            r#"data: {"error":{"code":"stream_read_failed"}}"#,
            StreamTruncated,
        ),
        (
            200,
            r#"data: {"error":{"code":"upstream_stream_broken","message":"x"}}"#,
            StreamTruncated,
        ),
        (
            200,
            r#"event: response.failed
data: {"type":"response.failed","response":{"status":"failed","error":{"type":"upstream_error","code":"upstream_error","message":"Upstream response failed"}}}"#,
            ServerError,
        ),
        (
            200,
            r#"data: {"error":{"message":"Upstream generation failed","type":"upstream_error"}}"#,
            ServerError,
        ),
        (
            200,
            "event:error\ndata:{\"code\":\"model_error\",\"message\":\"upstream down\"}",
            BadGateway,
        ),
        (
            200,
            r#"data: {"error":{"message":"The provider is down"}}"#,
            BadGateway,
        ),
        (
            200,
            r#"data: {"error":{"message":"Provider stream was not established"}}"#,
            BadGateway,
        ),
        (
            200,
            r#"data: {"error":"upstream session could not be established"}"#,
            BadGateway,
        ),
        (
            200,
            "Unexpected event order, got message_start before receiving \"message_stop\"",
            Decode,
        ),
        (
            200,
            "Unexpected event order: content_block_delta before message_start",
            Decode,
        ),
        (
            200,
            r#"data: {"error":"received out-of-order event: content_block_stop"}"#,
            Decode,
        ),
    ]);
}

#[test]
fn who_waited_in_a_queue_met_an_overload() {
    check(&[
        (
            200,
            r#"data: {"error":{"object":"error","message":"Request waiting timeout reached.","type":"SERVICE_UNAVAILABLE","param":null,"code":503}}"#,
            Overloaded,
        ),
        (503, r#"{"error":"request timed out in queue"}"#, Overloaded),
        (503, "Queue timeout: no worker took the request", Overloaded),
        (
            200,
            r#"data: {"error":{"message":"Timed out while waiting in the queue"}}"#,
            Overloaded,
        ),
    ]);
}
