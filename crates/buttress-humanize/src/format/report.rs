use super::columns::{Wrapped, columns};
use crate::Explanation;
use crate::wording::Labels;
use buttress_core::Failure;
use std::fmt;

/// An explanation for a terminal: wrapped at a width, in colour if wanted.
///
/// Colour is off until it is asked for. Whether the output is a terminal, how wide it is, and
/// whether somebody set `NO_COLOR` (<https://no-color.org>), is the program's to find out:
///
/// ```
/// use buttress_core::{Failure, FailureKind};
/// use buttress_humanize::{Call, Catalog, English, Report};
/// use std::io::IsTerminal;
///
/// let failure = Failure::new(FailureKind::Overloaded);
/// let told = English.explain(&failure, &Call::to("api.example.com"));
/// let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
/// let report = Report::new(&failure, &told)
///     .color(std::io::stderr().is_terminal() && !no_color)
///     .width(60);
/// eprint!("{report}");
///
/// let plain = Report::new(&failure, &told).width(60).to_string();
/// assert!(plain.starts_with("✗ The server is overloaded\n"));
/// assert!(plain.lines().all(|line| line.chars().count() <= 60));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    failure: &'a Failure,
    told: &'a Explanation,
    color: bool,
    width: usize,
}

/// Columns below which no line is readable any more.
const NARROWEST: usize = 20;

impl<'a> Report<'a> {
    /// A report without colour, 80 columns wide.
    #[must_use]
    pub const fn new(failure: &'a Failure, told: &'a Explanation) -> Self {
        Report {
            failure,
            told,
            color: false,
            width: 80,
        }
    }

    /// Whether to colour it (ECMA-48, SGR).
    #[must_use]
    pub const fn color(mut self, color: bool) -> Self {
        self.color = color;
        self
    }

    /// How many columns a line may take; at least 20. A word that is longer stays whole.
    #[must_use]
    pub const fn width(mut self, columns: usize) -> Self {
        self.width = if columns < NARROWEST {
            NARROWEST
        } else {
            columns
        };
        self
    }

    /// The text between these SGR parameters and a reset.
    fn painted(&self, sgr: &str, text: &str) -> String {
        if self.color {
            format!("\u{1b}[{sgr}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    /// The text, wrapped: the first line after `first`, the others as far to the right.
    fn block(&self, f: &mut fmt::Formatter<'_>, first: &str, text: &str) -> fmt::Result {
        let indent = columns(first);
        let lines = Wrapped::new(text, self.width.saturating_sub(indent));
        for (n, line) in lines.enumerate() {
            if n == 0 {
                writeln!(f, "{first}{line}")?;
            } else {
                writeln!(f, "{:indent$}{line}", "")?;
            }
        }
        Ok(())
    }

    fn heading(&self, f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
        writeln!(f, "\n  {}", self.painted("1", text))
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told = self.told;
        let labels = Labels::of(told);
        for (n, line) in Wrapped::new(told.title(), self.width - 2).enumerate() {
            let mark = if n == 0 { "✗ " } else { "  " };
            writeln!(f, "{}", self.painted("1;31", &format!("{mark}{line}")))?;
        }
        writeln!(f)?;
        self.block(f, "  ", told.happened())?;
        for text in [told.tried(), told.come_back()].into_iter().flatten() {
            self.block(f, "  ", text)?;
        }
        if !told.next_steps().is_empty() {
            self.heading(f, &labels.next)?;
            for (n, step) in told.next_steps().iter().enumerate() {
                self.block(f, &format!("  {}. ", n + 1), step)?;
            }
        }
        if let Some(side) = told.side() {
            self.heading(f, &labels.side)?;
            self.block(f, "  ", side)?;
        }
        let code = format!(
            "  {}{}",
            labels.colon(&labels.code),
            self.failure.kind().code()
        );
        writeln!(f, "\n{}", self.painted("2", &code))?;
        if let Some(reference) = told.reference() {
            let reference = format!("  {}{reference}", labels.colon(&labels.reference));
            writeln!(f, "{}", self.painted("2", &reference))?;
        }
        Ok(())
    }
}
