//! How far it is, in one line of a terminal.

use buttress::time::now;
use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::time::Duration;

/// How long a line stays before it is drawn anew.
const EVERY: Duration = Duration::from_millis(100);
/// Characters of the bar.
const WIDTH: u64 = 30;
/// Back to the beginning of the line, and away with what is there (ECMA-48, EL).
const CLEAR: &str = "\r\x1b[K";

/// Draws a bar to standard error, where that is a terminal.
#[derive(Debug)]
pub(crate) struct Progress {
    done: u64,
    total: Option<u64>,
    drawn: Option<Duration>,
    start: tokio::time::Instant,
    shows: bool,
}

impl Progress {
    pub(crate) fn new(total: Option<u64>) -> Self {
        Progress {
            done: 0,
            total,
            drawn: None,
            start: now(),
            shows: io::stderr().is_terminal(),
        }
    }

    /// So many bytes more.
    pub(crate) fn add(&mut self, bytes: usize) {
        self.done += bytes as u64;
        let elapsed = now() - self.start;
        let is_due = self.drawn.is_none_or(|drawn| elapsed - drawn >= EVERY);
        if self.shows && is_due {
            self.drawn = Some(elapsed);
            print(format_args!(
                "{CLEAR}{}",
                line(self.done, self.total, elapsed)
            ));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shows {
            print(format_args!("{CLEAR}"));
        }
    }
}

/// Says something above the bar.
pub(crate) fn say(words: fmt::Arguments<'_>) {
    let clear = if io::stderr().is_terminal() {
        CLEAR
    } else {
        ""
    };
    print(format_args!("{clear}{words}\n"));
}

/// A download does not end because nobody reads about it any more.
fn print(words: fmt::Arguments<'_>) {
    let _ = io::stderr().write_fmt(words);
}

fn line(done: u64, total: Option<u64>, elapsed: Duration) -> String {
    let rate = Size((done as f64 / elapsed.as_secs_f64().max(0.001)) as u64);
    let Some(total) = total.filter(|total| *total > 0) else {
        return format!("{} at {rate}/s", Size(done));
    };
    let share = |of: u64| (u128::from(done.min(total)) * u128::from(of) / u128::from(total)) as u64;
    let bar = "=".repeat(share(WIDTH) as usize);
    let percent = share(100);
    let width = WIDTH as usize;
    format!(
        "[{bar:<width$}] {percent:3} % of {} at {rate}/s",
        Size(total)
    )
}

/// Bytes, for people.
struct Size(u64);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut size = self.0 as f64;
        for unit in ["bytes", "KiB", "MiB"] {
            if size < 1024.0 {
                let digits = usize::from(unit != "bytes");
                return write!(f, "{size:.digits$} {unit}");
            }
            size /= 1024.0;
        }
        write!(f, "{size:.1} GiB")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_for_each_stage() {
        let second = Duration::from_secs(1);
        for (done, total, expected) in [
            (
                0,
                Some(100),
                "[                              ]   0 % of 100 bytes at 0 bytes/s",
            ),
            (
                512,
                Some(1024),
                "[===============               ]  50 % of 1.0 KiB at 512 bytes/s",
            ),
            (
                3 << 29,
                Some(3 << 29),
                "[==============================] 100 % of 1.5 GiB at 1.5 GiB/s",
            ),
            // More than announced is another's business.
            (
                9,
                Some(3),
                "[==============================] 100 % of 3 bytes at 9 bytes/s",
            ),
            (1536, None, "1.5 KiB at 1.5 KiB/s"),
            (0, Some(0), "0 bytes at 0 bytes/s"),
        ] {
            assert_eq!(line(done, total, second), expected);
        }
        assert!(line(u64::MAX, Some(u64::MAX), Duration::ZERO).contains("100 %"));
    }
}
