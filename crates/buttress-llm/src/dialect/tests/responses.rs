//! The events of OpenAI's responses.

use super::*;

#[test]
fn events_say_what_their_vendors_mean() {
    check(&[
        // OpenAI's responses.
        (
            Responses,
            r#"data: {"type":"response.created","sequence_number":0,"response":{"id":"resp_67c","object":"response","created_at":1741290958,"status":"in_progress","output":[]}}"#,
            r#"#0 | start | fixed "resp_67c" | fixed 1741290958"#,
        ),
        (
            Responses,
            r#"data: {"type":"response.output_item.added","sequence_number":2,"output_index":0,"item":{"id":"fc_1","type":"function_call","status":"in_progress","arguments":"","call_id":"call_x","name":"ls"}}"#,
            r#"#2 | fixed "fc_1" | fixed "call_x" | mark Block@0 function_callls"#,
        ),
        (
            Responses,
            r#"data: {"type":"response.output_text.delta","sequence_number":4,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"Hi","logprobs":[],"obfuscation":"x"}"#,
            r#"#4 | fixed "msg_1" | Text@0 Hi"#,
        ),
        (
            Responses,
            r#"data: {"type":"response.reasoning_summary_text.delta","item_id":"rs_1","output_index":1,"summary_index":2,"delta":"Hm"}"#,
            r#"fixed "rs_1" | Reasoning@1048578 Hm"#,
        ),
        (
            Responses,
            r#"data: {"type":"response.function_call_arguments.delta","item_id":"fc_1","output_index":1,"delta":"{\"a"}"#,
            r#"fixed "fc_1" | Arguments@1048576 {"a"#,
        ),
        (
            Responses,
            r#"data: {"type":"response.web_search_call.searching","output_index":0,"item_id":"ws_1"}"#,
            r#"fixed "ws_1" | mark Other@0 response.web_search_call.searching"#,
        ),
        (
            Responses,
            r#"data: {"type":"response.completed","sequence_number":9,"response":{"id":"resp_1","output":[{"id":"rs_1","type":"reasoning"},{"id":"msg_1","type":"message"}]}}"#,
            r#"#9 | fixed "resp_1" | fixed "rs_1" | fixed {"id":"rs_1","type":"reasoning"} | fixed "msg_1" | finish | end"#,
        ),
        (
            Responses,
            r#"data: {"type":"response.incomplete","response":{"id":"r","incomplete_details":{"reason":"max_output_tokens"}}}"#,
            r#"fixed "r" | finish | end"#,
        ),
        (
            Responses,
            r#"data: {"type":"keepalive","sequence_number":3}"#,
            "#3 | alive",
        ),
        (
            Responses,
            r#"data: {"type":"error","error":{"type":"server_error","code":"x","message":"m"}}"#,
            "error",
        ),
        (
            Responses,
            r#"data: {"type":"error","code":"x","message":"m"}"#,
            "error",
        ),
        // Of other servers that speak it.
        (
            Responses,
            r#"data: {"type":"response.error","sequence_number":4,"error":{"type":"server_error","message":"m"}}"#,
            "#4 | error",
        ),
        (
            Responses,
            r#"data: {"error":{"code":502,"message":"Provider returned error"}}"#,
            "error",
        ),
        (Responses, r#"data: {"error":null}"#, "mark Other@0 "),
        (Responses, r#"data: {"error":false}"#, "mark Other@0 "),
        // A tool's error is not the answer's.
        (
            Responses,
            r#"data: {"type":"response.mcp_call.failed","output_index":1,"item_id":"mcp_1","error":"x"}"#,
            r#"fixed "mcp_1" | mark Other@1048576 response.mcp_call.failed"#,
        ),
        (
            Responses,
            r#"data: {"type":"response.failed","response":{"id":"r"}}"#,
            r#"fixed "r" | error | end"#,
        ),
        (Responses, "data: [DONE]", "end"),
        (
            Responses,
            r#"data: {"type":"response.output_item.done","sequence_number":null,"output_index":1,"item":{"id":"fc_1","type":"function_call","call_id":"call_x","name":"ls"}}"#,
            r#"fixed "fc_1" | fixed "call_x" | fixed {"id":"fc_1","type":"function_call","call_id":"call_x","name":"ls"} | mark BlockEnd@1 function_callls"#,
        ),
        // A message is compared by its text.
        (
            Responses,
            r#"data: {"type":"response.output_item.done","output_index":0,"item":{"id":null,"type":"message","call_id":null}}"#,
            "mark BlockEnd@0 message",
        ),
        (
            Responses,
            r#"data: {"type":"response.in_progress","response":{"id":null,"created_at":null}}"#,
            "start",
        ),
        (
            Responses,
            r#"data: {"type":"response.refusal.delta","item_id":null,"output_index":0,"content_index":0,"delta":"No"}"#,
            "Refusal@0 No",
        ),
        (
            Responses,
            r#"data: {"type":"response.output_text.delta","output_index":0,"content_index":1,"delta":"Hi","logprobs":[{"token":"Hi"}]}"#,
            "Text@1 Hi | indivisible",
        ),
        // A member of that name in an event of another kind is no more of a text.
        (
            Responses,
            r#"data: {"type":"response.output_text.done","output_index":0,"content_index":0,"delta":"Hi"}"#,
            "mark Other@0 response.output_text.done",
        ),
        (Responses, "data: [1]", "unsound"),
        (Responses, r#"data: {"type":"keepalive","#, "unsound"),
        (
            Responses,
            r#"data: {"type":"response.queued","sequence_number":9,"response":{"id":"r"}}"#,
            r#"#9 | start | fixed "r""#,
        ),
        (
            Responses,
            r#"data: {"type":"response.incomplete","sequence_number":9,"response":{"id":"r"}}"#,
            r#"#9 | fixed "r" | finish | end"#,
        ),
        (
            Responses,
            r#"data: {"type":"response.cancelled","sequence_number":9,"response":{"id":"r"}}"#,
            r#"#9 | fixed "r" | finish | end"#,
        ),
        (
            Responses,
            r#"data: {"type":"response.done","sequence_number":9,"response":{"id":"r"}}"#,
            r#"#9 | fixed "r" | finish | end"#,
        ),
    ]);
}
