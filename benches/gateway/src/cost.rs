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
struct Cost {
    request: f64,
    event: f64,
}

pub(crate) async fn run() -> Result<(), Box<dyn Error>> {
    let origin = origin::start().await;
    println!("                 instructions             system calls");
    println!("                 a request     an event   a request   an event");
    let mut plain = None;
    for kind in [Kind::Plain, Kind::Gateway] {
        let instructions = Cost {
            request: more(kind, What::Calls, &origin, &INSTRUCTIONS).await?,
            event: more(kind, What::Events, &origin, &INSTRUCTIONS).await?,
        };
        let calls = Cost {
            request: more(kind, What::Calls, &origin, &SYSTEM_CALLS).await?,
            event: more(kind, What::Events, &origin, &SYSTEM_CALLS).await?,
        };
        println!(
            "{:15} {:10.0} {:12.0} {:11.2} {:10.2}",
            kind.name(),
            instructions.request,
            instructions.event,
            calls.request,
            calls.event
        );
        if let Some(Cost { request, event }) = plain {
            println!(
                "{:15} {:9.2}x {:11.2}x",
                "",
                instructions.request / request,
                instructions.event / event
            );
        }
        plain = Some(instructions);
    }
    Ok(())
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
