use super::{Reply, TOOL, created, event, halves};
use bytes::Bytes;
use serde_json::{Value, json};

fn chunk(number: usize, delta: &Value, finish: Option<&str>) -> Bytes {
    event(&json!({
        "id": format!("chatcmpl-{number}"),
        "object": "chat.completion.chunk",
        "created": created(number),
        "model": "test",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }))
}

fn call(number: usize, arguments: &str) -> Value {
    json!({
        "index": 0,
        "id": format!("call_{number}"),
        "type": "function",
        "function": {"name": TOOL, "arguments": arguments},
    })
}

pub(super) fn events(reply: &Reply, number: usize, tool: bool) -> Vec<Bytes> {
    let chunk = |delta: Value, finish| chunk(number, &delta, finish);
    let mut events = vec![chunk(json!({"role": "assistant", "content": ""}), None)];
    for n in 0..reply.words {
        events.push(chunk(json!({"content": reply.word(n)}), None));
    }
    if tool {
        events.push(chunk(json!({"tool_calls": [call(number, "")]}), None));
        for part in halves(&reply.arguments()) {
            let part = json!({"index": 0, "function": {"arguments": part}});
            events.push(chunk(json!({"tool_calls": [part]}), None));
        }
    }
    events.push(chunk(json!({}), Some(finish(tool))));
    events.push(event(&json!({
        "id": format!("chatcmpl-{number}"),
        "object": "chat.completion.chunk",
        "created": created(number),
        "model": "test",
        "choices": [],
        "usage": usage(reply),
    })));
    events.push(Bytes::from_static(b"data: [DONE]\n\n"));
    events
}

pub(super) fn whole(reply: &Reply, number: usize, tool: bool) -> Value {
    let mut message = json!({"role": "assistant", "content": reply.text(), "refusal": null});
    if tool {
        message["tool_calls"] = json!([call(number, &reply.arguments())]);
    }
    json!({
        "id": format!("chatcmpl-{number}"),
        "object": "chat.completion",
        "created": created(number),
        "model": "test",
        "choices": [{"index": 0, "message": message, "logprobs": null, "finish_reason": finish(tool)}],
        "usage": usage(reply),
    })
}

fn finish(tool: bool) -> &'static str {
    if tool { "tool_calls" } else { "stop" }
}

fn usage(reply: &Reply) -> Value {
    json!({
        "prompt_tokens": 3,
        "completion_tokens": reply.words,
        "total_tokens": reply.words + 3,
    })
}
