//! The table, for people and for programs.

use crate::cases::{Case, Unit};
use crate::limits::{Limits, net};
use crate::measure::Costs;
use serde_json::{Value, json};

/// A table for a terminal.
pub(crate) fn table(cases: &[Case], costs: &Costs, limits: &Limits) -> String {
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
    table
        + "more: than the bare case of the same kind; so are allocs and bytes, where there is one\n"
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
