//! Many texts at once: JSON lines in, JSON lines out.

use crate::input::Input;
use crate::words::{Safety, category};
use buttress_core::Hint;
use serde_json::{Value, json};
use std::io::{self, BufRead, Read, Write};

/// The longest line that is read. Bytes.
const LONGEST: u64 = 16 * 1024 * 1024;

/// Answers each line with one line, in order, and says whether all of them were understood.
///
/// Memory: one line, at most [`LONGEST`] bytes of it.
pub(crate) fn answer(input: impl BufRead, output: &mut impl Write) -> io::Result<bool> {
    let mut input = input;
    let mut all_good = true;
    let mut line = Vec::new();
    loop {
        line.clear();
        if (&mut input).take(LONGEST).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let whole = line.ends_with(b"\n");
        let answer = if !whole && line.len() as u64 == LONGEST {
            skip_line(&mut input)?;
            Err(format!("longer than {LONGEST} bytes"))
        } else {
            of(&line)
        };
        let answer = answer.unwrap_or_else(|error| {
            all_good = false;
            json!({ "error": error })
        });
        writeln!(output, "{answer}")?;
        // Whoever writes line by line gets the answers so.
        output.flush()?;
    }
    Ok(all_good)
}

fn of(line: &[u8]) -> Result<Value, String> {
    let line = std::str::from_utf8(line).map_err(|error| format!("no UTF-8: {error}"))?;
    if line.trim().is_empty() {
        return Err("an empty line".to_owned());
    }
    let failure = Input::from_json(line)?.failure();
    let after = failure.hint().and_then(Hint::after);
    Ok(json!({
        "category": category(failure.kind()),
        "retryable": failure.is_transient(),
        "failure": failure.kind().code(),
        "side": failure.side().code(),
        "safe": Safety::of(&failure).code(),
        "retry_after_ms": after.map(|after| u64::try_from(after.as_millis()).unwrap_or(u64::MAX)),
    }))
}

/// Reads on to the end of the line and keeps nothing of it.
fn skip_line(input: &mut impl BufRead) -> io::Result<()> {
    loop {
        let (used, done) = match input.fill_buf()? {
            [] => return Ok(()),
            bytes => match bytes.iter().position(|byte| *byte == b'\n') {
                Some(at) => (at + 1, true),
                None => (bytes.len(), false),
            },
        };
        input.consume(used);
        if done {
            return Ok(());
        }
    }
}
