//! The table, for people, for programs and for the documents.

use crate::cases::{Case, Unit};
use crate::limits::{Limits, net};
use crate::measure::Costs;
use bench_document::Bar;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io;

/// A table for a terminal.
///
/// # Errors
///
/// When the versions of the peers can't be found.
pub(crate) fn table(cases: &[Case], costs: &Costs, limits: &Limits) -> io::Result<String> {
    let mut table = format!(
        "{:42} {:>5} {:>10} {:>9} {:>9} {:>7} {:>8}\n",
        "", "for a", "instr.", "more", "goal", "allocs", "bytes"
    );
    for case in cases {
        let Some(cost) = costs.get(case.name) else {
            continue;
        };
        let digits = match case.unit {
            Unit::Call | Unit::Frame => 0,
            Unit::Byte { .. } => 2,
        };
        let number = |number: Option<f64>| {
            number.map_or_else(String::new, |number| format!("{number:.digits$}"))
        };
        let net = net(case, costs);
        let shown = net.unwrap_or(*cost);
        table += &format!(
            "{:42} {:>5} {:>10} {:>9} {:>9} {:>7.digits$} {:>8.digits$}\n",
            case.name,
            unit(case),
            number(cost.instructions),
            number(net.and_then(|net| net.instructions)),
            number(limits.goal(case, cases, costs)),
            shown.allocations,
            shown.bytes,
        );
    }
    table +=
        "more: than the bare case of the same kind; so are allocs and bytes, where there is one\n";
    Ok(table + "peers: " + &peers(cases)?.join(", ") + "\n")
}

/// The packages that are measured beside ours, with their versions.
fn peers(cases: &[Case]) -> io::Result<Vec<String>> {
    let packages: BTreeSet<_> = cases.iter().filter_map(|case| case.peer).collect();
    let named = |package| Ok(format!("{package} {}", bench_document::version(package)?));
    packages.into_iter().map(named).collect()
}

/// A table for a document, of what is counted for this.
pub(crate) fn markdown(cases: &[Case], costs: &Costs, of: fn(Unit) -> bool) -> String {
    let mut table = "| | for a | instructions | allocations |\n|---|---|--:|--:|\n".to_owned();
    for case in cases.iter().filter(|case| of(case.unit)) {
        let Some(net) = net(case, costs) else {
            continue;
        };
        let digits = match case.unit {
            Unit::Call | Unit::Frame => 0,
            Unit::Byte { .. } => 2,
        };
        let instructions = net.instructions.unwrap_or(f64::NAN);
        let name = match case.peer {
            Some(_) => format!("*{}*", case.name),
            None => case.name.to_owned(),
        };
        table += &format!(
            "| {name} | {} | {instructions:.digits$} | {:.digits$} |\n",
            unit(case),
            net.allocations
        );
    }
    table
}

/// What the picture shows: pairs of layers that do the same.
const DRAWN: [(&str, &[&str]); 3] = [
    (
        "A retry around a call that succeeds: instructions more than without",
        &["retry", "tower retry", "tower-resilience retry", "backon"],
    ),
    (
        "A limit of time around a call that is pending once",
        &[
            "timeout, head, pending once",
            "tower timeout, pending once",
            "tower-http timeout, pending once",
            "tower-resilience timeout, pending once",
        ],
    ),
    (
        "A retry as a middleware of reqwest",
        &["reqwest, retry", "reqwest, reqwest-retry"],
    ),
];

/// Writes the tables into `docs/benchmarks.md`, and draws the picture beside it.
///
/// # Errors
///
/// When a file can't be read or written.
pub(crate) fn document(cases: &[Case], costs: &Costs) -> io::Result<()> {
    let calls = markdown(cases, costs, |unit| unit == Unit::Call);
    let bodies = markdown(cases, costs, |unit| unit != Unit::Call);
    bench_document::write("calls", &calls)?;
    bench_document::write("bodies", &bodies)?;
    bench_document::write("peers", &format!("{}.", peers(cases)?.join(", ")))?;
    let bar = |name: &&str| {
        let case = cases.iter().find(|case| case.name == *name)?;
        Some(Bar {
            name: (*name).to_owned(),
            value: net(case, costs)?.instructions?,
            ours: case.peer.is_none(),
        })
    };
    let groups = DRAWN.map(|(title, names)| {
        let bars = names.iter().filter_map(bar).collect();
        (title.to_owned(), bars)
    });
    bench_document::draw("benchmarks-layers.svg", &bench_document::bars(&groups))
}

/// The same as JSON, with nothing rounded.
pub(crate) fn json(cases: &[Case], costs: &Costs, limits: &Limits) -> Value {
    let row = |case: &Case| {
        let cost = costs.get(case.name)?;
        let net = net(case, costs);
        Some(json!({
            "case": case.name,
            "unit": unit(case),
            "bare": case.bare,
            "instructions": cost.instructions,
            "allocations": cost.allocations,
            "bytes": cost.bytes,
            "net_instructions": net.and_then(|net| net.instructions),
            "net_allocations": net.map(|net| net.allocations),
            "net_bytes": net.map(|net| net.bytes),
            "goal": limits.goal(case, cases, costs),
        }))
    };
    cases.iter().filter_map(row).collect()
}

fn unit(case: &Case) -> &'static str {
    match case.unit {
        Unit::Call => "call",
        Unit::Frame => "frame",
        Unit::Byte { .. } => "byte",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases;
    use crate::measure::Cost;

    #[test]
    fn every_case_that_is_drawn_is_one() {
        let cases = cases::all();
        for name in DRAWN.iter().flat_map(|(_, names)| *names) {
            let case = cases.iter().find(|case| case.name == *name);
            assert!(case.is_some_and(|case| case.bare.is_some()), "{name}");
        }
    }

    #[test]
    fn the_peers_are_named_with_their_versions() {
        let peers = peers(&cases::all()).unwrap();
        assert_eq!(peers.len(), 8, "{peers:?}");
        let version = |peer: &String| peer.split_once(' ').unwrap().1.contains('.');
        assert!(peers.iter().all(version), "{peers:?}");
    }

    #[test]
    fn a_document_shows_what_is_more_than_the_bare_case() {
        let cost = |instructions| Cost {
            instructions: Some(instructions),
            allocations: 4.0,
            bytes: 0.0,
        };
        let costs = [
            ("bare", cost(1000.0)),
            ("retry", cost(1100.0)),
            ("tower retry", cost(1250.0)),
        ];
        let table = markdown(&cases::all(), &costs.into(), |unit| unit == Unit::Call);
        let rows: Vec<&str> = table.lines().skip(2).collect();
        let expected = [
            "| *tower retry* | call | 250 | 0 |",
            "| retry | call | 100 | 0 |",
        ];
        assert_eq!(rows, expected);
    }
}
