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
/// In each round every proxy has its turn, so that what else the machine does meets them all.
const ROUNDS: usize = 5;

/// What is measured of a proxy in one round, or the median of all rounds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Used {
    /// CPU seconds of 100,000 requests.
    pub(crate) cpu: f64,
    /// The middle one of the latencies, in milliseconds.
    pub(crate) p50: f64,
    /// The latency that 99 of 100 stay below, in milliseconds.
    pub(crate) p99: f64,
    /// Resident memory with all streams open, in MiB.
    pub(crate) memory: f64,
}

/// A proxy, and its rounds.
pub(crate) struct Row {
    pub(crate) kind: Kind,
    rounds: Vec<Used>,
}

impl Row {
    /// The median of each figure by itself.
    pub(crate) fn median(&self) -> Used {
        let of = |figure: fn(&Used) -> f64| median(self.rounds.iter().map(figure).collect());
        Used {
            cpu: of(|used| used.cpu),
            p50: of(|used| used.p50),
            p99: of(|used| used.p99),
            memory: of(|used| used.memory),
        }
    }

    /// How many times the CPU seconds of `other`: the median over the rounds, each compared with
    /// its own.
    pub(crate) fn times(&self, other: &Row) -> f64 {
        let pairs = self.rounds.iter().zip(&other.rounds);
        median(pairs.map(|(own, other)| own.cpu / other.cpu).collect())
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

pub(crate) async fn run() -> Result<(), Box<dyn Error>> {
    let rows = measure().await?;
    println!(
        "                 CPU s per 100,000 requests   times plain   p50 ms   p99 ms   MiB with {STREAMS} streams"
    );
    for row in &rows {
        let Used {
            cpu,
            p50,
            p99,
            memory,
        } = row.median();
        let times = rows.first().map_or(f64::NAN, |plain| row.times(plain));
        println!(
            "{:15} {cpu:26.2} {times:13.2} {p50:8.2} {p99:8.2} {memory:10.1}",
            row.kind.name()
        );
    }
    println!("medians of {ROUNDS} rounds; times plain: the median of the rounds' quotients");
    Ok(())
}

/// Every proxy that is there, the plain one first.
pub(crate) async fn measure() -> Result<Vec<Row>, Box<dyn Error>> {
    let mut rows = Vec::new();
    for kind in Kind::ALL {
        match once(kind, REQUESTS / 20).await {
            Ok(_) => rows.push(Row {
                kind,
                rounds: Vec::new(),
            }),
            Err(error) => eprintln!("{} is left out: {error}", kind.name()),
        }
    }
    for round in 0..ROUNDS {
        let count = rows.len().max(1);
        rows.rotate_left(round % count);
        for row in &mut rows {
            row.rounds.push(once(row.kind, REQUESTS).await?);
        }
        rows.rotate_right(round % count);
    }
    Ok(rows)
}

/// Starts one, measures, stops it.
async fn once(kind: Kind, count: usize) -> Result<Used, Box<dyn Error>> {
    let origin = origin::start().await;
    let proxy = Proxy::start(kind, &[], origin.addr).await?;
    let id = proxy.id().ok_or("has stopped by itself")?;
    let before = cpu(id)?;
    let mut times = requests(&proxy, count).await?;
    let cpu = (cpu(id)? - before) * 100_000.0 / times.len() as f64;
    times.sort_unstable();
    let at = |part: usize| {
        let time = times.get(times.len() * part / 100).copied();
        time.unwrap_or_default().as_secs_f64() * 1e3
    };
    let (p50, p99) = (at(50), at(99));
    let memory = streams(&proxy, id).await?;
    proxy.stop().await?;
    Ok(Used {
        cpu,
        p50,
        p99,
        memory,
    })
}

async fn requests(proxy: &Proxy, count: usize) -> Result<Vec<Duration>, Box<dyn Error>> {
    let mut tasks = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let mut caller = Caller::connect(proxy.addr).await?;
        tasks.spawn(async move {
            let mut times = Vec::with_capacity(count / CONNECTIONS);
            for _ in 0..count / CONNECTIONS {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn row(kind: Kind, cpu: [f64; 3]) -> Row {
        let used = |cpu| Used {
            cpu,
            p50: 1.0,
            p99: 2.0,
            memory: cpu * 10.0,
        };
        Row {
            kind,
            rounds: cpu.map(used).into(),
        }
    }

    #[test]
    fn a_round_that_was_disturbed_does_not_count() {
        let plain = row(Kind::Plain, [2.0, 8.0, 2.2]);
        let gateway = row(Kind::Gateway, [3.0, 12.0, 4.4]);
        let median = gateway.median();
        assert_eq!((median.cpu, median.p99, median.memory), (4.4, 2.0, 44.0));
        assert_eq!(gateway.times(&plain), 1.5);
        assert_eq!(plain.times(&plain), 1.0);
    }
}
