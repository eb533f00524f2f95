//! What relays, gateways and providers say of a call, and finish reasons that are failures.

use super::*;

/// Asks with a status, and compares the kind and whether the next try may help.
#[track_caller]
fn check(cases: &[(u16, &str, FailureKind)]) {
    let wrong: Vec<_> = cases
        .iter()
        .filter_map(|(status, body, expected)| {
            let said = ask(*status, body).map(|class| (class.kind, class.transient));
            let transient = Classification::new(*expected, Phase::Body).transient;
            (said != Some((*expected, transient)))
                .then(|| format!("{status} {body}: {said:?}, not {expected:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

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
fn a_limit_that_waits_or_throttles_is_no_length() {
    check(&[
        (
            429,
            r#"{"statusCode":429,"message":"Token limit is exceeded. Try again in 59 seconds."}"#,
            RateLimited,
        ),
        (
            429,
            r#"{"message":"Input token limit exceeded, retry after 12 seconds"}"#,
            RateLimited,
        ),
        (
            429,
            "Prompt tokens exceed the limit of the deployment. Please wait 40 seconds.",
            RateLimited,
        ),
        (
            400,
            r#"{"message":"Throttling error: maximum context length per minute reached"}"#,
            RateLimited,
        ),
        (
            400,
            r#"{"message":"Throttled: too many input tokens in this context window"}"#,
            RateLimited,
        ),
        (
            400,
            r#"{"error":"Your request was throttled: context length of the minute is used"}"#,
            RateLimited,
        ),
        // Nothing is said of a time.
        (
            429,
            "Input is too long: 9000 tokens exceed the context window",
            ContextLength,
        ),
    ]);
}

#[test]
fn more_output_than_the_model_writes_is_no_input() {
    check(&[
        (
            400,
            r#"{"error":{"message":"max_tokens=200000 cannot be greater than max_model_len=100000. Please request fewer output tokens.","type":"BadRequestError","param":"max_tokens","code":400}}"#,
            BadRequest,
        ),
        (
            400,
            r#"{"error":{"message":"max_completion_tokens (65536) is greater than max_model_len (32768)","type":"BadRequestError"}}"#,
            BadRequest,
        ),
        (
            400,
            "max_new_tokens=9000 must not be larger than max_model_len=8192",
            BadRequest,
        ),
        (
            400,
            r#"{"detail":"max_tokens 131072 exceeds max_seq_len 32768 of the engine"}"#,
            BadRequest,
        ),
        (
            400,
            r#"API Error: Status Code 400, {"code":20015,"message":"length of prompt_tokens (68957) must be less than max_seq_len (65536).","data":null}"#,
            ContextLength,
        ),
        (
            400,
            r#"{"message":"40000 tokens are over max_seq_len 32768"}"#,
            ContextLength,
        ),
        (
            400,
            "The total length 70000 exceeds max_sequence_length 65536",
            ContextLength,
        ),
        (
            400,
            r#"{"error":"prompt of 9000 tokens, max seq len is 8192"}"#,
            ContextLength,
        ),
    ]);
}

#[test]
fn who_is_denied_for_calling_too_often_may_call_later() {
    check(&[
        (
            403,
            r#"event:error data:{"code":"AccessDenied","message":"Rate limit exceeded. Please wait and try again, or upgrade your API plan.","request_id":"3"}"#,
            RateLimited,
        ),
        (
            403,
            r#"{"code":"AccessDenied","message":"Too many requests, please slow down"}"#,
            RateLimited,
        ),
        (
            403,
            r#"{"code":"access_denied","message":"请求频率过高，请稍后重试"}"#,
            RateLimited,
        ),
        (
            403,
            r#"{"error":{"type":"permission_error","message":"This endpoint is throttled; try again later."}}"#,
            RateLimited,
        ),
        (
            403,
            "Forbidden. This may be due to too many requests.",
            RateLimited,
        ),
        // Nobody lifts this limit by waiting.
        (
            403,
            r#"{"error_code":"PERMISSION_DENIED","message":"The endpoint is disabled due to a rate limit set to 0."}"#,
            Permission,
        ),
    ]);
}

#[test]
fn a_key_a_signature_or_a_session_that_is_not_taken_is_one_of_who_asks() {
    check(&[
        (
            200,
            r#"data: {"error":{"code":"101","message":"Signature invalid"},"id":"c"}"#,
            Auth,
        ),
        (
            200,
            r#"data: {"error":{"message":"The signature of the call is missing"}}"#,
            Auth,
        ),
        (
            401,
            "Signature mismatch: wrong signature for this key",
            Auth,
        ),
        (
            403,
            r#"{"error":{"type":"permission_error","message":"Invalid authorization","details":{"error_code":"account_session_invalid"}}}"#,
            Auth,
        ),
        (
            403,
            r#"{"error":{"type":"permission_error","message":"Authorization header is malformed"}}"#,
            Auth,
        ),
        (
            400,
            r#"{"errorCode":"BXNIM0462E","errorMessage":"Provided API key is disabled."}"#,
            Auth,
        ),
        (
            400,
            r#"{"message":"The API key was deactivated by its owner"}"#,
            Auth,
        ),
        (403, "API key has been revoked", Auth),
        // Of a model's thoughts, which are signed.
        (
            400,
            "messages.1.content.0: Invalid `signature` in `thinking` block",
            BadRequest,
        ),
    ]);
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
