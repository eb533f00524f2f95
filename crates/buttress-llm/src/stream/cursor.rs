use super::{Streams, native, prefill};
use crate::call::facts::Answers;
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
    prefill: Prefill,
}

/// What has become of asking the model to go on.
#[derive(Debug)]
enum Prefill {
    Not,
    /// It is the next thing to do.
    Next,
    /// It was asked to go on with this text, and what it said is on the tape.
    Asked {
        text: Vec<u8>,
        is_marked: bool,
    },
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
            prefill: Prefill::Not,
        })
    }

    fn pass(&mut self, event: &Bytes) -> Step {
        let before = self.before();
        if event.ends_with(b"\r") {
            self.line = Line::AfterCr;
        }
        if before.is_empty() {
            return Step::pass();
        }
        Step::replace([&before, &event[..]].concat())
    }

    /// These bytes, with what has to come before them.
    fn with_before(&mut self, bytes: Bytes) -> Bytes {
        let before = self.before();
        if before.is_empty() {
            return bytes;
        }
        [&before, &bytes[..]].concat().into()
    }

    /// What has to come before the next bytes: the LF that a cut took from the line before, and the
    /// mark where another answer begins.
    #[inline]
    fn before(&mut self) -> Vec<u8> {
        let mut before = Vec::new();
        if std::mem::replace(&mut self.line, Line::Whole) == Line::Cut {
            before.push(b'\n');
        }
        if let Prefill::Asked { is_marked, .. } = &mut self.prefill {
            if !std::mem::replace(is_marked, true) {
                before.extend_from_slice(prefill::MARK);
            }
        }
        before
    }

    /// The request was answered in other words: what was cut stays cut, unless the model may be asked
    /// to go on.
    fn differs(&mut self) -> Failure {
        let cut = self.cut.take();
        let cut = cut.unwrap_or_else(truncated);
        if self.can_prefill() && matches!(self.prefill, Prefill::Not) {
            self.prefill = Prefill::Next;
            return cut.with_transient(true);
        }
        // From the start it may well be answered: only the half that was delivered is lost.
        cut.with_stopped(StopReason::AnswerDiffers)
    }

    /// Whether the model can be asked to go on with what was delivered.
    fn can_prefill(&self) -> bool {
        self.streams.prefill
            && prefill::is_known(self.dialect)
            // One text goes on, and of several answers only one would have it in front.
            && self.call.facts().answers == Answers::One
            && !self.join.is_finished()
            && self.join.only_text().is_some()
    }

    /// Makes the request one that goes on with all text so far.
    fn ask_to_go_on<B>(&mut self, request: Request<B>) -> Result<Request<B>, StopReason>
    where
        B: ReplayableBody + From<Bytes>,
    {
        let said = self.join.only_text().ok_or(StopReason::NotResumable)?;
        let mut text = match &self.prefill {
            Prefill::Asked { text, .. } => text.clone(),
            _ => Vec::new(),
        };
        text.extend_from_slice(said);
        // Anthropic takes no white space at the end: the model has to say it once more.
        let asked = text.trim_ascii_end().len();
        let known = text.len() - asked;
        text.truncate(asked);
        let words = std::str::from_utf8(&text).map_err(|_| StopReason::NotResumable)?;
        if words.is_empty() {
            return Err(StopReason::NotResumable);
        }
        let request = prefill::ask(request, self.dialect, words)?;
        self.join.goes_on(known);
        let is_marked = false;
        self.prefill = Prefill::Asked { text, is_marked };
        Ok(request)
    }

    fn can_read_on(&self) -> bool {
        self.native != Native::Not && native::can_go_on(&self.call, &self.join)
    }

    fn can_replay(&self) -> bool {
        self.streams.replay
            && self.join.can_go_on()
            && !self.call.is_reading()
            && !self.is_bound()
            // Several answers come in any order.
            && self.call.facts().answers == Answers::One
            && matches!(self.prefill, Prefill::Not)
    }

    /// Whether what was delivered can only be gone on with where it was said: the caller's next
    /// request will name it by an id that the server of another stream does not know.
    fn is_bound(&self) -> bool {
        let facts = self.call.facts();
        if facts.not_stored {
            return false;
        }
        match self.dialect {
            // The last event names the interaction, and only calls of functions have ids of theirs.
            Dialect::Interactions => self.join.has_fixed(),
            // Some callers keep the id that the stream began with, some that of the last event.
            Dialect::Responses => facts.chained && self.join.has_begun(),
            _ => false,
        }
    }
}

fn truncated() -> Failure {
    Failure::new(FailureKind::StreamTruncated).with_phase(Phase::Body)
}

impl<B: ReplayableBody + From<Bytes>> Cursor<B> for StreamCursor {
    fn open(&mut self, _: &response::Parts) -> bool {
        // By now the request has been sent, and with it read.
        self.join.expect(self.call.facts().answers);
        self.call.dialect().is_some()
    }

    fn event(&mut self, event: &Bytes) -> Step {
        let step = match self.join.event(event) {
            Told::Pass => self.pass(event),
            Told::Idle => self.pass(event).without_progress(),
            Told::Skip => Step::skip(),
            Told::Replace(instead) => {
                let instead = self.with_before(instead);
                Step::replace(instead)
            }
            Told::Error => {
                let failure = errors::in_band(StatusCode::OK, &HeaderMap::new(), event, 0);
                let mut passes = failure.is_transient();
                if self.join.has_failed() {
                    // To whoever reads it on it says the same.
                    self.native = Native::Not;
                    passes &= !self.call.is_reading();
                }
                return if passes || errors::is_bare(event) {
                    Step::fail(failure)
                } else {
                    // The server's own last word.
                    self.call.set_over();
                    let step = match self.join.error() {
                        Some(instead) => Step::replace(self.with_before(instead)),
                        None => self.pass(event),
                    };
                    step.last()
                };
            }
            Told::Torn => return Step::fail(truncated()),
            // The request was answered in other words.
            Told::Differs => return Step::fail(self.differs()),
        };
        if self.join.is_ended() {
            // After Gemini's reason for the end more may follow, such as the usage.
            if self.dialect != Dialect::Gemini {
                self.call.set_over();
            }
            return step.last();
        }
        step
    }

    fn end(&mut self, end: &End<'_>) -> Ending {
        let is_clean = end.failure().is_none() && end.unfinished().is_empty();
        if self.join.is_finished() || (is_clean && self.join.is_finished_at_end()) {
            let end = Bytes::from_static(self.dialect.end());
            return Ending::Complete(if end.is_empty() {
                end
            } else {
                self.with_before(end)
            });
        }
        if self.can_read_on() || self.can_replay() || self.can_prefill() {
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
        if self.can_replay() {
            self.join.again();
            return Ok(request);
        }
        if self.can_prefill() {
            return self.ask_to_go_on(request);
        }
        Err(StopReason::NotResumable)
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
