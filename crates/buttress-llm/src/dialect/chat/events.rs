//! Events of chat completions, and of the older completions.
//!
//! [OpenAI: chat completion chunks](https://platform.openai.com/docs/api-reference/chat-streaming),
//! and what SGLang, vLLM, llama.cpp, Ollama and OpenRouter send under the same name.

use crate::errors::{is_code, is_error};
use crate::json::{Reader, Str};
use crate::piece::{Lane, Mark, Piece};
use std::ops::Range;

const ID: u32 = 0;
const CREATED: u32 = 1;
/// From here on: the id of each call of a tool.
const CALLS: u32 = 2;

/// Where the values of a choice stand among the lanes: more than one choice can't be told apart by
/// their order.
const PER_CHOICE: u64 = 1 << 32;

pub(crate) fn read<'a>(data: &'a [u8], see: &mut impl FnMut(Piece<'a>)) -> bool {
    if data.trim_ascii() == b"[DONE]" {
        see(Piece::End);
        return true;
    }
    let mut reader = Reader::new(data);
    // An error of those who have no word for it: its code, and what it says.
    let (mut code, mut message, mut choices) = (false, false, false);
    let is_object = reader.object(|name, value| match name {
        // Azure's first event has an empty id, and no date.
        b"id" if !value.is_blank() => see(Piece::Fixed {
            slot: ID,
            at: value.skip(),
            whole: false,
        }),
        b"created" if value.clone().number().is_some_and(|date| date > 0) => see(Piece::Fixed {
            slot: CREATED,
            at: value.skip(),
            whole: false,
        }),
        b"error" if is_error(value) => see(Piece::Error),
        // Older servers: the error itself is the event.
        b"object" => code |= value.string().map(Str::raw) == Some(b"error"),
        b"choices" => choices |= value.array(|choice| read_choice(choice, see)),
        b"code" => code |= is_code(value),
        b"message" => message |= value.is_said(),
        // Groq: why the stream was stopped early.
        b"x_groq" => {
            value.object(|name, value| {
                if name == b"error" && is_error(value) {
                    see(Piece::Error);
                }
            });
        }
        // MiniMax.
        b"base_resp" => {
            value.object(|name, value| match name {
                b"status_code" => code |= is_code(value),
                b"status_msg" => message |= value.is_said(),
                _ => {}
            });
        }
        _ => {}
    });
    if code && message && !choices {
        see(Piece::Error);
    }
    is_object && reader.is_sound()
}

fn read_choice<'a>(choice: &mut Reader<'a>, see: &mut impl FnMut(Piece<'a>)) {
    let mut index = 0;
    choice.clone().object(|name, value| {
        if name == b"index" {
            index = value.number().unwrap_or(0);
        }
    });
    let key = index.saturating_mul(PER_CHOICE);
    choice.object(|name, value| match name {
        b"delta" => read_delta(key, value, see),
        // The older completions.
        b"text" => {
            text(Lane::Text, key, value, see);
        }
        // What is said of each of its tokens.
        b"logprobs" | b"token_ids" if !value.is_blank() => see(Piece::Indivisible),
        // OpenRouter's, of one answer.
        b"error" if value.is_said() => see(Piece::Error),
        b"finish_reason" => match value.clone().string().map(Str::raw) {
            Some(reason) if is_broken_off(reason) => see(Piece::Error),
            // As some servers write that there is none yet.
            Some(b"null") => {}
            _ if value.is_blank() => {}
            _ => see(Piece::Finish { choice: index }),
        },
        _ => {}
    });
}

/// Whether this reason for the end says that there was none: the server, or what is behind it, gave up.
///
/// `network_error` is z.ai's (<https://github.com/earendil-works/pi/issues/2313>), `abort` is vLLM's and
/// SGLang's (`FinishReason`), the last one is
/// [`DeepSeek`'s](https://api-docs.deepseek.com/api/create-chat-completion).
fn is_broken_off(reason: &[u8]) -> bool {
    matches!(
        reason,
        b"error" | b"network_error" | b"network-error" | b"abort" | b"insufficient_system_resource"
    )
}

/// The same of one of the answers in a document: where the error is that it tells, which is nowhere if
/// its reason alone says so.
pub(crate) fn broken_off(document: &[u8]) -> Option<Range<usize>> {
    let mut found: Option<Range<usize>> = None;
    Reader::new(document).object(|name, value| {
        if name != b"choices" {
            return;
        }
        value.array(|choice| {
            choice.object(|name, value| match name {
                b"error" if value.is_said() => found = Some(value.skip()),
                b"finish_reason" if value.string().map(Str::raw).is_some_and(is_broken_off) => {
                    found.get_or_insert(0..0);
                }
                _ => {}
            });
        });
    });
    found
}

