//! Events on standard output.

use buttress::resume::event::Event;
use serde_json::json;
use std::io::{self, Write};

/// Prints one event, at once.
pub(crate) fn event(event: &Event, as_json: bool) -> io::Result<()> {
    let (name, id, data) = (event.event(), event.id(), event.text());
    let mut out = io::stdout().lock();
    if as_json {
        writeln!(out, "{}", json!({ "event": name, "id": id, "data": data }))?;
    } else {
        writeln!(out, "{}", plain(&name, &data))?;
    }
    out.flush()
}

/// The event for people, without what a terminal would obey.
fn plain(name: &str, data: &str) -> String {
    let text = match name {
        "message" => data.to_owned(),
        name => format!("{name}: {data}"),
    };
    let show = |c: char| match c {
        '\n' | '\t' => c,
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    text.chars().map(show).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_obeys_no_event() {
        assert_eq!(plain("message", "a\tb\nc"), "a\tb\nc");
        assert_eq!(
            plain("delta", "a\x1b[2Jb\r"),
            "delta: a\u{fffd}[2Jb\u{fffd}"
        );
    }
}
