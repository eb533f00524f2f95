mod calls;
mod interactions;
mod numbers;

use super::*;
use crate::samples::{Answer, Got, normal, put_together, sayable, seed, stream};
use fastrand::Rng;
use serde_json::json;

/// Plays events: what the consumer gets, and how it came out.
fn play(join: &mut Join, events: &[String], out: &mut Vec<u8>) -> Result<(), Told> {
    for event in events {
        match join.event(event.as_bytes()) {
            Told::Pass | Told::Idle => out.extend_from_slice(event.as_bytes()),
            Told::Replace(instead) => out.extend_from_slice(&instead),
            Told::Skip => {}
            told @ (Told::Error | Told::Torn | Told::Differs) => return Err(told),
        }
    }
    Ok(())
}

fn joined(dialect: Dialect, streams: &[Vec<String>]) -> Result<Vec<u8>, Told> {
    let mut join = Join::new(dialect, 1 << 20);
    let mut out = Vec::new();
    for (number, events) in streams.iter().enumerate() {
        if number > 0 {
            join.again();
        }
        play(&mut join, events, &mut out)?;
    }
    assert!(join.can_go_on());
    Ok(out)
}

fn check_whole(dialect: Dialect, answer: &Answer, first: &Got, got: &Got, what: &str) {
    assert_eq!(
        normal(got.answer.clone()),
        normal(sayable(dialect, answer)),
        "{what}"
    );
    assert!(got.finished && got.ended, "{what}");
    for (place, id) in first.call_ids.iter().enumerate() {
        assert_eq!(got.call_ids.get(place), Some(id), "{what}");
    }
    for id in &first.ids {
        assert!(got.ids.contains(id), "{what}: {id} of {:?}", got.ids);
    }
    assert_eq!(got.errors, 0, "{what}");
}

#[test]
fn a_stream_that_is_not_cut_is_passed_on_as_it_is() {
    for dialect in Dialect::ALL {
        for answer in [Answer::plain(), Answer::full()] {
            let events = stream(*dialect, &answer, 1, &mut Rng::with_seed(1));
            let out = joined(*dialect, std::slice::from_ref(&events)).unwrap();
            assert_eq!(out, events.concat().into_bytes());
        }
    }
}

#[test]
fn cut_after_any_event_it_is_whole_and_of_one_piece() {
    let seed = seed();
    let mut rng = Rng::with_seed(seed);
    for dialect in Dialect::ALL {
        for answer in [Answer::plain(), Answer::full()] {
            let first = stream(*dialect, &answer, 1, &mut rng);
            for cut in 0..first.len() {
                let what = format!("seed {seed}, {dialect:?}, cut after {cut}");
                let first = first[..cut].to_vec();
                let begun = put_together(*dialect, first.concat().as_bytes());
                // Twice cut: the second time anywhere.
                let mut second = stream(*dialect, &answer, 2, &mut rng);
                second.truncate(rng.usize(0..=second.len()));
                let third = stream(*dialect, &answer, 3, &mut rng);
                let mut join = Join::new(*dialect, 1 << 20);
                let mut out = Vec::new();
                for events in [first, second, third] {
                    join.again();
                    play(&mut join, &events, &mut out).unwrap_or_else(|told| {
                        panic!("{what}: {told:?}\n{}", String::from_utf8_lossy(&out))
                    });
                    if join.is_finished() {
                        break;
                    }
                }
                if join.is_ended() {
                    let got = put_together(*dialect, &out);
                    check_whole(*dialect, &answer, &begun, &got, &what);
                    check_end(&got, &what);
                }
                assert!(join.is_finished(), "{what}");
            }
        }
    }
}

/// The end of a response names the items that were delivered, and nothing else.
fn check_end(got: &Got, what: &str) {
    let Some(end) = &got.repeated else { return };
    let calls: Vec<&str> = end["output"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|item| item["call_id"].as_str())
        .collect();
    assert_eq!(calls, got.call_ids, "{what}");
    let count = got.ids.len();
    assert_eq!(
        count,
        1 + end["output"].as_array().unwrap().len(),
        "{what}: {:?}",
        got.ids
    );
}

