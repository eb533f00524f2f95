//! Events of interactions: [Gemini, streaming](https://ai.google.dev/gemini-api/docs/streaming), in
//! the form of 2026 (`step.…`) and the one before (`content.…`).
//!
//! What is sure is what Google's SDKs read (google-genai 3.4.0 for Python) and what that page shows.
//! The rest was learned from those who use the API, and may change:
//!
//! - An event need not have an `event_id`, and of some models none has. A step may say the first
//!   words of its text as it starts.
//! - `interaction.completed` is the last event that means something, whatever its status; `[DONE]`
//!   follows, mostly. Some have seen `interaction.` and another status in its place.
//! - Examples on Google's pages name the kind of an event `type` here and there.

use crate::errors::is_error;
use crate::json::{Reader, Str};
use crate::piece::{Lane, Mark, Piece};
use std::fmt::Write;

pub(crate) fn read<'a>(data: &'a [u8], see: &mut impl FnMut(Piece<'a>)) -> bool {
    if data.trim_ascii() == b"[DONE]" {
        see(Piece::End);
        return true;
    }
    let (mut kind, mut other, mut status): (&[u8], &[u8], &[u8]) = (b"", b"", b"");
    let (mut index, mut error) = (0, false);
    let mut reader = Reader::new(data);
    let is_object = reader.object(|name, value| match name {
        b"event_type" => kind = word(value),
        b"type" => other = word(value),
        b"status" => status = word(value),
        b"index" => index = value.number().unwrap_or(0),
        b"error" => error = is_error(value),
        b"event_id" if is_text(value) => see(Piece::EventId { at: value.skip() }),
        b"interaction_id" if is_text(value) => see(Piece::Source { at: value.skip() }),
        _ => {}
    });
    if !is_object || !reader.is_sound() {
        return false;
    }
    let kind = if kind.is_empty() { other } else { kind };
    if error || kind == b"error" {
        see(Piece::Error);
        // Not the stream alone has failed.
        if is_last(kind) {
            see(Piece::End);
        }
        return true;
    }
    let body = Reader::new(data);
    let member = |of: &[u8], read: &mut dyn FnMut(&mut Reader<'a>)| {
        body.clone().object(|name, value| {
            if name == of {
                read(value);
            }
        });
    };
    match kind {
        b"ping" | b"keepalive" => see(Piece::KeepAlive),
        b"interaction.created" | b"interaction.start" => {
            see(Piece::Start);
            member(b"interaction", &mut |value| {
                read_interaction(value, see);
            });
        }
        b"interaction.status_update" => {
            // Nothing comes after these but the last event.
            if matches!(status, b"cancelled" | b"incomplete" | b"budget_exceeded") {
                see(Piece::Finish { choice: 0 });
            }
        }
        b"interaction.queued" | b"interaction.in_progress" => {}
        b"step.start" => member(b"step", &mut |step| read_start(index, step, see)),
        b"content.start" => member(b"content", &mut |content| read_start(index, content, see)),
        b"step.delta" | b"content.delta" => member(b"delta", &mut |delta| {
            read_said(index, lane(of_type(delta)), delta, Place::Delta, see);
        }),
        b"step.stop" | b"content.stop" => see(Piece::Mark(Mark::new(Lane::BlockEnd, index, b""))),
        kind if is_last(kind) => {
            let mut failed = kind == b"interaction.failed";
            member(b"interaction", &mut |value| {
                failed |= read_interaction(value, see) == b"failed";
            });
            if failed {
                see(Piece::Error);
            } else {
                see(Piece::Finish { choice: 0 });
            }
            see(Piece::End);
        }
        other => see(Piece::Mark(Mark::new(Lane::Other, index, other))),
    }
    true
}

/// Whether an interaction has ended, however it did.
fn is_last(kind: &[u8]) -> bool {
    kind.strip_prefix(b"interaction.").is_some_and(|state| {
        !matches!(
            state,
            b"created" | b"start" | b"status_update" | b"queued" | b"in_progress"
        )
    })
}

