//! The answer about one text.

use crate::host;
use crate::input::Input;
use crate::words::{Language, Safety, category};
use buttress_core::{Failure, Hint};
use buttress_humanize::{Call, Explanation};
use serde_json::{Value, json};
use std::io::{self, Write};

/// How wide the lines are at most. Characters.
const WIDTH: usize = 80;

/// What is said about one text.
#[derive(Debug)]
pub(crate) struct Report {
    failure: Failure,
    explanation: Explanation,
    safety: Safety,
    language: Language,
}

impl Report {
    /// Explains the input in this language.
    pub(crate) fn new(input: &Input, language: Language) -> Self {
        let failure = input.failure();
        let host = host::in_text(input.raw(), failure.kind());
        let call = host.map_or_else(Call::unknown, Call::to);
        Report {
            explanation: language.catalog().explain(&failure, &call),
            safety: Safety::of(&failure),
            failure,
            language,
        }
    }

    /// For programs.
    pub(crate) fn json(&self) -> Value {
        let told = &self.explanation;
        let after = self.failure.hint().and_then(Hint::after);
        json!({
            "category": category(self.failure.kind()),
            "failure": self.failure.kind().code(),
            "retryable": self.failure.is_transient(),
            "safe": self.safety.code(),
            "side": self.failure.side().code(),
            "retry_after_ms": after.map(|after| u64::try_from(after.as_millis()).unwrap_or(u64::MAX)),
            "title": told.title(),
            "happened": told.happened(),
            "whose_side": told.side(),
            "try_again": self.language.labels().verdict(self.safety),
            "come_back": told.come_back(),
            "steps": told.next_steps(),
            "language": told.language(),
        })
    }

    /// For people.
    pub(crate) fn print(&self, out: &mut impl Write, colours: bool) -> io::Result<()> {
        let labels = self.language.labels();
        let told = &self.explanation;
        let paint = |code: &str, text: &str| match colours {
            true => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            false => text.to_owned(),
        };
        let colour = match self.safety {
            Safety::Useless | Safety::Later | Safety::Ended => "31",
            Safety::Always | Safety::AfterPause => "32",
            Safety::IfRepeatable | Safety::IfStartedOver | Safety::Unclear => "33",
        };
        writeln!(out, "{}", paint("1", told.title()))?;
        paragraph(out, told.happened(), "", "")?;
        if let Some(side) = told.side() {
            writeln!(out, "\n{}", paint("1", labels.side))?;
            paragraph(out, side, "  ", "  ")?;
        }
        writeln!(out, "\n{}", paint("1", labels.again))?;
        for line in wrap(labels.verdict(self.safety), WIDTH - 2) {
            writeln!(out, "  {}", paint(colour, &line))?;
        }
        if let Some(come_back) = told.come_back() {
            paragraph(out, come_back, "  ", "  ")?;
        }
        if !told.next_steps().is_empty() {
            writeln!(out, "\n{}", paint("1", labels.steps))?;
        }
        for (n, step) in told.next_steps().iter().enumerate() {
            paragraph(out, step, &format!("  {}. ", n + 1), "     ")?;
        }
        let category = format!("{}: {}", labels.category, category(self.failure.kind()));
        writeln!(out, "\n{}", paint("2", &category))
    }
}

fn paragraph(out: &mut impl Write, text: &str, first: &str, next: &str) -> io::Result<()> {
    let mut indent = first;
    for line in wrap(text, WIDTH - next.len()) {
        writeln!(out, "{indent}{line}")?;
        indent = next;
    }
    Ok(())
}

/// Lines of at most this width, in columns; a word that is longer has a line of its own.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for (piece, spaced) in pieces(text) {
        let columns = columns(piece);
        let gap = usize::from(spaced && used > 0);
        if used > 0 && used + gap + columns > width {
            lines.push(String::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            if gap > 0 && used > 0 {
                line.push(' ');
                used += 1;
            }
            line.push_str(piece);
            used += columns;
        }
    }
    lines
}

/// What a line may be broken between, and whether a space stands before it: words, and in scripts
/// without spaces characters, with the marks that follow them.
fn pieces(text: &str) -> Vec<(&str, bool)> {
    let mut pieces = Vec::new();
    for word in text.split_whitespace() {
        let mut spaced = true;
        let mut start = 0;
        let mut before = None;
        for (at, c) in word.char_indices() {
            let breaks = before.is_some_and(|before| is_wide(before) || is_wide(c));
            if breaks && !"。、，；：？！」』）…ー".contains(c) {
                pieces.push((word.get(start..at).unwrap_or_default(), spaced));
                spaced = false;
                start = at;
            }
            before = Some(c);
        }
        pieces.push((word.get(start..).unwrap_or_default(), spaced));
    }
    pieces
}

/// How many columns of a terminal a text takes.
fn columns(text: &str) -> usize {
    text.chars().map(|c| 1 + usize::from(is_wide(c))).sum()
}

/// The blocks of Unicode that East Asian scripts are written in (UAX #11).
fn is_wide(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_between_words_and_between_wide_characters() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("incomprehensible x", 5), ["incomprehensible", "x"]);
        assert_eq!(wrap("", 5), [""]);
        assert_eq!(wrap("一二三四。五", 8), ["一二三", "四。五"]);
        assert_eq!(wrap("一 abc 二", 80), ["一 abc 二"]);
    }
}
