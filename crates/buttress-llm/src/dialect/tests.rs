//! Events as the vendors' pages and servers show them, and what is read in them.

mod own;
mod places;

use super::Dialect::{
    self, ChatCompletions, Completions, Gemini, Interactions, Messages, Responses,
};
use crate::piece::Piece;
use buttress_resume::event::EventView;

/// What an event says, in short.
fn says(dialect: Dialect, event: &str) -> String {
    let view = EventView::parse(event.as_bytes());
    let data = view.data();
    let mut said = Vec::new();
    let sound = dialect.read(&data, &mut |piece| {
        said.push(match piece {
            Piece::KeepAlive => "alive".to_owned(),
            Piece::Start => "start".to_owned(),
            Piece::Fixed { at, .. } => {
                format!("fixed {}", String::from_utf8_lossy(&data[at]))
            }
            Piece::CallId { at, .. } => format!("call {}", String::from_utf8_lossy(&data[at])),
            Piece::Refers { at } => format!("refers {}", String::from_utf8_lossy(&data[at])),
            Piece::Sealed { at, .. } => format!("sealed {}", String::from_utf8_lossy(&data[at])),
            Piece::Source { at } => format!("source {}", String::from_utf8_lossy(&data[at])),
            Piece::EventId { at } => format!("id {}", String::from_utf8_lossy(&data[at])),
            Piece::Sequence { at } => format!("#{}", String::from_utf8_lossy(&data[at])),
            Piece::Text { lane, key, text } => {
                let text = text.decode();
                format!("{lane:?}@{key} {}", String::from_utf8_lossy(&text))
            }
            Piece::Mark(mark) => {
                let [one, two] = mark.says.map(String::from_utf8_lossy);
                format!("mark {:?}@{} {one}{two}", mark.lane, mark.key)
            }
            Piece::Once { at } => format!("once {}", String::from_utf8_lossy(&data[at])),
            Piece::Indivisible => "indivisible".to_owned(),
            Piece::Finish { choice: 0 } => "finish".to_owned(),
            Piece::Finish { choice } => format!("finish {choice}"),
            Piece::End => "end".to_owned(),
            Piece::Error => "error".to_owned(),
        });
    });
    if !sound {
        said.push("unsound".to_owned());
    }
    said.join(" | ")
}

#[test]
fn every_dialect_has_a_name_for_logs() {
    let codes: Vec<_> = Dialect::ALL.iter().map(|dialect| dialect.code()).collect();
    let expected = "chat_completions completions responses messages gemini interactions";
    assert_eq!(codes.join(" "), expected);
}

