use super::{Reply, TOOL, created, halves, named};
use bytes::Bytes;
use serde_json::{Value, json};

/// Events that are numbered as they are added.
struct Numbered(Vec<Bytes>);

impl Numbered {
    fn add(&mut self, mut event: Value) {
        event["sequence_number"] = json!(self.0.len());
        self.0.push(named(&event));
    }
}

pub(super) fn events(reply: &Reply, number: usize, tool: bool) -> Vec<Bytes> {
    let mut begun = whole(reply, number, tool);
    begun["status"] = json!("in_progress");
    begun["output"] = json!([]);
    begun["usage"] = Value::Null;
    let id = format!("msg_{number}");
    let part = |text: &str| json!({"type": "output_text", "text": text, "annotations": []});
    let mut events = Numbered(Vec::new());
    events.add(json!({"type": "response.created", "response": begun.clone()}));
    events.add(json!({"type": "response.in_progress", "response": begun}));
    let mut item = message(reply, number);
    item["status"] = json!("in_progress");
    item["content"] = json!([]);
    events.add(json!({"type": "response.output_item.added", "output_index": 0, "item": item}));
    let place = json!({"item_id": id, "output_index": 0, "content_index": 0});
    let at = |kind: &str, field: &str, value: Value| {
        let mut event = place.clone();
        event["type"] = json!(kind);
        event[field] = value;
        event
    };
    events.add(at("response.content_part.added", "part", part("")));
    for n in 0..reply.words {
        events.add(at(
            "response.output_text.delta",
            "delta",
            json!(reply.word(n)),
        ));
    }
    let text = reply.text();
    events.add(at("response.output_text.done", "text", json!(text)));
    events.add(at("response.content_part.done", "part", part(&text)));
    events.add(json!({
        "type": "response.output_item.done",
        "output_index": 0,
        "item": message(reply, number),
    }));
    if tool {
        tool_events(reply, number, &mut events);
    }
    events.add(json!({"type": "response.completed", "response": whole(reply, number, tool)}));
    events.0
}

fn tool_events(reply: &Reply, number: usize, events: &mut Numbered) {
    let id = format!("fc_{number}");
    let mut item = call(reply, number);
    item["status"] = json!("in_progress");
    item["arguments"] = json!("");
    events.add(json!({"type": "response.output_item.added", "output_index": 1, "item": item}));
    let arguments = reply.arguments();
    for part in halves(&arguments) {
        events.add(json!({
            "type": "response.function_call_arguments.delta",
            "item_id": id,
            "output_index": 1,
            "delta": part,
        }));
    }
    events.add(json!({
        "type": "response.function_call_arguments.done",
        "item_id": id,
        "output_index": 1,
        "name": TOOL,
        "arguments": arguments,
    }));
    events.add(json!({
        "type": "response.output_item.done",
        "output_index": 1,
        "item": call(reply, number),
    }));
}

pub(super) fn whole(reply: &Reply, number: usize, tool: bool) -> Value {
    let mut output = vec![message(reply, number)];
    if tool {
        output.push(call(reply, number));
    }
    json!({
        "id": format!("resp_{number}"),
        "object": "response",
        "created_at": created(number),
        "status": "completed",
        "error": null,
        "incomplete_details": null,
        "instructions": null,
        "metadata": {},
        "model": "test",
        "output": output,
        "parallel_tool_calls": true,
        "temperature": 1.0,
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "usage": {
            "input_tokens": 3,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": reply.words,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": reply.words + 3,
        },
    })
}

fn message(reply: &Reply, number: usize) -> Value {
    json!({
        "id": format!("msg_{number}"),
        "type": "message",
        "status": "completed",
        "role": "assistant",
        "content": [{"type": "output_text", "text": reply.text(), "annotations": []}],
    })
}

fn call(reply: &Reply, number: usize) -> Value {
    json!({
        "id": format!("fc_{number}"),
        "type": "function_call",
        "status": "completed",
        "call_id": format!("call_{number}"),
        "name": TOOL,
        "arguments": reply.arguments(),
    })
}
