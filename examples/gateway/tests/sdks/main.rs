//! The real OpenAI and Anthropic SDKs for Python behind the gateway, through every fault.
//!
//! They are installed into a scratch environment below the target folder, which takes Python, pip
//! and a network, so this runs only when it is asked for, and says so where they can't be installed:
//!
//! ```text
//! cargo test -p gateway --test sdks -- --ignored --nocapture
//! ```
#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that finds something else stops there"
)]

use buttress_core::replay::ReplayMemory;
use buttress_core::{Backoff, Jitter};
use buttress_resume::ResumeConfig;
use buttress_retry::RetryConfig;
use buttress_testkit::{At, Canned, Cut, Fault, Origin, Reply, Script};
use gateway::proxy::Proxies;
use gateway::{AccessLog, Gateway, Limits, Metrics, Parts, Prefix, Route, server, upstream};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::TcpListener;
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

const REPLY: Reply = Reply::new(7, 1, 30);
const SECOND: Duration = Duration::from_secs(1);

/// A program with the SDKs, which makes one call a line.
struct Sdks {
    _child: Child,
    to: ChildStdin,
    from: Lines<BufReader<ChildStdout>>,
}

impl Sdks {
    /// `None`, and why on standard error, where they can't be installed.
    async fn start() -> Option<Self> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sdks");
        let python = folder.join("bin/python");
        if !folder.join("ready").exists() {
            let scratch = folder.to_str().unwrap();
            let steps = [
                (PathBuf::from("python3"), &["-m", "venv", scratch][..]),
                (
                    python.clone(),
                    &["-m", "pip", "install", "--quiet", "openai", "anthropic"],
                ),
            ];
            for (program, args) in steps {
                let done = Command::new(&program).args(args).status().await;
                if !done.is_ok_and(|status| status.success()) {
                    let program = program.display();
                    eprintln!("NOT RUN, the SDKs can't be installed: {program} {args:?} failed");
                    return None;
                }
            }
            std::fs::write(folder.join("ready"), "").unwrap();
        }
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sdks/calls.py");
        let mut child = Command::new(python)
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .env_remove("HTTP_PROXY")
            .env_remove("http_proxy")
            .env_remove("ALL_PROXY")
            .env_remove("all_proxy")
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        Some(Sdks {
            to: child.stdin.take().unwrap(),
            from: BufReader::new(child.stdout.take().unwrap()).lines(),
            _child: child,
        })
    }

    /// Makes a call: the text that was heard, and the error that was raised.
    async fn call(&mut self, name: &str, base: &str) -> (String, Option<String>) {
        let line = format!("{name} {base}\n");
        self.to.write_all(line.as_bytes()).await.unwrap();
        let line = tokio::time::timeout(60 * SECOND, self.from.next_line()).await;
        let heard: Value = serde_json::from_str(&line.unwrap().unwrap().unwrap()).unwrap();
        let text = heard["text"].as_str().unwrap().to_owned();
        let error = heard["error"].as_str().map(str::to_owned);
        if let (None, Some(last)) = (&error, heard["final"].as_str()) {
            assert_eq!(last, text, "{name}: what the SDK put together");
        }
        (text, error)
    }
}

/// A gateway in front of an origin with this script: where it listens.
async fn gateway(script: impl Into<Script>) -> (Origin, String) {
    let origin = Origin::builder().reply(REPLY).script(script).start().await;
    let backoff = Backoff::exponential(SECOND / 100, SECOND / 10).unwrap();
    let backoff = backoff.jitter(Jitter::None);
    let wait = SECOND;
    let limits = Limits {
        retry: RetryConfig::builder().backoff(backoff).build().unwrap(),
        resume: ResumeConfig::builder().backoff(backoff).build().unwrap(),
        attempt: Limits::waits()
            .head(wait)
            .first_frame(wait)
            .idle(wait)
            .build()
            .unwrap(),
        ..Limits::default()
    };
    let parts = Parts {
        routes: vec![Route {
            prefix: Prefix::default(),
            upstream: origin.url("").parse().unwrap(),
            limits,
        }],
        memory: ReplayMemory::new(Limits::REPLAY),
        log: AccessLog::to(std::io::sink()),
        metrics: Metrics::new(),
    };
    let client = upstream::client(false, SECOND, Proxies::none()).unwrap();
    let gateway = Gateway::new(parts, &client);
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(server::run(
        listener,
        gateway,
        std::future::pending(),
        Duration::ZERO,
    ));
    (origin, base)
}

