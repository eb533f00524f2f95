//! `text/plain`: no colour, lines not wrapped, the terminal does that better.

use crate::Explanation;
use crate::wording::Labels;
use buttress_core::Failure;
use std::fmt::{self, Write};

pub(super) fn render(failure: &Failure, explanation: &Explanation) -> String {
    let mut out = String::with_capacity(1_024);
    // Writing to a `String` cannot fail.
    let _ = write(&mut out, failure, explanation);
    out
}

fn write(out: &mut String, failure: &Failure, told: &Explanation) -> fmt::Result {
    let labels = Labels::of(told);
    writeln!(out, "{}\n\n{}", told.title(), told.happened())?;
    let about = [told.tried(), told.come_back()];
    for sentence in about.into_iter().flatten() {
        writeln!(out, "{sentence}")?;
    }
    if let Some(side) = told.side() {
        writeln!(out, "\n{}{side}", labels.colon(&labels.side))?;
    }
    if !told.next_steps().is_empty() {
        writeln!(out, "\n{}", labels.colon(&labels.next).trim_end())?;
        for (n, step) in told.next_steps().iter().enumerate() {
            writeln!(out, "  {}. {step}", n + 1)?;
        }
    }
    let code = labels.colon(&labels.code);
    write!(out, "\n{code}{}", failure.kind().code())?;
    if let Some(reference) = told.reference() {
        write!(out, "   {}{reference}", labels.colon(&labels.reference))?;
    }
    out.push('\n');
    Ok(())
}
