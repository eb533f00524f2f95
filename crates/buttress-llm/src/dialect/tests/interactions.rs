//! The events of Gemini's interactions.

use super::*;

#[test]
fn events_say_what_their_vendors_mean() {
    check(&[
        // Gemini's interactions.
        (
            Interactions,
            r#"data: {"interaction":{"id":"v1_a","status":"in_progress","object":"interaction","model":"g"},"event_type":"interaction.created"}"#,
            r#"start | source "v1_a""#,
        ),
        (
            Interactions,
            r#"data: {"interaction_id":"v1_a","status":"in_progress","event_type":"interaction.status_update"}"#,
            r#"source "v1_a""#,
        ),
        (
            Interactions,
            r#"data: {"index":0,"step":{"signature":"","summary":[{"text":"Hm","type":"text"}],"type":"thought"},"event_type":"step.start"}"#,
            "mark Block@0 thought | Reasoning@0 Hm",
        ),
        (
            Interactions,
            r#"data: {"index":0,"delta":{"content":{"text":"Hm","type":"text"},"type":"thought_summary"},"event_id":"e/1=","event_type":"step.delta"}"#,
            r#"id "e/1=" | Reasoning@0 Hm"#,
        ),
        (
            Interactions,
            r#"data: {"index":0,"delta":{"signature":"EpoG","type":"thought_signature"},"event_type":"step.delta"}"#,
            "mark Signature@0 ",
        ),
        (
            Interactions,
            r#"data: {"index":0,"event_type":"step.stop","usage":{"total_input_tokens":5}}"#,
            "mark BlockEnd@0 ",
        ),
        (
            Interactions,
            r#"data: {"index":1,"step":{"content":[{"text":"Based on","type":"text"}],"type":"model_output"},"event_type":"step.start"}"#,
            "mark Block@1 model_output | Text@1 Based on",
        ),
        (
            Interactions,
            r#"data: {"index":1,"delta":{"text":"Hi","type":"text","annotations":null},"event_type":"step.delta","metadata":{"total_usage":{"total_tokens":5}}}"#,
            "Text@1 Hi",
        ),
        (
            Interactions,
            r#"data: {"index":2,"step":{"type":"function_call","id":"fc_1","name":"ls","arguments":{},"signature":"EpoG"},"event_type":"step.start"}"#,
            r#"mark Block@2 function_callls | fixed "fc_1" | mark Signature@2  | indivisible"#,
        ),
        (
            Interactions,
            r#"data: {"index":2,"delta":{"type":"arguments_delta","arguments":"{\"a"},"event_type":"step.delta"}"#,
            r#"Arguments@2 {"a"#,
        ),
        (
            Interactions,
            r#"data: {"index":2,"delta":{"type":"arguments","partial_arguments":"{"},"event_type":"step.delta"}"#,
            "Arguments@2 {",
        ),
        (
            Interactions,
            r#"data: {"interaction":{"id":"v1_a","status":"requires_action","usage":{"total_tokens":9}},"event_type":"interaction.completed"}"#,
            r#"source "v1_a" | finish | end"#,
        ),
        (Interactions, "event: done\ndata: [DONE]", "end"),
        (
            Interactions,
            r#"data: {"error":{"code":"not_found","message":"Result not found."},"event_type":"error"}"#,
            "error",
        ),
        (Interactions, r#"data: {"error":{"code":503}}"#, "error"),
        // It says no more than that it failed.
        (
            Interactions,
            r#"data: {"interaction":{"id":"v1_a","status":"failed"},"event_type":"interaction.completed"}"#,
            r#"source "v1_a" | error | end"#,
        ),
        // The words for it may stand beside it; but those for a stream that fails say nothing of it.
        (
            Interactions,
            r#"data: {"interaction":{"id":"v1_a","status":"failed"},"error":{"code":"x"},"event_type":"interaction.failed"}"#,
            "error | end",
        ),
        (
            Interactions,
            r#"data: {"interaction":{"id":"v1_a","status":"failed"},"error":{"code":"x"},"event_type":"interaction.completed"}"#,
            "error | end",
        ),
        (
            Interactions,
            r#"data: {"interaction":{"id":"v1_a"},"error":{"code":"x"},"event_type":"interaction.created"}"#,
            "error",
        ),
        (
            Interactions,
            r#"data: {"interaction_id":"v1_a","status":"cancelled","event_type":"interaction.status_update"}"#,
            r#"source "v1_a" | finish"#,
        ),
        (
            Interactions,
            r#"data: {"interaction_id":"v1_a","status":"incomplete","event_type":"interaction.status_update"}"#,
            r#"source "v1_a" | finish"#,
        ),
        (
            Interactions,
            r#"data: {"interaction_id":"v1_a","status":"budget_exceeded","event_type":"interaction.status_update"}"#,
            r#"source "v1_a" | finish"#,
        ),
        (
            Interactions,
            r#"data: {"interaction_id":"v1_a","event_type":"interaction.queued"}"#,
            r#"source "v1_a""#,
        ),
        (
            Interactions,
            r#"data: {"interaction_id":"v1_a","event_type":"interaction.in_progress"}"#,
            r#"source "v1_a""#,
        ),
        (
            Interactions,
            r#"data: {"event_type":"error","message":"x"}"#,
            r#"error"#,
        ),
        (
            Interactions,
            r#"data: {"index":1,"delta":{"type":"thought","thought":"Hm"},"event_type":"content.delta"}"#,
            r#"Reasoning@1 Hm"#,
        ),
        (
            Interactions,
            r#"data: {"index":1,"delta":{"type":"text","content":{"content":["x"]}},"event_type":"step.delta"}"#,
            r#"mark Other@1 content["x"] | indivisible"#,
        ),
        // Ids that are none.
        (
            Interactions,
            r#"data: {"event_id":"","interaction_id":"","interaction":{"id":""},"event_type":"interaction.created"}"#,
            r#"start"#,
        ),
        (
            Interactions,
            r#"data: {"index":2,"step":{"type":"function_call","id":"","name":"ls"},"event_type":"step.start"}"#,
            r#"mark Block@2 function_callls"#,
        ),
        (
            Interactions,
            r#"data: {"interaction":{"steps":[{"type":"function_call","id":"","name":"ls"}]},"event_type":"interaction.completed"}"#,
            r#"finish | end"#,
        ),
        // Sound, images, citations, and what the server's own tools did.
        (
            Interactions,
            r#"data: {"index":1,"delta":{"type":"image","data":"QQ","mime_type":"image/png"},"event_type":"step.delta"}"#,
            r#"mark Other@1 data"QQ" | indivisible | mark Other@1 mime_type"image/png" | indivisible"#,
        ),
        (
            Interactions,
            r#"data: {"index":1,"delta":{"type":"text_annotation_delta","annotations":[{"url":"u"}]},"event_type":"step.delta"}"#,
            r#"mark Other@1 annotations[{"url":"u"}] | indivisible"#,
        ),
        (
            Interactions,
            r#"data: {"index":1,"step":{"type":"google_search_call","id":"gs_1"},"event_type":"step.start"}"#,
            r#"mark Block@1 google_search_call | mark Other@1 id"gs_1" | indivisible"#,
        ),
        // All of the answer once more, the question with it.
        (
            Interactions,
            r#"data: {"interaction":{"steps":[{"type":"user_input","content":[]},{"type":"model_output","content":[{"type":"text","text":"Hi"}]},{"type":"function_call","id":"fc_1","name":"ls"}],"status":"requires_action"},"event_type":"interaction.completed"}"#,
            r#"fixed "fc_1" | finish | end"#,
        ),
        // The older form.
        (
            Interactions,
            r#"data: {"interaction":{"id":"v1_a","status":"in_progress"},"event_type":"interaction.start"}"#,
            r#"start | source "v1_a""#,
        ),
        (
            Interactions,
            r#"data: {"index":0,"content":{"type":"thought"},"event_type":"content.start"}"#,
            "mark Block@0 thought",
        ),
        (
            Interactions,
            r#"data: {"index":1,"delta":{"type":"function_call","id":"fc_1","name":"ls","arguments":{"a":1}},"event_type":"content.delta"}"#,
            r#"fixed "fc_1" | mark Other@1 name"ls" | indivisible | mark Other@1 arguments{"a":1} | indivisible"#,
        ),
        (
            Interactions,
            r#"data: {"index":1,"event_type":"content.stop"}"#,
            "mark BlockEnd@1 ",
        ),
        (
            Interactions,
            r#"data: {"interaction":{"id":"v1_a","status":"completed"},"event_type":"interaction.complete"}"#,
            r#"source "v1_a" | finish | end"#,
        ),
        // Under a name that Google's page uses as well.
        (
            Interactions,
            r#"data: {"type":"step.stop","index":1,"status":"done"}"#,
            "mark BlockEnd@1 ",
        ),
        // What is to come.
        (
            Interactions,
            r#"data: {"event_type":"step.pause","index":2}"#,
            "mark Other@2 step.pause",
        ),
        (
            Interactions,
            r#"data: {"index":0,"event_id":null,"error":null,"delta":{"type":"text","text":""},"event_type":"step.delta"}"#,
            "",
        ),
        (
            Interactions,
            r#"data: {"error":false,"delta":{"type":"text","text":""},"event_type":"step.delta"}"#,
            "",
        ),
        (Interactions, "data: [1]", "unsound"),
        (
            Interactions,
            r#"data: {"event_type":"step.stop","#,
            "unsound",
        ),
    ]);
}
