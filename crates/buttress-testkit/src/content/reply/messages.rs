use super::{Reply, TOOL, halves, named};
use bytes::Bytes;
use serde_json::{Value, json};

pub(super) fn events(reply: &Reply, number: usize, tool: bool) -> Vec<Bytes> {
    let mut message = whole(reply, number, tool);
    message["content"] = json!([]);
    message["stop_reason"] = Value::Null;
    message["usage"] = json!({"input_tokens": 3, "output_tokens": 1});
    let mut events = vec![
        named(&json!({"type": "message_start", "message": message})),
        named(&json!({
            "type": "content_block_start",
            "index": 0,
            "content_block": {"type": "text", "text": ""},
        })),
        named(&json!({"type": "ping"})),
    ];
    let delta = |index: usize, delta: Value| {
        named(&json!({"type": "content_block_delta", "index": index, "delta": delta}))
    };
    for n in 0..reply.words {
        events.push(delta(
            0,
            json!({"type": "text_delta", "text": reply.word(n)}),
        ));
    }
    events.push(named(&json!({"type": "content_block_stop", "index": 0})));
    if tool {
        let mut block = tool_use(reply, number);
        block["input"] = json!({});
        events.push(named(&json!({
            "type": "content_block_start",
            "index": 1,
            "content_block": block,
        })));
        for part in halves(&reply.arguments()) {
            events.push(delta(
                1,
                json!({"type": "input_json_delta", "partial_json": part}),
            ));
        }
        events.push(named(&json!({"type": "content_block_stop", "index": 1})));
    }
    events.push(named(&json!({
        "type": "message_delta",
        "delta": {"stop_reason": stop(tool), "stop_sequence": null},
        "usage": {"output_tokens": reply.words},
    })));
    events.push(named(&json!({"type": "message_stop"})));
    events
}

pub(super) fn whole(reply: &Reply, number: usize, tool: bool) -> Value {
    let mut content = vec![json!({"type": "text", "text": reply.text()})];
    if tool {
        content.push(tool_use(reply, number));
    }
    json!({
        "id": format!("msg_{number}"),
        "type": "message",
        "role": "assistant",
        "model": "test",
        "content": content,
        "stop_reason": stop(tool),
        "stop_sequence": null,
        "usage": {"input_tokens": 3, "output_tokens": reply.words},
    })
}

fn tool_use(reply: &Reply, number: usize) -> Value {
    let input: Value = serde_json::from_str(&reply.arguments()).unwrap_or_default();
    json!({"type": "tool_use", "id": format!("toolu_{number}"), "name": TOOL, "input": input})
}

fn stop(tool: bool) -> &'static str {
    if tool { "tool_use" } else { "end_turn" }
}
