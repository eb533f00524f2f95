//! Where the words of a message begin and end.

use super::*;

#[test]
fn a_message_ends_where_a_document_begins() {
    for (status, body, expected) in [
        // Names in the document are no words, and what stands behind it is not about the model.
        (
            403,
            r#"{"message":"X - {\"type\":\"permission_error\",\"message\":\"It was revoked: the token\"}"}"#,
            Auth,
        ),
        (
            400,
            r#"{"message":"X - {\"message\":\"version not supported\"}. Model Group=x"}"#,
            BadRequest,
        ),
        // Nor does a phrase begin in one message and end in the next.
        (
            400,
            r#"{"title":"the model","detail":"is not supported"}"#,
            BadRequest,
        ),
        (400, r#"{"title":"the model is not supported"}"#, NotFound),
        // A bracket alone begins no document.
        (
            400,
            r#"{"title":"Provider returned error","message":"[400]: The requested model is not supported."}"#,
            NotFound,
        ),
    ] {
        assert_eq!(kind(status, body), Some(expected), "{status} {body}");
    }
}

#[test]
fn the_words_before_a_document_say_that_it_is_quoted() {
    for (body, expected) in [
        (
            r#"chat.ChatError: Failed to parse response: {"message":"You are sending too many messages. Try again later."}"#,
            Some(RateLimited),
        ),
        (
            r#"request failed with {"message":"Model is overloaded"}"#,
            Some(Overloaded),
        ),
        // Nothing says that it failed.
        (r#"{"message":"You are sending too many messages."}"#, None),
        (r#"The answer is {"total":3}"#, None),
        (r#"data: {"message":"Model is overloaded"}"#, None),
        (r#"id: 7 {"message":"Model is overloaded"}"#, None),
    ] {
        assert_eq!(kind(0, body), expected, "{body}");
    }
}

#[test]
fn a_name_that_a_text_begins_with_is_a_code() {
    for (status, body, expected) in [
        (400, "ModelNotOpen: nope", NotFound),
        (400, "token_expired: nope", Auth),
        // A name for which no words are known.
        (400, "GetChannelFailed: nope", Overloaded),
        // Names of classes say what the status says, and prose has no such names.
        (400, "OverloadedError: nope", BadRequest),
        (400, "Overloaded: nope", BadRequest),
        (400, "HTTP: nope", BadRequest),
    ] {
        assert_eq!(kind(status, body), Some(expected), "{status} {body}");
    }
}

#[test]
fn advice_ends_with_its_message() {
    let misread = [
        (
            403,
            r#"{"error":"Forbidden. See https://x.example/docs","message":"Rate limit exceeded"}"#,
            RateLimited,
        ),
        (
            429,
            r#"{"message":"Too many requests. See https://x.example/docs","detail":"Insufficient credits"}"#,
            QuotaExhausted,
        ),
        (
            429,
            r#"{"message":"The number of tokens per minute cannot exceed 40000. Please try again in 20s."}"#,
            RateLimited,
        ),
    ]
    .map(|(status, body, expected)| {
        let said = kind(status, body);
        (said != Some(expected)).then_some((body, said))
    });
    assert_eq!(
        misread.iter().flatten().collect::<Vec<_>>(),
        [&("", None); 0]
    );
}
