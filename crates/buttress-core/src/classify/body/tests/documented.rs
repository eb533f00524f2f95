//! Codes and messages as the pages of their vendors list them, in an event within a stream, where no
//! status says what they mean.

use super::*;

#[track_caller]
fn codes(cases: &[(&str, FailureKind)]) {
    for (code, expected) in cases {
        for event in [
            r#"data: {"type":"error","error":{"code":"@","message":"x"}}"#,
            r#"data: {"error":{"type":"@","message":"x"}}"#,
        ] {
            check(&[(200, &event.replace('@', code), *expected)]);
        }
    }
}

#[track_caller]
fn messages(cases: &[(&str, FailureKind)]) {
    for (message, expected) in cases {
        let event = format!(r#"data: {{"error":{{"code":"100999","message":"{message}"}}}}"#);
        check(&[(200, &event, *expected)]);
    }
}

#[test]
fn openai() {
    // `ResponseErrorCode` of its API description, version 2.3.0.
    codes(&[
        ("server_error", ServerError),
        ("rate_limit_exceeded", RateLimited),
        ("invalid_prompt", ContentFiltered),
        ("bio_policy", ContentFiltered),
        ("misalignment_policy_violation", ContentFiltered),
        ("data_residency_mismatch", BadRequest),
        ("vector_store_timeout", TimeoutIdle),
        ("invalid_image", BadRequest),
        ("invalid_image_format", BadRequest),
        ("invalid_base64_image", BadRequest),
        ("invalid_image_url", BadRequest),
        ("invalid_image_mode", BadRequest),
        ("image_parse_error", BadRequest),
        ("image_too_large", PayloadTooLarge),
        ("image_file_too_large", PayloadTooLarge),
        ("image_too_small", BadRequest),
        ("empty_image_file", BadRequest),
        ("unsupported_image_media_type", BadRequest),
        ("image_content_policy_violation", ContentFiltered),
        ("image_file_not_found", NotFound),
    ]);
}

#[test]
fn openrouter() {
    // `ApiErrorType` (openrouter.ai/docs/client-sdks/python/components/apierrortype).
    codes(&[
        ("context_length_exceeded", ContextLength),
        ("token_limit_exceeded", ContextLength),
        ("string_too_long", PayloadTooLarge),
        ("authentication", Auth),
        ("permission_denied", Permission),
        ("payment_required", QuotaExhausted),
        ("provider_overloaded", Overloaded),
        ("provider_unavailable", Overloaded),
        ("invalid_request", BadRequest),
        ("not_found", NotFound),
        ("precondition_failed", BadRequest),
        ("payload_too_large", PayloadTooLarge),
        ("unprocessable", BadRequest),
        ("content_policy_violation", ContentFiltered),
        ("refusal", ContentFiltered),
        ("unsupported_image_format", BadRequest),
        ("image_not_found", NotFound),
        ("server", ServerError),
        ("timeout", TimeoutIdle),
    ]);
}

#[test]
fn gemini_and_grpc() {
    // ai.google.dev/gemini-api/docs/api-errors, and the names of `google.rpc.Code`.
    codes(&[
        ("parameter_unknown", BadRequest),
        ("model_not_found", NotFound),
        ("quota_exceeded", QuotaExhausted),
        ("gateway_timeout", TimeoutHead),
        ("ALREADY_EXISTS", BadRequest),
        ("UNIMPLEMENTED", BadRequest),
        ("OUT_OF_RANGE", BadRequest),
        ("FAILED_PRECONDITION", BadRequest),
        ("UNAUTHENTICATED", Auth),
        ("ABORTED", ServerError),
        ("INTERNAL", ServerError),
        ("UNKNOWN", ServerError),
        ("UNAVAILABLE", Overloaded),
        ("DEADLINE_EXCEEDED", TimeoutIdle),
    ]);
}

#[test]
fn volcengine() {
    // www.volcengine.com/docs/82379/1099476
    codes(&[
        ("MissingParameter", BadRequest),
        ("InvalidEndpoint.ClosedEndpoint", NotFound),
        ("InputTextRiskDetection", ContentFiltered),
        ("InputImageRiskDetection", ContentFiltered),
        ("OutputTextRiskDetection", ContentFiltered),
        ("AuthenticationError", Auth),
        ("AccountOverdueError", QuotaExhausted),
        ("AccessDenied", Permission),
        ("InvalidEndpointOrModel.NotFound", NotFound),
        ("ModelNotOpen", NotFound),
        ("ServerOverloaded", Overloaded),
        ("InternalServiceError", ServerError),
    ]);
}

#[test]
fn alibaba() {
    // help.aliyun.com/en/model-studio/error-code
    codes(&[
        ("Arrearage", QuotaExhausted),
        ("CommodityNotPurchased", QuotaExhausted),
        ("PrepaidBillOverdue", QuotaExhausted),
        ("Throttling.BurstRate", RateLimited),
        ("BadRequest.EmptyInput", BadRequest),
        ("BadRequest.ResourceNotExist", NotFound),
        ("DataInspectionFailed", ContentFiltered),
        ("InternalError.Timeout", TimeoutIdle),
        ("RequestTimeOut", TimeoutIdle),
        ("ResponseTimeout", TimeoutIdle),
        ("ModelServiceFailed", ServerError),
        ("ModelUnavailable", Overloaded),
        ("AccessDenied.Unpurchased", Permission),
        ("MismatchedModel", BadRequest),
        ("ClientDisconnect", Cancelled),
    ]);
    // help.aliyun.com/document_detail/2593384.html
    messages(&[
        ("用户未登录，无法获取用户信息", Auth),
        ("触发平台限流规则，请稍后重试", RateLimited),
        ("参数缺失", BadRequest),
        ("参数非法", BadRequest),
        ("无权限进行此操作", Permission),
        ("请求内容没有通过安全策略", ContentFiltered),
        ("响应内容没有通过安全策略", ContentFiltered),
        ("无可用额度", QuotaExhausted),
        ("应用ID不合法", BadRequest),
        ("请求调用超时", TimeoutIdle),
        ("插件调用失败", ServerError),
        ("API令牌认证失败", Auth),
        ("业务空间ID不存在", NotFound),
        ("模型不存在", NotFound),
        ("模型暂时无法提供服务", Overloaded),
        ("请求Body不是JSON格式", BadRequest),
        ("大模型调用失败", ServerError),
        ("大模型调用超时", TimeoutIdle),
    ]);
}

#[test]
fn moonshot() {
    // platform.kimi.ai/docs/api/errors
    for (status, kind, message, expected) in [
        (
            400,
            "content_filter",
            "The request was rejected because it was considered high risk",
            ContentFiltered,
        ),
        (
            400,
            "invalid_request_error",
            "Input token length too long",
            ContextLength,
        ),
        (
            400,
            "invalid_request_error",
            "Your request exceeded model token limit : 8192",
            ContextLength,
        ),
        (
            400,
            "invalid_request_error",
            "File size is zero, please confirm and re-upload the file",
            BadRequest,
        ),
        (
            400,
            "invalid_request_error",
            "File size is too large, max file size is 100MB, please confirm and re-upload the file",
            PayloadTooLarge,
        ),
        (
            401,
            "invalid_authentication_error",
            "Invalid Authentication",
            Auth,
        ),
        (
            401,
            "incorrect_api_key_error",
            "Incorrect API key provided",
            Auth,
        ),
        (
            403,
            "error",
            "You've reached your usage limit for this billing cycle",
            QuotaExhausted,
        ),
        (
            429,
            "engine_overloaded_error",
            "The engine is currently overloaded, please try again later",
            Overloaded,
        ),
        (
            429,
            "exceeded_current_quota_error",
            "You exceeded your current token quota",
            QuotaExhausted,
        ),
        (
            429,
            "rate_limit_reached_error",
            "We're receiving too many requests",
            RateLimited,
        ),
    ] {
        let body = format!(r#"{{"error":{{"type":"{kind}","message":"{message}"}}}}"#);
        check(&[(status, &body, expected)]);
        check(&[(200, &format!("data: {body}"), expected)]);
    }
}

#[test]
fn bedrock() {
    // The errors of `InvokeModelWithResponseStream` and `ConverseStream` in its API reference.
    for (name, expected) in [
        ("internalServerException", ServerError),
        ("modelStreamErrorException", ServerError),
        ("modelTimeoutException", TimeoutHead),
        ("serviceUnavailableException", Overloaded),
        ("throttlingException", RateLimited),
        ("validationException", BadRequest),
        ("ModelNotReadyException", Overloaded),
        ("ModelErrorException", ServerError),
        ("ResourceNotFoundException", NotFound),
        ("ServiceQuotaExceededException", QuotaExhausted),
    ] {
        for event in [
            format!(r#"{{"{name}":{{"message":"x"}}}}"#),
            format!(r#"data: {{"error":{{"type":"{name}","message":"x"}}}}"#),
            format!("An error occurred ({name}) when calling the ConverseStream operation: x"),
        ] {
            check(&[(200, &event, expected)]);
        }
    }
}
