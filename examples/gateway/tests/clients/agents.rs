//! Agents without a terminal, set up as `gateway setup` says.

use crate::install;
use crate::world::{REPLY, program, world};
use buttress_testkit::{Api, At, Canned, Cut, Fault, Script, Seen};
use gateway::setup::{Client, Setup};
use serde_json::Value;
use std::collections::VecDeque;
use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// How long a run may take. Qwen Code and Claude Code try again for minutes where they are told not to.
const LIMIT: Duration = Duration::from_secs(300);

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
    file: Some(".config/opencode/opencode.json"),
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
            .env("PWD", home.join("work"))
            .env("HOME", &home)
            .env("OPENAI_API_KEY", "sk-test")
            .env("ANTHROPIC_API_KEY", "sk-test")
            // None of them is to call anything else.
            .env("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1")
            .env("OPENCODE_DISABLE_AUTOUPDATE", "1")
            .env("OPENCODE_DISABLE_MODELS_FETCH", "1")
            .env("PI_OFFLINE", "1")
            .stdin(Stdio::null())
            // Files, since what it leaves behind may hold a pipe open.
            .stdout(fs::File::create(home.join("out")).unwrap())
            .stderr(fs::File::create(home.join("err")).unwrap());
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
        let mut child = command.spawn().unwrap();
        let status = tokio::time::timeout(limit, child.wait()).await;
        let took = started.elapsed();
        let text = |name| String::from_utf8_lossy(&fs::read(home.join(name)).unwrap()).into_owned();
        Run {
            code: status.ok().and_then(|status| status.unwrap().code()),
            out: text("out"),
            err: text("err"),
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
            let file = home.join(file);
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

/// Whether a request is for the answer itself: it offers tools, or it is Codex's, which does so in
/// its own way.
fn asks(seen: &Seen) -> bool {
    let body: Value = serde_json::from_slice(&seen.body).unwrap_or_default();
    let offers = body["tools"]
        .as_array()
        .is_some_and(|tools| !tools.is_empty());
    Api::of(&seen.path).is_some() && (offers || seen.header("originator") == Some("codex_exec"))
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

/// Whether every fault is to be tried.
fn every() -> bool {
    std::env::var("CLIENTS_FAULTS").is_ok_and(|which| which == "all")
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
        cut(33),
        cut(36),
    ];
    if every() { [few, more].concat() } else { few }
}

/// What lasts.
fn lasting() -> Vec<(&'static str, Script)> {
    let few = vec![("always reset", script(&[], Fault::CutBeforeHead(Cut::Rst)))];
    let more = vec![
        ("always 503", script(&[], Fault::status(503))),
        ("always cut", script(&[], cut(12))),
        ("always silent", script(&[], Fault::StallAfter(after(12)))),
        (
            "always a page",
            script(&[], Fault::from(Canned::html(200, "Sign in"))),
        ),
    ];
    if every() {
        few.into_iter().chain(more).collect()
    } else {
        few
    }
}

async fn tried(agent: Agent) {
    let name = format!("{} {}", agent.program, agent.args.join(" "));
    let plain = agent.run(script(&[], Fault::None), LIMIT).await;
    println!("{name}: no fault: {:?}", plain.took);
    let about = format!("{name}: {}{}", plain.out, plain.err);
    assert_eq!(plain.code, Some(0), "{about}");
    assert!(plain.out.contains(&REPLY.text()), "{about}");

    for fault in passing() {
        let run = agent
            .run(script(std::slice::from_ref(&fault), Fault::None), LIMIT)
            .await;
        println!("{name}: {fault}, once: {:?}", run.took);
        let about = format!("{name}: {fault}: {}{}", run.out, run.err);
        assert_eq!((run.code, &run.out), (Some(0), &plain.out), "{about}");
        assert!(run.asked() <= plain.asked() + 1, "{about}");
    }

    // Cut in the midst, and from then on the model says something else.
    let run = agent
        .run(script(&[cut(12)], Fault::Version(2)), LIMIT)
        .await;
    println!(
        "{name}: another answer: {:?} {}{}",
        run.took, run.out, run.err
    );
    let said = run.out.clone() + &run.err;
    let other = REPLY.with_version(2).text();
    assert!(
        said.contains(&other) || said.contains("Try again"),
        "{name}: {said}"
    );
    for (one, another) in REPLY.text().split(' ').zip(other.split(' ').skip(1)) {
        let spliced = format!("{one} {another}");
        assert!(!said.contains(&spliced), "{name}: {spliced}: {said}");
    }

    for (about, script) in lasting() {
        let run = agent.run(script, LIMIT).await;
        let said = run.out.clone() + &run.err;
        println!(
            "{name}: {about}: {:?}, asked {}: {said}",
            run.took,
            run.asked()
        );
        assert!(run.code.is_some(), "{name}: {about}: it goes on for ever");
        let said = said.to_lowercase();
        // Claude Code asks for an answer in one piece where streams fail, and gets it.
        let helps = said.contains("try again") || said.contains(&REPLY.text());
        assert!(helps, "{name}: {about}: {said}");
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
