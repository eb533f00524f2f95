//! Streams as the APIs send them, in other words each time, and a client that puts them together.

mod client;
mod google;
mod responses;

pub(crate) use self::client::{Got, put_together};

use self::google::{gemini, interactions};
use self::responses::responses;
use crate::Dialect;
use fastrand::Rng;
use serde_json::{Value, json};

/// The seed of a test: that of the environment, or another one each time. A failure shows it.
pub(crate) fn seed() -> u64 {
    let seed =
        std::env::var("SEED").map_or_else(|_| fastrand::u64(..), |seed| seed.parse().unwrap());
    println!("SEED={seed}");
    seed
}

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
        Dialect::Interactions => interactions(answer, run, rng),
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
        let name = event["event_type"].as_str().or(event["type"].as_str());
        let name = name.unwrap_or_default().to_owned();
        format!("event: {name}\ndata: {}\n\n", data(event, rng))
    };
    events.iter().map(line).collect()
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
