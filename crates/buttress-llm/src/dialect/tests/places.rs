//! Where in an event things stand.

use super::*;

/// The data as it is passed on when every mark in it was delivered before.
fn without_marks(dialect: Dialect, data: &str) -> String {
    let mut cuts = Vec::new();
    dialect.read(data.as_bytes(), &mut |piece| {
        if let Piece::Mark(mark) = piece {
            let at = mark.erase.into_iter().flatten();
            cuts.extend(at.map(|at| (at, mark.erased)));
        }
    });
    cuts.sort_by_key(|(at, _)| at.start);
    let mut data = data.to_owned();
    for (at, put) in cuts.into_iter().rev() {
        data.replace_range(at, put);
    }
    data
}

#[test]
fn a_call_that_is_made_again_keeps_only_what_is_new_of_it() {
    for (dialect, data, expected) in [
        // The id and the name of a call are said once.
        (
            ChatCompletions,
            r#"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_a","function":{"name":"ls","arguments":"{"}}]}}]}"#,
            r#"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":null,"function":{"name":null,"arguments":"{"}}]}}]}"#,
        ),
        (
            ChatCompletions,
            r#"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"","function":{"name":"ls","arguments":"{"}}]}}]}"#,
            r#"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"","function":{"name":null,"arguments":"{"}}]}}]}"#,
        ),
        // A call of Gemini's is a part of its own.
        (
            Gemini,
            r#"{"candidates":[{"content":{"parts":[{"functionCall":{"name":"ls"}},{"text":"x"}]}}]}"#,
            r#"{"candidates":[{"content":{"parts":[{"text":""},{"text":"x"}]}}]}"#,
        ),
    ] {
        assert_eq!(without_marks(dialect, data), expected, "{data}");
    }
}

#[test]
fn every_value_that_stays_the_same_has_a_place_of_its_own() {
    let slots = |data: &str| {
        let mut slots = Vec::new();
        Responses.read(data.as_bytes(), &mut |piece| {
            if let Piece::Fixed { slot, .. } = piece {
                slots.push(slot);
            }
        });
        slots
    };
    let mut all = slots(
        r#"{"type":"response.completed","response":{"id":"r","created_at":1,"output":[{"id":"a","call_id":"b"},{"id":"c","call_id":"d"},{"id":"e","call_id":"f"}]}}"#,
    );
    assert_eq!(all.len(), 11);
    // The events of an item share the places of it.
    let item = slots(
        r#"{"type":"response.output_item.done","output_index":1,"item":{"id":"c","call_id":"d"}}"#,
    );
    assert_eq!(item, all[5..8]);
    let text = slots(
        r#"{"type":"response.output_text.delta","output_index":1,"item_id":"c","delta":"x"}"#,
    );
    assert_eq!(text, all[5..6]);
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 11);
}

/// What the caller said is among the steps at the end, and none of those that are streamed.
#[test]
fn a_call_of_a_function_has_the_same_place_at_the_end() {
    let slots = |data: &str| {
        let mut slots = Vec::new();
        Interactions.read(data.as_bytes(), &mut |piece| {
            if let Piece::Fixed { slot, .. } = piece {
                slots.push(slot);
            }
        });
        slots
    };
    let end = r#"{"interaction":{"steps":[{"type":"user_input"},{"type":"thought"},{"type":"function_call","id":"a"},{"type":"function_result"},{"type":"function_call","id":"b"}]},"event_type":"interaction.completed"}"#;
    let start = |index: u64| {
        format!(
            r#"{{"index":{index},"step":{{"type":"function_call","id":"a"}},"event_type":"step.start"}}"#
        )
    };
    let expected = [slots(&start(1)), slots(&start(2))].concat();
    assert_eq!(slots(end), expected);
}
