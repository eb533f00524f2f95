//! Bodies of the APIs, and what must not be taken for an error.

mod contrasts;
mod documented;
mod hints;
mod messages;
mod relays;
mod requests;
mod servers;
mod within;
mod words;

use super::*;
use FailureKind::*;
use http::HeaderValue;
use proptest::prelude::*;

fn ask(status: u16, body: &str) -> Option<Classification> {
    let status = (status > 0).then(|| StatusCode::from_u16(status).unwrap());
    super::body(status, &HeaderMap::new(), body.as_bytes())
}

fn kind(status: u16, body: &str) -> Option<FailureKind> {
    ask(status, body).map(|class| class.kind)
}

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
fn code_beats_status_beats_words() {
    for (status, body, expected) in [
        // A code of one meaning, whatever the status and the words.
        (
            429,
            r#"{"error":{"type":"insufficient_quota","message":"slow down"}}"#,
            QuotaExhausted,
        ),
        (
            500,
            r#"{"error":{"code":"rate_limit_exceeded"}}"#,
            RateLimited,
        ),
        (
            400,
            r#"{"error":{"code":"model_not_found","message":"overloaded"}}"#,
            NotFound,
        ),
        (
            429,
            r#"{"error":{"code":"1113","message":"x"}}"#,
            QuotaExhausted,
        ),
        (
            403,
            r#"{"__type":"ThrottlingException","message":"x"}"#,
            RateLimited,
        ),
        // Neither words nor numbers are codes under other names, nor is every number one.
        (
            404,
            r#"{"error":{"param":"rate_limit_exceeded","limit":503}}"#,
            NotFound,
        ),
        (
            404,
            r#"{"error":{"code":503,"details":[{"code":7}]}}"#,
            Overloaded,
        ),
        (404, "rate_limit_exceeded", NotFound),
        // APIs say themselves that they are overloaded.
        (503, "<html><p>Hello</p></html>", BadGateway),
        // Words make a code sharper, unless the limit is over in a minute.
        (
            429,
            r#"{"error":{"code":"rate_limit_exceeded","message":"Quota exceeded, requests per day."}}"#,
            QuotaExhausted,
        ),
        (
            429,
            r#"{"error":{"code":"rate_limit_exceeded","message":"Quota exceeded, requests per day.","details":[{"retryDelay":"34s"}]}}"#,
            RateLimited,
        ),
        // A vague code where it contradicts the status, and not where it does not.
        (
            403,
            r#"{"error":{"type":"server_error","message":"x"}}"#,
            ServerError,
        ),
        (
            404,
            r#"{"error":{"type":"invalid_request_error","message":"x"}}"#,
            NotFound,
        ),
        (
            502,
            r#"{"error":{"type":"error","message":"x"}}"#,
            BadGateway,
        ),
        // A number in the body, over the status of the response.
        (200, r#"{"error":{"code":429,"message":"x"}}"#, RateLimited),
        (500, r#"{"error":{"code":401,"message":"x"}}"#, Auth),
        (
            200,
            r#"{"error":{"code":400,"type":"provider_error"}}"#,
            BadRequest,
        ),
        // Words that only repeat the code, and words that know more than it.
        (
            503,
            r#"{"error":{"status":"UNAVAILABLE","message":"Service Unavailable"}}"#,
            Overloaded,
        ),
        (
            500,
            r#"{"error":{"type":"server_error","message":"no healthy upstream"}}"#,
            BadGateway,
        ),
        // A server that fails numbers its own errors as it likes.
        (500, r#"{"error":{"code":1211,"message":"x"}}"#, ServerError),
        // And so does everybody else, beside a status that is clear.
        (
            429,
            r#"{"code":1000,"message":"Too many requests"}"#,
            RateLimited,
        ),
        (404, r#"{"code":1305,"message":"no such order"}"#, NotFound),
        (401, r#"{"code":1301,"message":"who are you"}"#, Auth),
        (429, r#"{"code":1113,"message":"x"}"#, QuotaExhausted),
        // Words within what the status allows.
        (
            400,
            r#"{"error":{"message":"prompt is too long"}}"#,
            ContextLength,
        ),
        (
            400,
            r#"{"error":{"message":"credit balance is too low"}}"#,
            QuotaExhausted,
        ),
        (
            400,
            r#"{"error":{"message":"connection reset by peer"}}"#,
            BadRequest,
        ),
        (404, r#"{"error":{"message":"rate limit"}}"#, NotFound),
        (401, r#"{"error":{"message":"server is overloaded"}}"#, Auth),
        (503, "no healthy upstream", BadGateway),
        (
            403,
            "upstream connect error or disconnect/reset before headers",
            BadGateway,
        ),
        // The status alone.
        (503, "", Overloaded),
        (418, "{}", BadRequest),
        (500, "\u{0}\u{1}", ServerError),
    ] {
        assert_eq!(kind(status, body), Some(expected), "{status} {body}");
    }
}

#[test]
fn events_of_every_dialect() {
    for (event, expected) in [
        (
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n",
            Overloaded,
        ),
        (
            r#"{"type":"response.failed","response":{"status":"failed","error":{"code":"context_length_exceeded","message":"x"}}}"#,
            ContextLength,
        ),
        (
            r#"data: [{"error":{"code":429,"status":"RESOURCE_EXHAUSTED"}}]"#,
            RateLimited,
        ),
        (
            r#"{"promptFeedback":{"blockReason":"OTHER"}}"#,
            ContentFiltered,
        ),
        (
            r#"{"choices":[{"delta":{},"finish_reason":"error"}],"error":{"code":502,"message":"x"}}"#,
            BadGateway,
        ),
        (
            r#"{"error":"model runner has unexpectedly stopped"}"#,
            ServerError,
        ),
        (
            r#"{"type":"error","error":{"type":"timeout_error","message":"x"}}"#,
            TimeoutIdle,
        ),
        (
            r#"{"error":{"message":"Provider returned error","code":403,"metadata":{"raw":"{\"error\":{\"code\":\"insufficient_quota\"}}"}}}"#,
            QuotaExhausted,
        ),
        (r#"{"error":{"something":"new"}}"#, ServerError),
        // An answer that a filter broke off, as OpenAI's Responses say it.
        (
            r#"{"type":"response.incomplete","response":{"incomplete_details":{"reason":"content_filter"}}}"#,
            ContentFiltered,
        ),
        (
            r#"{"choices":[{"delta":{},"finish_reason":"content_filter"}]}"#,
            ContentFiltered,
        ),
        (r#"{"type":"response.failed"}"#, ServerError),
        (r#"{"object":"error"}"#, ServerError),
        (r#"{"type":"api_error"}"#, ServerError),
        ("throttlingException", RateLimited),
        ("modelStreamErrorException", ServerError),
    ] {
        assert_eq!(kind(200, event), Some(expected), "{event}");
        assert_eq!(kind(0, event), Some(expected), "{event}");
    }
}

#[test]
fn an_exception_of_a_connection_is_no_code() {
    assert_eq!(
        kind(0, "SocketTimeoutException: connect"),
        Some(TimeoutConnect)
    );
    assert_eq!(
        kind(0, "SocketException: Connection reset"),
        Some(ConnectionReset)
    );
    assert_eq!(kind(503, "Service Unavailable"), Some(BadGateway));
    assert_eq!(kind(503, "Too many connections"), Some(Overloaded));
    assert_eq!(kind(0, "ModelTimeoutException"), Some(TimeoutHead));
}

#[test]
fn an_answer_is_no_error_whatever_it_talks_about() {
    for answer in [
        r#"{"choices":[{"message":{"content":"429 rate limit exceeded"}}]}"#,
        r#"{"choices":[{"delta":{"content":"{\"error\":{\"code\":\"insufficient_quota\"}}"}}]}"#,
        r#"{"type":"response.completed","response":{"error":null,"status":"completed"}}"#,
        r#"{"type":"content_block_delta","delta":{"type":"text_delta","text":"overloaded_error"}}"#,
        r#"{"error":null,"data":[]}"#,
        r#"{"error":{},"errors":[]}"#,
        r#"{"candidates":[{"finishReason":"STOP"}]}"#,
        // One that is as long as it may be.
        r#"{"type":"response.incomplete","response":{"incomplete_details":{"reason":"max_output_tokens"}}}"#,
        "data: [DONE]",
        "",
    ] {
        assert_eq!(ask(200, answer), None, "{answer}");
    }
    // A page where an answer was expected is somebody else's, whatever it says.
    for page in [
        "<html><p>Hello</p></html>",
        "<!doctype html><title>Sign in</title>",
        // HTML needs neither of these tags.
        "<meta http-equiv=refresh content='0;url=/login'>",
        r#"<script>go({"to": "/login"})</script>"#,
    ] {
        assert_eq!(kind(200, page), Some(CaptivePortal), "{page}");
    }
}

#[test]
fn members_are_known_in_any_spelling() {
    for body in [
        r#"{"error_code":"ModelNotFound","message":"x"}"#,
        r#"{"errorCode":"model_not_found","message":"x"}"#,
        r#"{"ErrorCode":"MODEL_NOT_FOUND","Message":"x"}"#,
        r#"{"Response":{"Error":{"Code":"model-not-found","Message":"x"}}}"#,
        r#"{":exception-type":"modelNotFoundException","message":"x"}"#,
    ] {
        assert_eq!(kind(200, body), Some(NotFound), "{body}");
    }
}

#[test]
fn a_code_beside_a_message_is_a_failure_where_there_is_no_answer() {
    for (body, expected) in [
        (r#"{"code":336501,"msg":"Rate limit reached"}"#, RateLimited),
        (
            r#"{"base_resp":{"status_code":1004,"status_msg":"login fail"}}"#,
            Auth,
        ),
        (r#"{"error_code":17,"error_msg":"limit"}"#, QuotaExhausted),
        (r#"{"code":-1,"message":"it broke"}"#, ServerError),
        (
            r#"{"code":"DataInspectionFailed","message":"x"}"#,
            ContentFiltered,
        ),
        (r#"{"data":null,"code":429,"message":"x"}"#, RateLimited),
    ] {
        assert_eq!(kind(200, body), Some(expected), "{body}");
    }
    for answer in [
        r#"{"code":0,"message":"ok"}"#,
        r#"{"code":200,"message":"ok"}"#,
        r#"{"code":20000,"message":"ok"}"#,
        r#"{"code":"0","message":"x"}"#,
        r#"{"code":"200","message":"x"}"#,
        r#"{"code":"OK","message":"x"}"#,
        r#"{"code":"Success","message":"x","usage":{"total_tokens":9}}"#,
        r#"{"base_resp":{"status_code":200,"status_msg":"x"}}"#,
        r#"{"code":429}"#,
        r#"{"code":"premium","message":"hello"}"#,
        r#"{"code":429,"message":"x","data":[{"text":"hello"}]}"#,
        r#"{"base_resp":{"status_code":0,"status_msg":"success"}}"#,
        r#"{"error_code":0,"error_msg":""}"#,
    ] {
        assert_eq!(ask(200, answer), None, "{answer}");
    }
}

#[test]
fn an_event_may_say_by_its_name_that_it_is_an_error() {
    let said = "id:1\nevent:error\n:HTTP_STATUS/429\ndata:{\"request_id\":\"r\"}\n\n";
    assert_eq!(kind(200, said), Some(RateLimited));
    let said = "event: error\ndata: {\"request_id\":\"r\"}\n\n";
    assert_eq!(kind(200, said), Some(ServerError));
    // What comes after the data is no head of an event.
    let said = "data: {\"request_id\":\"r\"}\nevent: error\n\n";
    assert_eq!(kind(200, said), None);
    let said = "event: message\ndata: {\"request_id\":\"r\"}\n\n";
    assert_eq!(kind(200, said), None);
}

#[test]
fn sixteen_kibibytes_are_read() {
    let spent = |before: usize| {
        let words = "x".repeat(before);
        let body = format!(r#"{{"error":{{"message":"{words}","code":"insufficient_quota"}}}}"#);
        kind(429, &body)
    };
    assert_eq!(spent(16 * 1024 - 100), Some(QuotaExhausted));
    assert_eq!(spent(16 * 1024), Some(RateLimited));
}

#[test]
fn delivery_says_what_is_known() {
    let class = ask(503, "{}").unwrap();
    let answered = Delivery::Answered(StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!((class.phase, class.delivery), (Phase::Head, answered));
    let class = ask(200, r#"{"error":{"code":503}}"#).unwrap();
    assert_eq!(
        (class.phase, class.delivery),
        (Phase::Body, Delivery::Unknown)
    );
}

#[test]
fn amazon_names_its_exception_in_a_header() {
    let mut headers = HeaderMap::new();
    let name = HeaderValue::from_static("ThrottlingException:http://internal.amazon.com/coral/");
    headers.insert("x-amzn-errortype", name);
    let class = super::body(Some(StatusCode::BAD_REQUEST), &headers, b"{}").unwrap();
    assert_eq!((class.kind, class.transient), (RateLimited, true));
    headers.insert(
        "x-amzn-errortype",
        HeaderValue::from_static("InvalidClientTokenId"),
    );
    let class = super::body(Some(StatusCode::FORBIDDEN), &headers, b"{}").unwrap();
    assert_eq!(class.kind, Auth);
}

proptest! {
    #[test]
    fn never_panics_and_never_takes_an_answer_without_a_sign_for_an_error(
        body in proptest::collection::vec(any::<u8>(), 0..300),
        status in 100u16..600,
    ) {
        let status = StatusCode::from_u16(status).ok();
        let class = super::body(status, &HeaderMap::new(), &body);
        prop_assert!(class.is_some() || status.is_some_and(|status| status.as_u16() < 400));
    }

    #[test]
    fn a_cut_body_says_the_same_once_its_code_has_come(cut in 40usize..90) {
        let body = r#"{"error":{"code":"insufficient_quota","message":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}}"#;
        let class = ask(429, body.get(..cut.min(body.len())).unwrap()).unwrap();
        prop_assert_eq!(class.kind, QuotaExhausted);
    }
}
