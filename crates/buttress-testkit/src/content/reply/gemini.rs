use super::{Reply, TOOL, event};
use bytes::Bytes;
use serde_json::{Value, json};

fn response(number: usize, parts: &Value, finish: Option<&str>) -> Value {
    let mut candidate = json!({"content": {"parts": parts, "role": "model"}, "index": 0});
    if let Some(finish) = finish {
        candidate["finishReason"] = json!(finish);
    }
    json!({
        "candidates": [candidate],
        "modelVersion": "test",
        "responseId": format!("r{number}"),
    })
}

pub(super) fn events(reply: &Reply, number: usize, tool: bool) -> Vec<Bytes> {
    let mut events: Vec<Bytes> = (0..reply.words)
        .map(|n| event(&response(number, &json!([{"text": reply.word(n)}]), None)))
        .collect();
    if tool {
        events.push(event(&response(number, &json!([call(reply)]), None)));
    }
    let mut last = response(number, &json!([{"text": ""}]), Some("STOP"));
    last["usageMetadata"] = usage(reply);
    events.push(event(&last));
    events
}

pub(super) fn whole(reply: &Reply, number: usize, tool: bool) -> Value {
    let mut parts = vec![json!({"text": reply.text()})];
    if tool {
        parts.push(call(reply));
    }
    let mut whole = response(number, &json!(parts), Some("STOP"));
    whole["usageMetadata"] = usage(reply);
    whole
}

fn call(reply: &Reply) -> Value {
    let args: Value = serde_json::from_str(&reply.arguments()).unwrap_or_default();
    json!({"functionCall": {"name": TOOL, "args": args}})
}

fn usage(reply: &Reply) -> Value {
    json!({
        "promptTokenCount": 3,
        "candidatesTokenCount": reply.words,
        "totalTokenCount": reply.words + 3,
    })
}
