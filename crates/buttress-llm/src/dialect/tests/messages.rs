//! Anthropic's events.

use super::*;

#[test]
fn events_say_what_their_vendors_mean() {
    check(&[
        // Anthropic.
        (
            Messages,
            r#"data: {"type": "message_start", "message": {"id": "msg_1nZ", "type": "message", "role": "assistant", "content": [], "model": "claude", "stop_reason": null, "usage": {"input_tokens": 25, "output_tokens": 1}}}"#,
            r#"start | fixed "msg_1nZ""#,
        ),
        (Messages, r#"data: {"type": "ping"}"#, "alive"),
        (
            Messages,
            r#"data: {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"toolu_01T1","name":"get_weather","input":{}}}"#,
            r#"fixed "toolu_01T1" | mark Block@1 {"type":"tool_use","id":,"name":"get_weather","input":{}}"#,
        ),
        (
            Messages,
            r#"data: {"type":"content_block_start","index":2,"content_block":{"type":"web_search_tool_result","tool_use_id":"srvtoolu_1","content":[]}}"#,
            r#"refers "srvtoolu_1" | mark Block@2 {"type":"web_search_tool_result","tool_use_id":,"content":[]}"#,
        ),
        (
            Messages,
            r#"data: {"type":"content_block_start","index":2,"content_block":{"type":"x","id":null,"tool_use_id":null}}"#,
            r#"mark Block@2 {"type":"x","id":null,"tool_use_id":null}"#,
        ),
        (
            Messages,
            r#"data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"location\":"}}"#,
            r#"Arguments@1 {"location":"#,
        ),
        (
            Messages,
            r#"data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Let me"}}"#,
            "Reasoning@0 Let me",
        ),
        (
            Messages,
            r#"data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"EqQB"}}"#,
            "mark Signature@0 ",
        ),
        (
            Messages,
            r#"data: {"type":"content_block_delta","index":0,"delta":{"type":"citations_delta","citation":{"url":"u"}}}"#,
            r#"mark Other@0 {"type":"citations_delta","citation":{"url":"u"}}"#,
        ),
        (
            Messages,
            r#"data: {"type":"content_block_stop","index":2}"#,
            "mark BlockEnd@2 ",
        ),
        (
            Messages,
            r#"data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":15}}"#,
            "finish",
        ),
        (Messages, r#"data: {"type": "message_stop"}"#, "end"),
        (
            Messages,
            r#"data: {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}"#,
            "error",
        ),
        (
            Messages,
            r#"data: {"type":"message_start","message":{"id":null,"role":"assistant"},"index":1}"#,
            "start",
        ),
        (
            Messages,
            r#"data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#,
            r#"mark Block@0 {"type":"text","text":""}"#,
        ),
        (
            Messages,
            r#"data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}"#,
            "Text@0 Hello",
        ),
        (
            Messages,
            r#"data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":""}}"#,
            "",
        ),
        (
            Messages,
            r#"data: {"type":"message_delta","delta":{"stop_reason":null},"usage":{"output_tokens":1}}"#,
            "",
        ),
        // Of other servers that speak it.
        (
            Messages,
            r#"data: {"error":{"code":502,"message":"Provider returned error"}}"#,
            "error",
        ),
        (
            Messages,
            r#"data: {"error":null,"index":1}"#,
            "mark Other@1 ",
        ),
        (
            Messages,
            r#"data: {"error":false,"index":1}"#,
            "mark Other@1 ",
        ),
        // What is to come.
        (
            Messages,
            r#"data: {"type":"content_block_pause","index":2}"#,
            "mark Other@2 content_block_pause",
        ),
        (Messages, "data: [1]", "unsound"),
        (Messages, r#"data: {"type":"ping","#, "unsound"),
    ]);
}
