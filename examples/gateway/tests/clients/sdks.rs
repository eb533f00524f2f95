//! The SDKs of OpenAI, Anthropic and Google for Python and JavaScript, Vercel's AI SDK, undici and curl.

use crate::install;
use crate::world::{REPLY, SECOND, program, world};
use buttress_testkit::{Api, At, Canned, Cut, Fault, Origin, Script};
use gateway::Limits;
use serde_json::Value;
use std::path::Path;
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout};

/// What runs on Node.js 20; of Python too those that were tried.
const PYTHON: &[&str] = &["openai==3.54.0", "anthropic==2.12.0", "google-genai==3.4.0"];
const NODE: &[&str] = &[
    "openai@6.49.0",
    "@anthropic-ai/sdk@1.12.0",
    "@google/genai@2.32.0",
    "ai@6.0.326",
    "@ai-sdk/openai@3.0.141",
    "@ai-sdk/openai-compatible@2.0.91",
    "@ai-sdk/anthropic@3.0.139",
    "undici@7.30.2",
];

/// The calls that a program knows.
struct Calls {
    streaming: &'static [&'static str],
    whole: &'static [&'static str],
    /// Those whose clients try again by themselves, unless told not to.
    again: &'static [&'static str],
}

const PYTHON_CALLS: Calls = Calls {
    streaming: &["chat", "responses", "messages", "interactions"],
    whole: &["chat_whole", "messages_whole", "interactions_whole"],
    // Google's does not look at `x-should-retry`.
    again: &[
        "chat",
        "responses",
        "messages",
        "chat_whole",
        "messages_whole",
    ],
};
const NODE_CALLS: Calls = Calls {
    streaming: &[
        "chat",
        "responses",
        "messages",
        "interactions",
        "vercel_chat",
        "vercel_responses",
        "vercel_messages",
        "undici",
    ],
    whole: &[
        "chat_whole",
        "messages_whole",
        "interactions_whole",
        "vercel_whole",
    ],
    // Vercel's and Google's do not look at `x-should-retry`.
    again: &[
        "chat",
        "responses",
        "messages",
        "chat_whole",
        "messages_whole",
    ],
};

/// A program with the SDKs, which makes one call a line.
struct Sdks {
    _child: Child,
    to: ChildStdin,
    from: Lines<BufReader<ChildStdout>>,
    calls: Calls,
}

/// What a program heard.
struct Heard {
    text: String,
    error: Option<String>,
}

impl Sdks {
    async fn python() -> Self {
        let python = install::python(PYTHON).await;
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/calls.py");
        Sdks::start(&python, &script, PYTHON_CALLS)
    }

    async fn node() -> Self {
        let folder = install::node("clients-node", NODE).await;
        // A module finds others from where it is itself.
        let script = folder.join("calls.mjs");
        std::fs::write(&script, include_str!("calls.mjs")).unwrap();
        Sdks::start(Path::new("node"), &script, NODE_CALLS)
    }

    fn start(interpreter: &Path, script: &Path, calls: Calls) -> Self {
        let mut child = program(interpreter)
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Sdks {
            to: child.stdin.take().unwrap(),
            from: BufReader::new(child.stdout.take().unwrap()).lines(),
            _child: child,
            calls,
        }
    }

    /// Makes a call with these words behind its name.
    async fn call(&mut self, name: &str, words: &str) -> Heard {
        let line = format!("{name} {words}\n");
        self.to.write_all(line.as_bytes()).await.unwrap();
        let line = tokio::time::timeout(60 * SECOND, self.from.next_line()).await;
        let line = line.unwrap_or_else(|_| panic!("{name}: it hangs"));
        let heard: Value = serde_json::from_str(&line.unwrap().unwrap()).unwrap();
        let text = heard["text"].as_str().unwrap().to_owned();
        let error = heard["error"].as_str().map(str::to_owned);
        if let (None, Some(last)) = (&error, heard["final"].as_str()) {
            assert_eq!(last, text, "{name}: what the SDK put together");
        }
        Heard { text, error }
    }

