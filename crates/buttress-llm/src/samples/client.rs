//! A client that puts streams together.

use super::Answer;
use crate::Dialect;
use serde_json::Value;
use std::collections::BTreeMap;

/// What a client makes of a stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Got {
    pub(crate) answer: Answer,
    /// The ids of calls, in order.
    pub(crate) call_ids: Vec<String>,
    /// Every id that the stream gave itself.
    pub(crate) ids: Vec<String>,
    /// The ids of its events.
    pub(crate) event_ids: Vec<String>,
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
    // What kind of a block each is.
    let mut blocks: BTreeMap<u64, String> = BTreeMap::new();
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
            Dialect::Interactions => {
                let index = || event["index"].as_u64().unwrap();
                match event["event_type"].as_str().unwrap() {
                    "interaction.created" => {
                        id(&event["interaction"]["id"]);
                        assert_eq!(got.ids.len(), 1, "one start only");
                    }
                    "step.start" => {
                        let step = &event["step"];
                        assert!(!blocks.contains_key(&index()), "{event}");
                        blocks.insert(index(), string(&step["type"]));
                        got.answer.reasoning += &string(&step["summary"][0]["text"]);
                        got.answer.text += &string(&step["content"][0]["text"]);
                        if step["type"] == "function_call" {
                            let call = (string(&step["id"]), string(&step["name"]), String::new());
                            calls.insert(index(), call);
                        }
                    }
                    "step.delta" => {
                        let delta = &event["delta"];
                        let (kind, said) = match delta["type"].as_str().unwrap() {
                            "text" => ("model_output", &mut got.answer.text),
                            "arguments_delta" => {
                                ("function_call", &mut calls.get_mut(&index()).unwrap().2)
                            }
                            _ => ("thought", &mut got.answer.reasoning),
                        };
                        assert_eq!(blocks[&index()], kind, "{event}");
                        *said += &string(&delta["text"]);
                        *said += &string(&delta["content"]["text"]);
                        *said += &string(&delta["arguments"]);
                    }
                    "interaction.completed" => got.finished = true,
                    "error" => got.errors += 1,
                    _ => {}
                }
                got.event_ids
                    .extend(event["event_id"].as_str().map(str::to_owned));
            }
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
    if matches!(dialect, Dialect::Gemini | Dialect::Interactions) {
        got.ended = got.finished;
    }
    for (id, name, arguments) in calls.into_values() {
        got.call_ids.push(id);
        got.answer.calls.push((name, arguments));
    }
    got
}
