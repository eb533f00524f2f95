//! Streams as the APIs send them, in other words each time, and a client that puts them together.

use crate::Dialect;
use fastrand::Rng;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What a model answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) reasoning: String,
    pub(crate) text: String,
    pub(crate) calls: Vec<(String, String)>,
}

impl Answer {
    pub(crate) fn plain() -> Self {
        Answer {
            reasoning: String::new(),
            text: "Hello, \"world\"! Zwölf Boxkämpfer 😀\n".to_owned(),
            calls: Vec::new(),
        }
    }

    pub(crate) fn full() -> Self {
        Answer {
            reasoning: "The user wants a list.".to_owned(),
            text: "I will look.\n".to_owned(),
            calls: vec![
                (
                    "ls".to_owned(),
                    r#"{"path":"C:\\temp","deep":true}"#.to_owned(),
                ),
                ("cat".to_owned(), r#"{"file":"naïve.txt"}"#.to_owned()),
            ],
        }
    }
}

/// The events of one stream of this answer: ids by `run`, pieces by `rng`.
pub(crate) fn stream(dialect: Dialect, answer: &Answer, run: u32, rng: &mut Rng) -> Vec<String> {
    match dialect {
        Dialect::ChatCompletions => chat(answer, run, rng),
        Dialect::Completions => completions(answer, run, rng),
        Dialect::Responses => responses(answer, run, rng),
        Dialect::Messages => messages(answer, run, rng),
        Dialect::Gemini => gemini(answer, run, rng),
    }
}

/// The answer as far as the dialect can say it.
pub(crate) fn sayable(dialect: Dialect, answer: &Answer) -> Answer {
    let mut answer = answer.clone();
    if dialect == Dialect::Completions {
        answer.reasoning.clear();
        answer.calls.clear();
    }
    answer
}

fn pieces<'a>(text: &'a str, rng: &mut Rng) -> Vec<&'a str> {
    let mut rest = text;
    let mut pieces = Vec::new();
    while !rest.is_empty() {
        let chars = rng.usize(1..=6);
        let end = rest
            .char_indices()
            .nth(chars)
            .map_or(rest.len(), |(at, _)| at);
        let (piece, after) = rest.split_at(end);
        pieces.push(piece);
        rest = after;
    }
    pieces
}