    /// Makes a call to an upstream that always fails so: the upstream, and what came before the
    /// error, which says enough.
    async fn fail(&mut self, name: &str, fault: &Fault, words: &str) -> (Origin, String) {
        let (origin, gateway) = world(Script::always(fault.clone())).await;
        let heard = self.call(name, &format!("http://{gateway}{words}")).await;
        let error = heard.error.unwrap_or_else(|| panic!("{name}: no error"));
        println!("{name}, always {fault}: {error}");
        assert!(says_enough(&error), "{name}: {error}");
        (origin, heard.text)
    }

    /// Every call gets the whole answer, once, and the upstream is asked twice at most.
    async fn hear_the_whole_answer(mut self) {
        let all = [self.calls.streaming, self.calls.whole].concat();
        for (names, faults) in [
            (&all[..], before_output()),
            (self.calls.streaming, after_output()),
        ] {
            for fault in faults {
                for name in names {
                    let (origin, gateway) = world([fault.clone()]).await;
                    let heard = self.call(name, &format!("http://{gateway}")).await;
                    assert_eq!(heard.error, None, "{name}: {fault}");
                    assert_eq!(heard.text, REPLY.text(), "{name}: {fault}");
                    assert!(origin.log().len() <= 2, "{name}: {fault}");
                }
            }
        }
    }

    /// What can't be mended is raised, in words of the gateway.
    async fn raise_an_error_that_a_person_can_act_on(mut self) {
        for name in self.calls.streaming {
            for fault in [cut(12, Cut::Rst), Fault::ErrorAfter(At::Events(12))] {
                let script = Script::of([fault.clone()]).then(Fault::Version(2));
                let (_origin, gateway) = world(script).await;
                let heard = self.call(name, &format!("http://{gateway}")).await;
                assert!(
                    REPLY.text().starts_with(&heard.text),
                    "{name}: {}",
                    heard.text
                );
                let error = heard.error.unwrap_or_else(|| panic!("{name}: no error"));
                println!("{name}, {fault}, then another answer: {error}");
                assert!(error.contains("Try again"), "{name}: {error}");
            }
        }
        let tries = Limits::default().retry.attempts() as usize;
        for fault in [
            Fault::CloseOnAccept(Cut::Rst),
            Fault::StallBeforeHead,
            Fault::from(Canned::html(200, "Sign in")),
            Fault::status(503),
        ] {
            for name in self.calls.again {
                if !is_for(&fault, name) {
                    continue;
                }
                let (origin, text) = self.fail(name, &fault, " again").await;
                assert_eq!(text, "", "{name}: {fault}");
                let sent = origin.connections();
                assert!(sent <= tries, "{name}: {fault}: {sent}");
            }
        }
        for fault in [cut(12, Cut::Rst), Fault::StallAfter(At::Events(12))] {
            for name in self.calls.streaming {
                if !is_for(&fault, name) {
                    continue;
                }
                let (origin, text) = self.fail(name, &fault, "").await;
                assert!(REPLY.text().starts_with(&text), "{name}: {text}");
                let asked = origin.log().len();
                assert!(asked <= 7, "{name}: {fault}: {asked}");
            }
        }
    }
}

/// Silence takes its time: a call of each API is enough.
fn is_for(fault: &Fault, name: &str) -> bool {
    let is_slow = matches!(fault, Fault::StallBeforeHead | Fault::StallAfter(_));
    !is_slow || ["chat", "responses", "messages"].contains(&name)
}

/// Whether an error says what to do, or is the upstream's own.
fn says_enough(error: &str) -> bool {
    error.contains("try again") || error.contains("Try again") || error.contains("503")
}

fn cut(events: usize, how: Cut) -> Fault {
    let at = At::Events(events);
    Fault::CutAfter { at, how }
}

