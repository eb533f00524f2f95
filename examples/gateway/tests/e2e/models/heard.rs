//! What a client makes of a stream of each dialect.

use buttress_testkit::Api;
use serde_json::Value;

/// What a client makes of a stream: its text, its tool's arguments, every id in it, and whether
/// its last event was there.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Heard {
    pub(super) text: String,
    pub(super) arguments: String,
    pub(super) ids: Vec<String>,
    pub(super) finished: bool,
    pub(super) errors: usize,
}

pub(super) fn hear(api: Api, stream: &[u8]) -> Heard {
    let mut heard = Heard::default();
    let stream = std::str::from_utf8(stream).unwrap();
    for block in stream.split("\n\n") {
        let Some(data) = block.lines().find_map(|line| line.strip_prefix("data: ")) else {
            continue;
        };
        if data == "[DONE]" {
            heard.finished = true;
            continue;
        }
        let data: Value = serde_json::from_str(data).unwrap_or_else(|error| {
            panic!("{error}: {data}");
        });
        let kind = data["type"].as_str().or(data["event_type"].as_str());
        let kind = kind.unwrap_or_default();
        if !data["error"].is_null() || kind == "error" || kind == "response.failed" {
            heard.errors += 1;
            continue;
        }
        let delta = &data["choices"][0]["delta"];
        let (text, arguments, id) = match api {
            Api::Chat => (
                &delta["content"],
                &delta["tool_calls"][0]["function"]["arguments"],
                &data["id"],
            ),
            Api::Responses if kind == "response.output_text.delta" => {
                (&data["delta"], &Value::Null, &Value::Null)
            }
            Api::Responses if kind == "response.function_call_arguments.delta" => {
                (&Value::Null, &data["delta"], &Value::Null)
            }
            Api::Responses => (&Value::Null, &Value::Null, &data["response"]["id"]),
            Api::Messages => (
                &data["delta"]["text"],
                &data["delta"]["partial_json"],
                &data["message"]["id"],
            ),
            // That of the one that was answered comes with its end.
            Api::Interactions if kind == "interaction.created" => {
                (&Value::Null, &Value::Null, &data["interaction"]["id"])
            }
            Api::Interactions => (
                &data["delta"]["text"],
                &data["delta"]["arguments"],
                &Value::Null,
            ),
            _ => {
                let part = &data["candidates"][0]["content"]["parts"][0];
                heard.finished |= data["candidates"][0]["finishReason"].is_string();
                (
                    &part["text"],
                    &part["functionCall"]["args"]["query"],
                    &data["responseId"],
                )
            }
        };
        heard.text.push_str(text.as_str().unwrap_or_default());
        heard
            .arguments
            .push_str(arguments.as_str().unwrap_or_default());
        if let Some(id) = id.as_str() {
            heard.ids.push(id.to_owned());
        }
        heard.finished |= matches!(
            kind,
            "response.completed" | "message_stop" | "interaction.completed"
        );
    }
    heard.ids.dedup();
    heard
}