/// More of the texts of steps that have begun, as events of their own. The texts are escaped.
pub(crate) fn more(said: &[(Lane, u64, Vec<u8>)]) -> String {
    let mut events = String::new();
    for (lane, index, text) in said {
        let text = String::from_utf8_lossy(text);
        let delta = if *lane == Lane::Reasoning {
            let content = format!(r#"{{"type":"text","text":"{text}"}}"#);
            format!(r#"{{"type":"thought_summary","content":{content}}}"#)
        } else {
            format!(r#"{{"type":"text","text":"{text}"}}"#)
        };
        // Writing to a string does not fail.
        let _ = write!(
            events,
            "event: step.delta\ndata: {{\"index\":{index},\"delta\":{delta},\"event_type\":\"step.delta\"}}\n\n"
        );
    }
    events
}

fn word<'a>(value: &mut Reader<'a>) -> &'a [u8] {
    value.string().map(Str::raw).unwrap_or_default()
}

/// Whether the next value is a string that is not empty. It is left.
fn is_text(value: &Reader<'_>) -> bool {
    value.clone().string().is_some_and(|text| !text.is_empty())
}

/// The type of an object. It is left.
fn of_type<'a>(object: &Reader<'a>) -> &'a [u8] {
    let mut kind: &[u8] = b"";
    object.clone().object(|name, value| {
        if name == b"type" {
            kind = word(value);
        }
    });
    kind
}

const fn lane(kind: &[u8]) -> Lane {
    match kind {
        b"thought" | b"thought_summary" => Lane::Reasoning,
        _ => Lane::Text,
    }
}

/// The interaction as it is at the start or the end: its status.
fn read_interaction<'a>(value: &mut Reader<'a>, see: &mut impl FnMut(Piece<'a>)) -> &'a [u8] {
    let mut status: &[u8] = b"";
    value.object(|name, value| match name {
        b"id" if is_text(value) => see(Piece::Source { at: value.skip() }),
        b"status" => status = word(value),
        b"steps" => {
            // Mostly left out. What the caller said is among them, but in no event of its own.
            let mut index = 0;
            value.array(|step| {
                let kind = of_type(step);
                if kind == b"function_call" {
                    step.object(|name, value| {
                        if name == b"id" && is_text(value) {
                            see(id_of_call(index, value));
                        }
                    });
                }
                if !matches!(kind, b"user_input" | b"function_result") {
                    index += 1;
                }
            });
        }
        _ => {}
    });
    status
}

fn read_start<'a>(index: u64, step: &mut Reader<'a>, see: &mut impl FnMut(Piece<'a>)) {
    let kind = of_type(step);
    let mut call: &[u8] = b"";
    step.clone().object(|name, value| {
        if name == b"name" {
            call = word(value);
        }
    });
    see(Piece::Mark(Mark {
        says: [kind, call],
        ..Mark::new(Lane::Block, index, b"")
    }));
    read_said(index, lane(kind), step, Place::Start, see);
}

/// Where something is said.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    Delta,
    /// In the content of one of them.
    Content,
}

/// What an object says, member by member. What is no text, nor an argument of a function, is there
/// whole and compared as it is; so are the ids of what the server's own tools do.
fn read_said<'a>(
    index: u64,
    lane: Lane,
    object: &mut Reader<'a>,
    place: Place,
    see: &mut impl FnMut(Piece<'a>),
) {
    let is_call = of_type(object) == b"function_call";
    object.object(|name, value| match name {
        b"type" => {}
        b"name" if place == Place::Start => {}
        b"id" if is_call && is_text(value) => see(id_of_call(index, value)),
        b"signature" => {
            if !value.is_blank() {
                see(Piece::Mark(Mark::new(Lane::Signature, index, b"")));
                if place == Place::Start {
                    see(Piece::Indivisible);
                }
            }
        }
        b"content" | b"summary" if place != Place::Content && value.is_said() => {
            let mut read = |item: &mut Reader<'a>| {
                read_said(index, lane, item, Place::Content, see);
            };
            if !value.array(&mut read) {
                read(value);
            }
        }
        _ if value.is_blank() => {}
        b"text" | b"thought" | b"arguments" | b"partial_arguments" => match value.string() {
            Some(text) => {
                let is_argument = matches!(name, b"arguments" | b"partial_arguments");
                let lane = if is_argument { Lane::Arguments } else { lane };
                let key = index;
                see(Piece::Text { lane, key, text });
            }
            None => see_whole(index, name, value, see),
        },
        _ => see_whole(index, name, value, see),
    });
}

fn see_whole<'a>(
    index: u64,
    name: &'a [u8],
    value: &mut Reader<'a>,
    see: &mut impl FnMut(Piece<'a>),
) {
    let at = value.skip();
    let says = [name, value.bytes(at)];
    see(Piece::Mark(Mark {
        says,
        ..Mark::new(Lane::Other, index, b"")
    }));
    see(Piece::Indivisible);
}

/// The id of a call of a function, which the caller answers by it.
fn id_of_call<'a>(index: u64, value: &mut Reader<'a>) -> Piece<'a> {
    Piece::Fixed {
        slot: u32::try_from(index).unwrap_or(u32::MAX),
        at: value.skip(),
        whole: false,
    }
}
