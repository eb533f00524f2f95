//! What the words of a body say beside its status and codes.

use super::*;

#[test]
fn words_know_better_where_a_status_or_a_code_leaves_it_open() {
    for (status, body, expected) in [
        // The server that answered did not reach the next one, or not find its name.
        (
            500,
            r#"{"error":{"message":"Cannot connect to host x.example:443 [Name or service not known]"}}"#,
            BadGateway,
        ),
        (
            500,
            r#"{"error":{"message":"connect ECONNREFUSED 10.0.0.1:80"}}"#,
            BadGateway,
        ),
        // Who is known may still not do everything; a word for both is no proof.
        (
            401,
            r#"{"message":"You have insufficient permissions: missing scopes"}"#,
            Permission,
        ),
        (
            401,
            r#"{"message":"Access denied, missing subscription key"}"#,
            Auth,
        ),
        (
            401,
            r#"{"code":"unauthorized","message":"The `models` permission is required"}"#,
            Permission,
        ),
        (
            403,
            r#"{"code":"unauthorized","message":"You are not authorized to use this feature"}"#,
            Permission,
        ),
        (403, r#"{"detail":"Authentication failed"}"#, Permission),
        (
            403,
            r#"{"detail":"Your API key was reported as leaked"}"#,
            Auth,
        ),
        // A rate that is called a quota, and a quota that is called a rate.
        (
            429,
            r#"{"code":"request_quota_exceeded","message":"Requests per minute limit exceeded"}"#,
            RateLimited,
        ),
        (
            429,
            r#"{"message":"You exceeded your current quota","details":[{"retryDelay":"25s"}]}"#,
            RateLimited,
        ),
        (
            429,
            r#"{"message":"You exceeded your current quota, limit: 0","details":[{"retryDelay":"25s"}]}"#,
            QuotaExhausted,
        ),
        (
            429,
            r#"{"type":"rate_limit_error","message":"You have hit your session limit. It resets at 8pm."}"#,
            QuotaExhausted,
        ),
        (
            400,
            r#"{"message":"You have hit the rate limit"}"#,
            RateLimited,
        ),
        (
            400,
            r#"{"message":"tool use concurrency issues"}"#,
            BadRequest,
        ),
        // Gateways name themselves beside the status of who is behind them.
        (
            400,
            r#"{"message":"input is none","type":"upstream_error","code":"x"}"#,
            BadRequest,
        ),
        (
            500,
            r#"{"error":{"code":500,"type":"upstream_error","message":"x"}}"#,
            BadGateway,
        ),
        // In a stream every error can have the code of another.
        (
            200,
            r#"{"error":{"type":"invalid_request_error","message":"Selected model is at capacity"}}"#,
            Overloaded,
        ),
        (
            200,
            r#"{"error":{"type":"upstream_error","message":"socket hang up"}}"#,
            ConnectionClosed,
        ),
        (
            200,
            r#"{"error":{"type":"upstream_error","message":"invalid api key"}}"#,
            Auth,
        ),
    ] {
        assert_eq!(kind(status, body), Some(expected), "{status} {body}");
    }
}

#[test]
fn messages_are_read_before_names_and_codes() {
    for (status, body, expected) in [
        // The code is vague and the words of its name are those of another kind.
        (
            429,
            r#"{"error":{"status":"RESOURCE_EXHAUSTED","message":"Your credits are depleted."}}"#,
            QuotaExhausted,
        ),
        (
            403,
            r#"{"error":{"code":"unsupported_value","message":"Organization must be verified"}}"#,
            Permission,
        ),
        (
            404,
            r#"{"error":{"code":"model_not_found","message":"Organization must be verified"}}"#,
            Permission,
        ),
        // To the end, whatever quotes are escaped in it, and not beyond.
        (
            400,
            r#"{"message":"the model's \"context\" is: prompt is too long","id":"x"}"#,
            ContextLength,
        ),
        (
            400,
            r#"{"message":"see below","hint":"prompt is too long"}"#,
            BadRequest,
        ),
        // Two messages are two sentences.
        (400, r#"{"title":"usage","detail":"policy"}"#, BadRequest),
        // A reason phrase counts where nothing else is said.
        (
            503,
            r#"{"reason":"Service Unavailable","message":"No running instances available"}"#,
            Overloaded,
        ),
        (503, r#"{"message":"Service Unavailable"}"#, BadGateway),
        // XML has no messages for us, but codes.
        (
            503,
            "<Error><Code>SlowDown</Code><Message>x</Message></Error>",
            Overloaded,
        ),
        (
            400,
            "<Error><Code>ExpiredToken</Code><Message>x</Message></Error>",
            Auth,
        ),
    ] {
        assert_eq!(kind(status, body), Some(expected), "{status} {body}");
    }
}

#[test]
fn words_that_do_not_fit_do_not_hide_those_that_do() {
    for (status, body, expected) in [
        // A connection was not lost: there was an answer.
        (
            400,
            r#"{"message":"connection reset: your credit balance is too low"}"#,
            QuotaExhausted,
        ),
        (
            429,
            r#"{"message":"invalid api key or out of credits"}"#,
            QuotaExhausted,
        ),
        // A server that fails forbids nothing, but may have lost who asked.
        (
            500,
            r#"{"message":"You are not allowed to do this: jwt expired"}"#,
            Auth,
        ),
        // What confirms the status ends the search.
        (
            429,
            r#"{"message":"Rate limit exceeded, please slow down"}"#,
            RateLimited,
        ),
        // Words that repeat it do not make something lasting pass.
        (501, r#"{"message":"internal server error"}"#, ServerError),
    ] {
        assert_eq!(kind(status, body), Some(expected), "{status} {body}");
    }
    let class = ask(501, r#"{"message":"internal server error"}"#).unwrap();
    assert!(!class.transient);
}

#[test]
fn statuses_that_say_less_than_the_rest() {
    for (status, body, expected, transient) in [
        // It is the server that is at fault.
        (
            400,
            r#"{"detail":"Function id 'x': DEGRADED function cannot be invoked"}"#,
            ServerError,
            true,
        ),
        // What one may not see does not exist for him.
        (
            403,
            r#"{"error":{"code":"model_not_found","message":"Project does not have access to it"}}"#,
            Permission,
            false,
        ),
        (
            404,
            r#"{"error":{"code":"model_not_found","message":"You do not have access to it"}}"#,
            NotFound,
            false,
        ),
        // Who asks for money forbids the rest.
        (
            402,
            r#"{"detail":{"code":"deactivated_workspace"}}"#,
            QuotaExhausted,
            false,
        ),
        // An answer that never began was not interrupted.
        (
            504,
            r#"{"error":{"type":"timeout_error","message":"Request timed out. Try streaming."}}"#,
            TimeoutHead,
            true,
        ),
        (
            504,
            r#"{"message":"Request idle timeout limit (150s) reached"}"#,
            TimeoutIdle,
            true,
        ),
        (424, r#"{"message":"x"}"#, ServerError, true),
        // The vendor's number leaves it to the words.
        (
            400,
            r#"{"base_resp":{"status_code":2013,"status_msg":"context window exceeds limit"}}"#,
            ContextLength,
            false,
        ),
    ] {
        let class = ask(status, body).unwrap();
        let said = (class.kind, class.transient);
        assert_eq!(said, (expected, transient), "{status} {body}");
    }
}

#[test]
fn a_limit_of_moments_is_a_rate_unless_money_is_asked_for() {
    for (status, body, expected) in [
        (
            429,
            "usage limit reached; 20 requests per minute",
            RateLimited,
        ),
        (
            429,
            "Free usage exceeded, add credits [retrying in 32m 50s attempt #1]",
            QuotaExhausted,
        ),
        // Google counts the minutes in the name of the limit only.
        (
            429,
            r#"{"error":{"message":"You exceeded your current quota","status":"RESOURCE_EXHAUSTED","details":[{"quotaId":"TokensPerModelPerMinute-FreeTier"}]}}"#,
            RateLimited,
        ),
        (
            429,
            r#"{"error":{"message":"You exceeded your current quota","status":"RESOURCE_EXHAUSTED","details":[{"quotaId":"RequestsPerDay-FreeTier"},{"quotaId":"RequestsPerMinute-FreeTier"}]}}"#,
            QuotaExhausted,
        ),
        // Some call every 429 a rate.
        (
            429,
            r#"{"error":{"type":"rate_limit_error","message":"The engine is overloaded"}}"#,
            Overloaded,
        ),
        (400, "Request rate increased too quickly.", RateLimited),
        (400, "请求频率过高", RateLimited),
        (400, "the stream was too quick", BadRequest),
    ] {
        assert_eq!(kind(status, body), Some(expected), "{status} {body}");
    }
}

#[test]
fn who_is_known_and_may_not_is_told_from_who_is_not_known() {
    for (status, body, expected) in [
        (
            401,
            "The principal `x` lacks the required data action `y`",
            Permission,
        ),
        (401, "Invalid proxy server token passed", Auth),
        (403, "Request blocked by upstream provider", Permission),
        (
            403,
            r#"{"error":{"type":"FreeTierError","message":"It can only be used from within X"}}"#,
            Permission,
        ),
        (
            403,
            r#"{"error":{"type":"FreeTierOnly","message":"nope"}}"#,
            QuotaExhausted,
        ),
    ] {
        assert_eq!(kind(status, body), Some(expected), "{status} {body}");
    }
}

#[test]
fn chinese_services_are_understood() {
    for (status, message, expected) in [
        (400, "输入的上下文太长", ContextLength),
        (403, "本月套餐额度已经用完", QuotaExhausted),
        (429, "本周使用量已达上限", QuotaExhausted),
        (429, "当前模型请求量过高", Overloaded),
        (429, "并发数超过套餐额度", RateLimited),
        (500, "当前使用人数较多", Overloaded),
        (400, "图片审核未通过", ContentFiltered),
        (403, "该账号没有权限", Permission),
        (400, "签名不正确", Auth),
        (400, "找不到该模型", NotFound),
        (0, "参数 x 格式错误", BadRequest),
        (0, "系统异常", ServerError),
    ] {
        let body = format!(r#"{{"error":{{"message":"{message}"}}}}"#);
        assert_eq!(kind(status, &body), Some(expected), "{status} {message}");
    }
}

#[test]
fn what_fits_at_other_times_is_not_too_large() {
    for (status, body, expected) in [
        (
            429,
            r#"{"error":{"message":"High demand: your request exceeds the maximum usage size allowed during peak load. Please retry after 10 seconds.","code":"RATE_LIMITED"}}"#,
            Overloaded,
        ),
        (
            429,
            "Request size exceeds what is allowed during peak load",
            RateLimited,
        ),
        (
            413,
            "Request exceeds the maximum size of 32 MB",
            PayloadTooLarge,
        ),
        // DashScope's words for the tokens of a minute, and for those of a trial.
        (
            0,
            "Allocated quota exceeded, please increase your quota limit.",
            RateLimited,
        ),
        (0, "Free allocated quota exceeded.", QuotaExhausted),
        (
            0,
            "too many tokens: total number of tokens (prompt and prediction) cannot exceed 2048. Use a smaller max_tokens value.",
            ContextLength,
        ),
    ] {
        assert_eq!(kind(status, body), Some(expected), "{status} {body}");
    }
}
