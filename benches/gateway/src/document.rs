//! Writes what was measured into `docs/benchmarks.md`, and draws it.

use crate::load::Used;
use crate::{cost, load};
use bench_document::Bar;
use std::error::Error;

pub(crate) async fn run() -> Result<(), Box<dyn Error>> {
    let counted = cost::measure().await?;
    let mut table = "| | instructions a request | an event | system calls a request | an event \
                     | allocations a request | an event |\n\
                     |---|--:|--:|--:|--:|--:|--:|\n"
        .to_owned();
    for row in &counted {
        let (instructions, calls, allocations) =
            (row.instructions, row.system_calls, row.allocations);
        table += &format!(
            "| {} | {:.0} | {:.0} | {:.2} | {:.2} | {:.1} | {:.1} |\n",
            row.kind.name(),
            instructions.request,
            instructions.event,
            calls.request,
            calls.event,
            allocations.request,
            allocations.event
        );
    }
    bench_document::write("cost", &table)?;

    let rows = load::measure().await?;
    let mut table = "| | CPU seconds | times plain | p50, ms | p99, ms | MiB |\n\
                     |---|--:|--:|--:|--:|--:|\n"
        .to_owned();
    for row in &rows {
        let Used {
            cpu,
            p50,
            p99,
            memory,
        } = row.median();
        let times = rows.first().map_or(f64::NAN, |plain| row.times(plain));
        let name = row.kind.name();
        table +=
            &format!("| {name} | {cpu:.2} | {times:.2} | {p50:.2} | {p99:.2} | {memory:.1} |\n");
    }
    table += "\n![Bars: CPU seconds, latency and memory of the proxies](benchmarks-gateway.svg)\n";

    let group = |title: &str, figure: fn(&Used) -> f64| {
        let bars = rows.iter().map(|row| Bar {
            name: row.kind.name().to_owned(),
            value: figure(&row.median()),
            ours: row.kind == crate::proxy::Kind::Gateway,
        });
        (title.to_owned(), bars.collect())
    };
    let picture = bench_document::bars(&[
        group("CPU seconds for 100,000 requests", |used| used.cpu),
        group("Latency that 99 of 100 requests stay below, ms", |used| {
            used.p99
        }),
        group("Memory with 1,000 open streams, MiB", |used| used.memory),
    ]);
    bench_document::draw("benchmarks-gateway.svg", &picture)?;
    bench_document::write("load", &table)?;
    Ok(())
}
