use super::{Reply, TOOL, event_of, halves};
use bytes::Bytes;
use serde_json::{Value, json};

pub(super) fn events(reply: &Reply, number: usize, tool: bool) -> Vec<Bytes> {
    let id = id(number);
    let begun =
        json!({"id": id, "object": "interaction", "model": "test", "status": "in_progress"});
    let mut events = vec![
        json!({"interaction": begun, "event_type": "interaction.created"}),
        json!({
            "interaction_id": id,
            "status": "in_progress",
            "event_type": "interaction.status_update",
        }),
    ];
    let delta = |index: u32, delta: Value| json!({"index": index, "delta": delta, "event_type": "step.delta"});
    let start =
        |index: u32, step: Value| json!({"index": index, "step": step, "event_type": "step.start"});
    let stop = |index: u32| json!({"index": index, "event_type": "step.stop"});
    events.push(start(0, json!({"type": "model_output"})));
    for n in 0..reply.words {
        events.push(delta(0, json!({"text": reply.word(n), "type": "text"})));
    }
    events.push(stop(0));
    if tool {
        events.push(start(1, call(number, &json!({}))));
        for part in halves(&reply.arguments()) {
            let arguments = json!({"arguments": part, "type": "arguments_delta"});
            events.push(delta(1, arguments));
        }
        events.push(stop(1));
    }
    let mut completed = whole(reply, number, tool);
    // It is sent without what was said before.
    completed["steps"] = json!([]);
    events.push(json!({"interaction": completed, "event_type": "interaction.completed"}));
    let mut events: Vec<Bytes> = events.iter().map(event_of).collect();
    events.push(Bytes::from_static(b"event: done\ndata: [DONE]\n\n"));
    events
}

pub(super) fn whole(reply: &Reply, number: usize, tool: bool) -> Value {
    let mut steps = vec![json!({
        "type": "model_output",
        "content": [{"type": "text", "text": reply.text()}],
    })];
    if tool {
        let arguments: Value = serde_json::from_str(&reply.arguments()).unwrap_or_default();
        steps.push(call(number, &arguments));
    }
    json!({
        "id": id(number),
        "object": "interaction",
        "model": "test",
        "status": if tool { "requires_action" } else { "completed" },
        "created": "2026-05-28T20:26:40Z",
        "updated": "2026-05-28T20:26:41Z",
        "steps": steps,
        "usage": {
            "total_input_tokens": 3,
            "total_output_tokens": reply.words,
            "total_tokens": reply.words + 3,
        },
    })
}

fn call(number: usize, arguments: &Value) -> Value {
    json!({
        "type": "function_call",
        "id": format!("call_{number}"),
        "name": TOOL,
        "arguments": arguments,
    })
}

fn id(number: usize) -> String {
    format!("v1_{number}")
}
