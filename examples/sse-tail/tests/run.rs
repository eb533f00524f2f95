//! The program as a user runs it, with a server whose streams break.
#![allow(
    clippy::unwrap_used,
    reason = "a test that finds something else stops there"
)]

use buttress::resume::event::EventStream;
use buttress_testkit::{Canned, Cut, Events, Fault, Origin, Refused, Script};
use futures_util::StreamExt;
use http_body_util::Full;
use serde_json::{Value, json};
use std::process::{Output, Stdio};
use tokio::process::Command;

async fn tail(args: &[&str]) -> (Output, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_sse-tail"))
        .args(args)
        .env("NO_PROXY", "*")
        .output()
        .await
        .unwrap();
    let words = String::from_utf8(output.stderr.clone()).unwrap();
    (output, words)
}

/// What the program must print of these events.
async fn expected(events: &Events) -> Vec<Value> {
    let stream = EventStream::new(Full::new(events.whole()));
    let line = |event: buttress::resume::event::Event| json!({ "event": event.event(), "id": event.id(), "data": event.text() });
    stream.map(|event| line(event.unwrap())).collect().await
}

fn lines(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).unwrap();
    let parsed = text.lines().map(|line| serde_json::from_str(line).unwrap());
    parsed.collect()
}

fn cut(events: usize, how: Cut) -> Fault {
    Fault::cut_after_events(events, how)
}

#[tokio::test]
async fn every_event_comes_once_through_cuts() {
    let faults = [
        Fault::status(503),
        cut(7, Cut::Rst),
        Fault::CutBeforeHead(Cut::Fin),
        Fault::cut_after_bytes(300, Cut::Fin),
        cut(3, Cut::Rst),
    ];
    let origin = Origin::builder().script(Script::of(faults)).start().await;
    let secret = ["-H", "Authorization: Bearer secret"];
    let url = origin.url("/events");
    let (output, words) = tail(&[&url, "--json", secret[0], secret[1]]).await;

    assert!(output.status.success(), "{words}");
    assert_eq!(lines(&output), expected(&origin.events()).await);
    assert_eq!(words.matches("Trying again in").count(), 5, "{words}");
    assert!(words.contains("is back"), "{words}");
    assert!(!words.contains("secret"), "{words}");
    for seen in origin.log() {
        assert_eq!(seen.header("authorization"), Some("Bearer secret"));
        assert_eq!(seen.header("accept"), Some("text/event-stream"));
    }
}

#[tokio::test]
async fn an_end_without_the_last_event_is_none_if_that_is_known() {
    let faults = || [Fault::EndAfter(buttress_testkit::At::Events(5))];
    let origin = Origin::builder().script(Script::of(faults())).start().await;
    let url = origin.url("/events");
    let (output, words) = tail(&[&url, "--json"]).await;
    assert!(output.status.success() && words.is_empty(), "{words}");
    assert_eq!(lines(&output).len(), 5);

    origin.set_script(faults());
    let (output, words) = tail(&[&url, "--json", "--until", "[DONE]"]).await;
    assert!(output.status.success(), "{words}");
    assert_eq!(lines(&output), expected(&origin.events()).await);
}

#[tokio::test]
async fn for_people_it_prints_data() {
    let events = Events::new(3, 1, 2);
    let origin = Origin::builder().events(events).start().await;
    let (output, words) = tail(&[&origin.url("/events")]).await;
    assert!(output.status.success() && words.is_empty(), "{words}");
    let text = |value: &Value| match (value["event"].as_str(), value["data"].as_str()) {
        (Some("message"), data) => data.unwrap().to_owned(),
        (name, data) => format!("{}: {}", name.unwrap(), data.unwrap()),
    };
    let expected: Vec<_> = expected(&events).await.iter().map(text).collect();
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        expected.join("\n") + "\n"
    );
}

#[tokio::test]
async fn it_says_why_it_gives_up() {
    let dead = Refused::new();
    let (output, words) = tail(&[&dead.url("/events"), "--tries", "2"]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(
        words.contains(&format!("{} does not accept connections", dead.addr())),
        "{words}"
    );
    assert!(words.contains(". Trying again.\n"), "{words}");

    // A stream without ids can't be continued.
    let events = Events::new(1, 1, 9).without_ids();
    let origin = Origin::builder()
        .events(events)
        .script(cut(4, Cut::Rst))
        .start()
        .await;
    let url = origin.url("/events");
    let (output, words) = tail(&[&url, "--json"]).await;
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(lines(&output).len(), 4);
    assert!(
        words.starts_with("sse-tail: ") && words.contains("could not be continued"),
        "{words}"
    );

    let (output, words) = tail(&[&origin.url("/bytes")]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(words.contains("is no event stream"), "{words}");
    origin.set_script(Fault::NoContent);
    let (output, _) = tail(&[&url]).await;
    assert_eq!(output.status.code(), Some(0));
    let (output, _) = tail(&[&url, "-H", "no colon"]).await;
    assert_eq!(output.status.code(), Some(2));
}

#[tokio::test]
async fn long_events_pass_up_to_a_limit_that_is_told() {
    let stream = |bytes: usize| {
        let event = format!("data: {}\n\n", "x".repeat(bytes));
        Canned::new(200)
            .header("content-type", "text/event-stream")
            .body(event)
    };
    let origin = Origin::builder().start().await;
    origin.set_script(Fault::Answer(stream(3_000_000)));
    let (output, words) = tail(&[&origin.url("/events")]).await;
    assert!(output.status.success(), "{words}");
    assert_eq!(output.stdout.len(), 3_000_001);

    origin.set_script(Fault::Answer(stream(17_000_000)));
    let (output, words) = tail(&[&origin.url("/events")]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(
        words.ends_with("sent an event of more than 16777216 bytes\n"),
        "{words}"
    );
}

#[tokio::test]
async fn nobody_has_to_read_what_happens_on_the_way() {
    let origin = Origin::builder().script(cut(3, Cut::Rst)).start().await;
    let mut program = Command::new(env!("CARGO_BIN_EXE_sse-tail"))
        .args([&origin.url("/events"), "--json"])
        .env("NO_PROXY", "*")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(program.stderr.take());
    let output = program.wait_with_output().await.unwrap();
    assert!(output.status.success());
    assert_eq!(lines(&output), expected(&origin.events()).await);
}

#[tokio::test]
async fn a_password_in_the_url_is_sent_and_not_shown() {
    let origin = Origin::builder().script(Fault::status(403)).start().await;
    let url = origin.url("/events").replace("//", "//me:secret@");
    let (_, words) = tail(&[&url]).await;
    let log = origin.log();
    let sent = log.first().unwrap().header("authorization");
    assert_eq!(sent, Some("Basic bWU6c2VjcmV0"));
    assert!(!words.contains("secret"), "{words}");
}
