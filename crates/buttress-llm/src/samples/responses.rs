//! The events of OpenAI's Responses API.

use super::*;

pub(super) fn responses(answer: &Answer, run: u32, rng: &mut Rng) -> Vec<String> {
    let mut events = Vec::new();
    let mut output = Vec::new();
    let response = |status: &str, output: &[Value]| {
        json!({
            "id": format!("resp_{run}"), "object": "response", "created_at": 1_700_000_000 + run,
            "status": status, "error": null, "output": output,
        })
    };
    events.push(json!({"type": "response.created", "response": response("in_progress", &[])}));
    events.push(json!({"type": "response.in_progress", "response": response("in_progress", &[])}));
    if !answer.reasoning.is_empty() {
        let at = output.len();
        let id = format!("rs_{run}_{at}");
        let mut item = json!({"id": id, "type": "reasoning", "summary": []});
        events
            .push(json!({"type": "response.output_item.added", "output_index": at, "item": item}));
        let part = json!({"type": "summary_text", "text": ""});
        events.push(
            json!({"type": "response.reasoning_summary_part.added", "item_id": id,
            "output_index": at, "summary_index": 0, "part": part}),
        );
        for piece in pieces(&answer.reasoning, rng) {
            events.push(
                json!({"type": "response.reasoning_summary_text.delta", "item_id": id,
                "output_index": at, "summary_index": 0, "delta": piece}),
            );
        }
        events.push(
            json!({"type": "response.reasoning_summary_text.done", "item_id": id,
            "output_index": at, "summary_index": 0, "text": answer.reasoning}),
        );
        item["summary"] = json!([{"type": "summary_text", "text": answer.reasoning}]);
        events.push(json!({"type": "response.output_item.done", "output_index": at, "item": item}));
        output.push(item);
    }
    if !answer.text.is_empty() {
        let at = output.len();
        let id = format!("msg_{run}_{at}");
        let mut item = json!({"id": id, "type": "message", "role": "assistant", "content": []});
        events
            .push(json!({"type": "response.output_item.added", "output_index": at, "item": item}));
        events.push(
            json!({"type": "response.content_part.added", "item_id": id, "output_index": at,
            "content_index": 0, "part": {"type": "output_text", "text": ""}}),
        );
        for piece in pieces(&answer.text, rng) {
            let noise = "x".repeat(rng.usize(0..8));
            events.push(json!({"type": "response.output_text.delta", "item_id": id,
                "output_index": at, "content_index": 0, "delta": piece, "logprobs": [],
                "obfuscation": noise}));
        }
        events.push(
            json!({"type": "response.output_text.done", "item_id": id, "output_index": at,
            "content_index": 0, "text": answer.text}),
        );
        item["content"] = json!([{"type": "output_text", "text": answer.text}]);
        events.push(json!({"type": "response.output_item.done", "output_index": at, "item": item}));
        output.push(item);
    }
    for (name, arguments) in &answer.calls {
        let at = output.len();
        let id = format!("fc_{run}_{at}");
        let mut item = json!({"id": id, "type": "function_call", "status": "in_progress",
            "arguments": "", "call_id": format!("call_{run}_{at}"), "name": name});
        events
            .push(json!({"type": "response.output_item.added", "output_index": at, "item": item}));
        for piece in pieces(arguments, rng) {
            events.push(
                json!({"type": "response.function_call_arguments.delta", "item_id": id,
                "output_index": at, "delta": piece}),
            );
        }
        events.push(
            json!({"type": "response.function_call_arguments.done", "item_id": id,
            "output_index": at, "arguments": arguments}),
        );
        item["arguments"] = json!(arguments);
        events.push(json!({"type": "response.output_item.done", "output_index": at, "item": item}));
        output.push(item);
    }
    let whole = response("completed", &output);
    events.push(json!({"type": "response.completed", "response": whole}));
    for (number, event) in events.iter_mut().enumerate() {
        event["sequence_number"] = json!(number);
    }
    named(&events, rng)
}