#[test]
fn events_say_what_their_vendors_mean() {
    let cases: &[(Dialect, &str, &str)] = &[
        // OpenAI.
        (
            ChatCompletions,
            r#"data: {"id":"chatcmpl-123","object":"chat.completion.chunk","created":1694268190,"model":"gpt-4o-mini","system_fingerprint":"fp_44709d6fcb","choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}"#,
            r#"fixed "chatcmpl-123" | fixed 1694268190 | once "assistant""#,
        ),
        (
            ChatCompletions,
            r#"data: {"id":"c","choices":[{"index":0,"delta":{"content":"Hello"},"logprobs":null,"finish_reason":null}],"usage":null}"#,
            r#"fixed "c" | Text@0 Hello"#,
        ),
        (
            ChatCompletions,
            r#"data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_abc","type":"function","function":{"name":"get_weather","arguments":""}}]},"finish_reason":null}]}"#,
            r#"mark Call@0 get_weather | call "call_abc""#,
        ),
        (
            ChatCompletions,
            r#"data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"function":{"arguments":"{\"lo"}}]}}]}"#,
            r#"Arguments@1 {"lo"#,
        ),
        (
            ChatCompletions,
            r#"data: {"choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"tool_calls"}]}"#,
            "finish",
        ),
        (
            ChatCompletions,
            r#"data: {"id":"c","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":12,"total_tokens":21}}"#,
            r#"fixed "c""#,
        ),
        (ChatCompletions, "data: [DONE]", "end"),
        // Azure: what the filters say of the prompt.
        (
            ChatCompletions,
            r#"data: {"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0}]}"#,
            "",
        ),
        // DeepSeek, SGLang, vLLM.
        (
            ChatCompletions,
            r#"data: {"choices":[{"index":0,"delta":{"role":"assistant","content":null,"reasoning_content":"Hm"},"finish_reason":null,"matched_stop":null}]}"#,
            r#"once "assistant" | Reasoning@0 Hm"#,
        ),
        (
            ChatCompletions,
            r#"data: {"error": {"object": "error", "message": "Internal", "type": "InternalServerError", "param": null, "code": 500}}"#,
            "error",
        ),
        // OpenRouter.
        (ChatCompletions, ": OPENROUTER PROCESSING", "unsound"),
        (
            ChatCompletions,
            r#"data: {"id":"gen-1","provider":"X","choices":[{"index":0,"delta":{"role":"assistant","content":"","reasoning":"Hm","reasoning_details":[{"type":"reasoning.text","text":"Hm"}]},"finish_reason":null}]}"#,
            r#"fixed "gen-1" | once "assistant" | Reasoning@0 Hm | indivisible"#,
        ),
        (
            ChatCompletions,
            r#"data: {"id":"gen-1","error":{"code":"server_error","message":"Provider disconnected"},"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]}"#,
            r#"fixed "gen-1" | error | error"#,
        ),
        // llama.cpp, Ollama.
        (
            ChatCompletions,
            r#"data: {"choices":[{"finish_reason":"stop","index":0,"delta":{}}],"created":1,"id":"c","timings":{"predicted_n":3}}"#,
            r#"finish | fixed 1 | fixed "c""#,
        ),
        (
            Completions,
            r#"data: {"id":"cmpl-7","object":"text_completion","created":1,"choices":[{"text":" it","index":0,"logprobs":null,"finish_reason":"length"}]}"#,
            r#"fixed "cmpl-7" | fixed 1 | Text@0  it | finish"#,
        ),
        // What is there and says nothing.
        (
            ChatCompletions,
            r#"data: {"error":null,"choices":[{"index":0,"delta":{"role":null,"content":"x","reasoning_details":[],"audio":null,"tool_calls":null}}]}"#,
            "Text@0 x",
        ),
        // Older servers, and the older way to call.
        (
            ChatCompletions,
            r#"data: {"object":"error","message":"out of memory","code":500}"#,
            "error",
        ),
        (
            ChatCompletions,
            r#"data: {"choices":[{"index":0,"delta":{"function_call":{"name":"ls","arguments":"{"}}}]}"#,
            "mark Call@0 ls | Arguments@0 {",
        ),
        (
            ChatCompletions,
            r#"data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"","function":{"name":"","arguments":"x"}},{"index":2,"id":null,"function":{"name":null,"arguments":"y"}}]}}]}"#,
            "Arguments@1 x | Arguments@2 y",
        ),
        (
            ChatCompletions,
            r#"data: {"choices":[{"index":0,"delta":{"refusal":"No","audio":{"data":"QQ"}}}]}"#,
            r#"Refusal@0 No | mark Other@0 audio{"data":"QQ"}"#,
        ),
        // Servers that send arguments as an object, or a call's id with every piece of it.
        (
            ChatCompletions,
            r#"data: {"choices":[{"delta":{"tool_calls":[{"id":"a","function":{"name":"ls","arguments":{"b":1}}}]}}]}"#,
            r#"mark Call@0 ls | mark Other@0 arguments{"b":1} | call "a""#,
        ),
        (
            ChatCompletions,
            r#"data: {"choices":[{"delta":{"tool_calls":[{"index":1,"id":"a","function":{"arguments":"{"}}]}}]}"#,
            r#"Arguments@1 { | call "a""#,
        ),
        // What is said once more, with and without the first time.
        (
            ChatCompletions,
            r#"data: {"choices":[{"delta":{"reasoning":"Hm","reasoning_content":"Hm","content":""}}]}"#,
            "Reasoning@0 Hm | indivisible",
        ),
        (
            ChatCompletions,
            r#"data: {"choices":[{"delta":{"content":"","reasoning":null,"reasoning_details":[{"type":"reasoning.encrypted","data":"x"}]}}]}"#,
            "mark Signature@0 ",
        ),
        // z.ai's reason for an end that is none; MiniMax and others, whose status is 200 whatever happens.
        (
            ChatCompletions,
            r#"data: {"choices":[{"index":0,"finish_reason":"network_error","delta":{"role":"assistant","content":""}}]}"#,
            r#"error | once "assistant""#,
        ),
        (
            ChatCompletions,
            r#"data: {"id":"c","choices":null,"base_resp":{"status_code":1002,"status_msg":"rate limit"}}"#,
            r#"fixed "c" | error"#,
        ),
        (
            ChatCompletions,
            r#"data: {"choices":[{"delta":{"content":"x"}}],"base_resp":{"status_code":0,"status_msg":""}}"#,
            "Text@0 x",
        ),
        (
            ChatCompletions,
            r#"data: {"code":"Throttling","message":"Too many requests"}"#,
            "error",
        ),
        (ChatCompletions, r#"data: {"code":0,"message":"ok"}"#, ""),
        (ChatCompletions, r#"data: {"code":200,"message":"ok"}"#, ""),
        (ChatCompletions, r#"data: {"code":20000,"message":"x"}"#, ""),
        (ChatCompletions, r#"data: {"code":"0","message":"x"}"#, ""),
        (ChatCompletions, r#"data: {"code":"200","message":"x"}"#, ""),
        (ChatCompletions, r#"data: {"code":"OK","message":"x"}"#, ""),
        (
            ChatCompletions,
            r#"data: {"code":"Success","message":"x","usage":{"total_tokens":9}}"#,
            "",
        ),
        (
            ChatCompletions,
            r#"data: {"base_resp":{"status_code":200,"status_msg":"success"}}"#,
            "",
        ),
        (ChatCompletions, r#"data: {"code":false,"message":"x"}"#, ""),
        (
            ChatCompletions,
            r#"data: {"code":429,"message":"x"}"#,
            "error",
        ),
        (
            ChatCompletions,
            r#"data: {"code":"429","message":"x"}"#,
            "error",
        ),
        (
            ChatCompletions,
            r#"data: {"code":-1,"message":"x"}"#,
            "error",
        ),
        (
            ChatCompletions,
            r#"data: {"code":300,"message":"x"}"#,
            "error",
        ),
        (
            ChatCompletions,
            r#"data: {"choices":[{"delta":{"content":"x"}}],"code":7,"message":"hm"}"#,
            "Text@0 x",
        ),
        // vLLM: the tokens of the text, one by one.
        (
            ChatCompletions,
            r#"data: {"choices":[{"delta":{"content":"x"},"logprobs":null,"token_ids":[17]}]}"#,
            "Text@0 x | indivisible",
        ),
        // Mistral: a list of parts.
        (
            ChatCompletions,
            r#"data: {"choices":[{"index":0,"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"Hm"}]},{"type":"text","text":"Hi"},{"type":"reference","reference_ids":[1]}]}}]}"#,
            r#"Reasoning@0 Hm | Text@0 Hi | mark Other@0 {"type":"reference","reference_ids":[1]}"#,
        ),
        // OpenRouter's images, Together's numbers, and tools whose input is no JSON.
        (
            ChatCompletions,
            r#"data: {"choices":[{"index":0,"delta":{"content":"","token_id":3,"annotations":[],"images":[{"image_url":{"url":"data:x"}}]}}]}"#,
            r#"mark Other@0 images[{"image_url":{"url":"data:x"}}]"#,
        ),
        (
            ChatCompletions,
            r#"data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c","type":"custom","custom":{"name":"sh","input":"ls"}}]}}]}"#,
            r#"mark Call@0 sh | Arguments@0 ls | call "c""#,
        ),
        (
            ChatCompletions,
            r#"data: {"choices":[{"index":1,"delta":{},"finish_reason":"stop"}]}"#,
            "finish 1",
        ),
        (
            ChatCompletions,
            r#"data: {"choices":[{"delta":{"reasoning":"a","reasoning_content":"b"}}]}"#,
            r#"Reasoning@0 a | Reasoning@0 b"#,
        ),
        (
            ChatCompletions,
            r#"data: {"choices":[{"delta":{"content":"x","tool_calls":[{"index":0,"other":{"name":"ls"}}]}}]}"#,
            r#"Text@0 x"#,
        ),
        (
            ChatCompletions,
            r#"data: {"choices":[{"delta":{"content":"x","reasoning_details":[{"a":1}]}}]}"#,
            r#"Text@0 x | indivisible"#,
        ),
        (
            ChatCompletions,
            r#"data: {"choices":[{"delta":{"content":"x","thinking_blocks":[{"a":1}]}}]}"#,
            r#"Text@0 x | indivisible"#,
        ),
        (
            ChatCompletions,
            r#"data: {"choices":[{"delta":{"content":"x","provider_specific_fields":[{"a":1}]}}]}"#,
            r#"Text@0 x | indivisible"#,
        ),
        (ChatCompletions, "data: [1]", "unsound"),
        (ChatCompletions, r#"data: {"choices":[{"index""#, "unsound"),
        // A second choice.
        (
            ChatCompletions,
            r#"data: {"choices":[{"index":1,"delta":{"content":"x"},"logprobs":{"content":[{"token":"x"}]}}]}"#,
            "Text@4294967296 x | indivisible",
        ),
        (
            ChatCompletions,
            r#"data: {"choices":[{"index":1,"delta":{"tool_calls":[{"index":2,"function":{"name":"ls"}}]}}]}"#,
            "mark Call@4294967298 ls",
        ),
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
        // What is to come.
        (
            Messages,
            r#"data: {"type":"content_block_pause","index":2}"#,
            "mark Other@2 content_block_pause",
        ),
        (Messages, "data: [1]", "unsound"),
        (Messages, r#"data: {"type":"ping","#, "unsound"),
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
        (
            Responses,
            r#"data: {"type":"response.failed","response":{"id":"r"}}"#,
            "error | end",
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
        (Gemini, "data: [1]", "unsound"),
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
        (
            Gemini,
            r#"data: {"candidates": [{"content": {"parts"#,
            "unsound",
        ),
        // Gemini's interactions.
        (
            Interactions,
            r#"data: {"interaction":{"id":"v1_a","status":"in_progress","object":"interaction","model":"g"},"event_type":"interaction.created"}"#,
            r#"start | source "v1_a""#,
        ),
        (
            Interactions,
            r#"data: {"interaction_id":"v1_a","status":"in_progress","event_type":"interaction.status_update"}"#,
            r#"source "v1_a""#,
        ),
        (
            Interactions,
            r#"data: {"index":0,"step":{"signature":"","summary":[{"text":"Hm","type":"text"}],"type":"thought"},"event_type":"step.start"}"#,
            "mark Block@0 thought | Reasoning@0 Hm",
        ),
        (
            Interactions,
            r#"data: {"index":0,"delta":{"content":{"text":"Hm","type":"text"},"type":"thought_summary"},"event_id":"e/1=","event_type":"step.delta"}"#,
            r#"id "e/1=" | Reasoning@0 Hm"#,
        ),
        (
            Interactions,
            r#"data: {"index":0,"delta":{"signature":"EpoG","type":"thought_signature"},"event_type":"step.delta"}"#,
            "mark Signature@0 ",
        ),
        (
            Interactions,
            r#"data: {"index":0,"event_type":"step.stop","usage":{"total_input_tokens":5}}"#,
            "mark BlockEnd@0 ",
        ),
        (
            Interactions,
            r#"data: {"index":1,"step":{"content":[{"text":"Based on","type":"text"}],"type":"model_output"},"event_type":"step.start"}"#,
            "mark Block@1 model_output | Text@1 Based on",
        ),
        (
            Interactions,
            r#"data: {"index":1,"delta":{"text":"Hi","type":"text","annotations":null},"event_type":"step.delta","metadata":{"total_usage":{"total_tokens":5}}}"#,
            "Text@1 Hi",
        ),
        (
            Interactions,
            r#"data: {"index":2,"step":{"type":"function_call","id":"fc_1","name":"ls","arguments":{},"signature":"EpoG"},"event_type":"step.start"}"#,
            r#"mark Block@2 function_callls | fixed "fc_1" | mark Signature@2  | indivisible"#,
        ),
        (
            Interactions,
            r#"data: {"index":2,"delta":{"type":"arguments_delta","arguments":"{\"a"},"event_type":"step.delta"}"#,
            r#"Arguments@2 {"a"#,
        ),
        (
            Interactions,
            r#"data: {"index":2,"delta":{"type":"arguments","partial_arguments":"{"},"event_type":"step.delta"}"#,
            "Arguments@2 {",
        ),
        (
            Interactions,
            r#"data: {"interaction":{"id":"v1_a","status":"requires_action","usage":{"total_tokens":9}},"event_type":"interaction.completed"}"#,
            r#"source "v1_a" | finish | end"#,
        ),
        (Interactions, "event: done\ndata: [DONE]", "end"),
        (
            Interactions,
            r#"data: {"error":{"code":"not_found","message":"Result not found."},"event_type":"error"}"#,
            "error",
        ),
        (Interactions, r#"data: {"error":{"code":503}}"#, "error"),
        // It says no more than that it failed.
        (
            Interactions,
            r#"data: {"interaction":{"id":"v1_a","status":"failed"},"event_type":"interaction.completed"}"#,
            r#"source "v1_a" | error | end"#,
        ),
        (
            Interactions,
            r#"data: {"interaction_id":"v1_a","status":"cancelled","event_type":"interaction.status_update"}"#,
            r#"source "v1_a" | finish"#,
        ),
        (
            Interactions,
            r#"data: {"interaction_id":"v1_a","status":"incomplete","event_type":"interaction.status_update"}"#,
            r#"source "v1_a" | finish"#,
        ),
        (
            Interactions,
            r#"data: {"interaction_id":"v1_a","status":"budget_exceeded","event_type":"interaction.status_update"}"#,
            r#"source "v1_a" | finish"#,
        ),
        (
            Interactions,
            r#"data: {"interaction_id":"v1_a","event_type":"interaction.queued"}"#,
            r#"source "v1_a""#,
        ),
        (
            Interactions,
            r#"data: {"interaction_id":"v1_a","event_type":"interaction.in_progress"}"#,
            r#"source "v1_a""#,
        ),
        (
            Interactions,
            r#"data: {"event_type":"error","message":"x"}"#,
            r#"error"#,
        ),
        (
            Interactions,
            r#"data: {"index":1,"delta":{"type":"thought","thought":"Hm"},"event_type":"content.delta"}"#,
            r#"Reasoning@1 Hm"#,
        ),
        (
            Interactions,
            r#"data: {"index":1,"delta":{"type":"text","content":{"content":["x"]}},"event_type":"step.delta"}"#,
            r#"mark Other@1 content["x"] | indivisible"#,
        ),
        // Ids that are none.
        (
            Interactions,
            r#"data: {"event_id":"","interaction_id":"","interaction":{"id":""},"event_type":"interaction.created"}"#,
            r#"start"#,
        ),
        (
            Interactions,
            r#"data: {"index":2,"step":{"type":"function_call","id":"","name":"ls"},"event_type":"step.start"}"#,
            r#"mark Block@2 function_callls"#,
        ),
        (
            Interactions,
            r#"data: {"interaction":{"steps":[{"type":"function_call","id":"","name":"ls"}]},"event_type":"interaction.completed"}"#,
            r#"finish | end"#,
        ),
        // Sound, images, citations, and what the server's own tools did.
        (
            Interactions,
            r#"data: {"index":1,"delta":{"type":"image","data":"QQ","mime_type":"image/png"},"event_type":"step.delta"}"#,
            r#"mark Other@1 data"QQ" | indivisible | mark Other@1 mime_type"image/png" | indivisible"#,
        ),
        (
            Interactions,
            r#"data: {"index":1,"delta":{"type":"text_annotation_delta","annotations":[{"url":"u"}]},"event_type":"step.delta"}"#,
            r#"mark Other@1 annotations[{"url":"u"}] | indivisible"#,
        ),
        (
            Interactions,
            r#"data: {"index":1,"step":{"type":"google_search_call","id":"gs_1"},"event_type":"step.start"}"#,
            r#"mark Block@1 google_search_call | mark Other@1 id"gs_1" | indivisible"#,
        ),
        // All of the answer once more, the question with it.
        (
            Interactions,
            r#"data: {"interaction":{"steps":[{"type":"user_input","content":[]},{"type":"model_output","content":[{"type":"text","text":"Hi"}]},{"type":"function_call","id":"fc_1","name":"ls"}],"status":"requires_action"},"event_type":"interaction.completed"}"#,
            r#"fixed "fc_1" | finish | end"#,
        ),
        // The older form.
        (
            Interactions,
            r#"data: {"interaction":{"id":"v1_a","status":"in_progress"},"event_type":"interaction.start"}"#,
            r#"start | source "v1_a""#,
        ),
        (
            Interactions,
            r#"data: {"index":0,"content":{"type":"thought"},"event_type":"content.start"}"#,
            "mark Block@0 thought",
        ),
        (
            Interactions,
            r#"data: {"index":1,"delta":{"type":"function_call","id":"fc_1","name":"ls","arguments":{"a":1}},"event_type":"content.delta"}"#,
            r#"fixed "fc_1" | mark Other@1 name"ls" | indivisible | mark Other@1 arguments{"a":1} | indivisible"#,
        ),
        (
            Interactions,
            r#"data: {"index":1,"event_type":"content.stop"}"#,
            "mark BlockEnd@1 ",
        ),
        (
            Interactions,
            r#"data: {"interaction":{"id":"v1_a","status":"completed"},"event_type":"interaction.complete"}"#,
            r#"source "v1_a" | finish | end"#,
        ),
        // Under a name that Google's page uses as well.
        (
            Interactions,
            r#"data: {"type":"step.stop","index":1,"status":"done"}"#,
            "mark BlockEnd@1 ",
        ),
        // What is to come.
        (
            Interactions,
            r#"data: {"event_type":"step.pause","index":2}"#,
            "mark Other@2 step.pause",
        ),
        (
            Interactions,
            r#"data: {"index":0,"event_id":null,"error":null,"delta":{"type":"text","text":""},"event_type":"step.delta"}"#,
            "",
        ),
        (Interactions, "data: [1]", "unsound"),
        (
            Interactions,
            r#"data: {"event_type":"step.stop","#,
            "unsound",
        ),
    ];
    for (dialect, event, expected) in cases {
        assert_eq!(
            says(*dialect, &format!("{event}\n\n")),
            *expected,
            "{event}"
        );
    }
}

#[test]
fn no_data_breaks_the_reading() {
    let mut rng = fastrand::Rng::with_seed(crate::samples::seed());
    let parts = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "\\u12",
        "null",
        "1",
        "true",
        "\"type\"",
        "\"delta\"",
        "\"choices\"",
        "\"index\"",
        "\"content\"",
        "\"item\"",
        "\"candidates\"",
        "\"parts\"",
        "é",
        "\"response\"",
        "\"output\"",
        "\"message_start\"",
        "\"event_type\"",
        "\"event_id\"",
        "\"step.start\"",
        "\"step\"",
        "\"response.completed\"",
    ];
    for _ in 0..20_000 {
        let data: String = (0..rng.usize(0..24))
            .map(|_| parts[rng.usize(0..parts.len())])
            .collect();
        for dialect in Dialect::ALL {
            dialect.read(data.as_bytes(), &mut |piece| {
                if let Piece::Fixed { at, .. }
                | Piece::Once { at }
                | Piece::Sequence { at }
                | Piece::Sealed { at, .. }
                | Piece::CallId { at, .. }
                | Piece::Refers { at }
                | Piece::Source { at }
                | Piece::EventId { at } = piece
                {
                    assert!(data.as_bytes().get(at).is_some(), "{data}");
                }
            });
        }
    }
}
