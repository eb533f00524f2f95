//! Instructions and system calls, counted.

use crate::calls::Caller;
use crate::origin::{self, Origin};
use crate::proxy::{Kind, Proxy};
use std::error::Error;

/// So many, and three times as many.
const CALLS: usize = 300;
const EVENTS: usize = 300;

#[derive(Clone, Copy)]
enum What {
    Calls,
    Events,
}

/// What one more request and one more event cost.
#[derive(Clone, Copy)]
pub(crate) struct Cost {
    pub(crate) request: f64,
    pub(crate) event: f64,
}

/// A proxy, and what it costs.
pub(crate) struct Row {
    pub(crate) kind: Kind,
    pub(crate) instructions: Cost,
    pub(crate) system_calls: Cost,
}

pub(crate) async fn run() -> Result<(), Box<dyn Error>> {
    println!("                 instructions             system calls");
    println!("                 a request     an event   a request   an event");
    let rows = measure().await?;
    for row in &rows {
        let (instructions, calls) = (row.instructions, row.system_calls);
        println!(
            "{:15} {:10.0} {:12.0} {:11.2} {:10.2}",
            row.kind.name(),
            instructions.request,
            instructions.event,
            calls.request,
            calls.event
        );
    }
    if let [plain, gateway] = &*rows {
        println!(
            "{:15} {:9.2}x {:11.2}x",
            "",
            gateway.instructions.request / plain.instructions.request,
            gateway.instructions.event / plain.instructions.event
        );
    }
    Ok(())
}

/// The plain proxy, and the gateway.
pub(crate) async fn measure() -> Result<Vec<Row>, Box<dyn Error>> {
    let origin = origin::start().await;
    let mut rows = Vec::new();
    for kind in [Kind::Plain, Kind::Gateway] {
        let mut costs = Vec::new();
        for counter in [&INSTRUCTIONS, &SYSTEM_CALLS] {
            costs.push(Cost {
                request: more(kind, What::Calls, &origin, counter).await?,
                event: more(kind, What::Events, &origin, counter).await?,
            });
        }
        if let [instructions, system_calls] = *costs {
            rows.push(Row {
                kind,
                instructions,
                system_calls,
            });
        }
    }
    Ok(rows)
}

/// A way to count: the program that does, and how to read what it says at the end.
struct Counter {
    under: &'static [&'static str],
    read: fn(&str) -> Option<f64>,
}

const INSTRUCTIONS: Counter = Counter {
    under: &[
        "valgrind",
        "--tool=callgrind",
        "--callgrind-out-file=/dev/null",
    ],
    read: |text| {
        let line = text.lines().find(|line| line.contains("Collected : "))?;
        line.rsplit(' ').next()?.parse().ok()
    },
};

const SYSTEM_CALLS: Counter = Counter {
    under: &["strace", "-f", "-c", "-q"],
    // % time, seconds, usecs/call, calls, errors, "total".
    read: |text| {
        let line = text.lines().find(|line| line.ends_with(" total"))?;
        line.split_whitespace().nth(3)?.parse().ok()
    },
};

/// What one more call or event costs.
async fn more(
    kind: Kind,
    what: What,
    origin: &Origin,
    counter: &Counter,
) -> Result<f64, Box<dyn Error>> {
    let few = total(kind, what, 1, origin, counter).await?;
    let many = total(kind, what, 3, origin, counter).await?;
    let units = match what {
        What::Calls => CALLS,
        What::Events => EVENTS,
    };
    Ok((many - few) / (2 * units) as f64)
}

async fn total(
    kind: Kind,
    what: What,
    times: usize,
    origin: &Origin,
    counter: &Counter,
) -> Result<f64, Box<dyn Error>> {
    let proxy = Proxy::start(kind, counter.under, origin.addr).await?;
    let mut caller = Caller::connect(proxy.addr).await?;
    match what {
        What::Calls => {
            for _ in 0..CALLS * times {
                caller.call().await?;
            }
        }
        What::Events => caller.stream(origin, EVENTS * times).await?,
    }
    drop(caller);
    let text = proxy.stop().await?;
    (counter.read)(&text).ok_or_else(|| {
        let program = counter.under.join(" ");
        format!("{program} said nothing of use: {text}").into()
    })
}
