//! Events of chat completions, and of the older completions.
//!
//! [OpenAI: chat completion chunks](https://platform.openai.com/docs/api-reference/chat-streaming),
//! and what SGLang, vLLM, llama.cpp, Ollama and OpenRouter send under the same name.

use crate::json::{Reader, Str};
use crate::piece::{Lane, Mark, Piece};
use std::ops::Range;

const ID: u32 = 0;
const CREATED: u32 = 1;

/// Where the values of a choice stand among the lanes: more than one choice can't be told apart by
/// their order.
const PER_CHOICE: u64 = 1 << 32;

pub(crate) fn read<'a>(data: &'a [u8], see: &mut impl FnMut(Piece<'a>)) -> bool {
    if data.trim_ascii() == b"[DONE]" {
        see(Piece::End);
        return true;
    }
    let mut reader = Reader::new(data);
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
        b"error" if !value.is_blank() => see(Piece::Error),
        // Older servers: the error itself is the event.
        b"object" if value.clone().string().map(Str::raw) == Some(b"error") => see(Piece::Error),
        b"choices" => {
            value.array(|choice| read_choice(choice, see));
        }
        _ => {}
    });
    is_object && reader.is_sound()
}

fn read_choice<'a>(choice: &mut Reader<'a>, see: &mut impl FnMut(Piece<'a>)) {
    let mut key = 0;
    choice.clone().object(|name, value| {
        if name == b"index" {
            key = value.number().unwrap_or(0).saturating_mul(PER_CHOICE);
        }
    });
    choice.object(|name, value| match name {
        b"delta" => {
            value.object(|name, value| read_delta(key, name, value, see));
        }
        // The older completions.
        b"text" => text(Lane::Text, key, value, see),
        b"logprobs" if !value.is_blank() => see(Piece::Indivisible),
        b"finish_reason" if value.clone().string().map(Str::raw) == Some(b"error") => {
            see(Piece::Error);
        }
        b"finish_reason" if !value.is_blank() => see(Piece::Finish),
        _ => {}
    });
}

fn read_delta<'a>(key: u64, name: &[u8], value: &mut Reader<'a>, see: &mut impl FnMut(Piece<'a>)) {
    match name {
        b"role" if !value.is_null() => see(Piece::Once { at: value.skip() }),
        b"content" => text(Lane::Text, key, value, see),
        b"reasoning_content" | b"reasoning" => text(Lane::Reasoning, key, value, see),
        b"refusal" => text(Lane::Refusal, key, value, see),
        // OpenRouter says the reasoning a second time, with signatures.
        b"reasoning_details" | b"audio" if !value.is_blank() => see(Piece::Indivisible),
        b"tool_calls" => {
            value.array(|call| read_call(key, call, see));
        }
        b"function_call" => {
            read_function(key, None, value, see);
        }
        _ => {}
    }
}

fn read_call<'a>(choice: u64, call: &mut Reader<'a>, see: &mut impl FnMut(Piece<'a>)) {
    let (mut key, mut id) = (choice, None);
    call.clone().object(|name, value| match name {
        b"index" => key = choice.saturating_add(value.number().unwrap_or(0)),
        b"id" if !value.is_blank() => id = Some(value.skip()),
        _ => {}
    });
    call.object(|name, value| {
        if name == b"function" {
            read_function(key, id.as_ref(), value, see);
        }
    });
}

/// The name of a function before its arguments, however they are sent.
fn read_function<'a>(
    key: u64,
    id: Option<&Range<usize>>,
    function: &mut Reader<'a>,
    see: &mut impl FnMut(Piece<'a>),
) {
    function.clone().object(|name, value| {
        if name == b"name" && !value.is_blank() {
            let at = value.clone().skip();
            if let Some(name) = value.string() {
                see(Piece::Mark(Mark {
                    erase: [id.cloned(), Some(at)],
                    ..Mark::new(Lane::Call, key, name.raw())
                }));
            }
        }
    });
    function.object(|name, value| {
        if name == b"arguments" {
            text(Lane::Arguments, key, value, see);
        }
    });
}

fn text<'a>(lane: Lane, key: u64, value: &mut Reader<'a>, see: &mut impl FnMut(Piece<'a>)) {
    if let Some(text) = value.string().filter(|text| !text.is_empty()) {
        see(Piece::Text { lane, key, text });
    }
}
