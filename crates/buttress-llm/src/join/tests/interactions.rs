//! Interactions, which are read on by the ids of their events.

use super::*;

/// An event of an interaction, and perhaps its id.
fn interaction(kind: &str, more: &str, id: &str) -> String {
    let id = match id {
        "" => String::new(),
        id => format!(",\"event_id\":\"{id}\""),
    };
    format!("event: {kind}\ndata: {{{more}{id},\"event_type\":\"{kind}\"}}\n\n")
}

fn created(id: &str) -> String {
    let more = format!("\"interaction\":{{\"id\":\"{id}\",\"status\":\"in_progress\"}}");
    interaction("interaction.created", &more, "")
}

fn step(index: u32, text: &str, id: &str) -> String {
    let content = format!("[{{\"type\":\"text\",\"text\":\"{text}\"}}]");
    let step = format!("{{\"type\":\"model_output\",\"content\":{content}}}");
    interaction(
        "step.start",
        &format!("\"index\":{index},\"step\":{step}"),
        id,
    )
}

fn delta(index: u32, text: &str, id: &str) -> String {
    let delta = format!("{{\"type\":\"text\",\"text\":\"{text}\"}}");
    interaction(
        "step.delta",
        &format!("\"index\":{index},\"delta\":{delta}"),
        id,
    )
}

#[test]
fn of_a_step_that_has_begun_only_the_rest_of_its_text_is_said() {
    let mut join = Join::new(Dialect::Interactions, 1 << 20);
    let mut out = Vec::new();
    play(
        &mut join,
        &[created("v1_a"), step(0, "Caf\\u00e9", "")],
        &mut out,
    )
    .unwrap();
    out.clear();
    join.again();
    let second = [
        created("v1_b"),
        step(0, "Caf\\u00e9 \\\"au", "e2"),
        delta(0, " lait", "e3"),
    ];
    play(&mut join, &second, &mut out).unwrap();
    // The id of an event of another interaction leads nowhere.
    let rest = delta(0, " \\\"au", "").replace("\"type\":\"text\",", "");
    let rest = rest.replace("{\"text\"", "{\"type\":\"text\",\"text\"");
    let last = delta(0, " lait", "e3").replace("\"e3\"", "null");
    assert_eq!(String::from_utf8_lossy(&out), rest + &last);
    // Beside what is no text, it can't be told apart.
    let image = "\"content\":[{\"type\":\"text\",\"text\":\"Caf\\u00e9 au\"},{\"type\":\"image\",\"data\":\"QQ\"}]";
    let step = format!("\"index\":0,\"step\":{{\"type\":\"model_output\",{image}}}");
    join.again();
    assert_eq!(join.event(created("v1_c").as_bytes()), Told::Skip);
    let told = join.event(interaction("step.start", &step, "").as_bytes());
    assert_eq!(told, Told::Differs);
}

#[test]
fn what_is_read_on_is_said_once_wherever_it_begins() {
    let all = [
        created("v1_a"),
        step(0, "a", "e1"),
        delta(0, "b", ""),
        delta(0, "c", "e/3="),
        interaction("step.stop", "\"index\":0", ""),
        step(1, "d", ""),
        delta(1, "e", "e6"),
        delta(1, "f", ""),
        interaction("step.stop", "\"index\":1", "e8"),
        interaction(
            "interaction.completed",
            "\"interaction\":{\"id\":\"v1_a\",\"status\":\"completed\"}",
            "e9",
        ),
    ];
    // The last event with an id, by how many events were delivered.
    let last = [0, 0, 1, 1, 3, 3, 3, 6, 6, 8];
    for cut in 2..all.len() {
        // Servers go on behind that event, repeat it, or begin from the start, with and without the
        // event that says so.
        for from in [last[cut] + 1, last[cut], 0, 1] {
            let mut join = Join::new(Dialect::Interactions, 1 << 20);
            let mut out = Vec::new();
            play(&mut join, &all[..cut], &mut out).unwrap();
            let id = ["", "e1", "", "e/3=", "", "", "e6", "", "e8"][last[cut]];
            assert_eq!(join.source(), (&b"v1_a"[..], id.as_bytes()), "{cut}");
            join.read_on();
            // It is cut again, at the next event.
            let next = from + 1;
            play(&mut join, &all[from..next], &mut out).unwrap();
            join.read_on();
            play(&mut join, &all[from..], &mut out).unwrap();
            let what = format!("cut after {cut}, read on from {from}");
            assert_eq!(String::from_utf8_lossy(&out), all.concat(), "{what}");
            assert!(join.is_ended(), "{what}");
        }
    }
    // From the start, with the one event that has an id: it is said again like the others.
    let mut join = Join::new(Dialect::Interactions, 1 << 20);
    let mut out = Vec::new();
    let all = [
        created("v1_a"),
        step(0, "a", ""),
        delta(0, "b", "e2"),
        delta(0, "c", ""),
    ];
    play(&mut join, &all[..3], &mut out).unwrap();
    join.read_on();
    play(&mut join, &all, &mut out).unwrap();
    assert_eq!(String::from_utf8_lossy(&out), all.concat());
    // What is alike is behind its id as well.
    let mut join = Join::new(Dialect::Interactions, 1 << 20);
    for event in [
        created("v1_a"),
        step(0, "a", ""),
        delta(0, "b", "e2"),
        delta(0, "c", "e3"),
    ] {
        assert_eq!(join.event(event.as_bytes()), Told::Pass);
    }
    assert!(join.alike.is_some());
    assert_eq!(join.source(), (&b"v1_a"[..], &b"e3"[..]));
    join.read_on();
    assert_eq!(join.event(delta(0, "d", "e4").as_bytes()), Told::Pass);
    assert_eq!(join.only_text(), Some(&b"abcd"[..]));
    // Another answer than the one that was begun.
    join.read_on();
    assert_eq!(join.event(step(0, "x", "").as_bytes()), Told::Differs);
}

#[test]
fn an_interaction_is_named_by_the_id_of_the_one_that_was_answered() {
    let answer = Answer::full();
    let mut rng = Rng::with_seed(3);
    let first = stream(Dialect::Interactions, &answer, 1, &mut rng);
    let second = stream(Dialect::Interactions, &answer, 2, &mut rng);
    let out = joined(Dialect::Interactions, &[first[..6].to_vec(), second]).unwrap();
    let out = String::from_utf8(out).unwrap();
    let completed = out.lines().find(|line| line.contains("requires_action"));
    // A next turn goes on with it, and its server knows nothing of the other one.
    assert!(completed.unwrap().contains("\"v1_2\""), "{out}");
    assert_eq!(out.matches("\"v1_1\"").count(), 2, "{out}");
}

#[test]
fn the_events_of_another_stream_are_no_place_to_read_on_at() {
    let mut join = Join::new(Dialect::Interactions, 1 << 20);
    for event in [created("v1_a"), step(0, "a", "e1")] {
        join.event(event.as_bytes());
    }
    assert_eq!(join.source(), (&b"v1_a"[..], &b"e1"[..]));
    join.again();
    assert_eq!(join.source(), (&b""[..], &b""[..]));
}
