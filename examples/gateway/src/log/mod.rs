//! The access log: one line a request, when its answer has ended.
//!
//! ```text
//! time=2026-11-22T15:52:30Z method=POST path=/v1/messages status=200 tries=2 failed=overloaded waited=250 \
//!   bytes=5120 ms=3071 end=complete
//! ```
//!
//! | field | what |
//! |---|---|
//! | `time` | when the answer ended, in UTC |
//! | `path` | without its query, at most 200 characters, and without anything that looks like a secret |
//! | `status` | what the client got; `-` when it left before |
//! | `tries` | how often the upstream was asked, resumed bodies included |
//! | `failed` | the [codes](buttress_core::FailureKind::code) of what failed before a further try, each once and the first eight, if anything did |
//! | `waited` | the waits before these tries together, in milliseconds, if anything failed |
//! | `bytes` | of the body, as they went to the client |
//! | `ms` | from the request's head to the answer's end |
//! | `end` | `complete`; `cut` when the body broke and could not go on; `client_left`; `stopped` when the gateway was stopped before; `refused` when the request was not passed on |
//! | `failure` | the [code](buttress_core::FailureKind::code) of the failure, if there was one |
//! | `stopped` | [why](buttress_core::StopReason::code) no further try followed |
//!
//! No header and no body is ever written.

mod line;
mod watched;
mod writer;

pub use self::watched::Watched;
pub use self::writer::AccessLog;

use self::line::Line;
use crate::metrics::Meters;
use crate::tries::Tries;
use buttress_core::Failure;
use buttress_core::time::{self, Instant};
use http::{Method, Request, Response, StatusCode};
use std::mem;
use std::sync::Arc;

/// The line of one request. It is written when this is dropped.
#[derive(Debug)]
pub struct Entry {
    log: AccessLog,
    meters: Option<Arc<Meters>>,
    method: Method,
    path: String,
    /// How often the upstream was asked, and what came of it.
    pub(crate) tries: Tries,
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
    Stopped,
    Refused,
}

impl End {
    const fn code(self) -> &'static str {
        match self {
            End::Complete => "complete",
            End::Cut => "cut",
            End::ClientLeft => "client_left",
            End::Stopped => "stopped",
            End::Refused => "refused",
        }
    }
}

impl Entry {
    pub(crate) fn new<B>(log: AccessLog, request: &Request<B>) -> Self {
        Entry {
            log,
            meters: None,
            method: request.method().clone(),
            // A copy: the address is a part of what was read of the connection, and keeps all of it.
            path: request.uri().path().to_owned(),
            tries: Tries::default(),
            started: time::now(),
            status: None,
            bytes: 0,
            // Unless something else turns up.
            end: End::ClientLeft,
            failure: None,
        }
    }

    /// The request takes this route.
    pub(crate) fn routed(&mut self, meters: &Arc<Meters>) {
        meters.began();
        self.meters = Some(Arc::clone(meters));
    }

    pub(crate) fn refused(&mut self, status: StatusCode) {
        self.status = Some(status);
        self.end = End::Refused;
    }

    pub(crate) fn answered<B>(&mut self, response: &Response<B>) {
        self.status = Some(response.status());
        self.failure = Failure::of(response.extensions()).cloned();
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        let took = time::now() - self.started;
        if self.end == End::ClientLeft && self.log.is_stopped() {
            self.end = End::Stopped;
        }
        if let Some(meters) = &self.meters {
            meters.ended(
                self.status,
                self.end.code(),
                self.tries.sent(),
                self.bytes,
                took,
            );
        }
        self.log.write(Line {
            at: time::wall_clock(),
            method: mem::take(&mut self.method),
            path: mem::take(&mut self.path),
            status: self.status,
            tries: mem::take(&mut self.tries),
            bytes: self.bytes,
            took,
            end: self.end,
            failure: self.failure.take(),
        });
    }
}
