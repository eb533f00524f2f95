//! Errors as the APIs send them, and as this crate does in their stead.

use crate::Dialect;
use crate::json::{Reader, Str};
use buttress_core::{Delivery, Failure, FailureKind, Phase, classify};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use std::borrow::Cow;
use std::fmt::Write;

/// An error that is to be said.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told<'a> {
    pub(crate) kind: FailureKind,
    pub(crate) status: StatusCode,
    /// Nobody is to try again by himself.
    pub(crate) exhausted: bool,
    pub(crate) message: &'a str,
    /// The number and the response's id that it gets in a stream, where there are such.
    pub(crate) sequence: Option<u64>,
    pub(crate) id: Option<&'a str>,
}

impl<'a> Told<'a> {
    pub(crate) fn new(failure: &Failure, message: &'a str) -> Self {
        Told {
            kind: failure.kind(),
            status: failure.response_status(),
            exhausted: failure.is_exhausted(),
            message,
            sequence: None,
            id: None,
        }
    }
}

/// What an error event in a stream says, or an error in a document with status 200.
pub(crate) fn in_band(status: StatusCode, headers: &HeaderMap, said: &[u8], bytes: u64) -> Failure {
    let class = classify::body(Some(status), headers, said);
    let failure = class.map_or_else(|| Failure::new(FailureKind::ServerError), Failure::from);
    failure
        .with_phase(Phase::Body)
        .with_delivery(Delivery::Partial { bytes })
}

/// Whether this is an error that stands in a stream without being an event, so that no client reads it:
/// a document by itself, as Google's servers end streams with
/// ([js-genai, issue 1973](https://github.com/googleapis/js-genai/issues/1973)), or one in a field named
/// `error`, as llama.cpp's server wrote it until 2025 (`server_sent_event(sink, "error", …)` in its
/// `server.cpp`), with `[DONE]` behind it.
pub(crate) fn is_bare(said: &[u8]) -> bool {
    let said = said.trim_ascii();
    match said.strip_prefix(b"error:") {
        Some(document) => {
            let mut reader = Reader::new(document);
            reader.object(|_, _| {}) && reader.is_at_end()
        }
        None => said.starts_with(b"{") && has_error(said),
    }
}

/// Whether the next value, that of a member `error`, says that there is one. It is left.
pub(crate) fn is_error(value: &mut Reader<'_>) -> bool {
    !value.is_blank() && value.clone().boolean() != Some(false)
}

/// Whether this document is whole, and has an `error` that says something.
pub(crate) fn has_error(document: &[u8]) -> bool {
    let mut reader = Reader::new(document);
    let mut error = false;
    reader.object(|name, value| error |= name == b"error" && is_error(value));
    error && reader.is_at_end()
}

/// Where APIs tell errors that are more than a word: servers in Python in `detail`, `MiniMax` in
/// `base_resp`, Gemini in the last two.
const TOLD_IN: [&[u8]; 6] = [
    b"error",
    b"errors",
    b"detail",
    b"base_resp",
    b"promptFeedback",
    b"prompt_feedback",
];

/// The members of a document in which it can say itself that it is an error. Of the other objects and
/// arrays only that there is something in them: an `error` there is one that a model or a tool speaks of.
pub(crate) fn own_members(document: &[u8]) -> Cow<'_, [u8]> {
    let mut own = Vec::from(b"{");
    let mut reader = Reader::new(document);
    let is_object = reader.object(|name, value| {
        own.extend_from_slice(if own.len() > 1 { b",\"" } else { b"\"" });
        own.extend_from_slice(name);
        own.extend_from_slice(b"\":");
        let is_more = value.is_said() && value.clone().string().is_none();
        let is_told = TOLD_IN.iter().any(|it| name.eq_ignore_ascii_case(it));
        if is_more && !is_told {
            own.extend_from_slice(b"true");
        } else {
            let at = value.skip();
            own.extend_from_slice(value.bytes(at));
        }
    });
    if !is_object {
        return Cow::Borrowed(document);
    }
    own.push(b'}');
    Cow::Owned(own)
}

/// The words of a document that has nothing else in it, as `FastAPI` tells errors
/// (<https://fastapi.tiangolo.com/tutorial/handling-errors/>), and others under another name.
pub(crate) fn only_words(document: &[u8]) -> Option<String> {
    let (mut members, mut words) = (0, None);
    let mut reader = Reader::new(document);
    reader.object(|name, value| {
        members += 1;
        if matches!(name, b"detail" | b"message" | b"msg") {
            words = value.string().map(Str::decode);
        }
    });
    let words = words.filter(|_| members == 1 && reader.is_at_end())?;
    Some(String::from_utf8_lossy(&words).into_owned())
}