#[test]
fn nothing_is_said_after_a_difference() {
    let seed = seed();
    let mut rng = Rng::with_seed(seed);
    let answer = Answer::full();
    let mut others = vec![Answer::default(); 5];
    others[0] = Answer {
        reasoning: "The user wants a lisp.".to_owned(),
        ..answer.clone()
    };
    others[1] = Answer {
        text: "I will book.\n".to_owned(),
        ..answer.clone()
    };
    others[2] = Answer {
        text: "I will".to_owned(),
        ..answer.clone()
    };
    others[3] = Answer {
        calls: answer.calls[1..].to_vec(),
        ..answer.clone()
    };
    for dialect in Dialect::ALL {
        let whole = stream(*dialect, &answer, 1, &mut rng);
        for other in &others {
            if sayable(*dialect, other) == sayable(*dialect, &answer) {
                continue;
            }
            let finish = whole.len() - 1;
            for cut in 1..finish {
                let first = whole[..cut].to_vec();
                let begun = put_together(*dialect, first.concat().as_bytes());
                if begun.finished {
                    continue;
                }
                let second = stream(*dialect, other, 2, &mut rng);
                let mut join = Join::new(*dialect, 1 << 20);
                let mut out = Vec::new();
                play(&mut join, &first, &mut out).unwrap();
                join.again();
                let told = play(&mut join, &second, &mut out);
                let got = put_together(*dialect, &out);
                let what = format!("seed {seed}, {dialect:?}, cut after {cut}, {other:?}");
                match told {
                    // Without any event.
                    Ok(()) if second.is_empty() => assert!(!got.finished, "{what}"),
                    // It had not come to the difference.
                    Ok(()) => assert_eq!(
                        normal(got.answer),
                        normal(sayable(*dialect, other)),
                        "{what}"
                    ),
                    Err(told) => {
                        assert_eq!(told, Told::Differs, "{what}");
                        assert!(!got.finished && !got.ended, "{what}");
                        assert_eq!(got.answer, begun.answer, "{what}");
                    }
                }
            }
        }
    }
}

#[test]
fn what_cannot_be_compared_is_not_joined() {
    let chunk = |index: u32, text: &str| {
        format!(
            "data: {{\"id\":\"a\",\"choices\":[{{\"index\":{index},\"delta\":{{\"content\":\"{text}\"}}}}]}}\n\n"
        )
    };
    let mut join = Join::new(Dialect::ChatCompletions, 1 << 20);
    assert_eq!(join.event(chunk(0, "a").as_bytes()), Told::Pass);
    assert!(join.can_go_on());
    // Two choices come in any order.
    assert_eq!(join.event(chunk(1, "a").as_bytes()), Told::Pass);
    assert!(!join.can_go_on());

    // Their calls of functions do too.
    let call = r#""tool_calls":[{"index":0,"function":{"name":"ls"}}]"#;
    let call = format!("data: {{\"choices\":[{{\"index\":1,\"delta\":{{{call}}}}}]}}\n\n");
    let mut join = Join::new(Dialect::ChatCompletions, 1 << 20);
    assert_eq!(join.event(call.as_bytes()), Told::Pass);
    assert!(!join.can_go_on());

    // No JSON.
    let mut join = Join::new(Dialect::ChatCompletions, 1 << 20);
    assert_eq!(join.event(b"data: {\"choices\":[\n\n"), Told::Pass);
    assert!(!join.can_go_on());

    // Too much.
    let mut join = Join::new(Dialect::ChatCompletions, 64);
    for _ in 0..64 {
        assert_eq!(join.event(chunk(0, "a").as_bytes()), Told::Pass);
    }
    assert!(!join.can_go_on());
    assert!(join.tape.size() <= 64);
}

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

