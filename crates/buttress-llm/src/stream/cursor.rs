use super::{Streams, native};
use crate::errors;
use crate::join::{Join, Told};
use crate::{Call, Dialect};
use buttress_core::{Failure, FailureKind, Phase, ReplayableBody, StopReason};
use buttress_resume::{Cursor, End, Ending, Step, Verdict};
use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode, response};

/// Follows one stream: see [`Streams`].
#[derive(Debug)]
pub struct StreamCursor {
    call: Call,
    dialect: Dialect,
    streams: Streams,
    join: Join,
    native: Native,
    /// How the last connection ended.
    cut: Option<Failure>,
    line: Line,
}

/// How the bytes that were delivered end. A CRLF that was cut in two is a line end by the standard,
/// but not to every client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    Whole,
    /// In a CR.
    AfterCr,
    /// In a CR, and another connection follows.
    Cut,
}

/// Whether the stream can be read on from where it was cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Native {
    /// As far as is known.
    Possible,
    /// It is being read on.
    Asked,
    /// The server does not have it.
    Not,
}

impl StreamCursor {
    pub(super) fn new(call: Call, streams: Streams) -> Option<Self> {
        let dialect = call.dialect()?;
        Some(StreamCursor {
            call,
            dialect,
            streams,
            join: Join::new(dialect, streams.max_kept),
            native: Native::Possible,
            cut: None,
            line: Line::Whole,
        })
    }

    fn pass(&mut self, event: &Bytes) -> Step {
        let is_mended = self.line == Line::Cut;
        self.line = if event.ends_with(b"\r") {
            Line::AfterCr
        } else {
            Line::Whole
        };
        if is_mended {
            return Step::replace([b"\n", &event[..]].concat());
        }
        Step::pass()
    }

    /// Puts the LF before `bytes` that a cut took from the line before.
    fn mend_line(&mut self, bytes: Bytes) -> Bytes {
        match std::mem::replace(&mut self.line, Line::Whole) {
            Line::Whole => bytes,
            Line::AfterCr | Line::Cut => [b"\n", &bytes[..]].concat().into(),
        }
    }

    /// Why the stream that was delivered ended, when nothing can continue it.
    fn cut(&mut self) -> Failure {
        let cut = self.cut.take();
        cut.unwrap_or_else(|| Failure::new(FailureKind::StreamTruncated).with_phase(Phase::Body))
            .with_transient(false)
            .with_stopped(StopReason::NotResumable)
    }

    fn can_read_on(&self) -> bool {
        self.native != Native::Not && native::can_go_on(&self.call, &self.join)
    }

    fn can_replay(&self) -> bool {
        self.streams.replay && self.join.can_go_on() && !self.call.is_reading()
    }
}

impl<B: ReplayableBody + From<Bytes>> Cursor<B> for StreamCursor {
    fn open(&mut self, _: &response::Parts) -> bool {
        // By now the request has been sent, and with it read.
        self.call.dialect().is_some()
    }

    fn event(&mut self, event: &Bytes) -> Step {
        let step = match self.join.event(event) {
            Told::Pass => self.pass(event),
            Told::Idle => self.pass(event).without_progress(),
            Told::Skip => Step::skip(),
            Told::Replace(instead) => {
                let instead = self.mend_line(instead);
                Step::replace(instead)
            }
            Told::Error => {
                let failure = errors::in_band(StatusCode::OK, &HeaderMap::new(), event, 0);
                return if failure.is_transient() {
                    Step::fail(failure)
                } else {
                    // The server's own last word.
                    self.pass(event).last()
                };
            }
            // The request was answered in other words: what was cut stays cut.
            Told::Differs => return Step::fail(self.cut()),
        };
        if self.join.is_ended() {
            return step.last();
        }
        step
    }

    fn end(&mut self, end: &End<'_>) -> Ending {
        if self.join.is_finished() {
            let end = Bytes::from_static(self.dialect.end());
            return Ending::Complete(if end.is_empty() {
                end
            } else {
                self.mend_line(end)
            });
        }
        if self.can_read_on() || self.can_replay() {
            self.cut = end.failure().cloned();
            if self.line == Line::AfterCr {
                self.line = Line::Cut;
            }
            return Ending::Reopen;
        }
        Ending::Stop(StopReason::NotResumable)
    }

    fn reopen(&mut self, request: Request<B>) -> Result<Request<B>, StopReason> {
        if self.can_read_on() {
            self.native = Native::Asked;
            self.join.read_on();
            return native::read_on(request, &self.call, &self.join);
        }
        if !self.can_replay() {
            return Err(StopReason::NotResumable);
        }
        self.join.again();
        Ok(request)
    }

    fn verify(&mut self, response: &response::Parts) -> Verdict {
        let verdict = Verdict::of_event_stream(response);
        if self.native == Native::Asked && self.can_replay() {
            if let Verdict::Stop(failure) = verdict {
                self.native = Native::Not;
                return Verdict::Again(failure.with_transient(true));
            }
        }
        verdict
    }

    fn give_up(&mut self, _: &Failure) -> Option<Bytes> {
        // The words are humanize's; what they need to know of the stream is here.
        let id = self.join.fixed(native::ID);
        let id = id.and_then(|raw| std::str::from_utf8(raw).ok());
        let next = self.join.last_sequence().map(|last| last.saturating_add(1));
        self.call.ends(id.map(|id| id.trim_matches('"')), next);
        None
    }
}
