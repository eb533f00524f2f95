//! Events of messages: [Anthropic, streaming](https://docs.anthropic.com/en/docs/build-with-claude/streaming).

use crate::errors::is_error;
use crate::json::{Reader, Str};
use crate::piece::{Lane, Mark, Piece};

const ID: u32 = 0;
/// From here on: the id of each block.
const BLOCKS: u32 = 1;

pub(crate) fn read<'a>(data: &'a [u8], see: &mut impl FnMut(Piece<'a>)) -> bool {
    let mut kind: &[u8] = b"";
    let (mut index, mut error) = (0, false);
    let mut reader = Reader::new(data);
    let is_object = reader.object(|name, value| match name {
        b"type" => kind = value.string().map(Str::raw).unwrap_or_default(),
        b"index" => index = value.number().unwrap_or(0),
        b"error" => error = is_error(value),
        _ => {}
    });
    if !is_object || !reader.is_sound() {
        return false;
    }
    let mut body = Reader::new(data);
    match kind {
        b"ping" | b"keepalive" => see(Piece::KeepAlive),
        b"message_start" => {
            see(Piece::Start);
            body.object(|name, value| {
                if name == b"message" {
                    value.object(|name, value| {
                        if name == b"id" && !value.is_null() {
                            let at = value.skip();
                            see(Piece::Fixed {
                                slot: ID,
                                at,
                                whole: false,
                            });
                        }
                    });
                }
            });
        }
        b"content_block_start" => {
            body.object(|name, value| {
                if name == b"content_block" {
                    read_block(index, value, see);
                }
            });
        }
        b"content_block_delta" => {
            body.object(|name, value| {
                if name == b"delta" {
                    read_delta(index, value, see);
                }
            });
        }
        b"content_block_stop" => see(Piece::Mark(Mark::new(Lane::BlockEnd, index, b""))),
        b"message_delta" => {
            body.object(|name, value| {
                if name == b"delta" {
                    value.object(|name, value| {
                        if name == b"stop_reason" && !value.is_blank() {
                            see(Piece::Finish { choice: 0 });
                        }
                    });
                }
            });
        }
        b"message_stop" => see(Piece::End),
        b"error" => see(Piece::Error),
        // Who speaks another API tells errors as there.
        b"" if error => see(Piece::Error),
        other => see(Piece::Mark(Mark::new(Lane::Other, index, other))),
    }
    true
}

/// A block as it begins: all of it but its id, and the id of the block that it is the result of.
fn read_block<'a>(index: u64, block: &mut Reader<'a>, see: &mut impl FnMut(Piece<'a>)) {
    let mut id = None;
    let whole = block.clone().skip();
    block.object(|name, value| match name {
        b"id" if !value.is_null() => {
            let at = value.skip();
            id = Some(at.clone());
            let slot = u32::try_from(index).unwrap_or(u32::MAX);
            see(Piece::Fixed {
                slot: slot.saturating_add(BLOCKS),
                at,
                whole: false,
            });
        }
        // What the server's own tools said; see
        // https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/web-search-tool#response
        b"tool_use_id" if !value.is_null() => {
            let at = value.skip();
            id = Some(at.clone());
            see(Piece::Refers { at });
        }
        _ => {}
    });
    let (start, end) = (whole.start, whole.end);
    let without = id.map_or([start..end, end..end], |id| [start..id.start, id.end..end]);
    see(Piece::Mark(Mark {
        says: without.map(|part| block.bytes(part)),
        ..Mark::new(Lane::Block, index, b"")
    }));
}

fn read_delta<'a>(index: u64, delta: &mut Reader<'a>, see: &mut impl FnMut(Piece<'a>)) {
    let mut kind: &[u8] = b"";
    delta.clone().object(|name, value| {
        if name == b"type" {
            kind = value.string().map(Str::raw).unwrap_or_default();
        }
    });
    let lane = match kind {
        b"text_delta" => Lane::Text,
        b"thinking_delta" => Lane::Reasoning,
        b"input_json_delta" => Lane::Arguments,
        b"signature_delta" => {
            see(Piece::Mark(Mark::new(Lane::Signature, index, b"")));
            return;
        }
        // Citations, and what is to come.
        _ => {
            let whole = delta.skip();
            let says = delta.bytes(whole);
            see(Piece::Mark(Mark::new(Lane::Other, index, says)));
            return;
        }
    };
    delta.object(|name, value| {
        if matches!(name, b"text" | b"thinking" | b"partial_json") {
            if let Some(text) = value.string().filter(|text| !text.is_empty()) {
                let key = index;
                see(Piece::Text { lane, key, text });
            }
        }
    });
}
