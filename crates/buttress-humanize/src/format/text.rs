//! `text/plain`, for terminals: no colour, lines not wrapped, the terminal does that better.

use crate::Explanation;
use buttress_core::Failure;
use std::fmt::{self, Write};

pub(super) fn render(failure: &Failure, explanation: &Explanation) -> String {
    let mut out = String::with_capacity(1_024);
    // Writing to a `String` cannot fail.
    let _ = write(&mut out, failure, explanation);
    out
}

fn write(out: &mut String, failure: &Failure, told: &Explanation) -> fmt::Result {
    writeln!(out, "{}\n\n{}", told.title(), told.happened())?;
    let about = [told.tried(), told.come_back()];
    for sentence in about.into_iter().flatten() {
        writeln!(out, "{sentence}")?;
    }
    if let Some(side) = told.side() {
        writeln!(out, "\nWhose side it is: {side}")?;
    }
    if !told.next_steps().is_empty() {
        writeln!(out, "\nWhat to do next:")?;
        for (n, step) in told.next_steps().iter().enumerate() {
            writeln!(out, "  {}. {step}", n + 1)?;
        }
    }
    write!(out, "\nCode: {}", failure.kind().code())?;
    if let Some(reference) = told.reference() {
        write!(out, "   Reference: {reference}")?;
    }
    out.push('\n');
    Ok(())
}
