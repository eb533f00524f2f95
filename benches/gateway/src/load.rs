//! CPU seconds, latency and memory, as the kernel and the clock tell them: compare only within one
//! run.

use crate::calls::Caller;
use crate::origin;
use crate::proxy::{Kind, Proxy};
use std::error::Error;
use std::fs;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

const REQUESTS: usize = 50_000;
const CONNECTIONS: usize = 32;
const STREAMS: usize = 1_000;

pub(crate) async fn run() -> Result<(), Box<dyn Error>> {
    println!(
        "                 CPU s per 100,000 requests   p50 ms   p99 ms   MiB with {STREAMS} streams"
    );
    // Twice, so that what else the machine does shows.
    for kind in [
        Kind::Plain,
        Kind::Gateway,
        Kind::Nginx,
        Kind::Plain,
        Kind::Gateway,
        Kind::Nginx,
    ] {
        let origin = origin::start().await;
        let proxy = match Proxy::start(kind, &[], origin.addr).await {
            Ok(proxy) => proxy,
            Err(error) => {
                println!("{:15} {error}", kind.name());
                continue;
            }
        };
        let id = proxy.id().ok_or("has stopped by itself")?;
        let before = cpu(id)?;
        let mut times = requests(&proxy).await?;
        let used = cpu(id)? - before;
        times.sort_unstable();
        let at = |part: usize| {
            let time = times
                .get(times.len() * part / 100)
                .copied()
                .unwrap_or_default();
            time.as_secs_f64() * 1e3
        };
        let per = used * 100_000.0 / REQUESTS as f64;
        let (p50, p99) = (at(50), at(99));
        let memory = streams(&proxy, id).await?;
        println!(
            "{:15} {per:26.2} {p50:8.2} {p99:8.2} {memory:10.1}",
            kind.name()
        );
        proxy.stop().await?;
    }
    Ok(())
}

async fn requests(proxy: &Proxy) -> Result<Vec<Duration>, Box<dyn Error>> {
    let mut tasks = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let mut caller = Caller::connect(proxy.addr).await?;
        tasks.spawn(async move {
            let mut times = Vec::with_capacity(REQUESTS / CONNECTIONS);
            for _ in 0..REQUESTS / CONNECTIONS {
                let began = Instant::now();
                caller.call().await.map_err(|error| error.to_string())?;
                times.push(began.elapsed());
            }
            Ok::<_, String>(times)
        });
    }
    let mut all = Vec::new();
    while let Some(times) = tasks.join_next().await {
        all.extend(times??);
    }
    Ok(all)
}

/// Memory while so many streams have begun and wait, in MiB.
async fn streams(proxy: &Proxy, id: u32) -> Result<f64, Box<dyn Error>> {
    let mut callers = Vec::new();
    let mut bodies = Vec::new();
    for _ in 0..STREAMS {
        let mut caller = Caller::connect(proxy.addr).await?;
        bodies.push(caller.begin().await?);
        callers.push(caller);
    }
    resident(id)
}

/// CPU seconds of a process and its children so far.
fn cpu(id: u32) -> Result<f64, Box<dyn Error>> {
    let mut ticks = 0;
    for id in family(id)? {
        let stat = fs::read_to_string(format!("/proc/{id}/stat"))?;
        let (_, rest) = stat.rsplit_once(") ").ok_or("an odd stat")?;
        // utime and stime are the 14th and 15th field, of which 2 came before.
        let fields = rest.split(' ').skip(11).take(2);
        ticks += fields
            .filter_map(|field| field.parse::<u64>().ok())
            .sum::<u64>();
    }
    // USER_HZ is 100 on every Linux that is in use.
    Ok(ticks as f64 / 100.0)
}

/// Resident memory of a process and its children in MiB.
fn resident(id: u32) -> Result<f64, Box<dyn Error>> {
    let mut kib = 0.0;
    for id in family(id)? {
        let status = fs::read_to_string(format!("/proc/{id}/status"))?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        let number = line.and_then(|line| line.split_whitespace().nth(1));
        kib += number
            .and_then(|number| number.parse::<f64>().ok())
            .unwrap_or(0.0);
    }
    Ok(kib / 1024.0)
}

fn family(id: u32) -> Result<Vec<u32>, Box<dyn Error>> {
    let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children"))?;
    let children = children.split_whitespace().filter_map(|id| id.parse().ok());
    Ok(std::iter::once(id).chain(children).collect())
}