/// Whether the next value is the code of a failure. Zero, a status of success and what vendors build of
/// one are none, as for [`classify::body`], and neither are the words for it.
pub(crate) fn is_code(value: &mut Reader<'_>) -> bool {
    let fails = |number: u64| !(200..=299).contains(&number) && number % 10_000 != 0;
    if let Some(number) = value.number() {
        return fails(number);
    }
    match value.string().map(Str::raw) {
        Some(word) => {
            let number = std::str::from_utf8(word).ok();
            match number.and_then(|number| number.parse().ok()) {
                Some(number) => fails(number),
                None => [&b""[..], b"ok", b"success"]
                    .iter()
                    .all(|well| !word.eq_ignore_ascii_case(well)),
            }
        }
        None => !value.is_blank() && value.boolean() != Some(false),
    }
}

/// The error that a response's body says, as an event of a stream that has begun in its stead.
pub(crate) fn as_event(dialect: Dialect, failure: &Failure, body: &[u8]) -> Bytes {
    let own = own_message(body);
    let sentence = failure.to_string();
    let message = own.as_deref().unwrap_or(&sentence);
    // These say more in an event than in a document.
    let says_more = matches!(dialect, Dialect::Responses | Dialect::Interactions);
    if own.is_some() && !says_more {
        let name = if dialect == Dialect::Messages {
            "event: error\n"
        } else {
            ""
        };
        let mut event = Vec::from(name);
        for line in body
            .trim_ascii()
            .split(|byte| matches!(byte, b'\n' | b'\r'))
        {
            event.extend_from_slice(b"data: ");
            event.extend_from_slice(line);
            event.push(b'\n');
        }
        event.push(b'\n');
        return event.into();
    }
    dialect.error_event(&Told::new(failure, message)).into()
}

/// The message of a document with an `error` member, whole.
fn own_message(body: &[u8]) -> Option<String> {
    let mut message = None;
    let mut take = |value: &mut Reader<'_>| {
        message = value
            .string()
            .map(Str::decode)
            .map(|text| String::from_utf8_lossy(&text).into_owned());
    };
    let mut reader = Reader::new(body);
    reader.object(|name, value| {
        if name == b"error"
            && !value.object(|name, value| {
                if name == b"message" {
                    take(value);
                }
            })
        {
            take(value);
        }
    });
    message.filter(|_| reader.is_at_end())
}

/// A JSON object of strings and nulls.
pub(crate) fn object(members: &[(&str, Option<&str>)]) -> String {
    let mut json = String::from("{");
    for (place, (name, value)) in members.iter().enumerate() {
        let comma = if place == 0 { "" } else { "," };
        let value = value.map_or_else(|| "null".to_owned(), string);
        // Writing to a string does not fail.
        let _ = write!(json, "{comma}\"{name}\":{value}");
    }
    json.push('}');
    json
}

