//! What events say beside texts, and events that say part of what was delivered.

use super::*;

#[test]
fn an_event_is_divided_only_where_all_of_it_is_understood() {
    let chunk = |text: &str, logprobs: &str| {
        format!(
            "data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{text}\"}},\"logprobs\":{logprobs}}}]}}\n\n"
        )
    };
    for (logprobs, expected) in [("null", true), ("{\"content\":[{}]}", false)] {
        let mut join = Join::new(Dialect::ChatCompletions, 1 << 20);
        join.event(chunk("He", logprobs).as_bytes());
        join.again();
        let told = join.event(chunk("Hello", logprobs).as_bytes());
        assert_eq!(matches!(told, Told::Replace(_)), expected, "{told:?}");
        assert_eq!(told == Told::Differs, !expected);
        // What is new of it has been compared, and was not delivered.
        assert_eq!(join.can_go_on(), expected);
    }
}

#[test]
fn what_says_nothing_of_the_answer_is_delivered_once() {
    let hello = chat(r#""role":"assistant","content":"Hello""#, "");
    let end = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    let usage = "data: {\"choices\":[],\"usage\":{\"total_tokens\":7}}\n\n";
    let done = "data: [DONE]\n\n";
    // Before the cut it was not there; before what was said it is none of this stream.
    for (before, behind) in [("", usage), (usage, ""), (usage, usage)] {
        let mut join = Join::new(Dialect::ChatCompletions, 1 << 20);
        join.event(chat(r#""role":"assistant","content":"He""#, "").as_bytes());
        join.again();
        let mut out = Vec::new();
        let events = [before, &hello, end, behind, done];
        let events = events.into_iter().filter(|event| !event.is_empty());
        let events: Vec<_> = events.map(str::to_owned).collect();
        play(&mut join, &events, &mut out).unwrap();
        let rest = chat(r#""role":null,"content":"llo""#, "");
        let expected = [&rest, end, behind, done].concat();
        assert_eq!(String::from_utf8_lossy(&out), expected);
    }
}

#[test]
fn what_an_event_is_called_and_numbered_stays() {
    let event = |text: &str| {
        let chunk = chat(&format!("\"content\":\"{text}\""), "");
        format!("event: chunk\nid: 7\n{chunk}")
    };
    let mut join = Join::new(Dialect::ChatCompletions, 1 << 20);
    join.event(event("He").as_bytes());
    join.again();
    let told = join.event(event("Hello").as_bytes());
    let Told::Replace(instead) = told else {
        panic!("{told:?}");
    };
    let view = EventView::parse(&instead);
    assert_eq!((view.name(), view.id()), (&b"chunk"[..], Some(&b"7"[..])));
    assert!(view.data().ends_with(b"{\"content\":\"llo\"}}]}"));
}

#[test]
fn sealed_reasoning_keeps_the_id_that_it_was_sealed_with() {
    let stream = |run: u32, seal: serde_json::Value| -> Vec<String> {
        let id = format!("rs_{run}");
        let item = json!({"id": id, "type": "reasoning", "summary": [], "encrypted_content": seal});
        let delta = |text| {
            json!({"type": "response.reasoning_summary_text.delta", "item_id": id,
                "output_index": 0, "summary_index": 0, "delta": text})
        };
        let of_item = |kind| json!({"type": kind, "output_index": 0, "item": item});
        let events = [
            of_item("response.output_item.added"),
            delta("H"),
            delta("m"),
            of_item("response.output_item.done"),
            json!({"type": "response.completed", "response": {"id": "r", "output": [item]}}),
        ];
        events.map(|event| format!("data: {event}\n\n")).into()
    };
    for cut in 1..5 {
        let play = |seal: fn(u32) -> serde_json::Value| {
            let first = stream(1, seal(1))[..cut].to_vec();
            joined(Dialect::Responses, &[first, stream(2, seal(2))])
        };
        // Of two answers, of which the server takes neither seal with the other's id.
        let sealed = play(|run| json!(format!("seal_{run}")));
        if cut < 4 {
            assert_eq!(sealed, Err(Told::Differs), "{cut}");
        } else {
            let sealed = String::from_utf8(sealed.unwrap()).unwrap();
            assert!(!sealed.contains("_2"), "{sealed}");
            assert_eq!(sealed.matches("seal_1").count(), 3, "{sealed}");
        }
        let open = String::from_utf8(play(|_| json!(null)).unwrap()).unwrap();
        assert!(!open.contains("_2"), "{open}");
        assert_eq!(open.matches("response.completed").count(), 1, "{open}");
    }
}

#[test]
fn a_signature_that_stands_alone_is_delivered_once() {
    let event = |part: &str| {
        format!("data: {{\"candidates\":[{{\"content\":{{\"parts\":[{part}]}}}}]}}\n\n")
    };
    let stream = |run: u32| {
        let signature = format!(r#"{{"text":"","thoughtSignature":"s{run}"}}"#);
        [r#"{"text":"Hi"}"#, &signature, r#"{"text":"!"}"#].map(event)
    };
    let out = joined(
        Dialect::Gemini,
        &[stream(1)[..2].to_vec(), stream(2).into()],
    );
    assert_eq!(out.unwrap(), stream(1).concat().into_bytes());
}

#[test]
fn events_that_are_alike_are_recorded_like_others() {
    let chunk = |text: &str, finish: &str| {
        format!(
            "data: {{\"id\":\"a\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{text}\"}},\"finish_reason\":{finish}}}]}}\n\n"
        )
    };
    let mut join = Join::new(Dialect::ChatCompletions, 1 << 20);
    let mut said = Vec::new();
    for (text, meant) in [
        ("a", "a"),
        ("bc", "bc"),
        ("", ""),
        ("d\\n", "d\n"),
        ("é", "é"),
        // It ends the text and begins another member.
        ("e\\\"", "e\""),
        ("f\",\"x\":\"", "f"),
        ("g", "g"),
    ] {
        assert_eq!(join.event(chunk(text, "null").as_bytes()), Told::Pass);
        said.extend_from_slice(meant.as_bytes());
        let tape = join.only_text().unwrap();
        assert_eq!(
            String::from_utf8_lossy(tape),
            String::from_utf8_lossy(&said),
            "{text}"
        );
    }
    assert!(join.alike.is_some());
    assert_eq!(join.event(b": comment\n\n"), Told::Idle);
    assert!(!join.is_finished());
    join.event(chunk("h", "\"stop\"").as_bytes());
    assert!(join.is_finished());
    // What is alike is bounded as well.
    let mut join = Join::new(Dialect::ChatCompletions, 256);
    for _ in 0..256 {
        join.event(chunk("12345678", "null").as_bytes());
    }
    assert!(!join.can_go_on());
}

#[test]
fn what_is_no_text_is_delivered_once_and_never_joined_with_another() {
    let chunk =
        |delta: &str| format!("data: {{\"choices\":[{{\"index\":0,\"delta\":{{{delta}}}}}]}}\n\n");
    let text = chunk(r#""content":"Hi""#);
    let more = chunk(r#""content":"!""#);
    for (first, other) in [
        (
            r#""audio":{"data":"QUFB"}"#,
            Some(r#""audio":{"data":"QkJC"}"#),
        ),
        (
            r#""images":[{"image_url":{"url":"data:a"}}]"#,
            Some(r#""images":[{"image_url":{"url":"data:b"}}]"#),
        ),
        (
            r#""content":[{"type":"thinking","thinking":[{"type":"text","text":"Hm"}]}]"#,
            Some(r#""content":[{"type":"thinking","thinking":[{"type":"text","text":"Ha"}]}]"#),
        ),
        (
            r#""content":[{"type":"text","text":"you"}]"#,
            Some(r#""content":[{"type":"text","text":"yes"}]"#),
        ),
        (
            r#""content":[{"type":"reference","reference_ids":[1]}]"#,
            Some(r#""content":[{"type":"reference","reference_ids":[2]}]"#),
        ),
        (
            r#""tool_calls":[{"index":0,"type":"custom","custom":{"name":"sh","input":"ls"}}]"#,
            Some(
                r#""tool_calls":[{"index":0,"type":"custom","custom":{"name":"sh","input":"rm"}}]"#,
            ),
        ),
        // A proof of reasoning is another one each time.
        (r#""reasoning_details":[{"data":"a"}]"#, None),
    ] {
        let (first, other) = (chunk(first), other.map(chunk));
        let mut join = Join::new(Dialect::ChatCompletions, 1 << 20);
        join.event(text.as_bytes());
        assert_eq!(join.event(first.as_bytes()), Told::Pass, "{first}");
        join.again();
        assert_eq!(join.event(text.as_bytes()), Told::Skip);
        assert_eq!(join.event(first.as_bytes()), Told::Skip, "{first}");
        assert_eq!(join.event(more.as_bytes()), Told::Pass, "{first}");
        let Some(other) = other else { continue };
        join.again();
        assert_eq!(join.event(text.as_bytes()), Told::Skip);
        assert_eq!(join.event(other.as_bytes()), Told::Differs, "{other}");
    }
    // Beside a text that goes on, what was delivered is taken out.
    let both = r#""images":["a"],"content":"Hi""#;
    let mut join = Join::new(Dialect::ChatCompletions, 1 << 20);
    join.event(chunk(r#""images":["a"],"content":"H""#).as_bytes());
    join.again();
    let told = join.event(chunk(both).as_bytes());
    let rest = chunk(r#""images":null,"content":"i""#);
    assert_eq!(told, Told::Replace(rest.into()));
}
