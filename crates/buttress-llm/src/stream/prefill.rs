//! Asking a model to go on with what it has said.
//!
//! [Anthropic: prefill](https://docs.anthropic.com/en/docs/build-with-claude/prompt-engineering/prefill-claudes-response)
//! for models up to 4.5, and `continue_final_message` of
//! [vLLM](https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html) and SGLang.

use crate::Dialect;
use crate::errors::string;
use crate::json::{Reader, Str};
use buttress_core::{ReplayableBody, StopReason};
use bytes::{Buf, Bytes};
use http::Request;
use http_body::Body;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Said in the stream where another continues it.
pub(super) const MARK: &[u8] = b": continued by prefill\n\n";

/// Whether the dialect has a way to do so.
pub(super) const fn is_known(dialect: Dialect) -> bool {
    matches!(dialect, Dialect::Messages | Dialect::ChatCompletions)
}

/// Makes the first request one that goes on with this text.
pub(super) fn ask<B: ReplayableBody + From<Bytes>>(
    mut request: Request<B>,
    dialect: Dialect,
    text: &str,
) -> Result<Request<B>, StopReason> {
    let body = request.body().try_clone().and_then(read);
    let body = body.ok_or(StopReason::BodyNotReplayable)?;
    let body = with_text(&body, dialect, text).ok_or(StopReason::NotResumable)?;
    *request.body_mut() = B::from(Bytes::from(body));
    Ok(request)
}

/// All of a body that lies in memory; `None` if some of it does not.
fn read(body: impl Body) -> Option<Vec<u8>> {
    let mut body = pin!(body);
    let mut bytes = Vec::new();
    let mut cx = Context::from_waker(Waker::noop());
    loop {
        match body.as_mut().poll_frame(&mut cx) {
            Poll::Ready(Some(Ok(frame))) => {
                let mut data = frame.into_data().ok()?;
                while data.has_remaining() {
                    let piece = data.chunk();
                    bytes.extend_from_slice(piece);
                    let length = piece.len();
                    data.advance(length);
                }
            }
            Poll::Ready(None) => return Some(bytes),
            Poll::Ready(Some(Err(_))) | Poll::Pending => return None,
        }
    }
}

/// The request with a last message of the assistant's that says this text; `None` if it has one of
/// its own, which would have to be joined with it.
fn with_text(body: &[u8], dialect: Dialect, text: &str) -> Option<Vec<u8>> {
    let mut messages = None;
    let mut own = false;
    let mut is_empty = true;
    let mut reader = Reader::new(body);
    reader.object(|name, value| match name {
        b"messages" => {
            let at = value.clone().skip();
            let mut role: &[u8] = b"";
            value.array(|message| {
                is_empty = false;
                message.object(|name, value| {
                    if name == b"role" {
                        role = value.string().map(Str::raw).unwrap_or_default();
                    }
                });
            });
            own |= role == b"assistant";
            messages = Some(at);
        }
        b"continue_final_message" | b"add_generation_prompt" => own = true,
        _ => {}
    });
    let messages = messages.filter(|_| !own && reader.is_at_end())?;
    let start = body.iter().position(|byte| *byte == b'{')? + 1;
    let end = messages.end.checked_sub(1)?;
    let comma = if is_empty { "" } else { "," };
    let flags = match dialect {
        Dialect::ChatCompletions => {
            r#""continue_final_message":true,"add_generation_prompt":false,"#
        }
        _ => "",
    };
    let message = format!(
        r#"{comma}{{"role":"assistant","content":{}}}"#,
        string(text)
    );
    let mut with = Vec::with_capacity(body.len() + flags.len() + message.len());
    with.extend_from_slice(body.get(..start)?);
    with.extend_from_slice(flags.as_bytes());
    with.extend_from_slice(body.get(start..end)?);
    with.extend_from_slice(message.as_bytes());
    with.extend_from_slice(body.get(end..)?);
    Some(with)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_becomes_the_last_message() {
        let with = |body: &str, dialect| {
            let with = with_text(body.as_bytes(), dialect, "He said \"hi\"")?;
            Some(String::from_utf8(with).unwrap())
        };
        let said = r#"{"role":"assistant","content":"He said \"hi\""}"#;
        assert_eq!(
            with(
                r#" {"messages":[{"role":"user","content":"x"}],"stream":true}"#,
                Dialect::Messages
            )
            .unwrap(),
            format!(r#" {{"messages":[{{"role":"user","content":"x"}},{said}],"stream":true}}"#)
        );
        assert_eq!(
            with(r#"{"messages":[]}"#, Dialect::ChatCompletions).unwrap(),
            format!(
                r#"{{"continue_final_message":true,"add_generation_prompt":false,"messages":[{said}]}}"#
            )
        );
        for not in [
            r#"{"messages":[{"role":"user"},{"role":"assistant","content":"Once"}]}"#,
            r#"{"messages":[{"role":"user"}],"continue_final_message":true}"#,
            r#"{"messages":[{"role":"user"}]"#,
            r#"{"prompt":"x"}"#,
            "",
        ] {
            assert_eq!(with(not, Dialect::Messages), None, "{not}");
        }
    }
}
