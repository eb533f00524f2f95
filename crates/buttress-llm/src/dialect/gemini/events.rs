//! Events of `streamGenerateContent`:
//! [Gemini, GenerateContentResponse](https://ai.google.dev/api/generate-content#v1beta.GenerateContentResponse).

use crate::errors::is_error;
use crate::json::{Reader, Str};
use crate::piece::{Lane, Mark, Piece};

const ID: u32 = 0;
const CREATED: u32 = 1;

pub(crate) fn read<'a>(data: &'a [u8], see: &mut impl FnMut(Piece<'a>)) -> bool {
    let mut reader = Reader::new(data);
    let is_object = reader.object(|name, value| match name {
        b"responseId" if !value.is_null() => see(Piece::Fixed {
            slot: ID,
            at: value.skip(),
            whole: false,
        }),
        b"createTime" if !value.is_null() => see(Piece::Fixed {
            slot: CREATED,
            at: value.skip(),
            whole: false,
        }),
        b"error" if is_error(value) => see(Piece::Error),
        b"candidates" => {
            value.array(|candidate| read_candidate(candidate, see));
        }
        b"promptFeedback" => {
            value.object(|name, value| {
                if name == b"blockReason" && is_given(value) {
                    see(Piece::Finish { choice: 0 });
                    see(Piece::End);
                }
            });
        }
        _ => {}
    });
    is_object && reader.is_sound()
}

/// Whether the next value is a reason. It is left. Who writes every member names the one that is none:
/// see `FINISH_REASON_UNSPECIFIED` of [`FinishReason`](https://ai.google.dev/api/generate-content#FinishReason).
fn is_given(value: &mut Reader<'_>) -> bool {
    let reason = value.clone().string().map(Str::raw).unwrap_or_default();
    !value.is_blank() && !reason.ends_with(b"_UNSPECIFIED")
}

fn read_candidate<'a>(candidate: &mut Reader<'a>, see: &mut impl FnMut(Piece<'a>)) {
    let mut index = 0;
    candidate.clone().object(|name, value| {
        if name == b"index" {
            index = value.number().unwrap_or(0);
        }
    });
    let key = index.saturating_mul(1 << 32);
    candidate.object(|name, value| match name {
        b"content" => {
            value.object(|name, value| {
                if name == b"parts" {
                    value.array(|part| read_part(key, part, see));
                }
            });
        }
        b"finishReason" if is_given(value) => see(Piece::Finish { choice: index }),
        _ => {}
    });
}

fn read_part<'a>(key: u64, part: &mut Reader<'a>, see: &mut impl FnMut(Piece<'a>)) {
    let whole = part.clone().skip();
    let (mut text, mut thought, mut signed, mut other) = (None, false, false, None);
    part.object(|name, value| match name {
        b"text" => text = value.string(),
        b"thought" => thought = value.boolean() == Some(true),
        b"thoughtSignature" => signed = !value.is_blank(),
        b"functionCall" => {
            let says = read_call(value);
            other = Some(Mark {
                says,
                ..Mark::new(Lane::Call, key, b"")
            });
        }
        _ => {
            let at = value.skip();
            let says = value.bytes(at);
            other = Some(Mark {
                says: [name, says],
                ..Mark::new(Lane::Other, key, b"")
            });
        }
    });
    let alone = signed.then(|| Mark::new(Lane::Signature, key, b""));
    match (
        text.filter(|text: &Str<'_>| !text.is_empty()),
        other.or(alone),
    ) {
        (Some(text), _) => {
            let lane = if thought { Lane::Reasoning } else { Lane::Text };
            see(Piece::Text { lane, key, text });
        }
        (None, Some(mark)) => see(Piece::Mark(Mark {
            erase: [Some(whole), None],
            erased: r#"{"text":""}"#,
            ..mark
        })),
        (None, None) => {}
    }
}

/// A call is there whole: all of it but its id.
fn read_call<'a>(call: &mut Reader<'a>) -> [&'a [u8]; 2] {
    let mut id = None;
    let whole = call.clone().skip();
    call.object(|name, value| {
        if name == b"id" {
            id = Some(value.skip());
        }
    });
    let (start, end) = (whole.start, whole.end);
    let without = id.map_or([start..end, end..end], |id| [start..id.start, id.end..end]);
    without.map(|part| call.bytes(part))
}
