//! What is said of a request, or of who asks, in words that others use of something else.

use super::*;

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
fn what_an_account_does_not_have_is_not_found() {
    check(&[
        (
            400,
            "botocore.errorfactory.ValidationError: An error occurred (ValidationError) when calling the InvokeEndpointWithResponseStream operation: Endpoint deepseek-ai-DeepSeek-R1-Distill-Qwen-1-5B-250328-0051 of account 104946057020 not found.",
            NotFound,
        ),
        (
            400,
            r#"{"message":"Inference profile abc-1 of account 12 does not exist"}"#,
            NotFound,
        ),
        (
            404,
            "Function '23d4': Not found for account 'Qawm'",
            NotFound,
        ),
        (
            400,
            "An error occurred (ValidationException) when calling the Converse operation: provisioned model in account 12 was not found",
            NotFound,
        ),
    ]);
}

#[test]
fn who_looks_like_a_robot_may_not() {
    check(&[
        (
            200,
            r#"{"status":false,"error":{"message":"Invalid response code 403, {\"detail\":\"Unusual activity has been detected from your device. Try again later. (9350de39fc02a5f3-SJC)\"}","type":"invalid_request_error"}}"#,
            Permission,
        ),
        (
            403,
            r#"{"detail":"Unusual activity detected. Try again later."}"#,
            Permission,
        ),
        (
            403,
            "Suspicious activity detected from your network",
            Permission,
        ),
        (
            403,
            "We have detected unusual activity on your account",
            Permission,
        ),
        (
            429,
            "Due to suspicious activity we limit how often you can call",
            RateLimited,
        ),
    ]);
}

#[test]
fn a_request_that_is_called_invalid_is_wrong() {
    check(&[
        (
            200,
            r#"{"type":"error","errorText":"Invalid Responses API request"}"#,
            BadRequest,
        ),
        (
            200,
            r#"{"type":"error","errorText":"Invalid Chat Completions API request"}"#,
            BadRequest,
        ),
        (200, r#"data: {"error":"Invalid chat request"}"#, BadRequest),
        (
            200,
            r#"data: {"error":"The API request is invalid"}"#,
            BadRequest,
        ),
    ]);
}
