//! What each case may cost: the limits that are checked, and the goals.

use crate::cases::Case;
use crate::measure::{Cost, Costs};
use serde_json::{Map, Value, json};
use std::{fs, io};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/limits.json");
/// What a limit is more than what was measured: compilers differ a little.
const HEAD_ROOM: f64 = 1.03;

/// The limits as they are committed.
#[derive(Debug)]
pub(crate) struct Limits(Map<String, Value>);

impl Limits {
    pub(crate) fn read() -> io::Result<Self> {
        Ok(Limits(serde_json::from_str(&fs::read_to_string(FILE)?)?))
    }

    /// What the case is meant to cost one day: a number, or what another case costs.
    pub(crate) fn goal(&self, case: &Case, cases: &[Case], costs: &Costs) -> Option<f64> {
        match self.0.get(case.name)?.get("goal")? {
            Value::String(peer) => {
                let peer = cases.iter().find(|case| case.name == peer)?;
                net(peer, costs)?.instructions
            }
            goal => goal.as_f64(),
        }
    }

    /// What is dearer than its limit, or has none, or is no case any more: a sentence for each.
    pub(crate) fn broken(&self, cases: &[Case], costs: &Costs) -> Vec<String> {
        let mut broken = Vec::new();
        if costs.values().any(|cost| cost.instructions.is_none()) {
            broken.push("instructions were not counted".to_owned());
        }
        let known = |name: &str| cases.iter().any(|case| case.name == name);
        let unknown = self.0.keys().filter(|name| !known(name));
        broken.extend(unknown.map(|name| format!("`{name}` has a limit, but is no case")));
        for case in cases.iter().filter(|case| case.peer.is_none()) {
            let Some(net) = net(case, costs) else {
                continue;
            };
            let Some(limits) = self.0.get(case.name) else {
                broken.push(format!("`{}` has no limit", case.name));
                continue;
            };
            let costs = [
                ("instructions", net.instructions),
                ("allocations", Some(net.allocations)),
            ];
            for (what, cost) in costs {
                match (cost, limits.get(what).and_then(Value::as_f64)) {
                    (Some(cost), Some(limit)) if cost <= limit => {}
                    (Some(cost), Some(limit)) => broken.push(format!(
                        "`{}` costs {cost:.4} {what}, more than {limit:.4}",
                        case.name
                    )),
                    (Some(_), None) => broken.push(format!("`{}`: no {what} allowed", case.name)),
                    (None, _) => {} // said once, above
                }
            }
        }
        broken
    }

    /// Writes limits a little above `costs`; the goals stay.
    pub(crate) fn write(mut self, cases: &[Case], costs: &Costs) -> io::Result<()> {
        let mut lines = Vec::new();
        for case in cases.iter().filter(|case| case.peer.is_none()) {
            let Some(net) = net(case, costs) else {
                continue;
            };
            let mut limits = json!({
                "allocations": round_up(net.allocations),
                "instructions": net.instructions.map(|cost| round_up(cost * HEAD_ROOM)),
            });
            if let (Some(goal), Some(limits)) = (
                self.0
                    .get_mut(case.name)
                    .and_then(|old| old.get_mut("goal")),
                limits.as_object_mut(),
            ) {
                limits.insert("goal".into(), goal.take());
            }
            lines.push(format!("  {}: {limits}", json!(case.name)));
        }
        fs::write(FILE, format!("{{\n{}\n}}\n", lines.join(",\n")))
    }
}

/// What the case costs more than its bare one; `None` for a bare one.
pub(crate) fn net(case: &Case, costs: &Costs) -> Option<Cost> {
    let (cost, bare) = (costs.get(case.name)?, costs.get(case.bare?)?);
    Some(Cost {
        instructions: cost
            .instructions
            .zip(bare.instructions)
            .map(|(cost, bare)| cost - bare),
        allocations: cost.allocations - bare.allocations,
        bytes: cost.bytes - bare.bytes,
    })
}

/// Whole numbers for what is more than a few, else enough digits for costs of a byte.
fn round_up(cost: f64) -> f64 {
    let digits = if cost.abs() < 10.0 { 10_000.0 } else { 1.0 };
    // What differs by less than this is the same.
    ((cost - 1e-6) * digits).ceil().max(0.0) / digits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases;

    /// Costs of 100 instructions and no allocation more than the bare case.
    fn costs() -> Costs {
        let cost = |instructions| Cost {
            instructions: Some(instructions),
            allocations: 4.0,
            bytes: 0.0,
        };
        [("bare", cost(1000.0)), ("retry", cost(1100.0))].into()
    }

    fn broken(limits: &Value) -> Vec<String> {
        let cases: Vec<_> = cases::all()
            .into_iter()
            .filter(|case| costs().contains_key(case.name))
            .collect();
        let limits = Limits(limits.as_object().unwrap().clone());
        limits.broken(&cases, &costs())
    }

    #[test]
    fn what_is_dearer_than_its_limit_is_named() {
        let limits =
            |instructions| json!({"retry": {"instructions": instructions, "allocations": 0}});
        assert_eq!(broken(&limits(100)), [""; 0]);
        assert_eq!(
            broken(&limits(99)),
            ["`retry` costs 100.0000 instructions, more than 99.0000"]
        );
        assert_eq!(broken(&json!({})), ["`retry` has no limit"]);
        let half = json!({"retry": {"instructions": 100}, "gone": {}});
        assert_eq!(
            broken(&half),
            [
                "`gone` has a limit, but is no case",
                "`retry`: no allocations allowed"
            ]
        );
    }
}
