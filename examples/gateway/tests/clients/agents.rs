//! Agents without a terminal, set up as `gateway setup` says.

use crate::install;
use crate::world::{REPLY, SECOND, program, world};
use buttress_testkit::{Api, At, Canned, Cut, Fault, Script, Seen};
use gateway::setup::{Client, Setup};
use serde_json::Value;
use std::collections::VecDeque;
use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// An agent, and how it is run.
struct Agent {
    package: &'static str,
    program: &'static str,
    args: &'static [&'static str],
    client: Client,
    /// Where its settings go below its home; those of the others are variables.
    file: Option<&'static str>,
}

const CLAUDE_CODE: Agent = Agent {
    package: "@anthropic-ai/claude-code",
    program: "claude",
    args: &["-p", "--model", "claude-sonnet-4-5"],
    client: Client::ClaudeCode,
    file: None,
};
const CODEX: Agent = Agent {
    package: "@openai/codex",
    program: "codex",
    args: &["exec", "--skip-git-repo-check"],
    client: Client::Codex,
    file: Some(".codex/config.toml"),
};
const OPENCODE: Agent = Agent {
    package: "opencode-ai",
    program: "opencode",
    args: &["run", "-m", "anthropic/claude-sonnet-4-6"],
    client: Client::Opencode,
    file: Some("opencode.json"),
};
const OPENCODE_OPENAI: Agent = Agent {
    args: &["run", "-m", "openai/gpt-5.1"],
    ..OPENCODE
};
const PI: Agent = Agent {
    package: "@mariozechner/pi-coding-agent",
    program: "pi",
    args: &["-p", "--model", "anthropic/claude-sonnet-4-5"],
    client: Client::Pi,
    file: Some(".pi/agent/models.json"),
};
const PI_OPENAI: Agent = Agent {
    args: &["-p", "--model", "openai/gpt-5.1"],
    ..PI
};
const QWEN_CODE: Agent = Agent {
    package: "@qwen-code/qwen-code",
    program: "qwen",
    args: &["--auth-type", "openai", "-p"],
    client: Client::QwenCode,
    file: None,
};

/// What became of a run.
struct Run {
    /// `None` when it had to be ended.
    code: Option<i32>,
    out: String,
    err: String,
    took: Duration,
    seen: Vec<Seen>,
}

impl Run {
    /// Requests that ask for the answer, and not for a title or the like.
    fn asked(&self) -> usize {
        self.seen.iter().filter(|seen| asks(seen)).count()
    }
}

impl Agent {
    /// A home of its own, with its settings in it.
    async fn home(&self) -> (PathBuf, PathBuf) {
        let folder = install::node(&format!("clients-{}", self.program), &[self.package]).await;
        let home = folder
            .join("home")
            .join(self.args.join("-").replace('/', "-"));
        let _ = fs::remove_dir_all(&home);
        fs::create_dir_all(home.join("work")).unwrap();
        (folder.join("node_modules/.bin").join(self.program), home)
    }