fn read_delta<'a>(key: u64, delta: &mut Reader<'a>, see: &mut impl FnMut(Piece<'a>)) {
    // Whether it says a text; the reasoning in it; and whether it says any of it once more.
    let (mut says, mut reasoning, mut again) = (false, None, false);
    delta.object(|name, value| match name {
        b"role" if !value.is_null() => {
            let at = value.skip();
            see(Piece::Once { key, at });
        }
        b"content" => says |= read_content(key, value, see),
        // Servers on the way from one name to the other use both.
        b"reasoning_content" | b"reasoning" => {
            let said = value.clone().string().map(Str::raw);
            if reasoning.is_some() && reasoning == said {
                again = true;
            } else {
                reasoning = reasoning.or(said);
                says |= text(Lane::Reasoning, key, value, see);
            }
        }
        b"refusal" => says |= text(Lane::Refusal, key, value, see),
        // OpenRouter and LiteLLM say the reasoning a second time, with signatures.
        b"reasoning_details" | b"thinking_blocks" | b"provider_specific_fields" => {
            again |= !value.is_blank();
        }
        b"tool_calls" => {
            value.array(|call| read_call(key, call, see));
        }
        b"function_call" => {
            read_function(Lane::Arguments, key, None, value, see);
        }
        // Sound, images, annotations, and what is to come; but not a number beside a text.
        _ if value.is_said() => other(key, name, value, "null", see),
        _ => {}
    });
    match (again, says) {
        (true, true) => see(Piece::Indivisible),
        (true, false) => see(Piece::Mark(Mark::new(Lane::Signature, key, b""))),
        (false, _) => {}
    }
}

/// A text, or Mistral's list of its parts. Whether it is a text.
fn read_content<'a>(key: u64, value: &mut Reader<'a>, see: &mut impl FnMut(Piece<'a>)) -> bool {
    let is_list = value.array(|part| {
        let mut kind: &[u8] = b"";
        part.clone().object(|name, value| {
            if name == b"type" {
                kind = value.string().map(Str::raw).unwrap_or_default();
            }
        });
        if !matches!(kind, b"text" | b"thinking") {
            other(key, b"", part, r#"{"type":"text","text":""}"#, see);
            return;
        }
        part.object(|name, value| match name {
            b"text" => {
                text(Lane::Text, key, value, see);
            }
            b"thinking" => {
                value.array(|part| {
                    part.object(|name, value| {
                        if name == b"text" {
                            text(Lane::Reasoning, key, value, see);
                        }
                    });
                });
            }
            _ => {}
        });
    });
    !is_list && text(Lane::Text, key, value, see)
}

/// A value that this crate knows nothing of.
fn other<'a>(
    key: u64,
    name: &'a [u8],
    value: &mut Reader<'a>,
    erased: &'static str,
    see: &mut impl FnMut(Piece<'a>),
) {
    let at = value.skip();
    see(Piece::Mark(Mark {
        says: [name, value.bytes(at.clone())],
        erase: [Some(at), None],
        erased,
        ..Mark::new(Lane::Other, key, b"")
    }));
}

fn read_call<'a>(choice: u64, call: &mut Reader<'a>, see: &mut impl FnMut(Piece<'a>)) {
    let (mut key, mut id) = (choice, None);
    call.clone().object(|name, value| match name {
        b"index" => key = choice.saturating_add(value.number().unwrap_or(0)),
        b"id" if !value.is_blank() => id = Some(value.skip()),
        _ => {}
    });
    let mut begins = false;
    call.object(|name, value| {
        let lane = match name {
            b"function" => Lane::Arguments,
            b"custom" => Lane::Input,
            _ => return,
        };
        begins |= read_function(lane, key, id.as_ref(), value, see);
    });
    if let Some(at) = id {
        let slot = u32::try_from(key).unwrap_or(u32::MAX);
        let slot = slot.saturating_add(CALLS);
        see(Piece::CallId { slot, at, begins });
    }
}

/// The name of a function before its arguments, however they are sent. Whether it is named.
fn read_function<'a>(
    lane: Lane,
    key: u64,
    id: Option<&Range<usize>>,
    function: &mut Reader<'a>,
    see: &mut impl FnMut(Piece<'a>),
) -> bool {
    let mut is_named = false;
    function.clone().object(|name, value| {
        if name == b"name" && !value.is_blank() {
            let at = value.clone().skip();
            if let Some(name) = value.string() {
                is_named = true;
                see(Piece::Mark(Mark {
                    erase: [id.cloned(), Some(at)],
                    ..Mark::new(Lane::Call, key, name.raw())
                }));
            }
        }
    });
    function.object(|name, value| {
        if matches!(name, b"arguments" | b"input") && !text(lane, key, value, see) {
            // As an object.
            if value.is_said() {
                other(key, name, value, "null", see);
            }
        }
    });
    is_named
}

/// Whether there is one.
fn text<'a>(lane: Lane, key: u64, value: &mut Reader<'a>, see: &mut impl FnMut(Piece<'a>)) -> bool {
    let text = value.string().filter(|text| !text.is_empty());
    if let Some(text) = text {
        see(Piece::Text { lane, key, text });
    }
    text.is_some()
}
