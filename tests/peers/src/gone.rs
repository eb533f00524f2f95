//! A network in which connections die without a word, as they do when a machine slept, or went from
//! one network to another: no packet of theirs arrives any more, and nobody is told.

use crate::cases::{Told, cases};
use crate::gateway::{Gateway, curl};
use crate::network::Network;
use crate::programs;
use buttress_testkit::{At, Fault, Origin};
use std::net::SocketAddr;
use std::process::Command;
use std::time::{Duration, Instant};

/// What this program is called with inside of that network.
pub(crate) const INSIDE: &str = "inside-the-network-that-forgets";

/// A connection whose port is in the set is gone.
const RULES: &str = "table inet gone {\n\
    set ports { type inet_service; }\n\
    chain input {\n\
    type filter hook input priority 0;\n\
    tcp sport @ports drop\n\
    tcp dport @ports drop\n\
    }\n\
    }\n";

/// The gateway takes it for gone after a minute.
const NOTICED: std::ops::Range<Duration> = Duration::from_secs(55)..Duration::from_secs(75);

cases! {
    gone_connections_are_noticed
}

/// Runs the cases: whether they held, or why they could not run.
pub(crate) fn run(asked: &str) -> Result<bool, String> {
    if !ALL.iter().any(|(name, _)| name.contains(asked)) {
        return Ok(true);
    }
    programs::find_or_install(&[("curl", "curl"), ("ss", "iproute2")])?;
    programs::build_gateway()?;
    Network::new(RULES)?.run_again("true", INSIDE)
}

/// Three connections at once, because each takes a minute: one that is gone before the answer's
/// head, one within its events, and one that was kept from the call before.
async fn gone_connections_are_noticed() -> Told {
    let paused = Fault::Pause {
        at: At::Events(3),
        lasts: Duration::from_secs(600),
    };
    let noticed = tokio::try_join!(
        gone(vec![Fault::StallBeforeHead], 0),
        gone(vec![paused], 0),
        gone(vec![], 1),
    )?;
    Ok(format!("{noticed:?}"))
}

/// How long it takes a stream to come whole, through a gateway whose connection to a server that
/// behaves like this is gone after so many good calls. Where it has none to wait on, it uses it.
async fn gone(faults: Vec<Fault>, before: usize) -> Result<Duration, String> {
    let origin = Origin::builder().script(faults).start().await;
    let gateway = Gateway::start(&origin.url("")).await?;
    for _ in 0..before {
        ask(&gateway).await?;
    }
    let start = Instant::now();
    let cut = async {
        if before == 0 {
            while origin.in_flight() == 0 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            // So that what comes at once has come.
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        drop_packets_of(origin.addr())
    };
    if before == 0 {
        tokio::try_join!(ask(&gateway), cut)?;
    } else {
        cut.await?;
        ask(&gateway).await?;
    }
    let took = start.elapsed();
    if !NOTICED.contains(&took) {
        return Err(format!("whole after {took:?}"));
    }
    match origin.log().len() - before {
        // Of the request that was sent on a dead connection nothing has arrived.
        1 if before > 0 => Ok(took),
        2 if before == 0 => Ok(took),
        other => Err(format!("{other} requests")),
    }
}

/// A whole stream, or what is wrong with it.
async fn ask(gateway: &Gateway) -> Result<(), String> {
    let url = gateway.url("/v1/chat/completions");
    let question = r#"{"model":"m","stream":true,"messages":[{"role":"user","content":"hi"}]}"#;
    let json = "content-type: application/json";
    let long = ["--no-buffer", "--max-time", "100"];
    let got = curl(&[&long[..], &["--header", json, "--data", question, &*url]].concat()).await?;
    let text = String::from_utf8_lossy(&got);
    match text.trim_end().ends_with("data: [DONE]") {
        true => Ok(()),
        false => Err(format!("no end: {text}")),
    }
}

/// From now on no packet arrives of the connections that somebody has with this server.
fn drop_packets_of(server: SocketAddr) -> Result<(), String> {
    let listed = Command::new("ss")
        .args(["--tcp", "--numeric", "--no-header", "state", "established"])
        .args(["dst", &server.to_string()])
        .output()
        .map_err(|error| error.to_string())?;
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let local = |line: &str| {
        Some(
            line.split_whitespace()
                .nth(2)?
                .rsplit_once(':')?
                .1
                .to_owned(),
        )
    };
    let ports: Vec<_> = listed.lines().filter_map(local).collect();
    if ports.is_empty() {
        return Err(format!("no connection with {server}: {listed}"));
    }
    let ports = ports.join(", ");
    let status = Command::new("nft")
        .args(["add", "element", "inet", "gone", "ports", "{", &*ports, "}"])
        .status();
    match status.map_err(|error| error.to_string())? {
        status if status.success() => Ok(()),
        status => Err(format!("nft: {status}")),
    }
}
