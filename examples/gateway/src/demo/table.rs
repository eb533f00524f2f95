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
}

#[derive(Default)]
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
        };
        table.line("what goes wrong", "without", "with", "tries", "time")?;
        Ok(table)
    }

    /// Shows what is being tried, where it can be written over.
    pub(super) fn running(&mut self, name: &str) -> io::Result<()> {
        if self.live {
            write!(self.out, "{name:<26} ...")?;
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
