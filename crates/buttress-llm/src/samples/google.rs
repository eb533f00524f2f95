//! The events of Google's two APIs.

use super::*;

pub(super) fn gemini(answer: &Answer, run: u32, rng: &mut Rng) -> Vec<String> {
    let mut parts = Vec::new();
    for piece in pieces(&answer.reasoning, rng) {
        parts.push(json!({"text": piece, "thought": true}));
    }
    for piece in pieces(&answer.text, rng) {
        parts.push(json!({"text": piece}));
    }
    for (place, (name, arguments)) in answer.calls.iter().enumerate() {
        let arguments: Value = serde_json::from_str(arguments).unwrap();
        parts.push(json!({
            "functionCall": {"id": format!("fc_{run}_{place}"), "name": name, "args": arguments},
            "thoughtSignature": format!("sig{run}"),
        }));
    }
    let mut events = Vec::new();
    let mut parts = parts.into_iter().peekable();
    while parts.peek().is_some() {
        let some: Vec<Value> = parts.by_ref().take(rng.usize(1..=3)).collect();
        let mut candidate = json!({"content": {"parts": some, "role": "model"}, "index": 0});
        if parts.peek().is_none() {
            candidate["finishReason"] = json!("STOP");
        }
        let chunk = json!({
            "candidates": [candidate],
            "usageMetadata": {"totalTokenCount": 9},
            "modelVersion": "gemini",
            "responseId": format!("resp-{run}"),
        });
        events.push(format!("data: {}\r\n\r\n", data(&chunk, rng)));
    }
    events
}

pub(super) fn interactions(answer: &Answer, run: u32, rng: &mut Rng) -> Vec<String> {
    let id = format!("v1_{run}");
    let mut steps: Vec<(Value, Vec<Value>)> = Vec::new();
    let mut pieces_of =
        |text: &str| -> Vec<String> { pieces(text, rng).into_iter().map(str::to_owned).collect() };
    let words = |text: &String| json!({"type": "text", "text": text});
    let summary = |text: &String| json!({"type": "thought_summary", "content": words(text)});
    let (reasoning, text) = (pieces_of(&answer.reasoning), pieces_of(&answer.text));
    if !reasoning.is_empty() {
        let mut deltas: Vec<Value> = reasoning.iter().map(summary).collect();
        deltas.push(json!({"type": "thought_signature", "signature": format!("sig{run}")}));
        steps.push((json!({"type": "thought", "signature": ""}), deltas));
    }
    if !text.is_empty() {
        let deltas = text.iter().map(words).collect();
        steps.push((json!({"type": "model_output"}), deltas));
    }
    for (place, (name, arguments)) in answer.calls.iter().enumerate() {
        let deltas = pieces_of(arguments).into_iter();
        let deltas = deltas.map(|some| json!({"type": "arguments_delta", "arguments": some}));
        let call = json!({
            "type": "function_call", "id": format!("fc_{run}_{place}"), "name": name, "arguments": {},
        });
        steps.push((call, deltas.collect()));
    }
    let mut events = vec![
        json!({
            "event_type": "interaction.created",
            "interaction": {"id": id, "status": "in_progress", "object": "interaction"},
        }),
        json!({
            "event_type": "interaction.status_update", "interaction_id": id, "status": "in_progress",
        }),
    ];
    for (index, (mut step, mut deltas)) in steps.into_iter().enumerate() {
        // Some begin with the first words.
        if rng.bool() && step["type"] != "function_call" {
            let first = deltas.remove(0);
            if step["type"] == "thought" {
                step["summary"] = json!([first["content"]]);
            } else {
                step["content"] = json!([first]);
            }
        }
        events.push(json!({"event_type": "step.start", "index": index, "step": step}));
        for delta in deltas {
            events.push(json!({"event_type": "step.delta", "index": index, "delta": delta}));
        }
        events.push(json!({"event_type": "step.stop", "index": index}));
    }
    let calls = !answer.calls.is_empty();
    events.push(json!({
        "event_type": "interaction.completed",
        "interaction": {
            "id": id, "object": "interaction",
            "status": if calls { "requires_action" } else { "completed" },
            "usage": {"total_output_tokens": 9},
        },
    }));
    let has_ids = rng.bool();
    for (number, event) in events.iter_mut().enumerate() {
        // Not all of them.
        if has_ids && rng.u8(..) < 200 {
            event["event_id"] = json!(format!("e{run}/{number}="));
        }
    }
    let mut events = named(&events, rng);
    events.push("event: done\ndata: [DONE]\n\n".to_owned());
    events
}
