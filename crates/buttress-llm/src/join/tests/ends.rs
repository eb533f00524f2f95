//! How streams begin and end.

use super::*;

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

/// An answer that was asked for and never began is one that the server does not give.
#[test]
fn a_choice_that_began_and_has_no_reason_for_its_end_is_half() {
    let choice = |index: u32, rest: &str| {
        format!("data: {{\"choices\":[{{\"index\":{index},{rest}}}]}}\n\n")
    };
    let delta = |index, delta: &str| choice(index, &format!("\"delta\":{{{delta}}}"));
    let text = |index| delta(index, r#""content":"x""#);
    let call = |index| {
        let function = r#""function":{"name":"ls","arguments":"{\"a\""}"#;
        delta(
            index,
            &format!(r#""tool_calls":[{{"index":0,"id":"c",{function}}}]"#),
        )
    };
    let stop = |index| choice(index, r#""delta":{},"finish_reason":"stop""#);
    let old = |index| choice(index, r#""text":"x","finish_reason":null"#);
    let role = |index| delta(index, r#""role":"assistant","content":"""#);
    use Answers::{Many, One};
    for (what, events, answers, expected) in [
        (
            "within a call",
            vec![text(0), call(1), stop(0)],
            Many(2),
            false,
        ),
        ("behind a text", vec![text(1), stop(0)], Many(2), false),
        ("as one of many", vec![text(2), stop(0)], Many(0), false),
        ("an older one", vec![old(1), stop(0)], Many(2), false),
        ("the first", vec![text(0), stop(1)], Many(2), false),
        // It has said who speaks.
        ("a role", vec![role(0), role(1), stop(0)], Many(2), false),
        ("the last of all", vec![text(127), stop(0)], Many(0), false),
        (
            "none",
            vec![text(0), text(1), stop(0), stop(1)],
            Many(2),
            true,
        ),
        ("none of fewer", vec![text(0), stop(0)], Many(2), true),
        (
            "none of more",
            vec![text(0), stop(0), text(1), stop(1)],
            Many(3),
            true,
        ),
        // Of servers that give no reasons there is none to wait for.
        ("no reasons", vec![text(0), text(1)], Many(2), true),
        // Where one is asked for, its number is no matter.
        ("one", vec![text(1), stop(0)], One, true),
        ("too many", vec![text(128), stop(0)], Many(0), true),
    ] {
        let mut join = Join::new(Dialect::ChatCompletions, 1 << 20);
        join.expect(answers);
        for event in &events {
            assert_eq!(join.event(event.as_bytes()), Told::Pass, "{what}");
        }
        let told = join.event(b"data: [DONE]\n\n");
        let wanted = if expected { Told::Pass } else { Told::Torn };
        assert_eq!(told, wanted, "{what}");
        assert_eq!(join.is_ended(), expected, "{what}");
    }
}

/// Proxies that speak chat completions to all end every stream so, whatever has become of it.
#[test]
fn a_marker_is_no_end_where_the_api_has_an_event_for_it() {
    let done = "data: [DONE]\n\n";
    for dialect in [Dialect::Responses, Dialect::Interactions] {
        let events = stream(dialect, &Answer::full(), 1, &mut Rng::with_seed(3));
        let last = events.iter().position(|event| event.contains(".completed"));
        let last = last.unwrap();
        for cut in 1..=last + 1 {
            let mut join = Join::new(dialect, 1 << 20);
            play(&mut join, &events[..cut], &mut Vec::new()).unwrap();
            let is_whole = cut > last;
            let expected = if is_whole { Told::Pass } else { Told::Torn };
            assert_eq!(join.event(done.as_bytes()), expected, "{dialect:?} {cut}");
            assert_eq!(join.is_ended(), is_whole, "{dialect:?} {cut}");
        }
    }
}
