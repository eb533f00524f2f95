//! A network that loses every fifth packet and resets connections. With netem, where the kernel has
//! it, packets are late as well.

use crate::call::{get_by, judge};
use crate::cases::{Told, cases};
use crate::network::Network;
use buttress::prelude::*;
use buttress_testkit::{Content, Events, Origin, Original, Rules};
use buttress_tests::schedule::{Http, Stack, socket_client};
use http_body_util::BodyExt;
use std::process::Command;
use std::time::Duration;
use tower::util::BoxCloneService;
use tower::{Layer, ServiceExt};

/// What this program is called with inside of that network.
pub(crate) const INSIDE: &str = "inside-the-lossy-network";

/// One packet of five is lost, and one of fifty answered with a reset, in both directions.
const RULES: &str = "table inet loss {\n\
    chain input {\n\
    type filter hook input priority 0;\n\
    meta l4proto tcp numgen random mod 1000 < 200 counter drop\n\
    tcp flags & (syn|rst) == 0 numgen random mod 1000 < 20 counter reject with tcp reset\n\
    }\n\
    }\n";

cases! {
    lossy_download
    lossy_events
    lossy_it_was
}

/// Runs the cases: whether they held, or why they could not run.
pub(crate) fn run(asked: &str) -> Result<bool, String> {
    if !ALL.iter().any(|(name, _)| name.contains(asked)) {
        return Ok(true);
    }
    let network = Network::new(RULES)?;
    let late = "tc qdisc add dev lo root netem delay 10ms 5ms";
    let late = if network.can(late) {
        late
    } else {
        println!("this kernel has no netem: packets are lost, but none is late");
        "true"
    };
    network.run_again(late, INSIDE)
}

/// The recommended order, with limits that fit a network on which nothing is far away: who waits
/// longer than that waits for a connection that is gone on the other side.
fn stack() -> Stack {
    const SECOND: Duration = Duration::from_secs(1);
    let backoff = Backoff::constant(SECOND / 100);
    let attempt = TimeoutConfig::builder().head(5 * SECOND).idle(5 * SECOND);
    let retry = RetryConfig::builder().attempts(10).backoff(backoff);
    let resume = ResumeConfig::builder().tries(30).backoff(backoff);
    let service = TimeoutLayer::new(attempt.build().unwrap()).layer(socket_client(Http::One));
    let service = RetryLayer::new(retry.build().unwrap()).layer(service);
    let service = ResumeLayer::new(resume.build().unwrap()).layer(service);
    let service = HumanizeLayer::new().layer(service);
    BoxCloneService::new(service.map_response(|response| response.map(BodyExt::boxed_unsync)))
}

async fn lossy_download() -> Told {
    const LEN: u64 = 150_000;
    let content = Content::new(11, 1, LEN);
    let origin = Origin::builder().content(content).start().await;
    let answer = get_by(stack(), &origin.url("/bytes"), &[]).await?;
    let rules = Rules::of(Original::content(content)).must_succeed();
    judge(answer, &rules)?;
    let requests = origin.log().len();
    Ok(format!("{LEN} bytes whole after {requests} requests"))
}

async fn lossy_events() -> Told {
    let events = Events::new(12, 1, 500);
    let origin = Origin::builder().events(events).piece(2_000).start().await;
    let answer = get_by(stack(), &origin.url("/events"), &[]).await?;
    let rules = Rules::of(Original::events(&events))
        .whole_events()
        .must_succeed();
    judge(answer, &rules)?;
    let requests = origin.log().len();
    Ok(format!("500 events whole after {requests} requests"))
}

/// The network did what it is there for.
async fn lossy_it_was() -> Told {
    let listed = Command::new("nft").args(["list", "ruleset"]).output();
    let listed = listed.map_err(|error| error.to_string())?.stdout;
    let listed = String::from_utf8_lossy(&listed).into_owned();
    let counters = listed.split("counter packets ").skip(1);
    let counts = counters.map(|rest| rest.split(' ').next()?.parse().ok());
    match counts.collect::<Option<Vec<u64>>>().as_deref() {
        Some(&[lost, reset]) if lost > 0 => Ok(format!("{lost} packets lost, {reset} reset")),
        _ => Err(listed),
    }
}