fn before_output() -> Vec<Fault> {
    let empty = Canned::new(200).header("content-type", "text/event-stream");
    let half = Canned::new(200)
        .header("content-type", "application/json")
        .body(r#"{"id":"x","choi"#);
    vec![
        Fault::None,
        Fault::CloseOnAccept(Cut::Rst),
        Fault::CutBeforeHead(Cut::Fin),
        Fault::Garbage,
        Fault::StallBeforeHead,
        Fault::status(500),
        Fault::status(503),
        Fault::status(529),
        Fault::retry_after(429, 0),
        Fault::from(Canned::html(502, "Bad gateway")),
        Fault::from(Canned::html(200, "Sign in")),
        Fault::from(empty),
        Fault::from(half),
        cut(0, Cut::Rst),
        Fault::cut_after_bytes(100, Cut::Rst),
        Fault::EndAfter(At::Bytes(100)),
    ]
}

fn after_output() -> Vec<Fault> {
    let mut faults = vec![
        Fault::ErrorAfter(At::Events(1)),
        Fault::StallAfter(At::Events(5)),
        Fault::StallAfter(At::Events(30)),
    ];
    for at in [2, 5, 12, 30, 33] {
        faults.extend([
            cut(at, Cut::Rst),
            cut(at, Cut::Fin),
            Fault::EndAfter(At::Events(at)),
            Fault::ErrorAfter(At::Events(at)),
        ]);
    }
    faults
}

#[tokio::test]
#[ignore = "installs clients: see main.rs"]
async fn python_hears_the_whole_answer() {
    Sdks::python().await.hear_the_whole_answer().await;
}

#[tokio::test]
#[ignore = "installs clients: see main.rs"]
async fn node_hears_the_whole_answer() {
    Sdks::node().await.hear_the_whole_answer().await;
}

#[tokio::test]
#[ignore = "installs clients: see main.rs"]
async fn python_raises_an_error_that_a_person_can_act_on() {
    Sdks::python()
        .await
        .raise_an_error_that_a_person_can_act_on()
        .await;
}

#[tokio::test]
#[ignore = "installs clients: see main.rs"]
async fn node_raises_an_error_that_a_person_can_act_on() {
    Sdks::node()
        .await
        .raise_an_error_that_a_person_can_act_on()
        .await;
}

/// What curl printed of a streaming call, and its exit code.
async fn curl(api: Api, gateway: std::net::SocketAddr) -> (String, i32) {
    let output = program("curl")
        .args([
            "-sS",
            "-N",
            "--max-time",
            "60",
            "-H",
            "content-type: application/json",
            "-d",
        ])
        .arg(std::str::from_utf8(&api.request()).unwrap())
        .arg(format!("http://{gateway}{}", api.path()))
        .output()
        .await
        .unwrap_or_else(|error| panic!("curl can't be tried, and must be installed: {error}"));
    let text = String::from_utf8(output.stdout).unwrap();
    (text, output.status.code().unwrap_or(-1))
}

#[tokio::test]
#[ignore = "needs curl: see main.rs"]
async fn curl_prints_every_event_once() {
    for api in Api::ALL {
        for fault in [before_output(), after_output()].concat() {
            let (origin, gateway) = world([fault.clone()]).await;
            let (text, code) = curl(api, gateway).await;
            let about = format!("{api:?}: {fault}: {text}");
            assert_eq!(code, 0, "{about}");
            let mut from = 0;
            for word in REPLY.text().split_inclusive(' ') {
                // Each word stands in an event of its own, or in one of several words.
                let at = text[from..].find(word.trim_end());
                from += at.unwrap_or_else(|| panic!("{about}: no {word}")) + word.trim_end().len();
            }
            let end = String::from_utf8(REPLY.events(api, 1, false).pop().unwrap().into()).unwrap();
            let kind = end.lines().next().unwrap();
            let last = text.trim_end().rsplit("\n\n").next().unwrap();
            if !matches!(api, Api::Gemini) {
                assert_eq!(last.lines().next().unwrap(), kind, "{about}");
            }
            assert!(!text.contains("overloaded"), "{about}");
            assert!(origin.log().len() <= 2, "{about}");
        }
    }
}

#[tokio::test]
#[ignore = "needs curl: see main.rs"]
async fn curl_fails_where_the_answer_is_not_whole() {
    for api in Api::ALL {
        let script = Script::of([cut(12, Cut::Rst)]).then(Fault::Version(2));
        let (_origin, gateway) = world(script).await;
        let (text, code) = curl(api, gateway).await;
        // 18: the transfer ended before it was complete.
        assert_eq!(code, 18, "{api:?}: {text}");
        assert!(text.contains("Try again"), "{api:?}: {text}");
    }
}
