//! Where the lines of the log are written: by a thread of their own, so that neither a slow terminal
//! nor the writing holds up a call, and many at once, so that a line costs no system call.

use super::line::{Line, Scribe};
use std::fmt;
use std::io::{self, Write};
use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// How long lines are collected before they are written.
const COLLECT: Duration = Duration::from_millis(50);

/// How many lines may wait. What comes when they do is not written, and the number of lines that
/// were lost is.
const MOST: usize = 10_000;

/// Where the lines go. A clone writes to the same place.
///
/// Lines are written within 50 ms, or at [`flush`](AccessLog::flush), and when the last clone is
/// dropped.
#[derive(Clone)]
pub struct AccessLog(Arc<Handle>);

/// Dropped with the last clone.
struct Handle(Arc<Shared>);

struct Shared {
    lines: Mutex<Lines>,
    /// There is something to write, or nothing more will come.
    changed: Condvar,
    /// Held while something is written.
    out: Mutex<Out>,
    /// Calls that end now are ended by the program.
    stopped: AtomicBool,
}

struct Out {
    writer: Box<dyn Write + Send>,
    scribe: Scribe,
    text: String,
}

#[derive(Default)]
struct Lines {
    waiting: Vec<Line>,
    lost: u64,
    closed: bool,
}

impl AccessLog {
    /// To standard error.
    #[must_use]
    pub fn stderr() -> Self {
        AccessLog::to(io::stderr())
    }

    /// To this writer.
    pub fn to(writer: impl Write + Send + 'static) -> Self {
        let shared = Arc::new(Shared {
            lines: Mutex::default(),
            changed: Condvar::new(),
            out: Mutex::new(Out {
                writer: Box::new(writer),
                scribe: Scribe::default(),
                text: String::new(),
            }),
            stopped: AtomicBool::new(false),
        });
        let writing = Arc::clone(&shared);
        // Without a thread, lines are written at `flush` and at the end only.
        let _ = thread::Builder::new()
            .name("log".to_owned())
            .spawn(move || writing.work());
        AccessLog(Arc::new(Handle(shared)))
    }

    pub(super) fn write(&self, line: Line) {
        let shared = &self.0.0;
        let mut lines = lock(&shared.lines);
        if lines.waiting.len() >= MOST {
            lines.lost += 1;
            return;
        }
        let was_empty = lines.waiting.is_empty();
        lines.waiting.push(line);
        drop(lines);
        if was_empty {
            shared.changed.notify_one();
        }
    }

    /// From now on calls are ended by the program, and not by their clients.
    pub(crate) fn stop(&self) {
        self.0.0.stopped.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.0.0.stopped.load(Ordering::Relaxed)
    }

    /// Writes what is waiting. Blocks until it is written.
    pub fn flush(&self) {
        self.0.0.flush();
    }
}

impl Shared {
    /// Writes until nothing more will come.
    fn work(&self) {
        loop {
            let mut lines = lock(&self.lines);
            while lines.waiting.is_empty() && !lines.closed {
                lines = self
                    .changed
                    .wait(lines)
                    .unwrap_or_else(PoisonError::into_inner);
            }
            if lines.closed {
                return;
            }
            drop(lines);
            thread::sleep(COLLECT);
            self.flush();
        }
    }

    fn flush(&self) {
        // Taken first, so that lines are written in the order in which they came.
        let mut out = lock(&self.out);
        let Out {
            writer,
            scribe,
            text,
        } = &mut *out;
        let (waiting, lost) = {
            let mut lines = lock(&self.lines);
            (mem::take(&mut lines.waiting), mem::take(&mut lines.lost))
        };
        text.clear();
        for line in &waiting {
            scribe.write(line, text);
        }
        if lost > 0 {
            text.push_str(&format!("lines_lost={lost}\n"));
        }
        if text.is_empty() {
            return;
        }
        // A log that cannot be written must not stop the calls.
        let _ = writer
            .write_all(text.as_bytes())
            .and_then(|()| writer.flush());
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        lock(&self.0.lines).closed = true;
        self.0.changed.notify_one();
        self.0.flush();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for AccessLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessLog(..)")
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::log::End;
    use crate::tries::Tries;
    use http::Method;
    use std::time::SystemTime;

    /// Keeps what is written, each time it is.
    #[derive(Clone, Default)]
    pub(in crate::log) struct Paper(Arc<Mutex<Vec<u8>>>);

    impl Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            lock(&self.0).extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    pub(in crate::log) fn text(paper: &Paper) -> String {
        String::from_utf8(lock(&paper.0).clone()).unwrap()
    }

    fn line(path: &str) -> Line {
        Line {
            at: SystemTime::UNIX_EPOCH,
            method: Method::GET,
            path: path.to_owned(),
            status: None,
            tries: Tries::default(),
            bytes: 0,
            took: Duration::ZERO,
            end: End::ClientLeft,
            failure: None,
        }
    }

    #[test]
    fn lines_come_out_whole_and_in_order() {
        let paper = Paper::default();
        let log = AccessLog::to(paper.clone());
        for n in 0..100 {
            log.write(line(&format!("/{n}")));
            if n % 9 == 0 {
                log.flush();
            }
        }
        drop(log);
        let text = text(&paper);
        assert_eq!(text.lines().count(), 100);
        for (n, line) in text.lines().enumerate() {
            assert!(line.contains(&format!(" path=/{n} ")), "{line}");
        }
    }

    #[test]
    fn what_does_not_fit_is_counted() {
        let paper = Paper::default();
        let log = AccessLog::to(paper.clone());
        // Nothing is written as long as this is held.
        let held = lock(&log.0.0.out);
        for _ in 0..MOST * 2 + 1 {
            log.write(line("/"));
        }
        drop(held);
        log.flush();
        drop(log);
        assert!(text(&paper).contains("lines_lost="));
    }
}
