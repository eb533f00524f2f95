//! The access log: one line a request, when its answer has ended.
//!
//! ```text
//! time=2026-11-22T15:52:30Z method=POST path=/v1/messages status=200 tries=2 bytes=5120 ms=3071 end=complete
//! ```
//!
//! | field | what |
//! |---|---|
//! | `time` | when the answer ended, in UTC |
//! | `path` | without its query, at most 200 characters, and without anything that looks like a secret |
//! | `status` | what the client got; `-` when it left before |
//! | `tries` | how often the upstream was asked, resumed bodies included |
//! | `bytes` | of the body, as they went to the client |
//! | `ms` | from the request's head to the answer's end |
//! | `end` | `complete`; `cut` when the body broke and could not go on; `client_left`; `refused` when the request was not passed on |
//! | `failure` | the [code](buttress_core::FailureKind::code) of the failure, if there was one |
//! | `stopped` | [why](buttress_core::StopReason::code) no further try followed |
//!
//! No header and no body is ever written.

use crate::stack::Tries;
use buttress_core::time::{self, Instant};
use buttress_core::{Failure, redact};
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use std::fmt::{self, Write as _};
use std::io::{self, Write};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

/// Where the lines go. A clone writes to the same place.
#[derive(Clone)]
pub struct AccessLog(Arc<Mutex<dyn Write + Send>>);

impl AccessLog {
    /// To standard error.
    #[must_use]
    pub fn stderr() -> Self {
        AccessLog::to(io::stderr())
    }

    /// To this writer, one `write_all` a line.
    pub fn to(writer: impl Write + Send + 'static) -> Self {
        AccessLog(Arc::new(Mutex::new(writer)))
    }

    fn write(&self, line: &str) {
        let mut writer = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A log that cannot be written must not stop the calls.
        let _ = writer.write_all(line.as_bytes());
    }
}

impl fmt::Debug for AccessLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessLog(..)")
    }
}

/// The line of one request. It is written when this is dropped.
#[derive(Debug)]
pub struct Entry {
    log: AccessLog,
    method: String,
    path: String,
    tries: Tries,
    started: Instant,
    status: Option<StatusCode>,
    bytes: u64,
    end: End,
    failure: Option<Failure>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Complete,
    Cut,
    ClientLeft,
    Refused,
}

impl Entry {
    pub(crate) fn new<B>(log: AccessLog, request: &Request<B>, tries: Tries) -> Self {
        Entry {
            log,
            method: request.method().as_str().chars().take(20).collect(),
            path: shown(request.uri().path()),
            tries,
            started: time::now(),
            status: None,
            bytes: 0,
            // Unless something else turns up.
            end: End::ClientLeft,
            failure: None,
        }
    }

    pub(crate) fn refused(&mut self, status: StatusCode) {
        self.status = Some(status);
        self.end = End::Refused;
    }

    pub(crate) fn answered<B>(&mut self, response: &Response<B>) {
        self.status = Some(response.status());
        self.failure = Failure::of(response.extensions()).cloned();
    }

    fn line(&self) -> Result<String, fmt::Error> {
        let mut line = String::with_capacity(256);
        let now = humantime::format_rfc3339_seconds(time::wall_clock());
        write!(line, "time={now} method={} path={}", self.method, self.path)?;
        match self.status {
            Some(status) => write!(line, " status={}", status.as_u16())?,
            None => line.push_str(" status=-"),
        }
        let ms = (time::now() - self.started).as_millis();
        let end = match self.end {
            End::Complete => "complete",
            End::Cut => "cut",
            End::ClientLeft => "client_left",
            End::Refused => "refused",
        };
        write!(
            line,
            " tries={} bytes={} ms={ms} end={end}",
            self.tries.count(),
            self.bytes
        )?;
        if let Some(failure) = &self.failure {
            write!(line, " failure={}", failure.kind())?;
            if let Some(reason) = failure.stopped() {
                write!(line, " stopped={}", reason.code())?;
            }
        }
        line.push('\n');
        Ok(line)
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        // Writing to a `String` does not fail.
        if let Ok(line) = self.line() {
            self.log.write(&line);
        }
    }
}

/// A path as it may be shown.
fn shown(path: &str) -> String {
    const MOST: usize = 200;
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

pin_project! {
    /// A body of which the log wants to know how it ends. Changes nothing.
    #[derive(Debug)]
    pub struct Watched<B>
    where
        B: Body,
    {
        #[pin]
        inner: B,
        entry: Entry,
    }

    impl<B> PinnedDrop for Watched<B>
    where
        B: Body,
    {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            // Who takes the last byte need not ask whether there is another.
            if this.entry.end == End::ClientLeft && this.inner.is_end_stream() {
                this.entry.end = End::Complete;
            }
        }
    }
}

impl<B: Body> Watched<B> {
    pub(crate) fn new(inner: B, entry: Entry) -> Self {
        Watched { inner, entry }
    }
}

impl<B> Body for Watched<B>
where
    B: Body<Data = Bytes, Error = Failure>,
{
    type Data = Bytes;
    type Error = Failure;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Failure>>> {
        let this = self.project();
        let frame = ready!(this.inner.poll_frame(cx));
        match &frame {
            Some(Ok(frame)) => match frame.data_ref() {
                Some(data) => this.entry.bytes += data.len() as u64,
                // Nothing follows trailers.
                None => this.entry.end = End::Complete,
            },
            Some(Err(failure)) => {
                this.entry.end = End::Cut;
                this.entry.failure = Some(failure.clone());
            }
            None if this.entry.end == End::ClientLeft => this.entry.end = End::Complete,
            None => {}
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