/// A JSON string of this text.
pub(crate) fn string(text: &str) -> String {
    let mut json = String::with_capacity(text.len() + 2);
    json.push('"');
    for char in text.chars() {
        match char {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            // Line ends of an event stream among them; the last two end lines in JavaScript.
            '\0'..='\u{1f}' | '\u{7f}' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(json, "\\u{:04x}", char as u32);
            }
            _ => json.push(char),
        }
    }
    json.push('"');
    json
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn told(kind: FailureKind) -> Told<'static> {
        Told::new(
            &Failure::new(kind),
            "It broke: \"why\"?\\\n\u{2028}\u{2029}\u{7f}\u{1b}",
        )
    }

    #[test]
    fn every_kind_is_a_whole_document_in_every_dialect() {
        for dialect in Dialect::ALL {
            for kind in FailureKind::ALL {
                let told = told(*kind);
                let document: Value = serde_json::from_str(&dialect.error_document(&told)).unwrap();
                assert_eq!(
                    document["error"]["message"], told.message,
                    "{dialect:?} {kind}"
                );
                let events = dialect.error_event(&told);
                assert!(events.ends_with("\n\n"));
                for line in events
                    .lines()
                    .filter_map(|line| line.strip_prefix("data: "))
                {
                    let data: Value = serde_json::from_str(line).unwrap();
                    let error = if data["type"] == "response.failed" {
                        &data["response"]["error"]
                    } else {
                        &data["error"]
                    };
                    assert_eq!(error["message"], told.message, "{dialect:?} {kind}");
                }
            }
        }
    }

    #[test]
    fn no_text_ends_a_line_or_a_string() {
        assert_eq!(string("a\\b\"c"), r#""a\\b\"c""#);
        let ends = "\n\r\t\0\u{1f}\u{7f}\u{2028}\u{2029}é";
        let escaped = r#""\n\u000d\u0009\u0000\u001f\u007f\u2028\u2029é""#;
        assert_eq!(string(ends), escaped);
    }

    #[test]
    fn once_tries_are_spent_no_type_invites_to_more() {
        let busy = Failure::new(FailureKind::Overloaded);
        let spent = busy
            .clone()
            .with_stopped(buttress_core::StopReason::Attempts);
        for (failure, expected) in [(busy, "overloaded_error"), (spent, "api_error")] {
            let told = Told::new(&failure, "Busy");
            let document = Dialect::Messages.error_document(&told);
            let document: Value = serde_json::from_str(&document).unwrap();
            assert_eq!(document["error"]["type"], expected);
        }
    }

    #[test]
    fn what_is_said_is_read_as_what_it_was() {
        use FailureKind::*;
        for dialect in Dialect::ALL {
            for kind in [RateLimited, QuotaExhausted, Overloaded, Auth, ServerError] {
                let told = Told::new(&Failure::new(kind), "It broke.");
                let document = dialect.error_document(&told);
                let class =
                    classify::body(Some(told.status), &HeaderMap::new(), document.as_bytes())
                        .unwrap();
                // Gemini has but one name for quota and rate, and none for overload.
                if *dialect == Dialect::Gemini && matches!(kind, QuotaExhausted | Overloaded) {
                    continue;
                }
                assert_eq!(class.kind, kind, "{dialect:?} {document}");
            }
        }
    }

    #[test]
    fn a_body_becomes_an_event_with_its_own_words() {
        let failure = Failure::new(FailureKind::Auth);
        let body =
            br#"{"error": {"message": "Incorrect API key provided.", "code": "x", "extra": 1}}"#;
        for dialect in Dialect::ALL {
            let event = as_event(*dialect, &failure, body);
            let event = std::str::from_utf8(&event).unwrap();
            assert!(event.contains("Incorrect API key provided."), "{event}");
            assert!(event.ends_with("\n\n"));
            assert_eq!(
                event.contains("event: error\n"),
                matches!(
                    dialect,
                    Dialect::Messages | Dialect::Responses | Dialect::Interactions
                )
            );
            for odd in ["", "<html>", r#"{"error": {"message": "cut"#, "{}"] {
                let event = as_event(*dialect, &failure, odd.as_bytes());
                let event = std::str::from_utf8(&event).unwrap();
                assert!(
                    event.contains("the credentials were not accepted"),
                    "{event}"
                );
            }
        }
        let lines = as_event(
            Dialect::Messages,
            &failure,
            b"{\"error\":\r{\"message\":\"x\"}}\n",
        );
        assert_eq!(
            &lines[..],
            b"event: error\ndata: {\"error\":\ndata: {\"message\":\"x\"}}\n\n"
        );
        // Words by themselves, and those of something that is no error.
        for (body, own) in [
            (r#"{"error":"Words alone."}"#, Some("Words alone.")),
            (r#"{"note":{"message":"No words."}}"#, None),
            (r#"{"note":"No words."}"#, None),
        ] {
            assert_eq!(own_message(body.as_bytes()).as_deref(), own, "{body}");
        }
    }

    #[test]
    fn only_a_whole_error_stands_by_itself() {
        for (said, expected) in [
            ("{\"error\":{\"code\":\"prohibited_content\"}}\n", true),
            ("{\n  \"error\": {\n    \"code\": 503\n  }\n}\n\n", true),
            ("{\"error\":{\"code\":\"prohibited", false),
            ("{\"error\":null}\n", false),
            ("{\"candidates\":[]}\n", false),
            ("[{\"error\":{\"code\":503}}]", false),
            ("\"error\":{\"code\":503}}", false),
            ("data: {\"error\":{\"code\":503}}\n\n", false),
            (": {\"error\":1}\n\n", false),
            ("", false),
        ] {
            assert_eq!(is_bare(said.as_bytes()), expected, "{said}");
        }
    }

    #[test]
    fn an_error_in_the_stream_is_classified_by_its_code() {
        let none = HeaderMap::new();
        let event = b"event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n";
        let failure = in_band(StatusCode::OK, &none, event, 7);
        assert_eq!(failure.kind(), FailureKind::Overloaded);
        assert!(failure.is_transient());
        assert_eq!(failure.delivery(), Delivery::Partial { bytes: 7 });
        let failure = in_band(StatusCode::OK, &none, b"data: {}\n\n", 0);
        assert_eq!(failure.kind(), FailureKind::ServerError);
    }
}
