//! Gemini's chunks.

use super::*;

#[test]
fn events_say_what_their_vendors_mean() {
    check(&[
        // Gemini.
        (
            Gemini,
            r#"data: {"candidates": [{"content": {"parts": [{"text": "Hm","thought": true}],"role": "model"},"index": 0}],"usageMetadata": {"promptTokenCount": 4},"modelVersion": "g","responseId": "r1"}"#,
            r#"Reasoning@0 Hm | fixed "r1""#,
        ),
        (
            Gemini,
            r#"data: {"candidates": [{"content": {"parts": [{"functionCall": {"name": "ls","args": {"a": 1}},"thoughtSignature": "CiQ"}],"role": "model"},"finishReason": "STOP"}]}"#,
            r#"mark Call@0 {"name": "ls","args": {"a": 1}} | finish"#,
        ),
        (
            Gemini,
            r#"data: {"promptFeedback": {"blockReason": "SAFETY"}}"#,
            "finish | end",
        ),
        (
            Gemini,
            r#"data: {"error": {"code": 503,"message": "overloaded","status": "UNAVAILABLE"}}"#,
            "error",
        ),
        // What is there and says nothing.
        (Gemini, r#"data: {"error":false,"candidates":[]}"#, ""),
        (
            Gemini,
            r#"data: {"responseId":null,"createTime":null,"error":null,"promptFeedback":{"blockReason":null},"candidates":[{"content":{"parts":[{"text":"","thoughtSignature":""}]},"finishReason":null}]}"#,
            "",
        ),
        (
            Gemini,
            r#"data: {"candidates":[{"content":{"parts":[{"text":"","thoughtSignature":"CiQ"},{"text":"x","thoughtSignature":"CiQ"}]}}]}"#,
            "mark Signature@0  | Text@0 x",
        ),
        (
            Gemini,
            r#"data: {"candidates":[{"index":1,"content":{"parts":[{"text":"x","thought":false}]}}],"createTime":"2025-01-01T00:00:00Z"}"#,
            r#"Text@4294967296 x | fixed "2025-01-01T00:00:00Z""#,
        ),
        (
            Gemini,
            r#"data: {"candidates":[{"content":{"parts":[{"executableCode":{"code":"1"}},{"functionCall":{"id":"c1","name":"ls"}}]}}]}"#,
            r#"mark Other@0 executableCode{"code":"1"} | mark Call@0 {"id":,"name":"ls"}"#,
        ),
        (
            Gemini,
            r#"data: {"candidates":[{"index":0,"finishReason":"STOP"},{"index":1,"finishReason":"STOP"}]}"#,
            "finish | finish 1",
        ),
        // The rating of a prompt that was not blocked.
        (
            Gemini,
            r#"data: {"promptFeedback": {"safetyRatings": [{"probability": "LOW"}]}}"#,
            "",
        ),
        // Proxies that write every member that there is.
        (
            Gemini,
            r#"data: {"candidates":[{"index":0,"content":{"parts":[{"text":"x"}]},"finishReason":"FINISH_REASON_UNSPECIFIED"}],"promptFeedback":{"blockReason":"BLOCK_REASON_UNSPECIFIED"}}"#,
            "Text@0 x",
        ),
        // The model's own end, though no good one.
        (
            Gemini,
            r#"data: {"candidates":[{"index":0,"finishReason":"MALFORMED_FUNCTION_CALL"}]}"#,
            "finish",
        ),
        (Gemini, "data: [1]", "unsound"),
        (
            Gemini,
            r#"data: {"candidates": [{"content": {"parts"#,
            "unsound",
        ),
    ]);
}
