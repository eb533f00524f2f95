//! OpenAI's chunks, and those of all who follow it.

use super::*;

#[test]
fn events_say_what_their_vendors_mean() {
    check(&[
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
        (
            ChatCompletions,
            r#"data: {"choices":[{"index":0,"delta":{"content":""},"finish_reason":null,"error":{"code":502,"message":"x"}}]}"#,
            "error",
        ),
        // llama.cpp, Ollama.
        (
            ChatCompletions,
            r#"data: {"choices":[{"finish_reason":"stop","index":0,"delta":{}}],"created":1,"id":"c","timings":{"predicted_n":3}}"#,
            r#"finish | fixed 1 | fixed "c""#,
        ),
        // What is there and says nothing.
        (
            ChatCompletions,
            r#"data: {"error":null,"choices":[{"index":0,"delta":{"role":null,"content":"x","reasoning_details":[],"audio":null,"tool_calls":null}}]}"#,
            "Text@0 x",
        ),
        (
            ChatCompletions,
            r#"data: {"error":false,"choices":[{"index":0,"delta":{"content":"x"}}]}"#,
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
        // Groq: why it stopped early; and what else it says there.
        (
            ChatCompletions,
            r#"data: {"id":"c","choices":[],"x_groq":{"id":"req_1","error":"over capacity"}}"#,
            r#"fixed "c" | error"#,
        ),
        (
            ChatCompletions,
            r#"data: {"choices":[{"delta":{"content":"x"}}],"x_groq":{"id":"req_1","error":null,"usage":{"total_tokens":9}}}"#,
            "Text@0 x",
        ),
        // Servers that write null as a word.
        (
            ChatCompletions,
            r#"data: {"choices":[{"delta":{"content":"x"},"finish_reason":"null"}]}"#,
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
            r#"mark Call@0 sh | Input@0 ls | call "c""#,
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
        (
            Completions,
            r#"data: {"id":"cmpl-7","object":"text_completion","created":1,"choices":[{"text":" it","index":0,"logprobs":null,"finish_reason":"length"}]}"#,
            r#"fixed "cmpl-7" | fixed 1 | Text@0  it | finish"#,
        ),
    ]);
}
