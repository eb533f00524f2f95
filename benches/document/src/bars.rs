//! A picture of bars.

use std::fmt::Write;

/// One bar.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::exhaustive_structs, reason = "made in place, and only here")]
pub struct Bar {
    /// What it is.
    pub name: String,
    /// How long it is.
    pub value: f64,
    /// Whether it is one of ours.
    pub ours: bool,
}

const WIDTH: f64 = 760.0;
/// Where bars begin, and where the longest ends.
const FROM: f64 = 250.0;
const UNTIL: f64 = 680.0;
const ROW: f64 = 22.0;
const TOP: f64 = 34.0;

/// An SVG with one group of bars below the other. The bars of a group have one scale, and its title
/// says of what.
#[must_use]
pub fn bars(groups: &[(String, Vec<Bar>)]) -> String {
    let rows: usize = groups.iter().map(|(_, bars)| bars.len()).sum();
    let height = groups.len() as f64 * (TOP + 10.0) + rows as f64 * ROW + 10.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
         font-family=\"sans-serif\" font-size=\"13\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
    );
    let mut y = 0.0;
    for (title, bars) in groups {
        let most = bars.iter().map(|bar| bar.value).fold(0.0, f64::max);
        y += TOP;
        let at = y - 12.0;
        text(&mut svg, 10.0, at, "start\" font-weight=\"bold", title);
        for bar in bars {
            let part = if most > 0.0 {
                bar.value.max(0.0) / most
            } else {
                0.0
            };
            let long = (UNTIL - FROM) * part;
            let colour = if bar.ours { "#2f6f9f" } else { "#b0b7bd" };
            text(&mut svg, FROM - 8.0, y + 14.0, "end", &bar.name);
            let _ = writeln!(
                svg,
                "<rect x=\"{FROM}\" y=\"{}\" width=\"{long:.1}\" height=\"16\" fill=\"{colour}\"/>",
                y + 2.0
            );
            let value = &number(bar.value);
            text(&mut svg, FROM + long + 6.0, y + 14.0, "start", value);
            y += ROW;
        }
        y += 10.0;
    }
    svg + "</svg>\n"
}

fn text(svg: &mut String, x: f64, y: f64, anchor: &str, words: &str) {
    let words = words
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let _ = writeln!(
        svg,
        "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" fill=\"#1c2226\">{words}</text>"
    );
}

/// Whole numbers for what is large.
fn number(value: f64) -> String {
    match value.abs() {
        large if large >= 100.0 => format!("{value:.0}"),
        middle if middle >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_long_as_their_values() {
        let bar = |name: &str, value, ours| Bar {
            name: name.to_owned(),
            value,
            ours,
        };
        let group = vec![bar("a > b", 50.0, true), bar("c", 100.0, false)];
        let svg = bars(&[("instructions".to_owned(), group)]);
        for part in [
            "width=\"215.0\" height=\"16\" fill=\"#2f6f9f\"",
            "width=\"430.0\" height=\"16\" fill=\"#b0b7bd\"",
            ">a &gt; b</text>",
            ">50.0</text>",
            ">100</text>",
            ">instructions</text>",
        ] {
            assert!(svg.contains(part), "no {part} in {svg}");
        }
        assert!(bars(&[("none".to_owned(), vec![bar("x", 0.0, true)])]).contains("width=\"0.0\""));
    }
}
