//! `application/problem+json` (RFC 9457).

use crate::Explanation;
use buttress_core::Failure;
use std::fmt::{self, Write};

pub(super) fn render(failure: &Failure, explanation: &Explanation) -> String {
    let mut out = String::with_capacity(2_048);
    // Writing to a `String` cannot fail.
    let _ = write(&mut out, failure, explanation);
    out
}

fn write(out: &mut String, failure: &Failure, told: &Explanation) -> fmt::Result {
    let code = failure.kind().code();
    write!(
        out,
        "{{\n  \"type\": {}",
        Json(&format!("urn:buttress:problem:{code}"))
    )?;
    write!(out, ",\n  \"title\": {}", Json(told.title()))?;
    write!(
        out,
        ",\n  \"status\": {}",
        failure.response_status().as_u16()
    )?;
    write!(out, ",\n  \"detail\": {}", Json(&format!("{told:#}")))?;
    write!(out, ",\n  \"code\": {}", Json(code))?;
    write!(out, ",\n  \"phase\": {}", Json(failure.phase().code()))?;
    write!(out, ",\n  \"side\": {}", Json(failure.side().code()))?;
    write!(out, ",\n  \"attempts\": {}", failure.attempts())?;
    let waited = failure.history().waited().as_millis();
    write!(
        out,
        ",\n  \"waited_ms\": {}",
        waited.min(u128::from(u64::MAX))
    )?;
    write!(out, ",\n  \"may_retry\": {}", failure.may_be_retried())?;
    if let Some(seconds) = failure.retry_after_seconds() {
        write!(out, ",\n  \"retry_after_s\": {seconds}")?;
    }
    if let Some(reference) = told.reference() {
        write!(out, ",\n  \"reference\": {}", Json(reference.as_str()))?;
    }
    out.push_str(",\n  \"next_steps\": [");
    for (n, step) in told.next_steps().iter().enumerate() {
        let comma = if n == 0 { "" } else { "," };
        write!(out, "{comma}\n    {}", Json(step))?;
    }
    out.push_str(if told.next_steps().is_empty() {
        "]\n}\n"
    } else {
        "\n  ]\n}\n"
    });
    Ok(())
}

/// A JSON string (RFC 8259, section 7).
///
/// `<`, `>` and `&` are escaped too, so that the document means the same inside a web page.
struct Json<'a>(&'a str);

impl fmt::Display for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for c in self.0.chars() {
            match c {
                '"' | '\\' => write!(f, "\\{c}")?,
                '\u{0}'..='\u{1f}' | '\u{7f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                    write!(f, "\\u{:04x}", u32::from(c))?;
                }
                c => f.write_char(c)?,
            }
        }
        f.write_char('"')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_survives_a_parser() {
        let all: Vec<char> = (0..=0x11_0000).filter_map(char::from_u32).collect();
        for chunk in all.chunks(4_096) {
            let text: String = chunk.iter().collect();
            let written = Json(&text).to_string();
            assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
            assert!(!written.contains(['\n', '\r', '<', '\u{2028}']));
        }
    }
}
