//! The table in the terminal.

use super::Made;
use super::cases::{Case, Expect};
use std::io::{self, Write};

/// Prints row after row and keeps the score.
pub(super) struct Table<'a> {
    out: &'a mut dyn Write,
    /// Whether lines may be painted and written over.
    live: bool,
    score: Score,
    /// Whether the calls that cannot be saved have begun.
    others: bool,
}

#[derive(Debug, Default)]
struct Score {
    /// Calls that could be saved: all, whole without the layers, whole with them.
    mendable: [usize; 3],
    /// Calls that could not: all, and those that ended in an honest error with the layers.
    others: [usize; 2],
}

impl<'a> Table<'a> {
    pub(super) fn begin(out: &'a mut dyn Write, live: bool) -> io::Result<Self> {
        let mut table = Table {
            out,
            live,
            score: Score::default(),
            others: false,
        };
        table.line("what goes wrong", "without", "with", "tries", "time")?;
        Ok(table)
    }

    /// Shows what is being tried, where it can be written over.
    pub(super) fn running(&mut self, case: &Case) -> io::Result<()> {
        if case.expect != Expect::Whole && !self.others {
            self.others = true;
            writeln!(self.out, "\nwhat cannot be saved and must end in an error")?;
        }
        if self.live {
            write!(self.out, "{:<26} ...", case.name)?;
            self.out.flush()?;
        }
        Ok(())
    }

    pub(super) fn row(&mut self, case: &Case, straight: &Made, layered: &Made) -> io::Result<()> {
        let right = layered.is_right(case.expect);
        self.score.count(case.expect, straight, right);
        let without = straight.called.outcome.to_string();
        let with = layered.called.outcome.to_string();
        let without = self.paint(straight.called.is_whole(), &format!("{without:<26}"));
        let with = self.paint(right, &format!("{with:<30}"));
        if self.live {
            write!(self.out, "\r\x1b[K")?;
        }
        let tries = layered.tries.to_string();
        let time = format!("{} ms", layered.called.took.as_millis());
        self.line(case.name, &without, &with, &tries, &time)
    }

    /// Prints the verdict: whether all was right.
    pub(super) fn end(self) -> io::Result<bool> {
        let verdict = self.score.verdict();
        let verdict = self.paint(self.score.is_right(), &verdict);
        writeln!(self.out, "\n{verdict}")?;
        Ok(self.score.is_right())
    }

    fn line(&mut self, a: &str, b: &str, c: &str, d: &str, e: &str) -> io::Result<()> {
        writeln!(self.out, "{a:<26} {b:<26} {c:<30} {d:>5} {e:>8}")
    }

    fn paint(&self, good: bool, text: &str) -> String {
        match (self.live, good) {
            (false, _) => text.to_owned(),
            (true, true) => format!("\x1b[32m{text}\x1b[0m"),
            (true, false) => format!("\x1b[31m{text}\x1b[0m"),
        }
    }
}

impl Score {
    fn count(&mut self, expect: Expect, straight: &Made, right: bool) {
        if expect == Expect::Whole {
            let whole = straight.called.is_whole();
            let counts = [1, usize::from(whole), usize::from(right)];
            for (sum, count) in self.mendable.iter_mut().zip(counts) {
                *sum += count;
            }
        } else {
            for (sum, count) in self.others.iter_mut().zip([1, usize::from(right)]) {
                *sum += count;
            }
        }
    }

    fn is_right(&self) -> bool {
        let [all, _, with] = self.mendable;
        let [others, honest] = self.others;
        all == with && others == honest
    }

    fn verdict(&self) -> String {
        let [all, without, with] = self.mendable;
        let [others, honest] = self.others;
        format!(
            "Of {all} calls that could be saved, {with} came through whole with the layers, \
             {without} without; of {others} that could not, {honest} ended in an honest error."
        )
    }
}

#[cfg(test)]
mod tests {
    use super::super::call::{Called, Outcome};
    use super::super::cases::Ask;
    use super::*;
    use buttress_testkit::Script;
    use http::StatusCode;
    use std::time::Duration;

    fn made(outcome: Outcome, effects: usize) -> Made {
        let took = Duration::from_millis(3);
        Made {
            called: Called { outcome, took },
            tries: 2,
            effects,
        }
    }

    fn error() -> Outcome {
        Outcome::Status(StatusCode::BAD_GATEWAY, None)
    }

    /// What is printed for one case, and whether all is right then.
    fn verdict(expect: Expect, layered: &Made) -> (String, bool) {
        let case = Case {
            name: "trouble",
            ask: Ask::Download,
            expect,
            script: Script::honest,
            late: false,
        };
        let mut out = Vec::new();
        let mut table = Table::begin(&mut out, false).unwrap();
        table.running(&case).unwrap();
        table.row(&case, &made(error(), 1), layered).unwrap();
        let right = table.end().unwrap();
        (String::from_utf8(out).unwrap(), right)
    }

    #[test]
    fn only_the_right_outcome_is_right() {
        use Expect::*;
        for (expect, outcome, effects, right) in [
            (Whole, Outcome::Whole, 1, true),
            (Whole, error(), 1, false),
            (Whole, Outcome::Torso, 1, false),
            (Error, error(), 5, true),
            (Error, Outcome::Whole, 1, false),
            (Error, Outcome::Torso, 1, false),
            (Error, Outcome::Wrong, 1, false),
            (Error, Outcome::Silence, 1, false),
            (ErrorAfterOne, error(), 1, true),
            (ErrorAfterOne, error(), 2, false),
        ] {
            let told = format!("{outcome:?} {effects}");
            assert_eq!(verdict(expect, &made(outcome, effects)).1, right, "{told}");
        }
    }

    #[test]
    fn the_table_is_plain_where_nobody_watches() {
        let (text, _) = verdict(Expect::Whole, &made(Outcome::Whole, 1));
        assert!(!text.contains(['\x1b', '\r']), "{text}");
        let row = text.lines().nth(1).unwrap();
        let words: Vec<&str> = row.split_whitespace().collect();
        assert_eq!(words, ["trouble", "502", "whole", "2", "3", "ms"]);
        assert_eq!(
            text.lines().last().unwrap(),
            "Of 1 calls that could be saved, 1 came through whole with the layers, 0 without; \
             of 0 that could not, 0 ended in an honest error."
        );
    }
}
