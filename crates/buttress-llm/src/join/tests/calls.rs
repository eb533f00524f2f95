//! Calls of tools: the client's, and those of the server's own.

use super::*;

/// A chunk of a chat completion with this call, whose arguments are escaped already.
fn chunk(index: &str, id: &str, name: &str, arguments: &str) -> String {
    let function = format!(r#""function":{{"name":{name},"arguments":"{arguments}"}}"#);
    chat(
        &format!(r#""tool_calls":[{{{index}"id":{id},{function}}}]"#),
        "",
    )
}

fn ids(out: &[u8]) -> Vec<String> {
    let lines = std::str::from_utf8(out).unwrap().lines();
    let events = lines.filter_map(|line| line.strip_prefix("data: {"));
    let events = events.map(|data| serde_json::from_str(&format!("{{{data}")).unwrap());
    let id = |event: serde_json::Value| {
        let id = &event["choices"][0]["delta"]["tool_calls"][0]["id"];
        id.as_str().map(str::to_owned)
    };
    events.filter_map(id).collect()
}

#[test]
fn a_call_whose_id_comes_with_every_piece_keeps_its_first_one() {
    let first = r#""index":0,"#;
    let second = r#""index":1,"#;
    let call = |run: u32, index: &str, name: &str| {
        let id = format!("\"call_{run}{name}\"");
        [
            chunk(index, &id, &format!("\"{name}\""), ""),
            chunk(index, &id, "null", r#"{\"a\""#),
            chunk(index, &id, "null", ":1}"),
        ]
    };
    // Servers that number every call 0, or none, tell them apart by their names alone.
    for (one, two) in [(first, second), (first, first), ("", "")] {
        let stream = |run| [call(run, one, "ls"), call(run, two, "cat")].concat();
        for cut in 1..6 {
            let out = joined(
                Dialect::ChatCompletions,
                &[stream(1)[..cut].to_vec(), stream(2)],
            );
            let seen = ids(&out.unwrap());
            let is_begun = cut > 3;
            let expected = if is_begun { "call_1cat" } else { "call_2cat" };
            let expected = [["call_1ls"; 3], [expected; 3]].concat();
            assert_eq!(seen, expected, "{one} {two} {cut}");
        }
    }
}

/// Some servers send them as an object, which is there whole.
#[test]
fn arguments_that_are_no_text_are_compared_as_they_are() {
    let call = |arguments: &str| {
        let function = format!(r#""function":{{"name":"ls","arguments":{arguments}}}"#);
        chat(&format!(r#""tool_calls":[{{"index":0,{function}}}]"#), "")
    };
    let text = chat(r#""content":"x""#, "");
    for (again, expected) in [
        (
            r#"{"a":1}"#,
            Ok([call(r#"{"a":1}"#), text.clone()].concat()),
        ),
        (r#"{"a":2}"#, Err(Told::Differs)),
    ] {
        let first = vec![call(r#"{"a":1}"#)];
        let out = joined(
            Dialect::ChatCompletions,
            &[first, vec![call(again), text.clone()]],
        );
        let out = out.map(|out| String::from_utf8(out).unwrap());
        assert_eq!(out, expected, "{again}");
    }
}

#[test]
fn a_marker_of_the_end_does_not_make_half_a_call_whole() {
    let done = "data: [DONE]\n\n";
    let begins = chunk(r#""index":0,"#, "\"a\"", "\"sh\"", "");
    let more = |arguments: &str| chunk(r#""index":0,"#, "null", "null", arguments);
    let finish = "data: {\"choices\":[{\"index\":0,\"finish_reason\":\"length\"}]}\n\n";
    for (said, expected) in [
        (vec![more(r#"{\"c\":\"rm -rf /tm"#)], false),
        (vec![more(r#"{\"c\":"#), more("[1,2")], false),
        (vec![more(r#"{\"c\":[1]}"#)], true),
        // Nothing was said that could be half.
        (vec![], true),
        // No JSON: the input of a tool of another kind.
        (vec![more("ls -l")], true),
        // The model itself stopped there.
        (vec![more(r#"{\"c\":\"rm"#), finish.to_owned()], true),
        // It has gone on since.
        (
            vec![more(r#"{\"c\":\"rm"#), chat(r#""content":"x""#, "")],
            true,
        ),
    ] {
        let mut join = Join::new(Dialect::ChatCompletions, 1 << 20);
        assert_eq!(join.event(begins.as_bytes()), Told::Pass);
        for event in &said {
            assert_eq!(join.event(event.as_bytes()), Told::Pass, "{said:?}");
        }
        let told = join.event(done.as_bytes());
        let wanted = if expected { Told::Pass } else { Told::Torn };
        assert_eq!(told, wanted, "{said:?}");
        assert_eq!(join.is_ended(), expected, "{said:?}");
    }
    // What an event says of the end that an error stands in holds for its own stream at most.
    let failed =
        r#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop","error":{"code":502}}]}"#;
    let failed = format!("data: {failed}\n\n");
    let half = more(r#"{\"c\":"#);
    let mut join = Join::new(Dialect::ChatCompletions, 1 << 20);
    for event in [&begins, &half] {
        assert_eq!(join.event(event.as_bytes()), Told::Pass);
    }
    assert_eq!(join.event(failed.as_bytes()), Told::Error);
    join.again();
    for event in [&begins, &half] {
        assert_eq!(join.event(event.as_bytes()), Told::Skip);
    }
    assert_eq!(join.event(done.as_bytes()), Told::Torn);
    // A second call may be whole while the first one is not, in pieces that come by turns.
    let mut join = Join::new(Dialect::ChatCompletions, 1 << 20);
    for event in [
        &begins,
        &more(r#"{\"c\""#),
        &chunk(r#""index":1,"#, "\"b\"", "\"ls\"", r#"{\"d\""#),
        &more(":1"),
        &chunk(r#""index":1,"#, "null", "null", ":2}"),
    ] {
        assert_eq!(join.event(event.as_bytes()), Told::Pass);
    }
    assert_eq!(join.event(done.as_bytes()), Told::Torn);

    // So may one be that begins behind it; but under the same number it takes the place of the first.
    for (index, expected) in [(r#""index":1,"#, Told::Torn), (r#""index":0,"#, Told::Pass)] {
        let mut join = Join::new(Dialect::ChatCompletions, 1 << 20);
        for event in [
            &begins,
            &more(r#"{\"c\""#),
            &chunk(index, "\"b\"", "\"ls\"", ""),
        ] {
            assert_eq!(join.event(event.as_bytes()), Told::Pass);
        }
        assert_eq!(join.event(done.as_bytes()), expected, "{index}");
    }
    // However many there are.
    let mut join = Join::new(Dialect::ChatCompletions, 1 << 20);
    for index in 0..1000 {
        let arguments = if index == 500 { r#"{\"d\""# } else { "{}" };
        let event = chunk(
            &format!(r#""index":{index},"#),
            "\"c\"",
            "\"ls\"",
            arguments,
        );
        assert_eq!(join.event(event.as_bytes()), Told::Pass);
    }
    assert_eq!(join.event(done.as_bytes()), Told::Torn);

    let block = json!({"type": "tool_use", "id": "t", "name": "sh", "input": {}});
    let begin = json!({"type": "content_block_start", "index": 0, "content_block": block});
    let delta = json!({"type": "input_json_delta", "partial_json": "{\"c\""});
    let delta = json!({"type": "content_block_delta", "index": 0, "delta": delta});
    let rest = json!({"type": "input_json_delta", "partial_json": ":1}"});
    let rest = json!({"type": "content_block_delta", "index": 0, "delta": rest});
    let text = json!({"type": "text_delta", "text": "x"});
    let text = json!({"type": "content_block_delta", "index": 1, "delta": text});
    let end = json!({"type": "content_block_stop", "index": 0});
    let stop = b"data: {\"type\":\"message_stop\"}\n\n";
    for (events, expected) in [
        (vec![&begin, &delta], Told::Torn),
        // A proxy that closes what it has opened.
        (vec![&begin, &delta, &end], Told::Torn),
        (vec![&begin, &delta, &rest, &end], Told::Pass),
        (vec![&begin, &end], Told::Pass),
        (vec![&begin, &delta, &end, &text], Told::Pass),
    ] {
        let mut join = Join::new(Dialect::Messages, 1 << 20);
        for event in &events {
            join.event(format!("data: {event}\n\n").as_bytes());
        }
        assert_eq!(join.event(stop), expected, "{events:?}");
    }
}

/// What such a tool is given follows a grammar of its own, or none.
#[test]
fn the_input_of_a_custom_tool_is_no_json_that_could_be_half() {
    let done = "data: [DONE]\n\n";
    let custom = |index: u32, rest: &str| {
        let calls = format!(r#""tool_calls":[{{"index":{index},{rest}}}]"#);
        chat(&calls, "")
    };
    let named = r#""id":"c","type":"custom","custom":{"name":"sh","input":"[a]"}"#;
    let more = r#""custom":{"input":" b"}"#;
    let function = |arguments: &str| chunk(r#""index":1,"#, "\"f\"", "\"ls\"", arguments);
    for (events, expected) in [
        (vec![custom(0, named), custom(0, more)], Told::Pass),
        (vec![custom(0, &named.replace("[a]", "{"))], Told::Pass),
        (
            vec![function("{}"), custom(0, named), custom(0, more)],
            Told::Pass,
        ),
        // Another one is judged all the same.
        (
            vec![function("[a"), custom(0, named), custom(0, more)],
            Told::Torn,
        ),
        (vec![custom(0, named), function("[a")], Told::Torn),
        (vec![function("[a] b")], Told::Pass),
        (vec![function("{} {")], Told::Torn),
    ] {
        let mut join = Join::new(Dialect::ChatCompletions, 1 << 20);
        for event in &events {
            assert_eq!(join.event(event.as_bytes()), Told::Pass, "{events:?}");
        }
        assert_eq!(join.event(done.as_bytes()), expected, "{events:?}");
    }
}

/// The API takes no result back whose call is not there: "tool use with id … was found without a
/// corresponding … block" (<https://github.com/anthropics/anthropic-sdk-python/issues/961>).
#[test]
fn the_result_of_a_servers_tool_names_the_call_that_was_delivered() {
    let stream = |run: u32| -> Vec<String> {
        let event = |event: serde_json::Value| format!("data: {event}\n\n");
        let start = |index: u32, block: serde_json::Value| {
            event(json!({"type": "content_block_start", "index": index, "content_block": block}))
        };
        let stop = |index| event(json!({"type": "content_block_stop", "index": index}));
        let input = json!({"type": "input_json_delta", "partial_json": "{\"query\":\"x\"}"});
        let search = |at: u32| {
            json!({"type": "server_tool_use", "id": format!("srv_{run}_{at}"), "name": "web_search",
                "input": {}})
        };
        let found = |at: u32| {
            let id = format!("srv_{run}_{at}");
            json!({"type": "web_search_tool_result", "tool_use_id": id, "content": []})
        };
        vec![
            event(json!({"type": "message_start", "message": {"id": format!("msg_{run}")}})),
            start(0, search(0)),
            event(json!({"type": "content_block_delta", "index": 0, "delta": input})),
            stop(0),
            start(1, found(0)),
            stop(1),
            start(2, search(2)),
            stop(2),
            start(3, found(2)),
            stop(3),
            event(json!({"type": "message_delta", "delta": {"stop_reason": "end_turn"}})),
            event(json!({"type": "message_stop"})),
        ]
    };
    let whole = stream(1).concat();
    for cut in 1..11 {
        for again in 1..=cut {
            // Cut once more, so that the third stream has other names still.
            let streams = [
                stream(1)[..cut].to_vec(),
                stream(2)[..again].to_vec(),
                stream(3),
            ];
            let out = String::from_utf8(joined(Dialect::Messages, &streams).unwrap()).unwrap();
            let second = if cut > 6 { "srv_1_2" } else { "srv_3_2" };
            let first = if cut > 1 { "srv_1_0" } else { "srv_3_0" };
            let expected = whole.replace("srv_1_0", first).replace("srv_1_2", second);
            assert_eq!(out, expected, "{cut} {again}");
        }
    }
}

/// A server may begin the same block again and again.
#[test]
fn of_ids_that_gave_way_a_few_are_known() {
    let event = |event: serde_json::Value| format!("data: {event}\n\n");
    let block = |index: usize, block: serde_json::Value| {
        event(json!({"type": "content_block_start", "index": index, "content_block": block}))
    };
    let tool = |index, id: &str| {
        block(
            index,
            json!({"type": "server_tool_use", "id": id, "name": "x"}),
        )
    };
    let found = |index, id: &str| block(index, json!({"type": "found", "tool_use_id": id}));
    let start = |id: &str| event(json!({"type": "message_start", "message": {"id": id}}));
    let mut join = Join::new(Dialect::Messages, 1 << 20);
    join.event(start("msg_1").as_bytes());
    for index in 0..300 {
        join.event(tool(index, &format!("first_{index}")).as_bytes());
    }
    join.again();
    join.event(start("msg_2").as_bytes());
    for index in 0..300 {
        join.event(tool(index, &format!("second_{index}")).as_bytes());
        assert!(join.fixed.others() <= MOST_OTHERS);
    }
    let named = |join: &mut Join, at, id: &str| match join.event(found(at, id).as_bytes()) {
        Told::Pass => id.to_owned(),
        Told::Replace(instead) => {
            let instead = String::from_utf8(instead.into()).unwrap();
            let at = instead.find("_id\":\"").unwrap() + 6;
            instead[at..at + instead[at..].find('"').unwrap()].to_owned()
        }
        told => panic!("{told:?}"),
    };
    for (at, id, expected) in [
        (300, "second_299", "first_299"),
        (301, "second_200", "first_200"),
        // It is too long ago.
        (302, "second_0", "second_0"),
    ] {
        assert_eq!(named(&mut join, at, id), expected);
    }
    for run in 0..300 {
        join.event(tool(299, &format!("again_{run}")).as_bytes());
        assert!(join.fixed.others() <= MOST_OTHERS);
    }
    // The last one of a block counts; the others are as they were.
    assert_eq!(named(&mut join, 304, "again_298"), "again_298");
    assert_eq!(named(&mut join, 305, "again_299"), "first_299");
    assert_eq!(named(&mut join, 306, "second_200"), "first_200");
    // That of the message names no block.
    let mut join = Join::new(Dialect::Messages, 1 << 20);
    join.event(start("msg_1").as_bytes());
    join.again();
    join.event(start("msg_2").as_bytes());
    assert_eq!(named(&mut join, 0, "msg_2"), "msg_2");
}

/// Servers that know of one answer only give one, however many are asked for.
#[test]
fn an_end_with_a_reason_is_no_cut_though_an_answer_is_missing() {
    let call = chunk(r#""index":0,"#, "\"c\"", "\"ls\"", r#"{\"a\""#);
    let reason =
        "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"length\"}]}\n\n";
    let done = "data: [DONE]\n\n";
    for answers in [Answers::One, Answers::Many(2), Answers::Many(0)] {
        let mut join = Join::new(Dialect::ChatCompletions, 1 << 20);
        join.expect(answers);
        assert_eq!(join.event(call.as_bytes()), Told::Pass, "{answers:?}");
        assert_eq!(join.event(reason.as_bytes()), Told::Pass, "{answers:?}");
        assert_eq!(join.event(done.as_bytes()), Told::Pass, "{answers:?}");

        let mut join = Join::new(Dialect::ChatCompletions, 1 << 20);
        join.expect(answers);
        assert_eq!(join.event(call.as_bytes()), Told::Pass, "{answers:?}");
        assert_eq!(join.event(done.as_bytes()), Told::Torn, "{answers:?}");
    }
}
