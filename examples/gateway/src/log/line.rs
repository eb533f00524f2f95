//! One line of the log: what is known of a call, and how it is written.

use super::End;
use crate::tries::Tries;
use buttress_core::{Failure, redact};
use http::{Method, StatusCode};
use std::collections::HashMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How many paths are remembered as they are shown.
const PATHS: usize = 256;

/// How many characters of a path are shown.
const MOST: usize = 200;

/// What is known of a call that has ended.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) at: SystemTime,
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) status: Option<StatusCode>,
    pub(super) tries: Tries,
    pub(super) bytes: u64,
    pub(super) took: Duration,
    pub(super) end: End,
    pub(super) failure: Option<Failure>,
}

/// Writes lines. Remembers what it has worked out, as most lines have the path and the second of
/// another one.
#[derive(Debug, Default)]
pub(super) struct Scribe {
    second: u64,
    time: String,
    paths: HashMap<String, String>,
    /// The path of the last line, and how it is shown: most often that of the next one too.
    last: (String, String),
}

impl Scribe {
    /// Adds the line to `out`.
    pub(super) fn write(&mut self, line: &Line, out: &mut String) {
        let method = line.method.as_str();
        out.push_str("time=");
        out.push_str(self.time(line.at));
        out.push_str(" method=");
        // Methods are tokens of ASCII.
        out.push_str(method.get(..20).unwrap_or(method));
        out.push_str(" path=");
        out.push_str(self.path(&line.path));
        out.push_str(" status=");
        match line.status {
            Some(status) => out.push_str(status.as_str()),
            None => out.push('-'),
        }
        let mut number = itoa::Buffer::new();
        out.push_str(" tries=");
        out.push_str(number.format(line.tries.sent()));
        if let Some(failed) = line.tries.failed() {
            let mut before = " failed=";
            for kind in failed.kinds() {
                out.push_str(before);
                out.push_str(kind.code());
                before = ",";
            }
            out.push_str(" waited=");
            out.push_str(number.format(failed.waited().as_millis()));
        }
        out.push_str(" bytes=");
        out.push_str(number.format(line.bytes));
        out.push_str(" ms=");
        out.push_str(number.format(line.took.as_millis()));
        out.push_str(" end=");
        out.push_str(line.end.code());
        if let Some(failure) = &line.failure {
            out.push_str(" failure=");
            out.push_str(failure.kind().code());
            if let Some(reason) = failure.stopped() {
                out.push_str(" stopped=");
                out.push_str(reason.code());
            }
        }
        out.push('\n');
    }

    fn time(&mut self, at: SystemTime) -> &str {
        let second = at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        if self.time.is_empty() || self.second != second {
            self.second = second;
            self.time = humantime::format_rfc3339_seconds(at).to_string();
        }
        &self.time
    }

    fn path(&mut self, path: &str) -> &str {
        if self.last.0 != path {
            let known = self.paths.get(path).cloned();
            let shown = known.unwrap_or_else(|| {
                if self.paths.len() >= PATHS {
                    self.paths.clear();
                }
                let shown = shown(path);
                self.paths.insert(path.to_owned(), shown.clone());
                shown
            });
            self.last = (path.to_owned(), shown);
        }
        &self.last.1
    }
}

/// A path as it may be shown.
fn shown(path: &str) -> String {
    let safe = redact::text(path);
    let mut shown: String = safe
        .chars()
        .map(|c| {
            if c.is_whitespace() || c.is_control() {
                '?'
            } else {
                c
            }
        })
        .take(MOST)
        .collect();
    if safe.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tries;
    use buttress_core::{FailureKind, StopReason};

    /// Two, and these failures.
    fn tries(failures: &[FailureKind]) -> Tries {
        let mut tries = Tries::default();
        tries::counted(&mut tries, || {
            tries::sent();
            tries::sent();
            for kind in failures {
                tries::failed(*kind, Duration::from_micros(1_600));
            }
        });
        tries
    }

    fn line(path: &str) -> Line {
        Line {
            at: UNIX_EPOCH + Duration::from_secs(1_700_000_000),
            method: Method::POST,
            path: path.to_owned(),
            status: Some(StatusCode::OK),
            tries: tries(&[]),
            bytes: 5120,
            took: Duration::from_micros(3_071_900),
            end: End::Complete,
            failure: None,
        }
    }

    fn written(scribe: &mut Scribe, line: &Line) -> String {
        let mut out = String::new();
        scribe.write(line, &mut out);
        out
    }

    #[test]
    fn a_line_says_everything() {
        let mut scribe = Scribe::default();
        let whole = line("/v1/messages");
        let expected = "time=2023-11-14T22:13:20Z method=POST path=/v1/messages status=200 \
                        tries=2 bytes=5120 ms=3071 end=complete\n";
        for _ in 0..2 {
            assert_eq!(written(&mut scribe, &whole), expected);
        }
        let failure = Failure::new(FailureKind::ConnectionReset).with_stopped(StopReason::Attempts);
        let cut = Line {
            at: whole.at + Duration::from_secs(1),
            status: None,
            end: End::Cut,
            tries: tries(&[FailureKind::Dns, FailureKind::Overloaded, FailureKind::Dns]),
            failure: Some(failure),
            ..whole
        };
        let expected = "time=2023-11-14T22:13:21Z method=POST path=/v1/messages status=- tries=2 \
                        failed=dns,overloaded waited=4 bytes=5120 ms=3071 end=cut failure=connection_reset stopped=attempts\n";
        assert_eq!(written(&mut scribe, &cut), expected);
    }

    #[test]
    fn paths_are_remembered_within_bounds() {
        let mut scribe = Scribe::default();
        for n in 0..PATHS * 3 {
            assert!(written(&mut scribe, &line(&format!("/{n}"))).contains(&format!("/{n} ")));
            assert!(scribe.paths.len() <= PATHS);
        }
    }

    #[test]
    fn a_long_path_is_cut() {
        let path = format!("/{}", "x".repeat(3 * MOST));
        let written = written(&mut Scribe::default(), &line(&path));
        assert!(
            written.contains('…') && written.len() < 2 * MOST,
            "{written}"
        );
    }
}
