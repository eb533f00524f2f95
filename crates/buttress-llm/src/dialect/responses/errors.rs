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
    let id = string(told.id.unwrap_or_default());
    let (code, message) = (string(code), string(told.message));
    let response = format!(
        r#"{{"id":{id},"object":"response","status":"failed","output":[],"error":{failed}}}"#
    );
    let number = told.sequence.unwrap_or(0);
    let next = number.saturating_add(1);
    let fails = |number: u64| {
        format!(
            r#"event: response.failed
data: {{"type":"response.failed","sequence_number":{number},"response":{response}}}

"#
        )
    };
    let says = |number: u64| {
        format!(
            r#"event: error
data: {{"type":"error","sequence_number":{number},"code":{code},"message":{message},"param":null,"error":{error}}}

"#
        )
    };
    // The SDKs' helpers take no response for failed that was not created, and say that instead.
    if told.sequence.is_none() && told.id.is_none() {
        says(number) + &fails(next)
    } else {
        fails(number) + &says(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use buttress_core::{Failure, FailureKind};

    #[test]
    fn what_was_not_created_has_an_error_first() {
        let failure = Failure::new(FailureKind::Overloaded);
        let told = Told::new(&failure, "Busy");
        for (sequence, id, expected) in [
            (None, None, ["error", "response.failed"]),
            (Some(7), None, ["response.failed", "error"]),
            (None, Some("resp_1"), ["response.failed", "error"]),
        ] {
            let events = event(&Told {
                sequence,
                id,
                ..told
            });
            let data = events
                .lines()
                .filter_map(|line| line.strip_prefix("data: "));
            let data: Vec<serde_json::Value> = data
                .map(|data| serde_json::from_str(data).unwrap())
                .collect();
            for (at, data) in data.iter().enumerate() {
                assert_eq!(data["type"], expected[at], "{events}");
                assert_eq!(data["sequence_number"], sequence.unwrap_or(0) + at as u64);
            }
            assert_eq!(data.len(), 2);
        }
    }
}