const STREAMING: [&str; 3] = ["chat", "responses", "messages"];
const ALL: [&str; 5] = [
    "chat",
    "responses",
    "messages",
    "chat_whole",
    "messages_whole",
];

fn cut(events: usize, how: Cut) -> Fault {
    let at = At::Events(events);
    Fault::CutAfter { at, how }
}

#[tokio::test]
#[ignore = "installs the SDKs: see the top of the file"]
async fn the_sdks_hear_the_whole_answer() {
    let Some(mut sdks) = Sdks::start().await else {
        return;
    };
    let empty = Canned::new(200).header("content-type", "text/event-stream");
    for fault in [
        Fault::None,
        Fault::CloseOnAccept(Cut::Rst),
        Fault::CutBeforeHead(Cut::Fin),
        Fault::Garbage,
        Fault::StallBeforeHead,
        Fault::status(503),
        Fault::status(529),
        Fault::from(Canned::new(429).header("retry-after", "0")),
        Fault::from(Canned::html(502, "Bad gateway")),
        Fault::from(empty),
        cut(0, Cut::Rst),
        Fault::cut_after_bytes(100, Cut::Rst),
        Fault::EndAfter(At::Bytes(100)),
    ] {
        for name in ALL {
            let (origin, base) = gateway([fault.clone()]).await;
            let (text, error) = sdks.call(name, &base).await;
            assert_eq!(error, None, "{name}: {fault}");
            assert_eq!(text, REPLY.text(), "{name}: {fault}");
            assert!(origin.log().len() <= 2, "{name}: {fault}");
        }
    }
    for at in [2, 5, 12, 30, 33] {
        for fault in [
            cut(at, Cut::Rst),
            cut(at, Cut::Fin),
            Fault::EndAfter(At::Events(at)),
            Fault::StallAfter(At::Events(at)),
        ] {
            for name in STREAMING {
                let (origin, base) = gateway([fault.clone()]).await;
                let (text, error) = sdks.call(name, &base).await;
                assert_eq!(error, None, "{name}: {fault}");
                assert_eq!(text, REPLY.text(), "{name}: {fault}");
                assert!(origin.log().len() <= 2, "{name}: {fault}");
            }
        }
    }
}

#[tokio::test]
#[ignore = "installs the SDKs: see the top of the file"]
async fn the_sdks_raise_an_error_that_a_person_can_act_on() {
    let Some(mut sdks) = Sdks::start().await else {
        return;
    };
    for name in STREAMING {
        let other = Script::of([cut(12, Cut::Rst)]).then(Fault::Version(2));
        let (_origin, base) = gateway(other).await;
        let (text, error) = sdks.call(name, &base).await;
        assert!(REPLY.text().starts_with(&text), "{name}: {text}");
        let error = error.unwrap_or_else(|| panic!("{name}: no error after {text:?}"));
        println!("{name}, another answer: {error}");
        assert!(error.contains("answer"), "{name}: {error}");
    }
    for name in ALL {
        let (origin, base) = gateway(Script::always(Fault::CloseOnAccept(Cut::Rst))).await;
        let (text, error) = sdks.call(name, &base).await;
        let error = error.unwrap_or_else(|| panic!("{name}: no error after {text:?}"));
        println!("{name}, nothing but resets: {error}");
        assert!(error.contains("connection"), "{name}: {error}");
        assert!(origin.connections() <= 5, "{name}");
    }
}
