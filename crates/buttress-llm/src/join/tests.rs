mod calls;
mod ends;
mod interactions;
mod numbers;
mod parts;

use super::fixed::MOST_OTHERS;
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

    // Too much by one event: what goes on is told from what was delivered, or nothing goes on.
    for limit in 0..600 {
        let mut join = Join::new(Dialect::ChatCompletions, limit);
        let said = [chunk(0, "a"), chunk(0, &"b".repeat(300))];
        for event in &said {
            assert_eq!(join.event(event.as_bytes()), Told::Pass);
        }
        if join.can_go_on() {
            join.again();
            for event in &said {
                assert_eq!(join.event(event.as_bytes()), Told::Skip, "{limit}");
            }
        }
    }

    // Values of which each is short.
    let mut join = Join::new(Dialect::Responses, 4096);
    for output in 0..1000 {
        let delta = json!({"type": "response.output_text.delta", "item_id": "m",
            "output_index": output, "delta": ""});
        let told = join.event(format!("data: {delta}\n\n").as_bytes());
        assert_eq!(told, Told::Pass);
    }
    assert!(!join.can_go_on());

    // Images and the like are kept whole.
    let done = |output: u32, result: &str| {
        let item = json!({"type": "image_generation_call", "id": "ig", "result": result});
        format!(
            "data: {}\n\n",
            json!({"type": "response.output_item.done", "output_index": output, "item": item})
        )
    };
    let created = "data: {\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"id\":\"r\"}}\n\n";
    let mut join = Join::new(Dialect::Responses, 4096);
    assert_eq!(join.event(created.as_bytes()), Told::Pass);
    for output in 0..64 {
        let event = done(output, &"x".repeat(1024));
        assert_eq!(join.event(event.as_bytes()), Told::Pass);
        assert_eq!(join.can_go_on(), output < 3, "{output}");
        let kept = join.fixed.size();
        assert!(kept <= 4096, "{kept}");
    }
    // It can still be read on where the server keeps it.
    assert_eq!(join.fixed(0), Some(&b"\"r\""[..]));
}

/// Chunks of a chat completion with this delta and these other members.
fn chat(delta: &str, more: &str) -> String {
    format!("data: {{\"choices\":[{{\"index\":0,\"delta\":{{{delta}}}}}]{more}}}\n\n")
}
