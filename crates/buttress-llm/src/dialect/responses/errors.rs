//! Errors of responses: in a document as elsewhere at OpenAI, in a stream in two events.
//!
//! Clients differ in what they look for. Codex reads `response.failed` and nothing else, the SDKs
//! raise what has an `error` member, and the [documented](https://platform.openai.com/docs/api-reference/responses-streaming/error)
//! `error` event has the code and the message in itself. So all of it is said.

use crate::dialect::chat::errors::{codes, error};
use crate::errors::{Told, object, string};

pub(in crate::dialect) use crate::dialect::chat::errors::document;

pub(in crate::dialect) fn event(told: &Told<'_>) -> String {
    let (_, code) = codes(told.kind);
    let error = error(told);
    let failed = object(&[("code", Some(code)), ("message", Some(told.message))]);
    let number = told.sequence.unwrap_or(0);
    let next = number.saturating_add(1);
    let id = string(told.id.unwrap_or_default());
    let (code, message) = (string(code), string(told.message));
    let response = format!(
        r#"{{"id":{id},"object":"response","status":"failed","output":[],"error":{failed}}}"#
    );
    format!(
        r#"event: response.failed
data: {{"type":"response.failed","sequence_number":{number},"response":{response}}}

event: error
data: {{"type":"error","sequence_number":{next},"code":{code},"message":{message},"param":null,"error":{error}}}

"#
    )
}
