//! Events of responses: [OpenAI, streaming events](https://platform.openai.com/docs/api-reference/responses-streaming).

use crate::errors::is_error;
use crate::json::{Reader, Str};
use crate::piece::{Lane, Mark, Piece};

const ID: u32 = 0;
const CREATED: u32 = 1;
/// From here on: the id, the call id and the whole of each item.
const ITEMS: u32 = 2;

pub(crate) fn read<'a>(data: &'a [u8], see: &mut impl FnMut(Piece<'a>)) -> bool {
    if data.trim_ascii() == b"[DONE]" {
        see(Piece::End);
        return true;
    }
    let mut kind: &[u8] = b"";
    let (mut output, mut part, mut error) = (0, 0, false);
    let mut reader = Reader::new(data);
    let is_object = reader.object(|name, value| match name {
        b"type" => kind = value.string().map(Str::raw).unwrap_or_default(),
        b"output_index" => output = value.number().unwrap_or(0),
        b"error" => error = is_error(value),
        b"content_index" | b"summary_index" => part = value.number().unwrap_or(0),
        b"sequence_number" if !value.is_null() => {
            let at = value.skip();
            see(Piece::Sequence { at });
        }
        _ => {}
    });
    if !is_object || !reader.is_sound() {
        return false;
    }
    let key = output.saturating_mul(1 << 20).saturating_add(part);
    let mut body = Reader::new(data);
    match kind {
        b"keepalive" | b"ping" => see(Piece::KeepAlive),
        b"response.created" | b"response.in_progress" | b"response.queued" => {
            see(Piece::Start);
            read_response(&mut body, see);
        }
        b"response.completed"
        | b"response.incomplete"
        | b"response.cancelled"
        | b"response.done" => {
            read_response(&mut body, see);
            see(Piece::Finish { choice: 0 });
            see(Piece::End);
        }
        // The second is that of some proxies; and who speaks another API tells errors as there.
        b"error" | b"response.error" => see(Piece::Error),
        b"" if error => see(Piece::Error),
        b"response.failed" => {
            read_response(&mut body, see);
            see(Piece::Error);
            see(Piece::End);
        }
        b"response.output_item.added" => {
            body.object(|name, value| {
                if name == b"item" {
                    read_item(output, value, Some(Lane::Block), see);
                }
            });
        }
        b"response.output_item.done" => {
            body.object(|name, value| {
                if name == b"item" {
                    read_item(output, value, Some(Lane::BlockEnd), see);
                }
            });
        }
        kind => {
            let mut has_text = false;
            body.object(|name, value| match name {
                b"item_id" if !value.is_null() => see(Piece::Fixed {
                    slot: slot(output, 0),
                    at: value.skip(),
                    whole: false,
                }),
                b"delta" if kind.ends_with(b".delta") => {
                    if let Some(text) = value.string() {
                        has_text = true;
                        let lane = lane(kind);
                        see(Piece::Text { lane, key, text });
                    }
                }
                b"logprobs" if !value.is_blank() => see(Piece::Indivisible),
                _ => {}
            });
            if !has_text {
                see(Piece::Mark(Mark::new(Lane::Other, key, kind)));
            }
        }
    }
    true
}

fn lane(kind: &[u8]) -> Lane {
    match kind {
        b"response.output_text.delta" => Lane::Text,
        b"response.refusal.delta" => Lane::Refusal,
        _ if kind.starts_with(b"response.reasoning") => Lane::Reasoning,
        // Arguments of functions, inputs of tools, code.
        _ => Lane::Arguments,
    }
}

fn slot(output: u64, of_item: u32) -> u32 {
    let output = u32::try_from(output).unwrap_or(u32::MAX);
    output.saturating_mul(3).saturating_add(ITEMS + of_item)
}

/// The response as it is at the start or the end.
fn read_response<'a>(body: &mut Reader<'a>, see: &mut impl FnMut(Piece<'a>)) {
    body.object(|name, value| {
        if name != b"response" {
            return;
        }
        value.object(|name, value| match name {
            b"id" if !value.is_null() => see(Piece::Fixed {
                slot: ID,
                at: value.skip(),
                whole: false,
            }),
            b"created_at" if !value.is_null() => see(Piece::Fixed {
                slot: CREATED,
                at: value.skip(),
                whole: false,
            }),
            b"output" => {
                let mut output = 0;
                value.array(|item| {
                    read_item(output, item, None, see);
                    output += 1;
                });
            }
            _ => {}
        });
    });
}

/// An item, as it begins or ends, or among others at the end.
fn read_item<'a>(
    output: u64,
    item: &mut Reader<'a>,
    lane: Option<Lane>,
    see: &mut impl FnMut(Piece<'a>),
) {
    let whole = item.clone().skip();
    let (mut kind, mut call): (&[u8], &[u8]) = (b"", b"");
    let (mut id, mut sealed) = (None, false);
    item.object(|name, value| match name {
        b"type" => kind = value.string().map(Str::raw).unwrap_or_default(),
        b"name" => call = value.string().map(Str::raw).unwrap_or_default(),
        b"id" if !value.is_null() => {
            let at = value.skip();
            id = Some(at.clone());
            see(Piece::Fixed {
                slot: slot(output, 0),
                at,
                whole: false,
            });
        }
        b"encrypted_content" => sealed = !value.is_blank(),
        b"call_id" if !value.is_null() => see(Piece::Fixed {
            slot: slot(output, 1),
            at: value.skip(),
            whole: false,
        }),
        _ => {}
    });
    // A message is text that is compared. What was delivered of anything else stays as it was, with
    // its signatures and its results.
    if lane != Some(Lane::Block) && kind != b"message" {
        // The server takes sealed reasoning back under the id that it was sealed with alone: "Encrypted
        // content item_id did not match the target item id"
        // (https://github.com/openclaw/openclaw/pull/71448).
        if let Some(at) = id.filter(|_| sealed) {
            see(Piece::Sealed {
                slot: slot(output, 0),
                whole: slot(output, 2),
                at,
            });
        }
        let slot = slot(output, 2);
        see(Piece::Fixed {
            slot,
            at: whole,
            whole: true,
        });
    }
    if let Some(lane) = lane {
        see(Piece::Mark(Mark {
            says: [kind, call],
            ..Mark::new(lane, output, b"")
        }));
    }
}