/// Chunks of a chat completion with this delta and these other members.
fn chat(delta: &str, more: &str) -> String {
    format!("data: {{\"choices\":[{{\"index\":0,\"delta\":{{{delta}}}}}]{more}}}\n\n")
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
fn what_keeps_alive_begins_nothing() {
    for (dialect, ping, start) in [
        (
            Dialect::Messages,
            "data: {\"type\":\"ping\"}\n\n",
            "data: {\"type\":\"message_start\",\"message\":{\"id\":\"a\"}}\n\n",
        ),
        (
            Dialect::Responses,
            "data: {\"type\":\"keepalive\"}\n\n",
            "data: {\"type\":\"response.created\",\"response\":{\"id\":\"a\"}}\n\n",
        ),
    ] {
        let mut join = Join::new(dialect, 1 << 20);
        assert_eq!(join.event(ping.as_bytes()), Told::Idle);
        join.again();
        assert_eq!(join.event(start.as_bytes()), Told::Pass);
        assert_eq!(join.event(ping.as_bytes()), Told::Idle);
        // Read on before anything came.
        let mut join = Join::new(dialect, 1 << 20);
        join.event(ping.as_bytes());
        join.read_on();
        assert_eq!(join.event(start.as_bytes()), Told::Pass);
    }
}

#[test]
fn errors_are_seen_in_every_dialect() {
    for (dialect, event) in [
        (
            Dialect::ChatCompletions,
            "data: {\"error\":{\"message\":\"x\"}}\n\n",
        ),
        (
            Dialect::ChatCompletions,
            "data: {\"id\":\"a\",\"error\":{\"code\":502},\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"},\"finish_reason\":\"error\"}]}\n\n",
        ),
        (
            Dialect::ChatCompletions,
            "data: {\"object\":\"error\",\"message\":\"x\"}\n\n",
        ),
        (
            Dialect::Completions,
            "data: {\"error\":\"model runner has unexpectedly stopped\"}\n\n",
        ),
        (
            Dialect::Messages,
            "event: error\ndata: {\"type\":\"error\",\"error\":{}}\n\n",
        ),
        (
            Dialect::Responses,
            "event: error\ndata: {\"type\":\"error\",\"code\":\"x\"}\n\n",
        ),
        (
            Dialect::Responses,
            "data: {\"type\":\"response.failed\",\"response\":{}}\n\n",
        ),
        (Dialect::Gemini, "data: {\"error\":{\"code\":503}}\n\n"),
        (
            Dialect::Interactions,
            "event: error\ndata: {\"error\":{\"code\":\"x\"},\"event_type\":\"error\"}\n\n",
        ),
        (
            Dialect::Interactions,
            "{\"error\":{\"code\":\"prohibited_content\"}}\n\n",
        ),
        // In a field of its own, before the marker of the end: llama.cpp.
        (
            Dialect::ChatCompletions,
            "error: {\"code\":500,\"message\":\"x\",\"type\":\"server_error\"}\n\n",
        ),
        // The name says it, whatever the data are.
        (
            Dialect::ChatCompletions,
            "id:1\nevent:error\n:HTTP_STATUS/500\ndata:{\"code\":\"InternalError\",\"message\":\"x\"}\n\n",
        ),
        (
            Dialect::Messages,
            "event: error\ndata: upstream went away\n\n",
        ),
    ] {
        assert_eq!(
            Join::new(dialect, 1 << 20).event(event.as_bytes()),
            Told::Error,
            "{event}"
        );
    }
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

#[test]
fn of_several_answers_all_have_to_be_whole() {
    let chat = |index: u32| {
        format!("data: {{\"choices\":[{{\"index\":{index},\"finish_reason\":\"stop\"}}]}}\n\n")
    };
    let gemini = |index: u32| {
        format!("data: {{\"candidates\":[{{\"index\":{index},\"finishReason\":\"STOP\"}}]}}\n\n")
    };
    let whole = |dialect, answers, events: &[String]| {
        let mut join = Join::new(dialect, 1 << 20);
        join.expect(answers);
        let seen = |event: &String| {
            assert_eq!(join.event(event.as_bytes()), Told::Pass);
            (join.is_finished(), join.is_ended())
        };
        events.iter().map(seen).collect::<Vec<_>>()
    };
    use Answers::{Many, One};
    let (no, finished, ended) = ((false, false), (true, false), (true, true));
    for (answers, expected) in [
        (One, [finished; 3]),
        (Many(2), [no, no, finished]),
        (Many(3), [no; 3]),
        (Many(0), [no; 3]),
        (Many(u32::MAX), [no; 3]),
    ] {
        let events = [chat(1), chat(1), chat(0)];
        let seen = whole(Dialect::ChatCompletions, answers, &events);
        assert_eq!(seen, expected, "{answers:?}");
    }
    for (answers, expected) in [
        (One, [ended; 3]),
        (Many(2), [no, no, ended]),
        // No marker follows that could tell.
        (Many(0), [ended; 3]),
    ] {
        let events = [gemini(1), gemini(1), gemini(0)];
        let seen = whole(Dialect::Gemini, answers, &events);
        assert_eq!(seen, expected, "{answers:?}");
    }
    let done = "data: [DONE]\n\n".to_owned();
    let seen = whole(Dialect::ChatCompletions, Many(0), &[chat(0), done]);
    assert_eq!(seen, [no, (false, true)]);
}
