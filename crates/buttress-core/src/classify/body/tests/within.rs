//! Bodies within texts, codes without bodies, and errors within answers.

use super::*;

#[test]
fn a_text_is_read_by_the_codes_of_the_body_that_it_quotes() {
    let text = |text| crate::classify::text(text).map(|class| class.kind);
    for (words, expected) in [
        // A code of one meaning beats the words around it.
        (
            r#"Error: 400 {"error":{"code":"pool_exhausted_quota","message":"slow"}}"#,
            QuotaExhausted,
        ),
        (
            r#"body: {"error":{"type":"overloaded_error","message":"internal server error"}}"#,
            Overloaded,
        ),
        // So does a number in it, and Zhipu's between brackets.
        (
            r#"failed: {"error":{"message":"Service is not there","code":503}}"#,
            Overloaded,
        ),
        (
            "rejected (429) · [1305][The model is popular][2026]",
            Overloaded,
        ),
        // A vague code leaves the rest to its message, but says less than a status.
        (
            r#"{"error":{"type":"server_error","message":"all workers busy"}}"#,
            Overloaded,
        ),
        (
            r#"status code 524: {"error":{"type":"upstream_error","message":""}}"#,
            TimeoutHead,
        ),
        // What is no body is read as ever.
        (
            r#"AxiosError: read ECONNRESET {"code":"ERR_BAD_RESPONSE"}"#,
            ConnectionReset,
        ),
        (
            r#"{"error":{"message":"read ECONNRESET"}}"#,
            ConnectionReset,
        ),
    ] {
        assert_eq!(text(words), Some(expected), "{words}");
    }
    // Nobody has answered us.
    let class = crate::classify::text(r#"{"error":{"message":"x","code":503}}"#).unwrap();
    assert_eq!(class.delivery, Delivery::Unknown);
}

#[test]
fn codes_stand_between_brackets_as_well() {
    for (status, body, expected) in [
        (
            0,
            "Upstream request failed: [unsupported_tool_schema] too many",
            BadRequest,
        ),
        (
            0,
            "Upstream request failed: [insufficient_quota] sorry",
            QuotaExhausted,
        ),
        (429, "[1308][Usage][2026]", QuotaExhausted),
        // An index and a note are none.
        (429, "messages[1308].content is too much", RateLimited),
        (429, "[insufficientquota] sorry", RateLimited),
        (429, "[13080][Usage][2026]", RateLimited),
    ] {
        assert_eq!(kind(status, body), Some(expected), "{status} {body}");
    }
}

#[test]
fn a_connection_ends_within_an_answer_only() {
    let body = r#"{"error":{"code":"websocket_connection_limit_reached","message":"x"}}"#;
    assert_eq!(kind(200, body), Some(ConnectionClosed));
    assert_eq!(kind(502, body), Some(BadGateway));
}

#[test]
fn says_what_is_wrong_with_a_request_where_no_status_does() {
    for (words, expected) in [
        (
            "The parameter `temperature` must be between 0 and 2",
            BadRequest,
        ),
        (
            "messages.3.content: Input should be a valid list",
            BadRequest,
        ),
        ("Unsupported reasoning effort: xhigh", BadRequest),
        ("validation of the request failed: too short", BadRequest),
        // Not of the request.
        ("invalid value in the response", ServerError),
        ("the server sent an unexpected field", ServerError),
        ("the cat sat on the mat", ServerError),
    ] {
        let body = format!("data: {{\"error\":{{\"message\":\"{words}\"}}}}");
        assert_eq!(kind(200, &body), Some(expected), "{words}");
    }
    // A status knows better.
    assert_eq!(kind(403, "The request must be verified"), Some(Permission));
}

#[test]
fn money_and_rates_are_told_apart_by_their_status() {
    for (status, body, expected) in [
        (
            404,
            r#"{"detail":"Your credit balance is too low for this model"}"#,
            QuotaExhausted,
        ),
        (
            404,
            r#"{"detail":"You have reached the limit of your plan"}"#,
            NotFound,
        ),
        (
            400,
            r#"{"code":"InsufficientQuota","message":"Tokens per minute: 0"}"#,
            QuotaExhausted,
        ),
        (
            429,
            r#"{"code":"QuotaExceeded","message":"60 requests per minute"}"#,
            RateLimited,
        ),
    ] {
        assert_eq!(kind(status, body), Some(expected), "{status} {body}");
    }
}
