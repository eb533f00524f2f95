//! Events as the vendors' pages and servers show them, and what is read in them.

mod chat;
mod gemini;
mod interactions;
mod messages;
mod own;
mod places;
mod responses;

use super::Dialect::{
    self, ChatCompletions, Completions, Gemini, Interactions, Messages, Responses,
};
use crate::piece::Piece;
use buttress_resume::event::EventView;

/// What an event says, in short.
fn says(dialect: Dialect, event: &str) -> String {
    let view = EventView::parse(event.as_bytes());
    let data = view.data();
    let mut said = Vec::new();
    let sound = dialect.read(&data, &mut |piece| {
        said.push(match piece {
            Piece::KeepAlive => "alive".to_owned(),
            Piece::Start => "start".to_owned(),
            Piece::Fixed { at, .. } => {
                format!("fixed {}", String::from_utf8_lossy(&data[at]))
            }
            Piece::CallId { at, .. } => format!("call {}", String::from_utf8_lossy(&data[at])),
            Piece::Refers { at } => format!("refers {}", String::from_utf8_lossy(&data[at])),
            Piece::Sealed { at, .. } => format!("sealed {}", String::from_utf8_lossy(&data[at])),
            Piece::Source { at } => format!("source {}", String::from_utf8_lossy(&data[at])),
            Piece::EventId { at } => format!("id {}", String::from_utf8_lossy(&data[at])),
            Piece::Sequence { at } => format!("#{}", String::from_utf8_lossy(&data[at])),
            Piece::Text { lane, key, text } => {
                let text = text.decode();
                format!("{lane:?}@{key} {}", String::from_utf8_lossy(&text))
            }
            Piece::Mark(mark) => {
                let [one, two] = mark.says.map(String::from_utf8_lossy);
                format!("mark {:?}@{} {one}{two}", mark.lane, mark.key)
            }
            Piece::Once { at, .. } => format!("once {}", String::from_utf8_lossy(&data[at])),
            Piece::Indivisible => "indivisible".to_owned(),
            Piece::Finish { choice: 0 } => "finish".to_owned(),
            Piece::Finish { choice } => format!("finish {choice}"),
            Piece::End => "end".to_owned(),
            Piece::Error => "error".to_owned(),
        });
    });
    if !sound {
        said.push("unsound".to_owned());
    }
    said.join(" | ")
}

#[test]
fn every_dialect_has_a_name_for_logs() {
    let codes: Vec<_> = Dialect::ALL.iter().map(|dialect| dialect.code()).collect();
    let expected = "chat_completions completions responses messages gemini interactions";
    assert_eq!(codes.join(" "), expected);
}

/// Each event says this.
#[track_caller]
fn check(cases: &[(Dialect, &str, &str)]) {
    for (dialect, event, expected) in cases {
        assert_eq!(
            says(*dialect, &format!("{event}\n\n")),
            *expected,
            "{event}"
        );
    }
}

#[test]
fn no_data_breaks_the_reading() {
    let mut rng = fastrand::Rng::with_seed(crate::samples::seed());
    let parts = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "\\u12",
        "null",
        "1",
        "true",
        "\"type\"",
        "\"delta\"",
        "\"choices\"",
        "\"index\"",
        "\"content\"",
        "\"item\"",
        "\"candidates\"",
        "\"parts\"",
        "é",
        "\"response\"",
        "\"output\"",
        "\"message_start\"",
        "\"event_type\"",
        "\"event_id\"",
        "\"step.start\"",
        "\"step\"",
        "\"response.completed\"",
    ];
    for _ in 0..20_000 {
        let data: String = (0..rng.usize(0..24))
            .map(|_| parts[rng.usize(0..parts.len())])
            .collect();
        for dialect in Dialect::ALL {
            dialect.read(data.as_bytes(), &mut |piece| {
                if let Piece::Fixed { at, .. }
                | Piece::Once { at, .. }
                | Piece::Sequence { at }
                | Piece::Sealed { at, .. }
                | Piece::CallId { at, .. }
                | Piece::Refers { at }
                | Piece::Source { at }
                | Piece::EventId { at } = piece
                {
                    assert!(data.as_bytes().get(at).is_some(), "{data}");
                }
            });
        }
    }
}

/// Proxies keep all streams alive in the same way.
#[test]
fn what_keeps_one_dialect_alive_says_nothing_in_another() {
    for dialect in [Responses, Messages, Interactions] {
        for kind in ["ping", "keepalive"] {
            let event = format!(r#"data: {{"type":"{kind}"}}"#);
            assert_eq!(says(dialect, &event), "alive", "{dialect:?} {event}");
        }
    }
    for dialect in [ChatCompletions, Completions, Gemini] {
        assert_eq!(says(dialect, r#"data: {"type":"ping"}"#), "", "{dialect:?}");
    }
}