/// A string of JSON: with escapes for all but ASCII now and then, as Python's servers have them.
fn data(value: &Value, rng: &mut Rng) -> String {
    let text = value.to_string();
    if rng.bool() {
        return text;
    }
    let mut escaped = String::new();
    for char in text.chars() {
        if char.is_ascii() {
            escaped.push(char);
        } else {
            for unit in char.encode_utf16(&mut [0; 2]) {
                escaped.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    escaped
}

fn chat(answer: &Answer, run: u32, rng: &mut Rng) -> Vec<String> {
    let mut events = vec![": OPENROUTER PROCESSING\n\n".to_owned()];
    let chunk = |delta: Value, finish: Value| {
        json!({
            "id": format!("chatcmpl-{run}"),
            "object": "chat.completion.chunk",
            "created": 1_700_000_000 + run,
            "model": "m",
            "choices": [{"index": 0, "delta": delta, "logprobs": null, "finish_reason": finish}],
            "usage": null,
        })
    };
    let mut chunks = vec![chunk(
        json!({"role": "assistant", "content": ""}),
        Value::Null,
    )];
    for piece in pieces(&answer.reasoning, rng) {
        chunks.push(chunk(json!({"reasoning_content": piece}), Value::Null));
    }
    for piece in pieces(&answer.text, rng) {
        chunks.push(chunk(
            json!({"role": "assistant", "content": piece}),
            Value::Null,
        ));
    }
    for (index, (name, arguments)) in answer.calls.iter().enumerate() {
        let mut pieces = pieces(arguments, rng).into_iter();
        let first = if rng.bool() {
            ""
        } else {
            pieces.next().unwrap_or("")
        };
        let call = json!({
            "index": index,
            "id": format!("call_{run}_{index}"),
            "type": "function",
            "function": {"name": name, "arguments": first},
        });
        chunks.push(chunk(json!({"tool_calls": [call]}), Value::Null));
        for piece in pieces {
            let call = json!({"index": index, "function": {"arguments": piece}});
            chunks.push(chunk(json!({"tool_calls": [call]}), Value::Null));
        }
    }
    let reason = if answer.calls.is_empty() {
        "stop"
    } else {
        "tool_calls"
    };
    chunks.push(chunk(json!({}), json!(reason)));
    let mut usage = chunk(json!({}), Value::Null);
    usage["choices"] = json!([]);
    usage["usage"] = json!({"completion_tokens": 9});
    chunks.push(usage);
    for chunk in chunks {
        events.push(format!("data: {}\n\n", data(&chunk, rng)));
    }
    events.push("data: [DONE]\n\n".to_owned());
    events
}

fn completions(answer: &Answer, run: u32, rng: &mut Rng) -> Vec<String> {
    let chunk = |text: &str, finish: Value| {
        json!({
            "id": format!("cmpl-{run}"),
            "object": "text_completion",
            "created": 1_700_000_000 + run,
            "choices": [{"index": 0, "text": text, "logprobs": null, "finish_reason": finish}],
        })
    };
    let mut chunks: Vec<Value> = Vec::new();
    for piece in pieces(&answer.text, rng) {
        chunks.push(chunk(piece, Value::Null));
    }
    chunks.push(chunk("", json!("stop")));
    let mut events: Vec<String> = chunks
        .iter()
        .map(|chunk| format!("data: {}\n\n", data(chunk, rng)))
        .collect();
    events.push("data: [DONE]\n\n".to_owned());
    events
}

fn messages(answer: &Answer, run: u32, rng: &mut Rng) -> Vec<String> {
    let mut events = vec![json!({
        "type": "message_start",
        "message": {
            "id": format!("msg_{run}"), "type": "message", "role": "assistant", "model": "m",
            "content": [], "stop_reason": null, "stop_sequence": null,
            "usage": {"input_tokens": 25, "output_tokens": 1},
        },
    })];
    events.push(json!({"type": "ping"}));
    let mut index = 0;
    let mut block = |start: Value, kind: &str, field: &str, pieces: Vec<&str>, sign: bool| {
        let mut of_block =
            vec![json!({"type": "content_block_start", "index": index, "content_block": start})];
        for piece in pieces {
            let mut delta = json!({"type": kind});
            delta[field] = json!(piece);
            of_block.push(json!({"type": "content_block_delta", "index": index, "delta": delta}));
        }
        if sign {
            let delta = json!({"type": "signature_delta", "signature": format!("sig{run}")});
            of_block.push(json!({"type": "content_block_delta", "index": index, "delta": delta}));
        }
        of_block.push(json!({"type": "content_block_stop", "index": index}));
        index += 1;
        of_block
    };
    if !answer.reasoning.is_empty() {
        let start = json!({"type": "thinking", "thinking": "", "signature": ""});
        let pieces = pieces(&answer.reasoning, rng);
        events.extend(block(start, "thinking_delta", "thinking", pieces, true));
    }
    if !answer.text.is_empty() {
        let start = json!({"type": "text", "text": ""});
        events.extend(block(
            start,
            "text_delta",
            "text",
            pieces(&answer.text, rng),
            false,
        ));
    }
    for (place, (name, arguments)) in answer.calls.iter().enumerate() {
        let start = json!({
            "type": "tool_use", "id": format!("toolu_{run}_{place}"), "name": name, "input": {},
        });
        let pieces = pieces(arguments, rng);
        events.extend(block(
            start,
            "input_json_delta",
            "partial_json",
            pieces,
            false,
        ));
    }
    let reason = if answer.calls.is_empty() {
        "end_turn"
    } else {
        "tool_use"
    };
    events.push(json!({
        "type": "message_delta",
        "delta": {"stop_reason": reason, "stop_sequence": null},
        "usage": {"output_tokens": 15},
    }));
    events.push(json!({"type": "message_stop"}));
    named(&events, rng)
}

fn named(events: &[Value], rng: &mut Rng) -> Vec<String> {
    let line = |event: &Value| {
        let name = event["type"].as_str().unwrap_or_default().to_owned();
        format!("event: {name}\ndata: {}\n\n", data(event, rng))
    };
    events.iter().map(line).collect()
}

fn responses(answer: &Answer, run: u32, rng: &mut Rng) -> Vec<String> {
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
        item["encrypted_content"] = json!(format!("secret{run}"));
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

fn gemini(answer: &Answer, run: u32, rng: &mut Rng) -> Vec<String> {
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

/// What a client makes of a stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Got {
    pub(crate) answer: Answer,
    /// The ids of calls, in order.
    pub(crate) call_ids: Vec<String>,
    /// Every id that the stream gave itself.
    pub(crate) ids: Vec<String>,
    pub(crate) finished: bool,
    pub(crate) ended: bool,
    pub(crate) errors: usize,
    /// What the end of a response repeats of it.
    pub(crate) repeated: Option<Value>,
}

/// Puts a stream together as the vendors' SDKs do: texts are joined, whatever is not null.
pub(crate) fn put_together(dialect: Dialect, bytes: &[u8]) -> Got {
    let mut got = Got::default();
    let mut calls: BTreeMap<u64, (String, String, String)> = BTreeMap::new();
    let mut sequence = None;
    let mut bytes = bytes.to_vec();
    if bytes.ends_with(b"\r\n\r") {
        // A CR ends a line. Only the LF that should follow is missing.
        bytes.push(b'\n');
    }
    let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
    for block in text
        .split_inclusive("\n\n")
        .filter(|block| block.ends_with("\n\n"))
    {
        let lines: Vec<&str> = block
            .lines()
            .filter_map(|line| line.strip_prefix("data: "))
            .collect();
        if lines.is_empty() {
            continue;
        }
        let data = lines.join("\n");
        if data == "[DONE]" {
            got.ended = true;
            continue;
        }
        let event: Value = serde_json::from_str(&data).unwrap();
        assert!(!got.ended, "{event} came after the end");
        if let Some(number) = event["sequence_number"].as_u64() {
            assert_eq!(number, sequence.map_or(0, |last: u64| last + 1), "{event}");
            sequence = Some(number);
        }
        let mut id = |value: &Value| {
            let id = value
                .as_str()
                .map_or_else(|| value.to_string(), ToOwned::to_owned);
            if !value.is_null() && !got.ids.contains(&id) {
                got.ids.push(id);
            }
        };
        let string = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        match dialect {
            Dialect::ChatCompletions | Dialect::Completions => {
                id(&event["id"]);
                id(&event["created"]);
                got.errors += usize::from(event["error"].is_object());
                for choice in event["choices"].as_array().into_iter().flatten() {
                    let delta = &choice["delta"];
                    got.answer.text += &string(&delta["content"]);
                    got.answer.text += &string(&choice["text"]);
                    got.answer.reasoning += &string(&delta["reasoning_content"]);
                    for call in delta["tool_calls"].as_array().into_iter().flatten() {
                        let (id, name, arguments) =
                            calls.entry(call["index"].as_u64().unwrap()).or_default();
                        *id += &string(&call["id"]);
                        *name += &string(&call["function"]["name"]);
                        *arguments += &string(&call["function"]["arguments"]);
                    }
                    got.finished |= choice["finish_reason"].is_string();
                }
            }
            Dialect::Messages => match event["type"].as_str().unwrap() {
                "message_start" => {
                    id(&event["message"]["id"]);
                    assert_eq!(got.ids.len(), 1, "one start only");
                }
                "content_block_start" => {
                    let index = event["index"].as_u64().unwrap();
                    let block = &event["content_block"];
                    if block["type"] == "tool_use" {
                        let call = (string(&block["id"]), string(&block["name"]), String::new());
                        assert_eq!(calls.insert(index, call), None);
                    }
                }
                "content_block_delta" => {
                    let delta = &event["delta"];
                    got.answer.text += &string(&delta["text"]);
                    got.answer.reasoning += &string(&delta["thinking"]);
                    if let Some(more) = delta["partial_json"].as_str() {
                        calls.get_mut(&event["index"].as_u64().unwrap()).unwrap().2 += more;
                    }
                }
                "message_delta" => got.finished = true,
                "message_stop" => got.ended = true,
                "error" => got.errors += 1,
                _ => {}
            },
            Dialect::Responses => match event["type"].as_str().unwrap() {
                "response.created" => id(&event["response"]["id"]),
                "response.output_item.added" => {
                    let item = &event["item"];
                    id(&item["id"]);
                    if item["type"] == "function_call" {
                        let index = event["output_index"].as_u64().unwrap();
                        let call = (
                            string(&item["call_id"]),
                            string(&item["name"]),
                            String::new(),
                        );
                        assert_eq!(calls.insert(index, call), None);
                    }
                }
                "response.output_text.delta" => {
                    id(&event["item_id"]);
                    got.answer.text += &string(&event["delta"]);
                }
                "response.reasoning_summary_text.delta" => {
                    id(&event["item_id"]);
                    got.answer.reasoning += &string(&event["delta"]);
                }
                "response.function_call_arguments.delta" => {
                    id(&event["item_id"]);
                    let call = calls
                        .get_mut(&event["output_index"].as_u64().unwrap())
                        .unwrap();
                    call.2 += event["delta"].as_str().unwrap();
                }
                "response.completed" => {
                    got.finished = true;
                    got.ended = true;
                    id(&event["response"]["id"]);
                    for item in event["response"]["output"].as_array().unwrap() {
                        id(&item["id"]);
                    }
                    got.repeated = Some(event["response"].clone());
                }
                "error" | "response.failed" => got.errors += 1,
                _ => {}
            },
            Dialect::Gemini => {
                id(&event["responseId"]);
                got.errors += usize::from(event["error"].is_object());
                for candidate in event["candidates"].as_array().into_iter().flatten() {
                    for part in candidate["content"]["parts"]
                        .as_array()
                        .into_iter()
                        .flatten()
                    {
                        let said = if part["thought"] == true {
                            &mut got.answer.reasoning
                        } else {
                            &mut got.answer.text
                        };
                        *said += &string(&part["text"]);
                        let call = &part["functionCall"];
                        if call.is_object() {
                            let place = calls.len() as u64;
                            let name = string(&call["name"]);
                            calls.insert(
                                place,
                                (string(&call["id"]), name, call["args"].to_string()),
                            );
                        }
                    }
                    if candidate["finishReason"].is_string() {
                        got.finished = true;
                    }
                }
            }
        }
    }
    if dialect == Dialect::Gemini {
        got.ended = got.finished;
    }
    for (id, name, arguments) in calls.into_values() {
        got.call_ids.push(id);
        got.answer.calls.push((name, arguments));
    }
    got
}

#[test]
fn what_is_sent_is_what_a_client_gets() {
    for dialect in Dialect::ALL {
        for answer in [Answer::plain(), Answer::full()] {
            let mut rng = Rng::with_seed(7);
            let bytes = stream(*dialect, &answer, 1, &mut rng).concat();
            let got = put_together(*dialect, bytes.as_bytes());
            assert_eq!(
                normal(got.answer),
                normal(sayable(*dialect, &answer)),
                "{dialect:?}"
            );
            assert!(got.finished && got.ended, "{dialect:?}");
        }
    }
}

/// With the arguments of calls in one form: Gemini sends them as objects.
pub(crate) fn normal(mut answer: Answer) -> Answer {
    for (_, arguments) in &mut answer.calls {
        if let Ok(value) = serde_json::from_str::<Value>(arguments) {
            *arguments = value.to_string();
        }
    }
    answer
}
