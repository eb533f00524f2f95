//! Instructions, system calls and allocations, counted.

use crate::calls::Caller;
use crate::origin::{self, Origin};
use crate::proxy::{Kind, Proxy};
use std::collections::HashMap;
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
    pub(crate) allocations: Cost,
}

pub(crate) async fn run() -> Result<(), Box<dyn Error>> {
    println!("                 instructions             system calls           allocations");
    println!(
        "                 a request     an event   a request   an event   a request   an event"
    );
    let rows = measure().await?;
    for row in &rows {
        let (instructions, calls, allocations) =
            (row.instructions, row.system_calls, row.allocations);
        println!(
            "{:15} {:10.0} {:12.0} {:11.2} {:10.2} {:11.1} {:10.1}",
            row.kind.name(),
            instructions.request,
            instructions.event,
            calls.request,
            calls.event,
            allocations.request,
            allocations.event
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
        for counter in [&INSTRUCTIONS, &SYSTEM_CALLS, &ALLOCATIONS] {
            costs.push(Cost {
                request: more(kind, What::Calls, &origin, counter).await?,
                event: more(kind, What::Events, &origin, counter).await?,
            });
        }
        if let [instructions, system_calls, allocations] = *costs {
            rows.push(Row {
                kind,
                instructions,
                system_calls,
                allocations,
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

const ALLOCATIONS: Counter = Counter {
    under: &[
        "valgrind",
        "--tool=callgrind",
        "--callgrind-out-file=/dev/stderr",
    ],
    read: |text| Some(calls_of(text, &ALLOCATING) as f64),
};

/// What programs ask for memory with: those of the C library, and those of mimalloc.
const ALLOCATING: [&str; 8] = [
    "malloc",
    "calloc",
    "realloc",
    "posix_memalign",
    "aligned_alloc",
    "mi_malloc_aligned",
    "mi_zalloc_aligned",
    "mi_realloc_aligned",
];

/// How often these functions were called, in callgrind's own format: a name is told once, with a
/// number that stands for it from then on.
fn calls_of(profile: &str, functions: &[&str]) -> u64 {
    let mut names = HashMap::new();
    let mut called = "";
    let mut sum = 0;
    for line in profile.lines() {
        let told = ["fn=(", "cfn=("]
            .iter()
            .find_map(|key| line.strip_prefix(key));
        if let Some((number, name)) = told.and_then(|told| told.split_once(')')) {
            let name = name.trim();
            if !name.is_empty() {
                names.insert(number, name);
            }
            if line.starts_with('c') {
                called = names.get(number).copied().unwrap_or_default();
            }
        } else if let Some(calls) = line.strip_prefix("calls=") {
            if functions.contains(&called) {
                let times = calls.split(' ').next().and_then(|times| times.parse().ok());
                sum += times.unwrap_or(0);
            }
        }
    }
    sum
}

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
    // What one less would cost is noise.
    Ok(((many - few) / (2 * units) as f64).max(0.0))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_counted_by_the_name_of_what_is_called() {
        let profile = "fn=(1) main\n1 5\ncfn=(2) malloc\ncalls=3 0\n2 9\n\n\
                       fn=(2)\n4 1\ncfn=(3) _int_malloc\ncalls=3 0\n5 6\n\n\
                       fn=(4) other\ncfn=(2)\ncalls=4 0\n6 7\n";
        assert_eq!(calls_of(profile, &["malloc"]), 7);
        assert_eq!(calls_of(profile, &["free"]), 0);
    }
}