    /// One question through a gateway in front of an origin with this script.
    async fn run(&self, script: Script, limit: Duration) -> Run {
        let (bin, home) = self.home().await;
        let (origin, gateway) = world(script).await;
        let mut command = program(bin);
        command
            .args(self.args)
            .arg("Say hello")
            .current_dir(home.join("work"))
            .env("HOME", &home)
            .env("OPENAI_API_KEY", "sk-test")
            .env("ANTHROPIC_API_KEY", "sk-test")
            // None of them is to call anything else.
            .env("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1")
            .env("OPENCODE_DISABLE_AUTOUPDATE", "1")
            .env("OPENCODE_DISABLE_MODELS_FETCH", "1")
            .env("PI_OFFLINE", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for name in [
            "XDG_CONFIG_HOME",
            "XDG_DATA_HOME",
            "XDG_CACHE_HOME",
            "XDG_STATE_HOME",
        ] {
            command.env_remove(name);
        }
        self.set_up(&mut command, &home, gateway);
        let started = Instant::now();
        let child = command.spawn().unwrap();
        let output = tokio::time::timeout(limit, child.wait_with_output()).await;
        let took = started.elapsed();
        let output = output.ok().map(Result::unwrap);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Run {
            code: output.as_ref().and_then(|output| output.status.code()),
            out: output
                .as_ref()
                .map_or_else(String::new, |output| text(&output.stdout)),
            err: output
                .as_ref()
                .map_or_else(String::new, |output| text(&output.stderr)),
            took,
            seen: origin.log(),
        }
    }

    /// Does what `gateway setup` says.
    fn set_up(
        &self,
        command: &mut tokio::process::Command,
        home: &std::path::Path,
        gateway: SocketAddr,
    ) {
        let client = self.client;
        let text = Setup { client, gateway }.to_string();
        let (_, text) = text.split_once("\n\n").unwrap();
        if let Some(file) = self.file {
            // In the project's folder, where it is no dot file.
            let folder = if file.starts_with('.') {
                home.to_path_buf()
            } else {
                home.join("work")
            };
            let file = folder.join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
            return;
        }
        for line in text.lines() {
            if let Some((name, value)) = line
                .strip_prefix("export ")
                .and_then(|line| line.split_once('='))
            {
                command.env(name, value);
            }
        }
    }
}

/// Whether a request is for the answer itself: it offers tools.
fn asks(seen: &Seen) -> bool {
    let body: Value = serde_json::from_slice(&seen.body).unwrap_or_default();
    Api::of(&seen.path).is_some()
        && body["tools"]
            .as_array()
            .is_some_and(|tools| !tools.is_empty())
}

/// These faults for the requests for the answer, one each, and then the last one for ever.
fn script(faults: &[Fault], then: Fault) -> Script {
    let mut faults = VecDeque::from(faults.to_vec());
    Script::by(move |seen| {
        if asks(seen) {
            faults.pop_front().unwrap_or_else(|| then.clone())
        } else {
            Fault::None
        }
    })
}

fn after(events: usize) -> At {
    At::Events(events)
}

fn cut(events: usize) -> Fault {
    let (at, how) = (after(events), Cut::Rst);
    Fault::CutAfter { at, how }
}

/// One fault each, which nobody is to notice: a few, or with `CLIENTS_FAULTS=all` of every sort.
fn passing() -> Vec<Fault> {
    let few = vec![Fault::status(503), cut(12)];
    let empty = Canned::new(200).header("content-type", "text/event-stream");
    let more = vec![
        Fault::CutBeforeHead(Cut::Rst),
        Fault::CutBeforeHead(Cut::Fin),
        Fault::StallBeforeHead,
        Fault::status(529),
        Fault::retry_after(429, 0),
        Fault::from(Canned::html(502, "Bad gateway")),
        Fault::from(Canned::html(200, "Something is wrong")),
        Fault::from(empty),
        Fault::ErrorAfter(after(1)),
        Fault::EndAfter(after(2)),
        Fault::EndAfter(after(12)),
        Fault::ErrorAfter(after(12)),
        Fault::StallAfter(after(12)),
        // In the midst of a tool's arguments.
        cut(37),
    ];
    if std::env::var("CLIENTS_FAULTS").is_ok_and(|which| which == "all") {
        [few, more].concat()
    } else {
        few
    }
}

/// What lasts, or can't be mended.
fn lasting() -> Vec<(&'static str, Script)> {
    let mut cases = vec![
        ("always reset", script(&[], Fault::CutBeforeHead(Cut::Rst))),
        ("another answer", script(&[cut(12)], Fault::Version(2))),
    ];
    if std::env::var("CLIENTS_FAULTS").is_ok_and(|which| which == "all") {
        cases.extend([
            ("always 503", script(&[], Fault::status(503))),
            ("always cut", script(&[], cut(12))),
            ("always silent", script(&[], Fault::StallAfter(after(12)))),
            (
                "always a page",
                script(&[], Fault::from(Canned::html(200, "Sign in"))),
            ),
        ]);
    }
    cases
}

async fn tried(agent: Agent) {
    let name = agent.args.join(" ");
    let name = format!("{} {name}", agent.program);
    let plain = agent.run(script(&[], Fault::None), 60 * SECOND).await;
    println!(
        "{name}: no fault: {:?} after {:?}: {}",
        plain.code, plain.took, plain.out
    );
    assert!(
        plain.out.contains(&REPLY.text()),
        "{name}: {} {}",
        plain.out,
        plain.err
    );
    for fault in passing() {
        let run = agent
            .run(script(&[fault.clone()], Fault::None), 60 * SECOND)
            .await;
        println!(
            "{name}: {fault}: {:?} after {:?}, asked {} instead of {}",
            run.code,
            run.took,
            run.asked(),
            plain.asked()
        );
        if run.out != plain.out || run.asked() != plain.asked() + 1 {
            println!("DIFFERENT {name} {fault}: {}\n{}", run.out, run.err);
        }
    }
    for (about, script) in lasting() {
        let run = agent.run(script, 200 * SECOND).await;
        println!(
            "LASTING {name}: {about}: {:?} after {:?}, asked {}\nOUT {}\nERR {}",
            run.code,
            run.took,
            run.asked(),
            run.out,
            run.err
        );
    }
}

macro_rules! agents {
    ($($test:ident: $agent:expr;)*) => {$(
        #[tokio::test]
        #[ignore = "installs clients: see main.rs"]
        async fn $test() {
            tried($agent).await;
        }
    )*};
}

agents! {
    claude_code: CLAUDE_CODE;
    codex: CODEX;
    opencode: OPENCODE;
    opencode_openai: OPENCODE_OPENAI;
    pi: PI;
    pi_openai: PI_OPENAI;
    qwen_code: QWEN_CODE;
}
